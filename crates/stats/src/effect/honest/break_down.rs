//! How far trends may part before the interval reaches a bar.

use super::{Ends, EventStudy, Parting, SensitivityRefused, SensitivitySettings, robust};

/// What the interval is to stay beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bar {
    /// Wholly above this, in the outcome's unit.
    Above(f64),
    /// Wholly below it.
    Below(f64),
}

/// How far trends may part while the interval stays beyond a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BreakDown {
    /// It is not beyond it even if trends do not part at all (or along a straight line).
    NotEvenAtZero,
    /// So far, and no further.
    At(f64),
    /// Further than this, which is as far as was searched.
    MoreThan(f64),
}

/// The most times, or standard errors of bend, that are searched.
const FURTHEST: f64 = 1_024.0;

/// The largest limit on the parting, of the kind that `kind` is, with which the interval stays beyond `bar`.
///
/// - `kind`: the limit it holds does not count.
/// - Returns times for [`Parting::RelativeMagnitudes`] and the outcome's unit for [`Parting::Smoothness`], to a
///   ten-thousandth (of a standard error).
///
/// Ends are exact whatever `settings` says.
pub fn break_down(
    study: &EventStudy,
    kind: Parting,
    bar: Bar,
    settings: &SensitivitySettings,
) -> Result<BreakDown, SensitivityRefused> {
    let (unit, limit): (f64, fn(f64) -> Parting) = match kind {
        Parting::RelativeMagnitudes(_) => (1.0, Parting::RelativeMagnitudes),
        Parting::Smoothness(_) => (study.se(), Parting::Smoothness),
    };
    let settings = SensitivitySettings { ends: Ends::Exact, ..*settings };
    let stays = |times: f64| -> Result<bool, SensitivityRefused> {
        let interval = robust(study, limit(times * unit), &settings)?;
        Ok(match bar {
            Bar::Above(bar) => interval.low.value() > bar,
            Bar::Below(bar) => interval.high.value() < bar,
        })
    };
    if !stays(0.0)? {
        return Ok(BreakDown::NotEvenAtZero);
    }
    let (mut inside, mut outside) = (0.0, 0.5);
    while stays(outside)? {
        if outside >= FURTHEST {
            return Ok(BreakDown::MoreThan(outside * unit));
        }
        (inside, outside) = (outside, 2.0 * outside);
    }
    while outside - inside > 1e-4 {
        let middle = 0.5 * (inside + outside);
        if stays(middle)? { inside = middle } else { outside = middle }
    }
    Ok(BreakDown::At(inside * unit))
}
