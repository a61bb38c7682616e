//! What each draw makes of every column: sums of multiplied influences over the number of units.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Side};
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::Draws;
use crate::effect::GroupTime;
use crate::effect::cell::Covariates;
use crate::effect::group_time::Route;
use crate::effect::plan::pairs;
use crate::effect::rows::Rows;
use crate::effect::scatter::Group;
use crate::effect::stream::fit;
use crate::panel::Panel;
use crate::uncertainty::permutation::generator;
use crate::uncertainty::{Gram, Kind, MANY_UNITS, Part};

/// Draws that are taken together in one product of matrices. It fixes the order of all sums, so that they do not depend
/// on the number of cores.
const CHUNK: usize = 96;

/// Rows that are multiplied together.
const ROWS: usize = 256;

/// Draws by columns: the cells, then the cohorts' shares.
pub(super) fn columns(panel: &Panel, effects: &GroupTime, draws: &Draws) -> Mat<f64> {
    let n_columns = effects.cells.len() + effects.sample.cohorts.len();
    let chunks: Vec<Mat<f64>> = (0..draws.n.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut chances: Vec<Xoshiro256PlusPlus> = (chunk * CHUNK..draws.n.min((chunk + 1) * CHUNK))
                .map(|draw| generator(draws.seed, draw as u64))
                .collect();
            let mut sums = match effects.route {
                Route::Plain => plain(panel, effects, draws, &mut chances),
                Route::Streamed => streamed(panel, effects, draws, &mut chances),
            };
            borrowed(effects, &mut chances, &mut sums);
            sums
        })
        .collect();
    let n = effects.moments().n_units();
    let mut all = Mat::zeros(draws.n, n_columns);
    for (chunk, sums) in chunks.iter().enumerate() {
        for column in 0..n_columns {
            let into = &mut all.col_as_slice_mut(column)[chunk * CHUNK..][..sums.nrows()];
            into.iter_mut().zip(sums.col_as_slice(column)).for_each(|(into, sum)| *into = sum / n);
        }
    }
    all
}

/// Sums of features, start by start, and what the columns take of them.
fn plain(panel: &Panel, effects: &GroupTime, draws: &Draws, chances: &mut [Xoshiro256PlusPlus]) -> Mat<f64> {
    let n_features = panel.periods().len() + 1;
    let mut multipliers = Mat::<f64>::zeros(ROWS, chances.len());
    let mut columns = Mat::zeros(chances.len(), effects.moments().columns().len());
    for (part, group) in Group::all(panel, &effects.sample).iter().enumerate() {
        let mut sums = Mat::<f64>::zeros(chances.len(), n_features);
        group.for_each_block(panel, &effects.sample, |block| {
            draws.multiplier.fill(chances, &mut multipliers, block.nrows());
            let own = multipliers.get(..block.nrows(), ..);
            matmul(sums.as_mut(), Accum::Add, own.transpose(), block, 1.0, Par::Seq);
        });
        take(effects, part, sums.as_ref(), &mut columns);
    }
    columns
}

/// Adds to the columns what they take of a part's features.
fn take(effects: &GroupTime, part: usize, sums: MatRef<'_, f64>, columns: &mut Mat<f64>) {
    for (column, entries) in effects.moments().columns().iter().enumerate() {
        for entry in entries.iter().filter(|entry| entry.part == part) {
            let into = columns.col_as_slice_mut(column);
            let sums = sums.col(entry.feature).iter();
            into.iter_mut().zip(sums).for_each(|(into, sum)| *into += entry.coefficient * sum);
        }
    }
}

/// Sums of influences, block by block.
fn streamed(
    panel: &Panel,
    effects: &GroupTime,
    draws: &Draws,
    chances: &mut [Xoshiro256PlusPlus],
) -> Mat<f64> {
    let covariates = Covariates::of(panel, &effects.sample);
    let pairs = pairs(panel, &effects.sample, &effects.settings);
    let (_, fitted) = fit(panel, &effects.sample, &covariates, &effects.settings, &pairs);
    let rows = Rows::of(panel, &effects.sample, &covariates, &fitted);
    // With few clusters a row is a cluster's units of one start, and rows of one cluster share their multiplier.
    let shared = rows.held().filter(|_| rows.n_independent() < MANY_UNITS).map(|(held, n_clusters)| {
        let mut of_clusters = Mat::<f64>::zeros(n_clusters, chances.len());
        draws.multiplier.fill(chances, &mut of_clusters, n_clusters);
        (held, of_clusters)
    });
    let mut sums = Mat::<f64>::zeros(chances.len(), effects.moments().columns().len());
    let mut multipliers = Mat::<f64>::zeros(ROWS, chances.len());
    rows.for_each_block(|first, columns, values| {
        match &shared {
            None => draws.multiplier.fill(chances, &mut multipliers, values.nrows()),
            Some((held, of_clusters)) => {
                for draw in 0..chances.len() {
                    let own = &mut multipliers.col_as_slice_mut(draw)[..values.nrows()];
                    let clusters = of_clusters.col_as_slice(draw);
                    own.iter_mut().zip(&held[first..]).for_each(|(own, row)| *own = clusters[row.cluster]);
                }
            }
        }
        let own = multipliers.get(..values.nrows(), ..);
        let mut some = Mat::<f64>::zeros(chances.len(), columns.len());
        matmul(some.as_mut(), Accum::Replace, own.transpose(), values, 1.0, Par::Seq);
        for (local, &column) in columns.iter().enumerate() {
            let into = sums.col_as_slice_mut(column);
            into.iter_mut().zip(some.col_as_slice(local)).for_each(|(into, sum)| *into += sum);
        }
    });
    sums
}

/// Adds what lone units borrow: normal numbers with the moments of what was lent.
fn borrowed(effects: &GroupTime, chances: &mut [Xoshiro256PlusPlus], sums: &mut Mat<f64>) {
    for (part, lent) in effects.moments().parts().iter().enumerate() {
        if lent.kind != Kind::Borrowed || lent.n_features == 0 {
            continue;
        }
        let root = root(lent);
        let mut features = Mat::<f64>::zeros(chances.len(), lent.n_features);
        for (draw, chance) in chances.iter_mut().enumerate() {
            let drawn: Vec<f64> = (0..lent.n_features).map(|_| normal(chance)).collect();
            for feature in 0..lent.n_features {
                features[(draw, feature)] = match &root {
                    Some(root) => (0..=feature).map(|k| root[(feature, k)] * drawn[k]).sum(),
                    None => drawn[feature],
                };
            }
        }
        take(effects, part, features.as_ref(), sums);
    }
}

/// The lower root of a part's matrix; `None` where it is that of independent features.
fn root(part: &Part) -> Option<Mat<f64>> {
    let Gram::Full(gram) = &part.gram else { return None };
    let n = part.n_features;
    // Numbers that repeat one another have no root; a trace of noise, far below what is drawn, gives them one.
    let most = (0..n).map(|k| gram[k * n + k]).fold(0.0, f64::max);
    let jittered =
        Mat::<f64>::from_fn(n, n, |i, j| gram[i * n + j] + if i == j { 1e-10 * most } else { 0.0 });
    jittered.llt(Side::Lower).ok().map(|root| root.L().to_owned())
}

/// A normal number. Source: Box and Muller (1958), Annals of Mathematical Statistics 29(2), 610-611.
fn normal(chance: &mut Xoshiro256PlusPlus) -> f64 {
    let (radius, angle): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(std::f64::consts::TAU * angle)
}
