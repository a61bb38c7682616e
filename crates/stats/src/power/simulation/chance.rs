//! One stream of chance for each replicate.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Seeded chance: xoshiro256++, whose state the seed and the replicate's number fill by SplitMix64.
#[derive(Clone, Debug)]
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// The stream of one replicate.
    pub fn of(seed: u64, replicate: u64) -> Self {
        // An odd factor spreads neighbouring replicates over all seeds; SplitMix64 then parts them.
        Chance(Xoshiro256PlusPlus::seed_from_u64(
            seed ^ replicate.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        ))
    }

    /// A whole number below `n`, each as likely; `n` above 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// A number as a lottery gives it: all are as likely, and two are hardly ever the same.
    pub fn number(&mut self) -> u64 {
        self.0.random()
    }

    /// A number from the standard normal law. Source: Box and Muller (1958), Annals of Mathematical Statistics 29(2), 610-611.
    pub fn normal(&mut self) -> f64 {
        let (a, b): (f64, f64) = (1.0 - self.0.random::<f64>(), self.0.random());
        (-2.0 * libm::log(a)).sqrt() * libm::cos(std::f64::consts::TAU * b)
    }
}
