//! Hand-overs as pages: all of them, proposing one for a slot, and one with its owner's answer.

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::{HandOverId, SlotId};
use traction_domain::refusal::Refusal;
use traction_domain::sustain::hand_over::State;

use crate::grant::slot;
use crate::org::person;
use crate::overview::figures::Stage;
use crate::publish::gap::verbs::may_see;
use crate::sustain::hand_over::store::{self, HandOver};
use crate::sustain::hand_over::verbs::{self, Wish};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, lead_on, when};

/// `GET /hand-overs`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let all = store::all(sql).await?;
    let n = |state: State| all.iter().filter(|one| one.state == state).count();
    let may = view.who.as_ref().is_some_and(verbs::may_propose);
    let slots = if may { in_use(&view).await? } else { Vec::new() };
    Ok(Page::new(Stage::Sustain, "Hand-overs", html! {
        (n(State::Accepted)) " handed over, " (n(State::Proposed)) " waiting for their owner's answer."
    })
    .crumb("/watches", "Is it kept?")
    .body(html! {
        @if all.is_empty() {
            p.empty { "A change stays when somebody in the unit has it: a named owner who accepts, with a list of what he was given. From that day on the gain is watched." }
        } @else {
            table.list {
                thead { tr { th { "Unit" } th { "Change" } th { "Owner" } th { "State" } th { "Support ends" } } }
                tbody { @for one in &all { tr {
                    td { a href={ "/hand-overs/" (one.id) } { (one.unit_name) } }
                    td { (one.change_name) }
                    td { (one.owner_name) }
                    td { span.pill { (one.state.word()) } }
                    td { (one.support_ends) }
                } } }
            }
        }
        @if !slots.is_empty() {
            section {
                h2 { "Ready to be handed over" }
                ul { @for (slot, words) in &slots { li { a href={ "/hand-overs/new?slot=" (slot) } { (words) } } } }
            }
        }
    })
    .show(&view))
}

/// Slots in use that no hand-over waits for.
async fn in_use(view: &View) -> Result<Vec<(SlotId, String)>, Trouble> {
    let sql = view.world.store().read();
    let waiting: Vec<SlotId> = store::all(sql)
        .await?
        .iter()
        .filter(|one| one.state == State::Proposed)
        .map(|one| one.slot)
        .collect();
    let slots = slot::store::all(sql).await?;
    Ok(slots
        .iter()
        .filter(|slot| slot.state(view.now) == traction_domain::grant::slot::State::Started)
        .filter(|slot| !waiting.contains(&slot.id))
        .map(|slot| (slot.id, format!("{}: {}", slot.unit_name, slot.change_name)))
        .collect())
}

/// Which slot is to be handed over.
#[derive(Debug, Deserialize)]
pub struct Asked {
    slot: SlotId,
}

/// `GET /hand-overs/new?slot=…`
pub async fn new(view: View, Query(asked): Query<Asked>) -> Answer {
    view.signed_in()?;
    let in_four_weeks = view.now.after_days(28).date().to_string();
    let filled = Filled::with([("slot", asked.slot.to_string()), ("support_ends", in_four_weeks)]);
    form_page(&view, asked.slot, &filled, None).await
}

/// `POST /hand-overs`
pub async fn propose(view: View, filled: Filled) -> Answer {
    let slot: SlotId = filled.parsed("slot", "a slot; begin on its page")?;
    match lead_on(propose_filled(&view, slot, &filled).await, |id| format!("/hand-overs/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(form_page(&view, slot, &filled, Some(refused.as_ref())).await),
    }
}

async fn propose_filled(view: &View, slot: SlotId, filled: &Filled) -> Result<HandOverId, Trouble> {
    let who = view.signed_in()?;
    let wish = Wish {
        slot,
        owner: filled.parsed("owner", "a person; choose one from the list")?,
        transferred: filled.text("transferred").to_owned(),
        support_ends: filled.parsed("support_ends", "a day; write it like 2026-11-22")?,
    };
    verbs::propose(&view.world, who, wish).await
}

async fn form_page(view: &View, slot: SlotId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let slot = slot::store::one(sql, slot).await?.ok_or(Trouble::NotFound { what: "slot" })?;
    let people: Vec<(String, String)> = person::store::of_unit(sql, slot.unit)
        .await?
        .into_iter()
        .map(|(person, word)| (person.id.to_string(), format!("{}, {word}", person.name)))
        .collect();
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Sustain, format!("Hand {} over to {}", slot.change_name, slot.unit_name), html! {
        "Somebody in the unit will own it; nothing changes until he accepts."
    })
    .crumb("/hand-overs", "Hand-overs")
    .body(html! {
        @if people.is_empty() {
            p.empty { "Nobody of this unit is known here yet; add its people first, so that one of them can own the change." }
        }
        form.stack method="post" action="/hand-overs" {
            (form.notice())
            input type="hidden" name="slot" value=(slot.id);
            (form.choice("owner", "Who will own it?", "Somebody of the unit who stays.", &people))
            (form.area("transferred", "What was transferred?", "One thing a line: the weekly look at the figures, who trains new people, where the settings are."))
            (form.input("date", "support_ends", "Support ends on", "", None))
            button.button { "Propose" }
        }
    })
    .show(view))
}

/// `GET /hand-overs/{hand_over}`
pub async fn show(view: View, Path(id): Path<HandOverId>) -> Answer {
    hand_over_page(&view, id, &Filled::default(), None).await
}

async fn hand_over_page(
    view: &View,
    id: HandOverId,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let one = verbs::find(view.world.store().read(), id).await?;
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Sustain, format!("{} in {}", one.change_name, one.unit_name), html! { (state_words(&one)) })
        .crumb("/hand-overs", "Hand-overs")
        .body(html! {
            (form.notice())
            section {
                h2 { "What was transferred" }
                ul { @for thing in &one.transferred { li { (thing) } } }
                p.meta {
                    "Proposed by " (one.from_name) " " (when::relative(view, one.proposed_at)) "; support ends on " (when::of_day(one.support_ends)) "."
                    @if one.state == State::Accepted && view.who.as_ref().is_some_and(|who| may_see(who, one.unit)) { " " a href={ "/watches/" (one.unit_slug) "/" (one.change_slug) } { "How the gain is doing" } }
                }
            }
            @if one.state == State::Proposed { (answers(view, &one, &form)) }
        })
        .show(view))
}

fn state_words(one: &HandOver) -> String {
    match (one.state, &one.reason) {
        (State::Proposed, _) => {
            format!("{} has been asked to own it and has not answered yet.", one.owner_name)
        }
        (State::Accepted, _) => format!("{} accepted and owns it.", one.owner_name),
        (State::Declined, Some(reason)) => format!("{} declined: {reason}", one.owner_name),
        (State::Declined, None) => format!("{} declined.", one.owner_name),
        (State::Withdrawn, _) => format!("{} took the proposal back.", one.from_name),
    }
}

fn answers(view: &View, one: &HandOver, form: &Form<'_>) -> Markup {
    let person = view.who.as_ref().and_then(|who| who.person());
    html! {
        @if person == Some(one.owner) {
            section {
                h2 { "Will you own it?" }
                form.stack method="post" action={ "/hand-overs/" (one.id) "/accept" } { button.button { "Accept" } }
                form.stack method="post" action={ "/hand-overs/" (one.id) "/decline" } {
                    (form.line("reason", "Or why not?", "So that it can be mended."))
                    button.button.quiet { "Decline" }
                }
            }
        }
        @if person == Some(one.from) {
            form method="post" action={ "/hand-overs/" (one.id) "/withdraw" } { button.button.quiet { "Take the proposal back" } }
        }
    }
}

/// `POST /hand-overs/{hand_over}/accept`
pub async fn accept(view: View, Path(id): Path<HandOverId>, filled: Filled) -> Answer {
    let done = verbs::accept(&view.world, view.signed_in()?, id).await;
    back_to(&view, id, &filled, done).await
}

/// `POST /hand-overs/{hand_over}/decline`
pub async fn decline(view: View, Path(id): Path<HandOverId>, filled: Filled) -> Answer {
    let done = verbs::decline(&view.world, view.signed_in()?, id, filled.text("reason")).await;
    back_to(&view, id, &filled, done).await
}

/// `POST /hand-overs/{hand_over}/withdraw`
pub async fn withdraw(view: View, Path(id): Path<HandOverId>, filled: Filled) -> Answer {
    let done = verbs::withdraw(&view.world, view.signed_in()?, id).await;
    back_to(&view, id, &filled, done).await
}

async fn back_to(view: &View, id: HandOverId, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/hand-overs/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(hand_over_page(view, id, filled, Some(refused.as_ref())).await),
    }
}
