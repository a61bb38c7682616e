//! Slots and waves as somebody writes them: the same numbers, and the same words of refusal, in a form and on a command line.

use super::PlanRefused;

/// More slots in a wave are a slip of the finger.
pub const MOST_SLOTS: usize = 1_000_000;

/// More waves are nothing that anybody will live to see.
pub const MOST_WAVES: usize = 400;

/// Slots of each wave: one number for all waves, or one for each, like 5,4,6.
pub fn slots_written(written: &str) -> Result<Vec<usize>, PlanRefused> {
    let each = written.split(',').map(|one| within(one, 0, MOST_SLOTS));
    each.collect::<Option<Vec<usize>>>().ok_or(PlanRefused::SlotsWritten)
}

/// How many waves.
pub fn n_waves_written(written: &str) -> Result<usize, PlanRefused> {
    within(written, 1, MOST_WAVES).ok_or(PlanRefused::WavesWritten)
}

fn within(written: &str, least: usize, most: usize) -> Option<usize> {
    written.trim().parse().ok().filter(|n| (least..=most).contains(n))
}

/// The slots of each of `n_waves`, from one number for all or one for each.
pub fn each_wave(slots: &[usize], n_waves: usize) -> Result<Vec<usize>, PlanRefused> {
    match slots {
        [one] => Ok(vec![*one; n_waves]),
        each if each.len() == n_waves => Ok(each.to_vec()),
        each => Err(PlanRefused::WavesDiffer { slots: each.len(), waves: n_waves }),
    }
}
