//! Two poles that need each other: which one suffers, and when to rock to it.
//!
//! The rule's merit is that it adapts to the speed at which a neglected pole fades, not that it is optimal. It does
//! not decide whether two goals are poles at all; [`opposition`] is one sign of that.

use super::Improve;
use super::half_way::{Counted, Rule};

/// Fewest periods between two rocks.
pub const DWELL: usize = 5;
/// Fewest periods after a rock before a pole under its floor calls for the next.
const DWELL_UNDER_FLOOR: usize = 2;
/// The floor is looked at over so many last readings, of which so many must be under it.
const FLOOR_RULE: Rule = Rule { window: 3, needed: 2 };

/// One pole's metric, and two levels that people set beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pole {
    healthy: f64,
    floor: f64,
    improve: Improve,
    rule: Rule,
}

/// Why two levels make no pole.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PoleRefused {
    /// The healthy level is not better than the floor.
    #[error(
        "the healthy level must be better than the floor; exchange them, or say that the other direction is better"
    )]
    NotInOrder,
    /// One reading's noise spans both.
    #[error(
        "the healthy level and the floor are less than one standard deviation of a reading ({sigma}) apart; set them further apart or measure over longer periods"
    )]
    TooClose {
        /// Standard deviation of a single reading.
        sigma: f64,
    },
}

impl Pole {
    /// A pole with these levels; `sigma` is the standard deviation of a single reading of its metric.
    ///
    /// It slips by the half-way rule with the floor as old level and the healthy level as new one. With a sigma of 0
    /// the shortest window serves.
    pub fn new(healthy: f64, floor: f64, sigma: f64, improve: Improve) -> Result<Pole, PoleRefused> {
        let apart = improve.oriented(healthy) - improve.oriented(floor);
        if apart.is_nan() || apart <= 0.0 {
            return Err(PoleRefused::NotInOrder);
        }
        let sigmas = if sigma > 0.0 { apart / sigma } else { f64::MAX };
        let rule = Rule::for_sigmas(sigmas).ok_or(PoleRefused::TooClose { sigma })?;
        Ok(Pole { healthy, floor, improve, rule })
    }

    /// The half-way rule that watches it.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Whether it slips at the last of `readings`; without readings it does not.
    pub fn condition(&self, readings: &[f64]) -> Condition {
        let half = (self.healthy + self.floor) / 2.0;
        if self.met(self.rule, half, readings) { Condition::Slipping } else { Condition::Fine }
    }

    /// How many of the last readings (as many as its rule looks at) are past half way to the floor.
    pub fn count(&self, readings: &[f64]) -> Counted {
        self.counted(self.rule, (self.healthy + self.floor) / 2.0, readings)
    }

    fn under_floor(&self, readings: &[f64]) -> bool {
        self.met(FLOOR_RULE, self.floor, readings)
    }

    fn met(&self, rule: Rule, line: f64, readings: &[f64]) -> bool {
        self.counted(rule, line, readings).n_past >= rule.needed
    }

    fn counted(&self, rule: Rule, line: f64, readings: &[f64]) -> Counted {
        let window = &readings[readings.len().saturating_sub(rule.window)..];
        let worse = |reading: &&f64| self.improve.oriented(**reading) < self.improve.oriented(line);
        Counted { n_past: window.iter().filter(worse).count(), n_looked_at: window.len() }
    }
}

/// Whether a pole slips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It does not.
    Fine,
    /// Nearly all of its last readings are nearer to the floor than to the healthy level.
    Slipping,
}

/// One of the two poles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    Left,
    /// The second.
    Right,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// How the two poles stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// Neither slips.
    Balanced,
    /// The other pole slips while this one does not.
    OverFocus(Side),
    /// Both slip: something they share is wrong.
    BothSlipping,
}

/// Which pole has the attention, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// That pole.
    pub on: Side,
    /// Periods since the last rock, 1 in the first period after it; `None` when there was none.
    pub periods_since_rock: Option<usize>,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Stay where the attention is.
    Stay(Stay),
    /// Turn to the other pole.
    Rock(Rock),
    /// Rocking will not help: look for what both share.
    Escalate,
}

/// Why to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// Neither pole slips.
    NothingSlips,
    /// The pole that slips is the one that has the attention.
    AlreadyThere,
    /// The last rock has not had time to work.
    TooSoon {
        /// Periods to wait before the next rock.
        periods: usize,
    },
}

/// Why to rock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rock {
    /// The other pole slips, and this one has had its time.
    OverFocus,
    /// The other pole is under its floor: at once.
    UnderFloor,
}

/// One pole with its readings, in their order.
#[derive(Clone, Copy, Debug)]
pub struct Live<'a> {
    /// The pole.
    pub pole: &'a Pole,
    /// Its metric until now.
    pub readings: &'a [f64],
}

/// How the poles stand at the last reading of each.
pub fn balance(left: Live<'_>, right: Live<'_>) -> Balance {
    match (left.pole.condition(left.readings), right.pole.condition(right.readings)) {
        (Condition::Fine, Condition::Fine) => Balance::Balanced,
        (Condition::Fine, Condition::Slipping) => Balance::OverFocus(Side::Left),
        (Condition::Slipping, Condition::Fine) => Balance::OverFocus(Side::Right),
        (Condition::Slipping, Condition::Slipping) => Balance::BothSlipping,
    }
}

/// What to do at the last reading.
///
/// Rock when the pole without attention slips, the other does not, and the last rock is [`DWELL`] periods (or the
/// longer window of the two rules) ago; at once, after two periods, when two of its last three readings are under
/// its floor. Never when both slip.
///
/// Source: our own operational rule; see docs/methods/momentum-and-rocking.md.
pub fn advise(left: Live<'_>, right: Live<'_>, focus: Focus) -> Advice {
    let neglected = match focus.on {
        Side::Left => right,
        Side::Right => left,
    };
    let dwell = DWELL.max(left.pole.rule.window).max(right.pole.rule.window);
    let waits = |periods: usize| periods.saturating_sub(focus.periods_since_rock.unwrap_or(periods));
    let stands = balance(left, right);
    let attended_slips = stands == Balance::OverFocus(focus.on.other()) || stands == Balance::BothSlipping;
    if stands == Balance::OverFocus(focus.on) && waits(dwell) == 0 {
        return Advice::Rock(Rock::OverFocus);
    }
    if !attended_slips && neglected.pole.under_floor(neglected.readings) && waits(DWELL_UNDER_FLOOR) == 0 {
        return Advice::Rock(Rock::UnderFloor);
    }
    match stands {
        Balance::BothSlipping => Advice::Escalate,
        Balance::Balanced => Advice::Stay(Stay::NothingSlips),
        Balance::OverFocus(side) if side == focus.on => Advice::Stay(Stay::TooSoon { periods: waits(dwell) }),
        Balance::OverFocus(_) => Advice::Stay(Stay::AlreadyThere),
    }
}

/// How two metrics' steps from period to period go together, each turned so that up is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opposition {
    /// Their correlation, -1 to 1.
    pub correlation: f64,
    /// Its 95 % interval's lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// What an [`Opposition`] bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// Shown to pull against each other, as poles do.
    Against,
    /// Shown to go the same way.
    Along,
    /// The interval holds 0.
    CannotBeTold,
}

impl Opposition {
    /// What it bears: nothing, unless the interval excludes 0.
    pub fn pull(&self) -> Pull {
        if self.high < 0.0 {
            Pull::Against
        } else if self.low > 0.0 {
            Pull::Along
        } else {
            Pull::CannotBeTold
        }
    }
}

/// Correlation of the two metrics' steps from period to period, with its 95 % interval.
///
/// The interval is Fisher's (1921, `Metron` 1), on the scale of the inverse hyperbolic tangent, widened after Bartlett
/// (1946, `JRSS` Supplement 8): where readings scatter around a level, two steps that follow each other share a
/// reading and correlate by -1/2, so that the variance is `1 + 2 (1/2)²` times that of independent steps. Where the
/// level itself wanders, steps are less dependent and the interval is too wide.
///
/// It can mislead where something outside moves both metrics, or where each answers the other a period later.
///
/// - `left`, `right`: readings of the same periods.
/// - Returns `None` with fewer than five common readings, or when one of them never moves.
pub fn opposition(left: Live<'_>, right: Live<'_>) -> Option<Opposition> {
    const STEPS_DEPEND: f64 = 1.5;
    const NORMAL_975: f64 = 1.959_963_984_540_054;
    let steps = |live: Live<'_>| -> Vec<f64> {
        let turned: Vec<f64> =
            live.readings.iter().map(|reading| live.pole.improve.oriented(*reading)).collect();
        turned.windows(2).map(|pair| pair[1] - pair[0]).collect()
    };
    let (a, b) = (steps(left), steps(right));
    if a.len() < 4 || a.len() != b.len() {
        return None;
    }
    let (mean_a, mean_b) = (super::mean(&a)?, super::mean(&b)?);
    let sums = a.iter().zip(&b).fold((0.0, 0.0, 0.0), |(ab, aa, bb), (x, y)| {
        let (x, y) = (x - mean_a, y - mean_b);
        (ab + x * y, aa + x * x, bb + y * y)
    });
    let (ab, aa, bb) = sums;
    if aa <= 0.0 || bb <= 0.0 {
        return None;
    }
    let correlation = (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0);
    let half = NORMAL_975 * (STEPS_DEPEND / (a.len() as f64 - 3.0)).sqrt();
    let at = |z: f64| z.tanh();
    let z = correlation.atanh();
    Some(Opposition { correlation, low: at(z - half), high: at(z + half) })
}

#[cfg(test)]
mod tests;
