//! Regressors that units of one pattern share, with unit and period effects taken out.

use faer::Mat;

use super::UnitPeriod;

/// Takes unit and period effects out of `designs`.
///
/// - `cells`: by pattern, whether each period is used, and the sum of its units' weights.
/// - `designs`: by pattern, periods x `n_columns`, row by row; 0 where not used, before and after.
pub(crate) fn take_effects(
    problem: &UnitPeriod,
    cells: &[(&[bool], f64)],
    designs: &mut [Vec<f64>],
    n_columns: usize,
) {
    let Some((first, _)) = cells.first().filter(|_| n_columns > 0) else { return };
    let mut sums = Mat::<f64>::zeros(first.len(), n_columns);
    for ((used, weight), design) in cells.iter().zip(&mut *designs) {
        less_means(used, n_columns, design);
        for (t, row) in design.chunks_exact(n_columns).enumerate() {
            row.iter().enumerate().for_each(|(k, x)| sums[(t, k)] += weight * x);
        }
    }
    problem.solve(&mut sums);
    for ((used, _), design) in cells.iter().zip(designs) {
        for (t, row) in design.chunks_exact_mut(n_columns).enumerate().filter(|(t, _)| used[*t]) {
            row.iter_mut().enumerate().for_each(|(k, x)| *x -= sums[(t, k)]);
        }
        less_means(used, n_columns, design);
    }
}

/// Takes the mean over used periods from each column.
fn less_means(used: &[bool], n_columns: usize, design: &mut [f64]) {
    let n = used.iter().filter(|used| **used).count() as f64;
    let mut means = vec![0.0; n_columns];
    for row in design.chunks_exact(n_columns) {
        means.iter_mut().zip(row).for_each(|(mean, x)| *mean += x / n);
    }
    for (row, _) in design.chunks_exact_mut(n_columns).zip(used).filter(|(_, used)| **used) {
        row.iter_mut().zip(&means).for_each(|(x, mean)| *x -= mean);
    }
}
