//! Two poles as somebody draws them up, and why they are refused.

use traction_stats::control::Improve;

use crate::id::MetricId;
use crate::refusal::{self, Refusal, TextRefused};

/// What somebody writes about one pole.
#[derive(Clone, Copy, Debug)]
pub struct PoleWish<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is good about it.
    pub upside: &'a str,
    /// How one notices that it is neglected.
    pub early_warning: &'a str,
    /// What measures it.
    pub metric: MetricId,
    /// Which way is better.
    pub improve: Improve,
    /// A good level.
    pub healthy: f64,
    /// The level at which its early warnings start.
    pub floor: f64,
}

/// One pole as it is drawn up.
#[derive(Clone, Debug, PartialEq)]
pub struct PoleProposed {
    /// Its name.
    pub name: String,
    /// What is good about it.
    pub upside: String,
    /// How one notices that it is neglected.
    pub early_warning: String,
    /// What measures it.
    pub metric: MetricId,
    /// Which way is better.
    pub improve: Improve,
    /// A good level.
    pub healthy: f64,
    /// The level at which its early warnings start.
    pub floor: f64,
}

/// Why a tension was not drawn up, or a rock not recorded.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TensionRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// A level is not a number.
    #[error(
        "the levels of {pole} must be numbers; give the healthy level and the floor in the metric's unit"
    )]
    LevelMissing {
        /// The pole's name.
        pole: String,
    },
    /// The healthy level is not better than the floor.
    #[error(
        "the healthy level of {pole} must be better than its floor; exchange the two, or the direction of its metric"
    )]
    NotInOrder {
        /// The pole's name.
        pole: String,
    },
    /// Both poles are measured by one thing.
    #[error("both poles have the same metric, so one cannot suffer while the other does not; choose two")]
    SameMetric,
    /// Both poles have one name.
    #[error("both poles have the same name; a tension needs two")]
    SameName,
    /// The attention is there already.
    #[error("the attention is on {pole} already; rock to the other pole when it needs it")]
    AlreadyThere {
        /// The pole's name.
        pole: String,
    },
}

impl Refusal for TensionRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            TensionRefused::Text(text) => text.field(),
            TensionRefused::LevelMissing { .. } | TensionRefused::NotInOrder { .. } => Some("healthy"),
            TensionRefused::SameMetric => Some("metric"),
            TensionRefused::SameName => Some("name"),
            TensionRefused::AlreadyThere { .. } => None,
        }
    }
}

/// The two poles, when each is complete and they are not the same.
pub fn propose(left: PoleWish<'_>, right: PoleWish<'_>) -> Result<[PoleProposed; 2], TensionRefused> {
    let (left, right) = (pole(left)?, pole(right)?);
    if left.name.to_lowercase() == right.name.to_lowercase() {
        return Err(TensionRefused::SameName);
    }
    if left.metric == right.metric {
        return Err(TensionRefused::SameMetric);
    }
    Ok([left, right])
}

fn pole(wish: PoleWish<'_>) -> Result<PoleProposed, TensionRefused> {
    let name = refusal::text(wish.name, "name", "the pole's name", 60)?;
    let upside = refusal::text(wish.upside, "upside", "what is good about the pole", 300)?;
    let early_warning = refusal::text(
        wish.early_warning,
        "early_warning",
        "how one notices that the pole is neglected",
        300,
    )?;
    if !wish.healthy.is_finite() || !wish.floor.is_finite() {
        return Err(TensionRefused::LevelMissing { pole: name });
    }
    if wish.improve.oriented(wish.healthy) <= wish.improve.oriented(wish.floor) {
        return Err(TensionRefused::NotInOrder { pole: name });
    }
    let PoleWish { metric, improve, healthy, floor, .. } = wish;
    Ok(PoleProposed { name, upside, early_warning, metric, improve, healthy, floor })
}
