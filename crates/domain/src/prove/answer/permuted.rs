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

/// As [`with_reach`], but no shorter than the interval by formula: over several draws, of which each may have had an effect
/// of its own, an effect that is the same for all says too little of how far chance reaches.
pub(super) fn with_wider(estimate: Estimate, p: f64, reach: Reach) -> Estimate {
    let wider = match &estimate.spread {
        Spread::Known(Interval { low, high, .. }) => Reach {
            low: reach.low.map(|end| end.min(*low)),
            high: reach.high.map(|end| end.max(*high)),
            ..reach
        },
        _ => reach,
    };
    with_reach(estimate, p, wider)
}

/// What the interval holds that follows from dealing again.
pub(super) fn says_reach(reach: Reach, level: Level) -> String {
    let percent = |share: f64| (share * 1e3).round() / 10.0;
    let (asked, attained) = (percent(level.share()), reach.level.map(percent));
    let few = match attained {
        Some(attained) if attained >= 100.0 => {
            format!(". The lot could have fallen in so few ways that none is refused at {asked} %")
        }
        Some(attained) if attained > asked => {
            format!(
                "; with so few ways in which the lot could have fallen, that is {attained} % instead of {asked} %"
            )
        }
        _ => String::new(),
    };
    format!(
        " The interval of the effect over all holds the effects, the same for all units, that such lots do not refuse{few}."
    )
}
