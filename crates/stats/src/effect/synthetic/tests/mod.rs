mod invariants;
mod recovery;
mod reference;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::panel::{PanelBuilder, Row, Unbalanced};

/// Series with their starts: label, start, outcomes by period from 1 on; NaN where nothing was observed.
type Made = Vec<(String, Option<i64>, Vec<f64>)>;

fn panel_of(made: &Made) -> Panel {
    let mut builder = PanelBuilder::new();
    for (unit, start, outcomes) in made {
        for (t, &outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| !outcome.is_nan()) {
            let (period, start) = (Period::Number(t as i64 + 1), start.map(Period::Number));
            builder.push(Row { line: t as u64, unit, period, outcome, start }).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

/// Two common movements, to which each unit answers more or less strongly, and noise of 1.
struct World {
    starts: Vec<i64>,
    n_donors: usize,
    n_periods: usize,
    effect: f64,
}

impl World {
    fn play(&self, seed: u64) -> Made {
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut normal = || {
            let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
            (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
        };
        let mut common = |share: f64| {
            let mut at = 0.0;
            (0..self.n_periods)
                .map(|_| {
                    at = share * at + normal();
                    at
                })
                .collect::<Vec<f64>>()
        };
        let (one, other) = (common(1.0), common(0.7));
        let starts = self.starts.iter().map(|start| Some(*start)).chain((0..self.n_donors).map(|_| None));
        let mut made = Made::new();
        for (unit, start) in starts.enumerate() {
            let (level, a, b) = (20.0 + 3.0 * normal(), 1.0 + 0.5 * normal(), normal());
            let outcome = |t: usize, noise: f64| {
                let on = start.is_some_and(|start| t as i64 + 1 >= start);
                level + a * one[t] + b * other[t] + noise + if on { self.effect } else { 0.0 }
            };
            let outcomes = (0..self.n_periods).map(|t| outcome(t, normal())).collect();
            made.push((format!("unit {unit}"), start, outcomes));
        }
        made
    }
}

const TWINS: [Twin; 2] = [Twin::DifferenceInDifferences, Twin::Control];

fn exact(twin: Twin) -> SyntheticSettings {
    SyntheticSettings { twin, solver: Solver::Exact, ..SyntheticSettings::default() }
}
