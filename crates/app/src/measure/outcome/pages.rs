//! Outcomes as pages: what is known of each metric, and taking a table in, seen before it is done.

use std::collections::BTreeMap;

use maud::{Markup, html};
use traction_domain::org::who::Who;
use traction_domain::refusal::Refusal;
use traction_stats::panel::Period;

use crate::measure::import::outcomes;
use crate::measure::import::report::Report;
use crate::measure::import::sheet::File;
use crate::measure::outcome::store::{self, Outcome};
use crate::measure::outcome::verbs::Mode;
use crate::offer::metric;
use crate::offer::metric::store::Metric;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on, when};

/// `GET /outcomes`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let metrics = metric::store::all(sql).await?;
    let extents = store::extents(sql).await?;
    let n_known = extents.len();
    Ok(Page::new(Stage::Measure, "Outcomes", html! {
        "Of " (n_known) " of " (metrics.len()) " metrics something is known."
    })
    .crumb("/uptake", "Uptake")
    .body(html! {
        @if metrics.is_empty() {
            p.empty { "A metric comes into being with a change's goal. Its outcomes, one number per unit and period, show what the change did. " a href="/changes/new" { "Open a change." } }
        } @else {
            table.list {
                thead { tr { th { "Metric" } th.figure { "Units" } th.figure { "Periods" } th { "Last taken in" } } }
                tbody { @for metric in &metrics {
                    @let extent = extents.iter().find(|extent| extent.metric == metric.id);
                    tr {
                        td { a href={ "/outcomes/" (metric.slug) } { (metric.name) } span.meta { " " (metric.unit_of_measure) } }
                        td.figure { (extent.map_or(0, |extent| extent.n_units)) }
                        td.figure { (extent.map_or(0, |extent| extent.n_periods)) }
                        td { @if let Some(extent) = extent { (when::relative(&view, extent.last_at)) } @else { "–" } }
                    }
                } }
            }
        }
    })
    .show(&view))
}

/// `GET /outcomes/{metric}`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    let metric = metric::verbs::find(view.world.store().read(), &slug).await?;
    page(&view, &metric, &Filled::default(), None, None).await
}

/// `POST /outcomes/{metric}`: a table, to be looked at first (`step` is `try`) or taken in (`take`).
pub async fn take(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let metric = metric::verbs::find(view.world.store().read(), &slug).await?;
    let who = view.signed_in()?;
    let mode = if filled.text("step") == "take" { Mode::Take } else { Mode::Try };
    match (take_rows(&view, who, &metric, &filled, mode).await, mode) {
        (Ok(report), Mode::Try) => page(&view, &metric, &filled, None, Some(&report)).await,
        (done, _) => match lead_on(done, |_| format!("/outcomes/{slug}"))? {
            Led::On(response) => Ok(response),
            Led::Again(refused) => again(page(&view, &metric, &filled, Some(refused.as_ref()), None).await),
        },
    }
}

async fn take_rows(
    view: &View,
    who: &Who,
    metric: &Metric,
    filled: &Filled,
    mode: Mode,
) -> Result<Report, Trouble> {
    let file = File { name: "the table".into(), bytes: rows(filled).as_bytes().to_vec() };
    outcomes::run(&view.world, who, &file, metric, mode).await
}

/// The file where one was chosen, else what was pasted.
fn rows(filled: &Filled) -> &str {
    let file = filled.text("file");
    if file.trim().is_empty() { filled.text("rows") } else { file }
}

async fn page(
    view: &View,
    metric: &Metric,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
    report: Option<&Report>,
) -> Answer {
    let known = store::panel(view.world.store().read(), metric.id, None).await?;
    let by_period = by_period(&known);
    let may = view.who.as_ref().is_some_and(metric::verbs::may_offer);
    Ok(Page::new(Stage::Measure, metric.name.clone(), answer(metric, &known, &by_period))
        .crumb("/outcomes", "Outcomes")
        .body(html! {
            @if let Some(report) = report { (preview(metric, filled, report)) }
            @if !by_period.is_empty() {
                section {
                    h2 { "By period" }
                    table.list {
                        thead { tr { th { "Period" } th.figure { "Units" } th.figure { "Mean, " (metric.unit_of_measure) } } }
                        tbody { @for (period, values) in by_period.iter().rev() { tr {
                            td { (period) } td.figure { (values.len()) } td.figure { (figure(mean(values))) }
                        } } }
                    }
                }
            }
            @if may && report.is_none() { (form(metric, filled, refused)) }
        })
        .show(view))
}

fn answer(metric: &Metric, known: &[Outcome], by_period: &BTreeMap<Period, Vec<f64>>) -> Markup {
    let mut units: Vec<_> = known.iter().map(|outcome| outcome.unit).collect();
    units.sort_unstable();
    units.dedup();
    html! {
        @match (by_period.first_key_value(), by_period.last_key_value()) {
            (Some((first, _)), Some((last, values))) => {
                (counted(units.len(), "unit", "units")) " from " (first) " to " (last) "; last on average " (figure(mean(values))) " " (metric.unit_of_measure) "."
            }
            _ => { "Nothing is known yet. One row per unit and period is all it takes." }
        }
    }
}

fn by_period(known: &[Outcome]) -> BTreeMap<Period, Vec<f64>> {
    let mut by_period = BTreeMap::<Period, Vec<f64>>::new();
    for outcome in known {
        by_period.entry(outcome.period).or_default().push(outcome.value);
    }
    by_period
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// A number with about four digits.
fn figure(number: f64) -> String {
    match number.abs() {
        size if size >= 1_000.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.3}"),
    }
}

/// What would happen, and the button that does it.
fn preview(metric: &Metric, filled: &Filled, report: &Report) -> Markup {
    html! {
        section.notice {
            h2 { "This would happen" }
            p { (counted(report.n_rows, "row", "rows")) ": "
                @for (what, n) in &report.changed { (n) " " (what) ", " } (report.n_unchanged) " known already." }
            @if report.changes_something() {
                form method="post" action={ "/outcomes/" (metric.slug) } {
                    input type="hidden" name="step" value="take";
                    textarea name="rows" hidden { "\n" (rows(filled)) }
                    button.button { "Take them in" }
                }
            }
            p { a href={ "/outcomes/" (metric.slug) } { "Leave it" } }
        }
    }
}

fn form(metric: &Metric, filled: &Filled, refused: Option<&dyn Refusal>) -> Markup {
    let form = Form::new(filled, refused);
    html! {
        section {
            h2 { "Take outcomes in" }
            form.stack method="post" action={ "/outcomes/" (metric.slug) } enctype="multipart/form-data" {
                (form.notice())
                input type="hidden" name="step" value="try";
                (form.field("rows", "Paste a table", "First line: unit, period and value (or numerator and denominator). A correction is simply sent again.", html! {
                    textarea #rows name="rows" rows="8" placeholder="unit,period,value" aria-describedby="rows-about" {
                        "\n" (rows(filled))
                    }
                }))
                (form.field("file", "Or choose a file", "CSV in UTF-8; comma, semicolon or tab.", html! {
                    input #file name="file" type="file" accept=".csv,.tsv,text/csv" aria-describedby="file-about";
                }))
                button.button { "See what would happen" }
            }
        }
    }
}
