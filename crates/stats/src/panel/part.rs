//! Parts of a panel: some of its units, another outcome of them, or the time before the starts with starts made up.
//!
//! It changes no number that was observed, and estimates nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::finish::cohorts;
use super::{Panel, Period};

/// Starts that are made up: earlier than the true ones, and seen only as long as nothing had started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pretence {
    /// By how many steps of exposure each start is earlier; at least one.
    pub n_steps: u32,
    /// Steps before the true start that are not looked at either, because an effect is allowed for in them.
    pub anticipation: u32,
    /// How long units are looked at.
    pub until: Until,
}

/// How long units are looked at, where starts are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Each until its own true start; units that never start as long as any other is. Leaves gaps.
    OwnStart,
    /// All until the first true start.
    FirstStart,
}

impl Panel {
    /// The units (rows) for which `keeps` holds, in their order, with the periods in which any of them was seen;
    /// `None` if that is nobody.
    pub fn of_units(&self, keeps: impl Fn(usize) -> bool) -> Option<Panel> {
        let rows: Vec<usize> = (0..self.units.len()).filter(|&unit| keeps(unit)).collect();
        self.part(&Shown { rows: &rows, starts: &self.starts_of_units(), sees: &|_, _| true })
    }

    /// The panel whose outcome is the last covariate, by that covariate's name; and this one without it. `None` if
    /// there is no covariate, or none of its values is known.
    pub fn split_outcome(mut self) -> (Panel, Option<(String, Panel)>) {
        let Some(covariate) = self.covariates.pop() else { return (self, None) };
        let mut other = self.clone();
        for (period, column) in other.outcomes.iter_mut().enumerate() {
            // A value that never changes is known in all periods: where the unit was not seen it says nothing.
            let values = column.iter().zip(covariate.column(period));
            *column = Arc::new(values.map(|(y, value)| if y.is_nan() { f64::NAN } else { *value }).collect());
        }
        let seen: Vec<bool> =
            (0..other.units.len()).map(|unit| other.outcomes.iter().any(|y| !y[unit].is_nan())).collect();
        let other = other.of_units(|unit| seen[unit]);
        (self, other.map(|other| (covariate.name, other)))
    }

    /// The panel as it was before anything started, with starts made up; and for each of its units the row in this
    /// one. `None` if nothing is left.
    ///
    /// Units that would have no period left before the made-up start are not in it. Who starts after the last
    /// period left counts as never started.
    ///
    /// Source of the idea: placebo tests in time, as in Abadie, Diamond and Hainmueller (2015), AJPS 59(2), 495-510,
    /// section "placebo studies".
    pub fn pretend(&self, pretence: &Pretence) -> Option<(Panel, Vec<usize>)> {
        let ahead = i64::from(pretence.anticipation);
        let earlier = ahead + i64::from(pretence.n_steps);
        let starts = self.starts_of_units();
        let first =
            self.cohorts.iter().map(|cohort| cohort.start).find(|start| self.exposure(0, *start) < -ahead);
        let last = self.cohorts.last().map(|cohort| cohort.start);
        let end = match pretence.until {
            Until::OwnStart => last,
            Until::FirstStart => first,
        };
        let before =
            |period: usize, start: Option<Period>| start.is_none_or(|at| self.exposure(period, at) < -ahead);
        let sees = |unit: usize, period: usize| before(period, end) && before(period, starts[unit]);
        let made_up: Vec<Option<Period>> = starts
            .iter()
            .map(|start| {
                let start = (*start)?;
                let place =
                    (0..self.periods.len()).find(|&period| self.exposure(period, start) >= -earlier)?;
                Some(self.periods[place])
            })
            .collect();
        let keeps = |unit: usize| made_up[unit].is_none_or(|start| start > self.periods[0]);
        let seen = |unit: &usize| {
            keeps(*unit)
                && (0..self.periods.len()).any(|t| sees(*unit, t) && !self.outcomes[t][*unit].is_nan())
        };
        let rows: Vec<usize> = (0..self.units.len()).filter(seen).collect();
        let panel = self.part(&Shown { rows: &rows, starts: &made_up, sees: &sees })?;
        Some((panel, rows))
    }

    /// By unit, its start within the observed periods.
    fn starts_of_units(&self) -> Vec<Option<Period>> {
        let mut starts = vec![None; self.units.len()];
        for cohort in &self.cohorts {
            cohort.units.iter().for_each(|&unit| starts[unit] = Some(cohort.start));
        }
        starts
    }

    fn part(&self, shown: &Shown<'_>) -> Option<Panel> {
        let Shown { rows, starts, sees } = *shown;
        let all = rows.len() == self.units.len();
        let column = |period: usize| -> Arc<Vec<f64>> {
            let whole = &self.outcomes[period];
            if all && rows.iter().all(|&unit| whole[unit].is_nan() || sees(unit, period)) {
                return Arc::clone(whole);
            }
            Arc::new(
                rows.iter().map(|&unit| if sees(unit, period) { whole[unit] } else { f64::NAN }).collect(),
            )
        };
        let (places, outcomes): (Vec<usize>, Vec<Arc<Vec<f64>>>) = (0..self.periods.len())
            .map(|period| (period, column(period)))
            .filter(|(_, column)| column.iter().any(|y| !y.is_nan()))
            .unzip();
        let last = self.periods[*places.last()?];
        let (cohorts, never) = cohorts(rows.iter().map(|&row| starts[row]), last);
        let gaps = |unit: &usize| outcomes.iter().any(|column| column[*unit].is_nan());
        Some(Panel {
            units: match all {
                true => Arc::clone(&self.units),
                false => Arc::new(self.units.of(rows.iter().copied())),
            },
            periods: places.iter().map(|&place| self.periods[place]).collect(),
            calendar: self.calendar,
            cohorts,
            never,
            weights: self.weights.as_ref().map(|weights| rows.iter().map(|&row| weights[row]).collect()),
            clusters: self
                .clusters
                .as_ref()
                .map(|clusters| renumbered(rows.iter().map(|&row| clusters[row]))),
            covariates: self.covariates.iter().map(|covariate| covariate.part(rows, &places)).collect(),
            n_rows: outcomes.iter().flat_map(|column| column.iter()).filter(|y| !y.is_nan()).count(),
            n_absent: 0,
            n_unseen: 0,
            n_with_gaps: (0..rows.len()).filter(gaps).count(),
            n_dropped: 0,
            late: Vec::new(),
            n_start_after_end: 0,
            n_start_0: 0,
            outcomes,
        })
    }
}

/// What of a panel is shown.
struct Shown<'a> {
    /// Its units, as rows, ascending.
    rows: &'a [usize],
    /// By row of the whole panel.
    starts: &'a [Option<Period>],
    /// Whether a unit (a row of the whole panel) is seen in the period at a place.
    sees: &'a dyn Fn(usize, usize) -> bool,
}

/// The same clusters, numbered in order of first appearance.
pub(super) fn renumbered(clusters: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    clusters
        .map(|cluster| {
            let next = numbers.len();
            *numbers.entry(cluster).or_insert(next)
        })
        .collect()
}

#[cfg(test)]
mod tests;
