//! Effects by time with their covariance, as plain numbers.

use faer::{Mat, Side};

/// Effects by time before and after a start, and how the after are weighted into one.
#[derive(Clone, Debug, PartialEq)]
pub struct EventStudy {
    values: Vec<f64>,
    /// Row by row.
    covariance: Vec<f64>,
    n_before: usize,
    weights: Vec<f64>,
}

/// Which effect after the start is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// That at exposure 0.
    First,
    /// The plain mean of those at exposures from 0 on.
    #[default]
    Mean,
}

/// Why there is no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SensitivityRefused {
    /// Numbers that do not belong together.
    #[error(
        "{n_values} effects need a covariance of as many rows and columns, and a weight for each of those after the \
         start ({n_weights} weights came)"
    )]
    Shapes {
        /// Effects.
        n_values: usize,
        /// Weights.
        n_weights: usize,
    },
    /// Nothing to measure the parting by.
    #[error(
        "there is no effect before the start besides the base, so nothing tells how trends parted; add at least one \
         earlier period"
    )]
    NothingBefore,
    /// No effect.
    #[error("there is no effect after the start with a weight; weight at least one")]
    NothingAfter,
    /// No base, or gaps.
    #[error(
        "the effects must stand at exposures that follow each other, with nothing missing but the base, the last period \
         before the start; measure all effects from that one (the universal base), and fill the gaps"
    )]
    NoBase,
    /// NaN or infinite.
    #[error(
        "some effect, covariance or weight is not a finite number; leave out times without a known error"
    )]
    NotFinite,
    /// Not the covariance of anything.
    #[error(
        "the covariance is not one: it must be symmetric, without negative roots, and no time may lack variance; \
         leave out the base and times without a known error"
    )]
    NoCovariance,
    /// A negative limit, or none.
    #[error("how far trends may part must be a number of at least 0")]
    NotALimit,
}

impl EventStudy {
    /// - `values`: effects by time, ascending, without the base (the last period before the start), which is 0.
    ///   Neighbours are taken to be one step apart, and the base lies between the last before and the first after.
    /// - `covariance`: as many rows and columns, in the outcome's unit squared.
    /// - `weights`: one for each effect after the start, the last of `values`; their weighted sum is what is asked
    ///   for. `[1, 0, ...]` is the first, the same share for each their mean.
    pub fn new(values: &[f64], covariance: &[Vec<f64>], weights: &[f64]) -> Result<Self, SensitivityRefused> {
        let n = values.len();
        if covariance.len() != n || covariance.iter().any(|row| row.len() != n) || weights.len() > n {
            return Err(SensitivityRefused::Shapes { n_values: n, n_weights: weights.len() });
        }
        if !values.iter().chain(weights).chain(covariance.iter().flatten()).all(|number| number.is_finite()) {
            return Err(SensitivityRefused::NotFinite);
        }
        if weights.iter().all(|weight| *weight == 0.0) {
            return Err(SensitivityRefused::NothingAfter);
        }
        if weights.len() == n {
            return Err(SensitivityRefused::NothingBefore);
        }
        if !is_covariance(covariance) {
            return Err(SensitivityRefused::NoCovariance);
        }
        Ok(EventStudy {
            values: values.to_vec(),
            covariance: covariance.concat(),
            n_before: n - weights.len(),
            weights: weights.to_vec(),
        })
    }

    /// Effects by exposure, all measured from one base that is not among them.
    ///
    /// - `exposures`: ascending, one apart but for the base, which is missing: -1, or earlier if an effect was allowed for
    ///   before the start. Those between the base and the start count as after, with no weight.
    /// - `values`, `covariance`: as in [`new`](Self::new), in the exposures' order.
    pub fn at_exposures(
        exposures: &[i64],
        values: &[f64],
        covariance: &[Vec<f64>],
        asked: Asked,
    ) -> Result<Self, SensitivityRefused> {
        let Some(first) = exposures.iter().position(|exposure| *exposure >= 0) else {
            return Err(SensitivityRefused::NothingAfter);
        };
        if first == 0 {
            return Err(SensitivityRefused::NothingBefore);
        }
        let apart: Vec<i64> = exposures.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let at_base = apart.iter().position(|apart| *apart == 2);
        let Some(at_base) = at_base.filter(|at| *at < first) else {
            return Err(SensitivityRefused::NoBase);
        };
        if apart.iter().enumerate().any(|(at, apart)| at != at_base && *apart != 1) {
            return Err(SensitivityRefused::NoBase);
        }
        let n_asked = exposures.len() - first;
        let weight = |at: usize| match asked {
            Asked::First if at == first => 1.0,
            Asked::Mean if at >= first => 1.0 / n_asked as f64,
            Asked::First | Asked::Mean => 0.0,
        };
        let weights: Vec<f64> = (at_base + 1..exposures.len()).map(weight).collect();
        EventStudy::new(values, covariance, &weights)
    }

    /// How many effects before the start there are, without the base.
    pub fn n_before(&self) -> usize {
        self.n_before
    }

    /// The weights of the effects after the start.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The weighted sum of the effects after the start.
    pub fn estimate(&self) -> f64 {
        self.value(&self.asked())
    }

    /// Its standard error.
    pub fn se(&self) -> f64 {
        self.covariance(&self.asked(), &self.asked()).sqrt()
    }

    /// The combination asked for: 0 before the start, the weights after it.
    pub(super) fn asked(&self) -> Vec<f64> {
        let before = std::iter::repeat_n(0.0, self.n_before);
        before.chain(self.weights.iter().copied()).collect()
    }

    /// A combination of effects.
    pub(super) fn value(&self, combination: &[f64]) -> f64 {
        combination.iter().zip(&self.values).map(|(a, b)| a * b).sum()
    }

    /// Covariance of two combinations of effects.
    pub(super) fn covariance(&self, one: &[f64], other: &[f64]) -> f64 {
        let n = self.values.len();
        let row = |i: usize| &self.covariance[i * n..(i + 1) * n];
        let with_other = |i: usize| row(i).iter().zip(other).map(|(a, b)| a * b).sum::<f64>();
        (0..n).filter(|&i| one[i] != 0.0).map(|i| one[i] * with_other(i)).sum()
    }
}

/// Below this, relative to the largest, a root is rounding.
const ROUNDING: f64 = 1e-10;

fn is_covariance(rows: &[Vec<f64>]) -> bool {
    let n = rows.len();
    if (0..n).any(|i| rows[i][i] <= 0.0) {
        return false;
    }
    // Correlations, so that times on very different scales count alike.
    let correlation = |i: usize, j: usize| rows[i][j] / (rows[i][i] * rows[j][j]).sqrt();
    let uneven = |i: usize| (0..i).any(|j| (correlation(i, j) - correlation(j, i)).abs() > ROUNDING);
    if (0..n).any(uneven) {
        return false;
    }
    let matrix = Mat::<f64>::from_fn(n, n, correlation);
    let Ok(roots) = matrix.self_adjoint_eigenvalues(Side::Lower) else { return false };
    let most = roots.iter().copied().fold(0.0, f64::max);
    roots.iter().all(|root| *root >= -ROUNDING * most)
}
