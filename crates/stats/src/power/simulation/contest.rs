//! The contest: units in an order of priority, a lottery where the slots run out, wave by wave.

use super::Chance;
use crate::words::counted;

/// A contest for slots over some waves. All units that still wait contend in each wave, and each wave draws afresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    /// Each unit's tier; 0 comes first.
    tiers: Vec<usize>,
    slots: Vec<usize>,
}

/// How a contest went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The wave in which each unit got its slot; `None` if in none.
    pub starts: Vec<Option<usize>>,
    /// Each unit's tier; 0 came first.
    pub tiers: Vec<usize>,
    /// Where chance decided.
    pub risk_sets: Vec<RiskSet>,
}

/// The units of one wave and tier among whom a lottery decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskSet {
    /// The wave, counted from 0.
    pub wave: usize,
    /// Who won, ascending.
    pub won: Vec<usize>,
    /// Who lost, ascending.
    pub lost: Vec<usize>,
}

/// Why there is no contest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContestRefused {
    /// Fewer than two units.
    #[error("{} too few to contend; two or more are needed", counted(*.0, "unit is", "units are"))]
    TooFewUnits(usize),
    /// No slots.
    #[error("there are no slots to contend for; give each wave one or more")]
    NoSlots,
}

impl Contest {
    /// A contest of units with these orders of priority (smallest first, equal ones drawn) for these waves of slots.
    ///
    /// - `order`: units; anything that can be compared, say (band, layer).
    ///
    /// ```
    /// use traction_stats::power::simulation::Contest;
    ///
    /// let bands = [1, 2, 2, 2, 3];
    /// let contest = Contest::new(&bands, vec![2, 2])?;
    /// // Three at risk for one slot, then two for two (nothing to draw): 1 x 2 / 3, and the last waits.
    /// assert!((contest.information() - 2.0 / 3.0).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new<K: Ord>(order: &[K], slots: Vec<usize>) -> Result<Self, ContestRefused> {
        if order.len() < 2 {
            return Err(ContestRefused::TooFewUnits(order.len()));
        }
        if slots.iter().sum::<usize>() == 0 {
            return Err(ContestRefused::NoSlots);
        }
        let mut distinct: Vec<&K> = order.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let tiers = order.iter().map(|key| distinct.partition_point(|other| *other < key)).collect();
        Ok(Contest { tiers, slots })
    }

    /// The same waves with a lottery among all.
    pub fn as_pure_lottery(&self) -> Self {
        Contest { tiers: vec![0; self.tiers.len()], slots: self.slots.clone() }
    }

    /// How many units contend.
    pub fn n_units(&self) -> usize {
        self.tiers.len()
    }

    /// Slots of each wave.
    pub fn slots(&self) -> &[usize] {
        &self.slots
    }

    /// What the lotteries tell: the sum over risk sets of n p (1 - p), for n units at risk with chance p each.
    ///
    /// It is a design's information in units of 1 / variance of the outcome, where effects are compared within risk sets.
    /// Who wins changes nothing: the number left in each tier is the same whoever was drawn.
    /// Source: Abdulkadiroglu, Angrist, Narita and Pathak (2017), Econometrica 85(5), 1373-1432, for the chances.
    pub fn information(&self) -> f64 {
        let mut left = vec![0; self.tiers.iter().max().map_or(0, |most| most + 1)];
        self.tiers.iter().for_each(|tier| left[*tier] += 1);
        let mut information = 0.0;
        for &slots in &self.slots {
            let mut slots = slots;
            for n in &mut left {
                let m = slots.min(*n);
                if *n > 0 {
                    information += (m * (*n - m)) as f64 / *n as f64;
                }
                slots -= m;
                *n -= m;
            }
        }
        information
    }

    /// Plays the contest once.
    ///
    /// In each wave every unit gets a number, and where the slots run out the smallest numbers win. Units that have a slot
    /// get one too: so contests of the same units that differ in slots, waves or order meet the same luck.
    pub fn play(&self, chance: &mut Chance) -> Played {
        let mut starts = vec![None; self.tiers.len()];
        let mut risk_sets = Vec::new();
        for (wave, &slots) in self.slots.iter().enumerate() {
            let mut slots = slots;
            let numbers: Vec<u64> = starts.iter().map(|_| chance.number()).collect();
            let mut waiting: Vec<usize> = (0..starts.len()).filter(|&unit| starts[unit].is_none()).collect();
            waiting.sort_unstable_by_key(|&unit| (self.tiers[unit], numbers[unit], unit));
            for tier in waiting.chunk_by(|&a, &b| self.tiers[a] == self.tiers[b]) {
                let m = slots.min(tier.len());
                slots -= m;
                if m > 0 && m < tier.len() {
                    risk_sets.push(RiskSet { wave, won: sorted(&tier[..m]), lost: sorted(&tier[m..]) });
                }
                tier[..m].iter().for_each(|&unit| starts[unit] = Some(wave));
            }
        }
        Played { starts, tiers: self.tiers.clone(), risk_sets }
    }
}

fn sorted(units: &[usize]) -> Vec<usize> {
    let mut units = units.to_vec();
    units.sort_unstable();
    units
}
