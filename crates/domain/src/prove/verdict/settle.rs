//! What would settle an open question: about how many more units, by the square-root law.

use super::{Good, Words};

/// More than this many times the units is no plan.
const TIMES_AT_MOST: f64 = 50.0;

impl Words<'_> {
    /// Says how many more units would bring the interval clear of what it must be clear of.
    ///
    /// Intervals shorten with the root of the number of units, if those that come are like those that are there.
    pub(super) fn settling(&self) -> String {
        let interval = self.finding.interval;
        let times = ((interval.high - interval.low) / 2.0 / self.margin()).powi(2);
        if !times.is_finite() || times > TIMES_AT_MOST {
            return "it lies too near the line for more units like these to settle it".to_owned();
        }
        // By a hair an interval can miss what it must be clear of: one unit more is the least that is ever said.
        let more = (self.finding.n_units as f64 * (times - 1.0)).max(1.0);
        let size = 10f64.powf(more.log10().floor());
        let more = if more < 10.0 { more.ceil() } else { (more / size * 2.0).ceil() / 2.0 * size };
        format!(
            "if it is what it looks like, about {more} more unit{} like these would settle it",
            if more == 1.0 { "" } else { "s" }
        )
    }

    /// How far the estimate is from the nearest line it would have to be clear of.
    fn margin(&self) -> f64 {
        let worth = self.question.worth;
        let good = match self.question.good {
            Good::Up => self.finding.value,
            Good::Down => -self.finding.value,
        };
        if good > worth {
            good - worth
        } else if good >= 0.0 {
            worth - good
        } else {
            // Clear of 0 it harms, clear of minus the worth it does not matter: whichever comes first.
            f64::max(-good, worth + good)
        }
    }
}
