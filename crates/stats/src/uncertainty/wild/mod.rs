//! The wild cluster bootstrap: how often chance alone would move a coefficient as far, where clusters are few.
//!
//! It draws signs and sizes for whole clusters from a seeded generator, one stream a replicate, so that results do
//! not depend on what runs beside what. It gives a p-value and an interval, and no standard error.

#[cfg(test)]
mod tests;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::cr2::{Contributions, dot};
use super::{Level, MANY_UNITS};
use crate::words::counted;

/// Steps that narrow an end of the interval: halving 60 times leaves nothing a double could show.
const STEPS: usize = 60;

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WildSettings {
    /// Replicates.
    pub draws: u32,
    /// Of the generator; each replicate's own stream comes of it and its number.
    pub seed: u64,
}

impl Default for WildSettings {
    fn default() -> Self {
        WildSettings { draws: 999, seed: 1 }
    }
}

/// What the wild cluster bootstrap says of one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wild {
    /// The probability, were the truth 0, of an estimate as far from 0 in its own standard errors.
    pub p: f64,
    /// The lower end of the values that are not refused; `None` if there is none however low.
    pub low: Option<f64>,
    /// The upper end; `None` if there is none however high.
    pub high: Option<f64>,
    /// How many clusters were drawn for.
    pub n_clusters: usize,
    /// How it was drawn.
    pub settings: WildSettings,
}

/// Why there is no wild cluster bootstrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WildRefused {
    /// Too few clusters for chance to show.
    #[error(
        "{} too few to draw for: {WEBB_SIZES} values each give hardly any different draws; at least {LEAST_CLUSTERS} are needed",
        counted(*n_clusters, "cluster is", "clusters are")
    )]
    TooContributions {
        /// Clusters.
        n_clusters: usize,
    },
    /// Nothing varies.
    #[error("nothing is left to chance: all units moved exactly as fitted, so there is nothing to draw for")]
    NoVariation,
    /// Part of the number is told by one unit.
    #[error(
        "some start has one unit only, of which the fit leaves nothing to draw from; start two or more units together"
    )]
    Alone,
    /// Few on one side.
    #[error(
        "only {n} of {n_clusters} clusters {}, and the draws for whole clusters then hardly ever refuse anything, whatever \
         the truth; intervals by formula allow for the few, so leave out the bootstrap; {least} or more of each side would serve it",
         side.word()
    )]
    FewOnOneSide {
        /// Which.
        side: Side,
        /// Clusters of that side.
        n: usize,
        /// As many as it takes.
        least: usize,
        /// Clusters.
        n_clusters: usize,
    },
    /// More than can be drawn for.
    #[error("{n_clusters} clusters are too many to draw for; at most {MOST_CLUSTERS} are")]
    TooManyClusters {
        /// Clusters.
        n_clusters: usize,
    },
    /// Not needed.
    #[error(
        "{n_clusters} clusters are enough for the usual errors; the wild bootstrap is for fewer than {MANY_UNITS}"
    )]
    ManyClusters {
        /// Clusters.
        n_clusters: usize,
    },
    /// No draws asked for.
    #[error("no draws were asked for; ask for 999 or more")]
    NoDraws,
}

/// One side of a comparison of clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those that start.
    Started,
    /// Those they are compared with.
    Compared,
}

impl Side {
    pub(super) fn whose(self) -> &'static str {
        match self {
            Side::Started => "the units of a start",
            Side::Compared => "the units that those who start are compared with",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Side::Started => "started",
            Side::Compared => "are there to compare with",
        }
    }
}

/// With fewer clusters on a side the wild bootstrap fails, unless they are a quarter of all: with two of fifty it refuses
/// nothing, with four of fifty too much. Source: MacKinnon and Webb (2018), Econometrics Journal 21(2), 114-135.
const LEAST_ON_A_SIDE: usize = 5;

/// With fewer it fails in any case.
const LEAST_IN_ANY_CASE: usize = 3;

/// Draws refit each cluster for each other.
pub(crate) const MOST_CLUSTERS: usize = 500;

/// Refuses where the draws would tell nothing: too few clusters on one side.
pub(crate) fn sides(n_started: usize, n_compared: usize, n_clusters: usize) -> Result<(), WildRefused> {
    // With fewer than so many in all, the other refusal says what is needed.
    if n_clusters < LEAST_CLUSTERS {
        return Ok(());
    }
    for (side, n) in [(Side::Started, n_started), (Side::Compared, n_compared)] {
        let least = LEAST_ON_A_SIDE.min(n_clusters.div_ceil(4)).max(LEAST_IN_ANY_CASE);
        if n < least {
            return Err(WildRefused::FewOnOneSide { side, n, least, n_clusters });
        }
    }
    Ok(())
}

const WEBB_SIZES: usize = 6;
const LEAST_CLUSTERS: usize = 4;

/// One replicate: its estimate and squared error as functions of how far off the hypothesis is from the estimate.
struct Replicate {
    /// Constant and slope.
    distance: [f64; 2],
    /// Constant, half the slope, curvature.
    variance: [f64; 3],
}

/// Draws for one number: `value`, the contrast `contrast` (on the clusters' common scale) of the coefficients.
///
/// The hypothesis is imposed on the residuals; each cluster's are multiplied by one of Webb's six values; estimates
/// are compared in their own (plain clustered) standard errors; the interval holds the hypotheses that are not refused
/// at `level`. Source: Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90(3), 414-427; weights:
/// Webb (2023), Canadian Journal of Economics 56(3), 839-858; by clusters' products only: Roodman, MacKinnon, Nielsen
/// and Webb (2019), Stata Journal 19(1), 4-60.
pub(crate) fn wild(
    clusters: &Contributions,
    (value, contrast): (f64, &[f64]),
    level: Level,
    settings: WildSettings,
) -> Result<Wild, WildRefused> {
    let n_clusters = clusters.n_clusters();
    if n_clusters < LEAST_CLUSTERS {
        return Err(WildRefused::TooContributions { n_clusters });
    }
    if settings.draws == 0 {
        return Err(WildRefused::NoDraws);
    }
    let tied = Tied::of(clusters, contrast);
    let plain: f64 = tied.score.iter().map(|score| score * score).sum();
    if plain <= f64::MIN_POSITIVE || plain <= 1e-26 * value * value {
        return Err(WildRefused::NoVariation);
    }
    let replicates: Vec<Replicate> =
        (0..settings.draws).map(|number| tied.replicate(settings.seed, number)).collect();
    // Ties of the studentised distances are real where draws are the all-equal ones; rounding must not break them.
    let p = |off: f64| {
        let own = off * off / plain * (1.0 - 1e-10);
        let as_far = replicates.iter().filter(|replicate| replicate.studentised_square(off) >= own).count();
        (1 + as_far) as f64 / (1 + replicates.len()) as f64
    };
    let refused = 1.0 - level.share();
    let end = |sign: f64| -> Option<f64> {
        let (mut inside, mut outside) = (0.0, sign * plain.sqrt());
        for step in 0.. {
            if p(outside) <= refused {
                break;
            }
            if step == STEPS {
                return None;
            }
            (inside, outside) = (outside, 2.0 * outside);
        }
        for _ in 0..STEPS {
            let middle = 0.5 * (inside + outside);
            if p(middle) <= refused { outside = middle } else { inside = middle }
        }
        Some(value - 0.5 * (inside + outside))
    };
    let (low, high) = (end(1.0), end(-1.0));
    Ok(Wild { p: p(value), low, high, n_clusters, settings })
}

/// What draws need to know of the clusters.
struct Tied {
    /// By cluster, what its residuals move the number by.
    score: Vec<f64>,
    /// By cluster, the same for each unit that the hypothesis is off.
    slope: Vec<f64>,
    /// Clusters x clusters: what a draw for the second changes in the first's residuals by refitting.
    refit: Vec<f64>,
    refit_slope: Vec<f64>,
}

impl Tied {
    fn of(clusters: &Contributions, contrast: &[f64]) -> Self {
        let size = dot(contrast, contrast);
        let shares: Vec<Vec<f64>> =
            clusters.clusters.iter().map(|cluster| cluster.share_of(contrast)).collect();
        let scores = || clusters.clusters.iter().map(|cluster| &cluster.score);
        Tied {
            score: scores().map(|score| dot(contrast, score)).collect(),
            slope: shares.iter().map(|share| dot(contrast, share) / size).collect(),
            refit: shares.iter().flat_map(|ours| scores().map(|score| dot(ours, score))).collect(),
            refit_slope: shares
                .iter()
                .flat_map(|ours| shares.iter().map(|theirs| dot(ours, theirs) / size))
                .collect(),
        }
    }

    fn replicate(&self, seed: u64, number: u32) -> Replicate {
        let weights: Vec<f64> = webb(seed, number).take(self.score.len()).collect();
        let distance = [dot(&weights, &self.score), dot(&weights, &self.slope)];
        let mut variance = [0.0; 3];
        let n = weights.len();
        for (g, weight) in weights.iter().enumerate() {
            let constant = weight * self.score[g] - dot(&weights, &self.refit[g * n..][..n]);
            let slope = weight * self.slope[g] - dot(&weights, &self.refit_slope[g * n..][..n]);
            variance[0] += constant * constant;
            variance[1] += constant * slope;
            variance[2] += slope * slope;
        }
        Replicate { distance, variance }
    }
}

impl Replicate {
    /// The squared distance over the squared error, when the hypothesis is `off` below the estimate.
    fn studentised_square(&self, off: f64) -> f64 {
        let distance = self.distance[0] + off * self.distance[1];
        let variance = self.variance[0] + off * (2.0 * self.variance[1] + off * self.variance[2]);
        if variance > 0.0 { distance * distance / variance } else { f64::INFINITY }
    }
}

/// Webb's weights: plus or minus the roots of 1/2, 1 and 3/2, equally likely; one stream a replicate.
fn webb(seed: u64, number: u32) -> impl Iterator<Item = f64> {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let stream = chance.random::<u64>() ^ u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(stream);
    std::iter::repeat_with(move || {
        let drawn = chance.random_range(0..WEBB_SIZES);
        let size = (0.5 * (drawn % 3 + 1) as f64).sqrt();
        if drawn < 3 { size } else { -size }
    })
}
