//! Which of a panel's units an analysis rests on, and what it leaves out.

use super::{Compare, GroupTimeRefused, Settings};
use crate::panel::{Cohort, Panel, Period};
use crate::uncertainty::Groups;

/// The units an analysis rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Units whose effect is sought, by start, ascending.
    pub cohorts: Vec<Cohort>,
    /// Units (rows of the panel) that never start and serve as comparison throughout.
    pub never: Vec<usize>,
    /// Where nobody never starts: the last units to start, who serve as comparison until they do.
    pub last: Option<Cohort>,
    groups: Groups,
}

/// What an analysis leaves out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeftOut {
    /// Units that start too early to have a period before: they say nothing on a change.
    pub n_already_started: usize,
    /// Starts and periods that have no effect of their own, and why.
    pub cells: Vec<(Period, Period, WhyNoCell)>,
}

/// Why a start has no effect in some period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNoCell {
    /// None of its units was seen in both periods that would be compared.
    NoTreated,
    /// No comparison unit was there, or seen in both periods.
    NoComparison,
}

impl Sample {
    /// The units of `panel` that serve, and how many start too early to.
    pub(super) fn of(panel: &Panel, settings: &Settings) -> Result<(Self, usize), GroupTimeRefused> {
        if panel.periods().len() < 2 {
            return Err(GroupTimeRefused::TooFewPeriods);
        }
        if panel.units().len() < 2 {
            return Err(GroupTimeRefused::TooFewUnits);
        }
        if panel.cohorts().is_empty() {
            return Err(GroupTimeRefused::NobodyStarts);
        }
        let anticipation = settings.anticipation;
        let early = |cohort: &&Cohort| panel.exposure(0, cohort.start) >= -i64::from(anticipation);
        let n_early = panel.cohorts().iter().filter(early).map(|cohort| cohort.units.len()).sum();
        let mut cohorts: Vec<Cohort> =
            panel.cohorts().iter().filter(|cohort| !early(cohort)).cloned().collect();
        let never = panel.never().to_vec();
        let groups =
            Groups::new(cohorts.iter().map(|cohort| cohort.units.clone()).chain([never.clone()]).collect());
        let n_units = groups.n_units();
        let last = match (cohorts.len(), never.len(), settings.compare) {
            (0, _, _) => return Err(GroupTimeRefused::NothingBefore { n_units: n_early, anticipation }),
            (1, 0, _) => return Err(GroupTimeRefused::EveryoneAtOnce { n_units }),
            (_, 0, Compare::Never) => return Err(GroupTimeRefused::NoNever),
            (_, 0, Compare::NotYet) => cohorts.pop(),
            _ => None,
        };
        Ok((Sample { cohorts, never, last, groups }, n_early))
    }

    /// How many units the analysis rests on.
    pub fn n_units(&self) -> usize {
        self.groups.n_units()
    }

    /// The units by start: the parts that variances are put together from.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// The share of units that start with `cohort`.
    pub fn share(&self, cohort: &Cohort) -> f64 {
        cohort.units.len() as f64 / self.n_units() as f64
    }

    /// The starts of a single unit.
    pub fn lone_starts(&self) -> impl Iterator<Item = Period> {
        self.cohorts
            .iter()
            .chain(&self.last)
            .filter(|cohort| cohort.units.len() == 1)
            .map(|cohort| cohort.start)
    }
}
