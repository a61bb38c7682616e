//! When a public source may be named, and its value entered: named before anybody applies, for a value that comes to be
//! after the list is frozen; entered once that moment has come, put right before the draw, or given up where none comes.
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

/// Whether the value of a source may be put right at `at`, of a wave that was drawn at `drawn`, if it was.
///
/// # Errors
/// [`DrawRefused::DrawnAlready`] after the draw, [`DrawRefused::NoValueYet`] where none was entered, or the source was given
/// up, [`DrawRefused::SameValue`] where it is the one that stands there.
pub fn may_correct(source: &PublicSource, value: &str, drawn: Option<Moment>) -> Result<(), DrawRefused> {
    if let Some(drawn) = drawn {
        return Err(DrawRefused::DrawnAlready { drawn });
    }
    if !source.has_spoken() {
        return Err(DrawRefused::NoValueYet { name: source.name.clone() });
    }
    if source.value.as_deref() == Some(value) { Err(DrawRefused::SameValue) } else { Ok(()) }
}

/// Whether a source may be given up at `at`: its moment has come, and it has no value.
///
/// # Errors
/// As [`may_enter`].
pub fn may_give_up(source: &PublicSource, at: Moment) -> Result<(), DrawRefused> {
    may_enter(source, at)
}

/// The address at which a value is published.
///
/// # Errors
/// [`DrawRefused::NoLink`] unless it is one that a browser opens.
pub fn link(text: &str) -> Result<String, DrawRefused> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or(text.strip_prefix("http://")).unwrap_or_default();
    let is_one = rest.contains('.')
        && text.len() <= 400
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_one { Ok(text.to_owned()) } else { Err(DrawRefused::NoLink) }
}
