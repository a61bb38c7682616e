//! What dealing the lots again shows, in words.

use traction_stats::effect::Reach;
use traction_stats::uncertainty::permutation::{Permuted, Tried};
use traction_stats::uncertainty::{Estimate, Interval, Level, Spread};

use crate::prove::check::{Check, CheckName, Held, Tested};
use crate::prove::figures::p_words;

/// Below this p-value chance alone is no good explanation.
const RARE: f64 = 0.05;

/// The check that goes with a permutation.
pub(super) fn check(found: &Permuted) -> Check {
    let tried = match found.tried {
        Tried::All { n } => format!("all {n} ways the lot could have fallen"),
        Tried::Sample { redraws, .. } => format!("{} lots drawn again (seed {})", redraws.n, redraws.seed),
    };
    check_p(found.p, &tried)
}

/// The same for a p-value found otherwise; `tried` names what was drawn again.
pub(super) fn check_p(p: f64, tried: &str) -> Check {
    Check {
        name: CheckName::Permutation,
        // A test of the effect: without one there is nothing wrong with the ground.
        held: if p < RARE { Held::Yes } else { Held::Untested },
        test: Some(Tested::by_p(p)),
        says: format!("Had it moved nobody, {tried} would have shown as much with {}.", p_words(p)),
    }
}

/// The estimate with the p-value and the interval that dealing again gives: the effects, the same for all, that it does
/// not refuse. An end that is open is infinite.
pub(super) fn with_reach(estimate: Estimate, p: f64, reach: Reach) -> Estimate {
    let low = reach.low.unwrap_or(f64::NEG_INFINITY);
    let high = reach.high.unwrap_or(f64::INFINITY);
    let spread = match estimate.spread {
        Spread::Known(interval) => Spread::Known(Interval { p, low, high, ..interval }),
        unknown => unknown,
    };
    Estimate { spread, ..estimate }
}

/// The estimate with the p-value that dealing again gives. Its interval stays, but what the lots do not refuse belongs to
/// it: where no effect at all is among that, it reaches to 0.
pub(super) fn with_p(estimate: Estimate, p: f64, level: Level) -> Estimate {
    // The level is a double: what rounding makes of one less it is no reason.
    let is_refused = p <= (1.0 - level.share()) * (1.0 + 1e-9);
    let with = |interval: Interval| match is_refused {
        true => Interval { p, ..interval },
        false => Interval { p, low: interval.low.min(0.0), high: interval.high.max(0.0), ..interval },
    };
    let spread = match estimate.spread {
        Spread::Known(interval) => Spread::Known(with(interval)),
        unknown => unknown,
    };
    Estimate { spread, ..estimate }
}
