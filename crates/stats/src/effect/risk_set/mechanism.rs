//! The draws as they would be made again: the same units contend with the same slots, and chance falls otherwise.
//!
//! Only pools whose lists follow from who was served before can be drawn again as a whole; it says why others cannot.

use std::collections::BTreeMap;

use super::Numbers;
use super::choices::{each_choice, n_choices};
use super::kept::kept_number;
use super::waves::{Admission, AtRisk, Entrant, Lists, Lot, Tier};
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
    numbers: Numbers,
}

#[derive(Clone, Copy, Debug)]
struct Contender {
    unit: usize,
    tier: Tier,
    /// The first wave it is on the list of.
    enters: usize,
}

/// What one wave did: rows of the panel.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parted {
    pub wave: usize,
    /// Who was served for sure.
    pub certain: Vec<usize>,
    /// How chance parted the risk set; both are empty where there is none.
    pub winners: Vec<AtRisk>,
    pub losers: Vec<AtRisk>,
}

/// What happens in a wave, before chance: who is served for sure, and among whom chance decides.
struct Before {
    certain: Vec<usize>,
    marginal: Vec<usize>,
    n_slots: usize,
}

impl Mechanism {
    pub fn of(lists: &Lists, numbers: Numbers) -> Result<Self, WhyNotWhole> {
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
            let by_tier_alone = numbers == Numbers::Kept || tiers.values().all(by_tier);
            if !by_tier_alone || lists.sets.iter().filter(|set| set.wave == wave).count() > 1 {
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
        let contenders: Vec<Contender> = found.into_values().collect();
        // Without newcomers a number that is kept tells no more than a fresh one: who lost is still any of the losers.
        let has_newcomers = contenders.iter().any(|one| one.enters != contenders[0].enters);
        let numbers = if has_newcomers { numbers } else { Numbers::Fresh };
        Ok(Mechanism { contenders, slots, numbers })
    }

    /// What happened, by wave.
    pub fn happened(lists: &Lists) -> Vec<Parted> {
        let wave = |wave: usize| {
            let set = lists.sets.iter().find(|set| set.wave == wave);
            let (winners, losers) =
                set.map(|set| (set.winners.clone(), set.losers.clone())).unwrap_or_default();
            let entrants = lists.waves[wave].entrants.iter().zip(&lists.chances[wave]);
            let is_certain = |entrant: &Entrant, chance: f64| entrant.lot == Lot::Won && chance >= 1.0;
            let certain = entrants.filter_map(|(one, chance)| one.unit.filter(|_| is_certain(one, *chance)));
            Parted { wave, certain: certain.collect(), winners, losers }
        };
        (0..lists.waves.len()).map(wave).collect()
    }

    /// The units that contend, as rows.
    pub fn units(&self) -> impl Iterator<Item = usize> + Clone {
        self.contenders.iter().map(|contender| contender.unit)
    }

    /// How many different outcomes the draws together have; all are equally likely. `None` if beyond counting, or if they
    /// are not.
    pub fn n_assignments(&self) -> Option<u64> {
        if self.numbers == Numbers::Kept {
            return None;
        }
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
        if self.numbers == Numbers::Kept {
            return self.draw_kept(dealer);
        }
        let mut served = self.nobody();
        let wave = |wave: usize| {
            let mut before = self.before(wave, &served);
            dealer.deal(&mut before.marginal, before.n_slots);
            let (winners, losers) = before.marginal.split_at(before.n_slots);
            before.certain.iter().chain(winners).for_each(|&contender| served[contender] = true);
            self.parted(wave, &before.certain, (winners, losers))
        };
        (0..self.slots.len()).map(wave).collect()
    }

    /// One way, where each contender's number is drawn once.
    fn draw_kept(&self, dealer: &mut Dealer) -> Vec<Parted> {
        let mut numbers: Vec<usize> = (0..self.contenders.len()).collect();
        dealer.deal(&mut numbers, self.contenders.len());
        let (mut served, mut lost_at) = (self.nobody(), vec![0.0_f64; self.contenders.len()]);
        let wave = |wave: usize| {
            let Before { mut certain, mut marginal, n_slots } = self.before(wave, &served);
            marginal.sort_unstable_by_key(|&contender| numbers[contender]);
            let lost: Vec<f64> = marginal.iter().map(|&contender| lost_at[contender]).collect();
            let kept = kept_number(&lost, n_slots);
            let (mut winners, mut losers) = (Vec::new(), Vec::new());
            for (place, (&contender, &probability)) in marginal.iter().zip(&kept.chances).enumerate() {
                let at_risk = AtRisk { unit: self.contenders[contender].unit, probability };
                served[contender] = place < n_slots;
                match place < n_slots {
                    // Sure of a slot, or without a chance, as far as many units would tell: outside the set.
                    true if probability <= 0.0 || probability >= 1.0 => certain.push(contender),
                    true => winners.push(at_risk),
                    false => {
                        lost_at[contender] = lost_at[contender].max(kept.cutoff);
                        losers.extend((0.0 < probability && probability < 1.0).then_some(at_risk));
                    }
                }
            }
            certain.iter().for_each(|&contender| served[contender] = true);
            let certain = certain.iter().map(|&contender| self.contenders[contender].unit).collect();
            Parted { wave, certain, winners, losers }
        };
        (0..self.slots.len()).map(wave).collect()
    }

    fn nobody(&self) -> Vec<bool> {
        vec![false; self.contenders.len()]
    }

    fn parted(&self, wave: usize, certain: &[usize], (winners, losers): (&[usize], &[usize])) -> Parted {
        let probability = winners.len() as f64 / (winners.len() + losers.len()).max(1) as f64;
        let unit = |&place: &usize| self.contenders[place].unit;
        let at_risk = |place: &usize| AtRisk { unit: unit(place), probability };
        Parted {
            wave,
            certain: certain.iter().map(unit).collect(),
            winners: winners.iter().map(at_risk).collect(),
            losers: losers.iter().map(at_risk).collect(),
        }
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
            parted.push(self.parted(wave, &before.certain, (&[], &[])));
            self.walk(wave + 1, served, parted, visit);
            parted.pop();
        } else {
            each_choice(before.marginal.len(), before.n_slots, &mut |chosen| {
                let (mut winners, mut losers) = (Vec::new(), Vec::new());
                for (k, &place) in before.marginal.iter().enumerate() {
                    if chosen.contains(&k) { winners.push(place) } else { losers.push(place) }
                }
                parted.push(self.parted(wave, &before.certain, (&winners, &losers)));
                winners.iter().for_each(|&place| served[place] = true);
                self.walk(wave + 1, served, parted, visit);
                winners.iter().for_each(|&place| served[place] = false);
                parted.pop();
            });
        }
        before.certain.iter().for_each(|&place| served[place] = false);
    }
}
