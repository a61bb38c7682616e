//! Trends that part, from one period to the next, by at most so many times their largest step before the start.
//!
//! The steps' limit is a union: for each step before the start and either sign, that this step is the largest. Given
//! one, each step d(t) after the start obeys -m w <= d(t) <= m w with w that step, and nothing else: the other steps
//! before are not used, as in the reference. A value of the effect is not rejected if some member's test does not.
//!
//! The test's programme, "the least x such that some steps fit with x standard deviations to spare", has a dual with
//! one corner for the effect above the value, one for below it and one for each step alone (its two limits must not
//! cross). All of them are combinations of two numbers only: the estimate q and the step w.

use super::critical::{beyond, beyond_within, integral};
use super::{End, Ends, EventStudy, SensitivitySettings};
use crate::uncertainty::Level;

#[cfg(test)]
mod tests;

/// The window of the search and its steps, both ways from 0: 1,000 values.
const WINDOW: f64 = 20.0;
const N_VALUES: usize = 1_000;

/// The share of the error that the first, least-favourable step spends.
const FIRST_SHARE: f64 = 0.1;

/// The ends of the values that are not rejected.
pub(super) fn ends(study: &EventStudy, times: f64, settings: &SensitivitySettings) -> (End, End) {
    let members = members(study, times, settings.level);
    let holds = |value: f64| members.iter().any(|member| member.accepts(value));
    let se = study.se();
    // Centred on 0, as the reference has it, unless the estimate itself would lie at the edge.
    let reach = if study.estimate().abs() < (WINDOW - 3.0) * se {
        WINDOW * se
    } else {
        WINDOW * se + study.estimate().abs()
    };
    let step = 2.0 * reach / (N_VALUES - 1) as f64;
    let value = |k: usize| -reach + step * k as f64;
    let low = (0..N_VALUES).find(|&k| holds(value(k)));
    let high = (0..N_VALUES).rfind(|&k| holds(value(k)));
    // The estimate itself is never rejected; between two values of the grid it may be the only one.
    let low = low.map_or(study.estimate(), value);
    let high = high.map_or(study.estimate(), value);
    match settings.ends {
        Ends::OnGrid => {
            let end = |at: f64| if at.abs() >= reach - 0.5 * step { End::Beyond(at) } else { End::At(at) };
            (end(low), end(high))
        }
        Ends::Exact => (sharpen(low, -step, holds), sharpen(high, step, holds)),
    }
}

/// The last value that holds, from one that does in steps of growing length, then by halving.
fn sharpen(mut inside: f64, first_step: f64, holds: impl Fn(f64) -> bool) -> End {
    let mut step = first_step;
    while holds(inside + step) {
        inside += step;
        step *= 1.5;
        if step.abs() > 1e9 * first_step.abs() {
            return End::Beyond(inside);
        }
    }
    let mut outside = inside + step;
    while (outside - inside).abs() > 1e-6 * first_step.abs() {
        let middle = 0.5 * (inside + outside);
        if holds(middle) { inside = middle } else { outside = middle }
    }
    End::At(inside)
}

/// A corner of the dual: this much of (estimate - value), and this much of the step.
type Corner = [f64; 2];

/// One member of the union: a step before the start, taken to be the largest, and its sign.
struct Member {
    /// The estimate and the step.
    centre: [f64; 2],
    variance: [f64; 2],
    covariance: f64,
    corners: Vec<Corner>,
    /// Beyond this the first step of the test rejects.
    first: f64,
    /// The error left for the second.
    error: f64,
}

fn members(study: &EventStudy, times: f64, level: Level) -> Vec<Member> {
    let n = study.n_before() + study.weights().len();
    // From the time before (the base before the first after) to the time at `to`.
    let step = |from: Option<usize>, to: Option<usize>| {
        let mut combination = vec![0.0; n];
        to.into_iter().for_each(|at| combination[at] += 1.0);
        from.into_iter().for_each(|at| combination[at] -= 1.0);
        combination
    };
    let n_before = study.n_before();
    let before: Vec<Vec<f64>> =
        (0..n_before).map(|at| step(Some(at), Some(at + 1).filter(|next| *next < n_before))).collect();
    let after: Vec<Vec<f64>> = (n_before..n)
        .map(|at| step(Some(at).filter(|at| *at > n_before).map(|at| at - 1), Some(at)))
        .collect();
    let own: Vec<f64> = after.iter().map(|step| study.covariance(step, step)).collect();
    let mut members = Vec::new();
    for largest in &before {
        let with: Vec<f64> = after.iter().map(|step| study.covariance(step, largest)).collect();
        for sign in [1.0, -1.0] {
            let scale = |upper: f64| {
                let variance = |(own, with): (&f64, &f64)| {
                    own - 2.0 * upper * times * sign * with
                        + times * times * study.covariance(largest, largest)
                };
                own.iter().zip(&with).map(|pair| variance(pair).max(0.0).sqrt()).collect::<Vec<f64>>()
            };
            let largest: Vec<f64> = largest.iter().map(|share| sign * share).collect();
            let corners = corners(study.weights(), times, (&scale(1.0), &scale(-1.0)));
            members.push(Member::new(study, &largest, corners, level));
        }
    }
    members
}

/// The dual's corners, given the standard deviations of what each step's upper and lower limit leave.
fn corners(weights: &[f64], times: f64, (upper, lower): (&[f64], &[f64])) -> Vec<Corner> {
    // The effect asked for in steps: each step counts for all times from it on.
    let shares: Vec<f64> = (0..weights.len()).map(|t| weights[t..].iter().sum()).collect();
    let size: f64 = shares.iter().map(|share| share.abs()).sum();
    let norm = |rising: &[f64], falling: &[f64]| -> f64 {
        let scale = |t: usize| if shares[t] >= 0.0 { rising[t] } else { falling[t] };
        (0..shares.len()).map(|t| shares[t].abs() * scale(t)).sum()
    };
    let (above, below) = (norm(upper, lower), norm(lower, upper));
    let mut corners = vec![[1.0 / above, -times * size / above], [-1.0 / below, -times * size / below]];
    let used = shares.iter().filter(|share| **share != 0.0).count();
    for t in 0..shares.len() {
        // If only this step counts, the two corners above make this one.
        let repeats = used == 1 && shares[t] != 0.0;
        if times > 0.0 && !repeats {
            corners.push([0.0, -2.0 * times / (upper[t] + lower[t])]);
        }
    }
    corners
}

impl Member {
    fn new(study: &EventStudy, largest: &[f64], corners: Vec<Corner>, level: Level) -> Self {
        let asked = study.asked();
        let first_error = FIRST_SHARE * (1.0 - level.share());
        let mut member = Member {
            centre: [study.estimate(), study.value(largest)],
            variance: [study.covariance(&asked, &asked), study.covariance(largest, largest)],
            covariance: study.covariance(&asked, largest),
            corners,
            first: f64::INFINITY,
            error: (1.0 - level.share() - first_error) / (1.0 - first_error),
        };
        member.first = member.first_critical(first_error);
        member
    }

    /// Whether the test does not reject `value`, in two steps: the first compares the programme's optimum with what it
    /// would exceed at most were all limits met exactly; the second does so given which corner is optimal.
    fn accepts(&self, value: f64) -> bool {
        let gap = [self.centre[0] - value, self.centre[1]];
        let at = |corner: &Corner| corner[0] * gap[0] + corner[1] * gap[1];
        let Some(best) = self.corners.iter().max_by(|a, b| at(a).total_cmp(&at(b))) else { return true };
        let optimum = at(best);
        if optimum > self.first {
            return false;
        }
        let variance = self.product(best, best);
        if optimum <= 0.0 || variance <= 0.0 {
            return optimum <= 0.0;
        }
        // The optimum is normal within the values for which this corner stays the best, the rest held fixed.
        let (mut low, mut high) = (f64::NEG_INFINITY, self.first);
        for other in self.corners.iter().filter(|corner| *corner != best) {
            let slope = self.product(other, best) / variance;
            let rest = at(other) - slope * optimum;
            // At a slope of 1 the two move together: no value changes which is better.
            if slope < 1.0 - 1e-12 {
                low = low.max(rest / (1.0 - slope));
            } else if slope > 1.0 + 1e-12 {
                high = high.min(rest / (1.0 - slope));
            }
        }
        let deviation = variance.sqrt();
        beyond_within(optimum / deviation, (low.min(optimum) / deviation, high.max(optimum) / deviation))
            >= self.error
    }

    /// Covariance of what two corners see.
    fn product(&self, one: &Corner, other: &Corner) -> f64 {
        one[0] * other[0] * self.variance[0]
            + one[1] * other[1] * self.variance[1]
            + (one[0] * other[1] + one[1] * other[0]) * self.covariance
    }

    /// What the programme's optimum exceeds with probability `error` where all limits are met exactly.
    fn first_critical(&self, error: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        while self.exceeds(high) > error && high < 1e6 {
            (low, high) = (high, 2.0 * high);
        }
        // Thirty halvings: a billionth of a standard deviation.
        for _ in 0..30 {
            let middle = 0.5 * (low + high);
            if self.exceeds(middle) > error { low = middle } else { high = middle }
        }
        high
    }

    /// The probability that the optimum exceeds `most`, above 0, where all limits are met exactly: over the step's law,
    /// and given the step over the estimate's.
    fn exceeds(&self, most: f64) -> f64 {
        let deviation = self.variance[1].sqrt();
        let slope = self.covariance / deviation;
        // Where the estimate follows from the step, a sliver of freedom keeps the integral one.
        let rest = (self.variance[0] - slope * slope).max(1e-12 * self.variance[0]).sqrt();
        let (mut first, mut last) = (-9.0_f64, 9.0_f64);
        for corner in self.corners.iter().filter(|corner| corner[0] == 0.0) {
            first = first.max(most / (corner[1] * deviation));
        }
        last = last.max(first);
        let density = |z: f64| {
            let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
            for corner in self.corners.iter().filter(|corner| corner[0] != 0.0) {
                let limit = (most - corner[1] * deviation * z) / corner[0];
                if corner[0] > 0.0 { high = high.min(limit) } else { low = low.max(limit) }
            }
            let (low, high) = ((low - slope * z) / rest, (high - slope * z) / rest);
            let inside = if low < high { within(low, high) } else { 0.0 };
            inside * (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
        };
        1.0 - integral((first, last), 24, density)
    }
}

/// The probability between two numbers, without loss of digits in either tail.
fn within(low: f64, high: f64) -> f64 {
    if low > 0.0 { beyond(low) - beyond(high) } else { beyond(-high) - beyond(-low) }
}
