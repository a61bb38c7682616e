//! Drafts: an application that a unit has begun and not sent. It contends for nothing, and only the unit's leads read it.

use super::{ApplicationRefused, Asker, Standing, Window, lead};
use crate::refusal::{self, TextRefused};
use crate::time::Moment;

/// What a unit has written so far; what is not written yet is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// What hurts today.
    pub pain: String,
    /// What the unit wants to reach.
    pub aim: String,
    /// Who in the unit answers for it.
    pub owner: String,
    /// What the unit will do for its part, where that is not what the wave asks.
    pub pledge: String,
}

impl Draft {
    /// The draft, when something is written and can be kept.
    pub fn written(pain: &str, aim: &str, owner: &str, pledge: &str) -> Result<Draft, TextRefused> {
        let text = |raw: &str, field, what, limit| {
            refusal::maybe_text(raw, field, what, limit).map(Option::unwrap_or_default)
        };
        if [pain, aim, owner].iter().all(|raw| raw.trim().is_empty()) {
            return Err(TextRefused::Missing { field: "pain", what: "something, then it can be kept" });
        }
        Ok(Draft {
            pain: text(pain, "pain", "what hurts today", 1_000)?,
            aim: text(aim, "aim", "what the unit wants to reach", 1_000)?,
            owner: text(owner, "owner", "who answers for it", 200)?,
            pledge: text(pledge, "pledge", "what the unit will do for its part", 1_000)?,
        })
    }
}

/// Whether a draft may be kept at `at`: from the announcement until closing, while the unit has not applied. Whether it
/// will be eligible is asked when it applies.
pub fn keep(standing: &Standing, window: &Window, at: Moment) -> Result<(), ApplicationRefused> {
    let Standing { asker, live, slot, ineligible: _ } = standing;
    lead(*asker)?;
    if at >= window.closes {
        return Err(window.closed(at));
    }
    match (*slot, *live) {
        (Some(slot), _) => Err(ApplicationRefused::HoldsSlot { slot }),
        (_, Some(application)) => {
            Err(ApplicationRefused::AppliedAlready { application, closes: window.closes })
        }
        (None, None) => Ok(()),
    }
}

/// Whether a draft may be thrown away: by a lead, at any time.
pub fn drop(asker: Asker) -> Result<(), ApplicationRefused> {
    lead(asker)
}
