//! Cycles as pages: the list with how fast we test, starting one, one cycle.

mod data;
mod new;
mod one;

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::cycle::cycle::{days_to_first_result, median};

use crate::cycle::cycle::store::{self, Cycle};
use crate::cycle::cycle::verbs;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::web::{Answer, Page, Query, View, when};

pub use new::{new, start};
pub use one::{act, measure, note, predict, show};

/// Months of which finished cycles are counted.
const N_MONTHS: usize = 6;

/// What may stand in the address of the list.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// A unit's short name.
    unit: Option<String>,
}

/// `GET /cycles`
pub async fn list(view: View, Query(asked): Query<Asked>) -> Answer {
    let sql = view.world.store().read();
    let unit = match &asked.unit {
        Some(slug) => Some(unit::verbs::find(sql, slug).await?),
        None => None,
    };
    let cycles = store::all(sql, unit.as_ref().map(|unit| unit.id)).await?;
    let (running, ended): (Vec<Cycle>, Vec<Cycle>) =
        cycles.iter().cloned().partition(|cycle| cycle.ended.is_none());
    let month_ago = view.now.after_days(-30);
    let n_lately =
        ended.iter().filter_map(|cycle| cycle.ended.as_ref()).filter(|end| end.at > month_ago).count();
    let title = unit.as_ref().map_or("Cycles".to_owned(), |unit| format!("Cycles: {}", unit.name));
    let start =
        unit.as_ref().map_or("/cycles/new".to_owned(), |unit| format!("/cycles/new?unit={}", unit.slug));
    Ok(Page::new(Stage::Cycle, title, html! {
        (running.len()) " running, " (n_lately) " finished in the last 30 days"
        @if let Some(days) = speed(&cycles) {
            "; half of them had a first result within " (days_in_words(days)) " of the pain"
        }
        "."
    })
    .action(html! { a.button href=(start) { "Start a cycle" } })
    .body(html! {
        @if cycles.is_empty() {
            p.empty { "A cycle is a small test of days, by the people who do the work: what do we want, what do we expect, what will we do? Then look, and adopt, adapt or abandon it. Three lines start one, say: “Shorter rounds; we expect ten minutes less; two nurses try it until Friday.”" }
        }
        @if !running.is_empty() { section { h2 { "Running" } (table(&view, &running)) } }
        @if !ended.is_empty() {
            section { h2 { "Finished" } (by_month(&view, &ended)) (table(&view, &ended)) }
        }
        @if view.who.is_some() { p { a href="/commitments" { "What I set myself" } } }
    })
    .show(&view))
}

/// Days from the pain to the first result, in the middle of all rows of cycles that have one. Only the first cycle of
/// a row counts: the later ones start from a result.
fn speed(cycles: &[Cycle]) -> Option<f64> {
    let days: Vec<f64> = cycles
        .iter()
        .filter(|cycle| cycle.origin.previous.is_none())
        .filter_map(|cycle| days_to_first_result(cycle.pain_at, cycle.first_result_at))
        .collect();
    median(&days)
}

fn table(view: &View, cycles: &[Cycle]) -> Markup {
    html! {
        table.list {
            thead { tr { th { "Aim" } th { "Unit" } th { "Change" } th { "State" } th { "Started" } th { "First result after" } } }
            tbody { @for cycle in cycles { tr {
                td { a href={ "/cycles/" (cycle.id) } { (cycle.aim) } }
                td { (cycle.unit_name) }
                td { @if let Some((slug, name)) = &cycle.change { a href={ "/changes/" (slug) } { (name) } } }
                td { span.pill { (state(cycle)) } }
                td { (when::relative(view, cycle.started_at)) }
                td { @match days_to_first_result(cycle.pain_at, cycle.first_result_at) {
                    Some(days) => { (days_in_words(days)) }
                    None => { "none yet" }
                } }
            } } }
        }
    }
}

/// Where a cycle stands, in a word or two.
pub fn state(cycle: &Cycle) -> &'static str {
    match (&cycle.ended, &cycle.locked) {
        (Some(ended), _) => ended.acted.decision.done(),
        (None, Some(_)) => "running",
        (None, None) => "to be predicted",
    }
}

/// How many were finished in each of the last months, the latest first.
fn by_month(view: &View, ended: &[Cycle]) -> Markup {
    let date = |at| verbs::date_of(&view.world, at);
    let this_month = date(view.now).first_of_month();
    let months: Vec<(String, usize)> = (0..N_MONTHS)
        .filter_map(|back| {
            let month = this_month.checked_sub(jiff::Span::new().months(back as i64)).ok()?;
            let n_ended = ended
                .iter()
                .filter_map(|cycle| cycle.ended.as_ref())
                .filter(|end| date(end.at).first_of_month() == month)
                .count();
            Some((month.strftime("%b %Y").to_string(), n_ended))
        })
        .collect();
    html! {
        p.meta { "Finished in "
            @for (n, (month, n_ended)) in months.iter().enumerate() { @if n > 0 { ", " } (month) ": " (n_ended) }
            "." }
    }
}

/// Days as people say them.
pub fn days_in_words(days: f64) -> String {
    match days {
        days if days < 1.0 => "less than a day".into(),
        days if days < 1.5 => "1 day".into(),
        days => format!("{days:.0} days"),
    }
}
