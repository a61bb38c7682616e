//! What a handful of units can tell: from whose outcomes the best multiple is found, and how far intervals reach.
//!
//! How many units each start has decides it, never how their outcomes fell: two units that happen to agree would
//! else seem to know everything.

use super::arms::Arms;
use super::moments::{Moments, Projected};
use super::{Beta, BetaFrom};
use crate::uncertainty::{Level, Portion, degrees, variance};

/// With fewer degrees of freedom of what differed before, a multiple found from each start's own outcomes fits their
/// noise.
const ENOUGH: f64 = 20.0;

/// With fewer units to spare over all starts no multiple can be found.
pub(super) const LEAST_SPARE: f64 = 5.0;

/// From whose outcomes the multiple is found, and with how many degrees of freedom; none where it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub from: BetaFrom,
    pub df: Option<f64>,
}

impl Found {
    pub fn of(arms: &Arms, beta: Beta, before: &[f64]) -> Self {
        let own = || arms.degrees(before);
        match beta {
            Beta::Zero | Beta::One => Found { from: BetaFrom::Given, df: None },
            Beta::Best if arms.spare() < LEAST_SPARE => Found { from: BetaFrom::TooFew, df: None },
            Beta::Best if own() >= ENOUGH => Found { from: BetaFrom::EachStart, df: Some(own()) },
            Beta::Best => Found { from: BetaFrom::AllStarts, df: Some(arms.spare()) },
        }
    }

    /// The multiple.
    pub fn beta(self, moments: &Moments<'_>, beta: Beta, (after, before): (&Projected, &Projected)) -> f64 {
        let best = |covariance: &dyn Fn(&Projected, &Projected) -> f64| {
            let variance = covariance(before, before);
            // What never differed before can teach nothing.
            if variance.max(0.0).sqrt() <= moments.noise { 0.0 } else { covariance(before, after) / variance }
        };
        match (self.from, beta) {
            (BetaFrom::Given, Beta::Zero) => 0.0,
            (BetaFrom::Given | BetaFrom::TooFew, _) => 1.0,
            (BetaFrom::EachStart, _) => best(&|one, other| moments.covariance(one, other)),
            (BetaFrom::AllStarts, _) => best(&|one, other| moments.pooled_parts(one, other).iter().sum()),
        }
    }

    /// The error and law that allow for variances estimated from few.
    ///
    /// Each start's part has its own degrees of freedom, one less than its units; starts of one unit borrow those of all
    /// together. A multiple that was found fits the sample it is judged by, as a regression's slope does: one of its
    /// degrees of freedom is spent, and each part of the variance raised and its own degrees lowered to match.
    pub fn few_units(self, moments: &Moments<'_>, line: &Projected, level: Level) -> (f64, f64) {
        let arms = moments.arms;
        let spare = arms.spare();
        let left = self.df.map_or(1.0, |df| ((df - 1.0) / df).max(0.5 / df));
        let (found, expected) = (moments.parts(line, line), moments.pooled_parts(line, line));
        let mut lone = Portion { found: 0.0, expected: 0.0, df: spare * left };
        let mut shares = Vec::with_capacity(found.len());
        for (arm, (found, expected)) in found.into_iter().zip(expected).enumerate() {
            if arms.n(arm) == 1.0 {
                lone =
                    Portion { found: lone.found + found / left, expected: lone.expected + expected, ..lone };
            } else {
                shares.push(Portion { found: found / left, expected, df: (arms.n(arm) - 1.0) * left });
            }
        }
        shares.push(lone);
        let (_, df) = degrees(&shares, (spare * left).max(1.0), level);
        (variance(&shares).max(0.0).sqrt(), df)
    }
}
