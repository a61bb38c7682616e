//! Wald's test that several numbers are all 0.

use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use statrs::function::{beta::beta_reg, gamma::gamma_ur};

use super::{Combination, MANY_UNITS, Moments};

/// A number of whose variance the numbers before it leave less than this share repeats them.
const SINGULAR: f64 = 1e-10;

/// Chi-square serves when there are this many spare units for each number; below, Hotelling's F.
const SPARE_UNITS_PER_NUMBER: usize = 10;

/// A joint test that several numbers are 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wald {
    /// The squared distance from 0, in units of the numbers' covariance.
    pub statistic: f64,
    /// How many numbers were tested.
    pub df: usize,
    /// Denominator's degrees of freedom where the p-value is from an F law; `None` where it is from chi-square.
    pub df_denominator: Option<f64>,
    /// The probability of a statistic at least this large, were all numbers 0.
    pub p: f64,
}

/// Why there is no joint test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaldRefused {
    /// Nothing to test.
    #[error(
        "no period before a start can be compared, so nothing can be tested; more periods before the first start would allow it"
    )]
    Nothing,
    /// Fewer units than the numbers need.
    #[error(
        "{n_units} units are too few to test {n_numbers} numbers together; more units or fewer periods would allow it"
    )]
    TooFewUnits {
        /// Units.
        n_units: usize,
        /// Numbers.
        n_numbers: usize,
    },
    /// Some numbers are combinations of others.
    #[error(
        "some of the {n_numbers} numbers say the same as others (their covariance is singular), so they cannot be tested together"
    )]
    Singular {
        /// Numbers.
        n_numbers: usize,
    },
    /// Some number's spread is unknown.
    #[error(
        "the spread of some numbers is not known, so they cannot be tested together; start two or more units together"
    )]
    SpreadUnknown,
}

/// Tests that `values` are all 0.
///
/// - `combinations`: one for each value, what it is off by in the columns of `moments`.
///
/// The p-value is chi-square's when there are 40 units (or clusters) and ten spare ones (less groups) for each number;
/// else it is from Hotelling's F, which allows for the covariance being estimated: chi-square rejects far too often
/// there. Source: Hotelling (1931), Annals of Mathematical Statistics 2(3), 360-378.
pub fn wald(values: &[f64], combinations: &[Combination], moments: &Moments) -> Result<Wald, WaldRefused> {
    let (q, spare, n) = (values.len(), moments.n_spare(), moments.n_independent());
    if q == 0 {
        return Err(WaldRefused::Nothing);
    }
    if moments.is_unknown(combinations) {
        return Err(WaldRefused::SpreadUnknown);
    }
    if spare <= q {
        return Err(WaldRefused::TooFewUnits { n_units: n, n_numbers: q });
    }
    wald_of(values, &moments.covariance(combinations), (n, spare))
}

/// The test from the numbers' covariance, as estimated from `n` units (or clusters) with `spare` to spare.
pub(crate) fn wald_of(
    values: &[f64],
    covariance: &Mat<f64>,
    (n, spare): (usize, usize),
) -> Result<Wald, WaldRefused> {
    let q = values.len();
    if q == 0 {
        return Err(WaldRefused::Nothing);
    }
    if spare <= q {
        return Err(WaldRefused::TooFewUnits { n_units: n, n_numbers: q });
    }
    let singular = WaldRefused::Singular { n_numbers: q };
    let se: Vec<f64> = (0..q).map(|k| covariance[(k, k)].sqrt()).collect();
    if se.iter().any(|se| se.is_nan() || *se <= 0.0) {
        return Err(singular);
    }
    let correlation = Mat::<f64>::from_fn(q, q, |i, j| covariance[(i, j)] / (se[i] * se[j]));
    let root = correlation.llt(Side::Lower).map_err(|_| singular)?;
    if (0..q).any(|k| root.L()[(k, k)].powi(2) <= SINGULAR) {
        return Err(singular);
    }
    let z = Mat::<f64>::from_fn(q, 1, |k, _| values[k] / se[k]);
    let solved = root.solve(&z);
    let statistic: f64 = (0..q).map(|k| z[(k, 0)] * solved[(k, 0)]).sum();
    let numbers = q as f64;
    if n >= MANY_UNITS && spare >= SPARE_UNITS_PER_NUMBER * q {
        let p = gamma_ur(numbers / 2.0, statistic / 2.0);
        return Ok(Wald { statistic, df: q, df_denominator: None, p });
    }
    let rest = (spare - q + 1) as f64;
    let f = statistic * rest / (n as f64 * numbers);
    let p = beta_reg(rest / 2.0, numbers / 2.0, rest / (rest + numbers * f));
    Ok(Wald { statistic, df: q, df_denominator: Some(rest), p })
}
