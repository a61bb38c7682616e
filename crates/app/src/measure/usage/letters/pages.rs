//! Dead letters as pages, for administrators: what could not be counted and why; one to mend and try again. No page says
//! whom a letter is about.

use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use traction_domain::measure::usage::Kind;
use traction_domain::refusal::Refusal;

use crate::measure::usage::letters::store::DeadLetter;
use crate::measure::usage::letters::verbs;
use crate::overview::figures::Stage;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again as show_again, counted, lead_on, when};

/// How many the page lists.
const N_LISTED: u32 = 200;

/// `GET /dead-letters`
pub async fn list(view: View) -> Answer {
    let letters = verbs::open(&view.world, view.signed_in()?, None, N_LISTED).await?;
    Ok(Page::new(Stage::Measure, "Dead letters", html! {
        @if letters.is_empty() { "None: everything that arrived could be counted, or was decided on." }
        @else if letters.len() == N_LISTED as usize { "At least " (N_LISTED) " events could not be counted; the newest are shown." }
        @else { (counted(letters.len(), "event", "events")) " could not be counted." }
    })
    .crumb("/uptake", "Uptake")
    .crumb("/usage", "What is arriving now")
    .action(html! {
        @if !letters.is_empty() {
            form method="post" action="/dead-letters/again" { button.button { "Try all again" } }
        }
    })
    .body(html! {
        @if letters.is_empty() {
            p.empty { "An event that names no one, an unknown unit, or a time that is none is set aside here with the reason, so that it can be mended and counted instead of being lost." }
        } @else {
            p { "Put right what is in the way (open the change, add the unit), then try all again; or open one and mend it. Nothing counts twice." }
            table.list.folds {
                thead { tr { th { "Why" } th { "Source" } th { "When" } th { "" } } }
                tbody { @for letter in &letters { tr {
                    td { (letter.why) }
                    td data-th="Source" { (letter.source) }
                    td data-th="When" { (when::relative(&view, letter.received_at)) }
                    td { a href=(address(letter)) { "Mend" } }
                } } }
            }
        }
    })
    .show(&view))
}

fn address(letter: &DeadLetter) -> String {
    let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    format!("/dead-letters/{}/{}", part(&letter.source), part(&letter.id))
}

/// `POST /dead-letters/again`
pub async fn all_again(view: View) -> Answer {
    verbs::try_all_again(&view.world, view.signed_in()?, None).await?;
    Ok(Redirect::to("/dead-letters").into_response())
}

/// `GET /dead-letters/{source}/{letter}`
pub async fn show(view: View, Path((source, id)): Path<(String, String)>) -> Answer {
    let letter = verbs::find(&view.world, view.signed_in()?, &source, &id).await?;
    let body = serde_json::from_str::<serde_json::Value>(&letter.body)
        .ok()
        .and_then(|body| serde_json::to_string_pretty(&body).ok())
        .unwrap_or_else(|| letter.body.clone());
    Ok(page(&view, &letter, &Filled::with([("body", body)]), None))
}

fn page(
    view: &View,
    letter: &DeadLetter,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> axum::response::Response {
    let form = Form::new(filled, refused);
    let at = address(letter);
    let area: Markup = form.field(
        "body",
        "The event",
        "Whoever it was about is still known, under his number, unless you name somebody else.",
        html! {
            textarea #body name="body" rows="14" spellcheck="false" aria-describedby="body-about" { (filled.text("body")) }
        },
    );
    Page::new(Stage::Measure, "Dead letter", html! { (crate::web::layout::sentence(&letter.why)) })
        .crumb("/usage", "What is arriving now")
        .crumb("/dead-letters", "Dead letters")
        .body(html! {
            p.meta { "From " (letter.source) ", " (when::relative(view, letter.received_at)) ", as " (letter.form.to_string()) "." }
            @if letter.kind == Kind::TooLarge { p { "Only a part of it is kept: the event as it stands here is not what was sent. Write it as it should count." } }
            form.stack method="post" action=(at) {
                (form.notice())
                (area)
                button.button { "Count it" }
            }
            form method="post" action={ (at) "/leave" } { button.button.quiet { "Leave it" } }
        })
        .show(view)
}

/// `POST /dead-letters/{source}/{letter}`
pub async fn mend(view: View, Path((source, id)): Path<(String, String)>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let letter = verbs::find(&view.world, who, &source, &id).await?;
    let tried = verbs::try_again(&view.world, who, &source, &id, Some(filled.text("body"))).await;
    match lead_on(tried, |()| "/dead-letters".to_owned())? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => show_again(Ok(page(&view, &letter, &filled, Some(refused.as_ref())))),
    }
}

/// `POST /dead-letters/{source}/{letter}/leave`
pub async fn leave(view: View, Path((source, id)): Path<(String, String)>) -> Answer {
    verbs::leave(&view.world, view.signed_in()?, &source, &id).await?;
    Ok(Redirect::to("/dead-letters").into_response())
}
