//! What chance alone would have shown: donors stand in for the started units, who are left out.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::fit::{Fit, Penalties, Scene, fit, mean};
use super::simplex::to_one;
use super::{Placebo, SyntheticSettings};

/// All groups of stand-ins are tried if they are at most so many, among at most so many donors: each is a twin to fit.
const MOST_TRIED: usize = 1_000;
const MOST_DONORS_TRIED: usize = 250;
/// Else so many are drawn.
const DRAWN: usize = 250;

/// Lets donors stand in for the started units, as many at a time as started.
///
/// Every donor for one started unit; for more, every group of as many, if there are at most 1,000. With more groups, or
/// more than 250 donors, 250 are drawn with `settings.seed`, each from a stream of its own. Penalties are the started units' own, and the steps of
/// the weights begin from their twin's.
pub(super) fn placebos(
    scene: &Scene<'_>,
    penalties: &Penalties,
    found: &Fit,
    settings: &SyntheticSettings,
) -> Vec<Placebo> {
    let groups = groups(scene.donors.len(), scene.n_started, settings.seed);
    groups.into_iter().map(|group| stand_in(scene, penalties, found, settings, group)).collect()
}

fn stand_in(
    scene: &Scene<'_>,
    penalties: &Penalties,
    found: &Fit,
    settings: &SyntheticSettings,
    group: Vec<usize>,
) -> Placebo {
    let rest: Vec<usize> = (0..scene.donors.len()).filter(|donor| !group.contains(donor)).collect();
    let mean_at = |t: usize| mean(&group.iter().map(|&donor| scene.donors[donor][t]).collect::<Vec<_>>());
    let played = Scene {
        donors: rest.iter().map(|&donor| scene.donors[donor]).collect(),
        started: (0..scene.started.len()).map(mean_at).collect(),
        n_started: scene.n_started,
        n_before: scene.n_before,
    };
    let first_units = to_one(rest.iter().map(|&donor| found.unit_weights[donor]).collect());
    let first_periods = to_one(found.period_weights.clone());
    let first = Some((first_units.as_slice(), first_periods.as_slice()));
    let twin = fit(&played, penalties, (settings.twin, settings.solver), first);
    Placebo { donors: group, value: twin.value, curve: twin.curve, rmspe: twin.rmspe }
}

/// Groups of `size` among `n`: all of them in order if they are few, else drawn.
fn groups(n: usize, size: usize, seed: u64) -> Vec<Vec<usize>> {
    if n > MOST_DONORS_TRIED || n_groups(n, size) > MOST_TRIED as f64 {
        return (0..DRAWN as u64).map(|replicate| draw(n, size, seed, replicate)).collect();
    }
    let mut all = Vec::new();
    let mut group: Vec<usize> = (0..size).collect();
    loop {
        all.push(group.clone());
        let Some(place) = (0..size).rfind(|&k| group[k] < n - size + k) else { return all };
        group[place] += 1;
        for k in place + 1..size {
            group[k] = group[k - 1] + 1;
        }
    }
}

/// How many groups of `size` there are among `n`.
fn n_groups(n: usize, size: usize) -> f64 {
    (0..size).map(|k| (n - k) as f64 / (k + 1) as f64).product()
}

fn draw(n: usize, size: usize, seed: u64, replicate: u64) -> Vec<usize> {
    // An odd multiplier keeps the streams of neighbouring seeds and replicates apart.
    let stream = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(replicate);
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(stream);
    let mut order: Vec<usize> = (0..n).collect();
    for k in 0..size {
        let other = chance.random_range(k..n);
        order.swap(k, other);
    }
    let mut group = order[..size].to_vec();
    group.sort_unstable();
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pairs_are_tried_when_they_are_few() {
        let pairs = groups(5, 2, 1);
        assert_eq!(pairs.len(), 10);
        assert_eq!((&pairs[0], &pairs[9]), (&vec![0, 1], &vec![3, 4]));
    }

    #[test]
    fn many_groups_are_drawn_the_same_for_the_same_seed_and_otherwise_not() {
        let drawn = groups(30, 4, 7);
        assert_eq!((drawn.len(), groups(250, 1, 7).len(), groups(251, 1, 7).len()), (DRAWN, 250, DRAWN));
        assert_eq!(drawn, groups(30, 4, 7));
        assert_ne!(drawn, groups(30, 4, 8));
        assert!(drawn.iter().all(|group| group.windows(2).all(|pair| pair[0] < pair[1])));
    }
}
