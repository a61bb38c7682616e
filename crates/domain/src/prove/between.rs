//! Starts between two observed periods: which of the two counts as the first with it, said aloud.
//!
//! It moves no start. What the period before stands for, whoever made the table knows.

use traction_stats::panel::{Panel, Period};

use super::check::{Check, CheckName, Held};

/// Says when starts lie between two observed periods; nothing where each is one.
pub(super) fn check(panel: &Panel) -> Option<Check> {
    let periods = panel.periods();
    let between = |start: Period| {
        let next = periods.partition_point(|period| *period < start);
        let is_between = (1..periods.len()).contains(&next) && periods[next] != start;
        is_between.then(|| (start, periods[next - 1], periods[next]))
    };
    let between: Vec<_> = panel.cohorts().iter().filter_map(|cohort| between(cohort.start)).collect();
    let (start, before, next) = *between.first()?;
    let counts = match between.len() {
        1 => format!(
            "The start {start} lies between two observed periods and counts from the next one on, {next}."
        ),
        n => format!(
            "{n} starts lie between two observed periods and count from the next one on; the first, {start}, from {next}."
        ),
    };
    let says = format!(
        "{counts} Where {before} stands for all the time until {next}, part of it lies after the start: then give {before} \
         as the start."
    );
    Some(Check { name: CheckName::StartsBetween, held: Held::Untested, test: None, says })
}
