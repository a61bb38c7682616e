//! Tensions: two poles that need each other, each with a live metric.
//!
//! The numbers come from `traction_stats::control`. It advises; people decide, and a rock is recorded as theirs.

mod drawn_up;
#[cfg(test)]
mod tests;
mod words;

use traction_stats::control::momentum::{Drift, Momentum, MomentumRefused, SIX_AGAINST_SIX, momentum};
use traction_stats::control::noise;
use traction_stats::control::poles::{self, Advice, Balance, Live, Opposition, PoleRefused};
use traction_stats::control::progress::{Pace, Progress, Target, progress, window_needed};

use super::Period;
use crate::time::Moment;

pub use super::watch::Reading;
pub use drawn_up::{PoleProposed, PoleWish, TensionRefused, propose};
pub use traction_stats::control::poles::{Focus, Side};

/// A pole that is short of its healthy level should get there within so many periods, or it is stuck.
const HORIZON: u32 = 12;
/// The longest window for the pace.
const LONGEST_WINDOW: usize = 20;

/// A decision to turn to the other pole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rocked {
    /// When.
    pub at: Moment,
    /// To which pole.
    pub to: Side,
}

/// One pole with its readings, in the order of their periods.
#[derive(Clone, Copy, Debug)]
pub struct LivePole<'a> {
    /// The pole.
    pub pole: &'a PoleProposed,
    /// Its readings until now.
    pub readings: &'a [Reading],
}

/// How one pole fares.
#[derive(Clone, Debug, PartialEq)]
pub struct Fares {
    /// Its momentum, where there are readings for it.
    pub momentum: Result<Momentum, MomentumRefused>,
    /// Its pace towards the healthy level; `None` where there are too few readings.
    pub progress: Option<Progress>,
    /// In words.
    pub says: String,
}

/// How a tension stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Stands {
    /// The left pole.
    pub left: Fares,
    /// The right pole.
    pub right: Fares,
    /// How they stand to each other; a pole's levels can turn out to be too close for its noise.
    pub balance: Result<Balance, PoleRefused>,
    /// What to do.
    pub advice: Option<Advice>,
    /// Whether anything moves.
    pub movement: Movement,
    /// Whether the two behave like poles; `None` with too few readings to say anything.
    pub opposed: Option<Opposed>,
    /// All of it in a few plain sentences.
    pub says: String,
}

/// Whether two metrics pull against each other from period to period.
#[derive(Clone, Debug, PartialEq)]
pub struct Opposed {
    /// The correlation of their steps, with its interval.
    pub opposition: Opposition,
    /// In words.
    pub says: String,
}

/// Whether anything moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// A pole that is short of its healthy level goes too slowly to reach it, and neither gains.
    Stuck,
    /// Not so, or not to be told yet.
    NotStuck,
}

/// Which pole has the attention, and for how long: what the last rock says, else `first`.
pub fn focus(first: Side, rocks: &[Rocked], readings: &[Reading]) -> Focus {
    match rocks.iter().max_by_key(|rock| rock.at) {
        None => Focus { on: first, periods_since_rock: None },
        Some(last) => Focus {
            on: last.to,
            periods_since_rock: Some(readings.iter().filter(|reading| reading.from >= last.at).count()),
        },
    }
}

/// Whether the attention may be turned to `to`.
pub fn rock(to: Side, focus: Focus, [left, right]: [&PoleProposed; 2]) -> Result<(), TensionRefused> {
    let pole = match to {
        Side::Left => left,
        Side::Right => right,
    };
    if focus.on == to { Err(TensionRefused::AlreadyThere { pole: pole.name.clone() }) } else { Ok(()) }
}

/// How the tension stands now.
///
/// - `left`, `right`: readings of the same periods, as far as both have them.
/// - `attention`: see [`focus`].
pub fn stand(left: LivePole<'_>, right: LivePole<'_>, attention: Focus, period: Period) -> Stands {
    let (left_values, right_values) = (values(left.readings), values(right.readings));
    let fares = [fares(left.pole, &left_values, period), fares(right.pole, &right_values, period)];
    let movement = movement(&fares);
    let rules = measured(left.pole, &left_values)
        .and_then(|left| measured(right.pole, &right_values).map(|right| (left, right)));
    let (balance, advice, opposition) = match &rules {
        Err(refused) => (Err(refused.clone()), None, None),
        Ok((left_rule, right_rule)) => {
            let left = Live { pole: left_rule, readings: &left_values };
            let right = Live { pole: right_rule, readings: &right_values };
            let advice = poles::advise(left, right, attention);
            (Ok(poles::balance(left, right)), Some(advice), poles::opposition(left, right))
        }
    };
    let says = words::stands([left.pole, right.pole], &fares, &balance, advice, movement, attention, period);
    let opposed = opposition.map(|opposition| Opposed { opposition, says: words::opposed(&opposition) });
    let [left, right] = fares;
    Stands { left, right, balance, advice, movement, opposed, says }
}

fn values(readings: &[Reading]) -> Vec<f64> {
    readings.iter().map(|reading| reading.value).collect()
}

/// The pole with the noise of its own readings.
fn measured(pole: &PoleProposed, values: &[f64]) -> Result<poles::Pole, PoleRefused> {
    let sigma = noise(&[values]).map_or(0.0, |noise| noise.sigma);
    poles::Pole::new(pole.healthy, pole.floor, sigma, pole.improve)
}

fn fares(pole: &PoleProposed, values: &[f64], period: Period) -> Fares {
    let noise = noise(&[values]);
    let momentum = momentum(values, noise.map_or(0.0, |noise| noise.sigma), pole.improve, SIX_AGAINST_SIX);
    let progress = noise.and_then(|noise| {
        let target = Target { level: pole.healthy, periods_left: HORIZON, ceiling: None };
        let level = values.last().copied()?;
        let gap = pole.improve.oriented(pole.healthy) - pole.improve.oriented(level);
        let required = gap / f64::from(HORIZON) / noise.sigma;
        let window = window_needed(required).unwrap_or(LONGEST_WINDOW).min(values.len());
        progress(values, noise, pole.improve, target, window).ok()
    });
    let says = words::fares(pole, &momentum, progress, values.len(), period);
    Fares { momentum, progress, says }
}

/// Stuck is earned: a pole is shown to be too slow, and nothing is shown to gain.
fn movement(fares: &[Fares; 2]) -> Movement {
    let pace = |fares: &Fares| fares.progress.map(|progress| progress.pace);
    let gains = |fares: &Fares| {
        pace(fares) == Some(Pace::OnTrack)
            || matches!(fares.momentum, Ok(Momentum { drift: Drift::Gaining, .. }))
    };
    let stuck = fares.iter().any(|fares| pace(fares) == Some(Pace::Stuck)) && !fares.iter().any(gains);
    if stuck { Movement::Stuck } else { Movement::NotStuck }
}

/// What a rock did to one pole: the mean of its metric before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct RockDid {
    /// Mean of the periods before.
    pub before: f64,
    /// Mean of the periods since.
    pub after: f64,
    /// How many periods went into each.
    pub n_before: usize,
    /// How many periods went into the second.
    pub n_after: usize,
    /// In words.
    pub says: String,
}

/// What the rock at `rocked` did to the pole: up to `n_periods` before against up to `n_periods` after.
///
/// The period in which it fell is on neither side. `None` without a reading on either. It compares, it does not prove: what else happened then is in it too.
pub fn rock_did(live: LivePole<'_>, rocked: Moment, n_periods: usize, period: Period) -> Option<RockDid> {
    let before: Vec<Reading> =
        live.readings.iter().filter(|reading| reading.until <= rocked).copied().collect();
    let after: Vec<Reading> =
        live.readings.iter().filter(|reading| reading.from >= rocked).copied().collect();
    let before = values(&before[before.len().saturating_sub(n_periods)..]);
    let after = values(&after[..after.len().min(n_periods)]);
    let mean =
        |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let (mean_before, mean_after) = (mean(&before)?, mean(&after)?);
    let sigma = noise(&[&before, &after]).map_or(0.0, |noise| noise.sigma);
    let says =
        words::rock_did(live.pole, [mean_before, mean_after], [before.len(), after.len()], sigma, period);
    Some(RockDid {
        before: mean_before,
        after: mean_after,
        n_before: before.len(),
        n_after: after.len(),
        says,
    })
}
