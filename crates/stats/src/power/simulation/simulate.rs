//! Power by playing: how often the estimator finds an effect that was put in.

use rayon::prelude::*;

use super::history::Source;
use super::{Chance, History, Played};
use crate::panel::{Panel, PanelBuilder, Period, Row, Unbalanced};
use crate::power::{Share, Timing};
use crate::uncertainty::{Estimate, Level};

/// How an effect unfolds since a unit's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All of it at once, and it stays.
    Constant,
    /// In equal steps, all of it from the given number of periods on.
    Growing(usize),
}

/// What is to be played.
#[derive(Clone, Copy, Debug)]
pub struct Simulation<'a> {
    /// How many units.
    pub n_units: usize,
    /// When the waves start.
    pub timing: &'a Timing,
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
}

/// How often an effect was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The effect put in, in the outcome's unit.
    pub effect: f64,
    /// The share of roll-outs whose estimate was significant, either way.
    pub power: f64,
    /// The error of that share from having played so many and no more.
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
    let n_periods = simulation.timing.n_periods;
    let source = simulation.history.source(n_periods).ok_or(SimulationRefused::NoOutcomes { n_periods })?;
    let labels: Vec<String> = (0..simulation.n_units).map(|unit| unit.to_string()).collect();
    let found: Vec<Vec<Option<Estimate>>> = (0..simulation.n_panels as u64)
        .into_par_iter()
        .map(|replicate| {
            let mut chance = Chance::of(simulation.seed, replicate);
            let made = Made::of(simulation, &source, mechanism, &mut chance);
            let read =
                |effect: &f64| made.trial(simulation, &labels, *effect).and_then(|trial| estimator(&trial));
            effects.iter().map(read).collect()
        })
        .collect();
    let points: Vec<Point> =
        effects.iter().enumerate().map(|(at, effect)| point(*effect, &found, at, simulation.level)).collect();
    if points.iter().all(|point| point.silent == 1.0) {
        return Err(SimulationRefused::NoAnswer);
    }
    Ok(Simulated { n_panels: simulation.n_panels, points })
}

fn point(effect: f64, found: &[Vec<Option<Estimate>>], at: usize, level: Level) -> Point {
    let answers: Vec<&Estimate> = found.iter().filter_map(|row| row[at].as_ref()).collect();
    let significant = answers
        .iter()
        .filter(|answer| answer.interval().is_some_and(|interval| interval.p < 1.0 - level.share()));
    let n = found.len() as f64;
    let power = significant.count() as f64 / n;
    Point {
        effect,
        power,
        error: (power * (1.0 - power) / n).sqrt(),
        mean: answers.iter().map(|answer| answer.value).sum::<f64>() / answers.len() as f64,
        silent: 1.0 - answers.len() as f64 / n,
    }
}

/// One replicate before any effect.
struct Made {
    outcomes: Vec<f64>,
    played: Played,
}

impl Made {
    fn of(
        simulation: &Simulation<'_>,
        source: &Source<'_>,
        mechanism: &(dyn Fn(&mut Chance) -> Played + Sync),
        chance: &mut Chance,
    ) -> Self {
        let outcomes = source.make(simulation.n_units, simulation.timing.n_periods, chance);
        Made { outcomes, played: mechanism(chance) }
    }

    /// The roll-out with this effect; `None` if nothing at all was observed.
    fn trial(&self, simulation: &Simulation<'_>, labels: &[String], effect: f64) -> Option<Trial> {
        let timing = simulation.timing.clone();
        let mut builder = PanelBuilder::new();
        for (cell, outcome) in self.outcomes.iter().enumerate().filter(|(_, y)| !y.is_nan()) {
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
        }
    }
}

impl Simulated {
    /// The smallest effect found with probability `power`, and its error from the number of roll-outs played.
    ///
    /// Read off the straight line between the two points it lies between, which must ascend; `None` if it lies beyond them.
    pub fn smallest_effect(&self, power: Share) -> Option<(f64, f64)> {
        let pair = self
            .points
            .windows(2)
            .find(|pair| pair[0].power < power.share() && pair[1].power >= power.share())?;
        let slope = (pair[1].power - pair[0].power) / (pair[1].effect - pair[0].effect);
        let effect = pair[0].effect + (power.share() - pair[0].power) / slope;
        Some((effect, pair[0].error.max(pair[1].error) / slope.abs()))
    }
}
