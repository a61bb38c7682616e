//! Chance drawn for whole clusters, where they are few and the method is a regression: the wild cluster bootstrap.

use traction_stats::uncertainty::{Estimate, Interval, Spread, Wild, WildRefused, WildSettings};

use crate::prove::check::{Check, CheckName, Held};
use crate::prove::wish::{Inference, Wish};

/// What became of the wish for it.
pub(super) enum ByChance {
    /// It was none.
    NotAsked,
    /// It was drawn.
    Drawn(Wild),
    /// It could not be.
    Refused(WildRefused),
}

/// Draws where a bootstrap is asked for.
pub(super) fn asked(wish: &Wish, draw: impl Fn(WildSettings) -> Result<Wild, WildRefused>) -> ByChance {
    if wish.inference != Inference::Bootstrap {
        return ByChance::NotAsked;
    }
    let draws = u32::try_from(wish.n_draws).unwrap_or(u32::MAX);
    match draw(WildSettings { draws, seed: wish.seed }) {
        Ok(drawn) => ByChance::Drawn(drawn),
        Err(why) => ByChance::Refused(why),
    }
}

/// The estimate with the p-value and interval that were drawn; an end that is open is infinite.
pub(super) fn with(estimate: Estimate, drawn: &Wild) -> Estimate {
    let spread = match estimate.spread {
        Spread::Known(interval) => Spread::Known(Interval {
            p: drawn.p,
            low: drawn.low.unwrap_or(f64::NEG_INFINITY),
            high: drawn.high.unwrap_or(f64::INFINITY),
            ..interval
        }),
        unknown => unknown,
    };
    Estimate { spread, ..estimate }
}

impl ByChance {
    /// What was drawn.
    pub(super) fn drawn(&self) -> Option<&Wild> {
        if let ByChance::Drawn(drawn) = self { Some(drawn) } else { None }
    }

    /// How errors were found after all.
    pub(super) fn inference(&self) -> Inference {
        match self {
            ByChance::Drawn(_) => Inference::Bootstrap,
            ByChance::NotAsked | ByChance::Refused(_) => Inference::Analytic,
        }
    }

    /// Why nothing was drawn although it was asked for.
    pub(super) fn refused(&self) -> Option<Check> {
        let ByChance::Refused(why) = self else { return None };
        let says = format!("Errors are analytic: {why}.");
        Some(Check { name: CheckName::Inference, held: Held::Untested, test: None, says })
    }
}
