//! When a public source may be named, and its value entered: named before anybody applies, for a value that comes to be
//! after the list is frozen; entered once that moment has come.
//!
//! Whether a value is the one that was published, only people can compare.

use super::{DrawRefused, PublicSource};
use crate::time::Moment;

/// Whether any unit has applied to a wave, or had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// None has.
    Nobody,
    /// At least one has.
    Somebody,
}

/// Whether a source whose value comes to be at `due` may be named at `at`, for a wave whose applications close at
/// `closes`.
///
/// # Errors
/// [`DrawRefused::Frozen`] from closing on, [`DrawRefused::AppliedAlready`] once a unit has applied,
/// [`DrawRefused::SourceTooSoon`] when the value could exist by the time the list is frozen.
pub fn may_name(applied: Applied, closes: Moment, due: Moment, at: Moment) -> Result<(), DrawRefused> {
    if at >= closes {
        return Err(DrawRefused::Frozen { frozen: closes });
    }
    if applied == Applied::Somebody {
        return Err(DrawRefused::AppliedAlready);
    }
    if due <= closes { Err(DrawRefused::SourceTooSoon { closes }) } else { Ok(()) }
}

/// Whether the value of a source may be entered at `at`.
///
/// # Errors
/// [`DrawRefused::ValueEntered`] the second time, [`DrawRefused::ValueTooSoon`] before the moment that was named.
pub fn may_enter(source: &PublicSource, at: Moment) -> Result<(), DrawRefused> {
    if source.value.is_some() {
        return Err(DrawRefused::ValueEntered { name: source.name.clone() });
    }
    match source.due() {
        Some(due) if at < due => Err(DrawRefused::ValueTooSoon { name: source.name.clone(), due }),
        _ => Ok(()),
    }
}
