//! Slots given past the draw, on its page: what was decided, what waits for a second person, and the form to ask.

use maud::{Markup, html};
use traction_domain::id::UnitId;

use super::back;
use crate::contend::draw::picture::name;
use crate::contend::draw::store::{Answer as Decision, Drawn, Request};
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::Called;
use crate::grant::slot::store::Slot;
use crate::grant::slot::verbs::past;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Path, View, when};

/// What was decided, for everybody; what waits and the form, for whoever runs the change.
#[expect(clippy::too_many_arguments, reason = "a page's parts, each of another kind")]
pub fn section(
    view: &View,
    change: &Change,
    called: &Called,
    drawn: &Drawn,
    known: &[Unit],
    slots: &[Slot],
    requests: &[Request],
    runs: bool,
    form: &Form<'_>,
) -> Markup {
    let overrides = &drawn.record.overrides;
    let waiting: Vec<&Request> = requests.iter().filter(|asked| asked.answer.is_none()).collect();
    let declined: Vec<&Request> =
        requests.iter().filter(|asked| asked.answer == Some(Decision::Declined)).collect();
    html! {
        @if !overrides.is_empty() {
            section #past {
                h2 { "Given past the draw" }
                ul { @for decided in overrides { li {
                    (name(known, &decided.unit)) ": " (decided.why) " (" (decided.who) ")"
                    @if let Some(at) = decided.when { ", " (when::relative(view, at)) }
                    "."
                } } }
                p.meta { "Such a slot is a decision, not chance: it counts as push and stands in the record. Whoever was of the risk set at the draw keeps the chance it had then in the record, and is left out of the proof." }
            }
        }
        @if runs {
            @for asked in &waiting { (request(view, change, called, asked)) }
            @if !declined.is_empty() {
                section { h2 { "Not given" } ul { @for asked in declined { li {
                    (asked.unit_name) ": " (asked.why) " (asked for by " (asked.asked_by_name) " " (when::relative(view, asked.asked_at)) "; declined)."
                } } } }
            }
            (ask_form(view, change, called, drawn, known, slots, form))
        }
    }
}

fn request(view: &View, change: &Change, called: &Called, asked: &Request) -> Markup {
    let action = format!("{}/overrides/{}", href(change, called.wave.n), asked.unit_slug);
    let is_first = view.who.as_ref().and_then(|who| who.person()) == Some(asked.asked_by);
    html! {
        section.card {
            h2 { "A slot past the draw for " (asked.unit_name) "?" }
            p { (asked.asked_by_name) " asked for it " (when::relative(view, asked.asked_at)) ": “" (asked.why) "”" }
            @if is_first {
                p.meta { "It takes two: somebody else who runs the change has to confirm it." }
            } @else {
                p.meta { "If you confirm it, both your names and the reason are published with the record." }
            }
            form.act method="post" action=(action) {
                @if !is_first { button.button name="answer" value="confirmed" { "Confirm it" } " " }
                button.button.quiet name="answer" value="declined" { @if is_first { "Take it back" } @else { "Decline it" } }
            }
        }
    }
}

/// The form, where a slot is free and somebody contended who has had none.
fn ask_form(
    view: &View,
    change: &Change,
    called: &Called,
    drawn: &Drawn,
    known: &[Unit],
    slots: &[Slot],
    form: &Form<'_>,
) -> Markup {
    let contended = |unit: &&Unit| {
        let is_listed = drawn.record.list.iter().any(|line| line.entry.unit == unit.slug.as_str());
        is_listed && slots.iter().all(|slot| slot.unit != unit.id)
    };
    let listed: Vec<Unit> = known.iter().filter(contended).cloned().collect();
    let n_taken = slots.iter().filter(|slot| slot.state(view.now).is_live()).count();
    // Until what was drawn is granted nobody can tell; after the end there is nothing to have.
    let is_granted = !slots.is_empty() || drawn.record.granted.is_empty();
    let is_over = called.wave.ends_at.is_some_and(|ends| ends <= view.now);
    let is_free = is_granted && !is_over && n_taken < called.wave.n_slots;
    html! {
        @if is_free && !listed.is_empty() {
            details {
                summary { "Ask for a free slot past the draw" }
                form.stack method="post" action={ (href(change, called.wave.n)) "/overrides" } {
                    (form.choice("unit", "For which unit?", "Counts as push, stands on the record, and is left out of the proof.", &unit::pages::choices(&listed)))
                    (form.line("why", "Why?", "Published with the record. Somebody else who runs the change has to confirm it."))
                    button.button.quiet { "Ask for it" }
                }
            }
        }
    }
}

/// `POST /changes/{change}/waves/{n}/overrides`
pub async fn ask(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let done = ask_filled(&view, &change, n, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn ask_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let who = view.signed_in()?;
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let unit: UnitId = filled.parsed("unit", "a unit; choose one from the list")?;
    past::ask(&view.world, who, &change, &wave, unit, filled.text("why")).await
}

/// `POST /changes/{change}/waves/{n}/overrides/{unit}`
pub async fn answer(
    view: View,
    Path((change, n, unit)): Path<(String, usize, String)>,
    filled: Filled,
) -> Answer {
    let done = answer_filled(&view, &change, n, &unit, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn answer_filled(
    view: &View,
    change: &str,
    n: usize,
    unit: &str,
    filled: &Filled,
) -> Result<(), Trouble> {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    let unit = unit::verbs::find(sql, unit).await?;
    let decision = match filled.text("answer") {
        "confirmed" => Decision::Confirmed,
        "declined" => Decision::Declined,
        _ => return Err(filled.refused("answer", "confirmed or declined; press one of the two").into()),
    };
    past::answer(&view.world, who, &change, &wave, unit.id, decision).await
}
