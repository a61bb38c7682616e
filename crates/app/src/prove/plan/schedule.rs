//! The schedule of a change that is planned: its announced waves, or what somebody thinks of instead. Asks no database.

use std::collections::BTreeMap;

use traction_domain::prove::plan::{self as rules, PlanRefused, each_wave};
use traction_domain::time::Moment;
use traction_stats::power::Timing;

use super::verbs::Wish;
use crate::offer::wave::store::Wave;

/// No more periods before the first wave than this are planned with, unless somebody asks for them.
const MOST_BEFORE: usize = 12;

/// The least periods before the first wave, and the periods between waves where nothing is announced.
pub const BY_ITSELF: usize = 3;

/// The waves of a change, with the places that nobody can win.
pub struct Announced {
    /// The first to start first.
    pub waves: Vec<Wave>,
    /// Protected places, by the wave's number.
    pub n_protected: BTreeMap<usize, usize>,
}

/// Slots of each wave, and when they start: as announced, or as wished.
///
/// - `days`: of one period; `None` where nothing tells it.
/// - `n_past`: periods of the past. Without a wish, as many periods come before the first wave as leave the past long enough
///   to be played with a wave more, or else as it is, or else as many as it has; three at least, twelve at most.
pub fn schedule(
    announced: &Announced,
    days: Option<f64>,
    n_past: usize,
    wish: &Wish,
) -> Result<(Vec<usize>, Timing), PlanRefused> {
    let waves = &announced.waves;
    let further = wish.slots.last().copied().or_else(|| waves.last().map(|wave| wave.n_slots));
    let further = further.ok_or(PlanRefused::NoWaves)?;
    let n_before = match wish.n_before {
        Some(n_before) => n_before,
        None => {
            let timing = timing(announced, days, 1, wish)?;
            let room = |n_since: usize| n_past.checked_sub(n_since).filter(|room| *room >= BY_ITSELF);
            let room = room(timing.with_one_more().n_since()).or_else(|| room(timing.n_since()));
            // A past too short to be played will still be looked at.
            room.map_or(n_past.clamp(BY_ITSELF, MOST_BEFORE), |room| room.min(MOST_BEFORE))
        }
    };
    let timing = timing(announced, days, n_before, wish)?;
    let open = |wave: &Wave| {
        wave.n_slots.saturating_sub(announced.n_protected.get(&wave.n).copied().unwrap_or_default())
    };
    let slots = match wish.slots.as_slice() {
        [] => (0..timing.n_waves()).map(|at| waves.get(at).map_or(further, open)).collect(),
        wished => each_wave(wished, timing.n_waves())?,
    };
    Ok((slots, timing))
}

fn timing(
    announced: &Announced,
    days: Option<f64>,
    n_before: usize,
    wish: &Wish,
) -> Result<Timing, PlanRefused> {
    let waves = &announced.waves;
    // Slots for each wave say how many waves there are.
    let n_wished = wish.n_waves.or(Some(wish.slots.len()).filter(|n| *n > 1));
    let starts: Vec<Moment> = waves.iter().map(|wave| wave.starts_at).collect();
    // Without a past there is no length of a period: waves are then as far apart as each other.
    let Some(days) = days.filter(|_| wish.n_between.is_none() && !starts.is_empty()) else {
        let n_waves = n_wished.or(Some(waves.len()).filter(|n| *n > 0)).ok_or(PlanRefused::NoWaves)?;
        return Ok(Timing::even(n_before, wish.n_between.unwrap_or(BY_ITSELF), n_waves)?);
    };
    let ends = waves.last().and_then(|wave| wave.ends_at);
    let mut timing = rules::timing(&starts, ends, days, n_before)?;
    let n_waves = n_wished.unwrap_or(starts.len()).max(1);
    while timing.n_waves() < n_waves {
        timing = timing.with_one_more();
    }
    Ok(timing.first(n_waves))
}
