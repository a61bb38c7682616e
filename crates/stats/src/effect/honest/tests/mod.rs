mod reference;
mod special;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

/// Seeded normal numbers.
pub(super) struct Normals(Xoshiro256PlusPlus);

impl Normals {
    pub(super) fn new(seed: u64) -> Self {
        Normals(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(super) fn next(&mut self) -> f64 {
        let (a, b): (f64, f64) = (1.0 - self.0.random::<f64>(), self.0.random());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

/// Rows that make a covariance: numbers of times are sums of these times normal numbers.
fn roots(n: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut normals = Normals::new(seed);
    (0..n).map(|i| (0..n).map(|j| 0.1 * normals.next() + if i == j { 0.2 } else { 0.0 }).collect()).collect()
}

pub(super) fn covariance(n: usize, seed: u64) -> Vec<Vec<f64>> {
    let roots = roots(n, seed);
    let entry = |i: usize, j: usize| roots[i].iter().zip(&roots[j]).map(|(a, b)| a * b).sum();
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

pub(super) fn study_of(values: &[f64], n_before: usize, weights: &[f64], seed: u64) -> EventStudy {
    let study = EventStudy::new(values, &covariance(values.len(), seed), weights).unwrap();
    assert_eq!(study.n_before(), n_before);
    study
}

fn exact() -> SensitivitySettings {
    SensitivitySettings { ends: Ends::Exact, ..SensitivitySettings::default() }
}
