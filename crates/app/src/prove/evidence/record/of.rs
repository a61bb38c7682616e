//! From the core's evidence to its record.

use traction_domain::prove::{self as rules, Cell, Choice, Held, Inference, Looked, Method, Question};
use traction_stats::effect::{Part, Parting, Robust, Summary};
use traction_stats::panel::{Calendar, Period};
use traction_stats::uncertainty::{Estimate, Law};

use super::{
    CellJson, CheckJson, CohortJson, DataJson, DesignJson, EffectiveCohortJson, EffectiveJson, EstimateJson,
    EvidenceJson, ExploredJson, ExposureJson, LeftOutJson, PeriodJson, QuestionJson, SecondJson,
    SensitivityJson, StartJson, SummaryJson, TwoByTwoJson, VerdictJson, WeightJson, parts,
};
use crate::prove::evidence::choices::baseline_word;

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
                direction: question.good.word().to_owned(),
            },
            design: design(evidence),
            group_time: effects
                .filter(|effects| !effects.group_time.is_empty())
                .map(|effects| effects.group_time.iter().map(cell).collect()),
            overall: effects
                .map(|effects| EstimateJson { se_neyman: effects.se_neyman, ..estimate(&effects.overall) }),
            by_start: effects.and_then(|effects| effects.by_start.as_ref()).map(|by_start| {
                summary(by_start, |part| StartJson {
                    start: part.at.to_string(),
                    effect: estimate(&part.effect),
                })
            }),
            by_period: effects.and_then(|effects| effects.by_period.as_ref()).map(|by_period| {
                summary(by_period, |part: &Part<Period>| PeriodJson {
                    period: part.at.to_string(),
                    effect: estimate(&part.effect),
                })
            }),
            by_exposure: effects.and_then(|effects| effects.by_exposure.as_ref()).map(|by_exposure| {
                summary(by_exposure, |part| ExposureJson {
                    exposure: part.at,
                    effect: estimate(&part.effect),
                })
            }),
            two_by_two: effects.map(two_by_two).unwrap_or_default(),
            weights: effects.map(weights).unwrap_or_default(),
            sets: effects.map(|effects| effects.sets.iter().map(parts::set).collect()).unwrap_or_default(),
            courses: effects
                .map(|effects| effects.courses.iter().map(parts::course).collect())
                .unwrap_or_default(),
            by_lot: effects.and_then(|effects| effects.fell.as_ref()).map(parts::by_lot),
            on_users: evidence.on_users.as_ref().map(parts::on_users),
            second: evidence.second.as_ref().map(second),
            checks: evidence.checks.iter().map(check).collect(),
            sensitivity: evidence.sensitivity.iter().flat_map(sensitivity).collect(),
            exploratory: evidence.exploratory.iter().map(explored).collect(),
            verdict: VerdictJson {
                kind: evidence.verdict.kind,
                says: evidence.verdict.says.clone(),
                doubts: evidence.verdict.doubts.iter().map(|doubt| doubt.word().to_owned()).collect(),
            },
            settings: None,
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
        effective_n: Some(EffectiveJson {
            all: source.effective.all,
            never: source.effective.never,
            cohorts: source
                .effective
                .cohorts
                .iter()
                .map(|(start, n)| EffectiveCohortJson { start: start.to_string(), n: *n })
                .collect(),
        }),
        left_out: source.left_out.iter().map(LeftOutJson::of).collect(),
    }
}

impl LeftOutJson {
    /// What was not used, in its JSON shape.
    pub fn of(left: &rules::LeftOut) -> Self {
        LeftOutJson { what: left.what().to_owned(), count: left.count, why: left.why.clone() }
    }
}

fn design(evidence: &rules::Evidence) -> DesignJson {
    let rules::Design { method, wish, why, .. } = &evidence.design;
    DesignJson {
        method: method.word().to_owned(),
        compare: evidence.compare.map(|compare| compare.word().to_owned()),
        adjust: (!evidence.source.covariates.is_empty() && *method == Method::GroupTime)
            .then(|| wish.adjust.word().to_owned()),
        covariates: evidence.source.covariates.clone(),
        base: wish.base.word().to_owned(),
        anticipation: if method.allows_for_anticipation() { wish.anticipation } else { 0 },
        baseline: baseline_word(wish.baseline).filter(|_| *method == Method::RiskSet),
        beta: evidence.effects.as_ref().and_then(|effects| effects.beta),
        inference: evidence.inference.to_owned(),
        bootstrap: (evidence.inference == Inference::Bootstrap.word())
            .then_some(match method {
                Method::Interaction | Method::TwoWay => "wild cluster, Webb",
                _ => "multiplier, Rademacher",
            })
            .map(str::to_owned),
        band: (evidence.inference == Inference::Bootstrap.word() && *method == Method::GroupTime)
            .then(|| wish.band.unwrap_or_default().word().to_owned()),
        draws: [Inference::Bootstrap, Inference::Permutation]
            .iter()
            .any(|drawn| drawn.word() == evidence.inference)
            .then_some(wish.n_draws),
        seed: wish.seed,
        level: wish.level.share(),
        exposure_in: evidence.effects.is_some().then(|| exposure_in(evidence.source.calendar)),
        why: why.clone(),
    }
}

pub(super) fn estimate(estimate: &Estimate) -> EstimateJson {
    let interval = estimate.interval();
    let df = interval.and_then(|interval| match interval.law {
        Law::Student { df } => Some(df),
        Law::Normal => None,
    });
    // By the normal law it is another than the printed one only where a lone unit borrows.
    let used = interval.filter(|interval| df.is_some() || interval.se_used > interval.se);
    EstimateJson {
        estimate: estimate.value,
        se: interval.map(|interval| interval.se),
        se_neyman: None,
        // An end that is open is absent.
        low: interval.map(|interval| interval.low).filter(|end| end.is_finite()),
        high: interval.map(|interval| interval.high).filter(|end| end.is_finite()),
        p: interval.map(|interval| interval.p),
        se_used: used.map(|interval| interval.se_used),
        df,
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

fn two_by_two(effects: &rules::Effects) -> Vec<TwoByTwoJson> {
    let written = |pair: &rules::TwoByTwo| TwoByTwoJson {
        treated: pair.treated.clone(),
        control: pair.control.clone(),
        kind: pair.kind.to_owned(),
        estimate: pair.estimate,
        weight: pair.weight,
    };
    effects.two_by_two.iter().map(written).collect()
}

fn weights(effects: &rules::Effects) -> Vec<WeightJson> {
    let written = |(unit, weight): &(String, f64)| WeightJson { unit: unit.clone(), weight: *weight };
    effects.weights.iter().map(written).collect()
}

fn second(second: &rules::Second) -> SecondJson {
    SecondJson {
        method: second.method.word().to_owned(),
        overall: second.overall.as_ref().map(estimate),
        agrees: second.agrees,
        says: second.says.clone(),
    }
}

fn sensitivity(sensitivity: &rules::Sensitivity) -> Vec<SensitivityJson> {
    let written = |row: &Robust| {
        let (kind, m) = match row.parting {
            Parting::RelativeMagnitudes(m) => ("relative_magnitudes", m),
            Parting::Smoothness(m) => ("smoothness", m),
        };
        SensitivityJson { kind: kind.to_owned(), m, low: row.low.value(), high: row.high.value() }
    };
    sensitivity.rows.iter().map(written).collect()
}

fn explored(explored: &rules::Explored) -> ExploredJson {
    let (kind, of, value, units) = match &explored.at {
        Looked::Outcome { name, .. } => ("outcome", name, None, None),
        Looked::Group { by, value, n_units } => ("group", by, Some(value.clone()), Some(*n_units)),
    };
    ExploredJson {
        kind: kind.to_owned(),
        of: of.clone(),
        value,
        units,
        overall: explored.overall.as_ref().map(estimate),
        p_holm: explored.p_adjusted,
        says: explored.says.clone(),
    }
}

fn check(check: &rules::Check) -> CheckJson {
    let found = check.test.and_then(|test| test.found);
    CheckJson {
        name: check.name.word().to_owned(),
        holds: match check.held {
            Held::Yes => Some(true),
            Held::No => Some(false),
            Held::Untested => None,
        },
        statistic: check.test.and_then(|test| test.statistic),
        df: check.test.and_then(|test| test.n_numbers),
        df_denominator: check.test.and_then(|test| test.df_denominator),
        p: check.test.map(|test| test.p),
        estimate: found.map(|found| found.value),
        low: found.map(|found| found.interval.low),
        high: found.map(|found| found.interval.high),
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
