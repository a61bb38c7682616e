//! The JSON shape of an evidence record, `traction.evidence/1`.
//!
//! Numbers stand at full precision; what does not apply is absent.

use serde::Serialize;
use traction_domain::prove::{self as rules, CheckName, Good, Held, Method, Question};
use traction_stats::effect::{Base, Cell, Compare, Part, Summary};
use traction_stats::panel::Period;
use traction_stats::uncertainty::{Estimate, Law};

use super::report::kind_word;

/// An evidence record as JSON.
#[derive(Debug, Serialize)]
pub struct EvidenceJson {
    schema: &'static str,
    traction: &'static str,
    data: DataJson,
    question: QuestionJson,
    design: DesignJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_time: Option<Vec<CellJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overall: Option<EstimateJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_start: Option<SummaryJson<StartJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_period: Option<SummaryJson<PeriodJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_exposure: Option<SummaryJson<ExposureJson>>,
    checks: Vec<CheckJson>,
    verdict: VerdictJson,
}

#[derive(Debug, Serialize)]
struct DataJson {
    sha256: String,
    rows: usize,
    units: usize,
    periods: usize,
    never: usize,
    cohorts: Vec<CohortJson>,
    left_out: Vec<LeftOutJson>,
}

#[derive(Debug, Serialize)]
struct CohortJson {
    start: String,
    units: usize,
}

#[derive(Debug, Serialize)]
struct LeftOutJson {
    what: &'static str,
    count: usize,
    why: String,
}

#[derive(Debug, Serialize)]
struct QuestionJson {
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<String>,
    worth: f64,
    direction: &'static str,
}

#[derive(Debug, Serialize)]
struct DesignJson {
    method: &'static str,
    compare: &'static str,
    covariates: [&'static str; 0],
    base: &'static str,
    anticipation: u32,
    inference: &'static str,
    level: f64,
    why: String,
}

/// An effect with what is known of its error.
#[derive(Debug, Serialize)]
struct EstimateJson {
    estimate: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    se: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    /// The standard error that interval and p rest on, below 40 units.
    #[serde(skip_serializing_if = "Option::is_none")]
    se_used: Option<f64>,
    /// Degrees of freedom, below 40 units.
    #[serde(skip_serializing_if = "Option::is_none")]
    df: Option<f64>,
}

#[derive(Debug, Serialize)]
struct CellJson {
    start: String,
    period: String,
    exposure: i64,
    #[serde(flatten)]
    effect: EstimateJson,
}

#[derive(Debug, Serialize)]
struct SummaryJson<T> {
    overall: EstimateJson,
    each: Vec<T>,
}

#[derive(Debug, Serialize)]
struct StartJson {
    start: String,
    #[serde(flatten)]
    effect: EstimateJson,
}

#[derive(Debug, Serialize)]
struct PeriodJson {
    period: String,
    #[serde(flatten)]
    effect: EstimateJson,
}

#[derive(Debug, Serialize)]
struct ExposureJson {
    exposure: i64,
    #[serde(flatten)]
    effect: EstimateJson,
}

#[derive(Debug, Serialize)]
struct CheckJson {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistic: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    df: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    df_denominator: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    says: String,
}

#[derive(Debug, Serialize)]
struct VerdictJson {
    kind: &'static str,
    says: String,
}

impl EvidenceJson {
    /// The record in its JSON shape.
    pub fn of(evidence: &rules::Evidence, question: &Question) -> Self {
        let effects = evidence.effects.as_ref();
        EvidenceJson {
            schema: "traction.evidence/1",
            traction: env!("CARGO_PKG_VERSION"),
            data: data(&evidence.source),
            question: QuestionJson {
                outcome: question.outcome.clone(),
                measure: question.measure.clone(),
                worth: question.worth,
                direction: match question.good {
                    Good::Up => "up",
                    Good::Down => "down",
                },
            },
            design: design(&evidence.design),
            group_time: effects.map(|effects| effects.group_time.iter().map(cell).collect()),
            overall: effects.map(|effects| estimate(&effects.overall)),
            by_start: effects.map(|effects| {
                summary(&effects.by_start, |part| StartJson {
                    start: part.at.to_string(),
                    effect: estimate(&part.effect),
                })
            }),
            by_period: effects.map(|effects| {
                summary(&effects.by_period, |part: &Part<Period>| PeriodJson {
                    period: part.at.to_string(),
                    effect: estimate(&part.effect),
                })
            }),
            by_exposure: effects.map(|effects| {
                summary(&effects.by_exposure, |part| ExposureJson {
                    exposure: part.at,
                    effect: estimate(&part.effect),
                })
            }),
            checks: evidence.checks.iter().map(check).collect(),
            verdict: VerdictJson {
                kind: kind_word(evidence.verdict.kind),
                says: evidence.verdict.says.clone(),
            },
        }
    }
}

fn data(source: &rules::Source) -> DataJson {
    DataJson {
        sha256: source.sha256.clone(),
        rows: source.n_rows,
        units: source.n_units,
        periods: source.n_periods,
        never: source.n_never,
        cohorts: source
            .cohorts
            .iter()
            .map(|(start, units)| CohortJson { start: start.to_string(), units: *units })
            .collect(),
        left_out: source
            .left_out
            .iter()
            .map(|left| LeftOutJson { what: left.what, count: left.count, why: left.why.clone() })
            .collect(),
    }
}

fn design(design: &rules::Design) -> DesignJson {
    DesignJson {
        method: match design.method {
            Method::GroupTime => "group-time",
        },
        compare: match design.settings.compare {
            Compare::Never => "never",
            Compare::NotYet => "not-yet",
        },
        covariates: [],
        base: match design.settings.base {
            Base::Varying => "varying",
            Base::Universal => "universal",
        },
        anticipation: design.settings.anticipation,
        inference: "analytic",
        level: design.settings.level.share(),
        why: design.why.clone(),
    }
}

fn estimate(estimate: &Estimate) -> EstimateJson {
    let interval = estimate.interval();
    let few = interval.and_then(|interval| match interval.law {
        Law::Student { df } => Some((interval.se_used, df)),
        Law::Normal => None,
    });
    EstimateJson {
        estimate: estimate.value,
        se: interval.map(|interval| interval.se),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        p: interval.map(|interval| interval.p),
        se_used: few.map(|(se_used, _)| se_used),
        df: few.map(|(_, df)| df),
    }
}

fn cell(cell: &Cell) -> CellJson {
    CellJson {
        start: cell.start.to_string(),
        period: cell.period.to_string(),
        exposure: cell.exposure,
        effect: estimate(&cell.effect),
    }
}

fn summary<K, T>(summary: &Summary<K>, part: impl Fn(&Part<K>) -> T) -> SummaryJson<T> {
    SummaryJson { overall: estimate(&summary.overall), each: summary.each.iter().map(part).collect() }
}

fn check(check: &rules::Check) -> CheckJson {
    CheckJson {
        name: match check.name {
            CheckName::PreTrends => "pre_trends",
            CheckName::UnitsPerStart => "units_per_start",
        },
        holds: match check.held {
            Held::Yes => Some(true),
            Held::No => Some(false),
            Held::Untested => None,
        },
        statistic: check.test.map(|test| test.statistic),
        df: check.test.map(|test| test.df),
        df_denominator: check.test.and_then(|test| test.df_denominator),
        p: check.test.map(|test| test.p),
        says: check.says.clone(),
    }
}
