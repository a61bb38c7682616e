//! What somebody used, for himself: to see, to take with him, to cut loose from his name.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use crate::measure::usage::export::store::Day;
use crate::measure::usage::export::{self, Format};
use crate::measure::usage::subject::verbs::Linked;
use crate::measure::usage::subject::{store, verbs};
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Page, Path, View, counted, when};

/// The names by which the real system may know whoever looks, and what is linked to him.
async fn own(view: &View) -> Result<(Vec<String>, Linked), Trouble> {
    let person = view.signed_in()?.person().ok_or(Trouble::NotSignedIn)?;
    let names = store::names::of(view.world.store().read(), person).await?;
    let linked = verbs::linked(view.world.store().read(), &names).await?;
    Ok((names, linked))
}

/// `GET /me/usage`
pub async fn show(view: View) -> Answer {
    let (names, Linked { names: leading, subjects }) = own(&view).await?;
    let (mut kinds, mut days) = (Vec::new(), Vec::new());
    for subject in &subjects {
        kinds.extend(export::store::kinds(view.world.store().read(), subject).await?);
        days.extend(export::store::days(view.world.store().read(), subject).await?);
    }
    let n_events: usize = kinds.iter().map(|kind| kind.n_events).sum();
    let n_days = days.iter().map(|day| day.day).collect::<BTreeSet<_>>().len();
    Ok(Page::new(Stage::Measure, "What you used", html! {
        @if n_events == 0 && n_days == 0 { "Nothing is kept that is linked to you." }
        @else {
            @if n_events == 0 { "No event is" } @else { (counted(n_events, "event is", "events are")) } " linked to you."
            @if n_days > 0 { " Of " (counted(n_days, "day", "days")) " it is kept how often you did what." }
            " Nobody else sees this here; whoever runs the installation can take it out by command, as you can here."
        }
    })
    .crumb("/me", "You")
    .body(html! {
        @if names.is_empty() {
            p.empty { "The real system cannot name you: neither an external id nor an address of yours is known here." }
        } @else {
            p.meta { "The real system may name you " (either(&names)) ". What it sends is kept under a number made by chance; a line links the two, and can be destroyed." }
        }
        @if !subjects.is_empty() {
            p.meta {
                @if leading.is_empty() { "What is linked to you came under an address that you had before." }
                @else { "Linked to you is what came under " (either(&leading)) @if subjects.len() > 1 { ", and under addresses that you had before, if any" } "." }
            }
        }
        @if !kinds.is_empty() {
            table.list.folds {
                thead { tr { th { "Event" } th { "Change" } th.figure { "How often" } th { "First" } th { "Last" } } }
                tbody { @for kind in &kinds { tr {
                    td { (kind.event) }
                    td data-th="Change" { (kind.change.as_deref().unwrap_or("–")) }
                    td.figure data-th="How often" { (kind.n_events) }
                    td data-th="First" { (when::relative(&view, kind.first)) }
                    td data-th="Last" { (when::relative(&view, kind.last)) }
                } } }
            }
            p { "Take it with you: " a href="/me/usage/usage.csv" { "CSV" } " · " a href="/me/usage/usage.ndjson" { "JSON, a line an event" } }
        }
        (by_day(&days))
        @if !subjects.is_empty() {
            p { a href="/me/usage/further.ndjson" { "What else is kept under that number" } ": what you did by day, when the solution was switched on for you, and what about you could not be counted." }
        }
        @if !subjects.is_empty() {
            section {
                h2 { "Cut it loose from you" }
                p { "The link is destroyed: the events stay counted, as nobody's. What you use from now on begins anew. This cannot be taken back." }
                form method="post" action="/me/usage/erase" { button.button.quiet { "Erase the link" } }
            }
        }
    })
    .show(&view))
}

/// Names, with "or" between them.
fn either(names: &[String]) -> Markup {
    html! { @for (nth, name) in names.iter().enumerate() { @if nth > 0 { " or " } code { (name) } } }
}

/// What he did by day, by kind and change: it stays where events are dropped after a time.
fn by_day(days: &[Day]) -> Markup {
    let mut kinds: BTreeMap<(&str, &str), Vec<&Day>> = BTreeMap::new();
    for day in days {
        kinds.entry((&day.event, &day.change)).or_default().push(day);
    }
    html! {
        @if !kinds.is_empty() {
            section {
                h2 { "By day" }
                p.meta { "Of each day it is kept how often, also once the events themselves are dropped: the counts of the weeks rest on it." }
                table.list.folds {
                    thead { tr { th { "Event" } th { "Change" } th.figure { "How often" } th { "First day" } th { "Last day" } } }
                    tbody { @for ((event, change), of) in &kinds { tr {
                        td { (event) }
                        td data-th="Change" { (change) }
                        td.figure data-th="How often" { (of.iter().map(|day| day.n_events).sum::<usize>()) }
                        td data-th="First day" { @if let Some(day) = of.iter().map(|day| day.day).min() { (day.date()) } }
                        td data-th="Last day" { @if let Some(day) = of.iter().map(|day| day.day).max() { (day.date()) } }
                    } } }
                }
            }
        }
    }
}

/// `GET /me/usage/{file}`: `usage.csv`, `usage.ndjson`, and `further.ndjson` with whatever else is kept under the subject.
pub async fn file(view: View, Path(file): Path<String>) -> Answer {
    if file == "further.ndjson" {
        let (_, Linked { subjects, .. }) = own(&view).await?;
        let lines = export::further_of(view.world.store().read(), &subjects).await?;
        return Ok(attached(&file, Format::Ndjson, lines.into_bytes()));
    }
    let format = match file.as_str() {
        "usage.csv" => Format::Csv,
        "usage.ndjson" => Format::Ndjson,
        _ => return Err(Trouble::NotFound { what: "file" }.into()),
    };
    let (_, Linked { subjects, .. }) = own(&view).await?;
    let mut text = Vec::new();
    export::write_of(view.world.store().read(), &subjects, format, &mut text).await?;
    Ok(attached(&file, format, text))
}

fn attached(file: &str, format: Format, text: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, format.media_type().to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    (headers, text).into_response()
}

/// `POST /me/usage/erase`
pub async fn erase(view: View) -> Answer {
    let (names, _) = own(&view).await?;
    if let Some(name) = names.first() {
        verbs::erase(&view.world, view.signed_in()?, name).await?;
    }
    Ok(Redirect::to("/me/usage").into_response())
}
