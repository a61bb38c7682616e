//! Known effects are found, and their intervals hold them as often as they say.

use super::*;

/// The share of 95 % intervals of the overall effect that hold the truth, the mean estimate and its error.
fn coverage(starts: &[(Option<i64>, usize)], n_panels: u64) -> (f64, f64, f64) {
    let rollout = RollOut { starts: starts.to_vec(), n_periods: 6, effect: 2.0 };
    let (mut held, mut values) = (0, Vec::new());
    for panel in 0..n_panels {
        let estimate = plain(&rollout.play(1_100_000 + panel)).overall;
        let interval = estimate.interval().unwrap();
        held += usize::from(interval.low <= 2.0 && 2.0 <= interval.high);
        values.push(estimate.value);
    }
    let n = n_panels as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    (held as f64 / n, mean, sd / n.sqrt())
}

/// The figures of docs/methods/few-units.md; 500 panels each, so 4 Monte Carlo errors are 0.04. Too long is allowed
/// with a handful of units a start.
#[test]
fn with_few_units_intervals_hold_at_least_as_often_as_they_say() {
    let cases: [&[(Option<i64>, usize)]; 4] = [
        &[(Some(3), 2), (Some(5), 2), (None, 4)],
        &[(Some(3), 3), (Some(4), 3), (Some(5), 2), (None, 4)],
        &[(Some(3), 5), (Some(4), 5), (Some(5), 4), (None, 6)],
        &[(Some(3), 10), (Some(4), 10), (Some(5), 8), (None, 12)],
    ];
    for starts in cases {
        let (held, mean, error) = coverage(starts, 500);
        let n: usize = starts.iter().map(|(_, n)| n).sum();
        println!("imputation, {n} units: coverage {held:.3}");
        assert!((mean - 2.0).abs() <= 4.0 * error, "{mean} +- {error}");
        assert!((0.91..=1.0).contains(&held), "{n} units: {held}");
    }
}
