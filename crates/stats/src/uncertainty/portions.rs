//! The law of an estimate whose variance is put together from shares, each estimated with its own degrees of freedom.
//!
//! What the shares were found to be must not decide how well they are known: a start of two units that happen to agree
//! would then seem to add nothing, and the law to be that of the many. So the law follows from what the shares would be,
//! were all units equally spread.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Law, Level, MANY_UNITS};

/// So many matched laws are kept, some hundred kilobytes of them.
const MOST_REMEMBERED: usize = 2_000;

thread_local! {
    /// Parts and level, and the degrees of freedom that were matched to them.
    static MATCHED: RefCell<HashMap<Vec<u64>, f64>> = RefCell::default();
}

/// From so many degrees of freedom on the normal law serves, where there are [`MANY_UNITS`] units or clusters: a start of
/// twenty units has them. Intervals then miss the truth in 7 of 100 panels at worst.
pub const MANY_DEGREES: f64 = 19.0;

/// From so many on, Satterthwaite's approximation holds; below, it misses the truth far too seldom, and the law is matched.
const SATTERTHWAITE: f64 = 10.0;

/// A share of a variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Portion {
    /// As estimated, raised so that it is right on average.
    pub found: f64,
    /// What it would be on average, up to a factor common to all, were units independent and equally spread.
    pub expected: f64,
    /// The degrees of freedom it was estimated with.
    pub df: f64,
}

/// The variance that shares add up to.
pub(crate) fn variance(shares: &[Portion]) -> f64 {
    shares.iter().map(|share| share.found).sum()
}

/// The law of an estimate's distance from the truth, in the root of the shares' sum.
///
/// - `n_independent`: units or clusters; `most`: degrees of freedom there are at most.
///
/// Normal with [`MANY_UNITS`] and [`MANY_DEGREES`]. Else Student's with Satterthwaite's degrees of freedom, from the
/// shares as expected (as found where nothing is expected); with few of them, those with which Student's law reaches as
/// far at `level` as the estimate does over the root of independent chi-squares. Sources: Satterthwaite (1946),
/// Biometrics Bulletin 2(6), 110-114; Imhof (1961), Biometrika 48(3/4), 419-426.
pub(crate) fn law(shares: &[Portion], (n_independent, most): (usize, f64), level: Level) -> Law {
    let (df, matched) = degrees(shares, most, level);
    if n_independent >= MANY_UNITS && df >= MANY_DEGREES { Law::Normal } else { Law::Student { df: matched } }
}

/// Degrees of freedom: Satterthwaite's, and those with which Student's law reaches as far as the estimate does over the
/// root of independent chi-squares, which are the same where there are many. As for [`law`].
pub(crate) fn degrees(shares: &[Portion], most: f64, level: Level) -> (f64, f64) {
    let expected: Vec<(f64, f64)> = shares.iter().map(|share| (share.expected, share.df)).collect();
    let found: Vec<(f64, f64)> = shares.iter().map(|share| (share.found, share.df)).collect();
    let is_expected = expected.iter().any(|(size, _)| *size > 0.0);
    let df = satterthwaite(if is_expected { &expected } else { &found }).min(most);
    let matched = if is_expected && df < SATTERTHWAITE { matched(&expected, df, level) } else { df };
    (df, matched.min(most))
}

fn satterthwaite(parts: &[(f64, f64)]) -> f64 {
    let sum: f64 = parts.iter().map(|(size, _)| size).sum();
    sum * sum / parts.iter().filter(|(size, _)| *size > 0.0).map(|(size, df)| size * size / df).sum::<f64>()
}

/// The degrees of freedom with which Student's law reaches as far as an estimate over the root of its variance, put
/// together of independent chi-squares.
///
/// - `parts`: each one's size and degrees of freedom. `start`: about as many.
fn matched(parts: &[(f64, f64)], start: f64, level: Level) -> f64 {
    let total: f64 = parts.iter().map(|(size, _)| size).sum();
    let parts = merged(parts.iter().map(|(size, df)| (size / total, *df)).collect());
    if parts.len() < 2 {
        return start;
    }
    remembered(&parts, level, || {
        let tail = 1.0 - level.share();
        let reach = falling(|log| (beyond(&parts, log.exp()) / tail).ln(), (-2.0, 5.0), 1e-10).exp();
        let df =
            falling(|log| (Law::Student { df: log.exp() }.beyond(reach) / tail).ln(), (-1.5, 7.0), 1e-10);
        df.exp()
    })
}

/// What was matched to the same parts before: numbers of one analysis, and of panels of one shape, have them in common.
fn remembered(parts: &[(f64, f64)], level: Level, found: impl FnOnce() -> f64) -> f64 {
    let of_part = |(size, df): &(f64, f64)| [size.to_bits(), df.to_bits()];
    let key: Vec<u64> = parts.iter().flat_map(of_part).chain([level.share().to_bits()]).collect();
    if let Some(known) = MATCHED.with_borrow(|known| known.get(&key).copied()) {
        return known;
    }
    let found = found();
    MATCHED.with_borrow_mut(|known| {
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(key, found);
    });
    found
}

/// Parts without those too small to matter, and those that weigh about alike for each degree of freedom taken together.
fn merged(mut parts: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    parts.retain(|(size, _)| *size > 1e-9);
    parts.sort_by(|(a, n), (b, m)| (a / n).total_cmp(&(b / m)));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (size, df) in parts {
        match merged.last_mut().filter(|(all, n)| size / df < 1.05 * (*all / *n)) {
            Some(last) => *last = (last.0 + size, last.1 + df),
            None => merged.push((size, df)),
        }
    }
    merged
}

/// Where a falling function of a number between two bounds is 0, by the Illinois variant of regula falsi.
fn falling(of: impl Fn(f64) -> f64, (mut low, mut high): (f64, f64), close: f64) -> f64 {
    let (mut at_low, mut at_high) = (of(low), of(high));
    if at_low.is_nan() || at_high.is_nan() || at_low <= 0.0 || at_high >= 0.0 {
        return if at_low <= 0.0 { low } else { high };
    }
    let mut last = 0_i8;
    for _ in 0..80 {
        let middle = (low * at_high - high * at_low) / (at_high - at_low);
        let value = of(middle);
        if value.abs() < close || (high - low) < close {
            return middle;
        }
        if value > 0.0 {
            (low, at_low) = (middle, value);
            at_high *= if last == 1 { 0.5 } else { 1.0 };
            last = 1;
        } else {
            (high, at_high) = (middle, value);
            at_low *= if last == -1 { 0.5 } else { 1.0 };
            last = -1;
        }
    }
    0.5 * (low + high)
}

/// The probability that a normal number lies further out than `reach` times the root of a mean of chi-squares over their
/// degrees of freedom.
///
/// - `parts`: weights that sum to 1, and degrees of freedom.
///
/// It is the probability that a sum of chi-squares, some with negative weights, is above 0: Imhof's integral, on a
/// logarithmic scale, on which the integrand is smooth and dies away at both ends.
fn beyond(parts: &[(f64, f64)], reach: f64) -> f64 {
    const STEP: f64 = 0.125;
    /// What is left of the integrand, by its logarithm doubled, where it counts for nothing: it falls from there on.
    const NOTHING: f64 = 60.0;
    let negative: Vec<(f64, f64)> = parts.iter().map(|(size, df)| (reach * reach * size / df, *df)).collect();
    let mut sum = 0.0;
    for k in -144..=144 {
        let u = (f64::from(k) * STEP).exp();
        let mut angle = u.atan();
        let mut size = 0.5 * (u * u).ln_1p();
        for (weight, df) in &negative {
            let along = weight * u;
            angle -= df * along.atan();
            size += 0.5 * df * (along * along).ln_1p();
        }
        if size > NOTHING {
            break;
        }
        sum += (0.5 * angle).sin() * (-0.5 * size).exp();
    }
    0.5 + sum * STEP / std::f64::consts::PI
}

#[cfg(test)]
mod tests {
    use super::*;

    fn even(parts: &[(f64, f64)]) -> Vec<Portion> {
        parts.iter().map(|&(size, df)| Portion { found: size, expected: size, df }).collect()
    }

    #[test]
    fn one_share_is_students_law() {
        let out = |df: f64, reach: f64| (beyond(&[(1.0, df)], reach), Law::Student { df }.beyond(reach));
        for (df, reach) in [(1.0, 3.0), (2.0, 4.303), (5.0, 2.0), (47.0, 2.0), (300.0, 1.97)] {
            let (found, expect) = out(df, reach);
            // What the integral's steps and ends leave: most with very many degrees of freedom.
            assert!((found - expect).abs() < 5e-6, "{df} {reach}: {found} is not {expect}");
        }
    }

    /// Reference: the 95 % points of 400,000 simulated distances, each side uncertain by about 1 in 100.
    #[test]
    fn two_shares_reach_as_far_as_simulated_ones() {
        for (few, many, reach) in [(2.0, 48.0, 5.23), (3.0, 47.0, 3.32), (4.0, 200.0, 3.05), (2.0, 6.0, 3.22)]
        {
            let shares = even(&[(1.0 / few, few - 1.0), (1.0 / many, many - 1.0)]);
            let found = law(&shares, (50, 500.0), Level::NINETY_FIVE).reach(Level::NINETY_FIVE);
            assert!((found / reach - 1.0).abs() < 0.015, "{few} {many}: {found} is not {reach}");
        }
    }

    #[test]
    fn what_shares_happen_to_be_does_not_decide_how_well_they_are_known() {
        let with = |found| {
            let few = Portion { found, expected: 0.5, df: 1.0 };
            law(&[few, Portion { found: 0.02, expected: 0.02, df: 47.0 }], (50, 48.0), Level::NINETY_FIVE)
        };
        assert_eq!(with(1e-6), with(2.0));
    }

    #[test]
    fn the_normal_law_needs_many_units_and_twenty_that_start() {
        let of = |start: f64, n| {
            law(&even(&[(1.0 / start, start - 1.0), (0.01, 99.0)]), (n, 98.0), Level::NINETY_FIVE)
        };
        assert_eq!(of(20.0, 120), Law::Normal);
        assert!(matches!(of(20.0, 39), Law::Student { .. }));
        assert!(matches!(of(10.0, 110), Law::Student { df } if (9.0..13.0).contains(&df)));
    }
}
