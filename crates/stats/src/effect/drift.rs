//! What a straight drift would do unseen: how much of one the test before the start would notice, and what it would
//! put on the effect.
//!
//! Partings of other shapes it says nothing on.

use std::collections::BTreeMap;

use super::aggregate::{Whether, means_by_exposure};
use super::plan::pairs;
use super::{Cell, GroupTime};
use crate::panel::Panel;
use crate::uncertainty::{Combination, Joint, Level, Spread, Wald, WaldRefused, WhyUnknown};

/// Level of the test before the start: it rejects at p < 0.05.
const LEVEL: Level = Level::NINETY_FIVE;

/// What a drift of one (of the outcome's unit, for each step of exposure) would do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// The test before the start, as it would judge the drift itself: `statistic` is its squared distance from 0.
    pub test: Wald,
    /// What the drift would put on the mean effect ([`simple`](super::simple)), in the outcome's unit.
    pub shift: f64,
}

impl Drift {
    /// The drift for each step of exposure that the test notices with probability `share`, in the outcome's unit.
    pub fn noticed(&self, share: Level) -> f64 {
        (self.test.distance_noticed(share, LEVEL) / self.test.statistic).sqrt()
    }
}

/// The test of all effects before the start, [`pre_trends`](super::pre_trends), with what a drift would do to them and to
/// the mean effect after it.
///
/// A drift parts starting units from those they are compared with by the same amount each step of exposure, before the
/// start and after it: an effect measured from a base d steps away is off by d times that.
///
/// - `panel`: the one that `effects` were found in.
///
/// Assumes that the effects' covariance is what the data say it is. The shift is that of all samples; among those in
/// which the test saw nothing it is rather more (Roth's Proposition 2).
/// Misleads where partings come in jumps: then see the sensitivity.
/// Source: Roth (2022), "Pretest with Caution", AER: Insights 4(3), 305-322, section I.
pub fn pre_trends_and_drift(panel: &Panel, effects: &GroupTime) -> Result<(Wald, Drift), WaldRefused> {
    let drifts = drifts(panel, effects);
    let is_base = |cell: &Cell| cell.effect.spread == Spread::Unknown(WhyUnknown::BasePeriod);
    let cells = effects.cells.iter().enumerate();
    let before: Vec<(usize, &Cell)> = cells.filter(|(_, cell)| cell.exposure < 0 && !is_base(cell)).collect();
    let combinations: Vec<Combination> = before.iter().map(|(place, _)| Combination::of(*place)).collect();
    let joint = Joint::of(&combinations, effects.moments())?;
    let values: Vec<f64> = before.iter().map(|(_, cell)| cell.effect.value).collect();
    let drifting: Vec<f64> = before.iter().map(|(place, _)| drifts[*place]).collect();
    let shift = mean(effects, &drifts, |exposure| exposure >= 0);
    Ok((joint.test(&values), Drift { test: joint.test(&drifting), shift }))
}

/// The same of the effects by exposure, as [`pre_trends_by_exposure`](super::pre_trends_by_exposure) tests them.
pub fn pre_trends_and_drift_by_exposure(
    panel: &Panel,
    effects: &GroupTime,
) -> Result<(Wald, Drift), WaldRefused> {
    let drifts = drifts(panel, effects);
    let means = means_by_exposure(effects).each;
    let before = means.into_iter().filter(|mean| mean.at < 0 && mean.whether == Whether::Effect);
    let (mut values, mut drifting, mut combinations) = (Vec::new(), Vec::new(), Vec::new());
    for part in before {
        values.push(part.value);
        drifting.push(mean(effects, &drifts, |exposure| exposure == part.at));
        combinations.push(part.combination);
    }
    let joint = Joint::of(&combinations, effects.moments())?;
    let shift = mean(effects, &drifts, |exposure| exposure >= 0);
    Ok((joint.test(&values), Drift { test: joint.test(&drifting), shift }))
}

/// What a drift of one a step puts on each cell: the steps from its base.
fn drifts(panel: &Panel, effects: &GroupTime) -> Vec<f64> {
    let steps = pairs(panel, &effects.sample, &effects.settings).into_iter().map(|pair| {
        let start = effects.sample.cohorts[pair.cohort].start;
        let of = |place| panel.exposure(place, start);
        ((pair.cohort, of(pair.at)), (of(pair.at) - of(pair.base)) as f64)
    });
    let steps: BTreeMap<(usize, i64), f64> = steps.collect();
    let cells = effects.cells.iter().zip(&effects.cohort_of_cell);
    cells.map(|(cell, cohort)| steps[&(*cohort, cell.exposure)]).collect()
}

/// The mean over cells at some exposures, by the shares of their starts.
fn mean(effects: &GroupTime, of_cells: &[f64], counts: impl Fn(i64) -> bool) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for ((cell, cohort), value) in effects.cells.iter().zip(&effects.cohort_of_cell).zip(of_cells) {
        if counts(cell.exposure) {
            sum += effects.sample.share(*cohort) * value;
            total += effects.sample.share(*cohort);
        }
    }
    sum / total
}
