//! Fisher's test turned round: which effects, the same for every unit from its start on, it would not refuse.
//!
//! Under such an effect the outcomes without it are known, so that the starts can be dealt again. Every statistic is then
//! a ratio of polynomials of the effect, found once for each deal; no data are touched while looking for the ends.

use rayon::prelude::*;

use super::arms::{Arms, Contrast};
use super::permuted::Deal;
use super::{Beta, BetaFrom};
use crate::panel::Panel;
use crate::uncertainty::Level;
use crate::uncertainty::permutation::{Dealer, Redraws, TIE, generator};

/// Steps that narrow an end: halving 60 times leaves nothing a double could show.
const STEPS: usize = 60;

/// The effects that are not refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// The least of them; `None` if none is refused however low.
    pub low: Option<f64>,
    /// The largest; `None` if none is refused however high.
    pub high: Option<f64>,
}

/// What a unit's outcomes come to after and before, each less a slope times the effect.
#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    after: [f64; 2],
    before: [f64; 2],
}

/// A polynomial of the effect: constant, slope and curvature.
type Square = [f64; 3];

/// What the statistic of one deal is put together from.
#[derive(Clone, Copy, Debug, Default)]
struct Dealt {
    sums: Moved,
    /// Variances after and before, and their covariance, each start's own.
    own: [Square; 3],
    /// The variance before and the covariance, from all starts together, where the multiple is found there.
    together: [Square; 2],
}

struct Inverted {
    n_by_arm: Vec<f64>,
    /// Units x arms.
    moved: Vec<Moved>,
    from: BetaFrom,
    beta: Beta,
    /// What arms of one unit add to the variances, which no deal changes.
    lone: [Square; 3],
    /// Of squares over all units.
    all: [Square; 2],
}

/// The effects that the deals do not refuse at `level`: from `value` outwards, on both sides.
pub(super) fn reach(
    (panel, arms): (&Panel, &Arms),
    (contrast, deal): (&Contrast, &Deal),
    value: f64,
    (level, redraws): (Level, Redraws),
) -> Reach {
    let inverted = Inverted::of((panel, arms), contrast, deal);
    let happened = inverted.dealt(&deal.places);
    let dealt: Vec<Dealt> = (0..redraws.n)
        .into_par_iter()
        .map_init(
            || deal.places.clone(),
            |places, replicate| {
                places.copy_from_slice(&deal.places);
                let n = places.len();
                Dealer::new(generator(redraws.seed, replicate)).deal(places, n);
                inverted.dealt(places)
            },
        )
        .collect();
    let refused = 1.0 - level.share();
    let is_refused = |effect: f64| {
        let own = inverted.square(&happened, effect) * (1.0 - TIE).powi(2);
        let as_far = dealt.iter().filter(|one| inverted.square(one, effect) >= own).count();
        (1 + as_far) as f64 / (1 + dealt.len()) as f64 <= refused
    };
    let size = happened.own[0][0].max(0.0).sqrt().max(f64::MIN_POSITIVE);
    let end = |sign: f64| {
        let (mut inside, mut outside) = (0.0, sign * size);
        let mut step = 0;
        while !is_refused(value + outside) {
            (inside, outside) = (outside, 2.0 * outside);
            step += 1;
            if step == STEPS {
                return None;
            }
        }
        for _ in 0..STEPS {
            let middle = 0.5 * (inside + outside);
            if is_refused(value + middle) { outside = middle } else { inside = middle }
        }
        Some(value + 0.5 * (inside + outside))
    };
    Reach { low: end(-1.0), high: end(1.0) }
}

impl Inverted {
    /// Outcomes are taken from the first unit's: what all have moves no contrast, and squares stay small.
    fn of((panel, arms): (&Panel, &Arms), contrast: &Contrast, deal: &Deal) -> Self {
        let n_arms = arms.arms.len();
        let mut moved = Vec::with_capacity(deal.units.len() * n_arms);
        for (&unit, &own) in deal.units.iter().zip(&deal.places) {
            let first = arms.arms[usize::from(own)].first;
            let outcome = |t: usize| panel.column(t)[unit] - panel.column(t)[deal.units[0]];
            let along = |weights: &[f64], arm| {
                let row = arms.row(weights, arm).iter().enumerate().filter(|(_, weight)| **weight != 0.0);
                let mut sums = [0.0; 2];
                for (t, weight) in row {
                    sums[0] += weight * outcome(t);
                    sums[1] += if t >= first { *weight } else { 0.0 };
                }
                sums
            };
            moved.extend((0..n_arms).map(|arm| Moved {
                after: along(&contrast.after, arm),
                before: along(&contrast.before, arm),
            }));
        }
        let n_by_arm: Vec<f64> = (0..n_arms).map(|arm| arms.n(arm)).collect();
        let mut inverted = Inverted {
            n_by_arm,
            moved,
            from: deal.from,
            beta: deal.beta,
            lone: [[0.0; 3]; 3],
            all: [[0.0; 3]; 2],
        };
        (inverted.lone, inverted.all) = inverted.over_all();
        inverted
    }

    /// What no deal changes.
    fn over_all(&self) -> ([Square; 3], [Square; 2]) {
        let n_arms = self.n_by_arm.len();
        let n_units = (self.moved.len() / n_arms) as f64;
        let (mut lone, mut all) = ([[0.0; 3]; 3], [[0.0; 3]; 2]);
        for (arm, n) in self.n_by_arm.iter().enumerate() {
            let (mut sums, mut squares) = (Moved::default(), [[0.0; 3]; 3]);
            for moved in self.moved.iter().skip(arm).step_by(n_arms) {
                sums.add(moved);
                add(&mut squares, moved.squares(), 1.0);
            }
            let [_, before, product] = squares;
            add(&mut all, [before, product], 1.0 / n);
            if *n == 1.0 {
                add(&mut squares, sums.squares(), -1.0 / n_units);
                add(&mut lone, squares, 1.0 / (n_units - 1.0));
            }
        }
        (lone, all)
    }

    /// The units in these arms.
    fn dealt(&self, arms: &[u16]) -> Dealt {
        let n_arms = self.n_by_arm.len();
        let mut dealt = Dealt { sums: Moved::default(), own: self.lone, together: self.all };
        let mut sums = vec![Moved::default(); n_arms];
        for (row, &arm) in self.moved.chunks_exact(n_arms).zip(arms) {
            let (arm, n) = (usize::from(arm), self.n_by_arm[usize::from(arm)]);
            sums[arm].add(&row[arm]);
            if n > 1.0 {
                add(&mut dealt.own, row[arm].squares(), 1.0 / (n * (n - 1.0)));
            }
        }
        for (sums, n) in sums.iter().zip(&self.n_by_arm) {
            dealt.sums.add(&sums.times(1.0 / n));
            if *n > 1.0 {
                add(&mut dealt.own, sums.squares(), -1.0 / (n * n * (n - 1.0)));
            }
        }
        if self.from == BetaFrom::AllStarts {
            let mut sums = vec![Moved::default(); n_arms * n_arms];
            for (row, &arm) in self.moved.chunks_exact(n_arms).zip(arms) {
                let sums = &mut sums[usize::from(arm) * n_arms..][..n_arms];
                sums.iter_mut().zip(row).for_each(|(sum, moved)| sum.add(moved));
            }
            for (row, n) in sums.chunks_exact(n_arms).zip(&self.n_by_arm) {
                for (sum, n_own) in row.iter().zip(&self.n_by_arm) {
                    let [_, before, product] = sum.squares();
                    add(&mut dealt.together, [before, product], -1.0 / (n * n_own));
                }
            }
        }
        dealt
    }

    /// The squared statistic, once every outcome is freed of an effect.
    fn square(&self, dealt: &Dealt, effect: f64) -> f64 {
        let at = |square: &Square| square[0] + effect * (square[1] + effect * square[2]);
        let line = |of: [f64; 2]| of[0] - effect * of[1];
        let [after, before, product] = [0, 1, 2].map(|k| at(&dealt.own[k]));
        let over = |product: f64, before: f64| if before > 0.0 { product / before } else { 0.0 };
        let beta = match (self.from, self.beta) {
            (BetaFrom::EachStart, _) => over(product, before),
            (BetaFrom::AllStarts, _) => over(at(&dealt.together[1]), at(&dealt.together[0])),
            (BetaFrom::Given, Beta::Zero) => 0.0,
            (BetaFrom::Given | BetaFrom::TooFew, _) => 1.0,
        };
        let difference = line(dealt.sums.after) - beta * line(dealt.sums.before);
        let variance = after - 2.0 * beta * product + beta * beta * before;
        if difference == 0.0 { 0.0 } else { difference * difference / variance.max(0.0) }
    }
}

impl Moved {
    fn add(&mut self, other: &Moved) {
        for k in 0..2 {
            self.after[k] += other.after[k];
            self.before[k] += other.before[k];
        }
    }

    fn times(&self, factor: f64) -> Moved {
        Moved { after: self.after.map(|x| factor * x), before: self.before.map(|x| factor * x) }
    }

    /// Squares after, before, and the product of both.
    fn squares(&self) -> [Square; 3] {
        let product = |a: [f64; 2], b: [f64; 2]| [a[0] * b[0], -(a[0] * b[1] + a[1] * b[0]), a[1] * b[1]];
        [product(self.after, self.after), product(self.before, self.before), product(self.after, self.before)]
    }
}

fn add<const N: usize>(sums: &mut [Square; N], squares: [Square; N], times: f64) {
    for (sum, square) in sums.iter_mut().zip(squares) {
        sum.iter_mut().zip(square).for_each(|(sum, x)| *sum += times * x);
    }
}
