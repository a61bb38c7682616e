//! Why a schedule cannot be planned with, and what would make it possible.

use crate::power::TimingRefused;

/// Why a schedule gives no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScheduleRefused {
    /// Nobody, or never.
    #[error("a schedule needs at least two units and two periods; this one has {n_units} and {n_periods}")]
    TooSmall {
        /// Units.
        n_units: usize,
        /// Periods.
        n_periods: usize,
    },
    /// Rows of different length.
    #[error("unit {unit} has {found} periods where the first has {expected}; give each unit every period")]
    Ragged {
        /// Which, counted from 1.
        unit: usize,
        /// Its periods.
        found: usize,
        /// The first unit's.
        expected: usize,
    },
    /// No share.
    #[error("unit {unit} has {share} of the treatment in period {period}; give a share from 0 to 1")]
    NotAShare {
        /// Which, counted from 1.
        unit: usize,
        /// Which, counted from 1.
        period: usize,
        /// What was given.
        share: f64,
    },
    /// When waves start.
    #[error(transparent)]
    Timing(#[from] TimingRefused),
    /// Slots of other waves.
    #[error("there are slots for {found} waves, and {expected} waves; give the slots of each wave")]
    Slots {
        /// Given.
        found: usize,
        /// Wanted.
        expected: usize,
    },
    /// Nobody can start.
    #[error("no unit starts: there are no slots; give each wave one or more")]
    NobodyStarts,
    /// People.
    #[error("the people of a unit in a period are {0}; give a number above 0 for each unit")]
    People(String),
    /// A schedule without comparison.
    #[error(
        "nothing in this schedule can be compared: units must start at different times, or some must wait to the end; \
         hold one wave back, or add a period before the first"
    )]
    NothingCompared,
    /// Exposure of partial treatment.
    #[error(
        "unit {unit} has the treatment in part or loses it again; effects by time since the start need whole starts"
    )]
    NotByExposure {
        /// Which, counted from 1.
        unit: usize,
    },
    /// Weights of exposures.
    #[error(
        "there are {found} weights for {expected} periods since the start; give one for each, adding up to 1"
    )]
    Weights {
        /// Given.
        found: usize,
        /// Wanted.
        expected: usize,
    },
    /// Holes where a formula has none.
    #[error("this formula needs every unit in every period, with the treatment whole or not at all")]
    NotWhole,
    /// No variation.
    #[error(
        "outcomes that do not vary within units need no plan; give the spread of a unit's outcome between periods"
    )]
    NoVariation,
}
