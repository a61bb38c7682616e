//! A source's page: how fresh it is, what is there as a picture, its last runs, what it asks.

use maud::{Markup, html};
use traction_domain::measure::source::tries::Ended;
use traction_domain::refusal::Refusal;

use super::asking;
use crate::measure::outcome::pages::picture_of;
use crate::measure::source::fresh::{self, Fresh};
use crate::measure::source::store::runs::{self, Run};
use crate::measure::source::store::{self, Source};
use crate::measure::source::{api, verbs};
use crate::offer::metric;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Page, Path, View, layout, when};

/// So many runs are listed.
const N_RUNS: usize = 20;
/// So much of a hash is shown; the whole stands behind it.
const N_LETTERS_OF_HASH: usize = 12;

/// `GET /sources/{source}`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    page(&view, &slug, None).await
}

/// The page; `again` holds what was filled in to change it, and why it was refused.
pub async fn page(view: &View, slug: &str, again: Option<(&Filled, &dyn Refusal)>) -> Answer {
    let who = view.signed_in()?;
    who.must_lead_changes("see sources")?;
    let sql = view.world.store().read();
    let source = verbs::find(sql, slug).await?;
    let metric = metric::store::one(sql, source.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let fresh = fresh::of(&view.world, sql, &source).await?;
    let runs = runs::runs(sql, source.id, N_RUNS).await?;
    let mut beside = store::of_metric(sql, source.metric).await?;
    beside.retain(|other| other.id != source.id);
    let picture = picture_of(sql, &metric, fresh.calendar).await?;
    let may = who.is_administrator();
    Ok(Page::new(Stage::Measure, source.name.clone(), answer(view, &source, &fresh))
        .crumb("/outcomes", "Outcomes")
        .crumb("/sources", "Sources")
        .action(html! {
            @if may { form method="post" action={ "/sources/" (source.slug) "/runs" } { button.button { "Ask it now" } } }
        })
        .body(html! {
            @if let Some(stale_at) = fresh.stale_at.filter(|_| fresh.is_stale(view.now)) {
                p.notice.refused { "Stale " (when::relative(view, stale_at)) ": nothing new came for twice as long as it should take. Look at the last run; if it went well, the database has nothing new." }
            }
            section { (picture) p.meta { "What it fills: " a href={ "/outcomes/" (metric.slug) } { (metric.name) } ", " (metric.unit_of_measure) "."
                @if !beside.is_empty() { " So " @if beside.len() == 1 { "does " } @else { "do " } (beside_it(&beside)) ": each unit and period has the source that gave it first." }
            } }
            (list(view, &runs))
            (asked(view, &source))
            @if may { (change(view, &source, again)) }
        })
        .show(view))
}

/// The sources that fill the same metric, with their pages.
fn beside_it(beside: &[Source]) -> Markup {
    html! { @for (nth, other) in beside.iter().enumerate() {
        @if nth > 0 { ", " } a href={ "/sources/" (other.slug) } { (other.name) }
    } }
}

/// "The last value is of week 44 of 2026, new 9 days ago. Asked at 06:00, on Monday; next in 5 days."
fn answer(view: &View, source: &Source, fresh: &Fresh) -> Markup {
    html! {
        @match fresh.last_told() {
            Some(last) => { "The last value is of " (last) "; something new came " (when::relative(view, fresh.since)) ". " }
            None => "Nothing has come yet. ",
        }
        @match (&source.asks.schedule, fresh.next_at) {
            (Some(schedule), Some(next_at)) => { "Asked by itself: " (schedule.told()) " (" (when::zone_name(view)) "); next " (when::relative(view, next_at)) "." }
            _ => "It is asked only when somebody says so.",
        }
    }
}

fn list(view: &View, runs: &[Run]) -> Markup {
    html! {
        section {
            h2 { "Its last runs" }
            @if runs.is_empty() {
                p.empty { "It was not asked yet. Each run is written down here: what was asked, what came, how long it took, and what it changed or why it changed nothing." }
            } @else {
                table.list.folds {
                    thead { tr { th { "When" } th { "State" } th { "What came of it" } th.figure { "Took" } th { "SHA-256 of what came" } } }
                    tbody { @for run in runs { (row(view, run)) } }
                }
            }
        }
    }
}

fn row(view: &View, run: &Run) -> Markup {
    let state = api::state(run, view.now);
    html! { tr {
        td { (when::relative(view, run.started_at)) p.meta { @match run.due_at {
            Some(_) => { "by schedule" @if run.n_try > 1 { ", try " (run.n_try) } }
            None => { "by " (run.by) }
        } } }
        td data-th="State" { @match &run.end {
            None if !run.is_lost(view.now) => span.pill { (state) },
            Some(end) if end.how == Ended::Taken => span.pill.pull { (state) },
            _ => span.pill.harm { (state) },
        } }
        td data-th="What came of it" { @match &run.end {
            None if run.is_lost(view.now) => "The server was stopped while it ran; nothing of it was kept.",
            None => "–",
            Some(end) => (layout::sentence(&api::told(end))),
        } }
        td.figure data-th="Took" { @if let Some(end) = &run.end { (format!("{:.1} s", end.at.since(run.started_at).as_secs_f64())) } }
        td data-th="SHA-256" { @if let Some(came) = run.end.as_ref().and_then(|end| end.came.as_ref()) {
            code title=(came.sha256) { (came.sha256.chars().take(N_LETTERS_OF_HASH).collect::<String>()) "…" }
        } }
    } }
}

fn asked(view: &View, source: &Source) -> Markup {
    let is_set = view.world.settings().connections.address(&source.asks.connection).is_some();
    html! {
        section {
            h2 { "What it asks" }
            pre style="overflow-x: auto" { code { (source.asks.query) } }
            p.meta { "Of the connection " code { (source.asks.connection) } @if !is_set { ", which this server does not have" } ", since " (when::date(view, source.asks_since)) ". Runs before asked what was set then." }
        }
    }
}

/// The form that has it ask something else, and the end of it.
fn change(view: &View, source: &Source, again: Option<(&Filled, &dyn Refusal)>) -> Markup {
    let now = Filled::with([
        ("connection", source.asks.connection.to_string()),
        ("query", source.asks.query.clone()),
        ("schedule", source.asks.schedule.as_ref().map(ToString::to_string).unwrap_or_default()),
    ]);
    let filled = again.map_or(&now, |(filled, _)| filled);
    let form = Form::new(filled, again.map(|(_, refused)| refused));
    html! {
        details open[again.is_some()] {
            summary { "Have it ask something else, or remove it" }
            form.stack method="post" action={ "/sources/" (source.slug) } {
                (form.notice())
                (asking(&form, &view.world.settings().connections, filled))
                button.button { "Ask this from now on" }
            }
            form method="post" action={ "/sources/" (source.slug) "/end" } {
                p { button.button.quiet { "Remove it" } " What it brought stays, with its runs." }
            }
        }
    }
}
