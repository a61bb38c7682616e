//! Winners against losers, set by set and over sets: differences, variances, weights, degrees of freedom.
//!
//! Numbers only; which units are compared, and when, was decided before.

use super::seen::{Counted, Seen};
use super::{BestOf, Beta, RiskSetSettings, SetWeights};
use crate::uncertainty::Portion;

/// With fewer units to spare over all sides, to find a multiple from them costs more than it gains.
pub(super) const LEAST_SPARE: usize = 12;

/// What varies by less than this share of its size does not vary but by rounding.
pub(super) const ROUNDING: f64 = 1e-12;

type Square = [[f64; 3]; 3];

/// One side of a risk set.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub n: usize,
    pub mean: Seen,
    /// Sums of products of deviations.
    squares: Square,
    /// The covariance of the mean; 0 for a side of one unit, which borrows.
    spread: Square,
    /// The variance of the mean, were each unit's 1.
    evenly: f64,
}

/// A risk set's two sides.
#[derive(Clone, Debug)]
pub(super) struct TwoSides {
    pub winners: Side,
    pub losers: Side,
}

/// Some risk sets with their shares in the whole.
pub(super) struct Weighed<'a> {
    sets: &'a [TwoSides],
    /// They add up to 1.
    pub shares: Vec<f64>,
    /// The covariance of single units within their sides, over all sides.
    pooled: Square,
    /// Units less sides: what there is to estimate spread from.
    pub spare: usize,
}

/// The multiple of the baseline that is taken off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Multiple {
    pub value: f64,
    pub from: From,
}

/// Where a multiple is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// It was given, or there are too few units to find one.
    Given,
    /// The outcomes that it is judged by.
    Found,
}

impl Multiple {
    /// Where there is nothing to take off.
    pub const NONE: Multiple = Multiple { value: 0.0, from: From::Given };

    fn given(value: f64) -> Self {
        Multiple { value, from: From::Given }
    }
}

/// A weighted difference of winners and losers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub value: f64,
    pub variance: f64,
    /// Satterthwaite's degrees of freedom, from the variances as found.
    pub df: f64,
}

impl Side {
    /// A side of some units. With equal weights its spread is the sample covariance over the number of units.
    pub fn of(units: &[Counted]) -> Option<Side> {
        let total: f64 = units.iter().map(|unit| unit.weight).sum();
        if units.is_empty() {
            return None;
        }
        let evenly = units.iter().map(|unit| (unit.weight / total).powi(2)).sum();
        let (squares, spread) = ([[0.0; 3]; 3], [[0.0; 3]; 3]);
        let mut side = Side { n: units.len(), mean: [0.0; 3], squares, spread, evenly };
        side.mean = [0, 1, 2].map(|k| units.iter().map(|u| u.weight * u.seen[k]).sum::<f64>() / total);
        let n = units.len() as f64;
        let factor = if units.len() == 1 { 0.0 } else { n / (n - 1.0) };
        for unit in units {
            let weight = (unit.weight / total).powi(2) * factor;
            for i in 0..3 {
                for j in 0..3 {
                    let product = (unit.seen[i] - side.mean[i]) * (unit.seen[j] - side.mean[j]);
                    side.squares[i][j] += product;
                    side.spread[i][j] += weight * product;
                }
            }
        }
        Some(side)
    }
}

impl TwoSides {
    /// `None` if a side is empty.
    pub fn of((winners, losers): (&[Counted], &[Counted])) -> Option<TwoSides> {
        Some(TwoSides { winners: Side::of(winners)?, losers: Side::of(losers)? })
    }

    /// Whether a side has to borrow its spread.
    pub fn borrows(&self) -> bool {
        self.sides().iter().any(|side| side.n == 1)
    }

    /// Within its sides, the sums of products of outcome and baseline, and of squares of the baseline.
    pub fn within(&self) -> [f64; 2] {
        let sum = |j: usize| self.sides().iter().map(|side| side.squares[j][1]).sum();
        [sum(0), sum(1)]
    }

    fn sides(&self) -> [&Side; 2] {
        [&self.winners, &self.losers]
    }
}

impl<'a> Weighed<'a> {
    pub fn of(sets: &'a [TwoSides], weights: SetWeights) -> Self {
        let weight = |set: &TwoSides| {
            let (m, rest) = (set.winners.n as f64, set.losers.n as f64);
            match weights {
                SetWeights::AtRisk => m + rest,
                SetWeights::Winners => m,
                SetWeights::Regression => m * rest / (m + rest),
            }
        };
        let total: f64 = sets.iter().map(weight).sum();
        let sides = || sets.iter().flat_map(TwoSides::sides);
        let spare: usize = sides().map(|side| side.n - 1).sum();
        let mut pooled = [[0.0; 3]; 3];
        for side in sides() {
            for (pooled, squares) in pooled.iter_mut().zip(&side.squares) {
                pooled
                    .iter_mut()
                    .zip(squares)
                    .for_each(|(sum, square)| *sum += square / (spare.max(1)) as f64);
            }
        }
        Weighed { sets, shares: sets.iter().map(|set| weight(set) / total).collect(), pooled, spare }
    }

    /// The multiple of the baseline that is taken off.
    pub fn multiple(&self, settings: &RiskSetSettings) -> Multiple {
        let sum = |i: usize, j: usize| {
            let of = |(set, share): (&TwoSides, &f64)| {
                let sides = set.sides().map(|side| self.spread(side)[i][j]);
                share.powi(2) * (sides[0] + sides[1])
            };
            self.sets.iter().zip(&self.shares).map(of).sum::<f64>()
        };
        let [product, squares] = match (settings.beta, settings.best_of) {
            (Beta::Zero, _) => return Multiple::NONE,
            (Beta::One, _) => return Multiple::given(1.0),
            (Beta::Best, BestOf::AllSides) if self.spare < LEAST_SPARE => return Multiple::given(1.0),
            (Beta::Best, BestOf::AllSides) => [self.pooled[0][1], self.pooled[1][1]],
            (Beta::Best, BestOf::EachSide) => [sum(0, 1), sum(1, 1)],
        };
        let sides = self.sets.iter().flat_map(TwoSides::sides);
        let size = sides.fold(0.0_f64, |most, side| most.max(side.mean[1].abs()));
        // What did not vary before can teach nothing.
        let varies = squares.sqrt() > ROUNDING * size;
        Multiple { value: if varies { product / squares } else { 0.0 }, from: From::Found }
    }

    fn spread<'b>(&'b self, side: &'b Side) -> &'b Square {
        if side.n == 1 { &self.pooled } else { &side.spread }
    }

    /// The difference of `along . seen`, over all sets.
    ///
    /// The variance is Neyman's by side. Sides of one unit share one variance, with the degrees of freedom of all.
    pub fn line(&self, along: Seen) -> Line {
        let (mut value, mut variance, mut squares, mut lone) = (0.0, 0.0, 0.0, 0.0);
        for (set, share) in self.sets.iter().zip(&self.shares) {
            let difference = |k: usize| along[k] * (set.winners.mean[k] - set.losers.mean[k]);
            value += share * (0..3).map(difference).sum::<f64>();
            for side in set.sides() {
                let part = share.powi(2) * quadratic(along, self.spread(side));
                variance += part;
                if side.n == 1 {
                    lone += part;
                } else {
                    squares += part.powi(2) / (side.n - 1) as f64;
                }
            }
        }
        let df = variance.powi(2) / (squares + lone.powi(2) / self.spare.max(1) as f64);
        Line { value, variance, df }
    }

    /// One of the sets by itself, with the spread that the whole lends.
    pub fn alone<'b>(&self, set: &'b TwoSides) -> Weighed<'b> {
        let sets = std::slice::from_ref(set);
        Weighed { sets, shares: vec![1.0], pooled: self.pooled, spare: self.spare }
    }

    /// The shares of a line's variance, each with what it would be on average, were all units equally spread.
    ///
    /// Sides of one unit share one variance, with the degrees of freedom of all.
    pub fn portions(&self, along: Seen) -> Vec<Portion> {
        let mut portions = Vec::new();
        let mut lone = Portion { found: 0.0, expected: 0.0, df: self.spare.max(1) as f64 };
        for (set, share) in self.sets.iter().zip(&self.shares) {
            for side in set.sides() {
                let found = share.powi(2) * quadratic(along, self.spread(side));
                let expected = share.powi(2) * side.evenly;
                if side.n == 1 {
                    lone = Portion { found: lone.found + found, expected: lone.expected + expected, ..lone };
                } else {
                    portions.push(Portion { found, expected, df: (side.n - 1) as f64 });
                }
            }
        }
        portions.push(lone);
        portions
    }

    /// The covariance of two differences, over all sets.
    pub fn covariance(&self, one: Seen, other: Seen) -> f64 {
        let (sum, rest) = ([0, 1, 2].map(|k| one[k] + other[k]), [0, 1, 2].map(|k| one[k] - other[k]));
        (self.line(sum).variance - self.line(rest).variance) / 4.0
    }
}

fn quadratic(along: Seen, square: &Square) -> f64 {
    (0..3).map(|i| (0..3).map(|j| along[i] * square[i][j] * along[j]).sum::<f64>()).sum::<f64>().max(0.0)
}
