//! The estimators a simulated roll-out is read with: the ones a real one will be.

use super::Trial;
use crate::effect::risk_set::{
    Admission, Entrant, Lot, RiskSet, RiskSetSettings, Tier, Wave, overall, risk_sets,
};
use crate::effect::{Compare, Settings, group_time, simple};
use crate::panel::Period;
use crate::uncertainty::{Estimate, Spread};

/// With fewer units that never start, those that have not started yet are compared with too.
const FEW_NEVER: usize = 10;

/// The overall effect by start and period; compared with the units that never start where there are ten, else with those
/// that have not started yet. `None` where the method refuses.
pub fn by_group_time(trial: &Trial) -> Option<Estimate> {
    let compare = if trial.panel.never().len() < FEW_NEVER { Compare::NotYet } else { Compare::Never };
    let settings = Settings { compare, level: trial.level, ..Settings::default() };
    group_time(&trial.panel, &settings).ok().map(|effects| simple(&effects))
}

/// The overall effect from the draws themselves: winners against losers of the same wave and tier, held against as many
/// periods before the wave as are compared after. `None` where the method refuses, as where something other than the tiers decided.
///
/// Its p is by formula, since the draws are not made again in each play; but no p is smaller than the lots can show, which
/// with 3 of 6 is one in ten.
pub fn by_risk_set(trial: &Trial) -> Option<Estimate> {
    let settings = RiskSetSettings { level: trial.level, ..RiskSetSettings::default() };
    let waves = lists(trial);
    let mut effect = overall(&trial.panel, &waves, &settings).ok()?;
    if let Spread::Known(interval) = &mut effect.spread {
        let (sets, _) = risk_sets(&trial.panel, &waves).ok()?;
        interval.p = interval.p.max(smallest_p(&sets));
    }
    Some(effect)
}

/// The smallest p that draws made again can show: the actual deal is one of all the ways for the lots to fall. Where
/// winners and losers are as many in every set, its mirror image shows as much.
fn smallest_p(sets: &[RiskSet]) -> f64 {
    let ways: f64 =
        sets.iter().map(|set| n_ways(set.winners.len() + set.losers.len(), set.winners.len())).product();
    let has_mirror = sets.iter().all(|set| set.winners.len() == set.losers.len());
    (if has_mirror { 2.0 } else { 1.0 }) / ways
}

/// How many ways there are to draw `m` of `n`, as a number of any size.
fn n_ways(n: usize, m: usize) -> f64 {
    (1..=m).map(|k| (n - m + k) as f64 / k as f64).product()
}

/// The waves' lists: whoever had no slot before contends.
fn lists(trial: &Trial) -> Vec<Wave> {
    let played = &trial.played;
    // A unit that is not seen in the first period has another row than its place in the contest.
    let mut rows = vec![None; played.starts.len()];
    for (row, label) in trial.panel.units().iter().enumerate() {
        if let Some(place) = label.parse::<usize>().ok().and_then(|unit| rows.get_mut(unit)) {
            *place = Some(row);
        }
    }
    let wave = |(wave, start): (usize, &usize)| Wave {
        at: Period::Number(*start as i64),
        entrants: (0..played.starts.len())
            .filter(|&unit| played.starts[unit].is_none_or(|served| served >= wave))
            .map(|unit| Entrant {
                unit: rows[unit],
                tier: Tier { band: played.tiers[unit] as i64, layer: 0 },
                admission: Admission::Open,
                lot: if played.starts[unit] == Some(wave) { Lot::Won } else { Lot::Lost },
                probability: played.chances.get(wave).map(|chances| chances[unit]),
            })
            .collect(),
        until: None,
    };
    trial.timing.starts.iter().enumerate().map(wave).collect()
}
