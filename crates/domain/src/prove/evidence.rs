//! The evidence record: one reproducible answer to "did it work?", with everything it rests on.
//!
//! It is a value; doors write it down. The same panel, wish and question always give the same record.

use traction_stats::effect::Summary;
use traction_stats::effect::{
    Cell, Compare, GroupTime, WhyNoCell, by_exposure, by_period, by_start, group_time, pre_trends,
    pre_trends_by_exposure, simple,
};
use traction_stats::panel::{Calendar, Panel, Period};
use traction_stats::uncertainty::{Estimate, Spread, Wald, WaldRefused};

use super::design::{Design, Wish};
use super::verdict::{self, BeforeStart, Comparison, Finding, Question, Verdict};

/// Below this p-value of the joint test, the two sides had parted before the start.
const PARTED: f64 = 0.05;

/// An evidence record.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What it rests on.
    pub source: Source,
    /// How the answer was found.
    pub design: Design,
    /// The numbers; `None` where the data could not carry any.
    pub effects: Option<Effects>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// The answer.
    pub verdict: Verdict,
}

/// The data an evidence record rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// SHA-256 of the data's bytes, in hexadecimal, as the door computed it.
    pub sha256: String,
    /// Rows that came.
    pub n_rows: usize,
    /// Units that came.
    pub n_units: usize,
    /// Distinct periods.
    pub n_periods: usize,
    /// Units that never start within them.
    pub n_never: usize,
    /// Starts, ascending, with their units.
    pub cohorts: Vec<(Period, usize)>,
    /// What was not used.
    pub left_out: Vec<LeftOut>,
}

/// Something that was not used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What, in the plural.
    pub what: &'static str,
    /// How many.
    pub count: usize,
    /// Why.
    pub why: String,
}

/// The numbers of an evidence record.
#[derive(Clone, Debug)]
pub struct Effects {
    /// By start and period.
    pub group_time: Vec<Cell>,
    /// All in one number: the mean over starts and periods from the start on.
    pub overall: Estimate,
    /// By start.
    pub by_start: Summary<Period>,
    /// By period.
    pub by_period: Summary<Period>,
    /// By time since the start: the event study.
    pub by_exposure: Summary<i64>,
    /// How time since the start is counted.
    pub calendar: Calendar,
    /// Units the numbers rest on.
    pub n_units: usize,
}

/// The checks there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckName {
    /// Did the two sides change alike before the start?
    PreTrends,
    /// Are there two or more units of each start?
    UnitsPerStart,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It could not be made.
    Untested,
}

/// A check of what the claim rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// How it came out.
    pub held: Held,
    /// The joint test behind it, if there was one.
    pub test: Option<Wald>,
    /// One plain sentence.
    pub says: String,
}

/// Makes the evidence record of a panel.
///
/// - `sha256`: of the data's bytes, in hexadecimal.
/// - A refusal is a record too: its verdict says what would make a claim possible.
pub fn prove(panel: &Panel, sha256: &str, wish: &Wish, question: &Question) -> Evidence {
    let design = Design::choose(panel, wish);
    let mut source = source(panel, sha256);
    let found = match group_time(panel, &design.settings) {
        Ok(found) => found,
        Err(why) => {
            let verdict = verdict::refused(&why);
            return Evidence { source, design, effects: None, checks: Vec::new(), verdict };
        }
    };
    source.left_out.extend(left_out(&found));
    let effects = Effects {
        overall: simple(&found),
        by_start: by_start(&found),
        by_period: by_period(&found),
        by_exposure: by_exposure(&found),
        calendar: panel.calendar(),
        n_units: found.sample.n_units(),
        group_time: found.cells.clone(),
    };
    let checks: Vec<Check> =
        [Some(check_pre_trends(&found)), check_units_per_start(&found)].into_iter().flatten().collect();
    let verdict = match effects.overall.spread {
        Spread::Unknown(why) => verdict::refused(&why),
        Spread::Known(interval) => verdict::verdict(
            &Finding {
                value: effects.overall.value,
                interval,
                level: design.settings.level,
                comparison: comparison(&found),
                n_units: effects.n_units,
                n_periods: source.n_periods,
                before: before_start(&checks[0]),
            },
            question,
        ),
    };
    Evidence { source, design, effects: Some(effects), checks, verdict }
}

fn source(panel: &Panel, sha256: &str) -> Source {
    let dropped = LeftOut {
        what: "units with gaps",
        count: panel.n_dropped(),
        why: "they lack some period, and units with gaps were to be dropped".to_owned(),
    };
    Source {
        sha256: sha256.to_owned(),
        n_rows: panel.n_rows(),
        n_units: panel.units().len() + panel.n_dropped(),
        n_periods: panel.periods().len(),
        n_never: panel.never().len(),
        cohorts: panel.cohorts().iter().map(|cohort| (cohort.start, cohort.units.len())).collect(),
        left_out: Some(dropped).filter(|dropped| dropped.count > 0).into_iter().collect(),
    }
}

fn left_out(found: &GroupTime) -> impl Iterator<Item = LeftOut> {
    let cells = |why| found.left_out.cells.iter().filter(|(_, _, because)| *because == why).count();
    let all = [
        LeftOut {
            what: "units that had started already",
            count: found.left_out.n_already_started,
            why: "they were not seen before their start, so they say nothing on a change".to_owned(),
        },
        LeftOut {
            what: "effects without comparison units",
            count: cells(WhyNoCell::NoComparison),
            why: "no unit was left to compare with in those periods".to_owned(),
        },
        LeftOut {
            what: "effects without starting units",
            count: cells(WhyNoCell::NoTreated),
            why: "no unit of that start was seen in both periods".to_owned(),
        },
    ];
    all.into_iter().filter(|left_out| left_out.count > 0)
}

fn comparison(found: &GroupTime) -> Comparison {
    let n_never = found.sample.never.len();
    match found.settings.compare {
        Compare::Never => Comparison::Never { n_never },
        Compare::NotYet => Comparison::NotYet { n_never },
    }
}

/// Tests all effects before the start; where units are too few for that, those by exposure.
fn check_pre_trends(found: &GroupTime) -> Check {
    let test = match pre_trends(found) {
        Err(WaldRefused::TooFewUnits { .. } | WaldRefused::Singular { .. }) => pre_trends_by_exposure(found),
        tested => tested,
    };
    let name = CheckName::PreTrends;
    match test {
        Err(why) => Check { name, held: Held::Untested, test: None, says: format!("Not tested: {why}.") },
        Ok(test) if test.p < PARTED => Check {
            name,
            held: Held::No,
            test: Some(test),
            says: "Before the start the two sides had already parted; the comparison is doubtful.".to_owned(),
        },
        Ok(test) => Check {
            name,
            held: Held::Yes,
            test: Some(test),
            says: "Before the start the two sides did not part visibly; that does not prove that they would not have later."
                .to_owned(),
        },
    }
}

/// Says when some start has a single unit; nothing when none has.
fn check_units_per_start(found: &GroupTime) -> Option<Check> {
    let lone: Vec<String> = found.sample.lone_starts().map(|start| start.to_string()).collect();
    (!lone.is_empty()).then(|| Check {
        name: CheckName::UnitsPerStart,
        held: Held::No,
        test: None,
        says: format!(
            "One unit alone started in {}; how far chance reaches there is taken from units that share a start.",
            lone.join(", ")
        ),
    })
}

fn before_start(pre_trends: &Check) -> BeforeStart {
    match (pre_trends.held, pre_trends.test) {
        (Held::No, Some(test)) => BeforeStart::Parted { p: test.p },
        (Held::Yes, _) => BeforeStart::Alike,
        _ => BeforeStart::Untested,
    }
}
