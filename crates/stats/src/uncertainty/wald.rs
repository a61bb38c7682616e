//! Wald's test that several numbers are all 0.

use faer::{Mat, Scale};
use statrs::function::{beta::beta_reg, gamma::gamma_ur};

use super::measure::Measure;
use super::moments::Projected;
use super::parts::{Gram, Kind};
use super::pooled::Judge;
use super::{Combination, MANY_UNITS, MUCH_RAISED, Members, Moments};

/// Farther than this all distances are alike.
const FARTHEST: f64 = 1e150;

/// Chi-square serves when there are this many degrees of freedom for each number; below, an F law.
const DEGREES_PER_NUMBER: f64 = 10.0;

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
        "{n_units} units (or clusters, where there are such) are too few to test {n_numbers} numbers together; more of them \
         or fewer periods would allow it"
    )]
    TooFewUnits {
        /// Units, or clusters.
        n_units: usize,
        /// Numbers.
        n_numbers: usize,
    },
    /// Where few started, units that were seen throughout have to tell how numbers vary together.
    #[error(
        "few units of a start are there, and those seen in every period ({n_spare}, less one for each start) are too few \
         to tell how {n_numbers} numbers vary together; fewer gaps or more units would allow a joint test"
    )]
    FewSeenThroughout {
        /// Units, less one for each start.
        n_spare: usize,
        /// Numbers.
        n_numbers: usize,
    },
    /// Few started, and covariates were fitted.
    #[error(
        "few units of a start are there, and covariates were fitted besides: how much that adds to what chance does this \
         test does not know; leave out the covariates, or start more units together, for a joint test"
    )]
    FewWithCovariates,
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
/// The p-value is chi-square's when there are 40 units (or clusters) and, for each number, ten of the covariance's
/// degrees of freedom v: (q + q^2) over the sum over g of (tr((S(g) S^-1)^2) + tr(S(g) S^-1)^2) / (n(g) - 1) for q
/// numbers, where each start's part S(g) is raised by n / (n - 1) and S is their sum. Else it allows for the covariance
/// being estimated. How unequally units count is not allowed for, as in the reference:
///
/// - where it is known how outcomes vary together, T^2 is taken with the covariance that follows if units of all starts
///   vary alike (starts of a few units cannot tell their own), and follows the law of Lawley's and Hotelling's trace with
///   the spare units as degrees of freedom; for one start that is Hotelling's law;
/// - else T^2 is taken with S, and T^2 (v - q + 1) / (v q) follows an F law with q and v - q + 1 degrees of freedom: for
///   one number that is Welch's test, for one start Hotelling's. With clusters v is the spare clusters.
///
/// Chi-square rejects far too often here. Sources: McKeon (1974), Biometrika 61(2), 381-383; Nel and van der Merwe (1986),
/// Communications in Statistics 15(12), 3719-3735; Krishnamoorthy and Yu (2004), Statistics and Probability Letters 66(2),
/// 161-169.
pub fn wald(values: &[f64], combinations: &[Combination], moments: &Moments) -> Result<Wald, WaldRefused> {
    Ok(Joint::of(combinations, moments)?.test(values))
}

/// A joint test of several numbers, ready to judge any values of them.
pub(crate) struct Joint {
    /// By what the values are measured.
    measure: Measure,
    /// Where the p-value is from an F law.
    few: Option<Judge>,
}

impl Joint {
    /// The test of the numbers that `combinations` are of; see [`wald`].
    pub fn of(combinations: &[Combination], moments: &Moments) -> Result<Self, WaldRefused> {
        let (q, n) = (combinations.len(), moments.n_independent());
        if q == 0 {
            return Err(WaldRefused::Nothing);
        }
        if moments.is_unknown(combinations) {
            return Err(WaldRefused::SpreadUnknown);
        }
        let spare = moments.n_spare() as f64;
        if spare <= q as f64 {
            return Err(WaldRefused::TooFewUnits { n_units: n, n_numbers: q });
        }
        let plain = Measure::of(moments.covariance(combinations));
        let by_part = covariance_by_part(moments, combinations).map(|parts| {
            let sum = parts.iter().fold(Mat::<f64>::zeros(q, q), |sum, (part, _)| sum + part);
            Measure::of(sum).map(|raised| (raised.degrees(&parts).min(spare), raised))
        });
        let are_many = matches!(&by_part, Some(Ok((df, _))) if plain.is_ok() && are_many(n, *df, q));
        if let Some(pooled) = moments.pooled(combinations).filter(|_| !are_many) {
            let measure = Measure::of(pooled.covariance.clone())?;
            let together = pooled.together(|weights| measure.divide(weights));
            let judge = Judge::of(q as f64, together, spare);
            let judge = judge.ok_or(WaldRefused::TooFewUnits { n_units: n, n_numbers: q })?;
            return Ok(Joint::of_few(measure, judge));
        }
        let plain = plain?;
        match by_part.transpose()? {
            Some((df, raised)) => Joint::chosen((plain, Some(raised)), (n, df)),
            None => Joint::chosen((plain, None), (n, spare)),
        }
    }

    /// By chi-square and `plain` with many units and degrees of freedom, else by the F law and `raised`.
    pub(super) fn chosen(
        (plain, raised): (Measure, Option<Measure>),
        (n, df): (usize, f64),
    ) -> Result<Self, WaldRefused> {
        let q = plain.se.len();
        let ratios =
            |of: &Measure| of.se.iter().zip(&plain.se).map(|(own, se)| (own / se).powi(2)).sum::<f64>();
        let is_raised = raised.as_ref().is_some_and(|raised| ratios(raised) > MUCH_RAISED * q as f64);
        if are_many(n, df, q) && !is_raised {
            return Ok(Joint::of_many(plain));
        }
        let rest = df - q as f64 + 1.0;
        if rest <= 0.0 {
            return Err(WaldRefused::TooFewUnits { n_units: n, n_numbers: q });
        }
        let judge = Judge { scale: df * q as f64 / rest, df_denominator: rest };
        Ok(Joint::of_few(raised.unwrap_or(plain), judge))
    }

    /// By chi-square.
    pub(super) fn of_many(plain: Measure) -> Self {
        Joint { measure: plain, few: None }
    }

    /// By an F law.
    pub(super) fn of_few(measure: Measure, judge: Judge) -> Self {
        Joint { measure, few: Some(judge) }
    }

    /// Judges values of the numbers.
    pub fn test(&self, values: &[f64]) -> Wald {
        let numbers = values.len() as f64;
        let squared = self.measure.squared(values);
        // No number is what overflows: sums of infinities on either side.
        let statistic = if squared.is_nan() { FARTHEST } else { squared.clamp(0.0, FARTHEST) };
        let p = match &self.few {
            _ if statistic == 0.0 => 1.0,
            None => gamma_ur(numbers / 2.0, statistic / 2.0),
            Some(Judge { scale, df_denominator: rest }) => {
                beta_reg(rest / 2.0, numbers / 2.0, rest / (rest + numbers * statistic / scale))
            }
        };
        let df_denominator = self.few.as_ref().map(|judge| judge.df_denominator);
        Wald { statistic, df: values.len(), df_denominator, p }
    }
}

pub(super) fn are_many(n: usize, df: f64, q: usize) -> bool {
    n >= MANY_UNITS && df >= DEGREES_PER_NUMBER * q as f64
}

/// The covariance start by start, each part raised by n / (n - 1), with the degrees of freedom it was estimated with.
///
/// Units that are alone in their start count together, what lone units borrow too. `None` with clusters, whose
/// parts are not independent.
fn covariance_by_part(moments: &Moments, combinations: &[Combination]) -> Option<Vec<(Mat<f64>, f64)>> {
    if moments.parts().iter().any(|part| matches!(part.gram, Gram::Clusters(_))) {
        return None;
    }
    let projected: Vec<Projected> = combinations.iter().map(|one| moments.project(one)).collect();
    let spreads: Vec<Vec<f64>> = combinations.iter().map(|one| moments.spreads(one)).collect();
    let n_squared = moments.n_units().powi(2);
    let q = projected.len();
    let (mut lone, mut n_lone, mut borrowed) = (Mat::<f64>::zeros(q, q), 0.0_f64, Mat::<f64>::zeros(q, q));
    let mut parts = Vec::new();
    for (place, part) in moments.parts().iter().enumerate() {
        let weights = |k: usize| &projected[k].by_part[place];
        let product = Mat::from_fn(q, q, |i, j| part.product(weights(i), weights(j)) / n_squared);
        if part.kind == Kind::Borrowed {
            borrowed += product;
            continue;
        }
        let share = |members: &Members| spreads.iter().map(|of| members.spread(of)).sum::<f64>();
        let whole: f64 = part.members.iter().map(share).sum();
        for members in &part.members {
            let n = members.n as f64;
            let is_alone = part.members.len() == 1;
            let own = if is_alone { 1.0 } else { share(members) / whole };
            let own = if own.is_finite() { own } else { 0.0 };
            if members.n == 1 {
                lone += &product * Scale(own);
                n_lone += 1.0;
                continue;
            }
            // Summed over unlike members, means are not known apart.
            let mean = |k: usize| {
                let sum = weights(k).iter().map(|(feature, w)| part.sums[*feature] * w).sum::<f64>();
                if is_alone { sum / n } else { 0.0 }
            };
            let means: Vec<f64> = (0..q).map(mean).collect();
            let of_means = Mat::from_fn(q, q, |i, j| n * means[i] * means[j] / n_squared);
            let part = (&product - &of_means) * Scale(own * n / (n - 1.0)) + of_means;
            parts.push((part, n - 1.0));
        }
    }
    parts.push((lone, (n_lone - 1.0).max(1.0)));
    parts.push((borrowed, moments.n_spare().max(1) as f64));
    Some(parts)
}
