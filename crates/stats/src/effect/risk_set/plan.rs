//! A closed pool before it is drawn: who can be served when, with which chance, and how much there will be to learn.
//!
//! Everybody contends until served, and no tier changes. It simulates nothing and knows no outcome.

use super::choices::n_choices;

/// A risk set that a plan will have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskSize {
    /// The place of its wave.
    pub wave: usize,
    /// The place of its tier, best first.
    pub tier: usize,
    /// Units of the tier still without a slot.
    pub n_at_risk: usize,
    /// Slots left for them.
    pub n_slots: usize,
}

/// When the units of each tier will be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedPool {
    /// Units by tier, best first.
    pub tiers: Vec<usize>,
    /// Tiers x waves: how many units are served. This is certain; which ones is not.
    pub served: Vec<Vec<usize>>,
    /// By tier, how many are never served.
    pub never: Vec<usize>,
    /// The risk sets, in order of wave.
    pub sets: Vec<RiskSize>,
}

/// What there is to learn when `n_slots` of `n_at_risk` units win: n p (1 - p).
///
/// The inverse of the variance of a difference of means is this over the outcome's variance.
pub fn information(n_at_risk: usize, n_slots: usize) -> f64 {
    let (n, m) = (n_at_risk as f64, n_slots.min(n_at_risk) as f64);
    if n_at_risk == 0 { 0.0 } else { m * (n - m) / n }
}

/// When the units of each tier will be served: each wave serves the best tiers first, and draws in the one that it does
/// not serve whole.
///
/// - `tiers`: units by tier, best first. `slots`: slots by wave.
///
/// Source: the law of sampling without replacement; the starts within a tier are a random arrangement of these numbers.
pub fn closed_pool(tiers: &[usize], slots: &[usize]) -> ClosedPool {
    let mut waiting = tiers.to_vec();
    let mut served = vec![vec![0; slots.len()]; tiers.len()];
    let mut sets = Vec::new();
    for (wave, &n_slots) in slots.iter().enumerate() {
        let mut left = n_slots;
        for (tier, waiting) in waiting.iter_mut().enumerate() {
            let n = left.min(*waiting);
            if 0 < n && n < *waiting {
                sets.push(RiskSize { wave, tier, n_at_risk: *waiting, n_slots: n });
            }
            served[tier][wave] = n;
            *waiting -= n;
            left -= n;
        }
    }
    ClosedPool { tiers: tiers.to_vec(), served, never: waiting, sets }
}

impl ClosedPool {
    /// The chance of a unit of `tier` to be served in `wave`, as of today; a tier without units has none.
    pub fn chance(&self, tier: usize, wave: usize) -> f64 {
        if self.tiers[tier] == 0 { 0.0 } else { self.served[tier][wave] as f64 / self.tiers[tier] as f64 }
    }

    /// What there will be to learn, over all risk sets.
    pub fn information(&self) -> f64 {
        self.sets.iter().map(|set| information(set.n_at_risk, set.n_slots)).sum()
    }

    /// The same units and slots without tiers: a pure lottery. What it has to learn above this one is the tiers' cost.
    pub fn without_tiers(&self) -> ClosedPool {
        let n_waves = self.served.first().map_or(0, Vec::len);
        let slots: Vec<usize> =
            (0..n_waves).map(|wave| self.served.iter().map(|served| served[wave]).sum()).collect();
        closed_pool(&[self.tiers.iter().sum()], &slots)
    }

    /// The share of a pure lottery's information that the tiers cost; `None` if that has none either.
    pub fn cost_of_tiers(&self) -> Option<f64> {
        let pure = self.without_tiers().information();
        (pure > 0.0).then(|| 1.0 - self.information() / pure)
    }

    /// How many different outcomes the draws together have, all equally likely; `None` if beyond counting.
    pub fn n_assignments(&self) -> Option<u64> {
        self.sets.iter().try_fold(1_u64, |n, set| n.checked_mul(n_choices(set.n_at_risk, set.n_slots)?))
    }
}
