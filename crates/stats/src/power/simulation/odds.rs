//! A cap on what units under one parent may get in a wave, and each unit's chance under it.
//!
//! It knows the contest, not how a draw is recorded. Chances under a cap have no short formula: they are counted.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use super::Chance;

/// Chances are counted from so many lots, over all units and deals; units that stand alike share their count, so that it is off by
/// a hundredth or two.
const N_LOTS: usize = 20_000;

/// At most so many slots of each wave to units under one parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// The most.
    pub most: NonZeroUsize,
    /// Each unit's parent, as a number; `None` for a unit under none, which no cap holds up.
    pub parents: Vec<Option<usize>>,
}

impl Cap {
    /// Who of `order` gets one of the slots: one after the other, but for units whose parent has its most.
    pub(super) fn allot(&self, order: &[usize], slots: usize) -> Vec<usize> {
        let n_parents = self.parents.iter().flatten().max().map_or(0, |most| most + 1);
        let mut by_parent = vec![0; n_parents];
        let mut granted = Vec::new();
        for &unit in order {
            if granted.len() == slots {
                break;
            }
            if let Some(parent) = self.parents[unit] {
                if by_parent[parent] == self.most.get() {
                    continue;
                }
                by_parent[parent] += 1;
            }
            granted.push(unit);
        }
        granted
    }
}

/// Units that stand alike: tier and parent.
type Stands = (usize, Option<usize>);

/// The slots, and of each kind of unit how many wait.
type State = (usize, Vec<(Stands, usize)>);

/// Chances that were counted already. What a contest is does not turn on it, and it is never part of a comparison.
#[derive(Clone, Debug, Default)]
pub(super) struct Odds(Arc<Mutex<Known>>);

/// By state, the chance of each kind of unit.
type Known = HashMap<State, Arc<BTreeMap<Stands, f64>>>;

impl PartialEq for Odds {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Odds {}

impl Odds {
    /// Each unit's chance of one of the slots (0 to 1); 0 for those that do not wait.
    ///
    /// - `waiting`: units, in any order.
    pub(super) fn chances(&self, cap: &Cap, tiers: &[usize], waiting: &[usize], slots: usize) -> Vec<f64> {
        let stands = |unit: usize| (tiers[unit], cap.parents[unit]);
        let mut kinds = BTreeMap::<Stands, usize>::new();
        waiting.iter().for_each(|&unit| *kinds.entry(stands(unit)).or_default() += 1);
        let state = (slots, kinds.into_iter().collect());
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&state).cloned();
        // Counted outside the lock: whoever else counts the same meanwhile gets the same.
        let counted = known.unwrap_or_else(|| {
            let counted = Arc::new(count(cap.most, &state));
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(state, Arc::clone(&counted));
            counted
        });
        let mut chances = vec![0.0; tiers.len()];
        for &unit in waiting {
            chances[unit] = counted.get(&stands(unit)).copied().unwrap_or_default();
        }
        chances
    }
}

/// Deals the slots so many times, from chance that the state alone seeds.
fn count(most: NonZeroUsize, state: &State) -> BTreeMap<Stands, f64> {
    let (slots, kinds) = state;
    let units: Vec<Stands> = kinds.iter().flat_map(|(stands, n)| std::iter::repeat_n(*stands, *n)).collect();
    let cap = Cap { most, parents: units.iter().map(|(_, parent)| *parent).collect() };
    let seed = units.iter().fold(*slots as u64, |seed, (tier, parent)| {
        let word = (*tier as u64) << 32 | parent.map_or(0, |parent| parent as u64 + 1);
        // Knuth's multiplier spreads what is folded in over all bits.
        (seed ^ word).wrapping_mul(0x5851_F42D_4C95_7F2D).rotate_left(29)
    });
    let mut wins = BTreeMap::<Stands, usize>::new();
    let n_deals = (N_LOTS / units.len().max(1)).clamp(100, 1_000);
    for deal in 0..n_deals as u64 {
        let mut chance = Chance::of(seed, deal);
        let mut order: Vec<(usize, u64, usize)> =
            units.iter().enumerate().map(|(unit, (tier, _))| (*tier, chance.number(), unit)).collect();
        order.sort_unstable();
        let order: Vec<usize> = order.into_iter().map(|(_, _, unit)| unit).collect();
        cap.allot(&order, *slots).iter().for_each(|&unit| *wins.entry(units[unit]).or_default() += 1);
    }
    kinds
        .iter()
        .map(|(stands, n)| {
            let won = wins.get(stands).copied().unwrap_or_default();
            (*stands, won as f64 / (n_deals * n) as f64)
        })
        .collect()
}
