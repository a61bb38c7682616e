//! Instruments as pages: which there are, what each asks, and bringing one in.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use maud::{Markup, html};
use traction_domain::refusal::Refusal;
use traction_domain::sense::readiness::{Instrument, Scale, Turn};

use crate::overview::figures::Stage;
use crate::sense::instrument::{store, verbs};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on};

/// `GET /instruments`
pub async fn list(view: View) -> Answer {
    page(&view, &Filled::default(), None).await
}

/// `POST /instruments`
pub async fn bring(view: View, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let brought = verbs::bring(&view.world, who, filled.text("text")).await;
    match lead_on(brought, |_| "/instruments".to_owned())? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &filled, Some(refused.as_ref())).await),
    }
}

async fn page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let all = store::all(view.world.store().read()).await?;
    let may = view.who.as_ref().is_some_and(|who| who.is_change_lead() || who.is_administrator());
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Sense, "What a pulse asks", html! {
        (counted(all.len() as u64, "instrument", "instruments")) ", each a file that anybody can read: its questions, and how they are scored."
    })
    .crumb("/readiness", "Who is ready")
    .body(html! {
        @for kept in &all { (shown(&kept.instrument)) }
        @if may {
            section {
                h2 { "Bring one in" }
                form.stack method="post" action="/instruments" {
                    (form.notice())
                    (form.area("text", "The instrument", "The text of its file. Every line that is wrong is named; nothing is taken in halfway. docs/guide/instruments.md has the form."))
                    button.button { "Bring it in" }
                }
            }
        }
    })
    .show(view))
}

fn shown(instrument: &Instrument) -> Markup {
    html! {
        section.card {
            h2 { (instrument.name) }
            p { (instrument.about) }
            @for scale in Scale::ALL { @if let Some(named) = instrument.named(scale) {
                h3 { (named.name) ": " (named.means) }
                ul { @for item in instrument.items.iter().filter(|item| item.scale == scale) { li {
                    (item.words)
                    @if item.turn == Turn::Reverse { " " span.pill { "turned round" } }
                    @if item.weight != 1.0 { " " span.meta { "counts " (item.weight) " times" } }
                } } }
            } }
            p.meta {
                (instrument.edition) ". From 1 (" (instrument.low) ") to 5 (" (instrument.high) "). Told from "
                (instrument.minimum_answers) " answers on, where r_wg is " (instrument.agreement) " or more. "
                a href={ "/instruments/" (instrument.edition.id) "/text" } { "Its file" }
            }
        }
    }
}

/// `GET /instruments/{instrument}/text`
pub async fn text(view: View, Path(name): Path<String>) -> Answer {
    let kept = store::find(view.world.store().read(), &name).await?;
    let kept = kept.ok_or(Trouble::NotFound { what: "instrument" })?;
    let file = format!("attachment; filename=\"{}.toml\"", kept.instrument.edition.id);
    let head = [(CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, file)];
    Ok((head, kept.text).into_response())
}
