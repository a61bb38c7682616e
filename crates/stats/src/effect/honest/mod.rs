//! How far what is assumed may fail before the answer changes: intervals that hold although trends part.
//!
//! It takes effects by time with their covariance, from whichever method, and knows no panel. It says nothing on
//! how far trends *do* part: the periods before the start are only a measure.

mod break_down;
mod critical;
mod path;
mod relative;
mod smooth;
mod study;
#[cfg(test)]
mod tests;

use crate::uncertainty::Level;
pub use break_down::{Bar, BreakDown, break_down};
pub use study::{Asked, EventStudy, SensitivityRefused};

/// How far trends may part after the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Parting {
    /// From one period to the next by at most so many times the largest step between neighbouring periods before the
    /// start. 0: not at all; 1: as badly as before.
    RelativeMagnitudes(f64),
    /// Along a line, before the start and after, that bends from one period to the next by at most so much, in the
    /// outcome's unit. 0: along a straight line.
    Smoothness(f64),
}

/// Which end points are sought for [`Parting::RelativeMagnitudes`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// The outermost of 1,000 values from -20 to 20 standard errors that are not rejected, as R `HonestDiD` has them:
    /// up to 0.04 standard errors too far inside, and cut at 20 of them.
    #[default]
    OnGrid,
    /// To a millionth of a standard error, however far out.
    Exact,
}

/// How intervals are to be found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SensitivitySettings {
    /// How much of the truth intervals are to hold.
    pub level: Level,
    /// Which end points are sought.
    pub ends: Ends,
}

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// Here.
    At(f64),
    /// At the edge of what was searched or beyond it: at least this far out.
    Beyond(f64),
}

impl End {
    /// The end, or the edge beyond which it lies.
    pub fn value(self) -> f64 {
        match self {
            End::At(value) | End::Beyond(value) => value,
        }
    }
}

/// An interval that holds the truth although trends part so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Robust {
    /// How far they may.
    pub parting: Parting,
    /// The lower end, in the outcome's unit.
    pub low: End,
    /// The upper end.
    pub high: End,
}

/// The interval for the weighted effect that holds as often as `settings.level` says if trends part by no more than
/// `parting`.
///
/// - [`Parting::RelativeMagnitudes`]: the values that a conditional and least-favourable test of the moment
///   inequalities does not reject, a tenth of the error spent on its first step ("C-LF"). The inequalities' dual has
///   few corners here, so that nothing is simulated and no programme solved: critical values are integrals.
/// - [`Parting::Smoothness`]: the shortest interval of fixed length around a weighted sum of all effects that allows
///   for that sum's largest bias ("FLCI"). It is near the shortest there is, and says nothing false if trends bend
///   less than allowed.
///
/// Assumes normal effects with the covariance given, and the limit on the parting. Misleads where the periods before
/// are few and noisy: the largest step among them is then mostly noise. With fewer than 40 units the covariance
/// itself is uncertain, and intervals are somewhat too short.
/// Source: Rambachan and Roth (2023), Rev. Econ. Stud. 90(5), 2555-2591; Andrews, Roth and Pakes (2023), Rev. Econ.
/// Stud. 90(6), 2763-2791; Armstrong and Kolesár (2018), Econometrica 86(2), 655-683.
///
/// ```
/// use traction_stats::effect::{EventStudy, Parting, SensitivitySettings, robust};
///
/// // Effects two and one period before the base, and two after it; independent, of variance 0.04 each.
/// let covariance: Vec<Vec<f64>> =
///     (0..4).map(|i| (0..4).map(|j| if i == j { 0.04 } else { 0.0 }).collect()).collect();
/// let study = EventStudy::new(&[0.1, -0.1, 2.0, 2.2], &covariance, &[0.5, 0.5])?;
/// let strict = robust(&study, Parting::RelativeMagnitudes(0.0), &SensitivitySettings::default())?;
/// let loose = robust(&study, Parting::RelativeMagnitudes(1.0), &SensitivitySettings::default())?;
/// assert!(loose.low.value() < strict.low.value() && strict.low.value() > 0.0);
/// # Ok::<(), traction_stats::effect::SensitivityRefused>(())
/// ```
pub fn robust(
    study: &EventStudy,
    parting: Parting,
    settings: &SensitivitySettings,
) -> Result<Robust, SensitivityRefused> {
    let (Parting::RelativeMagnitudes(most) | Parting::Smoothness(most)) = parting;
    if !(most >= 0.0 && most.is_finite()) {
        return Err(SensitivityRefused::NotALimit);
    }
    let (low, high) = match parting {
        Parting::RelativeMagnitudes(times) => relative::ends(study, times, settings),
        Parting::Smoothness(bend) => smooth::ends(study, bend, settings.level),
    };
    Ok(Robust { parting, low, high })
}
