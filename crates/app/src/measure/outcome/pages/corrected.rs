//! What was corrected: the value before, the value since, when, and who sent it. For those who may see units' figures.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use maud::{Markup, html};
use traction_domain::measure::outcome::Measured;
use traction_domain::org::who::Who;

use crate::measure::outcome::store::course::{self, Correction};
use crate::offer::metric;
use crate::offer::metric::store::Metric;
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Path, View, counted, when};

/// How many the page lists.
const N_LISTED: usize = 50;
/// How many the file has at most.
const N_IN_FILE: usize = 100_000;

/// Whether he may see a unit's own figures: those who run changes, coaches, and its own people.
fn may_see(who: &Who, correction: &Correction) -> bool {
    who.is_change_lead() || who.is_administrator() || who.is_coach() || who.belongs_to(correction.unit)
}

async fn seen(view: &View, metric: &Metric, limit: usize) -> Result<Vec<Correction>, Broken> {
    let Some(who) = &view.who else { return Ok(vec![]) };
    let mut all = course::corrections(view.world.store().read(), metric.id, limit).await?;
    all.retain(|correction| may_see(who, correction));
    Ok(all)
}

/// The list on the metric's page; nothing where there is nothing he may see.
pub async fn section(view: &View, metric: &Metric) -> Result<Markup, Broken> {
    let seen = seen(view, metric, N_LISTED).await?;
    Ok(html! {
        @if !seen.is_empty() {
            section {
                h2 { "What was corrected" }
                p { "The value since counts; the one before stays readable here." }
                table.list.folds {
                    thead { tr { th { "Unit" } th { "Period" } th { "Before" } th { "Since" } th { "Corrected" } } }
                    tbody { @for correction in &seen { tr {
                        td { (correction.unit_name) }
                        td data-th="Period" { (correction.period) }
                        td data-th="Before" { (told(correction.before.0)) span.meta { " from " (when::date(view, correction.before.1)) } }
                        td data-th="Since" { (told(correction.after.0)) }
                        td data-th="Corrected" { (when::relative(view, correction.after.1)) span.meta { " by " (by(correction)) } }
                    } } }
                }
                p.meta { a href={ "/outcomes/" (metric.slug) "/corrections.csv" } { "All corrections (CSV)" } }
            }
        }
    })
}

/// A measured value: 2.5, or 3 of 4.
pub fn told(measured: Measured) -> String {
    match measured {
        Measured::Value(value) => short(value),
        Measured::Ratio { numerator, denominator } => {
            format!("{} of {}", short(numerator), short(denominator))
        }
        Measured::Nothing => "no value".into(),
    }
}

fn short(number: f64) -> String {
    let rounded = (number * 10_000.0).round() / 10_000.0;
    if rounded.is_finite() && number.abs() < 1e12 { rounded.to_string() } else { format!("{number:e}") }
}

/// A value with its numerator and denominator as cells of a file; empty ones where it was taken back, or has no such parts.
fn cells(measured: Measured) -> [String; 3] {
    let parts = match measured {
        Measured::Ratio { numerator, denominator } => [Some(numerator), Some(denominator)],
        Measured::Value(_) | Measured::Nothing => [None, None],
    };
    let cell = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    [cell(measured.value()), cell(parts[0]), cell(parts[1])]
}

fn by(correction: &Correction) -> String {
    match (correction.kind.as_str(), correction.by.as_deref()) {
        ("source", _) => "a source".into(),
        (_, Some("operator")) => "the command line".into(),
        (_, Some(by)) => by.to_owned(),
        (_, None) => "somebody, see the journal".into(),
    }
}

/// `GET /outcomes/{metric}/corrections.csv`
pub async fn file(view: View, Path(slug): Path<String>) -> Answer {
    view.signed_in()?;
    let metric = metric::verbs::find(view.world.store().read(), &slug).await?;
    let seen = seen(&view, &metric, N_IN_FILE).await?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| Trouble::from(Broken::accident("writing corrections", error));
    csv.write_record([
        "unit",
        "period",
        "correction",
        "before",
        "before_numerator",
        "before_denominator",
        "before_at",
        "since",
        "since_numerator",
        "since_denominator",
        "since_at",
        "by",
    ])
    .map_err(wrong)?;
    for correction in &seen {
        let [before, before_numerator, before_denominator] = cells(correction.before.0);
        let [since, since_numerator, since_denominator] = cells(correction.after.0);
        csv.write_record([
            correction.slug.to_string(),
            correction.period.to_string(),
            correction.n.to_string(),
            before,
            before_numerator,
            before_denominator,
            correction.before.1.to_string(),
            since,
            since_numerator,
            since_denominator,
            correction.after.1.to_string(),
            inert(by(correction)),
        ])
        .map_err(wrong)?;
    }
    let bytes = csv.into_inner().map_err(|error| Broken::accident("writing corrections", error))?;
    let name = format!(
        "attachment; filename=\"{}-{}.csv\"",
        metric.slug,
        counted(seen.len(), "correction", "corrections").replace(' ', "-")
    );
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}

/// Spreadsheets run words that begin like a formula; an apostrophe before them keeps them words.
fn inert(words: String) -> String {
    if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{words}") } else { words }
}
