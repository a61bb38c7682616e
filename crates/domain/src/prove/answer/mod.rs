//! A method's answer in one shape: the numbers, what they are compared with, what was checked and left out.
//!
//! One file a method. It asks the statistics and puts their words on; it chooses nothing and passes no verdict.

mod efficient;
pub(super) mod group_time;
mod imputation;
mod interaction;
mod interrupted;
mod permuted;
mod risk_set;
mod synthetic;
mod two_way;
mod wild;

use traction_stats::effect::risk_set::{RiskSetRefused, SetEffect, Wave};
use traction_stats::effect::{
    self, Compare, EfficientRefused, GroupTimeRefused, ImputationRefused, InteractionRefused,
    InterruptedRefused, Summary, SyntheticRefused, Twin, TwoWayRefused,
};
use traction_stats::panel::{Panel, Period};
use traction_stats::uncertainty::permutation::Fell;
use traction_stats::uncertainty::{Estimate, Wald, WaldRefused};

use super::came::Came;
use super::check::{Check, CheckName, Held, PARTED};
use super::draws::DrawnWave;
use super::evidence::LeftOut;
use super::sensitivity::Study;
use super::verdict::{BeforeStart, Comparison};
use super::wish::{Method, Wish};

/// What an answer is found in.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// Units by periods.
    pub panel: &'a Panel,
    /// The draws that gave slots away, as far as their records are there.
    pub draws: &'a [DrawnWave<'a>],
    /// When showcases of it were published; `None` where nobody keeps a journal of that.
    pub shown: Option<&'a [Period]>,
    /// In the place of outcomes, how much of the period each unit used it (0 to 1); `None` where nobody says.
    pub used: Option<&'a Panel>,
    /// What came, before anything was left out of the panel.
    pub came: Came,
}

impl<'a> Material<'a> {
    /// A panel without any draw on record.
    pub fn of(panel: &'a Panel) -> Self {
        Material { panel, draws: &[], shown: None, used: None, came: Came::of(panel) }
    }
}

/// A panel with the lists of its draws.
#[derive(Clone, Debug)]
pub(super) struct Ground<'a> {
    pub panel: &'a Panel,
    pub waves: Vec<Wave>,
}

/// A method's answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub effects: Effects,
    pub comparison: Comparison,
    pub compare: Option<Compare>,
    /// How errors were found.
    pub inference: &'static str,
    /// Why this comparison.
    pub why: String,
    pub left_out: Vec<LeftOut>,
    pub checks: Vec<Check>,
    pub before: BeforeStart,
    /// What the question how far trends may part is asked of, where that question makes sense and was put.
    pub study: Option<Study>,
    /// What is said instead of a verdict by a method that is no answer.
    pub warning: Option<String>,
}

/// The numbers of an evidence record. What a method does not give is empty or `None`.
#[derive(Clone, Debug)]
pub struct Effects {
    /// All in one number.
    pub overall: Estimate,
    /// Neyman's standard error of that, where the method has a sharper one besides.
    pub se_neyman: Option<f64>,
    /// By start and period.
    pub group_time: Vec<Cell>,
    /// By start.
    pub by_start: Option<Summary<Period>>,
    /// By period.
    pub by_period: Option<Summary<Period>>,
    /// By time since the start: the event study.
    pub by_exposure: Option<Summary<i64>>,
    /// Two-way regression taken apart.
    pub two_by_two: Vec<TwoByTwo>,
    /// What each unit counts for in a twin (0 to 1), by label.
    pub weights: Vec<(String, f64)>,
    /// What was seen beside what was expected without it, where the method expects a course.
    pub courses: Vec<Course>,
    /// What each draw says by itself, where the answer is from draws.
    pub sets: Vec<SetEffect>,
    /// How much of what differed before was taken off, where the answer is from draws.
    pub beta: Option<f64>,
    /// How the lot alone let the effect fall, where it was drawn again.
    pub fell: Option<Fell>,
    /// Units the numbers rest on.
    pub n_units: usize,
}

/// What was seen of the units of one start, beside what was expected of them without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Their start.
    pub start: Period,
    /// By period, ascending: the mean outcome seen, and the one expected; in the outcome's unit.
    pub points: Vec<(Period, f64, f64)>,
}

/// One comparison of two starts within a two-way regression.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoByTwo {
    /// The start of the units that change over.
    pub treated: String,
    /// The start of those they are compared with, or "never".
    pub control: String,
    /// What kind of comparison it is, in words.
    pub kind: &'static str,
    /// What it finds, in the outcome's unit.
    pub estimate: f64,
    /// What it counts for (0 to 1).
    pub weight: f64,
}

/// The effect on the units of one start in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The units' start.
    pub start: Period,
    /// When.
    pub period: Period,
    /// Steps since the start; negative before.
    pub exposure: i64,
    /// The effect, in the outcome's unit.
    pub effect: Estimate,
}

/// Why a method gives no answer: the sentence says what would make one possible.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoAnswer {
    /// By start and period.
    #[error(transparent)]
    GroupTime(#[from] GroupTimeRefused),
    /// By imputation.
    #[error(transparent)]
    Imputation(#[from] ImputationRefused),
    /// By a regression on start and exposure.
    #[error(transparent)]
    Interaction(#[from] InteractionRefused),
    /// By the unit's own course.
    #[error(transparent)]
    Interrupted(#[from] InterruptedRefused),
    /// By two-way regression.
    #[error(transparent)]
    TwoWay(#[from] TwoWayRefused),
    /// For random timing.
    #[error(transparent)]
    Efficient(#[from] EfficientRefused),
    /// From recorded draws.
    #[error(transparent)]
    RiskSet(#[from] RiskSetRefused),
    /// With a twin.
    #[error(transparent)]
    Synthetic(#[from] SyntheticRefused),
}

impl Effects {
    /// One number alone; a method adds what else it has.
    fn of(overall: Estimate, n_units: usize) -> Self {
        Effects {
            overall,
            se_neyman: None,
            group_time: Vec::new(),
            by_start: None,
            by_period: None,
            by_exposure: None,
            two_by_two: Vec::new(),
            weights: Vec::new(),
            courses: Vec::new(),
            sets: Vec::new(),
            beta: None,
            fell: None,
            n_units,
        }
    }
}

impl Cell {
    fn of(cell: &effect::Cell) -> Self {
        Cell { start: cell.start, period: cell.period, exposure: cell.exposure, effect: cell.effect.clone() }
    }
}

impl Method {
    /// Asks the method.
    pub(super) fn answer(self, ground: &Ground<'_>, wish: &Wish) -> Result<Answer, NoAnswer> {
        let panel = ground.panel;
        match self {
            Method::GroupTime => Ok(group_time::answer(panel, wish)?),
            Method::Imputation => Ok(imputation::answer(panel, wish)?),
            Method::Interaction => Ok(interaction::answer(panel, wish)?),
            Method::TwoWay => Ok(two_way::answer(panel, wish)?),
            Method::Efficient => Ok(efficient::answer(panel, wish)?),
            Method::RiskSet => Ok(risk_set::answer(panel, &ground.waves, wish)?),
            Method::Synthetic => Ok(synthetic::answer(panel, Twin::DifferenceInDifferences, wish)?),
            Method::SyntheticControl => Ok(synthetic::answer(panel, Twin::Control, wish)?),
            Method::Interrupted => Ok(interrupted::answer(panel, wish)?),
        }
    }
}

/// Says when some start has a single unit; nothing when none has.
///
/// - `overall`: whose spread is known where the lone unit could borrow one.
fn one_unit_alone(starts: &[String], overall: &Estimate) -> Option<Check> {
    let borrows = match overall.interval() {
        Some(_) => "; how far chance reaches there is taken from other units",
        None => ", and nothing tells how far chance reaches there",
    };
    (!starts.is_empty()).then(|| Check {
        name: CheckName::UnitsPerStart,
        held: Held::No,
        test: None,
        says: format!("One unit alone started in {}{borrows}.", starts.join(", ")),
    })
}

/// What a joint test of the partings before the start says.
fn parted(test: Result<Wald, WaldRefused>) -> Check {
    let name = CheckName::PreTrends;
    match test {
        Err(why) => Check { name, held: Held::Untested, test: None, says: format!("Not tested: {why}.") },
        Ok(test) if test.p < PARTED => Check {
            name,
            held: Held::No,
            test: Some(test.into()),
            says: "Before the start the two sides had already parted; the comparison is doubtful.".to_owned(),
        },
        Ok(test) => Check {
            name,
            held: Held::Yes,
            test: Some(test.into()),
            says: "Before the start the two sides did not part visibly; that does not prove that they would not have later."
                .to_owned(),
        },
    }
}
