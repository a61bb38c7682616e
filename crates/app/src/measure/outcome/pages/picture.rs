//! What is there, as a picture: units × periods, with what is missing and what was corrected.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use traction_domain::measure::outcome::calendar::Calendar;
use traction_stats::panel::Period;

use crate::measure::outcome::store::course;
use crate::offer::metric::store::Metric;
use crate::store::Sql;
use crate::trouble::Broken;
use crate::web::charts::{Coverage, CoverageRow, Downloads, Known};
use crate::web::counted;

/// The picture goes back so many periods at most.
const N_PERIODS: usize = 104;
/// And has so many units; those with the most gaps and corrections come first where there are more.
const N_UNITS: usize = 60;

/// The picture of a metric.
pub async fn of(sql: &Sql, metric: &Metric, calendar: Option<Calendar>) -> Result<Markup, Broken> {
    let there = course::there(sql, metric.id).await?;
    let observed: BTreeSet<Period> = there.iter().map(|there| there.period).collect();
    let periods = periods(&observed, calendar);
    let mut by_unit: BTreeMap<String, BTreeMap<Period, usize>> = BTreeMap::new();
    for there in there {
        let words = by_unit.entry(there.unit_name).or_default();
        if !there.is_taken_back {
            words.insert(there.period, there.n_words);
        }
    }
    let n_units = by_unit.len();
    let known = |words: &BTreeMap<Period, usize>, period: &Period| match words.get(period) {
        None => Known::Missing,
        Some(1) => Known::There,
        Some(_) => Known::Corrected,
    };
    let mut rows: Vec<CoverageRow> = by_unit
        .iter()
        .map(|(name, words)| CoverageRow {
            name: name.clone(),
            cells: periods.iter().map(|period| known(words, period)).collect(),
        })
        .collect();
    if rows.len() > N_UNITS {
        let n_telling = |row: &CoverageRow| row.cells.iter().filter(|cell| **cell != Known::There).count();
        rows.sort_by_key(|row| std::cmp::Reverse(n_telling(row)));
        rows.truncate(N_UNITS);
    }
    let n_of = |what: Known| rows.iter().flat_map(|row| &row.cells).filter(|cell| **cell == what).count();
    let (n_missing, n_corrected) = (n_of(Known::Missing), n_of(Known::Corrected));
    let title = match (n_missing, n_corrected) {
        (0, 0) => "Nothing is missing, and nothing was corrected".to_owned(),
        (0, n) => format!("Nothing is missing; {} corrected", counted(n, "value was", "values were")),
        (n, 0) => format!("{} missing; nothing was corrected", counted(n, "value is", "values are")),
        (missing, n) => format!("{} missing, {n} corrected", counted(missing, "value is", "values are")),
    };
    let told = |period: &Period| period.to_string();
    let picture = Coverage { periods: periods.iter().map(told).collect(), rows };
    Ok(html! {
        (picture.chart(title).figure(&Downloads::Inside))
        @if n_units > N_UNITS { p.meta { "Of " (n_units) " units the " (N_UNITS) " with the most gaps and corrections are drawn." } }
        @if observed.len() > periods.len() { p.meta { "The last " (periods.len()) " periods are drawn." } }
    })
}

/// The periods from the first to the last, with those of which nothing is known where the calendar tells of them.
fn periods(observed: &BTreeSet<Period>, calendar: Option<Calendar>) -> Vec<Period> {
    match (calendar, observed.first(), observed.last()) {
        (Some(calendar), Some(first), Some(last)) => calendar.span(*first, *last, N_PERIODS),
        _ => observed.iter().skip(observed.len().saturating_sub(N_PERIODS)).copied().collect(),
    }
}
