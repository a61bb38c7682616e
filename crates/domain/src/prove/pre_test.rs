//! The check of the check: what would the test before the start have overlooked?
//!
//! A test that sees nothing proves little where it could hardly have seen anything. It says so in numbers, for a
//! straight drift, and changes no verdict.

use traction_stats::effect::{Drift, GroupTime, pre_trends_and_drift, pre_trends_and_drift_by_exposure};
use traction_stats::panel::Panel;
use traction_stats::uncertainty::{Estimate, Level, Wald, WaldRefused};

use super::check::{Check, CheckName, Held};
use super::figures::Figures;

/// Which effects before the start were tested together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Those of each start and period.
    EachStartAndPeriod,
    /// Those by time until the start: units are too few for more.
    Exposures,
}

/// Tests all effects before the start, with what a drift would do to them; where units are too few for that, those by
/// exposure.
pub(super) fn tested(panel: &Panel, found: &GroupTime) -> Result<(Wald, Drift, Of), WaldRefused> {
    match pre_trends_and_drift(panel, found) {
        Err(WaldRefused::TooFewUnits { .. } | WaldRefused::Singular { .. }) => {
            pre_trends_and_drift_by_exposure(panel, found).map(|(test, drift)| (test, drift, Of::Exposures))
        }
        tested => tested.map(|(test, drift)| (test, drift, Of::EachStartAndPeriod)),
    }
}

impl Of {
    /// What is to be said of it, as a sentence after others; nothing where all were tested.
    pub(super) fn says(self) -> &'static str {
        match self {
            Of::EachStartAndPeriod => "",
            Of::Exposures => {
                " Tested were the effects by time until the start, all starts together: there are too few units to test \
                 those of each start and period."
            }
        }
    }
}

/// How large a drift the test before the start would notice, and what such a drift would do to the effect.
pub(super) fn power(drift: &Drift, overall: &Estimate) -> Check {
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

#[cfg(test)]
mod tests {
    use traction_stats::uncertainty::{Spread, WhyUnknown};

    use super::*;

    /// One number tested by chi-square is noticed in half of all cases where it is 1.96 errors from 0.
    #[test]
    fn a_small_effect_hides_a_drift_that_the_test_would_overlook_and_a_large_one_does_not() {
        let test = Wald { statistic: 4.0, df: 1, df_denominator: None, p: 0.0455 };
        let drift = Drift { test, shift: -3.0 };
        // Noticed at 0.98 of the drift, which shifts by 2.94.
        for (effect, held) in [(2.9, Held::No), (-2.9, Held::No), (3.0, Held::Yes), (-3.0, Held::Yes)] {
            let effect = Estimate { value: effect, spread: Spread::Unknown(WhyUnknown::NoVariation) };
            let check = power(&drift, &effect);
            assert_eq!(check.held, held, "{}", check.says);
            assert_eq!(check.says.ends_with("proves little."), held == Held::No, "{}", check.says);
        }
    }
}
