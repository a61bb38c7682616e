//! The estimators a simulated roll-out is read with: the ones a real one will be.

use super::Trial;
use crate::effect::risk_set::{Admission, Entrant, Lot, RiskSetSettings, Tier, Wave, overall};
use crate::effect::{Compare, Settings, group_time, simple};
use crate::panel::Period;
use crate::uncertainty::Estimate;

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
pub fn by_risk_set(trial: &Trial) -> Option<Estimate> {
    let settings = RiskSetSettings { level: trial.level, ..RiskSetSettings::default() };
    overall(&trial.panel, &lists(trial), &settings).ok()
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
                probability: None,
            })
            .collect(),
        until: None,
    };
    trial.timing.starts.iter().enumerate().map(wave).collect()
}
