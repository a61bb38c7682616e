//! Power by playing: how often the estimator finds an effect that was put in.

use rayon::prelude::*;

use super::{Chance, History, Played};
use crate::panel::{Panel, PanelBuilder, Period, Row, Unbalanced};
use crate::power::Timing;
use crate::uncertainty::{Estimate, Level};

/// How an effect unfolds since a unit's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All of it at once, and it stays.
    Constant,
    /// In equal steps, all of it from the given number of periods on.
    Growing(usize),
    /// All of it at once, then less in equal steps, and nothing from the given number of periods on.
    Fading(usize),
}

/// What is to be played.
#[derive(Clone, Copy, Debug)]
pub struct Simulation<'a> {
    /// How many units.
    pub n_units: usize,
    /// When the waves start.
    pub timing: &'a Timing,
    /// How many periods of outcomes are made for each play, of which the first ones are looked at: as many as `timing` has, or
    /// more. Roll-outs for which as many are made meet the same outcomes, however long they are.
    pub n_periods_made: usize,
    /// Outcomes without the treatment.
    pub history: &'a History,
    /// How effects unfold.
    pub shape: Shape,
    /// How much of the truth intervals are to hold.
    pub level: Level,
    /// How many roll-outs to play.
    pub n_panels: usize,
    /// What all chance comes from.
    pub seed: u64,
}

/// One roll-out that was played, as the estimator sees it.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Outcomes and starts. Labels are the contest's units, counted from 0, and so are periods.
    pub panel: Panel,
    /// Who got a slot, and where chance decided.
    pub played: Played,
    /// When the waves started.
    pub timing: Timing,
    /// How much of the truth intervals are to hold.
    pub level: Level,
}

/// Why nothing could be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimulationRefused {
    /// Another number of units in the past.
    #[error("the past has {past} units and the contest {contest}; they must be the same ones")]
    OtherUnits {
        /// In the past.
        past: usize,
        /// In the contest.
        contest: usize,
    },
    /// No outcomes.
    #[error(
        "the schedule takes {n_periods} periods, and the past is shorter (or does not vary): plan with a model of its variance"
    )]
    NoOutcomes {
        /// Of the schedule.
        n_periods: usize,
    },
    /// Nobody found anything.
    #[error(
        "the estimator gave no answer in any of the roll-outs played: this schedule leaves nothing to compare"
    )]
    NoAnswer,
}

/// What playing told.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// How many roll-outs were played.
    pub n_panels: usize,
    /// One for each effect that was put in, in the order given.
    pub points: Vec<Point>,
    /// Effects x plays: whether it was found in that play.
    pub found: Vec<Vec<bool>>,
}

/// How often an effect was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The effect put in, in the outcome's unit.
    pub effect: f64,
    /// The share of roll-outs whose estimate was significant, either way.
    pub power: f64,
    /// The error of that share from having played so many and no more; never 0, since two found and two missed are added.
    /// Source: Agresti and Coull (1998), The American Statistician 52(2), 119-126.
    pub error: f64,
    /// The mean estimate.
    pub mean: f64,
    /// The share of roll-outs the estimator could say nothing about; they count as not found.
    pub silent: f64,
}

/// Plays the roll-out `n_panels` times with each of `effects`.
///
/// - `mechanism`: who gets a slot when; `&|chance| contest.play(chance)`, or any other rule.
/// - `estimator`: what the roll-out will be read with; `None` where it has no answer.
///
/// Each replicate draws its outcomes and its contest once, from its own stream of chance, and meets all effects with them:
/// so powers along `effects` differ by the effects, and hardly by chance. Misleads where the past will not be like the future.
pub fn simulate(
    simulation: &Simulation<'_>,
    effects: &[f64],
    mechanism: &(dyn Fn(&mut Chance) -> Played + Sync),
    estimator: &(dyn Fn(&Trial) -> Option<Estimate> + Sync),
) -> Result<Simulated, SimulationRefused> {
    if let History::Past(past) = simulation.history
        && past.n_units() != simulation.n_units
    {
        return Err(SimulationRefused::OtherUnits { past: past.n_units(), contest: simulation.n_units });
    }
    let n_periods = simulation.n_periods_made.max(simulation.timing.n_periods);
    let source = simulation.history.source(n_periods).ok_or(SimulationRefused::NoOutcomes { n_periods })?;
    let labels: Vec<String> = (0..simulation.n_units).map(|unit| unit.to_string()).collect();
    let found: Vec<Vec<Option<Estimate>>> = (0..simulation.n_panels as u64)
        .into_par_iter()
        .map(|replicate| {
            let mut chance = Chance::of(simulation.seed, replicate);
            let outcomes = source.make(simulation.n_units, n_periods, &mut chance);
            let made = Made { outcomes, played: mechanism(&mut chance) };
            let read =
                |effect: &f64| made.trial(simulation, &labels, *effect).and_then(|trial| estimator(&trial));
            effects.iter().map(read).collect()
        })
        .collect();
    let read: Vec<Vec<Option<&Estimate>>> =
        (0..effects.len()).map(|at| found.iter().map(|row| row[at].as_ref()).collect()).collect();
    let found: Vec<Vec<bool>> = read.iter().map(|answers| significant(answers, simulation.level)).collect();
    let points: Vec<Point> = effects
        .iter()
        .zip(read.iter().zip(&found))
        .map(|(effect, (answers, found))| point(*effect, answers, found))
        .collect();
    if points.iter().all(|point| point.silent == 1.0) {
        return Err(SimulationRefused::NoAnswer);
    }
    Ok(Simulated { n_panels: simulation.n_panels, points, found })
}

/// Play by play, whether the answer excludes 0. No answer finds nothing.
fn significant(answers: &[Option<&Estimate>], level: Level) -> Vec<bool> {
    let excludes =
        |answer: &&Estimate| answer.interval().is_some_and(|interval| interval.p < 1.0 - level.share());
    answers.iter().map(|answer| answer.as_ref().is_some_and(excludes)).collect()
}

fn point(effect: f64, answers: &[Option<&Estimate>], found: &[bool]) -> Point {
    let n = found.len() as f64;
    let n_found = found.iter().filter(|found| **found).count() as f64;
    let values: Vec<f64> = answers.iter().flatten().map(|answer| answer.value).collect();
    let n_answers = values.len() as f64;
    let drawn_in = (n_found + 2.0) / (n + 4.0);
    Point {
        effect,
        power: n_found / n,
        error: (drawn_in * (1.0 - drawn_in) / (n + 4.0)).sqrt(),
        mean: values.iter().sum::<f64>() / n_answers,
        silent: 1.0 - n_answers / n,
    }
}

/// One replicate before any effect.
struct Made {
    outcomes: Vec<f64>,
    played: Played,
}

impl Made {
    /// The roll-out with this effect; `None` if nothing at all was observed.
    fn trial(&self, simulation: &Simulation<'_>, labels: &[String], effect: f64) -> Option<Trial> {
        let timing = simulation.timing.clone();
        let mut builder = PanelBuilder::new();
        let looked_at = self.outcomes.iter().take(simulation.n_units * timing.n_periods);
        for (cell, outcome) in looked_at.enumerate().filter(|(_, y)| !y.is_nan()) {
            let (t, unit) = (cell / simulation.n_units, cell % simulation.n_units);
            let start = self.played.starts[unit].map(|wave| timing.starts[wave]);
            let share =
                start.and_then(|start| t.checked_sub(start)).map_or(0.0, |e| simulation.shape.share(e));
            let period = |t: usize| Period::Number(t as i64);
            let row = Row {
                line: cell as u64,
                unit: &labels[unit],
                period: period(t),
                outcome: outcome + effect * share,
                start: start.map(period),
            };
            builder.push(row).ok()?;
        }
        let panel = builder.finish(Unbalanced::Keep).ok()?;
        Some(Trial { panel, played: self.played.clone(), timing, level: simulation.level })
    }
}

impl Shape {
    /// The share of the whole effect that is there in the `exposure`-th period since the start, counted from 0.
    pub fn share(self, exposure: usize) -> f64 {
        match self {
            Shape::Constant => 1.0,
            Shape::Growing(n) => ((exposure + 1) as f64 / n.max(1) as f64).min(1.0),
            Shape::Fading(n) => (1.0 - exposure as f64 / n.max(1) as f64).max(0.0),
        }
    }
}
