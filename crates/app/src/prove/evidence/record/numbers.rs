//! The numbers of an evidence record, each with what is known of its error.

use serde::{Deserialize, Serialize};

/// An effect with what is known of its error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EstimateJson {
    /// The effect.
    pub estimate: f64,
    /// Its standard error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se: Option<f64>,
    /// Neyman's standard error, which is too large where effects differ between units; for the efficient estimate over all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se_neyman: Option<f64>,
    /// The interval's lower end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The interval's upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The p-value against no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// The standard error that interval and p rest on, where it is another: with few units, or a unit alone in its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se_used: Option<f64>,
    /// Degrees of freedom, with few units, or few of some start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df: Option<f64>,
}

/// An effect of a start in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellJson {
    /// The start.
    pub start: String,
    /// The period.
    pub period: String,
    /// Time since the start.
    pub exposure: i64,
    /// The effect.
    #[serde(flatten)]
    pub effect: EstimateJson,
}

/// Effects by something, and over all of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummaryJson<T> {
    /// Over all.
    pub overall: EstimateJson,
    /// Each.
    pub each: Vec<T>,
}

/// The effect of a start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartJson {
    /// The start.
    pub start: String,
    /// The effect.
    #[serde(flatten)]
    pub effect: EstimateJson,
}

/// The effect in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodJson {
    /// The period.
    pub period: String,
    /// The effect.
    #[serde(flatten)]
    pub effect: EstimateJson,
}

/// The effect at a distance from the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExposureJson {
    /// Time since the start; negative before it.
    pub exposure: i64,
    /// The effect.
    #[serde(flatten)]
    pub effect: EstimateJson,
}

/// One comparison of two starts within a two-way regression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwoByTwoJson {
    /// The start of the units that change over.
    pub treated: String,
    /// The start of those they are compared with, or "never".
    pub control: String,
    /// What kind of comparison it is, in words.
    pub kind: String,
    /// What it finds.
    pub estimate: f64,
    /// What it counts for (0 to 1).
    pub weight: f64,
}

/// What a unit counts for in a twin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightJson {
    /// The unit.
    pub unit: String,
    /// 0 to 1.
    pub weight: f64,
}

/// What a second method found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecondJson {
    /// The method.
    pub method: String,
    /// All in one number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overall: Option<EstimateJson>,
    /// Whether it agrees; absent where that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    /// One plain sentence.
    pub says: String,
}

/// A look at a further outcome, or at a part of the units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExploredJson {
    /// What is looked at: `outcome` or `group`.
    pub kind: String,
    /// The outcome, or the column that units are parted by.
    pub of: String,
    /// What the units of the part have there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How many units the part has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<usize>,
    /// All in one number, its interval and p-value as if it were the only look; absent where there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overall: Option<EstimateJson>,
    /// The p-value that allows for all these looks (Holm).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_holm: Option<f64>,
    /// One plain sentence.
    pub says: String,
}

/// An interval that holds although trends part by so much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SensitivityJson {
    /// What may part how: `relative_magnitudes` or `smoothness`.
    pub kind: String,
    /// By how much.
    pub m: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}
