//! The period effects that remain once unit effects are taken out.

use faer::linalg::solvers::{Lblt, Solve};
use faer::{Mat, Side};

/// The least-squares problem of unit and period effects on some cells, solved once for any outcome.
///
/// Periods hang together if some unit was seen in both, or a chain of them: only within such a component are
/// effects comparable. The first period of each component has effect 0.
#[derive(Clone, Debug)]
pub(crate) struct UnitPeriod {
    /// By period; `None` where no unit has a cell.
    components: Vec<Option<usize>>,
    /// Periods whose effects are not 0 by definition, ascending.
    free: Vec<usize>,
    factor: Option<Lblt<f64>>,
}

impl UnitPeriod {
    /// The problem on the cells of some patterns.
    ///
    /// - `cells`: by pattern, whether each period is used, and the sum of its units' weights, above 0.
    pub fn of<'a>(n_periods: usize, cells: impl Iterator<Item = (&'a [bool], f64)>) -> Self {
        let mut parents: Vec<usize> = (0..n_periods).collect();
        let mut normal = Mat::<f64>::zeros(n_periods, n_periods);
        let mut there = vec![false; n_periods];
        for (used, weight) in cells {
            let places: Vec<usize> = (0..n_periods).filter(|&t| used[t]).collect();
            let less = weight / places.len() as f64;
            for &t in &places {
                there[t] = true;
                join(&mut parents, places[0], t);
                normal[(t, t)] += weight;
                places.iter().for_each(|&s| normal[(s, t)] -= less);
            }
        }
        let roots: Vec<usize> = (0..n_periods).map(|t| root(&mut parents, t)).collect();
        let components: Vec<Option<usize>> = (0..n_periods).map(|t| there[t].then_some(roots[t])).collect();
        // The root of a component is its first period.
        let free: Vec<usize> = (0..n_periods).filter(|&t| there[t] && roots[t] != t).collect();
        let n_free = free.len();
        let factor = (n_free > 0)
            .then(|| Mat::from_fn(n_free, n_free, |i, j| normal[(free[i], free[j])]).lblt(Side::Lower));
        UnitPeriod { components, free, factor }
    }

    /// The component of a period; `None` where no unit has a cell.
    pub fn component(&self, period: usize) -> Option<usize> {
        self.components[period]
    }

    /// How many numbers period effects take beside unit effects.
    pub fn rank(&self) -> usize {
        self.free.len()
    }

    /// The period effects for sums by period of an outcome less its units' means; one problem a column, in place.
    pub fn solve(&self, sums: &mut Mat<f64>) {
        let (n_free, n_columns) = (self.free.len(), sums.ncols());
        let mut free = Mat::from_fn(n_free, n_columns, |i, k| sums[(self.free[i], k)]);
        if let Some(factor) = &self.factor {
            factor.solve_in_place(free.as_mut());
        }
        sums.fill(0.0);
        for (i, &t) in self.free.iter().enumerate() {
            (0..n_columns).for_each(|k| sums[(t, k)] = free[(i, k)]);
        }
    }

    /// [`solve`](Self::solve) for one outcome.
    pub fn solve_one(&self, sums: &[f64]) -> Vec<f64> {
        let mut column = Mat::from_fn(sums.len(), 1, |t, _| sums[t]);
        self.solve(&mut column);
        (0..sums.len()).map(|t| column[(t, 0)]).collect()
    }
}

fn root(parents: &mut [usize], mut t: usize) -> usize {
    while parents[t] != t {
        parents[t] = parents[parents[t]];
        t = parents[t];
    }
    t
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b)] = a.min(b);
}
