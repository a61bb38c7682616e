//! Spread of regression coefficients where clusters are few: bias-reduced variance with its degrees of freedom.
//!
//! It works on what each cluster contributes to the regression, on a scale on which all clusters together contribute
//! the unit matrix; so neither observations by observations nor clusters by coefficients by coefficients are built
//! twice. It does not fit: whoever did hands over rows and residuals.

mod factor;

use std::collections::BTreeMap;

use faer::{Mat, Side};

pub use factor::SmallSample;

use super::{Estimate, Law, Level, Portion, Spread, WhyUnknown, degrees};
use crate::linear::least_squares::root_of_inverse;

/// Above this share of its own, nothing but a cluster itself tells some coefficient: it has no spread then.
const ALONE: f64 = 1.0 - 1e-9;

/// A part of a contrast not above this is rounding.
const ROUNDING: f64 = 1e-12;

/// Rows of one cluster: all that units alike in their rows contribute.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// Its number, from 0.
    pub cluster: usize,
    /// Rows x coefficients, unit effects taken out.
    pub design: Mat<f64>,
    /// The sum of the units' weights, above 0.
    pub weight: f64,
    /// By row, the weighted sum of the units' residuals.
    pub residuals: Vec<f64>,
}

/// What few clusters contribute to a regression.
#[derive(Clone, Debug)]
pub(crate) struct Contributions {
    /// Coefficients x rank.
    scale: Mat<f64>,
    pub(super) clusters: Vec<Cluster>,
}

/// On the common scale, where the sum over clusters of `vectors roots vectors'` is the unit matrix.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    /// Between 0 and 1: how much of each direction is this cluster's alone.
    roots: Vec<f64>,
    /// Rank x roots.
    vectors: Mat<f64>,
    /// Rank.
    pub score: Vec<f64>,
}

/// A bias-reduced variance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cr2 {
    pub variance: f64,
    /// Were observations independent, each with variance 1, it would be a sum of squares of as many independent normal
    /// numbers, with these variances.
    pub roots: Vec<f64>,
}

/// A variance to add for units that have none of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lent {
    pub variance: f64,
    /// What it would be, were observations independent, each with variance 1.
    pub expected: f64,
    pub df: f64,
}

impl Contributions {
    /// `None` if the numbers are not finite.
    pub fn of(n_coefficients: usize, rows: &[Rows]) -> Option<Self> {
        let mut total = Mat::<f64>::zeros(n_coefficients, n_coefficients);
        rows.iter()
            .for_each(|rows| total += rows.design.transpose() * &rows.design * faer::Scale(rows.weight));
        let scale = root_of_inverse(&total)?;
        let mut of_cluster = BTreeMap::<usize, Vec<&Rows>>::new();
        rows.iter().for_each(|rows| of_cluster.entry(rows.cluster).or_default().push(rows));
        let clusters =
            of_cluster.values().map(|rows| Cluster::of(&scale, rows)).collect::<Option<Vec<_>>>()?;
        Some(Contributions { scale, clusters })
    }

    /// How many clusters there are.
    pub fn n_clusters(&self) -> usize {
        self.clusters.len()
    }

    /// Weights on the coefficients, on the common scale.
    pub fn contrast(&self, weights: &[f64]) -> Vec<f64> {
        (0..self.scale.ncols())
            .map(|k| weights.iter().enumerate().map(|(i, weight)| weight * self.scale[(i, k)]).sum())
            .collect()
    }

    /// The variance of a contrast (on the common scale); `None` where part of it is told by one cluster alone.
    ///
    /// Each cluster's residuals are raised by the inverse root of what the fit took from them, so that the variance
    /// would be unbiased, were observations independent and equally spread. Source: Bell and McCaffrey (2002), Survey
    /// Methodology 28(2), 169-181; with unit effects taken out: Pustejovsky and Tipton (2018), Journal of Business
    /// and Economic Statistics 36(4), 672-683; degrees of freedom: Imbens and Kolesár (2016), Review of Economics and
    /// Statistics 98(4), 701-712.
    pub fn cr2(&self, contrast: &[f64]) -> Option<Cr2> {
        let size: f64 = contrast.iter().map(|x| x * x).sum();
        let mut variance = 0.0;
        let (mut own, mut reach): (Vec<f64>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        for cluster in &self.clusters {
            let mut raised = contrast.to_vec();
            let mut moved = vec![0.0; contrast.len()];
            let mut squares = 0.0;
            for (k, root) in cluster.roots.iter().enumerate() {
                let vector = cluster.vectors.col(k);
                let along: f64 = contrast.iter().enumerate().map(|(i, x)| x * vector[i]).sum();
                if *root >= ALONE {
                    if along * along > ROUNDING * size {
                        return None;
                    }
                    continue;
                }
                let raise = (1.0 - root).sqrt().recip();
                for i in 0..contrast.len() {
                    raised[i] += (raise - 1.0) * along * vector[i];
                    moved[i] += raise * root * along * vector[i];
                }
                squares += (raise * along).powi(2) * root;
            }
            variance += dot(&raised, &cluster.score).powi(2);
            own.push(squares);
            reach.push(moved);
        }
        // Products of two clusters' parts, were observations independent: own ones, less what the common fit ties.
        let product = |g: usize, h: usize| {
            let own = if g == h { own[g] } else { 0.0 };
            own - dot(&reach[g], &reach[h])
        };
        if own.is_empty() {
            return Some(Cr2 { variance, roots: Vec::new() });
        }
        let products = Mat::<f64>::from_fn(own.len(), own.len(), product);
        let eigen = products.self_adjoint_eigen(Side::Lower).ok()?;
        let roots = (0..own.len()).map(|k| eigen.S().column_vector()[k].max(0.0)).collect();
        Some(Cr2 { variance, roots })
    }
}

impl Cluster {
    fn of(scale: &Mat<f64>, rows: &[&Rows]) -> Option<Self> {
        let rank = scale.ncols();
        let mut score = Mat::<f64>::zeros(rank, 1);
        let n_rows: usize = rows.iter().map(|rows| rows.design.nrows()).sum();
        let mut stacked = Mat::<f64>::zeros(if n_rows < rank { n_rows } else { 0 }, rank);
        let mut products = Mat::<f64>::zeros(if n_rows < rank { 0 } else { rank }, rank);
        let mut at = 0;
        for rows in rows {
            let design = &rows.design * scale;
            score += design.transpose() * Mat::from_fn(design.nrows(), 1, |i, _| rows.residuals[i]);
            if n_rows < rank {
                let root = rows.weight.sqrt();
                for i in 0..design.nrows() {
                    (0..rank).for_each(|k| stacked[(at + i, k)] = root * design[(i, k)]);
                }
                at += design.nrows();
            } else {
                products += design.transpose() * &design * faer::Scale(rows.weight);
            }
        }
        let score = (0..rank).map(|k| score[(k, 0)]).collect();
        let small = if n_rows < rank { &stacked * stacked.transpose() } else { products };
        if small.nrows() == 0 {
            // A cluster without rows, or a design without columns: nothing is told of it, and nothing taken off.
            return Some(Cluster { roots: Vec::new(), vectors: Mat::zeros(rank, 0), score });
        }
        let eigen = small.self_adjoint_eigen(Side::Lower).ok()?;
        let kept: Vec<usize> =
            (0..small.nrows()).filter(|&k| eigen.S().column_vector()[k] > ROUNDING).collect();
        let roots: Vec<f64> = kept.iter().map(|&k| eigen.S().column_vector()[k]).collect();
        let chosen = Mat::from_fn(small.nrows(), kept.len(), |i, k| eigen.U()[(i, kept[k])]);
        let vectors = if n_rows < rank {
            let spread = stacked.transpose() * chosen;
            Mat::from_fn(rank, kept.len(), |i, k| spread[(i, k)] / roots[k].sqrt())
        } else {
            chosen
        };
        Some(Cluster { roots, vectors, score })
    }

    /// The cluster's share of `vector`.
    pub(super) fn share_of(&self, vector: &[f64]) -> Vec<f64> {
        let mut share = vec![0.0; vector.len()];
        for (k, root) in self.roots.iter().enumerate() {
            let own = self.vectors.col(k);
            let along: f64 = vector.iter().enumerate().map(|(i, x)| x * own[i]).sum();
            share.iter_mut().enumerate().for_each(|(i, share)| *share += root * along * own[i]);
        }
        share
    }
}

/// A coefficient with its plain clustered error, on its way to an estimate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Of {
    pub value: f64,
    pub se: f64,
    /// An error not above this is rounding.
    pub noise: f64,
    pub level: Level,
}

impl Of {
    /// With its plain error to print, and another that intervals rest on.
    pub fn with(self, used: f64, law: Law) -> Estimate {
        if used.is_nan() || used <= self.noise {
            return Estimate { value: self.value, spread: Spread::Unknown(WhyUnknown::NoVariation) };
        }
        Estimate::known(self.value, self.se, (used, law), self.level)
    }

    /// With the bias-reduced error, by Student's law with the degrees of freedom of a sum of squares with its roots.
    ///
    /// - `lent`: a variance to add for units that have none of their own.
    /// - `why`: there is none where one unit or cluster alone tells part of it.
    pub fn of_few(
        self,
        (clusters, why): (&Contributions, WhyUnknown),
        contrast: &[f64],
        lent: Lent,
    ) -> Estimate {
        let Some(own) = clusters.cr2(contrast) else { return self.unknown(why) };
        let mut shares =
            vec![Portion { found: lent.variance, expected: lent.expected, df: lent.df.max(1.0) }];
        shares.extend(own.roots.iter().map(|root| Portion { found: 0.0, expected: *root, df: 1.0 }));
        let most = (clusters.n_clusters() as f64 - 1.0).max(1.0);
        let (_, df) = degrees(&shares, most, self.level);
        self.with((own.variance + lent.variance).sqrt(), Law::Student { df })
    }

    /// Without.
    pub fn unknown(self, why: WhyUnknown) -> Estimate {
        Estimate { value: self.value, spread: Spread::Unknown(why) }
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
