//! Goals: where the organisation wants a metric to be.

use crate::id::MetricId;
use crate::offer::metric::Better;
use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

/// A goal as it is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalProposed {
    /// What is wanted, in one line.
    pub title: String,
    /// The metric that tells.
    pub metric: MetricId,
    /// Where it should be, in the metric's unit.
    pub target: f64,
    /// By when.
    pub due_at: Option<Moment>,
}

/// Why a goal was not set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GoalRefused {
    /// Its title is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Not a number a metric could have.
    #[error("the target is {}; give a number in the metric's own unit", refusal::figure(*given))]
    Target {
        /// What was given.
        given: f64,
    },
}

impl Refusal for GoalRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            GoalRefused::Text(text) => text.field(),
            GoalRefused::Target { .. } => Some("target"),
        }
    }
}

/// The goal, when it can be kept.
pub fn propose(
    title: &str,
    metric: MetricId,
    target: f64,
    due_at: Option<Moment>,
) -> Result<GoalProposed, GoalRefused> {
    let title = refusal::text(title, "goal_title", "the goal", 140)?;
    if !target.is_finite() {
        return Err(GoalRefused::Target { given: target });
    }
    Ok(GoalProposed { title, metric, target, due_at })
}

/// How far `value` is from `target`, in the metric's unit: positive while something is missing, 0 or less when the
/// goal is reached.
pub fn gap(value: f64, target: f64, better: Better) -> f64 {
    match better {
        Better::Up => target - value,
        Better::Down => value - target,
    }
}
