//! Metrics: a named series of outcomes per unit and period, with its unit of measure and which way is better.

use std::fmt;
use std::str::FromStr;

use crate::org::slug::Slug;
use crate::refusal::{self, Refusal, TextRefused};

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// A word that names no way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` does not say which way is better; write up or down")]
pub struct BetterRefused {
    /// What was written.
    pub word: String,
}

impl Refusal for BetterRefused {
    fn field(&self) -> Option<&'static str> {
        Some("better")
    }
}

impl fmt::Display for Better {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Better::Up => "up",
            Better::Down => "down",
        })
    }
}

impl FromStr for Better {
    type Err = BetterRefused;

    fn from_str(word: &str) -> Result<Better, BetterRefused> {
        match word {
            "up" => Ok(Better::Up),
            "down" => Ok(Better::Down),
            _ => Err(BetterRefused { word: word.to_owned() }),
        }
    }
}

/// A metric as it is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricProposed {
    /// Its short name.
    pub slug: Slug,
    /// Its name, as in "days absent".
    pub name: String,
    /// What one of it is, as in "days per person and month".
    pub unit_of_measure: String,
    /// Which way is better.
    pub better: Better,
}

/// Why a metric was not defined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetricRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// The name has nothing a short name could be made of.
    #[error(
        "`{name}` has no letter or digit that a short name could be made of; name the metric in other words"
    )]
    NoShortName {
        /// The name.
        name: String,
    },
    /// The short name is taken.
    #[error("there is a metric `{slug}` already; choose it from the list, or name yours otherwise")]
    Taken {
        /// The short name.
        slug: Slug,
    },
}

impl Refusal for MetricRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            MetricRefused::Text(text) => text.field(),
            MetricRefused::NoShortName { .. } | MetricRefused::Taken { .. } => Some("metric_name"),
        }
    }
}

/// The metric, when its words can be kept. Its short name is made from its name.
pub fn propose(name: &str, unit_of_measure: &str, better: Better) -> Result<MetricProposed, MetricRefused> {
    let name = refusal::text(name, "metric_name", "the metric's name", 80)?;
    let slug = Slug::suggested(&name).ok_or_else(|| MetricRefused::NoShortName { name: name.clone() })?;
    let unit_of_measure = refusal::text(unit_of_measure, "unit_of_measure", "what one of it is", 60)?;
    Ok(MetricProposed { slug, name, unit_of_measure, better })
}
