//! What the draw means to the reader's own units now: what they got, why, and what comes next; and what happened to the
//! slots since. It stands on the page of the draw, on the call, and beside the slot.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use traction_domain::contend::application::Next;
use traction_domain::contend::draw::{Outcome, Why};
use traction_domain::grant::slot::{Asked, Full, Held, LapseRule, Line, State, Step, Turn};
use traction_domain::id::UnitId;

use crate::contend::application;
use crate::contend::draw::picture::name;
use crate::contend::draw::store;
use crate::contend::draw::store::Drawn;
use crate::contend::wave::pages::elsewhere;
use crate::contend::wave::standing::{Called, units};
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
    /// Whose turn it is when a slot becomes free; nobody's from the start on.
    turns: BTreeMap<String, Turn>,
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
        let slots = slot::store::of_wave(sql, wave.id).await?;
        let gone = store::withdrawn_units(sql, wave.id).await?;
        let elsewhere = slot::store::held_elsewhere(sql, wave.id, view.now).await?;
        let held: Vec<Held> = slots.iter().map(|slot| slot::verbs::held(slot, view.now)).collect();
        let out = gone.union(&elsewhere).cloned().collect();
        let line = Line { record: &drawn.record, held: &held, out: &out, starts: wave.starts_at };
        Ok(Some(Seen {
            view,
            change,
            called,
            drawn,
            known: unit::store::all(sql).await?,
            turns: if view.now < wave.starts_at { line.turns() } else { BTreeMap::new() },
            slots,
            gone,
            elsewhere,
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

    /// When a unit that waits by now moves up; `None` for whoever waits no longer, and from the start on.
    pub fn turn(&self, slug: &str) -> Option<&Turn> {
        self.turns.get(slug)
    }

    /// A turn in short; beside the unit's parent.
    pub fn turn_in_short(turn: &Turn) -> String {
        match turn {
            Turn::InLine { place, .. } => format!("waiting, place {place}"),
            Turn::PassedOver { full: Full::Now, .. } => "waiting, passed over".into(),
            Turn::PassedOver { full: Full::OnceOthersMovedUp, .. } => "waiting behind others".into(),
        }
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
                p { "Moved up: a slot became free before the start, and " (unit.name) " was the first who waited" @if self.drawn.record.terms.cap.is_some() { " and whose parent had not its most" } "." }
                (self.next_steps(slot))
            },
            (Outcome::Waiting { place, why }, None) => html! {
                p { "No slot: " (self.why(why)) ". " (self.waiting(unit, *place)) }
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
        let starts = || when::relative(self.view, self.called.wave.starts_at);
        let is_capped = self.drawn.record.terms.cap.is_some();
        html! {
            @match self.turn(slug) {
                _ if self.gone.contains(slug) => "It has left the waiting list.",
                _ if self.elsewhere.contains(slug) => "It has the change by another slot by now.",
                Some(Turn::InLine { place: now, n_passed_over }) => {
                    "Place " (now) " on the waiting list, which moves up when a slot becomes free before the start, " (starts()) "."
                    @if *now < place && !is_capped { " It was place " (place) " at the draw." }
                    @if *n_passed_over > 0 { " " (units(*n_passed_over)) " before it in the order cannot move up now, and would come first if a slot under their own parent became free." }
                }
                Some(Turn::PassedOver { parent, full: Full::Now }) => {
                    "It is on the waiting list, and is passed over as long as " (name(&self.known, parent)) " has its most: it can move up when a slot under " (name(&self.known, parent)) " becomes free before the start, " (starts()) "."
                }
                Some(Turn::PassedOver { parent, full: Full::OnceOthersMovedUp }) => {
                    "It is on the waiting list, behind others under " (name(&self.known, parent)) ": once they moved up, that has its most. It moves up if they do not want a slot that becomes free before the start, " (starts()) "."
                }
                None if is_capped => "It was on the waiting list; since the slots have started, nobody moves up.",
                None => { "It was in place " (place) " on the waiting list; since the slots have started, nobody moves up." }
            }
        }
    }

    /// Why, with the parent's name where it is about one.
    fn why(&self, why: &Why) -> String {
        match why {
            Why::Capped { parent, n } => Why::Capped { parent: name(&self.known, parent), n: *n }.to_string(),
            other => other.to_string(),
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
                        li { "Cannot use it after all? " a href=(step) { "Give it back" } " before it starts" @if self.turns.is_empty() { "." } @else { ", and the first who waits gets it." } }
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
                told.push((
                    event.at,
                    html! {
                        (unit) " " (words)
                        @if !event.why.is_empty() { ": “" (event.why) "”" }
                        @if let Some(who) = &event.decided_by {
                            " (decided by " (who)
                            @if event.at < self.called.wave.starts_at { "; nobody moves up by that" }
                            ")"
                        }
                    },
                ));
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
