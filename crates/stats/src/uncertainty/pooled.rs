//! A covariance of numbers that rests on one covariance of outcomes, the same in all starts.

use faer::Mat;

/// What some numbers vary with, if units of all starts vary alike.
pub(super) struct Pooled {
    /// Numbers by numbers.
    pub covariance: Mat<f64>,
    /// By start, numbers by periods: how they weigh its units' outcomes, all units together.
    pub weights: Vec<Mat<f64>>,
    /// Periods by periods, of outcomes about the means of their starts.
    pub outcomes: Mat<f64>,
}

/// How a squared distance is judged: by an F law, once it is over `scale`.
pub(super) struct Judge {
    pub scale: f64,
    pub df_denominator: f64,
}

impl Pooled {
    pub fn of(weights: Vec<Mat<f64>>, outcomes: &Mat<f64>) -> Self {
        let n = weights.first().map_or(0, |own| own.nrows());
        let mut covariance = Mat::<f64>::zeros(n, n);
        for own in &weights {
            covariance += own * outcomes * own.transpose();
        }
        Pooled { covariance, weights, outcomes: outcomes.clone() }
    }

    /// How many numbers of one start there are together, about: all of them where there is one start, fewer where
    /// several starts' numbers rest on the same few variances. Found from how much the covariance is off by chance.
    ///
    /// - `over`: divides numbers by periods by the covariance.
    pub fn together(&self, over: impl Fn(&Mat<f64>) -> Mat<f64>) -> f64 {
        let q = self.covariance.nrows() as f64;
        let solved: Vec<Mat<f64>> = self.weights.iter().map(|own| over(own) * &self.outcomes).collect();
        let mut sum = 0.0;
        for own in &self.weights {
            for other in &solved {
                let product = own.transpose() * other;
                let n = product.nrows();
                let trace: f64 = (0..n).map(|t| product[(t, t)]).sum();
                let of_square: f64 = (0..n)
                    .flat_map(|i| (0..n).map(move |j| (i, j)))
                    .map(|(i, j)| product[(i, j)] * product[(j, i)])
                    .sum();
                sum += trace * trace + of_square;
            }
        }
        (sum / q - 1.0).clamp(1.0, q)
    }
}

impl Judge {
    /// Of the trace of Lawley and Hotelling: `q` numbers, about `p` of them together, with `v` degrees of freedom; `None`
    /// where these are too few. With all together it is Hotelling's law, which also serves, as the more careful, where
    /// the other needs more degrees of freedom.
    ///
    /// Source: McKeon (1974), Biometrika 61(2), 381-383.
    pub fn of(q: f64, p: f64, v: f64) -> Option<Self> {
        if v - p - 3.0 <= 0.0 {
            let rest = v - q + 1.0;
            return (rest > 0.0).then(|| Judge { scale: v * q / rest, df_denominator: rest });
        }
        let times = q / p;
        let excess = (v + times - p - 1.0) * (v - 1.0) / ((v - p - 3.0) * (v - p)) - 1.0;
        let b = 4.0 + (q + 2.0) / excess;
        Some(Judge { scale: v * q * (b - 2.0) / (b * (v - p - 1.0)), df_denominator: b })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_all_together_are_judged_by_hotellings_law() {
        for (p, v) in [(1.0, 9.0), (5.0, 20.0), (21.0, 400.0), (3.0, 5.0)] {
            let judge = Judge::of(p, p, v).unwrap();
            assert!((judge.df_denominator - (v - p + 1.0)).abs() < 1e-9);
            assert!((judge.scale - v * p / (v - p + 1.0)).abs() < 1e-9);
        }
        assert!(Judge::of(3.0, 3.0, 2.0).is_none());
    }

    /// Starts with two numbers each and nothing in common: two are together; in one start, four.
    #[test]
    fn numbers_of_starts_apart_are_together_by_start() {
        let outcomes = Mat::<f64>::identity(4, 4);
        let over = |pooled: &Pooled| {
            let inverse: Vec<f64> = (0..4).map(|k| 1.0 / pooled.covariance[(k, k)]).collect();
            pooled.together(|m| Mat::from_fn(m.nrows(), m.ncols(), |i, j| inverse[i] * m[(i, j)]))
        };
        let first = Mat::from_fn(4, 4, |i, j| if i == j && i < 2 { 2.0 } else { 0.0 });
        let other = Mat::from_fn(4, 4, |i, j| if i == j + 2 { 0.5 } else { 0.0 });
        assert!((over(&Pooled::of(vec![first, other], &outcomes)) - 2.0).abs() < 1e-12);
        assert!((over(&Pooled::of(vec![outcomes.clone()], &outcomes)) - 4.0).abs() < 1e-12);
    }
}
