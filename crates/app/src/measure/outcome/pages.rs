//! Outcomes as pages: what is known of each metric, as a picture and by period, and what was corrected.

mod corrected;
mod picture;
mod upload;

use std::collections::BTreeMap;

use maud::{Markup, html};
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::refusal::Refusal;
use traction_stats::panel::Period;

use crate::measure::outcome::store::{self, Outcome};
use crate::offer::metric;
use crate::offer::metric::store::Metric;
use crate::overview::figures::Stage;
use crate::web::{Answer, Filled, Page, Path, View, counted, when};

pub use corrected::file as corrections_file;
pub use picture::of as picture_of;
pub use upload::take;

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
    .action(html! {
        @if view.who.as_ref().is_some_and(|who| who.is_change_lead() || who.is_administrator()) {
            a.button.quiet href="/sources" { "Sources: numbers that come by themselves" }
        }
    })
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
    page(&view, &metric, &Filled::default(), None).await
}

async fn page(view: &View, metric: &Metric, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let known = store::panel(sql, metric.id, None).await?;
    let calendar = store::calendar(sql, metric.id).await?;
    let by_period = by_period(&known);
    let may = view.who.as_ref().is_some_and(metric::verbs::may_offer);
    let picture = picture::of(sql, metric, calendar).await?;
    let corrections = corrected::section(view, metric).await?;
    Ok(Page::new(Stage::Measure, metric.name.clone(), answer(metric, calendar, &known, &by_period))
        .crumb("/outcomes", "Outcomes")
        .body(html! {
            @if !by_period.is_empty() {
                section { (picture) }
                section {
                    h2 { "By period" }
                    table.list {
                        thead { tr { th { "Period" } th.figure { "Units" } th.figure { "Mean, " (metric.unit_of_measure) } } }
                        tbody { @for (period, outcomes) in by_period.iter().rev() { tr {
                            td { (period) } td.figure { (outcomes.len()) } td.figure { (figure(mean(outcomes))) }
                        } } }
                    }
                    @if known.iter().any(|outcome| outcome.parts.is_some()) {
                        p.meta { "Where every unit has a numerator and a denominator, the mean is all numerators together over all denominators; else each unit counts alike." }
                    }
                }
                (corrections)
            }
            @if may { (upload::form(metric, filled, refused)) }
        })
        .show(view))
}

fn answer(
    metric: &Metric,
    calendar: Option<Calendar>,
    known: &[Outcome],
    by_period: &BTreeMap<Period, Vec<&Outcome>>,
) -> Markup {
    let mut units: Vec<_> = known.iter().map(|outcome| outcome.unit).collect();
    units.sort_unstable();
    units.dedup();
    html! {
        @match (by_period.first_key_value(), by_period.last_key_value()) {
            (Some((first, _)), Some((last, outcomes))) => {
                (counted(units.len(), "unit", "units")) " from " (first) " to " (last) "; last on average " (figure(mean(outcomes))) " " (metric.unit_of_measure) "."
                @if let Some(calendar) = calendar { " Kept by " (calendar) "." }
            }
            _ => { "Nothing is known yet. One row per unit and period is all it takes." }
        }
    }
}

fn by_period(known: &[Outcome]) -> BTreeMap<Period, Vec<&Outcome>> {
    let mut by_period = BTreeMap::<Period, Vec<&Outcome>>::new();
    for outcome in known {
        by_period.entry(outcome.period).or_default().push(outcome);
    }
    by_period
}

/// Of parts that all have: the numerators together over the denominators together, so that a unit of one bed counts as one.
fn mean(outcomes: &[&Outcome]) -> f64 {
    let parts: Option<Vec<(f64, f64)>> = outcomes.iter().map(|outcome| outcome.parts).collect();
    match parts {
        Some(parts) => {
            let numerators: f64 = parts.iter().map(|(numerator, _)| numerator).sum();
            numerators / parts.iter().map(|(_, denominator)| denominator).sum::<f64>()
        }
        None => outcomes.iter().map(|outcome| outcome.value).sum::<f64>() / outcomes.len() as f64,
    }
}

/// A number with about four digits.
fn figure(number: f64) -> String {
    match number.abs() {
        size if size >= 1_000.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.3}"),
    }
}
