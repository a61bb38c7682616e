//! Typed names of things: what belongs to a unit cannot be passed for a person.
//!
//! Ids are UUIDs of version 7, made from a moment and chance that the caller brings.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Moment;

/// What every typed id can do.
pub trait Id: Copy + fmt::Display + FromStr<Err = IdRefused> {
    /// An id made at `at`; `chance` is ten random bytes, so that two ids of one millisecond differ.
    fn made(at: Moment, chance: [u8; 10]) -> Self;
}

/// A text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id of this kind; copy it from the page or list that shows it")]
pub struct IdRefused {
    /// What was written.
    pub text: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl Id for $name {
            fn made(at: Moment, chance: [u8; 10]) -> Self {
                let milliseconds = u64::try_from(at.milliseconds()).unwrap_or(0);
                $name(uuid::Builder::from_unix_timestamp_millis(milliseconds, &chance).into_uuid())
            }
        }

        impl $name {
            /// Its sixteen bytes.
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdRefused;

            fn from_str(text: &str) -> Result<Self, IdRefused> {
                Uuid::parse_str(text).map($name).map_err(|_| IdRefused { text: text.to_owned() })
            }
        }
    )*};
}

ids! {
    /// A unit: the smallest group that adopts together.
    UnitId
    /// A person with an account, or known from the real system.
    PersonId
    /// A role given to a person.
    RoleId
    /// An API token.
    TokenId
    /// A friction: what gets in the way.
    FrictionId
    /// An improvement idea.
    IdeaId
    /// A case: several people asked on the same matter.
    CaseId
    /// What one person answered on a case.
    VoiceId
    /// What became of a friction after a remedy of a playbook.
    RemedyOutcomeId
    /// A remedy that somebody tries, until it is said what became of the friction.
    TrialId
    /// A letter in the outbox.
    LetterId
    /// A customer organisation.
    AccountId
    /// Something that a customer organisation is stuck on.
    HoldId
    /// A round of asking a unit for its appetite and aptitude.
    PulseId
    /// A goal of the organisation.
    GoalId
    /// A metric: a named series of outcomes per unit and period.
    MetricId
    /// A change: one solution being rolled out.
    ChangeId
    /// A wave: one round of slots.
    WaveId
    /// An application of a unit for a slot.
    ApplicationId
    /// A slot: a unit's right to the solution from a date.
    SlotId
    /// A cycle: one short, small test.
    CycleId
    /// A commitment: what a person or unit sets itself.
    CommitmentId
    /// A check-in on a commitment.
    CheckInId
    /// A file of outcomes or of anything else that was taken in.
    ImportId
    /// A source: a query that brings a metric's outcomes.
    SourceId
    /// A run of a source: asked once.
    SourceRunId
    /// An evidence record: one reproducible answer to "did it work?".
    EvidenceId
    /// A showcase: a published evidence record with its story.
    ShowcaseId
    /// A hand-over to an owner in the unit.
    HandOverId
    /// A watch's verdict at a moment.
    AlarmId
    /// A tension between two poles.
    TensionId
    /// A recorded decision to rock to the other pole.
    RockId
    /// An engagement of an expert with a unit.
    EngagementId
    /// A review of an engagement.
    ReviewId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_what_it_writes_and_later_ids_sort_later() {
        let first = UnitId::made(Moment::from_milliseconds(1_000).unwrap(), [7; 10]);
        let second = UnitId::made(Moment::from_milliseconds(2_000).unwrap(), [0; 10]);
        assert_eq!(first.to_string().parse(), Ok(first));
        assert!(first < second);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        assert!("ward-7".parse::<UnitId>().is_err());
    }
}
