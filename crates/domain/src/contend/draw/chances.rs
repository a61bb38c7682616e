//! Each entry's probability of a slot, before the seed was known: what makes the contest an experiment.
//!
//! Estimates no effect; it only says who was left to chance, and how much.

use std::collections::{BTreeMap, BTreeSet};

use super::allot::{Field, Tally};
use super::digest::Scorer;
use super::{DrawRefused, Entrants, Override, Seed, Terms};

/// How many seeds a capped draw is repeated with; fixed by the format, so that everybody counts the same.
const TRIALS: u32 = 10_000;

/// What chances depend on, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// The list, frozen or as it would be.
    pub entrants: Entrants,
    /// Units that keep their number and get nothing.
    pub withdrawn: BTreeSet<String>,
    /// The capacity and the cap.
    pub terms: Terms,
}

impl Contest {
    /// Counts the chances: at once without a cap; with one it takes ten thousand draws.
    ///
    /// # Errors
    /// [`DrawRefused`] as a draw of it.
    pub fn count(self) -> Result<Counted, DrawRefused> {
        let chances = of(&Field::new(&self.entrants, &self.withdrawn, self.terms)?);
        Ok(Counted { contest: self, chances })
    }
}

/// The chances of a contest, counted once so that whoever draws need not.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    contest: Contest,
    chances: Vec<f64>,
}

impl Counted {
    /// What was counted.
    pub fn contest(&self) -> &Contest {
        &self.contest
    }

    /// Each unit's chance (0 to 1).
    pub fn chances(&self) -> BTreeMap<String, f64> {
        let units = self.contest.entrants.entries().iter().map(|entry| entry.unit.clone());
        units.zip(self.chances.iter().copied()).collect()
    }

    pub(super) fn shares(&self) -> &[f64] {
        &self.chances
    }
}

/// The entries for whom chance alone decided: the risk set of the experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskSet {
    /// Each member's unit and probability, strictly between 0 and 1, in the order of the list.
    pub members: Vec<(String, f64)>,
}

impl RiskSet {
    /// The risk set without the units that a person decided about; `None` when fewer than two remain.
    pub fn without(mut self, overrides: &[Override]) -> Option<Self> {
        self.members.retain(|(unit, _)| overrides.iter().all(|decided| decided.unit != *unit));
        (self.members.len() > 1).then_some(self)
    }
}

/// A chance as people read it: in percent with a digit, and never as certain or impossible where it is not.
pub fn in_percent(chance: f64) -> String {
    let text = format!("{:.1}", chance * 100.0);
    match text.as_str() {
        "0.0" if chance > 0.0 => "less than 0.1 %".into(),
        "100.0" if chance < 1.0 => "more than 99.9 %".into(),
        text => format!("{} %", text.strip_suffix(".0").unwrap_or(text)),
    }
}

/// Every position's probability (0 to 1): protected 1, withdrawn 0, open as its tier stands to the cut.
pub(super) fn of(field: &Field<'_>) -> Vec<f64> {
    let mut chances = vec![0.0; field.entrants.entries().len()];
    for index in field.protected() {
        chances[index] = 1.0;
    }
    if field.cap.is_some() {
        count(field, &mut chances);
    } else {
        close(field, &mut chances);
    }
    chances
}

/// Those whose probability is neither 0 nor 1: without a cap, the marginal tier.
pub(super) fn risk_set(entrants: &Entrants, chances: &[f64]) -> Option<RiskSet> {
    let entries = entrants.entries().iter().zip(chances);
    let at_risk = entries.filter(|(_, chance)| (f64::MIN_POSITIVE..1.0).contains(*chance));
    let members: Vec<_> = at_risk.map(|(entry, chance)| (entry.unit.clone(), *chance)).collect();
    (!members.is_empty()).then_some(RiskSet { members })
}

/// Without a cap the chances are exact: 1 before the cut, `left / members` in the marginal tier, 0 behind.
fn close(field: &Field<'_>, chances: &mut [f64]) {
    let mut left = field.slots - field.protected().count();
    for tier in field.tiers() {
        let taken = left.min(tier.len());
        for index in &tier {
            chances[*index] = taken as f64 / tier.len() as f64;
        }
        left -= taken;
    }
}

/// With a cap they are shares over the fixed seeds.
///
/// The leading tiers that get their slots under every seed are granted once, before the trials, and a tier
/// behind the last slot is never scored: neither changes a single count.
fn count(field: &Field<'_>, chances: &mut [f64]) {
    let mut tiers = field.tiers().into_iter().peekable();
    let mut certain = field.tally_of_protected();
    while let Some(tier) = tiers.next_if(|tier| all_fit(field, &certain, tier)) {
        for index in tier {
            field.grant(&mut certain, index);
            chances[index] = 1.0;
        }
    }
    let uncertain: Vec<_> = tiers.collect();
    let mut wins = vec![0_u32; chances.len()];
    let list_hash = field.entrants.hash();
    for trial in 0..TRIALS {
        let seed = Seed::trial(&list_hash, u64::from(trial));
        play(field, &uncertain, certain.clone(), &seed, &mut wins);
    }
    for index in uncertain.iter().flatten() {
        chances[*index] = f64::from(wins[*index]) / f64::from(TRIALS);
    }
}

/// Whether every member of the tier gets a slot, in whatever order they stand.
fn all_fit(field: &Field<'_>, certain: &Tally, tier: &[usize]) -> bool {
    let mut tally = certain.clone();
    tier.iter().all(|index| {
        let fits = tally.granted < field.slots && field.fits(&tally, *index);
        field.grant(&mut tally, *index);
        fits
    })
}

fn play(field: &Field<'_>, tiers: &[Vec<usize>], mut tally: Tally, seed: &Seed, wins: &mut [u32]) {
    let scorer = Scorer::new(&seed.digest());
    for tier in tiers {
        if tally.granted == field.slots {
            return;
        }
        let score = |index: &usize| scorer.score(&field.entrants.entries()[*index].unit);
        // Whose parent has its most already gets nothing under any score, so that it needs none: most are passed over so.
        let able = tier.iter().filter(|index| field.fits(&tally, **index));
        let mut order: Vec<_> = able.map(|index| (score(index), *index)).collect();
        order.sort_unstable();
        for (_, index) in order {
            if tally.granted < field.slots && field.fits(&tally, index) {
                field.grant(&mut tally, index);
                wins[index] += 1;
            }
        }
    }
}
