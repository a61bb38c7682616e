//! Whether those who answered agree: r_wg(J) against answers spread evenly over the scale.

/// Steps of the answer scale: 1 to 5.
const N_STEPS: f64 = 5.0;

/// Agreement of raters on a scale of `J` items, 0 (no better than chance) to 1 (all say the same).
///
/// `r_wg(J) = J (1 - v/s) / (J (1 - v/s) + v/s)`, with `v` the mean of the items' sample variances and
/// `s = (5^2 - 1) / 12 = 2` the variance of answers spread evenly over five steps; 0 where `v > s`.
///
/// - `variances`: one sample variance (divisor n - 1) per item.
///
/// Assumes that without agreement all five answers were equally likely. Misleads where people shun the ends of the
/// scale: then chance agrees too, and the value is too high.
/// Source: James, Demaree and Wolf (1984), J. Applied Psychology 69(1), 85-98, equations 1 and 3.
pub fn within_group_agreement(variances: &[f64]) -> f64 {
    if variances.is_empty() {
        return 0.0;
    }
    let n_items = variances.len() as f64;
    let even = (N_STEPS * N_STEPS - 1.0) / 12.0;
    let unlike = (variances.iter().sum::<f64>() / n_items / even).min(1.0);
    let alike = n_items * (1.0 - unlike);
    alike / (alike + unlike)
}

/// Mean and sample variance of the answers 1 to 5, chosen `counts` times each.
pub fn moments(counts: [usize; 5]) -> (f64, f64) {
    let n = counts.iter().sum::<usize>() as f64;
    let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
        counts.iter().zip(1_u8..).map(|(count, answer)| *count as f64 * of(f64::from(answer))).sum()
    };
    let mean = sum(&|answer| answer) / n;
    let variance = sum(&|answer| (answer - mean).powi(2)) / (n - 1.0);
    (mean, variance)
}
