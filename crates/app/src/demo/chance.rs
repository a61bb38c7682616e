//! The demo's own dice: what people do and what happens to their numbers, fixed by the seed.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Seeded dice.
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// Dice that `seed` fixes.
    pub fn seeded(seed: u64) -> Chance {
        Chance(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number from 0 to 1 (without 1).
    pub fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> Outcome {
        if self.share() < probability { Outcome::Yes } else { Outcome::No }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&mut self, least: usize, most: usize) -> usize {
        least + (self.share() * (most - least + 1) as f64) as usize
    }

    /// A normal number with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }

    /// One of `things`; `None` of nothing.
    pub fn one_of<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        if things.is_empty() { None } else { things.get(self.whole(0, things.len() - 1)) }
    }
}

/// Whether something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did.
    Yes,
    /// It did not.
    No,
}

impl Outcome {
    /// For conditions.
    pub fn is_yes(self) -> bool {
        self == Outcome::Yes
    }
}
