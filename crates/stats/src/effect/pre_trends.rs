//! Did starting and comparison units already part before the start?
//!
//! A rejection speaks against the claim; a pass does not prove it, least of all with few units.

use super::aggregate::{Whether, means_by_exposure};
use super::{Cell, GroupTime};
use crate::uncertainty::{Combination, Spread, Wald, WaldRefused, WhyUnknown, wald};

/// Tests all effects before the start together against 0.
///
/// Every start and period before it counts, also those within the anticipation; bases do not.
pub fn pre_trends(effects: &GroupTime) -> Result<Wald, WaldRefused> {
    let is_base = |cell: &Cell| cell.effect.spread == Spread::Unknown(WhyUnknown::BasePeriod);
    let before = effects.cells.iter().enumerate().filter(|(_, cell)| cell.exposure < 0 && !is_base(cell));
    let (values, combinations): (Vec<f64>, Vec<Combination>) =
        before.map(|(place, cell)| (cell.effect.value, Combination::of(place))).unzip();
    wald(&values, &combinations, effects.moments())
}

/// Tests the effects by exposure before the start together against 0: fewer numbers, for panels with few units.
///
/// Misses partings of different starts that cancel each other.
pub fn pre_trends_by_exposure(effects: &GroupTime) -> Result<Wald, WaldRefused> {
    let means = means_by_exposure(effects).each;
    let before = means.into_iter().filter(|mean| mean.at < 0 && mean.whether == Whether::Effect);
    let (values, combinations): (Vec<f64>, Vec<Combination>) =
        before.map(|mean| (mean.value, mean.combination)).unzip();
    wald(&values, &combinations, effects.moments())
}
