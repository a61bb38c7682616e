//! Wald's test that several numbers are all 0.

use faer::{Mat, Side};
use statrs::function::{beta::beta_reg, gamma::gamma_ur};

use super::{Groups, Influence, MANY_UNITS};

/// Below this reciprocal condition of the correlations, the numbers repeat each other.
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

/// Tests that `values` are all 0, given each unit's influence on each.
///
/// The p-value is chi-square's when there are 40 units and ten spare ones (units less groups) for each number; else it
/// is from Hotelling's F, which allows for the covariance being estimated: chi-square rejects far too often there.
/// Source: Hotelling (1931), Annals of Mathematical Statistics 2(3), 360-378.
pub fn wald(values: &[f64], influences: &[&Influence], groups: &Groups) -> Result<Wald, WaldRefused> {
    let (q, spare) = (values.len(), groups.n_spare());
    if q == 0 {
        return Err(WaldRefused::Nothing);
    }
    if influences.iter().any(|influence| influence.is_unknown()) {
        return Err(WaldRefused::SpreadUnknown);
    }
    if spare <= q {
        return Err(WaldRefused::TooFewUnits { n_units: groups.n_units(), n_numbers: q });
    }
    let singular = WaldRefused::Singular { n_numbers: q };
    let se: Vec<f64> =
        influences.iter().map(|influence| influence.covariance(influence, groups).sqrt()).collect();
    if se.iter().any(|se| *se <= 0.0) {
        return Err(singular);
    }
    let correlation = Mat::<f64>::from_fn(q, q, |i, j| {
        let (i, j) = (i.min(j), i.max(j));
        influences[i].covariance(influences[j], groups) / (se[i] * se[j])
    });
    let eigen = correlation.self_adjoint_eigen(Side::Lower).map_err(|_| singular)?;
    let roots: Vec<f64> = (0..q).map(|k| eigen.S().column_vector()[k]).collect();
    let (least, most) =
        roots.iter().fold((f64::MAX, 0.0_f64), |(low, high), root| (low.min(*root), high.max(*root)));
    if least <= SINGULAR * most {
        return Err(singular);
    }
    let statistic: f64 = roots
        .iter()
        .enumerate()
        .map(|(k, root)| (0..q).map(|i| eigen.U()[(i, k)] * values[i] / se[i]).sum::<f64>().powi(2) / root)
        .sum();
    let numbers = q as f64;
    if groups.n_units() >= MANY_UNITS && spare >= SPARE_UNITS_PER_NUMBER * q {
        let p = gamma_ur(numbers / 2.0, statistic / 2.0);
        return Ok(Wald { statistic, df: q, df_denominator: None, p });
    }
    let rest = (spare - q + 1) as f64;
    let f = statistic * rest / (groups.n_units() as f64 * numbers);
    let p = beta_reg(rest / 2.0, numbers / 2.0, rest / (rest + numbers * f));
    Ok(Wald { statistic, df: q, df_denominator: Some(rest), p })
}
