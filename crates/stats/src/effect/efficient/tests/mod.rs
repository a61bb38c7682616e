//! The efficient estimator: its reference, invariants, special cases, brute force and recovery.

mod few;
mod invariants;
mod permuted;
mod recovery;
mod reference;

use super::super::tests::{Made, RollOut, panel_of, same};
use super::*;

/// All numbers of an analysis: effects and summaries with their errors, in order.
fn numbers(panel: &Panel, settings: &EfficientSettings) -> Vec<f64> {
    let found = efficient(panel, settings).unwrap();
    let mut all = Vec::new();
    let mut add = |part: &Sharpened| {
        let interval = part.effect.interval();
        all.extend([part.effect.value, part.se_neyman.unwrap_or(-1.0)]);
        all.extend([interval.map_or(-1.0, |i| i.se), interval.map_or(-1.0, |i| i.low)]);
    };
    found.cells.iter().for_each(|cell| add(&cell.sharpened));
    add(&found.simple);
    for summary in [&found.by_start, &found.by_period] {
        add(&summary.overall);
        summary.each.iter().for_each(|(_, part)| add(part));
    }
    add(&found.by_exposure.overall);
    found.by_exposure.each.iter().for_each(|(_, part)| add(part));
    all
}

fn settings(beta: Beta, compare: Compare) -> EfficientSettings {
    EfficientSettings { beta, compare, ..EfficientSettings::default() }
}

const BETAS: [Beta; 3] = [Beta::Best, Beta::Zero, Beta::One];
const BOTH: [Compare; 2] = [Compare::Never, Compare::NotYet];

fn small() -> RollOut {
    RollOut { starts: vec![(Some(3), 4), (Some(4), 3), (Some(6), 5), (None, 6)], n_periods: 7, effect: 2.0 }
}
