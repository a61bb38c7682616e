//! Guardrails: limits on outcomes within which people find their own way.
//!
//! A guardrail names a metric, and metrics are outcomes of units: there is no guardrail on what somebody does, nor on
//! how often.

#[cfg(test)]
mod tests;

use crate::id::MetricId;
use crate::offer::metric::Better;
use crate::refusal::{self, Refusal};

/// Why a guardrail was not set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GuardrailRefused {
    /// Not a number.
    #[error("the limit is {}; give a number in the metric's unit", refusal::figure(*given))]
    Limit {
        /// What was given.
        given: f64,
    },
    /// What the change is there to move.
    #[error(
        "this metric is the one the change is judged by; a guardrail is another one, which must not get worse meanwhile"
    )]
    OwnMetric,
}

impl Refusal for GuardrailRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            GuardrailRefused::Limit { .. } => Some("limit"),
            GuardrailRefused::OwnMetric => Some("metric"),
        }
    }
}

/// Whether an outcome is inside its guardrail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As good as the limit, or better.
    Inside,
    /// Worse than the limit.
    Crossed,
}

/// The limit, when it can be kept: a number, of another metric than the change's own.
pub fn set(own: MetricId, metric: MetricId, limit: f64) -> Result<f64, GuardrailRefused> {
    if metric == own {
        return Err(GuardrailRefused::OwnMetric);
    }
    if limit.is_finite() { Ok(limit) } else { Err(GuardrailRefused::Limit { given: limit }) }
}

/// On which side of `limit` a `value` lies, where `better` says which way is good.
pub fn side(value: f64, limit: f64, better: Better) -> Side {
    let is_worse = match better {
        Better::Up => value < limit,
        Better::Down => value > limit,
    };
    if is_worse { Side::Crossed } else { Side::Inside }
}
