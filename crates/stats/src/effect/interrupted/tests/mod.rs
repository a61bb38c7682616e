mod invariants;
mod recovery;
mod seasonal;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::panel::{PanelBuilder, Row, Unbalanced};

/// Series with their starts: label, start, outcomes by period from 1 on; NaN where nothing was observed.
pub(super) type Made = Vec<(String, Option<i64>, Vec<f64>)>;

pub(super) fn panel_of(made: &Made) -> Panel {
    let mut builder = PanelBuilder::new();
    for (unit, start, outcomes) in made {
        for (t, &outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| !outcome.is_nan()) {
            let (period, start) = (Period::Number(t as i64 + 1), start.map(Period::Number));
            builder.push(Row { line: t as u64, unit, period, outcome, start }).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

/// A line that breaks, with deviations of variance 1 each of which keeps a share of the last.
#[derive(Clone)]
pub(super) struct World {
    pub n_before: usize,
    pub n_after: usize,
    pub kept: f64,
    pub step: f64,
    pub bend: f64,
}

impl Default for World {
    fn default() -> Self {
        World { n_before: 24, n_after: 12, kept: 0.4, step: 3.0, bend: 0.5 }
    }
}

impl World {
    pub fn play(&self, seed: u64) -> Made {
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut normal = || {
            let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
            (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
        };
        let mut off = normal();
        let outcomes = (0..self.n_before + self.n_after).map(|t| {
            if t > 0 {
                off = self.kept * off + (1.0 - self.kept.powi(2)).sqrt() * normal();
            }
            let effect =
                t.checked_sub(self.n_before).map_or(0.0, |after| self.step + self.bend * after as f64);
            10.0 + 0.2 * t as f64 + effect + off
        });
        vec![("lone".into(), Some(self.n_before as i64 + 1), outcomes.collect())]
    }

    /// The mean effect over the periods from the start on.
    pub fn mean_effect(&self) -> f64 {
        self.step + self.bend * (self.n_after as f64 - 1.0) / 2.0
    }
}
