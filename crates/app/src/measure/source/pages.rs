//! Sources as pages: for those who run changes to see, for administrators to make, ask and remove.

mod one;

use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use traction_domain::measure::source::SourceWritten;
use traction_domain::refusal::{Refusal, RefusalKind};

use crate::measure::source::connections::Connections;
use crate::measure::source::fresh::{self, Fresh};
use crate::measure::source::{store, verbs};
use crate::offer::metric;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on, when};

pub use one::show;

/// What a query looks like.
const EXAMPLE: &str = "SELECT ward AS unit, date_trunc('week', day)::date AS period,\n       sum(falls) AS numerator, sum(bed_days) AS denominator\nFROM falls WHERE day >= current_date - 60\nGROUP BY 1, 2";

/// `GET /sources`
pub async fn list(view: View) -> Answer {
    let who = view.signed_in()?;
    who.must_lead_changes("see sources")?;
    let sql = view.world.store().read();
    let mut sources = Vec::new();
    for source in store::all(sql).await? {
        let fresh = fresh::of(&view.world, sql, &source).await?;
        let metric =
            metric::store::one(sql, source.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
        sources.push((source, fresh, metric));
    }
    let n_asked = sources.iter().filter(|(_, fresh, _)| fresh.stale_at.is_some()).count();
    let n_stale = sources.iter().filter(|(_, fresh, _)| fresh.is_stale(view.now)).count();
    let is_failing = |fresh: &Fresh| ["lost", "refused", "nothing came"].contains(&fresh.state(view.now));
    let n_failing = sources.iter().filter(|(_, fresh, _)| is_failing(fresh)).count();
    Ok(Page::new(Stage::Measure, "Sources", html! {
        @match (n_asked, n_stale) {
            (0, _) => "No numbers come by themselves yet.",
            (n, 0) => { (counted(n, "source is", "sources are")) " asked by schedule; none is stale." }
            (n, stale) => { (stale) " of " (counted(n, "source", "sources")) " brought nothing new for too long." }
        }
        @if n_failing > 0 { " The last run of " (n_failing) " took nothing." }
    })
    .crumb("/outcomes", "Outcomes")
    .action(html! { @if who.is_administrator() { a.button href="/sources/new" { "Add a source" } } })
    .body(html! {
        @if sources.is_empty() {
            p.empty { "A source is a query on your own database, or on a folder of CSV and Parquet files, that gives a number per unit and period. It is asked by a schedule, so that nobody has to send a file, and late corrections come in by themselves. Each run is written down. An administrator adds the first." }
        } @else {
            table.list.folds {
                thead { tr { th { "Source" } th { "Fills" } th { "Last period" } th { "New since" } th { "Next" } th { "" } } }
                tbody { @for (source, fresh, metric) in &sources { tr {
                    td { a href={ "/sources/" (source.slug) } { (source.name) } }
                    td data-th="Fills" { a href={ "/outcomes/" (metric.slug) } { (metric.name) } }
                    td data-th="Last period" { (fresh.last_told().unwrap_or_else(|| "none yet".into())) }
                    td data-th="New since" { @if fresh.last.is_some() { (when::relative(&view, fresh.since)) } @else { "–" } }
                    td data-th="Next" { @match fresh.next_at { Some(next_at) => (when::relative(&view, next_at)), None => "by hand" } }
                    td { (pill(fresh.state(view.now))) }
                } } }
            }
        }
    })
    .show(&view))
}

/// How it stands, as a word.
fn pill(state: &str) -> Markup {
    let is_well = ["fresh", "by hand", "not asked yet"].contains(&state);
    html! { @if is_well { span.pill { (state) } } @else { span.pill.harm { (state) } } }
}

/// `GET /sources/new`
pub async fn new(view: View) -> Answer {
    view.signed_in()?.must_administer("add a source")?;
    form_page(&view, &Filled::with([("query", EXAMPLE.into()), ("schedule", "0 6 * * 1".into())]), None).await
}

/// `POST /sources`
pub async fn add(view: View, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let metric =
        filled.parsed::<traction_domain::org::slug::Slug>("metric", "a metric; choose one from the list");
    let added = match metric {
        Err(refused) => Err(refused.into()),
        Ok(slug) => {
            let metric = metric::verbs::find(view.world.store().read(), slug.as_str()).await?;
            verbs::add(&view.world, who, metric.id, written(&filled)).await
        }
    };
    match lead_on(added, |slug| format!("/sources/{slug}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(form_page(&view, &filled, Some(refused.as_ref())).await),
    }
}

/// `POST /sources/{source}`: what it asks from now on.
pub async fn change(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let changed = verbs::change(&view.world, view.signed_in()?, &slug, written(&filled)).await;
    match changed {
        Err(Trouble::Refused(refused)) if refused.kind() == RefusalKind::Wish => {
            again(one::page(&view, &slug, Some((&filled, refused.as_ref()))).await)
        }
        other => {
            other?;
            Ok(Redirect::to(&format!("/sources/{slug}")).into_response())
        }
    }
}

fn written(filled: &Filled) -> SourceWritten<'_> {
    SourceWritten {
        name: filled.text("name"),
        connection: filled.text("connection"),
        query: filled.text("query"),
        schedule: filled.text("schedule"),
    }
}

/// `POST /sources/{source}/runs`: asks it now.
pub async fn run(view: View, Path(slug): Path<String>) -> Answer {
    verbs::run(&view.world, view.signed_in()?, &slug).await?;
    Ok(Redirect::to(&format!("/sources/{slug}")).into_response())
}

/// `POST /sources/{source}/end`
pub async fn remove(view: View, Path(slug): Path<String>) -> Answer {
    verbs::remove(&view.world, view.signed_in()?, &slug).await?;
    Ok(Redirect::to("/sources").into_response())
}

async fn form_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let metrics = metric::store::all(view.world.store().read()).await?;
    let options: Vec<(String, String)> =
        metrics.iter().map(|metric| (metric.slug.to_string(), metric.name.clone())).collect();
    let form = Form::new(filled, refused);
    Ok(Page::new(
        Stage::Measure,
        "Add a source",
        html! {
            "A query on your own database or folder of files, asked by a schedule: what it gives is taken whole, or not at all."
        },
    )
    .crumb("/outcomes", "Outcomes")
    .crumb("/sources", "Sources")
    .body(html! {
        form.stack method="post" action="/sources" {
            (form.notice())
            (form.line("name", "What is it called?", "As in “Falls from the ward system”."))
            (form.choice("metric", "Which metric does it fill?", "", &options))
            (asking(&form, &view.world.settings().connections, filled))
            button.button { "Add it" }
        }
    })
    .show(view))
}

/// The entries of what a source asks.
fn asking(form: &Form<'_>, connections: &Connections, filled: &Filled) -> Markup {
    let mut known: Vec<(String, String)> =
        connections.names().map(|name| (name.to_string(), name.to_string())).collect();
    let chosen = filled.text("connection");
    if !chosen.is_empty() && !known.iter().any(|(name, _)| name == chosen) {
        known.push((chosen.to_owned(), format!("{chosen} (not set on this server)")));
    }
    let connection = if known.is_empty() {
        form.line("connection", "Which connection?", "A name like WAREHOUSE. Whoever runs the server puts its address into the environment as TRACTION_SOURCE_WAREHOUSE; none is set yet.")
    } else {
        form.choice(
            "connection",
            "Which connection?",
            "Addresses stand in the server's environment, and nowhere here.",
            &known,
        )
    };
    html! {
        (connection)
        (form.field("query", "The query", "It must give unit, period, and value or numerator and denominator, and no other column: nothing about persons. It only reads, for a minute at most, for 200,000 rows at most.", html! {
            textarea #query name="query" rows="8" spellcheck="false" aria-describedby="query-about" style="font-family: monospace; font-size: .875rem" { "\n" (filled.text("query")) }
        }))
        (form.line("schedule", "When is it asked?", "Minute, hour, day, month, weekday: “0 6 * * 1” is each Monday at six. Empty: only by hand."))
    }
}
