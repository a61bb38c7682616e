//! How far an estimate may be from the truth: influence, spread, intervals and joint tests.
//!
//! It knows no estimator: whoever has an estimate and the moments of the units' influences on it finds its spread here.

mod alike;
mod carried;
mod clusters;
mod combination;
mod cr2;
mod holm;
mod law;
mod measure;
mod moments;
mod noticed;
mod parts;
pub mod permutation;
mod pooled;
mod portions;
mod share;
mod sizes;
#[cfg(test)]
mod tests;
mod wald;
mod wild;

pub(crate) use alike::{Alike, wald_alike, wald_by_clusters};
pub(crate) use carried::{Independent, carried};
pub(crate) use clusters::{FewClusters, Held};
pub use combination::Combination;
pub use cr2::SmallSample;
pub(crate) use cr2::{Contributions, Lent, Of, Rows};
pub use holm::holm;
pub use law::{Law, Level};
pub(crate) use moments::Count;
pub use moments::Moments;
pub(crate) use parts::{Entry, Gram, Kind, Load, Part};
pub use portions::MANY_DEGREES;
pub(crate) use portions::{Portion, degrees, law, variance};
pub use share::Share;
pub(crate) use sizes::{Counts, MUCH_RAISED, Members};
pub(crate) use wald::Joint;
pub use wald::{Wald, WaldRefused, wald};
pub(crate) use wild::{MOST_CLUSTERS, sides, wild};
pub use wild::{Side, Wild, WildRefused, WildSettings};

/// From this many units (or clusters) on the normal law may serve, where the starts have [`MANY_DEGREES`]; below it never:
/// Student's, with degrees of freedom that follow from how many units each start has.
pub const MANY_UNITS: usize = 40;

/// A number found from data, with how far it may be off.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The number, in the outcome's unit.
    pub value: f64,
    /// How far it may be off.
    pub spread: Spread,
}

/// How far an estimate may be off.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// It could be estimated.
    Known(Interval),
    /// It could not, and why.
    Unknown(WhyUnknown),
}

/// Standard error, interval and p-value of one estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Standard error without any small-sample factor: the root of the sum of squared influences over the number of units.
    pub se: f64,
    /// The standard error the interval and p-value rest on. With many units in each start it is `se`; else each start's
    /// part is raised by n / (n - 1) for its n units, as in Welch's comparison of two means; by what their weights make of
    /// that where units, or clusters, count unequally. Where a unit is alone in its
    /// start, it holds what the unit borrows from the others besides; `se` does not.
    pub se_used: f64,
    /// The law of the estimate's distance from the truth, in `se_used`.
    pub law: Law,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The probability, were the truth 0, of an estimate at least this far from 0.
    pub p: f64,
}

/// Why an estimate has no spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyUnknown {
    /// It is 0 by definition.
    #[error("this is the base the others are measured from")]
    BasePeriod,
    /// A group of one, and no start with two units to take a spread from.
    #[error(
        "a group of one unit has no spread of its own, and no two units share a start from which to borrow it; \
         start two or more units together"
    )]
    OneUnitEach,
    /// A single unit has all the effects there are, and they are compared with one another.
    #[error(
        "a single unit has all the effects there are, and this method tells how far chance reaches from how effects of \
         units differ; start two or more units together, or ask for effects by group and time"
    )]
    OneUnitOfAll,
    /// All units of a side are in one cluster, and units may vary together.
    #[error(
        "all units of a start, or all those they are compared with, are in one cluster, and no others of one start are \
         in two, so nothing tells how far clusters part by chance; start in two or more clusters together"
    )]
    OneClusterEach,
    /// All units of a side are in one cluster, and the method borrows from no other start.
    #[error(
        "all units of a start, or all those they are compared with, are in one cluster, and this method tells how far \
         clusters part by chance from those of the same start; start in two or more clusters together, or ask for effects \
         by group and time"
    )]
    InOneCluster,
    /// One unit counts for nearly all of a side, and leaves it no spread.
    #[error(
        "one unit has {percent} % or more of the weight of {}, which is as good as one unit alone: nothing tells how far it \
         strays by chance; weigh units more evenly, take that one out, or see what is found without weights",
        side.whose()
    )]
    OneUnitCarries {
        /// Of which side.
        side: Side,
        /// Its share, in whole percent, rounded down.
        percent: u8,
    },
    /// One cluster counts for nearly all of a side, and leaves it no spread.
    #[error(
        "one cluster has {percent} % or more of the weight of {}, which is as good as one cluster alone: nothing tells how \
         far it strays by chance; name smaller clusters if those vary by themselves, or start in several of like size",
        side.whose()
    )]
    OneClusterCarries {
        /// Of which side.
        side: Side,
        /// Its share, in whole percent, rounded down.
        percent: u8,
    },
    /// Too few stand-ins for a rank among them to be rare.
    #[error(
        "with {n} stand-ins among the units that never start, even an effect beyond them all would come of chance once in \
         {} times, so that no interval can be told; with {least} or more it could", n + 1
    )]
    TooFewStandIns {
        /// Stand-ins.
        n: usize,
        /// How many it takes.
        least: usize,
    },
    /// All units of each group changed by the same, as far as numbers of that size can tell.
    #[error(
        "all units of a group changed by the same amount (to 13 digits), so nothing tells how far chance reaches; check that \
         the outcome was measured in each unit by itself"
    )]
    NoVariation,
}

impl Estimate {
    /// The standard error, if there is one.
    pub fn se(&self) -> Option<f64> {
        self.interval().map(|interval| interval.se)
    }

    /// Standard error, interval and p-value, if there are any.
    pub fn interval(&self) -> Option<Interval> {
        match self.spread {
            Spread::Known(interval) => Some(interval),
            Spread::Unknown(_) => None,
        }
    }

    /// The same with a p-value no smaller than `n` others alike can bear: beyond the farthest of them nothing tells how rare
    /// a distance is. Where even that would take away what the interval says, the law alone is left to tell.
    pub(crate) fn no_surer_than(mut self, n: f64, level: Level) -> Self {
        let least = 1.0 / (n + 1.0);
        if let Spread::Known(interval) = &mut self.spread
            && least <= (1.0 - level.share()) * (1.0 + 1e-9)
        {
            interval.p = interval.p.max(least);
        }
        self
    }

    /// The estimate with a known spread: an interval of `se_used` by `law` around it.
    ///
    /// - `se`: the standard error to print; `used`: that the interval and p-value rest on, and the law it follows.
    ///   Both in the outcome's unit and above 0.
    pub fn known(value: f64, se: f64, (se_used, law): (f64, Law), level: Level) -> Self {
        let reach = law.reach(level) * se_used;
        let (low, high) = (value - reach, value + reach);
        let p = law.beyond(value / se_used);
        Estimate { value, spread: Spread::Known(Interval { se, se_used, law, low, high, p }) }
    }
}
