//! Draws as experiments: the worked example, invariants, special cases, and recovery by the mechanism itself.

mod before;
mod design;
mod example;
mod invariants;
mod permuted;
mod reach;
mod recovery;
mod sharper;
mod users;

use super::super::tests::{Made, panel_of};
use super::*;
use crate::panel::Panel;

fn number(period: i64) -> Period {
    Period::Number(period)
}

fn tier(band: i64) -> Tier {
    Tier { band, layer: 0 }
}

fn open(unit: usize, band: i64, lot: Lot) -> Entrant {
    Entrant { unit: Some(unit), tier: tier(band), admission: Admission::Open, lot, probability: None }
}

/// The lists of a pool in which everybody contends until served: `bands` and `starts` by row, waves at `waves`.
fn lists(bands: &[i64], starts: &[Option<i64>], waves: &[i64]) -> Vec<Wave> {
    let contends = |row: &usize, at: i64| starts[*row].is_none_or(|start| start >= at);
    let entrant = |row: usize, at: i64| {
        open(row, bands[row], if starts[row] == Some(at) { Lot::Won } else { Lot::Lost })
    };
    waves
        .iter()
        .map(|&at| Wave {
            at: number(at),
            entrants: (0..bands.len()).filter(|row| contends(row, at)).map(|row| entrant(row, at)).collect(),
            until: None,
        })
        .collect()
}

/// A panel of `outcomes`, units x periods from 0 on.
fn panel(outcomes: &[Vec<f64>]) -> Panel {
    let rows = outcomes.iter().enumerate().flat_map(|(unit, outcomes)| {
        (0..).zip(outcomes).map(move |(t, y)| (format!("unit {unit:03}"), t, *y, None::<i64>))
    });
    panel_of(&rows.collect::<Vec<Made>>())
}

fn settings(beta: Beta, weights: SetWeights) -> RiskSetSettings {
    RiskSetSettings {
        beta,
        best_of: BestOf::EachSide,
        weights,
        baseline: Baseline::BeforeFirst,
        ..RiskSetSettings::default()
    }
}

/// Every way to take off what differed before.
fn ways() -> [RiskSetSettings; 5] {
    let plain = RiskSetSettings::change_since_last();
    [
        RiskSetSettings { beta: Beta::Zero, ..plain },
        plain,
        RiskSetSettings { beta: Beta::Best, best_of: BestOf::EachSide, ..plain },
        RiskSetSettings { beta: Beta::Best, ..plain },
        RiskSetSettings::default(),
    ]
}

const WEIGHTS: [(SetWeights, &str); 3] =
    [(SetWeights::AtRisk, "ate"), (SetWeights::Winners, "att"), (SetWeights::Regression, "regression")];
