//! The draws as they would be made again: the same units contend with the same slots, and chance falls otherwise.
//!
//! Only pools whose lists follow from who was served before can be drawn again as a whole; it says why others cannot.

use std::collections::BTreeMap;

use super::waves::{Admission, Lists, Lot, Tier};
use crate::uncertainty::permutation::Dealer;

/// Why the draws cannot be made again as a whole, but only each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyNotWhole {
    /// A cap or another rule than the tiers decided.
    #[error("the tiers alone did not decide a draw")]
    AnotherRule,
    /// Somebody's tier changed.
    #[error("a unit changed its tier between waves")]
    TierChanged,
    /// Somebody stopped contending, or paused.
    #[error("a unit that had lost did not contend in every later wave until it won")]
    GaveUp,
    /// Somebody who had contended openly got a place past the draw, or contended again after winning.
    #[error(
        "a unit that contended openly had a place past the draw in another wave, or contended after it had won"
    )]
    PastTheDraw,
    /// Somebody was never seen.
    #[error("a unit that contended has no outcomes")]
    Unseen,
    /// Two waves start together.
    #[error("two waves start in the same period")]
    StartTogether,
}

/// A pool of units in fixed tiers, each contending from some wave on until it wins.
#[derive(Clone, Debug)]
pub(super) struct Mechanism {
    contenders: Vec<Contender>,
    /// By wave, the slots for those who contend openly.
    slots: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Contender {
    unit: usize,
    tier: Tier,
    /// The first wave it is on the list of.
    enters: usize,
}

/// How chance parted one risk set: rows of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parted {
    pub wave: usize,
    pub winners: Vec<usize>,
    pub losers: Vec<usize>,
}

/// What happens in a wave, before chance: who is served for sure, and among whom chance decides.
struct Before {
    certain: Vec<usize>,
    marginal: Vec<usize>,
    n_slots: usize,
}

impl Mechanism {
    pub fn of(lists: &Lists) -> Result<Self, WhyNotWhole> {
        if lists.waves.windows(2).any(|pair| pair[0].at == pair[1].at) {
            return Err(WhyNotWhole::StartTogether);
        }
        let mut found = BTreeMap::<usize, Contender>::new();
        let mut won = BTreeMap::<usize, usize>::new();
        for (wave, list) in lists.waves.iter().enumerate() {
            let mut tiers = BTreeMap::<Tier, (f64, f64, f64)>::new();
            for (entrant, &chance) in list.entrants.iter().zip(&lists.chances[wave]) {
                if entrant.admission != Admission::Open {
                    continue;
                }
                let unit = entrant.unit.ok_or(WhyNotWhole::Unseen)?;
                let (least, most, balance) = tiers.entry(entrant.tier).or_insert((1.0, 0.0, 0.0));
                (*least, *most) = (least.min(chance), most.max(chance));
                *balance += f64::from(entrant.lot == Lot::Won) - chance;
                let known = found.entry(unit).or_insert(Contender { unit, tier: entrant.tier, enters: wave });
                if known.tier != entrant.tier {
                    return Err(WhyNotWhole::TierChanged);
                }
                if won.contains_key(&unit) {
                    return Err(WhyNotWhole::PastTheDraw);
                }
                if entrant.lot == Lot::Won {
                    won.insert(unit, wave);
                }
            }
            // One chance for the whole tier, which adds up to those who won: else a cap had a say.
            let by_tier =
                |(least, most, balance): &(f64, f64, f64)| most - least < 1e-9 && balance.abs() < 1e-6;
            if !tiers.values().all(by_tier) || lists.sets.iter().filter(|set| set.wave == wave).count() > 1 {
                return Err(WhyNotWhole::AnotherRule);
            }
        }
        for (wave, list) in lists.waves.iter().enumerate() {
            let listed: BTreeMap<usize, Admission> =
                list.entrants.iter().filter_map(|e| Some((e.unit?, e.admission))).collect();
            for contender in found.values() {
                let contends =
                    contender.enters <= wave && won.get(&contender.unit).is_none_or(|won| wave <= *won);
                match listed.get(&contender.unit) {
                    None if contends => return Err(WhyNotWhole::GaveUp),
                    Some(Admission::Protected | Admission::Override) => return Err(WhyNotWhole::PastTheDraw),
                    None | Some(Admission::Open) => {}
                }
            }
        }
        let n_won = |wave: usize| won.values().filter(|other| **other == wave).count();
        let slots = (0..lists.waves.len()).map(n_won).collect();
        Ok(Mechanism { contenders: found.into_values().collect(), slots })
    }

    /// The units that contend, as rows.
    pub fn units(&self) -> impl Iterator<Item = usize> {
        self.contenders.iter().map(|contender| contender.unit)
    }

    /// How many different outcomes the draws together have; all are equally likely. `None` if beyond counting.
    pub fn n_assignments(&self) -> Option<u64> {
        let mut served = self.nobody();
        let mut n = 1_u64;
        for wave in 0..self.slots.len() {
            let before = self.before(wave, &served);
            n = n.checked_mul(n_choices(before.marginal.len(), before.n_slots)?)?;
            before.certain.iter().chain(&before.marginal[..before.n_slots]).for_each(|&c| served[c] = true);
        }
        Some(n)
    }

    /// Shows every way in which chance could have parted the risk sets, one after the other.
    pub fn each(&self, visit: &mut impl FnMut(&[Parted])) {
        self.walk(0, &mut self.nobody(), &mut Vec::new(), visit);
    }

    /// One way in which chance could have parted them.
    pub fn draw(&self, dealer: &mut Dealer) -> Vec<Parted> {
        let mut served = self.nobody();
        let mut parted = Vec::new();
        for wave in 0..self.slots.len() {
            let mut before = self.before(wave, &served);
            dealer.deal(&mut before.marginal, before.n_slots);
            let (winners, losers) = before.marginal.split_at(before.n_slots);
            before.certain.iter().chain(winners).for_each(|&contender| served[contender] = true);
            if !winners.is_empty() {
                parted.push(self.parted(wave, winners, losers));
            }
        }
        parted
    }

    fn nobody(&self) -> Vec<bool> {
        vec![false; self.contenders.len()]
    }

    fn parted(&self, wave: usize, winners: &[usize], losers: &[usize]) -> Parted {
        let rows = |places: &[usize]| places.iter().map(|&place| self.contenders[place].unit).collect();
        Parted { wave, winners: rows(winners), losers: rows(losers) }
    }

    fn before(&self, wave: usize, served: &[bool]) -> Before {
        let mut tiers = BTreeMap::<Tier, Vec<usize>>::new();
        for (place, contender) in self.contenders.iter().enumerate() {
            if contender.enters <= wave && !served[place] {
                tiers.entry(contender.tier).or_default().push(place);
            }
        }
        let mut before = Before { certain: Vec::new(), marginal: Vec::new(), n_slots: self.slots[wave] };
        for tier in tiers.into_values() {
            if tier.len() > before.n_slots {
                before.marginal = if before.n_slots > 0 { tier } else { Vec::new() };
                return before;
            }
            before.n_slots -= tier.len();
            before.certain.extend(tier);
        }
        before.n_slots = 0;
        before
    }

    fn walk(
        &self,
        wave: usize,
        served: &mut Vec<bool>,
        parted: &mut Vec<Parted>,
        visit: &mut impl FnMut(&[Parted]),
    ) {
        if wave == self.slots.len() {
            return visit(parted);
        }
        let before = self.before(wave, served);
        before.certain.iter().for_each(|&place| served[place] = true);
        if before.marginal.is_empty() {
            self.walk(wave + 1, served, parted, visit);
        } else {
            each_choice(before.marginal.len(), before.n_slots, &mut |chosen| {
                let (mut winners, mut losers) = (Vec::new(), Vec::new());
                for (k, &place) in before.marginal.iter().enumerate() {
                    if chosen.contains(&k) { winners.push(place) } else { losers.push(place) }
                }
                parted.push(self.parted(wave, &winners, &losers));
                winners.iter().for_each(|&place| served[place] = true);
                self.walk(wave + 1, served, parted, visit);
                winners.iter().for_each(|&place| served[place] = false);
                parted.pop();
            });
        }
        before.certain.iter().for_each(|&place| served[place] = false);
    }
}

/// How many ways there are to choose `m` of `n`; `None` if beyond counting.
pub(super) fn n_choices(n: usize, m: usize) -> Option<u64> {
    let m = m.min(n - m) as u64;
    let mut choices = 1_u64;
    for k in 1..=m {
        choices = choices.checked_mul(n as u64 - m + k)? / k;
    }
    Some(choices)
}

/// Shows every choice of `m` of `n` places, ascending.
pub(super) fn each_choice(n: usize, m: usize, visit: &mut impl FnMut(&[usize])) {
    let mut chosen: Vec<usize> = (0..m).collect();
    loop {
        visit(&chosen);
        let Some(last) = (0..m).rfind(|&k| chosen[k] < n - m + k) else { return };
        chosen[last] += 1;
        for k in last + 1..m {
            chosen[k] = chosen[k - 1] + 1;
        }
    }
}
