//! Why there is no plan.

use traction_stats::power::TimingRefused;
use traction_stats::power::simulation::{ContestRefused, SimulationRefused};
use traction_stats::power::stepped_wedge::ScheduleRefused;

use super::written::{MOST_SLOTS, MOST_WAVES};
use crate::refusal::Refusal;
use crate::words::counted;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanRefused {
    /// The schedule carries no comparison, or is none.
    #[error(transparent)]
    Schedule(#[from] ScheduleRefused),
    /// Nobody contends.
    #[error(transparent)]
    Contest(#[from] ContestRefused),
    /// It cannot be played.
    #[error(transparent)]
    Simulation(#[from] SimulationRefused),
    /// When the waves start.
    #[error(transparent)]
    Timing(#[from] TimingRefused),
    /// Nothing is announced.
    #[error("no wave is announced yet; say how many slots and how many waves you think of")]
    NoWaves,
    /// Slots that are written in another way.
    #[error("give a whole number up to {MOST_SLOTS}, or one for each wave, like 5,4,6")]
    SlotsWritten,
    /// A number of waves that is written in another way.
    #[error("give a whole number from 1 to {MOST_WAVES}")]
    WavesWritten,
    /// Slots for another number of waves than are said.
    #[error("slots are given for {}, and {} said; make them agree", counted(*.slots, "wave", "waves"), counted(*.waves, "wave is", "waves are"))]
    WavesDiffer {
        /// Waves with slots.
        slots: usize,
        /// Waves said.
        waves: usize,
    },
    /// Too few plays to tell a share by.
    #[error(
        "{} too few to tell how often an effect is found; take {FEWEST_PLAYS} or more, which tells a share of 80 % within 18 in 100, or 0 for the formula alone",
        counted(*.0, "play is", "plays are")
    )]
    TooFewPlays(usize),
    /// Less often than chance finds something in nothing.
    #[error(
        "an effect that is to be found {often} times in 100 is found no more often than nothing is taken for one; ask for more, say 80"
    )]
    PowerOfNothing {
        /// How often in a hundred it was to be found.
        often: f64,
    },
    /// Too few units for any test.
    #[error("with {} no effect can be told from chance; plan with three or more", counted(*.0, "unit", "units"))]
    TooFewUnits(usize),
    /// Too long for anybody's patience.
    #[error("{0} periods are more than can be planned for; take longer periods, {MOST_PERIODS} at most")]
    TooManyPeriods(usize),
}

/// More periods than this are refused: a plan is for a roll-out that people will live to see.
pub const MOST_PERIODS: usize = 400;

/// Fewer plays than this are refused: a share of 80 % of them is not known within two errors of 9 in 100 each.
pub const FEWEST_PLAYS: usize = 20;

impl Refusal for PlanRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            PlanRefused::SlotsWritten | PlanRefused::Contest(ContestRefused::NoSlots) => Some("slots"),
            PlanRefused::WavesWritten | PlanRefused::WavesDiffer { .. } => Some("waves"),
            _ => None,
        }
    }
}

impl PlanRefused {
    /// Whether the schedule was understood and can show nothing: the answer is "no".
    pub fn is_no(&self) -> bool {
        matches!(
            self,
            PlanRefused::Schedule(ScheduleRefused::NothingCompared)
                | PlanRefused::Simulation(SimulationRefused::NoAnswer)
                | PlanRefused::TooFewUnits(_)
        )
    }
}
