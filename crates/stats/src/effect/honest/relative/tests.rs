//! The dual's corners against the programme itself, solved by brute force.

use super::*;
use crate::effect::honest::tests::{Normals, study_of};

/// Two times before, two after: one number (how the two effects differ) is free. The least x with
/// moment <= x standard deviations, found by ternary search over it, is what the corners say.
#[test]
fn the_corners_give_the_optimum_of_the_programme() {
    for (seed, times) in [(1, 0.5), (2, 1.0), (3, 2.5), (4, 0.0)] {
        let weights = [0.3, 0.7];
        let study = study_of(&[0.3, -0.2, 1.0, 1.4], 2, &weights, seed);
        for member in members(&study, times, Level::NINETY_FIVE) {
            for value in [-2.0, 0.0, 0.5, 1.1, 1.3, 4.0] {
                let optimum = member
                    .corners
                    .iter()
                    .map(|corner| corner[0] * (member.centre[0] - value) + corner[1] * member.centre[1])
                    .fold(f64::NEG_INFINITY, f64::max);
                let expect = programme(&study, times, &member, value);
                // At 0 times each limit meets itself, and the optimum is at least 0.
                let expect = if times == 0.0 { expect.max(optimum) } else { expect };
                assert!((optimum - expect).abs() < 1e-6, "{seed} {times} {value}: {optimum} {expect}");
            }
        }
    }
}

/// Which step before is meant is told by its value: no two are equal here.
fn programme(study: &EventStudy, times: f64, member: &Member, value: f64) -> f64 {
    let steps: [[f64; 4]; 2] = [[-1.0, 1.0, 0.0, 0.0], [0.0, -1.0, 0.0, 0.0]];
    let of = |step: &[f64; 4], sign: f64| step.map(|share| sign * share);
    let pairs = steps.iter().flat_map(|step| [of(step, 1.0), of(step, -1.0)]);
    let largest =
        pairs.into_iter().find(|step| (study.value(step) - member.centre[1]).abs() < 1e-12).unwrap();
    let after = [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, -1.0, 1.0]];
    let mut moments = Vec::new();
    for (t, step) in after.iter().enumerate() {
        for sign in [1.0, -1.0] {
            let moment: Vec<f64> = step.iter().zip(&largest).map(|(a, b)| sign * a - times * b).collect();
            let deviation = study.covariance(&moment, &moment).sqrt();
            moments.push((t, sign, study.value(&moment), deviation));
        }
    }
    // Effects (x, (value - 0.3 x) / 0.7): x is free. They move the first step by x, the second by their difference.
    let most = |x: f64| {
        let effects = [x, (value - 0.3 * x) / 0.7];
        let moved = [effects[0], effects[1] - effects[0]];
        let left = moments.iter().map(|(t, sign, y, deviation)| (y - sign * moved[*t]) / deviation);
        left.fold(f64::NEG_INFINITY, f64::max)
    };
    let (mut low, mut high) = (-100.0, 100.0);
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if most(a) < most(b) { high = b } else { low = a }
    }
    most(low)
}

/// The first step's critical value against 200,000 draws: 4 Monte Carlo errors of its share of 0.005.
#[test]
fn the_first_critical_value_is_exceeded_as_often_as_it_says() {
    let study = study_of(&[0.3, -0.2, 0.1, 1.0, 1.4, 2.0], 3, &[0.2, 0.5, 0.3], 5);
    let mut normals = Normals::new(8);
    for times in [0.0, 0.7, 2.0] {
        let member = &members(&study, times, Level::NINETY_FIVE)[2];
        let slope = member.covariance / member.variance[1].sqrt();
        let rest = (member.variance[0] - slope * slope).sqrt();
        let exceeded = (0..200_000).filter(|_| {
            let (a, b) = (normals.next(), normals.next());
            let gap = [slope * a + rest * b, member.variance[1].sqrt() * a];
            member.corners.iter().any(|corner| corner[0] * gap[0] + corner[1] * gap[1] > member.first)
        });
        let share = exceeded.count() as f64 / 200_000.0;
        assert!((share - 0.005).abs() < 0.00064, "{times}: {share}");
    }
}
