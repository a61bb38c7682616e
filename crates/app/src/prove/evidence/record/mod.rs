//! The shape of an evidence record, `traction.evidence/1`: written once, read back by pages, reports and programs.
//!
//! Numbers stand at full precision; what does not apply is absent. Nothing is computed here: a page shows what was
//! recorded, by whichever version recorded it.

mod kind;
mod numbers;
mod of;
mod parts;
mod settings;

pub use kind::{doubted_of, kind_class, kind_of, kind_word};
pub use numbers::{
    CellJson, EstimateJson, ExploredJson, ExposureJson, PeriodJson, SecondJson, SensitivityJson, StartJson,
    SummaryJson, TwoByTwoJson, WeightJson,
};
pub use parts::{ByLotJson, CourseJson, CoursePointJson, NotRuledOutJson, SetJson, UsersJson};
use serde::{Deserialize, Serialize};
pub use settings::{BlocksJson, CameJson, DrawJson, SettingsJson, UnitOrder};
use traction_domain::prove::{Choice, Doubt, Doubted, Kind};

/// An evidence record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceJson {
    /// Name and version of this shape.
    pub schema: String,
    /// The version of the program that made it.
    pub traction: String,
    /// What it rests on.
    pub data: DataJson,
    /// What was asked.
    pub question: QuestionJson,
    /// How the answer was found.
    pub design: DesignJson,
    /// Effects by start and period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_time: Option<Vec<CellJson>>,
    /// All in one number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overall: Option<EstimateJson>,
    /// By start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_start: Option<SummaryJson<StartJson>>,
    /// By period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_period: Option<SummaryJson<PeriodJson>>,
    /// By time since the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_exposure: Option<SummaryJson<ExposureJson>>,
    /// Two-way regression taken apart: every comparison of two starts, and what it counts for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub two_by_two: Vec<TwoByTwoJson>,
    /// What each unit counts for in a twin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<WeightJson>,
    /// What each draw says by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<SetJson>,
    /// What was seen beside what was expected, by start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub courses: Vec<CourseJson>,
    /// How the lot alone let the effect fall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_lot: Option<ByLotJson>,
    /// The effect on those who used it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_users: Option<UsersJson>,
    /// What a second method found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondJson>,
    /// What was checked.
    pub checks: Vec<CheckJson>,
    /// The effect at exposure 0 when trends may part: intervals, by how much they may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitivity: Vec<SensitivityJson>,
    /// Looks at further outcomes and at parts of the units: not what was settled beforehand, and no part of the verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exploratory: Vec<ExploredJson>,
    /// The answer.
    pub verdict: VerdictJson,
    /// What it was made with; absent in records from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<SettingsJson>,
}

/// The data of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataJson {
    /// SHA-256 of the data's bytes, in hex.
    pub sha256: String,
    /// Rows.
    pub rows: usize,
    /// Units.
    pub units: usize,
    /// Periods.
    pub periods: usize,
    /// Units that never start.
    pub never: usize,
    /// Starts with their units.
    pub cohorts: Vec<CohortJson>,
    /// How many of like weight these are worth; records of earlier versions do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_n: Option<EffectiveJson>,
    /// What was not used.
    pub left_out: Vec<LeftOutJson>,
}

impl DataJson {
    /// How many of like weight all units (or clusters) are worth, where that is fewer than there are units.
    pub fn worth(&self) -> Option<f64> {
        self.effective_n.as_ref().map(|effective| effective.all).filter(|all| *all < self.units as f64 - 0.05)
    }
}

/// Effective numbers of units, or of clusters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectiveJson {
    /// Of all.
    pub all: f64,
    /// Of those that never start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never: Option<f64>,
    /// By start.
    pub cohorts: Vec<EffectiveCohortJson>,
}

/// A start with its effective number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectiveCohortJson {
    /// The first period with the solution.
    pub start: String,
    /// As how many of like weight they count.
    pub n: f64,
}

/// A start with its units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CohortJson {
    /// The first period with the solution.
    pub start: String,
    /// How many units.
    pub units: usize,
}

/// Something that was not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutJson {
    /// What, as it goes with how many.
    pub what: String,
    /// How many.
    pub count: usize,
    /// Why.
    pub why: String,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionJson {
    /// The outcome's name.
    pub outcome: String,
    /// Its unit of measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// The smallest effect worth having, 0 or more.
    pub worth: f64,
    /// Which way is good: up or down.
    pub direction: String,
}

/// How the answer was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DesignJson {
    /// The method.
    pub method: String,
    /// Which units were compared with, where the method compares units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<String>,
    /// How covariates were allowed for, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjust: Option<String>,
    /// Covariates.
    pub covariates: Vec<String>,
    /// What periods before the start are measured from.
    pub base: String,
    /// Periods before the start in which an effect was allowed for.
    pub anticipation: u32,
    /// What winners and losers of a draw were held against: `auto`, as many periods before as after, or how many; absent in
    /// records from before there was a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// How much of that was taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
    /// How errors were found.
    pub inference: String,
    /// What the bootstrap weighs, and by whose weights, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<String>,
    /// What the intervals of parts hold by the bootstrap: `simultaneous` or `pointwise`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
    /// How often chance was drawn, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u64>,
    /// What seeded whatever was drawn by chance; 0 in records from before it was told.
    #[serde(default)]
    pub seed: u64,
    /// How much of the truth intervals are to hold.
    pub level: f64,
    /// What time since the start is counted in: "months".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure_in: Option<String>,
    /// Why this method and this comparison.
    pub why: String,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckJson {
    /// Which.
    pub name: String,
    /// Whether it holds; absent where it could not be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// The test's statistic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<f64>,
    /// How many numbers it tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df: Option<usize>,
    /// The denominator's degrees of freedom, with few units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df_denominator: Option<f64>,
    /// Its p-value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// The effect that it found, where it is a test of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<f64>,
    /// The lower end of that effect's interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// One plain sentence.
    pub says: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerdictJson {
    /// Which of the five.
    #[serde(with = "kind::kind_as_word")]
    pub kind: Kind,
    /// One plain sentence.
    pub says: String,
    /// What weakens it, by its word; the sentence tells each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

impl VerdictJson {
    /// How firmly it stands.
    pub fn doubted(&self) -> Doubted {
        let doubts: Vec<Doubt> = self.doubts.iter().filter_map(|word| Doubt::of_word(word)).collect();
        Doubted::of(&doubts)
    }
}

impl EvidenceJson {
    /// The outcome's unit of measure after `number`, as in "1.4 days".
    pub fn measured(&self, number: &str) -> String {
        match &self.question.measure {
            Some(measure) => format!("{number} {measure}"),
            None => number.to_owned(),
        }
    }

    /// Adds a sentence to why it was found in this way.
    pub fn add_why(&mut self, sentence: &str) {
        self.design.why.push(' ');
        self.design.why.push_str(sentence);
    }

    /// The smallest effect worth having with its sign; `None` where none was named.
    pub fn signed_worth(&self) -> Option<f64> {
        let worth =
            if self.question.direction == "down" { -self.question.worth } else { self.question.worth };
        Some(worth).filter(|worth| *worth != 0.0)
    }
}
