//! Least squares with an effect of each unit and of each period: exact, in time linear in the units.
//!
//! Unit effects are taken out by subtracting means; what is left to solve is periods by periods. Nothing here is
//! units by units, nothing is iterated. Units that share a start and the periods they were seen in are one
//! *pattern*: all that depends on who was seen when is computed once a pattern. It knows no design and no law.

mod clusters;
mod collector;
mod designs;
pub(crate) mod least_squares;
mod patterns;
mod unit_period;

pub(crate) use clusters::{Clusters, Mean};
pub(crate) use collector::{Coefficients, Collector, Keep, Kept, Moved};
pub(crate) use designs::take_effects;
pub(crate) use patterns::{Pattern, for_each_unit, patterns};
pub(crate) use unit_period::UnitPeriod;
