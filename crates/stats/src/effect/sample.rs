//! Which of a panel's units an analysis rests on, and what it leaves out.

use super::{Compare, GroupTimeRefused, Seen, Settings, StartsRefused, starts};
use crate::panel::{Cohort, Panel, Period};

/// The units an analysis rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Units whose effect is sought, by start, ascending.
    pub cohorts: Vec<Cohort>,
    /// Units (rows of the panel) that never start and serve as comparison throughout.
    pub never: Vec<usize>,
    /// Where nobody never starts: the last units to start, who serve as comparison until they do.
    pub last: Option<Cohort>,
    n_units: usize,
    /// By row of the panel, so that their mean over the units of the sample is 1; `None` if all count alike.
    weights: Option<Vec<f64>>,
    /// By cohort.
    shares: Vec<f64>,
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
    /// The covariates tell starting units from comparison units all but surely, so that none are alike.
    NoOverlap,
    /// The covariates do not vary enough among the units to be told from one another, or from a constant.
    CovariatesRepeat,
}

impl Sample {
    /// The units of `panel` that serve, and how many start too early to.
    pub(super) fn of(panel: &Panel, settings: &Settings) -> Result<(Self, usize), GroupTimeRefused> {
        match settings.seen {
            Seen::InBoth => starts::of_units_are_there(panel)?,
            Seen::InEither => starts::are_there(panel)?,
        }
        let anticipation = settings.anticipation;
        let early = |cohort: &&Cohort| panel.exposure(0, cohort.start) >= -i64::from(anticipation);
        let n_early = panel.cohorts().iter().filter(early).map(|cohort| cohort.units.len()).sum();
        let mut cohorts: Vec<Cohort> =
            panel.cohorts().iter().filter(|cohort| !early(cohort)).cloned().collect();
        let never = panel.never().to_vec();
        let n_units = never.len() + cohorts.iter().map(|cohort| cohort.units.len()).sum::<usize>();
        let last = match (cohorts.len(), never.len(), settings.compare) {
            (0, _, _) => return Err(StartsRefused::NothingBefore { n_units: n_early, anticipation }.into()),
            (1, 0, _) => return Err(StartsRefused::EveryoneAtOnce { n_units }.into()),
            (_, 0, Compare::Never) => return Err(GroupTimeRefused::NoNever),
            (_, 0, Compare::NotYet) => cohorts.pop(),
            _ => None,
        };
        let mut sample = Sample { cohorts, never, last, n_units, weights: None, shares: Vec::new() };
        if panel.has_weights() {
            let total: f64 = sample.groups().flatten().map(|&unit| panel.weight(unit)).sum();
            let scale = n_units as f64 / total;
            sample.weights = Some((0..panel.units().len()).map(|unit| scale * panel.weight(unit)).collect());
        }
        let share = |cohort: &Cohort| sample.weight_of(&cohort.units) / n_units as f64;
        sample.shares = sample.cohorts.iter().map(share).collect();
        Ok((sample, n_early))
    }

    /// How many units the analysis rests on.
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// The units by start: those of the cohorts, then the last to start or those that never do.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Vec<usize>> {
        let others = self.last.iter().map(|last| &last.units).chain([&self.never]);
        self.cohorts.iter().map(|cohort| &cohort.units).chain(others.filter(|units| !units.is_empty()))
    }

    /// The start of a group; `None` for those that never do.
    pub(super) fn start_of(&self, group: usize) -> Option<Period> {
        self.cohorts.iter().chain(&self.last).nth(group).map(|cohort| cohort.start)
    }

    /// How much a unit counts; 1 on average.
    pub(super) fn weight(&self, unit: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[unit])
    }

    pub(super) fn has_weights(&self) -> bool {
        self.weights.is_some()
    }

    /// How much units count together.
    pub(super) fn weight_of(&self, units: &[usize]) -> f64 {
        match &self.weights {
            Some(weights) => units.iter().map(|&unit| weights[unit]).sum(),
            None => units.len() as f64,
        }
    }

    /// How much the units of a group count together.
    pub(super) fn weight_of_group(&self, group: usize) -> f64 {
        self.groups().nth(group).map_or(0.0, |units| self.weight_of(units))
    }

    /// The share of the units, by weight, that start with the cohort at `place`.
    pub fn share(&self, place: usize) -> f64 {
        self.shares[place]
    }

    /// The starts of a single unit.
    pub fn lone_starts(&self) -> impl Iterator<Item = Period> {
        self.cohorts
            .iter()
            .chain(&self.last)
            .filter(|cohort| cohort.units.len() == 1)
            .map(|cohort| cohort.start)
    }

    /// The starts all of whose units are in one cluster, where there are clusters.
    ///
    /// How such a start would have come out in other clusters nobody can tell: as a lone unit does, it borrows how far
    /// clusters of other starts part, where some start has two.
    pub fn starts_in_one_cluster(&self, panel: &Panel) -> Vec<Period> {
        let Some(clusters) = panel.clusters() else { return Vec::new() };
        let is_in_one =
            |cohort: &&Cohort| cohort.units.windows(2).all(|pair| clusters[pair[0]] == clusters[pair[1]]);
        self.cohorts.iter().chain(&self.last).filter(is_in_one).map(|cohort| cohort.start).collect()
    }
}
