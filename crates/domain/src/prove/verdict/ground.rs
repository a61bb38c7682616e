//! What a claim rests on: the comparison, the size of the data, what must be believed, and what weakens it.

use traction_stats::effect::Compare;
use traction_stats::panel::Period;

use super::super::figures::p_words;
use super::super::sensitivity::FRAGILE;
use super::super::wish::Told;
use super::{Doubted, Words};
use crate::words::counted;

/// What the starting units were compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Units that never start.
    Never {
        /// How many.
        n_never: usize,
    },
    /// Units that have not started yet, or never do.
    NotYet {
        /// How many of the latter.
        n_never: usize,
    },
    /// What the units that have not started yet, or never do, lead one to expect.
    Expected {
        /// How many of the latter.
        n_never: usize,
    },
    /// Units that stood equal in the same draw and had no slot yet.
    Draw {
        /// In how many draws chance decided.
        n_draws: usize,
        /// Units for which it did.
        n_at_risk: usize,
    },
    /// Units that start later or never, where the times were as good as drawn.
    Timing {
        /// How many of the latter.
        n_never: usize,
        /// Whether those that start later are among them.
        compare: Compare,
    },
    /// A twin put together from units that never start.
    Twin {
        /// Units that start.
        n_started: usize,
        /// Units it is put together from.
        n_donors: usize,
    },
    /// The unit's own course, carried on.
    Itself {
        /// Periods before the start.
        n_before: usize,
    },
}

/// Whether the two sides changed alike before the start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum BeforeStart {
    /// No parting was seen.
    Alike,
    /// They had parted already.
    Parted {
        /// The joint test's p-value.
        p: f64,
    },
    /// Before the start already, what stands for them without it was not like them.
    Unlike(Unlike),
    /// Nothing before the start could test it.
    Untested,
    /// The claim does not rest on it.
    #[default]
    NotNeeded,
}

/// What was not like the started units before their start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// Their twin.
    Twin,
    /// The line through their own course.
    Line,
}

/// What a second method found that does not agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Secondly {
    /// The method, as a reader knows it: "imputation".
    pub method: &'static str,
    /// Its estimate, in the outcome's unit of measure.
    pub value: f64,
}

/// An effect that made-up starts before the true ones show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Earlier {
    /// In the outcome's unit of measure.
    pub value: f64,
    /// Its p-value.
    pub p: f64,
}

/// What weakens a claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doubts {
    /// Whether the two sides changed alike before the start.
    pub before: BeforeStart,
    /// What the same method finds where nothing had started yet, if that is more than chance makes of nothing.
    pub earlier: Option<Earlier>,
    /// A second method, where it disagrees.
    pub secondly: Option<Secondly>,
    /// By how many times what the sides parted before the start they may part after it before the claim breaks down;
    /// `None` where it was not asked, or there is no claim to break down.
    pub breaks_down_at: Option<f64>,
    /// The first period in which others that waited could see what it did.
    pub shown: Option<Period>,
    /// Whether a draw was given that the claim does not rest on.
    pub draw: GivenDraw,
    /// Whether all of this is told.
    pub told: Told,
}

/// What became of the draws that were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GivenDraw {
    /// The claim rests on them, or there is none.
    #[default]
    Heeded,
    /// Their slots start after the last period: the claim rests on something else.
    ToCome,
}

impl Comparison {
    /// In whom the effect is.
    pub(super) fn whom(self) -> &'static str {
        match self {
            Comparison::Twin { n_started: 1, .. } | Comparison::Itself { .. } => "the unit that started",
            Comparison::Draw { .. } => "the units that got a slot",
            _ => "the units that started",
        }
    }

    /// The other side of the comparison.
    pub(super) fn others(self) -> String {
        match self {
            Comparison::Never { n_never: 1 } | Comparison::Timing { n_never: 1, compare: Compare::Never } => {
                "the one unit that never started".to_owned()
            }
            Comparison::Never { n_never } | Comparison::Timing { n_never, compare: Compare::Never } => {
                format!("the {n_never} units that never started")
            }
            Comparison::NotYet { n_never: 0 } | Comparison::Timing { n_never: 0, .. } => {
                "units that started later".to_owned()
            }
            Comparison::NotYet { n_never } | Comparison::Timing { n_never, .. } => {
                format!("units that started later or never ({n_never})")
            }
            Comparison::Expected { n_never: 0 } => {
                "what units that started later lead one to expect".to_owned()
            }
            Comparison::Expected { n_never } => {
                format!("what units that started later or never ({n_never}) lead one to expect")
            }
            Comparison::Draw { .. } => {
                "units that stood equal in the same draw and had no slot yet".to_owned()
            }
            Comparison::Twin { n_donors, .. } => {
                format!("a twin put together from {} that never started", counted(n_donors, "unit", "units"))
            }
            Comparison::Itself { n_before } => {
                format!(
                    "its own course over the {} before, carried on",
                    counted(n_before, "period", "periods")
                )
            }
        }
    }

    /// How much the claim rests on: of `n_units` in all, in a draw those at risk.
    fn size(self, n_units: usize, n_clusters: Option<usize>) -> String {
        let units = counted(n_units, "unit", "units");
        match (self, n_clusters) {
            (Comparison::Draw { n_draws, n_at_risk }, _) => format!(
                "{} in {}, of {n_units}",
                counted(n_at_risk, "unit", "units"),
                counted(n_draws, "draw", "draws")
            ),
            (_, Some(n)) => format!("{units} in {}", counted(n, "cluster", "clusters")),
            (_, None) => units,
        }
    }

    /// What must be believed; `None` where the draw itself carries the claim.
    fn provided(self) -> Option<&'static str> {
        match self {
            Comparison::Never { .. } | Comparison::NotYet { .. } | Comparison::Expected { .. } => {
                Some("both would have changed alike without it")
            }
            Comparison::Timing { .. } => Some("who started when was as good as drawn by lot"),
            Comparison::Twin { .. } => Some("the twin would have gone on like it"),
            Comparison::Itself { .. } => {
                Some("nothing else changed at that time, which nothing here can test")
            }
            Comparison::Draw { .. } => None,
        }
    }
}

impl Words<'_> {
    /// The comparison, the size of the data, what must be believed, and what weakens it.
    pub(super) fn ground(&self) -> String {
        let finding = self.finding;
        let mut ground = format!(
            "compared with {} ({}, {})",
            finding.counted.others(finding.comparison),
            finding.counted.words(&finding.comparison.size(finding.n_units, finding.n_clusters)),
            counted(finding.n_periods, "period", "periods")
        );
        if let Some(provided) = finding.comparison.provided() {
            ground.push_str(&format!(", provided that {provided}"));
        }
        match finding.doubts.before {
            BeforeStart::Alike | BeforeStart::NotNeeded => {}
            BeforeStart::Parted { p } => ground.push_str(&format!(
                ", which is doubtful because they had parted before the start ({})",
                p_words(p)
            )),
            BeforeStart::Unlike(Unlike::Twin) => {
                ground.push_str(", which is doubtful because the twin was not like it before the start either");
            }
            BeforeStart::Unlike(Unlike::Line) => ground.push_str(
                ", and its course before the start already had more to it than was allowed for, so that the interval is \
                 too short",
            ),
            BeforeStart::Untested => ground.push_str(", which nothing before the start could test"),
        }
        if let Some(breaks_down_at) = finding.doubts.breaks_down_at.filter(|value| *value < FRAGILE) {
            ground.push_str(&match breaks_down_at {
                none if none < 0.05 => ", and it breaks down once they part at all".to_owned(),
                times => {
                    format!(", and it breaks down once they part by {times:.1} times what they did before")
                }
            });
        }
        if let Some(Earlier { value, p }) = finding.doubts.earlier {
            let what = if finding.is_off() && value * finding.value < 0.0 {
                ", the other way round: the sides did not go alike before"
            } else {
                " already, so that part of it may have been there before"
            };
            let value = self.measured(&self.figures.say(value));
            ground.push_str(&format!("; starts made up earlier show {value} ({}){what}", p_words(p)));
        }
        if !finding.is_borne_out() {
            let p = p_words(finding.interval.p);
            ground.push_str(&format!(
                "; but lots dealt again show as much too often to call it an effect ({p})"
            ));
        }
        if let Some(second) = &finding.doubts.secondly {
            ground.push_str(&format!(
                "; a second method ({}) disagrees and finds {}",
                second.method,
                self.measured(&self.figures.say(second.value))
            ));
        }
        if Doubted::of(&finding.doubts_of(self.kind)) == Doubted::Strongly {
            ground
                .push_str("; all three together speak for sides that differed anyway, and against an effect");
        }
        if (finding.doubts.draw, finding.doubts.told) == (GivenDraw::ToCome, Told::All) {
            ground.push_str(
                "; no draw carries this, since the slots of those given start after the last period",
            );
        }
        if let (Some(at), Told::All) = (finding.doubts.shown, finding.doubts.told) {
            ground.push_str(&format!(
                "; from {at} on others could see what it did, so that the effect may be larger than it looks"
            ));
        }
        ground
    }
}
