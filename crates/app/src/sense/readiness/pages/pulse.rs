//! A pulse as a page: the questions while it is open, what may be said of the unit once it is closed.

use maud::{Markup, html};
use traction_domain::id::PulseId;
use traction_domain::refusal::Refusal;
use traction_domain::sense::readiness::{Instrument, Reading};

use super::asked;
use crate::offer::change;
use crate::overview::figures::Stage;
use crate::sense::instrument;
use crate::sense::readiness::store::{self, UnitReading};
use crate::sense::readiness::verbs;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `GET /pulses/{pulse}`
pub async fn show(view: View, Path(id): Path<PulseId>) -> Answer {
    pulse_page(&view, id, None, &Filled::default(), None).await
}

pub(super) async fn pulse_page(
    view: &View,
    id: PulseId,
    links: Option<Markup>,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let pulse = verbs::find(sql, id).await?;
    let about = match pulse.change {
        Some(change) => change::store::one(sql, change).await?,
        None => None,
    };
    let instrument = instrument::store::of_edition(sql, &pulse.instrument).await?;
    let may_send = view.who.as_ref().is_some_and(|who| verbs::may_open(who, pulse.unit));
    let is_open = pulse.closes_at > view.now;
    let links = match links {
        None if may_send && is_open => Some(asked::sending(view, id).await?),
        links => links,
    };
    let notice = Form::new(filled, refused).notice();
    let page = |answer: Markup| {
        Page::new(Stage::Sense, format!("How ready is {}?", pulse.unit_name), answer)
            .crumb("/readiness", "Who is ready")
    };
    if !is_open {
        let readings = store::readings(sql, Some(pulse.unit), view.now).await?;
        let reading = readings.iter().find(|reading| reading.pulse == id);
        return Ok(page(html! { "It closed " (when::relative(view, pulse.closes_at)) "." })
            .body(html! { (notice) (result(reading)) })
            .show(view));
    }
    let person = view.who.as_ref().filter(|who| who.belongs_to(pulse.unit)).and_then(|who| who.person());
    let may_answer = match person {
        Some(person) => !store::has_answered(sql, id, person).await?,
        None => false,
    };
    let answer = html! {
        (pulse.n_answered) " answered so far; it closes " (when::relative(view, pulse.closes_at)) " and is read once then."
    };
    Ok(page(answer)
        .body(html! {
            (notice)
            @if let Some(change) = &about { p { "About " a href={ "/changes/" (change.slug) } { (change.name) } ": " (change.promise) } }
            @if may_answer { (questions(&instrument, &format!("/pulses/{id}/answers"), filled)) }
            @else if person.is_some() { p.notice { "You have answered. Nobody can find your answers again, you neither." } }
            @else { p { "The people of " (pulse.unit_name) " answer it." } }
            @if let Some(links) = links { (links) }
            p.meta { "What you choose adds one to a count for each question; no record says who chose what, not even for administrators. It is shown only if five or more answer and they agree." }
        })
        .show(view))
}

fn result(reading: Option<&UnitReading>) -> Markup {
    html! {
        @match reading {
            Some(reading) => {
                dl.facts {
                    dt { "Appetite" } dd { (in_a_sentence(reading.appetite)) }
                    dt { "Aptitude" } dd { (in_a_sentence(reading.aptitude)) }
                }
                p.meta { "Appetite is how much a unit wants to change, aptitude how much it believes it can; 1 is not at all, 5 fully." }
            }
            None => { p { "The unit was asked again since; the later pulse counts." } }
        }
    }
}

/// The questions of an instrument, as a form.
pub(super) fn questions(instrument: &Instrument, action: &str, filled: &Filled) -> Markup {
    html! {
        form.stack method="post" action=(action) {
            p.help { "From 1, " (instrument.low) ", to 5, " (instrument.high) "." }
            @for item in &instrument.items {
                fieldset.field {
                    legend { (item.words) }
                    div.scale { @for answer in ["1", "2", "3", "4", "5"] {
                        label { input type="radio" name=(item.key) value=(answer) checked[filled.text(&item.key) == answer]; (answer) }
                    } }
                }
            }
            button.button { "Answer, unseen" }
        }
    }
}

/// What a form of [`questions`] holds, in the order of the items.
pub(super) fn given(instrument: &Instrument, filled: &Filled) -> Vec<Option<u8>> {
    instrument.items.iter().map(|item| filled.text(&item.key).parse().ok()).collect()
}

/// Agreement as it is told: 0.9 stands for everything from there on.
pub(super) fn at_most(agreement: f64) -> String {
    if agreement >= 0.9 { "0.9 or more".to_owned() } else { format!("{agreement:.1}") }
}

fn in_a_sentence(reading: Reading) -> String {
    match reading {
        Reading::TooFew { n_needed: 5 } => "Fewer than five answered, so nothing is shown of it.".into(),
        Reading::TooFew { n_needed } => {
            format!(
                "Fewer than {n_needed} answered, as many as this instrument asks for, so nothing is shown of it."
            )
        }
        Reading::Differ { agreement, needed } => format!(
            "You see it differently, so a mean would speak for nobody. That is worth a conversation. (r_wg {agreement:.1}; a mean is shown from {needed} on.)"
        ),
        Reading::Agreed { mean, agreement } => {
            format!("{mean:.1} of 5, and you agree (r_wg {}).", at_most(agreement))
        }
    }
}

/// `POST /pulses/{pulse}/answers`
pub async fn answer(view: View, Path(id): Path<PulseId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let pulse = verbs::find(sql, id).await?;
    let given = given(&instrument::store::of_edition(sql, &pulse.instrument).await?, &filled);
    match lead_on(verbs::answer(&view.world, who, id, &given).await, |()| format!("/pulses/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(pulse_page(&view, id, None, &filled, Some(refused.as_ref())).await),
    }
}
