//! The best multiple from the units of all starts together, for starts that are dealt again.

use super::permuted::{Pair, over};

/// What it needs besides the deal.
pub(super) struct Together {
    /// By arm, 1 over the number of units.
    shares: Vec<f64>,
    /// By arm, what turns a product of two scaled numbers into their part of the variance of a mean.
    counts: Vec<f64>,
    /// Sums over all units of squares before, and of products of before and after, each counted so.
    all: [f64; 2],
}

impl Together {
    /// - `pairs`: units x arms, each over its arm's scale.
    pub fn of(pairs: &[Pair], scales: &[f64], shares: &[f64]) -> Self {
        let counts: Vec<f64> =
            scales.iter().zip(shares).map(|(scale, share)| scale * scale * share).collect();
        let mut all = [0.0; 2];
        for row in pairs.chunks_exact(counts.len()) {
            for (pair, counts) in row.iter().zip(&counts) {
                all[0] += counts * pair.before * pair.before;
                all[1] += counts * pair.before * pair.after;
            }
        }
        Together { shares: shares.to_vec(), counts, all }
    }

    /// The multiple, when these units have these arms: from their squares about the means of their arms.
    pub fn beta(&self, pairs: &[Pair], dealt: &[u16]) -> f64 {
        let n_arms = self.shares.len();
        let mut sums = vec![Pair::default(); n_arms * n_arms];
        for (row, &arm) in pairs.chunks_exact(n_arms).zip(dealt) {
            for (sum, pair) in sums[usize::from(arm) * n_arms..][..n_arms].iter_mut().zip(row) {
                sum.after += pair.after;
                sum.before += pair.before;
            }
        }
        let [mut before, mut product] = self.all;
        for (row, share) in sums.chunks_exact(n_arms).zip(&self.shares) {
            for (sum, counts) in row.iter().zip(&self.counts) {
                before -= counts * share * sum.before * sum.before;
                product -= counts * share * sum.before * sum.after;
            }
        }
        over(product, before)
    }
}
