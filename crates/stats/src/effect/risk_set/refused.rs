//! Why a draw says nothing, and what would make it.

use super::Tier;
use crate::panel::Period;

/// Why draws could not be used as an experiment.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum RiskSetRefused {
    /// No lists.
    #[error(
        "no draw whose slots have started is on record, and without its lists and chances there is no lot to compare by; \
         give the draw's record with the first period of its slots, or use the group-time method"
    )]
    NoDraw,
    /// A row that the panel does not have.
    #[error(
        "a list names row {row}, but the panel has {n_units} units; count rows from 0, in the panel's order"
    )]
    NoSuchUnit {
        /// The row.
        row: usize,
        /// Units of the panel.
        n_units: usize,
    },
    /// A unit twice on a list.
    #[error("the list of the wave that starts in {at} names row {row} twice; a unit contends once in a wave")]
    Twice {
        /// The wave's start.
        at: Period,
        /// The row.
        row: usize,
    },
    /// A place went past a better tier.
    #[error(
        "in the wave that starts in {at} a place went to tier {worse} while somebody of tier {better} went without; \
         if a cap or another rule decided, give every entrant's probability; if a person did, mark the place as an override"
    )]
    NotByTier {
        /// The wave's start.
        at: Period,
        /// The tier of somebody without.
        better: Tier,
        /// The tier of somebody with a place.
        worse: Tier,
    },
    /// A probability that cannot be.
    #[error(
        "in the wave that starts in {at} an entrant has the probability {probability}, which does not go with what \
         happened; give the probability of winning, from 0 to 1, that the draw's record holds"
    )]
    Impossible {
        /// The wave's start.
        at: Period,
        /// The probability.
        probability: f64,
    },
    /// Chance decided nothing.
    #[error(
        "in no wave did some of a tier get a slot and others not, so chance decided nothing; \
         a wave with fewer slots than the units of its last tier would be an experiment"
    )]
    ChanceDecidedNothing,
    /// Nothing seen after the draws.
    #[error(
        "after no draw has an outcome been seen of both winners and losers; wait for the first period with the slots, \
         or add the periods that are missing"
    )]
    NothingObserved,
    /// No period before.
    #[error(
        "no draw has an observed period before it to measure change from; add earlier periods, or compare levels"
    )]
    NothingBefore,
    /// Uses of other units than the panel's.
    #[error("uses of {n} units came with a panel of {n_units}; give one for each unit, in the panel's order")]
    OtherUnits {
        /// Uses.
        n: usize,
        /// Units of the panel.
        n_units: usize,
    },
    /// Uses in other periods than the panel's.
    #[error(
        "uses in {n} periods came with a panel of {n_periods}; give one for each period, in the panel's order"
    )]
    OtherPeriods {
        /// Uses of a unit.
        n: usize,
        /// Periods of the panel.
        n_periods: usize,
    },
    /// A use that is no share.
    #[error(
        "a use of {0} is no share; give 1 where a unit used it, 0 where it did not, or what lies between"
    )]
    NotAShare(f64),
    /// Everybody used it alike.
    #[error(
        "winners did not use their slots more than losers, so nothing can be said of the effect on users; \
         the effect of being granted a slot stands"
    )]
    NoDifferenceInUse,
}
