//! Slots as pages: who has what from when, and what happened to one.

mod own;

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use traction_domain::contend::draw::in_percent;
use traction_domain::grant::slot::{Asked, State, Step};
use traction_domain::id::SlotId;
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::grant::lapse;
use crate::grant::slot::store::{self, Slot};
use crate::grant::slot::verbs;
use crate::offer::{change, wave};
use crate::overview::figures::Stage;
use crate::sustain::hand_over;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on, when};

/// What somebody who does not lead the unit has to know before he takes its slot.
const OVER_ITS_HEAD: &str = "Needed where you take the slot from its unit: it is published with your name. Nobody moves up by \
     that; the place can be given past the draw, which takes two.";

/// `GET /slots`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let slots = store::all(sql).await?;
    let waiting = own::waiting(&view, &slots).await?;
    let changes: BTreeMap<&str, &str> =
        slots.iter().map(|slot| (slot.change_slug.as_str(), slot.change_name.as_str())).collect();
    let on = slots.iter().filter(|slot| has_it(&view, slot)).map(|slot| &slot.unit_slug);
    let n_on = on.collect::<BTreeSet<_>>().len();
    let n_ahead = slots.iter().filter(|slot| slot.state(view.now) == State::Granted).count();
    Ok(Page::new(Stage::Grant, "Slots", html! {
        (n_on) @if n_on == 1 { " unit has" } @else { " units have" } " a solution switched on" @if n_ahead > 0 { "; " (counted(n_ahead, "slot starts", "slots start")) " later" } "."
    })
    .body(html! {
        (waiting)
        @if slots.is_empty() {
            p.empty { "A slot is a unit's right to a solution from a date. Units contend for slots in a wave; when it is drawn, the winners stand here, and the solution is switched on for them at the start." }
        } @else {
            p { "Over time, and as it spreads: "
                @for (place, (slug, name)) in changes.iter().enumerate() {
                    @if place > 0 { " · " }
                    a href={ "/changes/" (slug) "/slots" } { (name) }
                }
            }
            (table(&view, &slots))
        }
        p.meta {
            a href="/access/guide" { "Switch a solution on in your own system" }
            @if view.who.as_ref().is_some_and(|who| who.is_administrator()) { " · " a href="/access" { "Who gets what, and why?" } }
        }
    })
    .show(&view))
}

/// Slots as a table.
pub fn table(view: &View, slots: &[Slot]) -> Markup {
    html! {
        table.list.folds {
            thead { tr { th { "Unit" } th { "Change" } th { "From" } th { "Until" } th { "State" } th { "Asked for?" } } }
            tbody { @for slot in slots { tr {
                td { a href={ "/slots/" (slot.id) } { (slot.unit_name) } }
                td data-th="Change" { a href={ "/changes/" (slot.change_slug) } { (slot.change_name) } }
                td data-th="From" { (when::date(view, slot.not_before)) }
                td data-th="Until" { (until(view, slot)) }
                td data-th="State" { span.pill { (slot.state(view.now)) } }
                td data-th="Asked for" { (asked(slot.asked)) }
            } } }
        }
    }
}

fn has_it(view: &View, slot: &Slot) -> bool {
    slot.access().iter().any(|span| span.holds(view.now))
}

fn until(view: &View, slot: &Slot) -> Markup {
    ends(view, slot).map_or(html! { "–" }, |until| when::date(view, until))
}

/// When the slot ended, or will as far as that is known.
fn ends(view: &View, slot: &Slot) -> Option<Moment> {
    let over = |step| matches!(step, Step::GivenBack | Step::Lapsed | Step::Ended);
    let ended = slot.events.iter().find(|event| over(event.step)).map(|event| event.at);
    let planned = slot.not_after.filter(|_| slot.state(view.now) != State::HandedOver);
    ended.or(planned)
}

fn asked(asked: Asked) -> Markup {
    match asked {
        Asked::Pull => html! { span.pill.pull { "pull" } },
        Asked::Push => html! { span.pill.push { "push" } },
        Asked::Unknown => html! { "not known" },
    }
}

/// `GET /slots/{slot}`
pub async fn show(view: View, Path(id): Path<SlotId>) -> Answer {
    slot_page(&view, id, &Filled::default(), None).await
}

/// `POST /slots/{slot}/steps`
pub async fn step(view: View, Path(id): Path<SlotId>, filled: Filled) -> Answer {
    match lead_on(step_filled(&view, id, &filled).await, |()| format!("/slots/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(slot_page(&view, id, &filled, Some(refused.as_ref())).await),
    }
}

async fn step_filled(view: &View, id: SlotId, filled: &Filled) -> Result<(), Trouble> {
    let step: Step = filled.parsed("step", "one of the choices; choose one from the list")?;
    verbs::step(&view.world, view.signed_in()?, id, step, filled.text("why")).await
}

async fn slot_page(view: &View, id: SlotId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let slot = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "slot" })?;
    let change = change::store::one(sql, slot.change).await?.ok_or(Trouble::NotFound { what: "change" })?;
    let rules = lapse::store::of_change(sql, change.id).await?;
    let stated = match slot.wave {
        Some(wave) => wave::store::one(sql, wave).await?.map(|wave| wave.opens_at),
        None => None,
    };
    let lapses = lapse::verbs::in_force(&rules, stated.unwrap_or(slot.granted_at));
    let form = Form::new(filled, refused);
    let steps =
        steps_open_to(view, &slot, view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change)));
    let is_own = view.who.as_ref().is_some_and(|who| who.leads(slot.unit));
    let why = if is_own { "Those who are concerned read it." } else { OVER_ITS_HEAD };
    let own = own::card(view, &change, &slot).await?;
    let title = format!("{} in {}", slot.change_name, slot.unit_name);
    Ok(Page::new(Stage::Grant, title, answer(view, &slot))
        .crumb("/slots", "Slots")
        .crumb(format!("/changes/{}", slot.change_slug), slot.change_name.clone())
        .body(html! {
            (own)
            dl.facts {
                dt { "Unit" } dd { a href={ "/units/" (slot.unit_slug) } { (slot.unit_name) } }
                dt { "Granted" } dd { (when::date(view, slot.granted_at)) }
                dt { "From" } dd { (when::exact(slot.not_before, view.zone())) }
                dt { "Until" } dd { @match ends(view, &slot) {
                    Some(until) => (when::exact(until, view.zone())),
                    None if slot.state(view.now) == State::HandedOver => "without an end: it is the unit's own",
                    None => "it is handed over or ended by hand",
                } }
                @if let Some(rule) = lapses { dt { "Lapses" } dd { a href={ "/changes/" (slot.change_slug) "/lapse" } { "after " (rule.days()) " days without use" } } }
                dt { "Asked for?" } dd { (asked(slot.asked)) " " @if slot.asked != Asked::Unknown { (slot.asked) } }
                @if let Some(n) = slot.wave_n {
                    dt { "Wave" } dd { a href={ "/changes/" (slot.change_slug) "/waves/" (n) } { "Wave " (n) } }
                }
                @if let Some(probability) = slot.probability {
                    dt { "Chance in the draw" } dd { (in_percent(probability)) }
                }
            }
            @if hands_over(view, &slot) {
                p { a.button.quiet href={ "/hand-overs/new?slot=" (id) } { "Hand it over" } }
            }
            section {
                h2 { "What happened" }
                ol.story {
                    li { span.pill { "granted" } p.meta { (when::relative(view, slot.granted_at)) } }
                    @for event in &slot.events { li {
                        span.pill { (event.step) } " " (event.why)
                        p.meta { (when::relative(view, event.at)) @if let Some(who) = &event.decided_by { ", decided by " (who) } }
                    } }
                }
            }
            @if !steps.is_empty() {
                section {
                    h2 { "Change it" }
                    form.stack method="post" action={ "/slots/" (id) "/steps" } {
                        (form.notice())
                        (form.choice("step", "What is to happen?", "", &steps))
                        (form.line("why", "Why?", why))
                        button.button.quiet { "Do it" }
                    }
                }
            }
        })
        .show(view))
}

/// Where the slot stands, and since when or until when.
fn answer(view: &View, slot: &Slot) -> Markup {
    let last = slot.events.last().map_or(slot.granted_at, |event| event.at);
    html! {
        "The slot is "
        @match slot.state(view.now) {
            State::Granted => { "granted; it starts " (when::relative(view, slot.not_before)) "." }
            State::Started => {
                "in use since " (when::date(view, slot.not_before))
                @if let Some(until) = slot.not_after { ", and ends " (when::relative(view, until)) }
                "."
            }
            State::Ended if slot.events.last().is_none_or(|event| event.step != Step::Ended) => {
                "over: its time ended" @if let Some(until) = slot.not_after { " " (when::relative(view, until)) } "."
            }
            state => { (state) ", " (when::relative(view, last)) "." }
        }
    }
}

/// Whether whoever looks may hand over what the unit has now.
fn hands_over(view: &View, slot: &Slot) -> bool {
    let is_held = matches!(slot.state(view.now), State::Started | State::Paused);
    is_held && view.who.as_ref().is_some_and(hand_over::verbs::may_propose)
}

/// The steps that may be taken now, by whoever looks.
fn steps_open_to(view: &View, slot: &Slot, runs_change: bool) -> Vec<(String, String)> {
    let speaks = view.who.as_ref().is_some_and(|who| who.speaks_for(slot.unit));
    let words = [
        (Step::Paused, "Pause it", speaks || runs_change),
        (Step::Resumed, "Let it go on", speaks || runs_change),
        (Step::GivenBack, "Give it back", speaks),
        (Step::Lapsed, "Take it back, since it is not used", runs_change),
        (Step::Ended, "End it", runs_change),
    ];
    words
        .into_iter()
        .filter(|(step, _, may)| *may && slot.rule.may(*step, view.now).is_ok())
        .map(|(step, words, _)| (step.word().to_owned(), words.to_owned()))
        .collect()
}
