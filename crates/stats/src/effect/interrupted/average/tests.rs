//! One fit, and the average over fits, against sums made by hand.

use super::*;
use crate::effect::interrupted::tests::{World, panel_of};

/// Generalised least squares by the full correlation matrix, share^|distance|, for a series with gaps.
#[test]
fn one_fit_equals_least_squares_with_the_whole_correlation_matrix() {
    let mut made = World { n_before: 14, n_after: 8, ..World::default() }.play(3);
    for gap in [4, 5, 17] {
        made[0].2[gap] = f64::NAN;
    }
    let (series, _) = Series::of(&panel_of(&made), None).unwrap();
    let (n, k, exposures) = (series.outcomes().len(), series.n_numbers(), series.exposures());
    for share in [0.1, 0.7, 0.98_f64] {
        let correlation =
            Mat::<f64>::from_fn(n, n, |i, j| share.powi((exposures[i] - exposures[j]).unsigned_abs() as i32));
        let solved = correlation.llt(Side::Lower).unwrap();
        let rows = series.rows();
        let x = Mat::<f64>::from_fn(n, k, |i, a| rows[i][a]);
        let y = Mat::<f64>::from_fn(n, 1, |i, _| series.outcomes()[i]);
        let information = x.transpose() * solved.inverse() * &x;
        let inverse = information.llt(Side::Lower).unwrap().inverse();
        let numbers = &inverse * x.transpose() * solved.inverse() * &y;
        let off = &y - &x * &numbers;
        let squares = (off.transpose() * solved.inverse() * &off)[(0, 0)];
        let log = |matrix: &Mat<f64>| {
            let root = matrix.llt(Side::Lower).unwrap();
            (0..matrix.nrows()).map(|i| root.L()[(i, i)].ln()).sum::<f64>()
        };
        let expect = -log(&correlation) - log(&information) - 0.5 * (n - k) as f64 * squares.ln();
        let (fit, log_likelihood, found) = fitted(&series, share).unwrap();
        assert!((log_likelihood - expect).abs() < 1e-8, "{share}: {log_likelihood} {expect}");
        assert!((found - squares).abs() < 1e-8 * squares);
        for a in 0..k {
            assert!((fit.numbers[a] - numbers[(a, 0)]).abs() < 1e-7 * (1.0 + numbers[(a, 0)].abs()));
            let variance = squares / (n - k) as f64 * inverse[(a, a)];
            assert!((fit.covariance[a][a] - variance).abs() < 1e-7 * variance);
        }
    }
}

/// By hand: the average's mean, its spread within fits and between them, and Student's law with the periods less the
/// numbers fitted.
#[test]
fn the_average_spreads_within_fits_and_between_them() {
    let made = World { n_before: 14, n_after: 8, ..World::default() }.play(5);
    let (series, _) = Series::of(&panel_of(&made), None).unwrap();
    let averaged = Averaged::of(&series).unwrap();
    let mut combination = vec![0.0; series.n_numbers()];
    combination[series.n_numbers() - 1] = 1.0;
    let angle = |k: usize| (std::f64::consts::FRAC_PI_2 * (k as f64 + 0.5) / 40.0).sin();
    let fits: Vec<(Fit, f64, f64)> = (0..40).map(|k| fitted(&series, angle(k)).unwrap()).collect();
    let best = fits.iter().map(|fit| fit.1).fold(f64::NEG_INFINITY, f64::max);
    let sum = |of: &dyn Fn(&Part) -> f64| {
        let weight = |fit: &(Fit, f64, f64)| (fit.1 - best).exp();
        let total: f64 = fits.iter().map(weight).sum();
        fits.iter().map(|fit| weight(fit) / total * of(&fit.0.part(&combination))).sum::<f64>()
    };
    let value = sum(&|part| part.value);
    let (within, between) = (sum(&|part| part.se.powi(2)), sum(&|part| (part.value - value).powi(2)));
    let found = averaged.estimate(&combination, Level::NINETY_FIVE);
    let interval = found.interval().unwrap();
    assert!((found.value - value).abs() < 1e-7 && between > 1e-4 * within, "{between} {within}");
    assert!((interval.se.powi(2) / (within + between) - 1.0).abs() < 1e-7, "{interval:?}");
    let df = (series.outcomes().len() - series.n_numbers()) as f64;
    assert_eq!(interval.law, Law::Student { df });
}
