//! Least squares in three columns at most.

/// Least squares in up to three columns, and the diagonal of the inverse of their products; a column of nothing gets 0.
/// By Gram and Schmidt, which keeps the digits that products would lose.
pub(super) fn solved(rows: &[[f64; 3]], wanted: &[f64]) -> Option<([f64; 3], [f64; 3])> {
    let n_columns = 3;
    let mut columns: Vec<Vec<f64>> =
        (0..n_columns).map(|at| rows.iter().map(|row| row[at]).collect()).collect();
    let lengths: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    let used: Vec<usize> = (0..n_columns).filter(|at| lengths[*at] > 0.0).collect();
    let mut triangle = [[0.0; 3]; 3];
    let mut left = wanted.to_vec();
    let mut along = [0.0; 3];
    for (nth, &at) in used.iter().enumerate() {
        for &before in &used[..nth] {
            // Twice: once is not enough for columns that are nearly the same.
            for _ in 0..2 {
                let shared = dot(&columns[before], &columns[at]);
                triangle[before][at] += shared;
                let other = columns[before].clone();
                columns[at].iter_mut().zip(other).for_each(|(value, other)| *value -= shared * other);
            }
        }
        let length = dot(&columns[at], &columns[at]).sqrt();
        if length <= 1e-12 * lengths[at] {
            return None;
        }
        columns[at].iter_mut().for_each(|value| *value /= length);
        triangle[at][at] = length;
        along[at] = dot(&columns[at], &left);
        let own = &columns[at];
        left.iter_mut().zip(own).for_each(|(value, own)| *value -= along[at] * own);
    }
    let back = |right: [f64; 3]| {
        let mut solution = [0.0; 3];
        for (nth, &at) in used.iter().enumerate().rev() {
            let rest: f64 = used[nth + 1..].iter().map(|later| triangle[at][*later] * solution[*later]).sum();
            solution[at] = (right[at] - rest) / triangle[at][at];
        }
        solution
    };
    let mut inverse = [0.0; 3];
    for &unit in &used {
        let mut right = [0.0; 3];
        right[unit] = 1.0;
        let column = back(right);
        used.iter().for_each(|at| inverse[*at] += column[*at] * column[*at]);
    }
    Some((back(along), inverse))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
