//! Checks of what a claim rests on, each in one plain sentence.

use traction_stats::uncertainty::{Interval, Wald};

use super::verdict::{BeforeStart, Earlier};

/// Below this p-value of a joint test, the two sides had parted before the start.
pub(super) const PARTED: f64 = 0.05;

/// The checks there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckName {
    /// Did the two sides change alike before the start?
    PreTrends,
    /// How far may trends part before the verdict fails?
    Sensitivity,
    /// Are there two or more units of each start?
    UnitsPerStart,
    /// Is each start an observed period, or does it lie between two?
    StartsBetween,
    /// Was the twin like the unit before the start?
    Fit,
    /// Do the draws' records and the outcomes' starts tell the same?
    Records,
    /// Were winners and losers alike before the draw, as far as a lot makes them?
    Balance,
    /// Was as much seen of the ones as of the others?
    Attrition,
    /// Could units that wait see what others got?
    Contamination,
    /// How often does the lot alone, drawn again, show as much?
    Permutation,
    /// Is something regular left in a lone series?
    LeftOver,
    /// Are there seasons in it?
    Season,
    /// What is the coefficient made of?
    TakenApart,
    /// With few units: by which law are intervals found, and how often did such intervals hold the truth?
    FewUnits,
    /// Were errors found in the way that was asked for?
    Inference,
    /// Do units that never started show as much when they stand in?
    Placebo,
    /// Does the method find anything where nothing had started yet?
    PlaceboStarts,
    /// What would the test before the start have overlooked?
    PreTestPower,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It could not be made.
    Untested,
}

/// A check of what the claim rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// How it came out.
    pub held: Held,
    /// The test behind it, if there was one.
    pub test: Option<Tested>,
    /// One plain sentence.
    pub says: String,
}

/// What a test found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tested {
    /// Its statistic, where it has one.
    pub statistic: Option<f64>,
    /// How many numbers it tests together, where it does.
    pub n_numbers: Option<usize>,
    /// Denominator's degrees of freedom, where the p-value is from an F law.
    pub df_denominator: Option<f64>,
    /// Its p-value.
    pub p: f64,
    /// What it found, where it is a test of one effect.
    pub found: Option<Found>,
}

/// An effect that a check found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// In the outcome's unit of measure.
    pub value: f64,
    /// How far it may be off.
    pub interval: Interval,
}

impl From<Wald> for Tested {
    fn from(wald: Wald) -> Self {
        Tested {
            statistic: Some(wald.statistic),
            n_numbers: Some(wald.df),
            df_denominator: wald.df_denominator,
            p: wald.p,
            found: None,
        }
    }
}

impl Tested {
    /// A test that is known by its p-value alone.
    pub fn by_p(p: f64) -> Self {
        Tested { p, ..Tested::default() }
    }
}

impl Check {
    /// What made-up starts show for the verdict, where it is more than chance makes of nothing.
    pub(super) fn shown_earlier(&self) -> Option<Earlier> {
        let found = self.test?.found.filter(|_| self.held == Held::No)?;
        Some(Earlier { value: found.value, p: found.interval.p })
    }

    /// What a check of the time before the start says for the verdict.
    pub(super) fn before_start(&self) -> BeforeStart {
        match (self.held, self.test) {
            (Held::No, Some(test)) => BeforeStart::Parted { p: test.p },
            (Held::Yes, _) => BeforeStart::Alike,
            _ => BeforeStart::Untested,
        }
    }
}
