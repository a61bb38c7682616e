mod adjusted;
mod any_panel;
mod before_start;
mod cross_sections;
pub(super) mod dense;
mod drifting;
pub(in crate::effect) mod few_among_many;
mod invariants;
mod mixed_clusters;
mod recovery;
pub(super) mod reference;
mod scales;
mod special;
mod unequal;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::panel::{Beside, Panel, PanelBuilder, Period, Row, Unbalanced};

/// One observation of a made panel: unit, period, outcome, start.
pub(super) type Made = (String, i64, f64, Option<i64>);

pub(super) fn panel_of(rows: &[Made]) -> Panel {
    let mut builder = PanelBuilder::new();
    for (line, (unit, period, outcome, start)) in rows.iter().enumerate() {
        let (period, start) = (Period::Number(*period), start.map(Period::Number));
        builder.push(Row { line: line as u64, unit, period, outcome: *outcome, start }).unwrap();
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

/// What stands beside a row of a made panel.
#[derive(Clone, Default)]
pub(super) struct Besides {
    pub weight: Option<f64>,
    pub cluster: Option<String>,
    pub covariates: Vec<Option<f64>>,
}

pub(super) fn panel_with(rows: &[Made], names: &[&str], beside: impl Fn(&Made) -> Besides) -> Panel {
    let mut builder = PanelBuilder::with_covariates(names);
    for (line, row) in rows.iter().enumerate() {
        let made = beside(row);
        let (unit, period, outcome, start) = row;
        let (period, start) = (Period::Number(*period), start.map(Period::Number));
        let row = Row { line: line as u64, unit, period, outcome: *outcome, start };
        let beside = Beside {
            weight: made.weight,
            cluster: made.cluster.as_deref(),
            treated: None,
            covariates: &made.covariates,
        };
        builder.push_beside(row, &beside).unwrap();
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

/// A roll-out of known effect.
#[derive(Clone)]
pub(super) struct RollOut {
    /// Start and number of its units; `None` for those that never start.
    pub starts: Vec<(Option<i64>, usize)>,
    pub n_periods: i64,
    /// The effect from the start on.
    pub effect: f64,
}

impl RollOut {
    /// Outcome = level of the unit + trend of all + effect + noise that drifts (each period keeps half the last).
    pub fn play(&self, seed: u64) -> Vec<Made> {
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut normal = || {
            let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
            (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
        };
        let mut rows = Vec::new();
        for (group, (start, n)) in self.starts.iter().enumerate() {
            for i in 0..*n {
                let level = 10.0 + 3.0 * normal();
                let mut drift = normal();
                for period in 1..=self.n_periods {
                    drift = 0.5 * drift + normal();
                    let on = start.is_some_and(|start| period >= start);
                    let outcome = level + 0.3 * period as f64 + if on { self.effect } else { 0.0 } + drift;
                    rows.push((format!("{group}-{i}"), period, outcome, *start));
                }
            }
        }
        rows
    }
}

pub(super) fn small() -> RollOut {
    RollOut { starts: vec![(Some(3), 4), (Some(4), 3), (Some(6), 5), (None, 6)], n_periods: 6, effect: 2.0 }
}

/// All numbers of an analysis: effects and summaries with their errors, in order.
fn numbers(panel: &Panel, settings: &Settings) -> Vec<f64> {
    let found = group_time(panel, settings).unwrap();
    let mut all = Vec::new();
    let mut add = |estimate: &crate::uncertainty::Estimate| {
        let interval = estimate.interval();
        all.extend([estimate.value, interval.map_or(-1.0, |i| i.se), interval.map_or(-1.0, |i| i.low)]);
    };
    found.cells.iter().for_each(|cell| add(&cell.effect));
    add(&simple(&found));
    for summary in [by_start(&found), by_period(&found)] {
        add(&summary.overall);
        summary.each.iter().for_each(|part| add(&part.effect));
    }
    let exposure = by_exposure(&found);
    add(&exposure.overall);
    exposure.each.iter().for_each(|part| add(&part.effect));
    all
}

const BOTH: [Compare; 2] = [Compare::Never, Compare::NotYet];

/// Outcomes of size 10 carry 1e-15 each; sums over some hundred of them stay below 1e-10.
#[track_caller]
pub(super) fn same(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-10 * (1.0 + a.abs()), "{a} is not {b}");
    }
}
