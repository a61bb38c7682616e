//! The waiting list after the draw: who is next when a slot is given back before the start, and whether there is room.
//!
//! After the start a slot given back, or lapsed, goes to the pool of a later wave: whoever came in late would have
//! had less of the same cycle, and nobody could say by chance who.

use super::SlotRefused;
use crate::contend::draw::{Cap, Slots};
use crate::time::Moment;

/// One place of the waiting list as it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The unit's slug.
    pub unit: &'a str,
    /// How many live slots the units under its parent hold; `None` where it has no parent or the wave no cap.
    pub n_of_parent: Option<u32>,
}

/// Who gets a slot that was given back at `at`: the first that still waits and whose parent the cap leaves room.
///
/// - `line`: those that still wait, in the order of the draw; who withdrew, or got a slot since, is left out.
/// - `starts`: when the wave starts; from then on nobody moves up.
pub fn next_in_line<'a>(
    line: &[Waiting<'a>],
    cap: Option<Cap>,
    starts: Moment,
    at: Moment,
) -> Option<&'a str> {
    if at >= starts {
        return None;
    }
    let fits = |waiting: &&Waiting<'_>| match (cap, waiting.n_of_parent) {
        (Some(cap), Some(n_of_parent)) => n_of_parent < cap.0.get(),
        _ => true,
    };
    line.iter().find(fits).map(|waiting| waiting.unit)
}

/// Whether one more slot can be granted beside those that are live: never more than the capacity.
pub fn room(capacity: Slots, live: Slots) -> Result<(), SlotRefused> {
    if live.0 < capacity.0 { Ok(()) } else { Err(SlotRefused::Full { capacity: capacity.0 }) }
}
