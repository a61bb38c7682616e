//! The panel of a change: units × periods from the outcomes of its metric, with each unit's start from its slots.
//!
//! It estimates nothing, and it leaves no unit out: units without a slot are those that have not started.
//!
//! **The rule of the start.** A unit's start is the period that contains the moment from which its slot counts: that
//! period is the first with the solution, even where the slot begins in its midst. Periods are calendar years
//! (whole numbers), months, or dates that name the first day of their period; all in UTC. A slot that begins after
//! the last observed period leaves its unit among those not yet started; one that begins before the first starts
//! its unit at its own date, so that the unit counts as treated throughout and carries no base.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use traction_stats::panel::{Kind, Panel, PanelBuilder, PanelRefused, Period, Row, Unbalanced};

use crate::refusal::Refusal;
use crate::time::Moment;

/// One value of a unit, as the panel takes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed<'a> {
    /// The unit's short name.
    pub unit: &'a str,
    /// When.
    pub period: Period,
    /// The outcome, in the metric's unit of measure.
    pub value: f64,
}

/// Why there is no panel.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoPanel {
    /// No outcomes.
    #[error(
        "there are no outcomes of this metric yet; import them with `traction import outcomes FILE --metric SLUG`, or on the metric's page"
    )]
    NoOutcomes,
    /// The rows do not fit together.
    #[error(transparent)]
    Rows(#[from] PanelRefused),
}

impl Refusal for NoPanel {}

/// The panel of `observed`, in the order in which the units come.
///
/// - `observed`: one row per unit and period, all periods of one kind.
/// - `begins`: by the unit's short name, the moment from which its first slot counts; absent for units without.
pub fn panel(
    observed: &[Observed<'_>],
    begins: &BTreeMap<&str, Moment>,
    unbalanced: Unbalanced,
) -> Result<Panel, NoPanel> {
    let mut periods: Vec<Period> = observed.iter().map(|row| row.period).collect();
    periods.sort_unstable();
    periods.dedup();
    if periods.is_empty() {
        return Err(NoPanel::NoOutcomes);
    }
    let mut builder = PanelBuilder::new();
    for (number, row) in (1..).zip(observed) {
        builder.push(Row {
            line: number,
            unit: row.unit,
            period: row.period,
            outcome: row.value,
            start: begins.get(row.unit).map(|begins| start(&periods, *begins)),
        })?;
    }
    Ok(builder.finish(unbalanced)?)
}

/// The period that contains `begins`, of the kind of `periods`; see the rule of the start.
///
/// - `periods`: the observed ones, ascending, without repeats, all of one kind; at least one.
pub fn start(periods: &[Period], begins: Moment) -> Period {
    let date = begins.date();
    match periods.first().map(|period| period.kind()) {
        Some(Kind::Month) => Period::Month { year: date.year(), month: date.month() },
        Some(Kind::Day) => day_that_begins_the_period(periods, date),
        Some(Kind::Number) | None => Period::Number(i64::from(date.year())),
    }
}

/// How many of these begin in the midst of a period, which then counts as the first with the solution.
///
/// - `periods`: the observed ones, ascending, without repeats, all of one kind; at least one.
pub fn n_begun_within(periods: &[Period], begun: impl Iterator<Item = Moment>) -> usize {
    let is_within = |moment: &Moment| {
        let period = start(periods, *moment);
        periods.contains(&period) && begins(period).is_some_and(|begins| begins.date() < moment.date())
    };
    begun.filter(is_within).count()
}

fn day_that_begins_the_period(periods: &[Period], date: Date) -> Period {
    let days: Vec<Date> = periods
        .iter()
        .filter_map(|period| if let Period::Day(day) = period { Some(*day) } else { None })
        .collect();
    let Some(last_before) = days.iter().rposition(|day| *day <= date) else { return Period::Day(date) };
    let is_last = last_before + 1 == days.len();
    // The last period is taken to be as long as the one before it.
    let is_after_end = match days.len().checked_sub(2) {
        Some(before) if is_last => {
            date > days[last_before] && {
                let length = days[last_before].duration_since(days[before]);
                date.duration_since(days[last_before]) >= length
            }
        }
        _ => false,
    };
    Period::Day(if is_after_end { date } else { days[last_before] })
}

/// The moment at which a period begins, in UTC: years on 1 January, months on their first day.
///
/// `None` for whole numbers that are no years of the calendar (-9999 to 9999).
pub fn begins(period: Period) -> Option<Moment> {
    let date = match period {
        Period::Number(year) => Date::new(i16::try_from(year).ok()?, 1, 1).ok()?,
        Period::Month { year, month } => Date::new(year, month, 1).ok()?,
        Period::Day(date) => date,
    };
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| Moment::from_timestamp(zoned.timestamp()))
}
