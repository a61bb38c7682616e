//! Why a flag is on or off for somebody, in words: from the answer that the door gives, and the slots of the units that
//! count. It decides nothing.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use traction_domain::contend::draw::in_percent;
use traction_domain::grant::access::{Answer, Known, Reason};
use traction_domain::grant::slot::{Asked, State};
use traction_domain::id::SlotId;
use traction_domain::time::Moment;

use crate::grant::slot::store::Slot;
use crate::web::when;

/// What a reason is made of, besides the answer.
pub struct Grounds<'a> {
    /// Whether anybody is known by the name that was asked for.
    pub known: Known,
    /// The names of the units that count.
    pub units: &'a [String],
    /// All slots of these units, of every change.
    pub slots: &'a [Slot],
    /// Those of them that no draw gave: their units moved up from a waiting list.
    pub moved_up: &'a BTreeSet<SlotId>,
    /// The moment asked about.
    pub at: Moment,
    /// The zone of the dates.
    pub zone: &'a TimeZone,
}

impl Grounds<'_> {
    /// Why the answer is what it is, as a sentence.
    pub fn why(&self, answer: &Answer<'_>) -> String {
        match (answer.reason, answer.grant) {
            (Reason::Disabled, _) => self.disabled(answer),
            (_, Some(grant)) => match self.slots.iter().find(|slot| slot.id == grant.slot) {
                Some(slot) => {
                    let until = match grant.span.until {
                        Some(until) => format!("until {}", self.date(until)),
                        None => "without an end".into(),
                    };
                    format!("{}, from {} {until}.", self.held(slot), self.date(grant.span.from))
                }
                // Granted since this page began to be made.
                None => format!("It is on by the slot {}.", grant.slot),
            },
            (_, None) => self.off(answer),
        }
    }

    fn disabled(&self, answer: &Answer<'_>) -> String {
        let theirs = self.of_change(answer).find(|slot| self.has_time(slot));
        match theirs {
            Some(slot) => format!(
                "The change is paused for everybody; {} holds a slot, which counts again when it goes on.",
                slot.unit_name
            ),
            None => "The change is paused for everybody, and there is no slot here that would count.".into(),
        }
    }

    fn off(&self, answer: &Answer<'_>) -> String {
        match self.known {
            Known::Nobody => return "Nobody and no unit is known by this name.".into(),
            Known::Person if self.units.is_empty() => {
                return "This person belongs to no unit; slots are held by units.".into();
            }
            Known::Person | Known::Unit => {}
        }
        // What is nearest says most: what is yet to come, or what was last.
        let ahead = self.of_change(answer).filter(|slot| slot.state(self.at) == State::Granted);
        let nearest = ahead
            .min_by_key(|slot| slot.not_before)
            .or_else(|| self.of_change(answer).max_by_key(|slot| slot.not_before));
        match nearest {
            Some(slot) => self.not_now(slot),
            None => match self.units {
                [one] => format!("{one} holds no slot of this change."),
                many => format!("None of {} holds a slot of this change.", list(many)),
            },
        }
    }

    fn not_now(&self, slot: &Slot) -> String {
        let unit = &slot.unit_name;
        let last = slot.events.iter().rev().find(|event| event.at <= self.at);
        let why = match last.map(|event| event.why.trim()) {
            None | Some("") => String::new(),
            Some(why) => format!(" (“{why}”)"),
        };
        let when = last.map_or_else(String::new, |event| format!(" on {}", self.date(event.at)));
        match slot.state(self.at) {
            State::Granted => format!("{}, which starts on {}.", self.held(slot), self.date(slot.not_before)),
            State::Paused => format!("{unit} holds a slot, and paused it{when}{why}."),
            State::GivenBack => format!("{unit} gave its slot back{when}{why}."),
            State::Lapsed => format!("{unit} did not use its slot, and it was taken back{when}{why}."),
            State::Ended => match (last, slot.not_after) {
                (None, Some(until)) => format!("{unit} held a slot until {}.", self.date(until)),
                _ => format!("The slot of {unit} ended{when}{why}."),
            },
            // Between two spans of its own; the answer is on in all others.
            State::Started | State::HandedOver => {
                format!("{unit} has a slot that does not count at this moment.")
            }
        }
    }

    /// "Ward 7 holds a slot of wave 2, for which its chance in the draw was 40 %": so of who was drawn and of who moved up.
    fn held(&self, slot: &Slot) -> String {
        let of_wave = slot.wave_n.map(|n| format!(" of wave {n}")).unwrap_or_default();
        let came = match (slot.probability, slot.asked) {
            (chance, _) if self.moved_up.contains(&slot.id) => {
                let lost = chance.filter(|chance| *chance > 0.0).map(|chance| {
                    format!(" after it lost the draw, in which its chance was {}", in_percent(chance))
                });
                format!(", into which it moved up from the waiting list{}", lost.unwrap_or_default())
            }
            (Some(chance), _) => format!(", for which its chance in the draw was {}", in_percent(chance)),
            (None, Asked::Push) => ", which it was given past the draw".into(),
            (None, Asked::Pull | Asked::Unknown) => String::new(),
        };
        format!("{} holds a slot{of_wave}{came}", slot.unit_name)
    }

    fn of_change(&self, answer: &Answer<'_>) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.change_slug.as_str() == &*answer.flag.change)
    }

    fn has_time(&self, slot: &Slot) -> bool {
        slot.access().iter().any(|span| span.holds(self.at))
    }

    fn date(&self, at: Moment) -> String {
        when::exact(at, self.zone)
    }
}

/// "A, B and C".
fn list(names: &[String]) -> String {
    match names {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => names.concat(),
    }
}
