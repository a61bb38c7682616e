//! Did starting and comparison units already part before the start?
//!
//! A rejection speaks against the claim; a pass does not prove it, least of all with few units.

use super::{GroupTime, Summary};
use crate::uncertainty::{Estimate, Influence, Spread, Wald, WaldRefused, WhyUnknown, wald};

/// Tests all effects before the start together against 0.
///
/// Every start and period before it counts, also those within the anticipation; bases do not.
pub fn pre_trends(effects: &GroupTime) -> Result<Wald, WaldRefused> {
    let before = effects.cells.iter().zip(&effects.influences).filter(|(cell, _)| cell.exposure < 0);
    test(before.map(|(cell, influence)| (&cell.effect, influence)), effects)
}

/// Tests the effects by exposure before the start together against 0: fewer numbers, for panels with few units.
///
/// Misses partings of different starts that cancel each other.
pub fn pre_trends_by_exposure(effects: &GroupTime, by_exposure: &Summary<i64>) -> Result<Wald, WaldRefused> {
    let before = by_exposure.each.iter().filter(|part| part.at < 0);
    test(before.map(|part| (&part.effect, &part.influence)), effects)
}

fn test<'a>(
    numbers: impl Iterator<Item = (&'a Estimate, &'a Influence)>,
    effects: &GroupTime,
) -> Result<Wald, WaldRefused> {
    let tested = numbers.filter(|(effect, _)| effect.spread != Spread::Unknown(WhyUnknown::BasePeriod));
    let (values, influences): (Vec<f64>, Vec<&Influence>) =
        tested.map(|(effect, influence)| (effect.value, influence)).unzip();
    wald(&values, &influences, effects.sample.groups())
}
