//! Fisher's test turned round: which effects, the same for every unit from its start on, it would not refuse.
//!
//! Under such an effect the outcomes without it are known, so that the starts can be dealt again. Every statistic is then
//! a ratio of polynomials of the effect, found once for each deal; no data are touched while looking for the ends.

use rayon::prelude::*;

use super::arms::{Arms, Contrast};
use super::moved::{Moved, Pair, Square, Sums, add};
use super::permuted::Deal;
use super::{Beta, BetaFrom};
use crate::panel::Panel;
use crate::uncertainty::Level;
use crate::uncertainty::permutation::{
    Counting, Dealer, Reach, Redraws, TIE, attained, generator, reach as ends,
};

/// What the statistic of one deal is put together from.
#[derive(Clone, Copy, Debug, Default)]
struct Dealt {
    sums: Moved,
    /// Variances after and before, and their covariance, each start's own.
    own: [Square; 3],
    /// The variance before and the covariance, from all starts together, where the multiple is found there.
    together: [Square; 2],
}

/// What an effect of one adds to a unit's outcomes depends on its start alone, so units whose outcomes never differ from
/// the median need only be counted: by their own start and the one they are dealt.
struct Inverted {
    n_by_arm: Vec<f64>,
    /// By unit, those that differ from the median first, its own arm.
    own: Vec<u16>,
    /// Units that differ from the median x arms.
    values: Vec<Pair>,
    /// Own arms x arms.
    slopes: Vec<Pair>,
    from: BetaFrom,
    beta: Beta,
    /// What arms of one unit add to the variances, which no deal changes.
    lone: [Square; 3],
    /// Of squares over all units.
    all: [Square; 2],
}

/// Room for one deal's sums, used again for the next.
struct Room {
    /// Own arms x arms.
    counts: Vec<f64>,
    by_arm: Vec<Sums>,
    /// Arms x arms, where the multiple is found from all starts together.
    across: Vec<Moved>,
}

/// The effects that the deals do not refuse at `level`: from `value` outwards, on both sides.
pub(super) fn reach(
    (panel, arms): (&Panel, &Arms),
    (contrast, deal): (&Contrast, &Deal),
    value: f64,
    (level, redraws): (Level, Redraws),
) -> Reach {
    let inverted = Inverted::of((panel, arms), contrast, deal);
    let happened = inverted.dealt(&deal.places, &mut inverted.room());
    let dealt: Vec<Dealt> = (0..redraws.n)
        .into_par_iter()
        .map_init(
            || (deal.places.clone(), inverted.room()),
            |(places, room), replicate| {
                places.copy_from_slice(&deal.places);
                let n = places.len();
                Dealer::new(generator(redraws.seed, replicate)).deal(places, n);
                inverted.dealt(places, room)
            },
        )
        .collect();
    let counting = Counting::Sample(redraws);
    let is_refused = |effect: f64| {
        let own = inverted.square(&happened, effect) * (1.0 - TIE).powi(2);
        let as_far = dealt.iter().filter(|one| inverted.square(one, effect) >= own).count();
        counting.p(as_far, dealt.len()) <= 1.0 - level.share()
    };
    let squares = dealt.iter().chain([&happened]).map(|one| inverted.square(one, value)).collect();
    let size = happened.own[0][0].max(0.0).sqrt().max(f64::MIN_POSITIVE);
    // Freed of the estimate itself nothing is left, which is not refused but where every deal leaves nothing.
    ends(&is_refused, (value, size), Some(attained(squares, level))).unwrap_or(Reach {
        low: None,
        high: None,
        level: Some(1.0),
    })
}

impl Inverted {
    fn of((panel, arms): (&Panel, &Arms), contrast: &Contrast, deal: &Deal) -> Self {
        let n_arms = arms.arms.len();
        let along = |of: &dyn Fn(usize) -> f64, arm: usize| -> Pair {
            [&contrast.after, &contrast.before].map(|weights| {
                let row = arms.row(weights, arm).iter().enumerate();
                row.filter(|(_, weight)| **weight != 0.0).map(|(t, weight)| weight * of(t)).sum()
            })
        };
        let differing = &deal.units[..deal.n_differing()];
        let values = differing.iter().flat_map(|&unit| {
            let outcome = move |t: usize| panel.column(t)[unit] - deal.medians[t];
            (0..n_arms).map(move |arm| along(&outcome, arm))
        });
        let slopes = (0..n_arms).flat_map(|own| {
            let is_on = move |t: usize| f64::from(u8::from(t >= arms.arms[own].first));
            (0..n_arms).map(move |arm| along(&is_on, arm))
        });
        let mut inverted = Inverted {
            n_by_arm: (0..n_arms).map(|arm| arms.n(arm)).collect(),
            own: deal.places.clone(),
            values: values.collect(),
            slopes: slopes.collect(),
            from: deal.from,
            beta: deal.beta,
            lone: [[0.0; 3]; 3],
            all: [[0.0; 3]; 2],
        };
        (inverted.lone, inverted.all) = inverted.over_all();
        inverted
    }

    fn room(&self) -> Room {
        let n_arms = self.n_by_arm.len();
        let n_across = if self.from == BetaFrom::AllStarts { n_arms * n_arms } else { 0 };
        Room {
            counts: vec![0.0; n_arms * n_arms],
            by_arm: vec![Sums::default(); n_arms],
            across: vec![Moved::default(); n_across],
        }
    }

    /// What no deal changes.
    fn over_all(&self) -> ([Square; 3], [Square; 2]) {
        let n_arms = self.n_by_arm.len();
        let n_units = self.own.len() as f64;
        let (mut lone, mut all) = ([[0.0; 3]; 3], [[0.0; 3]; 2]);
        for (arm, n) in self.n_by_arm.iter().enumerate() {
            let mut sums = Sums::default();
            for (row, own) in self.values.chunks_exact(n_arms).zip(&self.own) {
                sums.differ(row[arm], self.slopes[usize::from(*own) * n_arms + arm]);
            }
            for (own, n) in self.n_by_arm.iter().enumerate() {
                sums.slope(*n, self.slopes[own * n_arms + arm]);
            }
            let [_, before, product] = sums.squares;
            add(&mut all, [before, product], 1.0 / n);
            if *n == 1.0 {
                add(&mut sums.squares, sums.moved.squares(), -1.0 / n_units);
                add(&mut lone, sums.squares, 1.0 / (n_units - 1.0));
            }
        }
        (lone, all)
    }

    /// The units in these arms.
    fn dealt(&self, arms: &[u16], room: &mut Room) -> Dealt {
        let n_arms = self.n_by_arm.len();
        room.counts.fill(0.0);
        room.by_arm.fill(Sums::default());
        for (own, arm) in self.own.iter().zip(arms) {
            room.counts[usize::from(*own) * n_arms + usize::from(*arm)] += 1.0;
        }
        for ((row, own), arm) in self.values.chunks_exact(n_arms).zip(&self.own).zip(arms) {
            let (own, arm) = (usize::from(*own), usize::from(*arm));
            room.by_arm[arm].differ(row[arm], self.slopes[own * n_arms + arm]);
        }
        for (counts, slopes) in room.counts.chunks_exact(n_arms).zip(self.slopes.chunks_exact(n_arms)) {
            let of_own = room.by_arm.iter_mut().zip(counts).zip(slopes);
            of_own.for_each(|((sums, count), slope)| sums.slope(*count, *slope));
        }
        let mut dealt = Dealt { sums: Moved::default(), own: self.lone, together: self.all };
        for (sums, n) in room.by_arm.iter().zip(&self.n_by_arm) {
            dealt.sums.add(&sums.moved.times(1.0 / n));
            if *n > 1.0 {
                add(&mut dealt.own, sums.squares, 1.0 / (n * (n - 1.0)));
                add(&mut dealt.own, sums.moved.squares(), -1.0 / (n * n * (n - 1.0)));
            }
        }
        if self.from == BetaFrom::AllStarts {
            self.put_together(arms, room, &mut dealt.together);
        }
        dealt
    }

    /// Takes from squares over all units what the means of their arms hold.
    fn put_together(&self, arms: &[u16], room: &mut Room, together: &mut [Square; 2]) {
        let n_arms = self.n_by_arm.len();
        room.across.fill(Moved::default());
        for (row, arm) in self.values.chunks_exact(n_arms).zip(arms) {
            let sums = &mut room.across[usize::from(*arm) * n_arms..][..n_arms];
            sums.iter_mut().zip(row).for_each(|(sum, value)| sum.put(*value, 0));
        }
        for (counts, slopes) in room.counts.chunks_exact(n_arms).zip(self.slopes.chunks_exact(n_arms)) {
            for (sums, count) in room.across.chunks_exact_mut(n_arms).zip(counts) {
                let own = sums.iter_mut().zip(slopes);
                own.for_each(|(sum, slope)| sum.put(slope.map(|x| count * x), 1));
            }
        }
        for (row, n) in room.across.chunks_exact(n_arms).zip(&self.n_by_arm) {
            for (sum, n_own) in row.iter().zip(&self.n_by_arm) {
                let [_, before, product] = sum.squares();
                add(together, [before, product], -1.0 / (n * n_own));
            }
        }
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
