//! The check of the check: what would the test before the start have overlooked?
//!
//! A test that sees nothing proves little where it could hardly have seen anything. It says so in numbers, for a
//! straight drift, and changes no verdict.

use traction_stats::effect::{Drift, GroupTime, drift, drift_by_exposure};
use traction_stats::panel::Panel;
use traction_stats::uncertainty::{Estimate, Level, WaldRefused};

use super::check::{Check, CheckName, Held};
use super::figures::Figures;

/// How large a drift the test before the start would notice, and what such a drift would do to the effect; `None`
/// where nothing before the start was tested.
pub(super) fn power(panel: &Panel, found: &GroupTime, overall: &Estimate) -> Option<Check> {
    let drift = match drift(panel, found) {
        // As the test itself does.
        Err(WaldRefused::TooFewUnits { .. } | WaldRefused::Singular { .. }) => {
            drift_by_exposure(panel, found)
        }
        drift => drift,
    };
    Some(said(&drift.ok()?, overall))
}

fn said(drift: &Drift, overall: &Estimate) -> Check {
    let (half, most) = (drift.noticed(Level::HALF), drift.noticed(Level::EIGHTY));
    let (shift, most_shift) = (half * drift.shift.abs(), most * drift.shift.abs());
    // Two digits of the smaller one.
    let (slopes, shifts) = (Figures::of(half), Figures::of(shift));
    let hidden = shift >= overall.value.abs();
    let says = format!(
        "The test before the start would notice a straight drift of {} a period only in half of all cases, and one of {} \
         in four of five; such drifts would shift the estimate by {} and {}{}.",
        slopes.say(half),
        slopes.say(most),
        shifts.say(shift),
        shifts.say(most_shift),
        if hidden {
            ", as much as the estimate itself: that nothing was seen before the start proves little"
        } else {
            ""
        }
    );
    let held = if hidden { Held::No } else { Held::Yes };
    Check { name: CheckName::PreTestPower, held, test: None, says }
}
