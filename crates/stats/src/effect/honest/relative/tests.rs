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

/// One time after: nothing is free, so that the limits can be tested as they stand. For each step before and either sign
/// two numbers, the effect above the value and below it, each less so many times that step, over their deviations; the
/// larger is compared with what the larger of two such normal numbers exceeds, and then with its own law given that it is
/// the larger. Source: Andrews, Roth and Pakes (2023), section 5, without nuisance parameters.
#[test]
fn with_one_time_after_the_ends_are_those_of_a_search_over_all_values() {
    for (seed, n_before, times) in [(1, 1, 0.5), (2, 2, 1.0), (3, 3, 0.3), (4, 2, 2.0), (5, 1, 0.0)] {
        let values: Vec<f64> =
            [0.15, -0.2, 0.1][..n_before].iter().copied().chain([1.0 + 0.1 * seed as f64]).collect();
        let spread = crate::effect::honest::tests::covariance(n_before + 1, seed);
        let product = |a: &[f64], b: &[f64]| -> f64 {
            (0..a.len())
                .flat_map(|i| (0..b.len()).map(move |j| (i, j)))
                .map(|(i, j)| a[i] * spread[i][j] * b[j])
                .sum()
        };
        let se = spread[n_before][n_before].sqrt();
        let mut both = Vec::new();
        for (at, sign) in (0..n_before).flat_map(|at| [(at, 1.0), (at, -1.0)]) {
            // From this time to the next, which for the last is the base.
            let mut step = vec![0.0; n_before + 1];
            step[at] = -1.0;
            if at + 1 < n_before {
                step[at + 1] = 1.0;
            }
            let limit = |side: f64| -> Vec<f64> {
                let own = |k: usize| if k == n_before { side } else { 0.0 };
                (0..=n_before).map(|k| own(k) - times * sign * step[k]).collect()
            };
            let (up, down) = (limit(1.0), limit(-1.0));
            let deviation = [product(&up, &up).sqrt(), product(&down, &down).sqrt()];
            let value = |limit: &[f64]| limit.iter().zip(&values).map(|(a, b)| a * b).sum::<f64>();
            let correlation = product(&up, &down) / (deviation[0] * deviation[1]);
            both.push((value(&up), value(&down), deviation, correlation, larger_exceeds(correlation)));
        }
        let holds = |effect: f64| {
            both.iter().any(|(up, down, deviation, correlation, first)| {
                let seen = [(up - effect) / deviation[0], (down + effect) / deviation[1]];
                is_held(seen, *correlation, *first)
            })
        };
        let study = study_of(&values, n_before, &[1.0], seed);
        let settings = SensitivitySettings { ends: Ends::Exact, ..SensitivitySettings::default() };
        let (low, high) = ends(&study, times, &settings);
        // A hundredth of an error, out to 30 of them.
        let all: Vec<f64> = (-3000..=3000)
            .map(|k| values[n_before] + 0.01 * se * f64::from(k))
            .filter(|x| holds(*x))
            .collect();
        let (least, most) = (all[0], all[all.len() - 1]);
        println!("{seed} {times}: {least:.4} to {most:.4}, {low:?} {high:?}");
        assert!(least - low.value() < 0.011 * se && low.value() - least < 1e-3 * se, "{least} {low:?}");
        assert!(high.value() - most < 0.011 * se && most - high.value() < 1e-3 * se, "{most} {high:?}");
    }
}

fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// What the larger of two numbers, of mean 0, deviation 1 and with this correlation, exceeds once in 200 times.
fn larger_exceeds(correlation: f64) -> f64 {
    let rest = (1.0 - correlation * correlation).max(1e-12).sqrt();
    // The probability that both are at most c, by a sum over the first.
    let both_at_most = |c: f64| {
        let step = 0.002;
        let n = ((c + 8.0) / step) as i64;
        let density = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
        let at = |k: i64| -8.0 + (k as f64 + 0.5) * step;
        (0..n).map(|k| step * density(at(k)) * normal((c - correlation * at(k)) / rest)).sum::<f64>()
    };
    let (mut low, mut high) = (0.0, 6.0);
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        if both_at_most(middle) < 1.0 - 0.005 { low = middle } else { high = middle }
    }
    high
}

/// Whether two numbers, of deviation 1 and with this correlation, may both be of mean 0 or less.
fn is_held(seen: [f64; 2], correlation: f64, first: f64) -> bool {
    let (larger, other) = (seen[0].max(seen[1]), seen[0].min(seen[1]));
    if larger <= 0.0 || larger > first {
        return larger <= 0.0;
    }
    // What the other has beside the larger's share; the larger is that as long as it is above this.
    let least = (other - correlation * larger) / (1.0 - correlation);
    let beyond = (normal(first) - normal(larger)) / (normal(first) - normal(least.min(larger)));
    beyond >= (0.05 - 0.005) / (1.0 - 0.005)
}
