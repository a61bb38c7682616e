//! Permutation: how often chance alone, dealt again, would have looked at least as strong.
//!
//! It holds what permutation tests share: the dealing of places, the counting, and the answer. It knows no estimator
//! and no mechanism of a draw; it is seeded, and reads no clock.

mod reach;
#[cfg(test)]
mod tests;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

pub use reach::Reach;
pub(crate) use reach::{Counting, attained, reach};

/// Up to this many assignments all of them are tried; beyond, a sample.
pub const MOST_ENUMERATED: u64 = 100_000;

/// Two statistics nearer than this share of their size are equal: what rounding makes of the same sum in another order.
pub(crate) const TIE: f64 = 1e-9;

/// How many assignments to try where there are too many to try all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redraws {
    /// Assignments.
    pub n: u64,
    /// The seed of the generators, one for each assignment.
    pub seed: u64,
}

impl Default for Redraws {
    fn default() -> Self {
        Redraws { n: 20_000, seed: 1 }
    }
}

/// What a permutation test found.
///
/// The probabilities are those of a statistic at least as far from 0, had the treatment moved nobody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Permuted {
    /// By the estimate over its standard error: right also where effects differ between units but are 0 on average,
    /// with many units.
    pub p: f64,
    /// By the estimate alone.
    pub p_of_difference: f64,
    /// The assignments that were tried.
    pub tried: Tried,
    /// How the statistic fell among them.
    pub fell: Fell,
}

/// How a statistic fell among the assignments that were tried, for a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fell {
    /// The one that happened: an estimate over its standard error (of one risk set by itself, the estimate).
    pub happened: f64,
    /// How many assignments fell into each step of [`Fell::STEP`] from [`Fell::FIRST`] on; the two outermost hold all
    /// that fell beyond.
    pub counts: [u64; Fell::N],
}

impl Fell {
    /// Steps that are told apart.
    pub const N: usize = 32;
    /// Where the first step begins.
    pub const FIRST: f64 = -4.0;
    /// How wide each is.
    pub const STEP: f64 = 0.25;

    fn step(statistic: f64) -> usize {
        // Beyond the ends the conversion stops at them.
        (((statistic - Fell::FIRST) / Fell::STEP) as usize).min(Fell::N - 1)
    }
}

/// The assignments that a permutation test tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tried {
    /// All of them, so that the probabilities are exact.
    All {
        /// Assignments.
        n: u64,
    },
    /// A sample.
    Sample {
        /// Assignments.
        redraws: Redraws,
        /// The standard error that sampling leaves on `p`.
        se_of_p: f64,
    },
}

/// A statistic and its estimate, as they are compared between assignments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Statistic {
    /// The estimate.
    pub difference: f64,
    /// The estimate over its standard error.
    pub studentised: f64,
}

impl Statistic {
    /// With a variance of 0 any difference is infinitely far from 0, and none is not.
    pub fn new(difference: f64, variance: f64) -> Self {
        let studentised = if difference == 0.0 { 0.0 } else { difference / variance.max(0.0).sqrt() };
        Statistic { difference, studentised }
    }
}

/// How many assignments were at least as extreme as the one that happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extreme {
    pub studentised: u64,
    pub difference: u64,
    counts: [u64; Fell::N],
}

impl Extreme {
    /// Counts one assignment.
    pub fn count(&mut self, found: Statistic, happened: Statistic) {
        self.studentised += u64::from(reaches(found.studentised, happened.studentised));
        self.difference += u64::from(reaches(found.difference, happened.difference));
        self.counts[Fell::step(found.studentised)] += 1;
    }

    /// Both counts together.
    pub fn and(mut self, other: Extreme) -> Extreme {
        self.counts.iter_mut().zip(other.counts).for_each(|(ours, theirs)| *ours += theirs);
        Extreme {
            counts: self.counts,
            studentised: self.studentised + other.studentised,
            difference: self.difference + other.difference,
        }
    }

    /// The answer, however assignments were tried.
    pub fn of(self, counting: Counting, n: u64, happened: Statistic) -> Permuted {
        match counting {
            Counting::All => self.of_all(n, happened),
            Counting::Sample(redraws) => self.of_sample(redraws, happened),
        }
    }

    /// The answer when all `n` assignments were tried, the one that happened among them.
    pub fn of_all(self, n: u64, happened: Statistic) -> Permuted {
        let share = |count: u64| count as f64 / n as f64;
        Permuted {
            p: share(self.studentised),
            p_of_difference: share(self.difference),
            tried: Tried::All { n },
            fell: Fell { happened: happened.studentised, counts: self.counts },
        }
    }

    /// The answer when a sample was tried; the one that happened counts with it, so that p is never 0.
    pub fn of_sample(self, redraws: Redraws, happened: Statistic) -> Permuted {
        let share = |count: u64| (1 + count) as f64 / (1 + redraws.n) as f64;
        let p = share(self.studentised);
        let se_of_p = (p * (1.0 - p) / (1 + redraws.n) as f64).sqrt();
        let tried = Tried::Sample { redraws, se_of_p };
        let fell = Fell { happened: happened.studentised, counts: self.counts };
        Permuted { p, p_of_difference: share(self.difference), tried, fell }
    }
}

fn reaches(found: f64, happened: f64) -> bool {
    found.abs() >= happened.abs() * (1.0 - TIE)
}

/// The generator of one replicate: it depends on the seed and the replicate's number only, never on the thread.
pub(crate) fn generator(seed: u64, replicate: u64) -> Xoshiro256PlusPlus {
    // The first generator spreads the seed over all bits; neighbours of one seed are then not neighbours of another.
    let spread = Xoshiro256PlusPlus::seed_from_u64(seed).next_u64();
    Xoshiro256PlusPlus::seed_from_u64(spread.wrapping_add(replicate))
}

/// Deals whole numbers below a bound, two from each number of the generator.
pub(crate) struct Dealer {
    chance: Xoshiro256PlusPlus,
    left: Option<u32>,
}

impl Dealer {
    pub fn new(chance: Xoshiro256PlusPlus) -> Self {
        Dealer { chance, left: None }
    }

    /// A whole number from 0 to `bound - 1`, each equally likely.
    ///
    /// Source: Lemire (2019), ACM Transactions on Modeling and Computer Simulation 29(1), 3.
    pub fn below(&mut self, bound: u32) -> u32 {
        let mut product = u64::from(self.next()) * u64::from(bound);
        if (product as u32) < bound {
            let least = bound.wrapping_neg() % bound;
            while (product as u32) < least {
                product = u64::from(self.next()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// Puts a simple random sample of `places`, in random order, in its first `n` places.
    pub fn deal<T>(&mut self, places: &mut [T], n: usize) {
        let all = places.len();
        for place in 0..n.min(all.saturating_sub(1)) {
            let other = place + self.below((all - place) as u32) as usize;
            places.swap(place, other);
        }
    }

    fn next(&mut self) -> u32 {
        match self.left.take() {
            Some(left) => left,
            None => {
                let both = self.chance.next_u64();
                self.left = Some(both as u32);
                (both >> 32) as u32
            }
        }
    }
}
