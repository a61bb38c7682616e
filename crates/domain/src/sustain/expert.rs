//! Experts: who helped which unit, and what the people who were helped say of it, beside what was measured there.
//!
//! It does not rank experts, and it never says who wrote a review.

mod review;
mod shrunk;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::id::{PersonId, UnitId};
use crate::refusal::{self, Refusal, TextRefused};

pub use review::{
    Batched, DIMENSIONS, Dimension, FEWEST_REVIEWS, Ground, Rated, Review, ReviewRefused, Reviewer, Scores,
    next_batch, rated, review, scores, shown,
};
pub use shrunk::{Measured, Shrunk, combined, shrink};

/// Somebody who helps units, from inside or outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expert {
    /// Somebody with an account.
    Known(PersonId),
    /// Somebody from outside, by name.
    Named(String),
}

/// An expert's work with one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    /// Who helps.
    pub expert: Expert,
    /// Whom.
    pub unit: UnitId,
    /// Who engaged him.
    pub engaged_by: PersonId,
    /// The first day.
    pub from: Date,
    /// The last day; `None` while it goes on.
    pub to: Option<Date>,
}

/// Why somebody was not engaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngagementRefused {
    /// The name is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Somebody engages himself.
    #[error("nobody engages himself; ask somebody in the unit or a change lead to do it")]
    Himself,
    /// It would end before it began.
    #[error("an engagement from {from} cannot end on {to}; give {from} or a later day")]
    EndsBeforeItBegins {
        /// The first day.
        from: Date,
        /// The last day given.
        to: Date,
    },
    /// It has ended.
    #[error("this engagement ended on {to} already")]
    Ended {
        /// Its last day.
        to: Date,
    },
}

impl Refusal for EngagementRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            EngagementRefused::Text(text) => text.field(),
            EngagementRefused::Himself => Some("expert"),
            EngagementRefused::EndsBeforeItBegins { .. } => Some("last_day"),
            EngagementRefused::Ended { .. } => None,
        }
    }
}

/// Somebody from outside, when there is a name.
pub fn named(name: &str) -> Result<Expert, EngagementRefused> {
    Ok(Expert::Named(refusal::text(name, "expert", "the expert's name", 120)?))
}

/// The engagement, when somebody else engages and its days are in order.
pub fn engage(
    expert: Expert,
    unit: UnitId,
    engaged_by: PersonId,
    from: Date,
    to: Option<Date>,
) -> Result<Engagement, EngagementRefused> {
    if expert == Expert::Known(engaged_by) {
        return Err(EngagementRefused::Himself);
    }
    let engagement = Engagement { expert, unit, engaged_by, from, to: None };
    match to {
        Some(to) => end(&engagement, to),
        None => Ok(engagement),
    }
}

/// The engagement, ended on the day `to`.
pub fn end(engagement: &Engagement, to: Date) -> Result<Engagement, EngagementRefused> {
    if let Some(to) = engagement.to {
        return Err(EngagementRefused::Ended { to });
    }
    if to < engagement.from {
        return Err(EngagementRefused::EndsBeforeItBegins { from: engagement.from, to });
    }
    Ok(Engagement { to: Some(to), ..engagement.clone() })
}
