//! The contest: units in an order of priority, a lottery where the slots run out, wave by wave.

use super::odds::Odds;
use super::{Cap, Chance};
use crate::words::counted;

/// A contest for slots over some waves. All units that still wait contend in each wave, and each wave draws afresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    /// Each unit's tier; 0 comes first.
    tiers: Vec<usize>,
    slots: Vec<usize>,
    cap: Option<Cap>,
    odds: Odds,
}

/// Plays from which the information of a contest with a cap is counted.
const N_COUNTED: u64 = 50;

/// A chance that no count finds, taken for this.
const SELDOM: f64 = 1e-4;

/// How a contest went.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The wave in which each unit got its slot; `None` if in none.
    pub starts: Vec<Option<usize>>,
    /// Each unit's tier; 0 came first.
    pub tiers: Vec<usize>,
    /// Where chance decided. With a cap: the units of a tier of whom some won and some lost.
    pub risk_sets: Vec<RiskSet>,
    /// Wave by wave, each unit's chance of a slot as it stood before that draw (0 to 1); empty without a cap, since then the
    /// tiers tell it.
    pub chances: Vec<Vec<f64>>,
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
        Ok(Contest { tiers, slots, cap: None, odds: Odds::default() })
    }

    /// The same contest where units under one parent get no more than so many slots of a wave.
    ///
    /// - `cap`: with the parents of all the units; `None` for no cap.
    #[must_use]
    pub fn with_cap(mut self, cap: Option<Cap>) -> Self {
        (self.cap, self.odds) = (cap, Odds::default());
        self
    }

    /// The same waves with a lottery among all.
    pub fn as_pure_lottery(&self) -> Self {
        Contest { tiers: vec![0; self.tiers.len()], ..self.clone() }.with_cap(self.cap.clone())
    }

    /// Whether units under one parent can get only so many slots of a wave.
    pub fn has_cap(&self) -> bool {
        self.cap.is_some()
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
    /// Who wins changes nothing: the number left in each tier is the same whoever was drawn. With a cap it does, and units of
    /// a tier differ in p: then it is the mean of the sum of p (1 - p) over fifty plays, whose chance is always the same.
    /// Source: Abdulkadiroglu, Angrist, Narita and Pathak (2017), Econometrica 85(5), 1373-1432, for the chances.
    pub fn information(&self) -> f64 {
        if self.cap.is_some() {
            let told = |play: u64| {
                let played = self.play(&mut Chance::of(0, play));
                played.chances.iter().flatten().map(|p| p * (1.0 - p)).sum::<f64>()
            };
            return (0..N_COUNTED).map(told).sum::<f64>() / N_COUNTED as f64;
        }
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
        let (mut risk_sets, mut chances) = (Vec::new(), Vec::new());
        for (wave, &slots) in self.slots.iter().enumerate() {
            let mut slots = slots;
            let numbers: Vec<u64> = starts.iter().map(|_| chance.number()).collect();
            let mut waiting: Vec<usize> = (0..starts.len()).filter(|&unit| starts[unit].is_none()).collect();
            waiting.sort_unstable_by_key(|&unit| (self.tiers[unit], numbers[unit], unit));
            if let Some(cap) = &self.cap {
                let mut before = self.odds.chances(cap, &self.tiers, &waiting, slots);
                let granted = cap.allot(&waiting, slots);
                granted.iter().for_each(|&unit| starts[unit] = Some(wave));
                for &unit in &waiting {
                    // What was seldom enough not to be counted can happen all the same.
                    before[unit] = match starts[unit] {
                        Some(_) => before[unit].max(SELDOM),
                        None => before[unit].min(1.0 - SELDOM),
                    };
                }
                chances.push(before);
            }
            for tier in waiting.chunk_by(|&a, &b| self.tiers[a] == self.tiers[b]) {
                let (won, lost): (Vec<usize>, Vec<usize>) = match self.cap {
                    Some(_) => tier.iter().partition(|unit| starts[**unit].is_some()),
                    None => (tier[..slots.min(tier.len())].to_vec(), tier[slots.min(tier.len())..].to_vec()),
                };
                slots -= won.len();
                won.iter().for_each(|&unit| starts[unit] = Some(wave));
                if !won.is_empty() && !lost.is_empty() {
                    risk_sets.push(RiskSet { wave, won: sorted(&won), lost: sorted(&lost) });
                }
            }
        }
        Played { starts, tiers: self.tiers.clone(), risk_sets, chances }
    }
}

fn sorted(units: &[usize]) -> Vec<usize> {
    let mut units = units.to_vec();
    units.sort_unstable();
    units
}
