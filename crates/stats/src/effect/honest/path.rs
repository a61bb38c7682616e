//! The lasso's path: for every price on the absolute sum of some numbers, the numbers of least cost.

use faer::Mat;
use faer::prelude::Solve;

/// From no number used to none held back: points joined by straight pieces.
#[derive(Clone, Debug)]
pub(super) struct Path {
    points: Vec<Vec<f64>>,
}

/// A straight piece of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    from: &'a [f64],
    to: &'a [f64],
}

impl Path {
    /// The pieces in order; one without length if nothing can be used.
    pub(super) fn pieces(&self) -> Vec<Piece<'_>> {
        let pieces: Vec<Piece<'_>> =
            self.points.windows(2).map(|pair| Piece { from: &pair[0], to: &pair[1] }).collect();
        if pieces.is_empty() { vec![Piece { from: &self.points[0], to: &self.points[0] }] } else { pieces }
    }
}

impl Piece<'_> {
    /// The point at a share of the piece, 0 its beginning.
    pub(super) fn at(&self, share: f64) -> Vec<f64> {
        self.from.iter().zip(self.to).map(|(from, to)| from + share * (to - from)).collect()
    }
}

/// The path of least u' squares u / 2 + linear' u + price x absolute sum of u, over falling prices.
///
/// - `squares`: positive definite.
///
/// At every price, numbers in use have a gradient of minus the price times their sign, the others a smaller one. Both
/// change along straight lines until a number enters or leaves.
/// Source: Efron, Hastie, Johnstone and Tibshirani (2004), Ann. Stat. 32(2), 407-499, section 3.1.
pub(super) fn path(squares: Vec<Vec<f64>>, linear: &[f64]) -> Path {
    let n = linear.len();
    let mut price = linear.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
    let mut points = vec![vec![0.0; n]];
    let mut used: Vec<(usize, f64)> = Vec::new();
    let first = (0..n).find(|&j| linear[j].abs() >= price && price > 0.0);
    used.extend(first.map(|j| (j, -linear[j].signum())));
    // Each piece lets one number in or out; the paths seen in practice have hardly more pieces than numbers.
    for _ in 0..50 * (n + 1) {
        if used.is_empty() || price <= 0.0 {
            break;
        }
        let (still, moving) = line(&squares, linear, &used);
        let below = price * (1.0 - 1e-12);
        let mut next: (f64, Option<Change>) = (0.0, None);
        let mut consider = |at: f64, change: Change| {
            if at < below && at > next.0 {
                next = (at, Some(change));
            }
        };
        for (k, &(j, _)) in used.iter().enumerate() {
            consider(-still[k] / moving[k], Change::Leaves(j));
        }
        for j in (0..n).filter(|j| used.iter().all(|(other, _)| other != j)) {
            let over = |by: &[f64]| used.iter().zip(by).map(|((k, _), u)| squares[j][*k] * u).sum::<f64>();
            let (fixed, rate) = (linear[j] + over(&still), over(&moving));
            consider(fixed / (1.0 - rate), Change::Enters(j, -1.0));
            consider(-fixed / (1.0 + rate), Change::Enters(j, 1.0));
        }
        price = next.0;
        let mut point = vec![0.0; n];
        used.iter().enumerate().for_each(|(k, (j, _))| point[*j] = still[k] + price * moving[k]);
        match next.1 {
            Some(Change::Leaves(j)) => {
                point[j] = 0.0;
                used.retain(|(other, _)| *other != j);
            }
            Some(Change::Enters(j, sign)) => used.push((j, sign)),
            None => {}
        }
        points.push(point);
    }
    Path { points }
}

#[derive(Clone, Copy)]
enum Change {
    Leaves(usize),
    Enters(usize, f64),
}

/// Numbers in use as a line over the price: what they are at 0, and how they change with it.
fn line(squares: &[Vec<f64>], linear: &[f64], used: &[(usize, f64)]) -> (Vec<f64>, Vec<f64>) {
    let n = used.len();
    let matrix = Mat::<f64>::from_fn(n, n, |a, b| squares[used[a].0][used[b].0]);
    let right = Mat::<f64>::from_fn(n, 2, |a, k| if k == 0 { -linear[used[a].0] } else { -used[a].1 });
    let solved = matrix.full_piv_lu().solve(&right);
    let column = |k: usize| (0..n).map(|a| solved[(a, k)]).collect::<Vec<f64>>();
    (column(0), column(1))
}
