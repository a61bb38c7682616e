//! The gain: what changed between two phases, measured in the noise inside them.
//!
//! It does not ask what made the change, nor whether it is held: the first belongs to a comparison with others, the
//! second to [`super::holding`].

use super::moving_range::{Noise, noise};
use super::{Improve, mean};

/// Fewest readings a phase must have before anything can be said: one moving range.
pub const FEWEST_READINGS: usize = 2;
/// With fewer readings in a phase the answer is provisional.
pub const SETTLED_READINGS: usize = 12;
/// A gain is proven from here on, in standard errors.
const PROVEN_Z: f64 = 2.0;
/// Above this lag-1 autocorrelation the rules cry wolf.
const TOO_SMOOTH: f64 = 0.3;
/// Values nearer than this share of their size are one value that was rounded on the way.
const SAME: f64 = 1e-12;

/// The three phases, each in the order of its periods; the transition belongs to none.
#[derive(Clone, Copy, Debug)]
pub struct Phases<'a> {
    /// Before the change.
    pub before: &'a [f64],
    /// With the change, up to the day the level is frozen.
    pub gained: &'a [f64],
    /// After that day.
    pub watched: &'a [f64],
}

/// Names a phase in a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before the change.
    Before,
    /// With the change, until the level is frozen.
    Gained,
    /// After that.
    Watched,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Phase::Before => "before the change",
            Phase::Gained => "between the change and the freezing of its level",
            Phase::Watched => "since the level was frozen",
        })
    }
}

/// Why two phases cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PhasesRefused {
    /// A phase is too short to have any noise.
    #[error("there are {n} readings {phase}; at least {needed} are needed")]
    TooFew {
        /// Which phase.
        phase: Phase,
        /// How many it has.
        n: usize,
        /// How many it must have.
        needed: usize,
    },
    /// A reading is not a finite number.
    #[error("reading {place} {phase} is not a finite number; leave the period out instead")]
    NotANumber {
        /// Which phase.
        phase: Phase,
        /// 1 is the first reading of the phase.
        place: usize,
    },
}

/// The change of level between two phases. Levels are in the reading's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// Which way is better.
    pub improve: Improve,
    /// Mean before the change.
    pub level_before: f64,
    /// Mean with the change.
    pub level_gained: f64,
    /// Half way between the two.
    pub half_line: f64,
    /// Noise inside both phases, pooled.
    pub noise: Noise,
    /// Readings before the change; `None` when the old level is known without any.
    pub n_before: Option<usize>,
    /// Readings with the change.
    pub n_gained: usize,
    /// The gain in standard deviations of a single reading, positive when better; `None` when nothing varies
    /// inside the phases.
    pub sigmas: Option<f64>,
    /// The gain in its standard errors; `None` when nothing varies inside the phases.
    pub z: Option<f64>,
    /// Correlation of a reading with its predecessor inside the phases, pooled; `None` when nothing varies.
    pub autocorrelation: Option<f64>,
}

/// Whether there is a gain that could be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// At least two standard errors.
    Proven,
    /// Less: there is nothing to hold yet.
    NotProven,
}

/// How far the levels themselves can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Both phases have twelve readings or more.
    Settled,
    /// One has fewer.
    Provisional,
}

/// Whether neighbouring readings are independent enough for the rules' stated rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Smoothness {
    /// They are.
    Fit,
    /// They move together: put them into longer periods first.
    AggregateFirst,
}

impl Gain {
    /// The gain between `phases.before` and `phases.gained`; `phases.watched` is only checked.
    pub fn between(phases: &Phases<'_>, improve: Improve) -> Result<Gain, PhasesRefused> {
        check(&[
            (Phase::Before, phases.before, FEWEST_READINGS),
            (Phase::Gained, phases.gained, FEWEST_READINGS),
            (Phase::Watched, phases.watched, 0),
        ])?;
        let too_few = |phase, n| PhasesRefused::TooFew { phase, n, needed: FEWEST_READINGS };
        let (n_before, n_gained) = (phases.before.len(), phases.gained.len());
        let level_before = mean(phases.before).ok_or(too_few(Phase::Before, n_before))?;
        let level_gained = mean(phases.gained).ok_or(too_few(Phase::Gained, n_gained))?;
        let noise = noise(&[phases.before, phases.gained]).ok_or(too_few(Phase::Gained, n_gained))?;
        let autocorrelation =
            autocorrelation(&[(phases.before, level_before), (phases.gained, level_gained)]);
        Ok(Gain::of(
            improve,
            (level_before, Some(n_before)),
            (level_gained, n_gained),
            noise,
            autocorrelation,
        ))
    }

    /// The gain of `gained` over a level that is known without readings, say 0 where nothing could be used before.
    ///
    /// A flat stretch of known zeros would make the noise look smaller than it is; so it is taken from `gained` alone,
    /// and the old level has no error.
    pub fn above(
        level_before: f64,
        gained: &[f64],
        watched: &[f64],
        improve: Improve,
    ) -> Result<Gain, PhasesRefused> {
        check(&[
            (Phase::Before, &[level_before], 0),
            (Phase::Gained, gained, FEWEST_READINGS),
            (Phase::Watched, watched, 0),
        ])?;
        let too_few =
            PhasesRefused::TooFew { phase: Phase::Gained, n: gained.len(), needed: FEWEST_READINGS };
        let (Some(level_gained), Some(noise)) = (mean(gained), noise(&[gained])) else { return Err(too_few) };
        let autocorrelation = autocorrelation(&[(gained, level_gained)]);
        Ok(Gain::of(improve, (level_before, None), (level_gained, gained.len()), noise, autocorrelation))
    }

    fn of(
        improve: Improve,
        (level_before, n_before): (f64, Option<usize>),
        (level_gained, n_gained): (f64, usize),
        noise: Noise,
        autocorrelation: Option<f64>,
    ) -> Gain {
        let difference = improve.oriented(level_gained) - improve.oriented(level_before);
        let in_noise =
            |scale: f64| if noise.sigma > 0.0 { Some(difference / (noise.sigma * scale)) } else { None };
        Gain {
            improve,
            level_before,
            level_gained,
            half_line: (level_before + level_gained) / 2.0,
            noise,
            n_before,
            n_gained,
            sigmas: in_noise(1.0),
            z: in_noise((share_of(n_before) + 1.0 / n_gained as f64).sqrt()),
            autocorrelation,
        }
    }

    /// The gain in the reading's unit, positive when better.
    pub fn size(&self) -> f64 {
        self.improve.oriented(self.level_gained) - self.improve.oriented(self.level_before)
    }

    /// Whether the gain is at least two standard errors; where nothing varies, whether there is one at all.
    pub fn proof(&self) -> Proof {
        let proven = match self.z {
            Some(z) => z >= PROVEN_Z,
            None => self.size() > self.rounding(),
        };
        if proven { Proof::Proven } else { Proof::NotProven }
    }

    /// Whether both phases are long enough to trust their levels.
    pub fn standing(&self) -> Standing {
        if self.n_shortest() < SETTLED_READINGS { Standing::Provisional } else { Standing::Settled }
    }

    /// Whether the readings should be put into longer periods before any rule is believed.
    pub fn smoothness(&self) -> Smoothness {
        match self.autocorrelation {
            Some(correlation) if correlation > TOO_SMOOTH => Smoothness::AggregateFirst,
            _ => Smoothness::Fit,
        }
    }

    /// Readings of the shorter phase; of the only one where the old level is known.
    pub fn n_shortest(&self) -> usize {
        self.n_before.map_or(self.n_gained, |n_before| n_before.min(self.n_gained))
    }

    /// Variance of the old level, in variances of a single reading.
    pub(crate) fn share_before(&self) -> f64 {
        share_of(self.n_before)
    }

    /// Differences up to this are rounding, in the reading's unit.
    pub(crate) fn rounding(&self) -> f64 {
        SAME * self.level_before.abs().max(self.level_gained.abs())
    }
}

fn share_of(n: Option<usize>) -> f64 {
    n.map_or(0.0, |n| 1.0 / n as f64)
}

/// Refuses what is no number, and phases with fewer readings than each needs.
fn check(phases: &[(Phase, &[f64], usize)]) -> Result<(), PhasesRefused> {
    for &(phase, readings, needed) in phases {
        if let Some(at) = readings.iter().position(|reading| !reading.is_finite()) {
            return Err(PhasesRefused::NotANumber { phase, place: at + 1 });
        }
        if readings.len() < needed {
            return Err(PhasesRefused::TooFew { phase, n: readings.len(), needed });
        }
    }
    Ok(())
}

/// Lag-1 autocorrelation of the residuals from each phase's level, pooled: products within phases over squares.
fn autocorrelation(phases: &[(&[f64], f64)]) -> Option<f64> {
    let mut products = 0.0;
    let mut squares = 0.0;
    for (readings, level) in phases {
        products += readings.windows(2).map(|pair| (pair[0] - level) * (pair[1] - level)).sum::<f64>();
        squares += readings.iter().map(|reading| (reading - level).powi(2)).sum::<f64>();
    }
    let varies = phases.iter().any(|(readings, _)| readings.windows(2).any(|pair| pair[0] != pair[1]));
    if varies { Some(products / squares) } else { None }
}

#[cfg(test)]
mod tests;
