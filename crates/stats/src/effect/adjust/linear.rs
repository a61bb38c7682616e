//! Least squares and logit on a few covariates: matrices of their number squared, row by row.

use crate::effect::cell::{dot, probability};

/// A covariate of whose variation those before it leave less than this share repeats them.
const REPEATS: f64 = 1e-10;
/// Steps of Newton's method before the logit counts as having no answer; it needs some seven.
const STEPS_AT_MOST: usize = 60;
/// From this probability on a unit is all but surely a starting one.
const ALL_BUT_SURE: f64 = 0.999;

/// The inverse of a matrix of products; `None` if some rows repeat others.
pub fn inverse(products: &[f64], n: usize) -> Option<Vec<f64>> {
    let scale: Vec<f64> = (0..n).map(|i| products[i * n + i].sqrt()).collect();
    if scale.iter().any(|scale| !(scale.is_finite() && *scale > 0.0)) {
        return None;
    }
    // Lower triangle L with L L' = the matrix scaled to ones on its diagonal.
    let mut root = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let own = products[i * n + j] / (scale[i] * scale[j]);
            let rest = own - dot(&root[i * n..i * n + j], &root[j * n..j * n + j]);
            if i != j {
                root[i * n + j] = rest / root[j * n + j];
            } else if rest > REPEATS {
                root[i * n + i] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    let mut inverse = vec![0.0; n * n];
    for column in 0..n {
        let mut solved = vec![0.0; n];
        for i in column..n {
            let unit = if i == column { 1.0 } else { 0.0 };
            solved[i] = (unit - dot(&root[i * n..i * n + i], &solved[..i])) / root[i * n + i];
        }
        for i in (0..n).rev() {
            let below: f64 = (i + 1..n).map(|k| root[k * n + i] * solved[k]).sum();
            solved[i] = (solved[i] - below) / root[i * n + i];
        }
        for i in 0..n {
            inverse[i * n + column] = solved[i] / (scale[i] * scale[column]);
        }
    }
    Some(inverse)
}

/// A square matrix, row by row, times a vector.
pub fn times(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    matrix.chunks(vector.len()).map(|row| dot(row, vector)).collect()
}

/// Adds `weight` times the products of `x` to `products`.
pub fn add_products(products: &mut [f64], weight: f64, x: &[f64]) {
    for (row, a) in products.chunks_mut(x.len()).zip(x) {
        add(row, weight * a, x);
    }
}

/// Adds `weight` times `x` to `sum`.
pub fn add(sum: &mut [f64], weight: f64, x: &[f64]) {
    sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += weight * x);
}

/// Why a logit has no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoLogit {
    /// The covariates repeat one another.
    Repeat,
    /// They tell the two sides apart.
    Apart,
}

/// A logit: coefficients, and the inverse of its information.
#[derive(Clone, Debug)]
pub struct Logit {
    pub coefficients: Vec<f64>,
    pub inverse: Vec<f64>,
}

/// Fits whether units start by their covariates, by Newton's method with halved steps.
///
/// - `rows`: starting units, then the others, each with weights and covariates. Refused where the covariates repeat
///   one another, or where some unit comes out all but surely a starting one.
///
/// Where some values of a covariate are had by comparison units alone, no coefficient fits best: it grows without end, and
/// those units come to count for nothing, as they should. Then the last step before the information is lost serves.
pub fn logit(rows: &[(f64, &[f64], &[f64])], n: usize) -> Result<Logit, NoLogit> {
    let mut information = vec![0.0; n * n];
    for (_, weights, x) in rows {
        weights.iter().zip(x.chunks(n)).for_each(|(weight, x)| add_products(&mut information, *weight, x));
    }
    inverse(&information, n).ok_or(NoLogit::Repeat)?;
    let mut coefficients = vec![0.0; n];
    let mut best = f64::NEG_INFINITY;
    let mut step = vec![0.0; n];
    let mut last: Option<(Logit, f64)> = None;
    for _ in 0..STEPS_AT_MOST {
        let (mut likelihood, mut gradient, mut most) = (0.0, vec![0.0; n], 0.0_f64);
        information.fill(0.0);
        for (is_treated, weights, x) in rows {
            for (weight, x) in weights.iter().zip(x.chunks(n)) {
                let p = probability(&coefficients, x);
                likelihood += weight * if *is_treated > 0.5 { p.ln() } else { (-p).ln_1p() };
                add(&mut gradient, weight * (is_treated - p), x);
                add_products(&mut information, weight * p * (1.0 - p), x);
                most = most.max(p);
            }
        }
        if likelihood.is_nan() || likelihood < best - 1e-9 * (1.0 + best.abs()) {
            // Too far: half the way back.
            step.iter_mut().for_each(|step| *step *= 0.5);
            coefficients.iter_mut().zip(&step).for_each(|(c, step)| *c -= step);
            continue;
        }
        best = likelihood;
        let Some(inverse) = inverse(&information, n) else {
            // As good as the best there could be, and nobody all but surely a starting unit.
            return match last {
                Some((last, before)) if likelihood - before < 1e-8 * before.abs() && most < ALL_BUT_SURE => {
                    Ok(last)
                }
                _ => Err(NoLogit::Apart),
            };
        };
        last = Some((Logit { coefficients: coefficients.clone(), inverse: inverse.clone() }, likelihood));
        step = times(&inverse, &gradient);
        coefficients.iter_mut().zip(&step).for_each(|(c, step)| *c += step);
        let moved =
            step.iter().zip(&coefficients).map(|(step, c)| step.abs() / (1.0 + c.abs())).fold(0.0, f64::max);
        if moved < 1e-10 {
            return if most < ALL_BUT_SURE {
                Ok(Logit { coefficients, inverse })
            } else {
                Err(NoLogit::Apart)
            };
        }
    }
    Err(NoLogit::Apart)
}
