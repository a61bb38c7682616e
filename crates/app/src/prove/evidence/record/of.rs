//! From the core's evidence to its record.

use traction_domain::prove::{self as rules, CheckName, Good, Held, Method, Question};
use traction_stats::effect::{Base, Cell, Compare, Part, Summary};
use traction_stats::panel::{Calendar, Period};
use traction_stats::uncertainty::{Estimate, Law};

use super::{
    CellJson, CheckJson, CohortJson, DataJson, DesignJson, EstimateJson, EvidenceJson, ExposureJson,
    LeftOutJson, PeriodJson, QuestionJson, StartJson, SummaryJson, VerdictJson,
};

impl EvidenceJson {
    /// The record in its JSON shape.
    pub fn of(evidence: &rules::Evidence, question: &Question) -> Self {
        let effects = evidence.effects.as_ref();
        EvidenceJson {
            schema: "traction.evidence/1".to_owned(),
            traction: env!("CARGO_PKG_VERSION").to_owned(),
            data: data(&evidence.source),
            question: QuestionJson {
                outcome: question.outcome.clone(),
                measure: question.measure.clone(),
                worth: question.worth,
                direction: match question.good {
                    Good::Up => "up",
                    Good::Down => "down",
                }
                .to_owned(),
            },
            design: design(&evidence.design, effects.map(|effects| effects.calendar)),
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
            verdict: VerdictJson { kind: evidence.verdict.kind, says: evidence.verdict.says.clone() },
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
            .map(|left| LeftOutJson { what: left.what.to_owned(), count: left.count, why: left.why.clone() })
            .collect(),
    }
}

fn design(design: &rules::Design, calendar: Option<Calendar>) -> DesignJson {
    DesignJson {
        method: match design.method {
            Method::GroupTime => "group-time",
        }
        .to_owned(),
        compare: match design.settings.compare {
            Compare::Never => "never",
            Compare::NotYet => "not-yet",
        }
        .to_owned(),
        covariates: Vec::new(),
        base: match design.settings.base {
            Base::Varying => "varying",
            Base::Universal => "universal",
        }
        .to_owned(),
        anticipation: design.settings.anticipation,
        inference: "analytic".to_owned(),
        level: design.settings.level.share(),
        exposure_in: calendar.map(exposure_in),
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
        }
        .to_owned(),
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

fn exposure_in(calendar: Calendar) -> String {
    match calendar {
        Calendar::Numbers => "periods".to_owned(),
        Calendar::Months { step: 1, .. } => "months".to_owned(),
        Calendar::Months { step: 12, .. } => "years".to_owned(),
        Calendar::Days { step: 1 } => "days".to_owned(),
        Calendar::Days { step: 7 } => "weeks".to_owned(),
        Calendar::Days { step } if step % 7 == 0 => format!("steps of {} weeks", step / 7),
        other => format!("steps of {other}"),
    }
}
