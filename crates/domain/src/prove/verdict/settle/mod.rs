//! What would settle an open question, from the planner: the fewest further units, or further waves, with which the
//! smallest effect worth having would be found four times in five.
//!
//! The error that was found is taken from here on as the planner's formula says that errors shrink; what the formula
//! takes for known beyond that (every variance) does not matter, since only the ratio of two plans counts. How well the
//! error is known grows with the units that it was found from, and lots can show no more than they have ways to fall.

mod lots;
#[cfg(test)]
mod tests;

pub use lots::Lots;

use traction_stats::panel::Panel;
use traction_stats::power::simulation::history::Past;
use traction_stats::power::stepped_wedge::{Estimand, People, Periods, Schedule, Waves, variance_of_effect};
use traction_stats::power::{Share, Test, Timing, Variance};
use traction_stats::uncertainty::Law;

use super::super::plan::one_more_wave;
use super::{Comparison, Counted, Finding, Good, Words, plain};
use crate::words::Noun;

/// More than this many times the units is no plan.
const TIMES_AT_MOST: usize = 50;
/// Nor are more further waves than this.
const WAVES_AT_MOST: usize = 12;
/// Beyond this many periods further waves are not reckoned: nobody waits for them.
const PERIODS_AT_MOST: usize = 120;
/// Units that further waves are reckoned with, in proportion: only the ratio of two errors counts.
const UNITS_RECKONED: usize = 100;

/// Who started when, from which further waves are reckoned.
#[derive(Clone, Debug, PartialEq)]
pub struct Roll {
    waves: Waves,
    variance: Variance,
}

impl Roll {
    /// The roll-out of a panel; `None` where nobody starts within it who was seen before.
    pub fn of(panel: &Panel) -> Option<Self> {
        let n_periods = panel.periods().len();
        let place = |start| panel.periods().partition_point(|period| *period < start);
        let started: Vec<(usize, usize)> = panel
            .cohorts()
            .iter()
            .map(|cohort| (place(cohort.start), cohort.units.len()))
            .filter(|(start, _)| (1..n_periods).contains(start))
            .collect();
        let n_units = started.iter().map(|(_, n)| n).sum::<usize>() + panel.never().len();
        let share = (UNITS_RECKONED as f64 / n_units.max(1) as f64).min(1.0);
        let scaled = |n: usize| ((n as f64 * share).round() as usize).max(1);
        let n_never = if panel.never().is_empty() { 0 } else { scaled(panel.never().len()) };
        let slots: Vec<usize> = started.iter().map(|(_, n)| scaled(*n)).collect();
        let timing = Timing::new(started.iter().map(|(start, _)| *start).collect(), n_periods).ok()?;
        // Half of the spread lasts where the past does not say.
        let unknown = Variance { lasting: 1.0, own: 1.0, ..Variance::default() };
        Some(Roll {
            waves: Waves { n_units: slots.iter().sum::<usize>() + n_never, slots, timing },
            variance: Past::of(panel).variance().unwrap_or(unknown),
        })
    }

    /// By how much the error shrinks with these waves in the place of its own.
    fn shrinks(&self, waves: &Waves) -> Option<f64> {
        let variance = |waves: &Waves| {
            let schedule = Schedule::of_waves(waves).ok()?;
            let people = People::Same(1.0);
            variance_of_effect(&schedule, &self.variance, &people, &Estimand::Constant, Periods::Free).ok()
        };
        Some((variance(waves)? / variance(&self.waves)?).sqrt())
    }

    /// How many further waves like the last it takes; `None` where units or patience run out first.
    fn further_waves(&self, enough: impl Fn(Grown) -> bool) -> Option<usize> {
        let mut waves = self.waves.clone();
        let n_started = |waves: &Waves| waves.slots.iter().sum::<usize>() as f64;
        for n_waves in 1..=WAVES_AT_MOST {
            waves = one_more_wave(&waves).filter(|waves| waves.timing.n_periods <= PERIODS_AT_MOST)?;
            let known = n_started(&waves) / n_started(&self.waves);
            if enough(Grown { units: 1.0, known, shrinks: self.shrinks(&waves)?, n_waves }) {
                return Some(n_waves);
            }
        }
        None
    }
}

/// What more was done, beside what was.
#[derive(Clone, Copy, Debug)]
struct Grown {
    /// How many times the units there are.
    units: f64,
    /// How many times the degrees of freedom.
    known: f64,
    /// How many times the error.
    shrinks: f64,
    /// Further waves like the last.
    n_waves: usize,
}

impl Grown {
    /// Nothing more.
    const AS_IT_IS: Grown = Grown { units: 1.0, known: 1.0, shrinks: 1.0, n_waves: 0 };

    /// So many times the units, started and waiting ones alike.
    fn of_units(times: f64) -> Self {
        Grown { units: times, known: times, shrinks: (1.0 / times).sqrt(), n_waves: 0 }
    }
}

impl Finding {
    /// How many there are of what chance is dealt to: units, or clusters of them; of a draw, those that it decided about.
    fn n_of_chance(&self) -> usize {
        match self.comparison {
            Comparison::Draw { n_at_risk, .. } => n_at_risk,
            _ => self.n_clusters.unwrap_or(self.n_units),
        }
    }

    /// How often an effect of this size is found with the error that was found.
    fn power(&self, effect: f64, grown: Grown) -> f64 {
        if !self.lots_can_show(grown) {
            return 0.0;
        }
        let law = match self.interval.law {
            Law::Student { df } => Law::Student { df: df * grown.known },
            Law::Normal => Law::Normal,
        };
        Test { level: self.level, law }.power(effect, self.interval.se_used * grown.shrinks)
    }

    /// Whether any deal of the lots would be rare enough, where the interval is from those.
    fn lots_can_show(&self, grown: Grown) -> bool {
        let smallest = self.lots.as_ref().map_or(0.0, |lots| lots.smallest_p(grown.units, grown.n_waves));
        // The level is a double: what rounding makes of one less it is no reason.
        smallest <= (1.0 - self.level.share()) * (1.0 + 1e-9)
    }

    /// How many further units (or clusters) like these it takes; of a twin, further units that start.
    fn further_units(&self, effect: f64) -> Option<usize> {
        let n = match self.comparison {
            Comparison::Twin { n_started, .. } => n_started,
            _ => self.n_of_chance(),
        };
        let power = |more: usize| self.power(effect, Grown::of_units((n + more) as f64 / n as f64));
        let most = n * (TIMES_AT_MOST - 1);
        if power(most) < Share::EIGHTY.share() {
            return None;
        }
        // Power rises with each unit, so that halving finds the first that is enough.
        let (mut few, mut enough) = (0, most);
        while enough - few > 1 {
            let middle = few.midpoint(enough);
            if power(middle) < Share::EIGHTY.share() { few = middle } else { enough = middle }
        }
        Some(enough)
    }
}

impl Words<'_> {
    /// Says how many more units or waves would find what is worth having; where that would be found already, what would
    /// bring the interval clear of what it must be clear of.
    pub(super) fn settling(&self) -> String {
        let (finding, worth) = (self.finding, self.question.worth);
        if let Comparison::Itself { .. } = finding.comparison {
            return "more periods alone would hardly settle it; units to compare with would".to_owned();
        }
        let eighty = Share::EIGHTY.share();
        let can_show = finding.lots_can_show(Grown::AS_IT_IS);
        // What no lot could show now is judged by how far it would be from the line.
        let is_found = !can_show || finding.power(worth, Grown::AS_IT_IS) >= eighty;
        let (effect, what) = if worth > 0.0 && !is_found {
            (worth, format!("would find an effect of {} four times in five", self.measured(&plain(worth))))
        } else {
            (self.margin(), "would settle it four times in five, if it is what it looks like".to_owned())
        };
        let units = finding.further_units(effect).map(|more| {
            let like = match (finding.comparison, finding.n_clusters) {
                (Comparison::Twin { .. }, _) => {
                    Noun::of("unit that starts like it", "units that start like it")
                }
                (_, Some(_)) => Noun::of("cluster like these", "clusters like these"),
                (_, None) if finding.counted == Counted::Rows => {
                    Noun::of("row like these", "rows like these")
                }
                (_, None) => Noun::of("unit like these", "units like these"),
            };
            let more = rounded_up(more);
            format!("about {more} more {}", like.with(more))
        });
        let enough = |grown| finding.power(effect, grown) >= eighty;
        let waves = finding.roll.as_ref().and_then(|roll| roll.further_waves(enough));
        let waves = waves.map(|more| match more {
            1 => "one more wave like the last".to_owned(),
            more => format!("{more} more waves like the last"),
        });
        let few = if can_show {
            ""
        } else {
            "so few units could have drawn these lots that none would be rare, however large the effect: "
        };
        match (units, waves) {
            (Some(units), Some(waves)) => format!("{few}{units}, or {waves}, {what}"),
            (Some(one), None) | (None, Some(one)) => format!("{few}{one} {what}"),
            (None, None) => {
                let like = if finding.n_clusters.is_some() { "clusters" } else { "units" };
                let like = finding.counted.words(like);
                format!("it lies too near the line for more {like} like these to settle it")
            }
        }
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

/// A number of units as precise as it is known: to half of its leading digit, never too small.
fn rounded_up(more: usize) -> usize {
    if more < 10 {
        return more;
    }
    let half = (10usize.pow(more.ilog10()) / 2).max(1);
    more.div_ceil(half) * half
}
