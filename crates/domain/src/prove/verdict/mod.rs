//! The answer to "did it work?": one of five kinds, in one plain sentence.
//!
//! It judges an estimate against 0 and against the smallest effect worth having. It finds no estimate itself.

mod counted;
mod doubted;
mod ground;
mod settle;
#[cfg(test)]
mod tests;

use traction_stats::uncertainty::{Interval, Level};

pub use counted::Counted;
pub use doubted::{Doubt, Doubted};
pub use ground::{BeforeStart, Comparison, Doubts, Earlier, GivenDraw, Secondly, Unlike};
pub use settle::{Lots, Roll};

use super::figures::{Figures, in_percent};

/// Which way is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Good {
    /// More is better.
    #[default]
    Up,
    /// Less is better.
    Down,
}

/// What is asked of the data: the outcome in words, and what would be worth having.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The outcome's name, as the sentence begins: "Sickness absence".
    pub outcome: String,
    /// Its unit of measure: "days a month".
    pub measure: Option<String>,
    /// Which way is good.
    pub good: Good,
    /// The smallest effect worth having, in the good direction, in the unit of measure; 0 or more.
    pub worth: f64,
}

/// An estimate with what a sentence on it must name.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The effect, in the outcome's unit of measure.
    pub value: f64,
    /// How far it may be off.
    pub interval: Interval,
    /// How much of the truth the interval is to hold.
    pub level: Level,
    /// What the starting units were compared with.
    pub comparison: Comparison,
    /// Units it rests on.
    pub n_units: usize,
    /// Whether those are units.
    pub counted: Counted,
    /// In how many clusters they are, where chance is dealt to those; `None` where each unit stands for itself.
    pub n_clusters: Option<usize>,
    /// Periods it rests on.
    pub n_periods: usize,
    /// What weakens the claim.
    pub doubts: Doubts,
    /// Who started when, from which further waves are reckoned.
    pub roll: Option<Roll>,
    /// The lots by which the interval was found, where it was.
    pub lots: Option<Lots>,
}

/// The five kinds of verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The interval lies wholly beyond what was hoped for, in the good direction.
    Works,
    /// The interval lies wholly on the bad side of 0.
    Harms,
    /// The interval lies wholly within what would not be worth it.
    NoWorthwhileEffect,
    /// Anything else.
    CannotTell,
    /// The data cannot carry a claim.
    Refused,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which of the five.
    pub kind: Kind,
    /// One plain sentence.
    pub says: String,
    /// What weakens it; the sentence tells each.
    pub doubts: Vec<Doubt>,
}

/// The verdict where the data cannot carry a claim; `why` says what would make it possible.
pub fn refused(why: &dyn std::fmt::Display) -> Verdict {
    Verdict { kind: Kind::Refused, says: format!("No claim can be made: {why}."), doubts: Vec::new() }
}

/// Judges a finding: against 0, and against the smallest effect worth having.
pub fn verdict(finding: &Finding, question: &Question) -> Verdict {
    let (low, high) = match question.good {
        Good::Up => (finding.interval.low, finding.interval.high),
        Good::Down => (-finding.interval.high, -finding.interval.low),
    };
    let worth = question.worth;
    let kind = if low > worth {
        Kind::Works
    } else if high < 0.0 {
        Kind::Harms
    } else if -worth < low && high < worth {
        Kind::NoWorthwhileEffect
    } else {
        Kind::CannotTell
    };
    // What chance, dealt again, shows as often as not leaves the question open, whatever an interval by formula says.
    let kind = match kind {
        Kind::Works | Kind::Harms if !finding.is_borne_out() => Kind::CannotTell,
        kind => kind,
    };
    // An interval that is known not to hold what it says carries no claim.
    let kind = match (kind, finding.doubts.before) {
        (Kind::Refused, _) => Kind::Refused,
        (_, BeforeStart::Unlike(_)) => Kind::CannotTell,
        (kind, _) => kind,
    };
    let words = Words { finding, question, figures: Figures::of(finding.interval.se_used), kind };
    let says = match kind {
        Kind::Works => words.works(),
        Kind::Harms => words.harms(),
        Kind::NoWorthwhileEffect => words.no_worthwhile_effect(),
        Kind::CannotTell | Kind::Refused => words.cannot_tell(),
    };
    Verdict { doubts: finding.doubts_of(kind), kind, says }
}

impl Finding {
    /// Whether the interval leaves no doubt of a rise or a fall.
    fn is_off(&self) -> bool {
        self.interval.low > 0.0 || self.interval.high < 0.0
    }

    /// Whether the p-value bears out what the interval says of 0. They part where the one is from dealing the lots again,
    /// and the other by formula.
    fn is_borne_out(&self) -> bool {
        // The level is a double: what rounding makes of one less it is no reason.
        !self.is_off() || self.interval.p <= (1.0 - self.level.share()) * (1.0 + 1e-9)
    }
}

struct Words<'a> {
    finding: &'a Finding,
    question: &'a Question,
    figures: Figures,
    kind: Kind,
}

impl Words<'_> {
    fn works(&self) -> String {
        let hoped = match self.question.worth {
            worth if worth > 0.0 => format!("; at least {} was hoped for", self.measured(&plain(worth))),
            _ => String::new(),
        };
        format!("{} {}, {}{hoped}.", self.question.outcome, self.moved(), self.ground())
    }

    fn harms(&self) -> String {
        format!("{} got worse: it {}, {}.", self.question.outcome, self.moved(), self.ground())
    }

    fn no_worthwhile_effect(&self) -> String {
        format!(
            "{} changed by less than the {} that would be worth it: it {}, {}.",
            self.question.outcome,
            self.measured(&plain(self.question.worth)),
            self.moved(),
            self.ground(),
        )
    }

    fn cannot_tell(&self) -> String {
        let asked = match self.question.worth {
            worth if worth > 0.0 => format!(
                "Whether {} changed by a worthwhile {}",
                self.question.outcome,
                self.measured(&plain(worth))
            ),
            _ => format!("Whether {} changed", self.question.outcome),
        };
        let settling = match self.finding.doubts.before {
            BeforeStart::Unlike(Unlike::Twin) => {
                "units to compare with that were more like it before the start would settle it".to_owned()
            }
            BeforeStart::Unlike(Unlike::Line) => {
                "units to compare with, or more periods before the start, would settle it".to_owned()
            }
            _ => self.settling(),
        };
        format!("{asked} cannot be told: it {}, {}; {settling}.", self.moved(), self.ground())
    }

    /// "fell by 1.4 days a month in the units that started (95 % interval 0.8 to 2.0)".
    fn moved(&self) -> String {
        let (value, interval) = (self.finding.value, self.finding.interval);
        let one_sided = self.finding.is_off();
        let say = |number| self.figures.say(number);
        // A fall is told as a positive number, and its interval with it, when the interval leaves no doubt that it is one.
        let (verb, amount, low, high) = match (one_sided, value < 0.0) {
            (true, true) => ("fell by", -value, -interval.high, -interval.low),
            (true, false) => ("rose by", value, interval.low, interval.high),
            (false, _) => ("moved by", value, interval.low, interval.high),
        };
        let level = in_percent(self.finding.level.share());
        format!(
            "{verb} {} in {} ({level} % interval {} to {})",
            self.measured(&say(amount)),
            self.finding.counted.whom(self.finding.comparison),
            say(low),
            say(high),
        )
    }

    fn measured(&self, number: &str) -> String {
        match &self.question.measure {
            Some(measure) => format!("{number} {measure}"),
            None => number.to_owned(),
        }
    }
}

/// A number as somebody typed it.
fn plain(number: f64) -> String {
    match number.abs() {
        // So large or so small, nobody typed it in digits.
        size if size > 0.0 && !(1e-6..1e15).contains(&size) => format!("{number:e}"),
        _ => format!("{number}"),
    }
}
