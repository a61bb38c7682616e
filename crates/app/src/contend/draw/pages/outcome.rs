//! What the draw means to the reader's own units now: what they got, why, and what comes next; and what happened to the
//! slots since.

use std::collections::BTreeSet;

use maud::{Markup, html};
use traction_domain::contend::draw::{Outcome, verify};
use traction_domain::grant::slot::{Asked, LapseRule, State, Step};

use crate::contend::draw::picture::name;
use crate::contend::draw::store::Drawn;
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::Called;
use crate::grant::slot::store::Slot;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::org::unit::store::Unit;
use crate::web::{View, when};

/// A drawn wave as somebody sees it now.
pub struct Seen<'a> {
    pub view: &'a View,
    pub change: &'a Change,
    pub called: &'a Called,
    pub drawn: &'a Drawn,
    pub known: &'a [Unit],
    pub slots: &'a [Slot],
    /// Units of the list whose application was withdrawn since.
    pub gone: &'a BTreeSet<String>,
    /// When a slot of the wave lapses.
    pub lapses: Option<LapseRule>,
}

impl Seen<'_> {
    /// A card for each unit that the reader leads.
    pub fn own(&self, next: Option<&Wave>) -> Markup {
        let Ok(verified) = verify(&self.drawn.record) else { return html! {} };
        let led = self.view.who.as_ref().map(|who| who.led()).unwrap_or_default();
        html! {
            @for unit in self.known.iter().filter(|unit| led.contains(&unit.id)) {
                @if let Some(outcome) = verified.outcome(unit.slug.as_str()) {
                    section.card { h2 { (unit.name) } (self.outcome(unit, &outcome, next)) }
                }
            }
        }
    }

    fn outcome(&self, unit: &Unit, outcome: &Outcome, next: Option<&Wave>) -> Markup {
        let slot = self.slots.iter().find(|slot| slot.unit == unit.id);
        match (outcome, slot) {
            (Outcome::Granted { why }, slot) => html! {
                p { "Got a slot: " (why) "." }
                @if let Some(slot) = slot { (self.next_steps(slot)) }
            },
            (_, Some(slot)) if slot.asked == Asked::Push => html! {
                p { "Got a slot past the draw, as a decision with a reason; it is left out of the proof." }
                (self.next_steps(slot))
            },
            (_, Some(slot)) => html! {
                p { "Moved up: a slot was given back before the start, and " (unit.name) " was the first who waited." }
                (self.next_steps(slot))
            },
            (Outcome::Waiting { place, why }, None) => html! {
                p { "No slot: " (why) ". " (self.waiting(unit, *place)) }
                p { (self.next_chance(next)) }
            },
            (Outcome::Withdrawn, None) => html! {
                p { "Withdrew after closing, or had the change otherwise by then: it kept its number, and gets nothing." }
            },
        }
    }

    /// The place in the line as it stands now.
    fn waiting(&self, unit: &Unit, place: usize) -> Markup {
        let slug = unit.slug.as_str();
        let waits = |other: &&String| {
            !self.gone.contains(*other)
                && self.slots.iter().all(|slot| slot.unit_slug.as_str() != other.as_str())
        };
        let before =
            self.drawn.record.waiting.iter().take_while(|other| *other != slug).filter(waits).count();
        html! {
            @if self.gone.contains(slug) { "It has left the waiting list." }
            @else if self.view.now >= self.called.wave.starts_at {
                "It was in place " (place) " on the waiting list; since the slots have started, nobody moves up."
            } @else {
                "Place " (before + 1) " on the waiting list, which moves up when a slot is given back before the start, "
                (when::relative(self.view, self.called.wave.starts_at)) "."
                @if before + 1 < place { " It was place " (place) " at the draw." }
            }
        }
    }

    fn next_chance(&self, next: Option<&Wave>) -> Markup {
        let now = self.view.now;
        html! {
            @match next {
                Some(wave) if wave.closes_at <= now => { "The next wave closed " (when::relative(self.view, wave.closes_at)) "." }
                Some(wave) => {
                    @if wave.opens_at <= now { "The next wave opened " } @else { "The next wave opens " }
                    (when::relative(self.view, wave.opens_at)) " and closes " (when::date(self.view, wave.closes_at)) ": "
                    a href=(href(self.change, wave.n)) { "wave " (wave.n) } "."
                }
                None => "The next wave is not announced yet.",
            }
        }
    }

    /// What the unit does with its slot.
    fn next_steps(&self, slot: &Slot) -> Markup {
        let page = format!("/slots/{}", slot.id);
        match slot.state(self.view.now) {
            State::Granted => html! {
                h3 { "What comes next" }
                ol {
                    li { (self.change.name) " is switched on for your people " (when::relative(self.view, slot.not_before)) ", by itself." }
                    li { a href={ "/cycles/new?unit=" (slot.unit_slug) } { "Start a first small cycle" } ": what you want to try, and what you expect of it." }
                    li { "Cannot use it after all? " a href=(page) { "Give it back" } " before it starts, and the first who waits gets it." }
                    @if let Some(rule) = self.lapses { li { "A slot that nobody of its unit uses for " (rule.days()) " days lapses, as was said before the wave opened." } }
                }
            },
            State::Started | State::Paused => html! {
                p { "It is " (slot.state(self.view.now)) ": " a href=(page) { "the slot" } ". "
                    a href={ "/cycles/new?unit=" (slot.unit_slug) } { "Start a small cycle" } " with it." }
            },
            state => html! { p { "It is " (state) " by now: " a href=(page) { "the slot" } "." } },
        }
    }

    /// What happened to the slots of the wave after the draw, oldest first.
    pub fn since(&self) -> Markup {
        let mut told: Vec<(traction_domain::time::Moment, Markup)> = Vec::new();
        for slot in self.slots {
            let unit = name(self.known, slot.unit_slug.as_str());
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
                told.push((event.at, html! { (unit) " " (words) }));
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
