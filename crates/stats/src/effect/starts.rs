//! What every comparison of units that start at different times needs first.

use crate::panel::Panel;
use crate::words::counted;

/// Why the starts of a panel let nothing be compared, whatever the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartsRefused {
    /// One period.
    #[error("there is only one period; at least one before a start and one after it are needed")]
    TooFewPeriods,
    /// One unit.
    #[error("there is only one unit; at least one that starts and one to compare it with are needed")]
    TooFewUnits,
    /// Other units each time.
    #[error(
        "no unit was seen in more than one period, so nothing tells what changed for it; where rows are of other people \
         each time, compare them as repeated cross-sections, by effects by start and period"
    )]
    NobodySeenTwice,
    /// No starts.
    #[error(
        "no unit starts within the observed periods, so there is no effect to find; check the starts, or wait for the first"
    )]
    NobodyStarts,
    /// Only starts without a before.
    #[error(
        "every unit that starts does so too early to have been seen before ({}); add at least one earlier period{}",
        counted(*n_units, "unit", "units"),
        if *anticipation > 0 { " or assume less anticipation" } else { "" }
    )]
    NothingBefore {
        /// Units that start too early.
        n_units: usize,
        /// Periods before the start in which an effect was allowed for.
        anticipation: u32,
    },
    /// All at once.
    #[error(
        "all {n_units} units start at once, so nothing tells the effect from whatever else happened then; \
         hold some units back, or add units that never start"
    )]
    EveryoneAtOnce {
        /// Units.
        n_units: usize,
    },
}

/// Whether `panel` has two periods, two units, one of them seen twice, and a start.
pub(super) fn of_units_are_there(panel: &Panel) -> Result<(), StartsRefused> {
    are_there(panel)?;
    let seen = |unit: usize| (0..panel.periods().len()).filter(|&t| panel.outcome(unit, t).is_some()).count();
    if (0..panel.units().len()).all(|unit| seen(unit) < 2) {
        return Err(StartsRefused::NobodySeenTwice);
    }
    Ok(())
}

/// Whether `panel` has two periods, two units and a start.
pub(super) fn are_there(panel: &Panel) -> Result<(), StartsRefused> {
    if panel.periods().len() < 2 {
        return Err(StartsRefused::TooFewPeriods);
    }
    if panel.units().len() < 2 {
        return Err(StartsRefused::TooFewUnits);
    }
    if panel.cohorts().is_empty() {
        return Err(StartsRefused::NobodyStarts);
    }
    Ok(())
}
