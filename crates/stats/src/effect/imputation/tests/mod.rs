mod brute;
mod few;
mod reference;
mod special;

use super::*;
use crate::effect::tests::{Made, RollOut, panel_of, same};

fn plain(rows: &[Made]) -> Imputation {
    imputation(&panel_of(rows), &ImputationSettings::default()).unwrap()
}

fn small() -> RollOut {
    RollOut { starts: vec![(Some(3), 4), (Some(4), 3), (Some(6), 5), (None, 6)], n_periods: 6, effect: 2.0 }
}

/// All numbers of an analysis, with their errors.
fn numbers(found: &Imputation) -> Vec<f64> {
    let cells = found.cells.iter().map(|cell| &cell.effect);
    let exposures = found.by_exposure.each.iter().chain(&found.leads).map(|part| &part.effect);
    let dated = found.by_start.each.iter().chain(&found.by_period.each).map(|part| &part.effect);
    let overall =
        [&found.overall, &found.by_start.overall, &found.by_period.overall, &found.by_exposure.overall];
    cells
        .chain(exposures)
        .chain(dated)
        .chain(overall)
        .flat_map(|estimate| {
            let interval = estimate.interval();
            [estimate.value, interval.map_or(-1.0, |i| i.se), interval.map_or(-1.0, |i| i.low)]
        })
        .collect()
}
