//! Whether as much was seen of the units that started as of the others, from the start on.
//!
//! Who goes missing may be who would have shown another effect. It looks at who was seen, and at no outcome; where units of
//! a draw were not seen at all, the draw's own sides have said so.

use traction_stats::effect::Seen;
use traction_stats::panel::{Panel, Period};
use traction_stats::uncertainty::Law;

use super::check::{Check, CheckName, Held, PARTED, Tested};
use crate::words::counted;

/// Sides that differ by less than this share of what was to be seen differ by little.
const LITTLE: f64 = 0.05;

/// How much less was seen of each unit of a side after than before, as a share of what was to be seen.
#[derive(Default)]
struct Side {
    lost: Vec<f64>,
    /// Seen, and to be seen, from the start on.
    after: (usize, usize),
}

impl Side {
    /// Takes in the unit in `row`, watched from `start` on; passes over one without a period on either side.
    fn watch(&mut self, panel: &Panel, row: usize, start: Period) {
        let place = panel.periods().partition_point(|period| *period < start);
        let n = panel.periods().len();
        let seen =
            |places: std::ops::Range<usize>| places.filter(|t| panel.outcome(row, *t).is_some()).count();
        if place == 0 || place == n {
            return;
        }
        let (before, after) = (seen(0..place), seen(place..n));
        self.lost.push(before as f64 / place as f64 - after as f64 / (n - place) as f64);
        self.after = (self.after.0 + after, self.after.1 + n - place);
    }

    fn mean(&self) -> f64 {
        self.lost.iter().sum::<f64>() / self.lost.len() as f64
    }

    /// Squared error of the mean.
    fn noise(&self) -> f64 {
        let (n, mean) = (self.lost.len() as f64, self.mean());
        self.lost.iter().map(|lost| (lost - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
    }

    fn seen(&self) -> String {
        let (seen, of) = self.after;
        format!("{:.0} %", 100.0 * seen as f64 / of as f64)
    }
}

/// Says whether units that started and units that never did were seen alike; nothing where nobody is missing.
///
/// The test is Welch's, of what each unit lost from before its start to after it; those that never start are watched from
/// the first start on.
///
/// - `seen`: where rows belong to no unit, none can go missing.
/// - `beside`: the method's own checks, one of which may have said it.
pub(super) fn check(panel: &Panel, seen: Seen, beside: &[Check]) -> Option<Check> {
    if seen != Seen::InBoth || beside.iter().any(|check| check.name == CheckName::Attrition) {
        return None;
    }
    let first =
        panel.cohorts().iter().map(|cohort| cohort.start).find(|start| *start > panel.periods()[0])?;
    let (mut started, mut others) = (Side::default(), Side::default());
    for cohort in panel.cohorts() {
        cohort.units.iter().for_each(|row| started.watch(panel, *row, cohort.start));
    }
    panel.never().iter().for_each(|row| others.watch(panel, *row, first));
    let missing = |side: &Side| side.after.1 - side.after.0;
    if missing(&started) + missing(&others) == 0 {
        return None;
    }
    let (n_started, n_others) = (started.lost.len(), others.lost.len());
    if n_started < 2 || n_others < 2 {
        let says = format!(
            "From the start on {} are missing; with fewer than two units on a side it cannot be told whether more of one side \
             than of the other.",
            counted(missing(&started) + missing(&others), "outcome", "outcomes")
        );
        return Some(Check { name: CheckName::Attrition, held: Held::Untested, test: None, says });
    }
    let apart = started.mean() - others.mean();
    let (a, b) = (started.noise(), others.noise());
    let p = match a + b {
        // All of a side lost alike: any difference is one.
        0.0 => f64::from(u8::from(apart == 0.0)),
        noise => {
            let df =
                noise.powi(2) / (a.powi(2) / (n_started as f64 - 1.0) + b.powi(2) / (n_others as f64 - 1.0));
            Law::Student { df }.beyond(apart.abs() / noise.sqrt())
        }
    };
    let seen = format!(
        "From the start on {} of what was to be seen of the units that started was seen, and {} of those that never did",
        started.seen(),
        others.seen()
    );
    let (held, says) = if p < PARTED && apart.abs() >= LITTLE {
        let whom = if apart > 0.0 { "that started" } else { "that never did" };
        let says = format!(
            "{seen}: units {whom} went missing more than chance makes them, and who is missing may be who would have shown \
             another effect. Find out why, and what they would have sent."
        );
        (Held::No, says)
    } else {
        (Held::Yes, format!("{seen}: no more apart than chance makes them."))
    };
    Some(Check { name: CheckName::Attrition, held, test: Some(Tested::by_p(p)), says })
}

#[cfg(test)]
mod tests;
