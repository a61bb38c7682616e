//! Several starts taken together, and the spread that placebos give.

use std::collections::BTreeMap;

use super::{Estimate, Law, Level, Placebo, Spread, Twinned, WhyUnknown, deviation, mean};
use crate::effect::Part;

/// An estimate with the spread of its placebos.
///
/// - `per_unit`: donors for each started unit: how many placebos there are that share no donor.
pub(super) fn estimate(value: f64, placebos: &[f64], per_unit: f64, level: Level) -> Estimate {
    let estimate = with_deviation(value, deviation(placebos), (placebos.len() as f64, per_unit), level);
    ranked(estimate, placebos, level)
}

/// The same with the interval and p-value of the rank among placebos, where these are the more careful: both then claim an
/// effect only where the law of their spread and their rank do.
fn ranked(mut estimate: Estimate, placebos: &[f64], level: Level) -> Estimate {
    let Spread::Known(interval) = &mut estimate.spread else { return estimate };
    let mut sizes: Vec<f64> = placebos.iter().map(|placebo| placebo.abs()).collect();
    sizes.sort_unstable_by(|a, b| b.total_cmp(a));
    let n = sizes.len() as f64 + 1.0;
    // So many placebos as far leave an estimate as rare as what the interval leaves out.
    let rare = ((1.0 - level.share()) * n + 1e-9) as usize;
    let reach = sizes[rare.clamp(1, sizes.len()) - 1];
    let as_far = sizes.iter().filter(|size| **size >= estimate.value.abs()).count() as f64;
    interval.low = interval.low.min(estimate.value - reach);
    interval.high = interval.high.max(estimate.value + reach);
    interval.p = interval.p.max((1.0 + as_far) / n);
    estimate
}

/// As many placebos as let an estimate beyond all of them be as rare as what an interval leaves out.
pub(super) fn fewest(level: Level) -> usize {
    // What rounding makes of one less the level is no placebo more.
    (1.0 / (1.0 - level.share()) - 1e-9).ceil() as usize - 1
}

fn with_deviation(value: f64, used: f64, (n, per_unit): (f64, f64), level: Level) -> Estimate {
    let rounding = 1e-13 * value.abs();
    if used <= rounding || used.is_nan() {
        return Estimate { value, spread: Spread::Unknown(WhyUnknown::NoVariation) };
    }
    // However far out an estimate lies, that the started units are like one of the placebos speaks against no more than
    // the placebos there are.
    let least = fewest(level);
    if n < least as f64 {
        return Estimate {
            value,
            spread: Spread::Unknown(WhyUnknown::TooFewStandIns { n: n as usize, least }),
        };
    }
    let law = Law::Student { df: (per_unit - 1.0).max(1.0) };
    Estimate::known(value, used * ((n - 1.0) / n).sqrt(), (used, law), level).no_surer_than(n, level)
}

/// The mean over all cells with the treatment.
pub(super) fn overall(starts: &[Twinned], n_donors: usize, level: Level) -> Estimate {
    let parts: Vec<Weighted<'_>> = starts
        .iter()
        .map(|start| Weighted {
            start,
            weight: (start.units.len() * start.n_periods.1) as f64,
            value: start.effect.value,
            of: Of::Mean,
        })
        .collect();
    pooled(&parts, n_donors, level)
}

/// The mean at each exposure over the starts seen at it, weighted by their units.
pub(super) fn by_exposure(starts: &[Twinned], n_donors: usize, level: Level) -> Vec<Part<i64>> {
    let mut by_exposure = BTreeMap::<i64, Vec<Weighted<'_>>>::new();
    for start in starts {
        for (period, &(exposure, value)) in start.curve.iter().enumerate() {
            let weight = start.units.len() as f64;
            let part = Weighted { start, weight, value, of: Of::Period(period) };
            by_exposure.entry(exposure).or_default().push(part);
        }
    }
    let part = |(at, parts): (i64, Vec<Weighted<'_>>)| Part { at, effect: pooled(&parts, n_donors, level) };
    by_exposure.into_iter().map(part).collect()
}

/// One start's part of a weighted mean.
struct Weighted<'a> {
    start: &'a Twinned,
    weight: f64,
    value: f64,
    of: Of,
}

/// Which number of a start is meant.
#[derive(Clone, Copy)]
enum Of {
    Mean,
    Period(usize),
}

impl Weighted<'_> {
    /// The same number of each placebo.
    fn placebos(&self) -> Vec<f64> {
        let number = |placebo: &Placebo| match self.of {
            Of::Mean => placebo.value,
            Of::Period(period) => placebo.curve[period],
        };
        self.start.placebos.iter().map(number).collect()
    }
}

fn pooled(parts: &[Weighted<'_>], n_donors: usize, level: Level) -> Estimate {
    let total: f64 = parts.iter().map(|part| part.weight).sum();
    let placebos: Vec<Vec<f64>> = parts.iter().map(Weighted::placebos).collect();
    let mut variance = 0.0;
    for (a, one) in parts.iter().enumerate() {
        variance += (one.weight / total * deviation(&placebos[a])).powi(2);
        for (b, other) in parts.iter().enumerate().skip(a + 1) {
            let together = covariance((one.start, &placebos[a]), (other.start, &placebos[b]));
            variance += 2.0 * one.weight * other.weight / total.powi(2) * together;
        }
    }
    let value = parts.iter().map(|part| part.weight * part.value).sum::<f64>() / total;
    let n_started: usize = parts.iter().map(|part| part.start.units.len()).sum();
    let n = placebos.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let estimate =
        with_deviation(value, variance.max(0.0).sqrt(), (n, n_donors as f64 / n_started as f64), level);
    match &placebos[..] {
        [placebos] => ranked(estimate, placebos, level),
        _ => estimate,
    }
}

/// Covariance of two starts' placebos over all pairs of stand-ins that share no donor.
fn covariance(one: (&Twinned, &[f64]), other: (&Twinned, &[f64])) -> f64 {
    let (centre, other_centre) = (mean(one.1), mean(other.1));
    let (mut sum, mut n) = (0.0, 0.0_f64);
    for (a, value) in one.0.placebos.iter().zip(one.1) {
        for (b, other_value) in other.0.placebos.iter().zip(other.1) {
            if a.donors.iter().all(|donor| !b.donors.contains(donor)) {
                sum += (value - centre) * (other_value - other_centre);
                n += 1.0;
            }
        }
    }
    sum / n.max(1.0)
}
