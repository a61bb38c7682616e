//! From lists of waves to risk sets: the tiers in which chance decided.
//!
//! It knows tiers and probabilities, not how a draw is made or recorded; whoever holds the record converts it.

use std::collections::BTreeMap;
use std::fmt;

use super::RiskSetRefused;
use crate::panel::{Panel, Period};

/// Units whom the order of priority leaves equal; lower comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tier {
    /// The band: units of similar readiness.
    pub band: i64,
    /// The layer: how far from where the solution already works.
    pub layer: i64,
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.band, self.layer)
    }
}

/// How an entrant came to contend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// In the draw.
    Open,
    /// With a place that is set aside: outside the experiment.
    Protected,
    /// With a place given past the draw: outside the experiment.
    Override,
}

/// What an entrant got, as assigned: withdrawals after the draw change nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lot {
    /// A slot.
    Won,
    /// None in this wave.
    Lost,
}

/// A unit on a wave's list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entrant {
    /// Its row of the panel; `None` if no outcome of it was ever seen: it still counts in the odds of the others.
    pub unit: Option<usize>,
    /// Its tier in this wave.
    pub tier: Tier,
    /// How it came to contend.
    pub admission: Admission,
    /// What it got.
    pub lot: Lot,
    /// Its chance of a slot, from the draw's record; `None` where the tiers alone decided, so that it follows from them.
    pub probability: Option<f64>,
}

/// A wave's list as it stood at the draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    /// The first period with this wave's slots.
    pub at: Period,
    /// Who contended.
    pub entrants: Vec<Entrant>,
    /// The first period from which units of the list had a slot in a way that no list tells; only the periods before it
    /// are compared. `None` where the lists tell all.
    pub until: Option<Period>,
}

/// A unit of a risk set with its chance of a slot, strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtRisk {
    /// Its row of the panel.
    pub unit: usize,
    /// Its chance of a slot.
    pub probability: f64,
}

/// The units of one tier in one wave among whom chance decided.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskSet {
    /// The place of its wave, in order of start.
    pub wave: usize,
    /// The first period with its wave's slots.
    pub at: Period,
    /// The tier.
    pub tier: Tier,
    /// Who got a slot.
    pub winners: Vec<AtRisk>,
    /// Who did not.
    pub losers: Vec<AtRisk>,
    /// Units of the list of which no outcome was ever seen.
    pub n_unseen: usize,
    /// The sum of p (1 - p) over all its units, unseen ones included: what there is to learn from it.
    pub information: f64,
}

/// What lists leave outside the experiment; a unit counts once for each list it is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutsideDraw {
    /// Entrants with protected places.
    pub n_protected: usize,
    /// Entrants with places given past the draw.
    pub n_overrides: usize,
    /// Open entrants whom their tier was sure to bring a slot.
    pub n_certain: usize,
    /// Open entrants whom their tier left without any chance.
    pub n_hopeless: usize,
}

/// Lists in order of their starts, with every entrant's chance.
#[derive(Clone, Debug)]
pub(super) struct Lists {
    pub waves: Vec<Wave>,
    /// Each wave's entrants' chances; 0 or 1 outside risk sets.
    pub chances: Vec<Vec<f64>>,
    pub sets: Vec<RiskSet>,
    pub outside: OutsideDraw,
}

impl Lists {
    pub fn of(panel: &Panel, waves: &[Wave]) -> Result<Self, RiskSetRefused> {
        if waves.is_empty() {
            return Err(RiskSetRefused::NoDraw);
        }
        let mut waves = waves.to_vec();
        waves.sort_by_key(|wave| wave.at);
        let n_units = panel.units().len();
        for wave in &waves {
            let mut rows: Vec<usize> = wave.entrants.iter().filter_map(|entrant| entrant.unit).collect();
            rows.sort_unstable();
            if let Some(&row) = rows.last().filter(|row| **row >= n_units) {
                return Err(RiskSetRefused::NoSuchUnit { row, n_units });
            }
            if let Some(pair) = rows.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(RiskSetRefused::Twice { at: wave.at, row: pair[0] });
            }
        }
        let chances: Vec<Vec<f64>> = waves.iter().map(chances).collect::<Result<_, _>>()?;
        let mut lists = Lists { waves, chances, sets: Vec::new(), outside: OutsideDraw::default() };
        (0..lists.waves.len()).for_each(|wave| lists.add_sets(wave));
        if lists.sets.is_empty() { Err(RiskSetRefused::ChanceDecidedNothing) } else { Ok(lists) }
    }

    fn add_sets(&mut self, wave: usize) {
        let at = self.waves[wave].at;
        let mut sets = BTreeMap::<Tier, RiskSet>::new();
        for (entrant, &probability) in self.waves[wave].entrants.iter().zip(&self.chances[wave]) {
            match entrant.admission {
                Admission::Protected => self.outside.n_protected += 1,
                Admission::Override => self.outside.n_overrides += 1,
                Admission::Open if probability >= 1.0 => self.outside.n_certain += 1,
                Admission::Open if probability <= 0.0 => self.outside.n_hopeless += 1,
                Admission::Open => {
                    let tier = entrant.tier;
                    let (winners, losers) = (Vec::new(), Vec::new());
                    let set = sets.entry(tier).or_insert(RiskSet {
                        wave,
                        at,
                        tier,
                        winners,
                        losers,
                        n_unseen: 0,
                        information: 0.0,
                    });
                    set.information += probability * (1.0 - probability);
                    match (entrant.unit, entrant.lot) {
                        (None, _) => set.n_unseen += 1,
                        (Some(unit), Lot::Won) => set.winners.push(AtRisk { unit, probability }),
                        (Some(unit), Lot::Lost) => set.losers.push(AtRisk { unit, probability }),
                    }
                }
            }
        }
        self.sets.extend(sets.into_values());
    }

    /// What a loser of `wave` that still waits in the period `by` counts for: 1 over the chance that it would.
    /// `None` once it has a slot.
    pub fn weight_of_waiting(&self, unit: usize, wave: usize, by: Period) -> Option<f64> {
        let mut weight = 1.0;
        for later in (wave + 1..self.waves.len()).take_while(|&later| self.waves[later].at <= by) {
            let place = self.waves[later].entrants.iter().position(|entrant| entrant.unit == Some(unit));
            let Some(place) = place else { continue };
            if self.waves[later].entrants[place].lot == Lot::Won {
                return None;
            }
            weight /= 1.0 - self.chances[later][place];
        }
        Some(weight)
    }
}

/// The chances of a wave's entrants: the recorded ones, or those that follow from the tiers.
fn chances(wave: &Wave) -> Result<Vec<f64>, RiskSetRefused> {
    let at = wave.at;
    let is_open = |entrant: &&Entrant| entrant.admission == Admission::Open;
    let open = || wave.entrants.iter().filter(is_open);
    let recorded = open().any(|entrant| entrant.probability.is_some());
    if !recorded {
        let better = open().filter(|entrant| entrant.lot == Lot::Lost).map(|entrant| entrant.tier).min();
        let worse = open().filter(|entrant| entrant.lot == Lot::Won).map(|entrant| entrant.tier).max();
        if let (Some(better), Some(worse)) = (better, worse)
            && better < worse
        {
            return Err(RiskSetRefused::NotByTier { at, better, worse });
        }
    }
    let mut tiers = BTreeMap::<Tier, (usize, usize)>::new();
    for entrant in open() {
        let (n, n_won) = tiers.entry(entrant.tier).or_default();
        *n += 1;
        *n_won += usize::from(entrant.lot == Lot::Won);
    }
    let chance = |entrant: &Entrant| match (entrant.admission, entrant.probability) {
        (Admission::Protected | Admission::Override, _) => Ok(f64::from(entrant.lot == Lot::Won)),
        (Admission::Open, Some(probability)) => {
            let impossible = match entrant.lot {
                Lot::Won => probability <= 0.0,
                Lot::Lost => probability >= 1.0,
            };
            let is_share = (0.0..=1.0).contains(&probability);
            if impossible || !is_share {
                Err(RiskSetRefused::Impossible { at, probability })
            } else {
                Ok(probability)
            }
        }
        (Admission::Open, None) => {
            let (n, n_won) = tiers[&entrant.tier];
            Ok(n_won as f64 / n as f64)
        }
    };
    wave.entrants.iter().map(chance).collect()
}

/// The risk sets of some waves, in order of start and tier, and what is outside them.
///
/// Refused: a unit twice on a list, a place that went past a better tier without recorded chances, chances that cannot
/// have been, and lists in which chance decided nothing.
pub fn risk_sets(panel: &Panel, waves: &[Wave]) -> Result<(Vec<RiskSet>, OutsideDraw), RiskSetRefused> {
    let lists = Lists::of(panel, waves)?;
    Ok((lists.sets, lists.outside))
}
