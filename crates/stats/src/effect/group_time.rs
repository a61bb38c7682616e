//! Effects by start and period: each the difference of two mean changes.
//!
//! It uses no covariates, weights or clusters, and does not summarise: see [`simple`](super::simple),
//! [`by_start`](super::by_start), [`by_period`](super::by_period) and [`by_exposure`](super::by_exposure).

use super::GroupTimeRefused;
use super::sample::{LeftOut, Sample, WhyNoCell};
use super::two_by_two::two_by_two;
use crate::panel::{Cohort, Panel, Period};
use crate::uncertainty::{Estimate, Influence, Level, Spread, WhyUnknown};

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

/// How effects are to be found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// Which units the starting ones are compared with.
    pub compare: Compare,
    /// Which period a period before the start is measured from.
    pub base: Base,
    /// Steps of exposure before the start in which an effect is allowed for.
    pub anticipation: u32,
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
    pub(super) influences: Vec<Influence>,
    /// The place of each cell's start in the sample.
    pub(super) cohort_of_cell: Vec<usize>,
    /// A standard error not above this is rounding.
    pub(super) noise: f64,
}

/// Effect on the units of each start `g`, in each period `t`.
///
/// Mean change of the units of `g` from the base to `t`, less the same change among units that never start, or have
/// not started by `t`. For `t >= g` the base is the last observed period before `g - anticipation`; for earlier `t`
/// it is the period before `t`, or with [`Base::Universal`] the same one.
///
/// - `panel`: units x periods, outcome in its own unit (say hours per week). A unit counts in the comparisons whose
///   two periods it has.
/// - Returns effects in the outcome's unit. Units that start in or before the first period (with anticipation: so
///   soon after it) have no base: left out and counted. A start between two observed periods keeps its label; the
///   first period on or after it is the first with the treatment. Where nobody never starts, the last units to
///   start serve as comparison until they do, and have no effects of their own.
///
/// Assumes that without the treatment starting and comparison units would have changed alike, and no effect
/// earlier than `anticipation` steps before the start. Misleads if a unit's start depends on its own dip, or if
/// units reach into one another. Standard errors hold for many units of each start.
/// Source: Callaway and Sant'Anna (2021), J. Econometrics 225(2), 200-230, Theorem 1 without covariates.
pub fn group_time(panel: &Panel, settings: &Settings) -> Result<GroupTime, GroupTimeRefused> {
    let (sample, n_already_started) = Sample::of(panel, settings)?;
    let sizes = (0..panel.periods().len()).flat_map(|t| panel.column(t)).filter(|y| !y.is_nan());
    // Differences of doubles carry about 1e-16 of the outcome's size; a thousand times that is still no variation.
    let noise = 1e-13 * sizes.fold(0.0_f64, |most, y| most.max(y.abs()));
    let mut found = GroupTime {
        cells: Vec::new(),
        left_out: LeftOut { n_already_started, cells: Vec::new() },
        settings: *settings,
        influences: Vec::new(),
        cohort_of_cell: Vec::new(),
        noise,
        sample,
    };
    for place in 0..found.sample.cohorts.len() {
        found.add_cohort(panel, place);
    }
    if found.cells.iter().all(|cell| cell.exposure < 0) {
        return Err(GroupTimeRefused::NothingComparable { compare: settings.compare });
    }
    Ok(found)
}

impl GroupTime {
    /// Each cell's influences, in the cells' order.
    pub fn influences(&self) -> &[Influence] {
        &self.influences
    }

    fn add_cohort(&mut self, panel: &Panel, place: usize) {
        let start = self.sample.cohorts[place].start;
        let before = -i64::from(self.settings.anticipation);
        let Some(last_before) = (0..panel.periods().len()).rfind(|&t| panel.exposure(t, start) < before)
        else {
            return;
        };
        let first = match self.settings.base {
            Base::Varying => 1,
            Base::Universal => 0,
        };
        for at in first..panel.periods().len() {
            let universal = self.settings.base == Base::Universal || panel.exposure(at, start) >= 0;
            let base = if universal { last_before } else { at - 1 };
            if let Err(why) = self.add_cell(panel, place, (base, at)) {
                self.left_out.cells.push((start, panel.periods()[at], why));
            }
        }
    }

    fn add_cell(&mut self, panel: &Panel, place: usize, (base, at): (usize, usize)) -> Result<(), WhyNoCell> {
        let cohort = &self.sample.cohorts[place];
        let compared = self.compared(panel, cohort, base.max(at));
        let found = two_by_two(panel, (base, at), &cohort.units, &compared, self.sample.groups())?;
        let effect = if base == at {
            Estimate { value: 0.0, spread: Spread::Unknown(WhyUnknown::BasePeriod) }
        } else {
            let level = self.settings.level;
            Estimate::of(found.value, &found.influence, self.sample.groups(), level, self.noise)
        };
        self.cells.push(Cell {
            start: cohort.start,
            period: panel.periods()[at],
            exposure: panel.exposure(at, cohort.start),
            n_treated: found.n_treated,
            n_compared: found.n_compared,
            effect,
        });
        self.influences.push(found.influence);
        self.cohort_of_cell.push(place);
        Ok(())
    }

    /// The units (rows) that `cohort` is compared with when the later of the two periods is at place `later`.
    fn compared(&self, panel: &Panel, cohort: &Cohort, later: usize) -> Vec<usize> {
        let mut compared = self.sample.never.clone();
        if self.settings.compare == Compare::NotYet {
            let not_yet = |start| panel.exposure(later, start) < -i64::from(self.settings.anticipation);
            let others = self.sample.cohorts.iter().chain(&self.sample.last);
            let others = others.filter(|other| other.start != cohort.start && not_yet(other.start));
            compared.extend(others.flat_map(|other| &other.units));
        }
        compared
    }
}
