//! What can be wrong with a record: each flaw says what is stated, and what should stand there.
//!
//! Finds nothing itself; `verify.rs` does.

use super::{Digest, DrawRefused};
use crate::time::Moment;

/// The first thing in a record that does not hold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// Two of its times are in the wrong order.
    #[error("`{earlier}` is {first}, which is after `{later}`, {second}")]
    Times {
        /// The key of the time that should come first.
        earlier: &'static str,
        /// Its value.
        first: Moment,
        /// The key of the time that should come second.
        later: &'static str,
        /// Its value.
        second: Moment,
    },
    /// The secret is not the one committed to.
    #[error("`commitment` is {stated}, but SHA-256 of the secret is {computed}")]
    Commitment {
        /// In the record.
        stated: Digest,
        /// As recomputed.
        computed: Digest,
    },
    /// No entry is on the list.
    #[error("`list` is empty; a draw has at least one entry")]
    ListEmpty,
    /// An entry has another number than its place.
    #[error("`list`: `{unit}` has number {stated}, but stands in place {place}")]
    Number {
        /// The unit.
        unit: String,
        /// In the record.
        stated: u32,
        /// Where it stands, from 1.
        place: usize,
    },
    /// The list is not sorted, or names a unit twice or not at all.
    #[error(
        "`list`: `{unit}` cannot stand after `{before}`; units are sorted bytewise, each once, none without a name"
    )]
    Sequence {
        /// The unit.
        unit: String,
        /// The one before it; empty at the beginning.
        before: String,
    },
    /// A parent stands on the list of a wave without a cap.
    #[error(
        "`list`: `{unit}` has a parent, but the record has no `cap`; one was added or the other taken away"
    )]
    ParentWithoutCap {
        /// The unit.
        unit: String,
    },
    /// The list is not the one whose hash was published.
    #[error("`list_hash` is {stated}, but SHA-256 of the list's canonical form is {computed}")]
    ListHash {
        /// In the record.
        stated: Digest,
        /// As recomputed.
        computed: Digest,
    },
    /// The seed does not follow from list, secret and public values.
    #[error("`seed` is {stated}, but list hash, secret and public values make {computed}")]
    Seed {
        /// In the record.
        stated: Digest,
        /// As recomputed.
        computed: Digest,
    },
    /// A withdrawn unit is named twice.
    #[error("`withdrawn` names `{unit}` twice")]
    WithdrawnTwice {
        /// The unit.
        unit: String,
    },
    /// The draw could not have been run like this.
    #[error("the draw could not have been run: {0}")]
    NotDrawable(DrawRefused),
    /// A score is not the one the seed gives.
    #[error("`order`: the score of `{unit}` is {stated}, but HMAC-SHA-256 gives {computed}")]
    Score {
        /// The unit.
        unit: String,
        /// In the record.
        stated: Digest,
        /// As recomputed.
        computed: Digest,
    },
    /// A list of units has another unit, or none, in a place.
    #[error("`{key}`: place {place} has {}, but should have {}", or_nobody(.stated), or_nobody(.computed))]
    Row {
        /// `order`, `granted` or `waiting`.
        key: &'static str,
        /// From 1.
        place: usize,
        /// In the record.
        stated: Option<String>,
        /// As recomputed.
        computed: Option<String>,
    },
    /// A probability is not what the draw gives, is missing, or belongs to nobody.
    #[error("`probability` of `{unit}` is {}, but should be {}", or_none(.stated), or_none(.computed))]
    Probability {
        /// The unit.
        unit: String,
        /// In the record.
        stated: Option<f64>,
        /// As recomputed.
        computed: Option<f64>,
    },
    /// A decision past the draw is about a unit that did not contend.
    #[error("`overrides`: the decision is on `{unit}`, which is not on the list")]
    NotListed {
        /// The unit.
        unit: String,
    },
    /// The record says something else than the one that was published.
    #[error("`{key}` is not what the published record says")]
    NotAsPublished {
        /// The key.
        key: &'static str,
    },
    /// A decision past the draw says no reason.
    #[error("`overrides`: the decision on `{unit}` gives no reason in `why`")]
    NoReason {
        /// The unit.
        unit: String,
    },
}

fn or_nobody(unit: &Option<String>) -> String {
    unit.as_ref().map_or("nobody".into(), |unit| format!("`{unit}`"))
}

fn or_none(probability: &Option<f64>) -> String {
    probability.map_or("absent".into(), |share| share.to_string())
}
