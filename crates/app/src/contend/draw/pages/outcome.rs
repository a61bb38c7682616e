//! What the draw means to the reader's own units now: what they got, why, and what comes next; and what happened to the
//! slots since. It stands on the page of the draw, on the call, and beside the slot.

use std::collections::BTreeSet;

use maud::{Markup, html};
use traction_domain::contend::application::Next;
use traction_domain::contend::draw::Outcome;
use traction_domain::grant::slot::{Asked, LapseRule, State, Step};
use traction_domain::id::UnitId;

use crate::contend::application;
use crate::contend::draw::picture::name;
use crate::contend::draw::store;
use crate::contend::draw::store::Drawn;
use crate::contend::wave::pages::elsewhere;
use crate::contend::wave::standing::Called;
use crate::grant::slot::store::Slot;
use crate::grant::{lapse, slot};
use crate::offer::change::store::Change;
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::trouble::Broken;
use crate::web::{View, when};

/// A drawn wave as somebody sees it now.
pub struct Seen<'a> {
    /// The look.
    pub view: &'a View,
    /// The change whose slots are offered.
    pub change: &'a Change,
    /// The wave.
    pub called: &'a Called,
    /// Its draw.
    pub drawn: &'a Drawn,
    /// All units, by whose names it speaks.
    pub known: Vec<Unit>,
    /// The slots of the wave.
    pub slots: Vec<Slot>,
    /// Units of the list whose application was withdrawn since.
    gone: BTreeSet<String>,
    /// Units of the list that have the change by another slot now.
    elsewhere: BTreeSet<String>,
    /// When a slot of the wave lapses.
    lapses: Option<LapseRule>,
    /// The other wave in which a unit can contend, now or next.
    next: Option<Next>,
}

impl<'a> Seen<'a> {
    /// Reads what became of a wave; `None` as long as it is not drawn.
    pub async fn of(
        view: &'a View,
        change: &'a Change,
        called: &'a Called,
    ) -> Result<Option<Seen<'a>>, Broken> {
        let Some(drawn) = &called.drawn else { return Ok(None) };
        let (sql, wave) = (view.world.store().read(), &called.wave);
        let rules = lapse::store::of_change(sql, change.id).await?;
        Ok(Some(Seen {
            view,
            change,
            called,
            drawn,
            known: unit::store::all(sql).await?,
            slots: slot::store::of_wave(sql, wave.id).await?,
            gone: store::withdrawn_units(sql, wave.id).await?,
            elsewhere: slot::store::held_elsewhere(sql, wave.id, view.now).await?,
            lapses: lapse::verbs::in_force(&rules, wave.opens_at),
            next: application::verbs::next(sql, wave, view.now).await?,
        }))
    }

    /// A card for each unit that the reader belongs to.
    pub fn own(&self) -> Markup {
        let own = self.view.who.as_ref().map(|who| who.units()).unwrap_or_default();
        self.of_units(&own)
    }

    /// A card for each of these units that was on the list.
    pub fn of_units(&self, units: &[UnitId]) -> Markup {
        html! {
            @for unit in self.known.iter().filter(|unit| units.contains(&unit.id)) {
                @if let Some(outcome) = self.drawn.record.outcome(unit.slug.as_str()) {
                    section.card { h2 { (unit.name) } (self.outcome(unit, &outcome)) }
                }
            }
        }
    }

    /// Whether nothing has happened to the slots of the wave since they were drawn.
    pub fn is_as_drawn(&self) -> bool {
        let was_drawn =
            |slot: &Slot| self.drawn.record.granted.iter().any(|one| one == slot.unit_slug.as_str());
        self.slots.iter().all(|slot| slot.events.is_empty() && was_drawn(slot))
    }

    /// The units that wait by now, the first who moves up in front; nobody from the start on.
    pub fn line(&self) -> Vec<&str> {
        if self.view.now >= self.called.wave.starts_at {
            return vec![];
        }
        let waits = |slug: &&str| {
            !self.gone.contains(*slug) && !self.elsewhere.contains(*slug) && self.slot_of(slug).is_none()
        };
        self.drawn.record.waiting.iter().map(String::as_str).filter(waits).collect()
    }

    /// Why a unit that waited at the draw waits no longer, in short; `None` where it does.
    pub fn waits_no_longer(&self, slug: &str) -> Option<&'static str> {
        if self.gone.contains(slug) {
            Some("left the waiting list")
        } else if self.elsewhere.contains(slug) {
            Some("has it by another slot")
        } else if self.view.now >= self.called.wave.starts_at {
            Some("no slot")
        } else {
            None
        }
    }

    /// The slot of the wave that a unit was given, whatever became of it.
    pub fn slot_of(&self, slug: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.unit_slug.as_str() == slug)
    }

    fn outcome(&self, unit: &Unit, outcome: &Outcome) -> Markup {
        match (outcome, self.slot_of(unit.slug.as_str())) {
            (Outcome::Granted { why }, slot) => html! {
                p { "Got a slot: " (why) "." }
                @if let Some(slot) = slot { (self.next_steps(slot)) }
            },
            (_, Some(slot)) if slot.asked == Asked::Push => html! {
                p { "Got a slot past the draw, as a decision with a reason; it is left out of the proof." }
                (self.next_steps(slot))
            },
            (_, Some(slot)) => html! {
                p { "Moved up: a slot became free before the start, and " (unit.name) " was the first who waited." }
                (self.next_steps(slot))
            },
            (Outcome::Waiting { place, why }, None) => html! {
                p { "No slot: " (why) ". " (self.waiting(unit, *place)) }
                p { (self.next_chance()) }
            },
            (Outcome::Withdrawn, None) => html! {
                p { "Withdrew after closing, or had the change otherwise by then: it kept its number, and gets nothing." }
            },
        }
    }

    /// The place in the line as it stands now.
    fn waiting(&self, unit: &Unit, place: usize) -> Markup {
        let slug = unit.slug.as_str();
        let before = self.line().iter().take_while(|other| **other != slug).count();
        html! {
            @if self.gone.contains(slug) { "It has left the waiting list." }
            @else if self.elsewhere.contains(slug) { "It has the change by another slot by now." }
            @else if self.view.now >= self.called.wave.starts_at {
                "It was in place " (place) " on the waiting list; since the slots have started, nobody moves up."
            } @else {
                "Place " (before + 1) " on the waiting list, which moves up when a slot becomes free before the start, "
                (when::relative(self.view, self.called.wave.starts_at)) "."
                @if before + 1 < place { " It was place " (place) " at the draw." }
            }
        }
    }

    fn next_chance(&self) -> Markup {
        html! {
            @match self.next {
                Some(next) => { (elsewhere(self.view, self.change, next)) }
                None => "The next wave is not announced yet.",
            }
        }
    }

    /// What the unit does with its slot.
    fn next_steps(&self, slot: &Slot) -> Markup {
        let page = format!("/slots/{}", slot.id);
        let is_here = self.view.path == page;
        let step = if is_here { "#step" } else { &page };
        let speaks = self.view.who.as_ref().is_some_and(|who| who.speaks_for(slot.unit));
        let state = slot.state(self.view.now);
        match state {
            State::Granted => html! {
                h3 { "What comes next" }
                ol {
                    li { (self.change.name) " is switched on for your people " (when::relative(self.view, slot.not_before)) ", by itself." }
                    li { a href={ "/cycles/new?unit=" (slot.unit_slug) } { "Start a first small cycle" } ": what you want to try, and what you expect of it." }
                    @if speaks {
                        li { "Cannot use it after all? " a href=(step) { "Give it back" } " before it starts, and the first who waits gets it." }
                    }
                    @if let Some(rule) = self.lapses { li { "A slot that nobody of its unit uses for " (rule.days()) " days lapses, as was said before the wave opened." } }
                }
            },
            State::Started | State::Paused | State::HandedOver => html! {
                p {
                    @if is_here { "It is " (state) ". " } @else { "It is " (state) ": " a href=(page) { "the slot" } ". " }
                    a href={ "/cycles/new?unit=" (slot.unit_slug) } { "Start a small cycle" } " with it."
                }
            },
            State::GivenBack | State::Lapsed | State::Ended => html! {
                p {
                    @if is_here { "It is " (state) " by now. " } @else { "It is " (state) " by now: " a href=(page) { "the slot" } ". " }
                    (self.next_chance())
                }
            },
        }
    }

    /// What happened to the slots of the wave after the draw, oldest first.
    pub fn since(&self) -> Markup {
        let mut told: Vec<(traction_domain::time::Moment, Markup)> = Vec::new();
        for slot in &self.slots {
            let unit = name(&self.known, slot.unit_slug.as_str());
            let was_drawn = self.drawn.record.granted.iter().any(|slug| slug == slot.unit_slug.as_str());
            if slot.asked == Asked::Pull && !was_drawn {
                told.push((slot.granted_at, html! { (unit) " moved up from the waiting list" }));
            }
            for event in &slot.events {
                let words = match event.step {
                    Step::GivenBack => "gave its slot back",
                    Step::Lapsed => "lost its slot, which lapsed",
                    Step::Ended => "had its slot ended",
                    Step::Paused | Step::Resumed | Step::HandedOver => continue,
                };
                told.push((event.at, html! {
                    (unit) " " (words)
                    @if !event.why.is_empty() { ": “" (event.why) "”" }
                    @if let Some(who) = &event.decided_by {
                        " (decided by " (who)
                        @if event.at < self.called.wave.starts_at { "; nobody moves up by that" }
                        ")"
                    }
                }));
            }
        }
        told.sort_by_key(|(at, _)| *at);
        html! {
            @if !told.is_empty() {
                section { h2 { "Since the draw" } ul { @for (at, words) in &told { li { (words) ", " (when::relative(self.view, *at)) "." } } } }
            }
        }
    }
}
