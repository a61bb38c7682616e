//! Which effects to play: as few as it takes to find the smallest one that is found as often as asked.

use super::{Simulated, SimulationRefused};
use crate::power::Share;

/// After the two sizes that the smallest effect lies between are found, their distance is halved so often.
const N_HALVINGS: usize = 2;

/// Plays effects until the smallest one found with probability `power` lies between two that are near each other.
///
/// - `play`: plays these effects, all of them by the same chance.
/// - `sizes`: effects to try, ascending, the first 0; halved, so that few of them are played.
/// - `also`: effects that are played in any case.
///
/// Where even the last of `sizes` is not found often enough, it is played and nothing lies between. Misleads where larger
/// effects are found less often.
pub fn search(
    play: &dyn Fn(&[f64]) -> Result<Simulated, SimulationRefused>,
    sizes: &[f64],
    also: &[f64],
    power: Share,
) -> Result<Simulated, SimulationRefused> {
    let mut first: Vec<f64> = sizes.iter().take(1).chain(also).copied().collect();
    first.sort_unstable_by(f64::total_cmp);
    first.dedup();
    let mut all = play(&first)?;
    let is_found = |all: &mut Simulated, size: f64| -> Result<bool, SimulationRefused> {
        if all.power_of(size).is_none() {
            *all = all.clone().and(play(&[size])?);
        }
        Ok(all.power_of(size).is_some_and(|found| found >= power.share()))
    };
    let (mut below, mut beyond) = (0, sizes.len());
    while beyond - below > 1 {
        let middle = below + (beyond - below) / 2;
        if is_found(&mut all, sizes[middle])? {
            beyond = middle;
        } else {
            below = middle;
        }
    }
    let (Some(&low), Some(&high)) = (sizes.get(below), sizes.get(beyond)) else { return Ok(all) };
    let (mut low, mut high) = (low, high);
    for _ in 0..N_HALVINGS {
        let middle = low + (high - low) / 2.0;
        if is_found(&mut all, middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(all)
}

impl Simulated {
    fn power_of(&self, effect: f64) -> Option<f64> {
        self.points.iter().find(|point| point.effect == effect).map(|point| point.power)
    }
}
