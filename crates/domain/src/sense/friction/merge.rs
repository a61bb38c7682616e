//! Merging frictions that are one and the same. What was reported stays as it was: a merge says where it counts, and
//! taking it back lets it count for itself again.

use std::collections::BTreeMap;

use crate::id::{FrictionId, UnitId};
use crate::refusal::Refusal;

use super::intake::Audience;

/// A friction as merging sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mergeable {
    /// Which one.
    pub id: FrictionId,
    /// The unit it happens in.
    pub unit: UnitId,
    /// Whether it counts in the backlog.
    pub is_open: bool,
    /// Who sees it.
    pub audience: Audience,
}

/// Which friction each merged one was merged into, directly.
pub type Merges = BTreeMap<FrictionId, FrictionId>;

/// Why two frictions were not merged, or not taken apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeRefused {
    /// One thing.
    #[error("a friction cannot be merged into itself; pick another one")]
    Itself,
    /// Another unit answers for it, and has its hours.
    #[error("the other one is of another unit, which answers for it itself; merge within one unit")]
    OtherUnit,
    /// Nothing would come of it.
    #[error("the other one is closed; merge into one that is open")]
    Closed,
    /// It would vanish for those who see it.
    #[error(
        "fewer people see the other one, so that this one would vanish for the rest; merge it the other way round"
    )]
    Narrower,
    /// Twice.
    #[error("this friction is merged already; unmerge it first")]
    Already,
    /// The other way round already.
    #[error("the other one is merged into this one already; unmerge it first")]
    Circle,
    /// There is nothing to take apart.
    #[error("this friction is not merged into another one")]
    NotMerged,
}

impl Refusal for MergeRefused {}

/// The friction in which `id` counts in the end.
pub fn counts_in(id: FrictionId, merges: &Merges) -> FrictionId {
    let mut at = id;
    // No more steps than there are merges, should two of them ever point at each other.
    for _ in 0..merges.len() {
        match merges.get(&at) {
            Some(next) => at = *next,
            None => break,
        }
    }
    at
}

/// Lets `one` be merged into `other`.
pub fn merge(one: &Mergeable, other: &Mergeable, merges: &Merges) -> Result<(), MergeRefused> {
    if one.id == other.id {
        return Err(MergeRefused::Itself);
    }
    if merges.contains_key(&one.id) {
        return Err(MergeRefused::Already);
    }
    if counts_in(other.id, merges) == one.id {
        return Err(MergeRefused::Circle);
    }
    if one.unit != other.unit {
        return Err(MergeRefused::OtherUnit);
    }
    if !other.is_open {
        return Err(MergeRefused::Closed);
    }
    if other.audience.is_narrower_than(one.audience) {
        return Err(MergeRefused::Narrower);
    }
    Ok(())
}

/// Lets `id` be taken out of the one it is merged into.
pub fn unmerge(id: FrictionId, merges: &Merges) -> Result<(), MergeRefused> {
    if merges.contains_key(&id) { Ok(()) } else { Err(MergeRefused::NotMerged) }
}
