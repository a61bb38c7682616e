//! How far what a claim rests on may fail before the claim does.
//!
//! The intervals are `traction_stats`'; here it is chosen what is asked of them, and said what they mean.

use traction_stats::effect::{
    Bar, BreakDown, Ends, EventStudy, Parting, Robust, SensitivityRefused, SensitivitySettings, break_down,
    robust,
};
use traction_stats::uncertainty::{Interval, Law, Level};

use super::check::{Check, CheckName, Held};
use super::verdict::{Good, Kind, Question};
use super::wish::{Further, Method};

/// How many times what was seen before the start the sides may part, in the intervals that are shown.
const TIMES: [f64; 5] = [0.0, 0.5, 1.0, 1.5, 2.0];

/// How many times the largest bend seen before the start the difference may bend, in the intervals that are shown.
const BENDS: [f64; 4] = [0.0, 0.5, 1.0, 2.0];

/// Below this break-down value a claim is fragile.
pub(super) const FRAGILE: f64 = 0.5;

/// Effects by time since the start with their covariance, all measured from the same base.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Study {
    /// Ascending, without the base.
    pub exposures: Vec<i64>,
    /// In the outcome's unit.
    pub values: Vec<f64>,
    /// Exposures x exposures.
    pub covariance: Vec<Vec<f64>>,
    /// The base's exposure.
    pub base: i64,
}

/// How far trends may part before the claim fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Intervals for the mean effect from the start on, by kind and ascending size.
    pub rows: Vec<Robust>,
    /// By how many times what the sides parted before the start they may part while the claim stays; `None` where
    /// there is no claim to lose.
    pub breaks_down: Option<BreakDown>,
}

/// How far trends may part before the mean effect from the start on no longer carries a verdict of this kind.
pub(super) fn sensitivity(
    study: &Study,
    kind: Kind,
    question: &Question,
    level: Level,
) -> Result<Sensitivity, SensitivityRefused> {
    // References have their ends on a grid; people get them as they are.
    let settings = SensitivitySettings { level, ends: Ends::Exact };
    let n_after = study.exposures.iter().filter(|exposure| **exposure >= 0).count();
    // Between base and start an effect is allowed for where anticipation is: no measure of trends, and not asked for.
    let share = |exposure: &i64| if *exposure >= 0 { 1.0 / n_after as f64 } else { 0.0 };
    let weights: Vec<f64> = study.exposures.iter().filter(|at| **at > study.base).map(share).collect();
    let plain = EventStudy::new(&study.values, &study.covariance, &weights)?;
    let bend = study.largest_bend();
    let partings = TIMES
        .iter()
        .map(|times| Parting::RelativeMagnitudes(*times))
        .chain(BENDS.iter().filter(|_| bend > 0.0).map(|times| Parting::Smoothness(times * bend)));
    let rows = partings.map(|parting| robust(&plain, parting, &settings)).collect::<Result<_, _>>()?;
    let breaks_down = bar(kind, question)
        .map(|bar| break_down(&plain, Parting::RelativeMagnitudes(0.0), bar, &settings))
        .transpose()?;
    Ok(Sensitivity { rows, breaks_down })
}

/// What the interval must stay beyond for the verdict to stay.
fn bar(kind: Kind, question: &Question) -> Option<Bar> {
    Some(match (kind, question.good) {
        (Kind::Works, Good::Up) => Bar::Above(question.worth),
        (Kind::Works, Good::Down) => Bar::Below(-question.worth),
        (Kind::Harms, Good::Up) => Bar::Below(0.0),
        (Kind::Harms, Good::Down) => Bar::Above(0.0),
        _ => return None,
    })
}

/// Says to who asked that nothing tells how far trends may part.
pub(super) fn not_found(method: Method, wanted: Further) -> Option<Check> {
    let says = match method {
        Method::GroupTime | Method::Interaction => {
            "How far trends may part was not found: it needs the spread of every effect by time since the start, which is \
             not known of all."
        }
        Method::RiskSet => {
            "How far trends may part was not asked: the claim rests on the draw and on no trend."
        }
        _ => "How far trends may part was not asked: the methods group-time and interaction alone can tell.",
    };
    open(says, wanted)
}

fn open(says: &str, wanted: Further) -> Option<Check> {
    let check =
        Check { name: CheckName::Sensitivity, held: Held::Untested, test: None, says: says.to_owned() };
    (wanted == Further::Asked).then_some(check)
}

impl Study {
    /// The study with its covariance raised until it gives their mean from the start on the interval that the method does:
    /// with few units that rests on a longer error, on what lone units borrow, and on Student's law in the place of the
    /// normal one, which is all that the intervals here know.
    ///
    /// - `mean`: the method's own interval of the plain mean from the start on.
    pub(super) fn stretched(self, mean: Option<Interval>, level: Level) -> Self {
        let Some(mean) = mean else { return self };
        let after: Vec<usize> = (0..self.exposures.len()).filter(|k| self.exposures[*k] >= 0).collect();
        let sum: f64 = after.iter().flat_map(|i| after.iter().map(|j| self.covariance[*i][*j])).sum();
        let plain = sum.max(0.0).sqrt() / after.len() as f64;
        let stretch = (mean.law.reach(level) * mean.se_used / (Law::Normal.reach(level) * plain)).powi(2);
        if !stretch.is_finite() || stretch <= 1.0 + 1e-9 {
            return self;
        }
        let stretched = |row: &Vec<f64>| row.iter().map(|covariance| covariance * stretch).collect();
        Study { covariance: self.covariance.iter().map(stretched).collect(), ..self }
    }

    /// The largest change of slope between three neighbouring times up to the base.
    fn largest_bend(&self) -> f64 {
        let before = self.exposures.iter().zip(&self.values).filter(|(at, _)| **at < self.base);
        let path: Vec<f64> = before.map(|(_, value)| *value).chain([0.0]).collect();
        path.windows(3).map(|three| (three[2] - 2.0 * three[1] + three[0]).abs()).fold(0.0, f64::max)
    }
}

impl Sensitivity {
    /// The break-down value as a number: 0 where even nothing breaks it.
    pub(super) fn breaks_down_at(&self) -> Option<f64> {
        self.breaks_down.map(|found| match found {
            BreakDown::NotEvenAtZero => 0.0,
            BreakDown::At(times) | BreakDown::MoreThan(times) => times,
        })
    }

    /// What it means, as a check; where nothing is claimed, that is said to who asked.
    pub(super) fn check(&self, wanted: Further) -> Option<Check> {
        let Some(breaks_down) = self.breaks_down else {
            return open(
                "Nothing is claimed, so trends that part could take nothing away; what they would make of the \
                         interval is listed.",
                wanted,
            );
        };
        let says = match breaks_down {
            BreakDown::NotEvenAtZero => {
                "For the mean effect by time since the start, the verdict does not stay even if the sides part no further."
                    .to_owned()
            }
            BreakDown::At(times) => format!(
                "The verdict stays unless the two sides part after the start by more than {times:.1} times the most they \
                 did from one period to the next before."
            ),
            BreakDown::MoreThan(times) => format!(
                "The verdict stays even if the two sides part after the start by {times:.0} times the most they did before."
            ),
        };
        let held = if self.breaks_down_at() >= Some(FRAGILE) { Held::Yes } else { Held::No };
        Some(Check { name: CheckName::Sensitivity, held, test: None, says })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_stays_while_its_interval_stays_beyond_what_it_claims() {
        let question = |good| Question { outcome: "waiting".into(), measure: None, good, worth: 2.0 };
        for (kind, good, expect) in [
            (Kind::Works, Good::Up, Some(Bar::Above(2.0))),
            (Kind::Works, Good::Down, Some(Bar::Below(-2.0))),
            (Kind::Harms, Good::Up, Some(Bar::Below(0.0))),
            (Kind::Harms, Good::Down, Some(Bar::Above(0.0))),
            (Kind::CannotTell, Good::Up, None),
        ] {
            assert_eq!(bar(kind, &question(good)), expect, "{kind:?}, {good:?}");
        }
    }
}
