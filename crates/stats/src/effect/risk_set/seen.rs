//! What was seen of a risk set's units: outcome, baseline and use, each one number a unit.
//!
//! It decides in which periods to look; it compares nothing.

use super::waves::{AtRisk, Lists, Lot, RiskSet, Wave};
use super::{Baseline, RiskSetSettings, Window};
use crate::panel::Panel;

/// Of one unit: outcome, baseline, and the share of the periods in which it used its slot.
pub(super) type Seen = [f64; 3];

/// What is compared between winners and losers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// The outcome, in the settings' window.
    Window,
    /// The outcome so many steps after the start.
    Exposure(i64),
    /// The baseline, in the place of the outcome.
    Baseline,
}

/// Where to look.
pub(super) struct Looking<'a> {
    pub panel: &'a Panel,
    pub lists: &'a Lists,
    pub settings: &'a RiskSetSettings,
    /// Units x periods: how much of the period the slot was used; not a number where that is not known.
    pub uses: Option<&'a [Vec<f64>]>,
    pub look: Look,
}

/// A unit of a side, with what it counts for there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub unit: usize,
    pub weight: f64,
    pub seen: Seen,
}

/// The two sides of a risk set, as far as they were seen.
pub(super) struct Sides {
    pub winners: Vec<Counted>,
    pub losers: Vec<Counted>,
    /// Losers without a slot, seen or not.
    pub n_waiting: usize,
}

impl Looking<'_> {
    /// The places of the periods in which outcomes of a wave's units are looked at: those in which one of its winners was
    /// seen; empty if there is none.
    pub fn window(&self, wave: usize) -> Vec<usize> {
        self.window_at(self.look, wave)
    }

    fn window_at(&self, look: Look, wave: usize) -> Vec<usize> {
        let (panel, Wave { at, until, .. }) = (self.panel, &self.lists.waves[wave]);
        let (at, until) = (*at, *until);
        let next = self.lists.waves.iter().map(|wave| wave.at).find(|other| *other > at);
        let on = |&t: &usize| panel.exposure(t, at) >= 0;
        let before_next = |&t: &usize| next.is_none_or(|next| panel.exposure(t, next) < 0);
        let told = |&t: &usize| until.is_none_or(|until| panel.exposure(t, until) < 0);
        let winners = self.winners(wave);
        // Where no winner has a number, losers' are compared with nothing.
        let is_compared = |&t: &usize| self.is_any_seen(&winners, t);
        let all = (0..panel.periods().len()).filter(told).filter(is_compared);
        match (look, self.settings.window) {
            (Look::Exposure(exposure), _) => all.filter(|&t| panel.exposure(t, at) == exposure).collect(),
            (_, Window::UntilNextWave) => all.filter(on).filter(before_next).collect(),
            (_, Window::First) => all.filter(on).filter(before_next).take(1).collect(),
        }
    }

    /// The places of the periods before that count, ascending: the last ones in which a winner of the wave was seen. In the
    /// very last there may be none, where all started within it. As many, whatever is looked at after.
    pub fn baseline(&self, wave: usize) -> Vec<usize> {
        let at = self.lists.waves[wave].at;
        let (at, n) = match self.settings.baseline {
            Baseline::AsAfter => (at, self.window_at(Look::Window, wave).len().max(1)),
            Baseline::Last(n) => (at, n.get()),
            Baseline::BeforeFirst => (self.lists.waves.first().map_or(at, |first| first.at), 1),
        };
        let winners = self.winners(wave);
        let is_before = |&t: &usize| self.panel.exposure(t, at) < 0 && self.is_any_seen(&winners, t);
        let mut places: Vec<usize> =
            (0..self.panel.periods().len()).rev().filter(is_before).take(n).collect();
        places.reverse();
        places
    }

    fn winners(&self, wave: usize) -> Vec<usize> {
        let sets = self.lists.sets.iter().filter(|set| set.wave == wave);
        sets.flat_map(|set| &set.winners).map(|winner| winner.unit).collect()
    }

    /// Whether one of these was seen then; of nobody it cannot be told, and all periods serve.
    fn is_any_seen(&self, units: &[usize], t: usize) -> bool {
        units.is_empty() || units.iter().any(|&unit| self.panel.outcome(unit, t).is_some())
    }

    /// What was seen of a unit in a wave's window; `None` if its outcome, its baseline or its use was not.
    pub fn seen(&self, unit: usize, window: &[usize], baseline: &[usize]) -> Option<Seen> {
        let before = self.mean(unit, baseline);
        if self.look == Look::Baseline {
            return before.map(|before| [before, 0.0, 0.0]);
        }
        let mean = self.mean(unit, window)?;
        let before = match self.settings.beta {
            super::Beta::Zero => before.unwrap_or(0.0),
            super::Beta::One | super::Beta::Best => before?,
        };
        let Some(uses) = self.uses else { return Some([mean, before, 0.0]) };
        let known: Vec<f64> = window.iter().map(|&t| uses[unit][t]).filter(|share| !share.is_nan()).collect();
        (!known.is_empty()).then(|| [mean, before, known.iter().sum::<f64>() / known.len() as f64])
    }

    /// Which share of a unit's outcome, and of its baseline, falls on periods in which it had a slot.
    pub fn shares_with(&self, unit: usize, places: [&[usize]; 2]) -> [f64; 2] {
        let panel = self.panel;
        let wins = self.lists.waves.iter().find(|wave| {
            wave.entrants.iter().any(|entrant| entrant.unit == Some(unit) && entrant.lot == Lot::Won)
        });
        let Some(since) = wins.map(|wave| wave.at) else { return [0.0; 2] };
        places.map(|places| {
            let seen = || places.iter().filter(|t| panel.outcome(unit, **t).is_some());
            let with = seen().filter(|t| panel.exposure(**t, since) >= 0).count();
            with as f64 / seen().count().max(1) as f64
        })
    }

    /// A unit's mean over those periods in which it was seen.
    fn mean(&self, unit: usize, places: &[usize]) -> Option<f64> {
        let outcomes: Vec<f64> = places.iter().filter_map(|&t| self.panel.outcome(unit, t)).collect();
        (!outcomes.is_empty()).then(|| outcomes.iter().sum::<f64>() / outcomes.len() as f64)
    }

    /// Those winners, and those losers that still wait, of whom enough was seen; all that should have been are counted.
    pub fn sides(&self, set: &RiskSet) -> Sides {
        let (window, baseline) = (self.window(set.wave), self.baseline(set.wave));
        let mut n_waiting = set.losers.len();
        let Some(&last) = window.last() else {
            return Sides { winners: Vec::new(), losers: Vec::new(), n_waiting };
        };
        let by = self.panel.periods()[last];
        let counted = |at_risk: &AtRisk, weight: f64| {
            let seen = self.seen(at_risk.unit, &window, &baseline)?;
            Some(Counted { unit: at_risk.unit, weight, seen })
        };
        let winners = set.winners.iter().filter_map(|winner| counted(winner, 1.0 / winner.probability));
        let losers = set.losers.iter().filter_map(|loser| {
            let waiting = match self.look {
                Look::Baseline => 1.0,
                Look::Window | Look::Exposure(_) => {
                    let waiting = self.lists.weight_of_waiting(loser.unit, set.wave, by);
                    n_waiting -= usize::from(waiting.is_none());
                    waiting?
                }
            };
            counted(loser, waiting / (1.0 - loser.probability))
        });
        let (winners, losers) = (winners.collect(), losers.collect());
        Sides { winners, losers, n_waiting }
    }
}
