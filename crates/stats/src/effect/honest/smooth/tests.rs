//! The shortest interval against brute force: bends of either sign, and other weights.

use super::*;
use crate::effect::honest::tests::study_of;

/// The largest bias over all sets of bends of one size and either sign, on a line of any slope.
fn largest_bias(study: &EventStudy, sum: &[f64], slope: f64) -> f64 {
    let (before, after) = (study.n_before(), study.weights().len());
    let n_bends = before + after - 1;
    let mut most = f64::NEG_INFINITY;
    for signs in 0..1_u32 << n_bends {
        let bend = |at: usize| if signs >> at & 1 == 1 { 1.0 } else { -1.0 };
        // Steps between neighbours, the first before all; each bend changes the next step.
        let mut steps = vec![slope];
        (0..n_bends).for_each(|at| steps.push(steps[at] + bend(at)));
        let mut level = vec![0.0];
        steps.iter().enumerate().for_each(|(at, step)| level.push(level[at] + step));
        let base = level[before];
        level.remove(before);
        let bias: f64 = level.iter().zip(sum).map(|(level, share)| (level - base) * share).sum();
        most = most.max(bias);
    }
    most
}

#[test]
fn the_largest_bias_is_that_of_the_worst_bends_whatever_the_slope() {
    let study = study_of(&[0.1, 0.2, -0.1, 1.0, 1.5, 1.2], 3, &[0.2, 0.5, 0.3], 3);
    let problem = Problem::of(&study);
    for carried in [[0.0, 0.0], [0.7, -0.4], [-1.3, 0.2]] {
        let expect = problem.fixed + carried.iter().map(|u: &f64| u.abs()).sum::<f64>();
        for slope in [-2.0, 0.0, 5.0] {
            let found = largest_bias(&study, &problem.combination(&carried), slope);
            assert!((found - expect).abs() < 1e-12, "{carried:?}: {found} {expect}");
        }
    }
}

/// The length is convex in what the bends carry, so weights that no small move shortens are the best.
#[test]
fn no_other_weights_give_a_shorter_interval() {
    for seed in 0..3 {
        let study = study_of(&[0.1, 0.2, -0.1, 0.3, 0.0, 1.0, 1.5], 5, &[0.6, 0.4], seed);
        let problem = Problem::of(&study);
        for bend in [0.0, 0.01, 0.05, 0.2, 1.0] {
            let (low, high) = ends(&study, bend, Level::NINETY_FIVE);
            let half = 0.5 * (high.value() - low.value());
            let length = |carried: &[f64]| {
                let sum = problem.combination(carried);
                let se = study.covariance(&sum, &sum).sqrt();
                let bias = bend * (problem.fixed + carried.iter().map(|u| u.abs()).sum::<f64>());
                se * reach_with_bias(bias / se, 0.05)
            };
            // Coordinate search from three beginnings, with steps that shrink: slow, but knows nothing of paths.
            for first in [0.0, 0.5, -0.5] {
                let mut carried = vec![first; 4];
                let mut step = 0.5;
                while step > 1e-4 {
                    let moved = (0..8).map(|way| {
                        let mut moved = carried.clone();
                        moved[way / 2] += if way % 2 == 0 { step } else { -step };
                        moved
                    });
                    let best = moved.min_by(|a, b| length(a).total_cmp(&length(b))).unwrap();
                    if length(&best) < length(&carried) { carried = best } else { step *= 0.5 }
                }
                assert!(half <= length(&carried) + 1e-9, "{seed} {bend}: {half} {}", length(&carried));
                if bend >= 0.2 {
                    assert!(half >= length(&carried) - 1e-3 * half, "{seed} {bend}");
                }
            }
        }
    }
}
