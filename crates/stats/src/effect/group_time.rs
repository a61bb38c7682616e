//! Effects by start and period: each the difference of two mean changes.
//!
//! It does not summarise: see [`simple`](super::simple), [`by_start`](super::by_start),
//! [`by_period`](super::by_period) and [`by_exposure`](super::by_exposure).

use super::GroupTimeRefused;
use super::plan::{Pair, pairs};
use super::sample::{LeftOut, Sample, WhyNoCell};
use super::scatter::{Value, has_no_gaps, scatter};
use super::stream::stream;
use crate::panel::{Panel, Period};
use crate::uncertainty::{Combination, Estimate, Level, Moments, Spread, WhyUnknown};

/// Which units the starting ones are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// Those that never start.
    #[default]
    Never,
    /// Those that have not started yet, and those that never do.
    NotYet,
}

/// Which period a period before the start is measured from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// The one before it.
    #[default]
    Varying,
    /// The last one before the start, as for periods after it.
    Universal,
}

/// How the panel's covariates are allowed for. Without covariates all three are the difference of mean changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adjust {
    /// Doubly robust: right if either of the two models below is.
    #[default]
    Dr,
    /// Inverse probability: comparison units count by their odds of being starting ones, a logit of the covariates.
    Ipw,
    /// Outcome regression: the change of comparison units as a linear function of the covariates.
    Reg,
}

/// Whose outcomes a period is compared by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Units seen in both periods: by their change.
    #[default]
    InBoth,
    /// Whoever was seen in each: by the means, as with repeated cross-sections.
    InEither,
}

/// How effects are to be found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// Which units the starting ones are compared with.
    pub compare: Compare,
    /// Which period a period before the start is measured from.
    pub base: Base,
    /// Steps of exposure before the start in which an effect is allowed for.
    pub anticipation: u32,
    /// How the panel's covariates are allowed for.
    pub adjust: Adjust,
    /// Whose outcomes a period is compared by.
    pub seen: Seen,
    /// How much of the truth intervals are to hold.
    pub level: Level,
}

/// The effect on the units of one start in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The units' start.
    pub start: Period,
    /// When.
    pub period: Period,
    /// Steps since the start; negative before.
    pub exposure: i64,
    /// Starting units seen in both periods that are compared.
    pub n_treated: usize,
    /// Comparison units seen in both.
    pub n_compared: usize,
    /// The effect, in the outcome's unit.
    pub effect: Estimate,
}

/// Effects by start and period, with what they rest on.
#[derive(Clone, Debug)]
pub struct GroupTime {
    /// By start, within it by period.
    pub cells: Vec<Cell>,
    /// The units.
    pub sample: Sample,
    /// What was left out.
    pub left_out: LeftOut,
    /// How it was done.
    pub settings: Settings,
    /// The moments of the units' influences: columns are the cells, then the cohorts' shares, in their orders.
    pub(super) moments: Moments,
    /// How they were found.
    pub(super) route: Route,
    /// The place of each cell's start in the sample.
    pub(super) cohort_of_cell: Vec<usize>,
    /// A standard error not above this is rounding.
    pub(super) noise: f64,
}

/// How a panel's moments are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Route {
    /// From means and scatter by start: nothing but outcomes, without gaps.
    Plain,
    /// From influences, block by block.
    Streamed,
}

/// Effect on the units of each start `g`, in each period `t`.
///
/// Mean change of the units of `g` from the base to `t`, less the same change among units that never start, or have
/// not started by `t`. For `t >= g` the base is the last observed period before `g - anticipation`; for earlier `t`
/// it is the period before `t`, or with [`Base::Universal`] the same one.
///
/// - `panel`: units x periods, outcome in its own unit (say hours per week). A unit counts in the comparisons whose
///   two periods it has, by its weight. The panel's covariates are all allowed for, as [`Adjust`] says, by their
///   values in the base period; a unit without one does not count there. Units of one cluster may vary together.
/// - Returns effects in the outcome's unit. Units that start in or before the first period (with anticipation: so
///   soon after it) have no base: left out and counted. A start between two observed periods keeps its label; the
///   first period on or after it is the first with the treatment. Where nobody never starts, the last units to
///   start serve as comparison until they do, and have no effects of their own.
///
/// Assumes that without the treatment starting and comparison units (with covariates: those alike in them) would have
/// changed alike, and no effect earlier than `anticipation` steps before the start; with [`Seen::InEither`] also that
/// who is seen does not change. Misleads if a unit's start depends on its own dip, or if units reach into one another.
/// Standard errors hold for many units (or clusters) of each start.
/// Sources: Callaway and Sant'Anna (2021), J. Econometrics 225(2), 200-230, Theorem 1; Sant'Anna and Zhao (2020),
/// J. Econometrics 219(1), 101-122, for the adjustments.
pub fn group_time(panel: &Panel, settings: &Settings) -> Result<GroupTime, GroupTimeRefused> {
    let (sample, n_already_started) = Sample::of(panel, settings)?;
    let pairs = pairs(panel, &sample, settings);
    let plain = panel.covariates().is_empty() && panel.clusters().is_none() && has_no_gaps(panel, &sample);
    let route = if plain { Route::Plain } else { Route::Streamed };
    let (values, moments) = match route {
        Route::Plain => scatter(panel, &sample, &pairs),
        Route::Streamed => stream(panel, &sample, settings, &pairs),
    };
    let found = GroupTime {
        cells: Vec::new(),
        left_out: LeftOut { n_already_started, cells: Vec::new() },
        settings: *settings,
        moments,
        route,
        cohort_of_cell: Vec::new(),
        noise: noise(panel),
        sample,
    };
    found.with_cells(panel, &pairs, &values).checked()
}

/// What a standard error must exceed: differences of doubles carry about 1e-16 of the outcome's size; a thousand times
/// that is still no variation.
fn noise(panel: &Panel) -> f64 {
    let sizes = (0..panel.periods().len()).flat_map(|t| panel.column(t));
    // A gap is NaN, which the larger of two numbers never is.
    1e-13 * sizes.fold(0.0_f64, |most, y| most.max(y.abs()))
}

impl GroupTime {
    /// The moments of all units' influences: columns are the cells, then the starts' shares, in their orders.
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    fn with_cells(mut self, panel: &Panel, pairs: &[Pair], values: &[Result<Value, WhyNoCell>]) -> Self {
        for (pair, value) in pairs.iter().zip(values) {
            let (start, period) = (self.sample.cohorts[pair.cohort].start, panel.periods()[pair.at]);
            let value = match value {
                Ok(value) => value,
                Err(why) => {
                    self.left_out.cells.push((start, period, *why));
                    continue;
                }
            };
            let effect = if pair.base == pair.at {
                Estimate { value: 0.0, spread: Spread::Unknown(WhyUnknown::BasePeriod) }
            } else {
                self.estimate(value.value, &Combination::of(self.cells.len()))
            };
            self.cells.push(Cell {
                start,
                period,
                exposure: panel.exposure(pair.at, start),
                n_treated: value.n_treated,
                n_compared: value.n_compared,
                effect,
            });
            self.cohort_of_cell.push(pair.cohort);
        }
        self
    }

    fn checked(self) -> Result<Self, GroupTimeRefused> {
        if self.cells.iter().any(|cell| cell.exposure >= 0) {
            return Ok(self);
        }
        let because = |why| self.left_out.cells.iter().any(|(_, _, because)| *because == why);
        if because(WhyNoCell::CovariatesRepeat) {
            return Err(GroupTimeRefused::CovariatesRepeat);
        }
        if because(WhyNoCell::NoOverlap) {
            return Err(GroupTimeRefused::NoOverlap);
        }
        let mut after = self.left_out.cells.iter().filter(|(start, period, _)| period >= start).peekable();
        if after.peek().is_some() && after.all(|(_, _, why)| *why == WhyNoCell::NoTreated) {
            return Err(GroupTimeRefused::StartedOnOneSide);
        }
        Err(GroupTimeRefused::NothingComparable { compare: self.settings.compare })
    }

    /// A number with its spread.
    pub(super) fn estimate(&self, value: f64, combination: &Combination) -> Estimate {
        self.moments.estimate(value, combination, self.settings.level, self.noise)
    }

    /// The column of the share of the cohort at `place`.
    pub(super) fn share_column(&self, place: usize) -> usize {
        self.cells.len() + place
    }
}
