//! The sharpest effect that random timing allows: a difference of mean outcomes, less the best multiple of what
//! differed already before.
//!
//! It uses no covariates, weights or clusters, needs each unit in every period, and takes the timing's randomness on
//! trust: see [`group_time`](super::group_time()) where units chose their start, and
//! the risk sets of a draw where one is on record.

mod arms;
mod few;
mod inverted;
mod moments;
mod moved;
mod permuted;
mod refused;
mod summarise;
#[cfg(test)]
mod tests;
mod together;

use super::{Compare, Part, Summary};
use crate::panel::{Panel, Period};
use crate::uncertainty::{Estimate, Level};

pub use crate::uncertainty::permutation::Reach;
use arms::Arms;
use moments::Moments;
pub use permuted::{Estimand, permute_starts, permuted_reach};
pub use refused::EfficientRefused;

/// Which multiple of the difference before the start is taken off the difference after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beta {
    /// The one with the smallest variance under random timing, estimated from the data.
    #[default]
    Best,
    /// None: the difference of means.
    Zero,
    /// All of it: the difference of mean changes.
    One,
}

/// From whose outcomes the best multiple was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BetaFrom {
    /// Nobody's: it was given.
    Given,
    /// Those of each start by themselves.
    EachStart,
    /// Those of all starts together, as if units of all of them varied alike: some start has a handful of units, and a
    /// multiple that suits them best suits their noise.
    AllStarts,
    /// Nobody's: there are too few units to find one, and all of the difference before is taken off.
    TooFew,
}

/// How the efficient estimate is to be found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EfficientSettings {
    /// Which multiple of the difference before is taken off.
    pub beta: Beta,
    /// Which units the starting ones are compared with. [`Compare::Never`]: those that never start, or where there are
    /// none, the last to start, until they do. With beta one that is Sun and Abraham's form, and with
    /// [`Compare::NotYet`] Callaway and Sant'Anna's.
    pub compare: Compare,
    /// How much of the truth intervals are to hold.
    pub level: Level,
}

impl Default for EfficientSettings {
    fn default() -> Self {
        EfficientSettings { beta: Beta::Best, compare: Compare::NotYet, level: Level::default() }
    }
}

/// An effect with what was taken off it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sharpened {
    /// The effect, in the outcome's unit. Its `se` allows for effects that differ in step with outcomes before.
    pub effect: Estimate,
    /// Neyman's standard error, which is too large where effects differ between units; `None` if none is known.
    pub se_neyman: Option<f64>,
    /// The multiple of the difference before the start that was taken off.
    pub beta: f64,
    /// From whose outcomes that was found.
    pub beta_from: BetaFrom,
}

/// Effects summarised along one axis, each with its own multiple.
#[derive(Clone, Debug)]
pub struct SharpenedSummary<K> {
    /// The summary of the parts after the start.
    pub overall: Sharpened,
    /// Which part, ascending, and its effect.
    pub each: Vec<(K, Sharpened)>,
}

impl<K: Copy> SharpenedSummary<K> {
    /// The effects alone.
    pub fn effects(&self) -> Summary<K> {
        let part = |(at, sharpened): &(K, Sharpened)| Part { at: *at, effect: sharpened.effect.clone() };
        Summary { overall: self.overall.effect.clone(), each: self.each.iter().map(part).collect() }
    }
}

/// The effect on the units of one start in one period.
#[derive(Clone, Debug)]
pub struct EfficientCell {
    /// The units' start.
    pub start: Period,
    /// When.
    pub period: Period,
    /// Steps since the start; negative before.
    pub exposure: i64,
    /// Starting units.
    pub n_treated: usize,
    /// Units they are compared with.
    pub n_compared: usize,
    /// The effect. Before the start it is a placebo: 0 up to chance, where timing was random and nobody acted early.
    pub sharpened: Sharpened,
}

/// Covariances of the effects by exposure.
#[derive(Clone, Debug)]
pub struct ExposureCovariance {
    /// Ascending, as in the summary; the base, which has no spread, is not among them.
    pub exposures: Vec<i64>,
    /// Exposures x exposures: as `se` squared.
    pub adjusted: Vec<Vec<f64>>,
    /// Exposures x exposures: as `se_neyman` squared.
    pub neyman: Vec<Vec<f64>>,
}

/// What an efficient estimate leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EfficientLeftOut {
    /// Units that start in or before the first period: chance never held them back within sight.
    pub n_already_started: usize,
    /// Units that lack some period.
    pub n_with_gaps: usize,
}

/// Effects under random timing, with what they rest on.
#[derive(Clone, Debug)]
pub struct Efficient {
    /// By start, within it by period.
    pub cells: Vec<EfficientCell>,
    /// One number: the mean over all starts and periods from the start on, each start weighted by its units.
    pub simple: Sharpened,
    /// By start: the plain mean over its periods; overall, weighted by units.
    pub by_start: SharpenedSummary<Period>,
    /// By period: the mean over starts that have begun, weighted by units; overall, the plain mean.
    pub by_period: SharpenedSummary<Period>,
    /// By exposure: the mean over starts, weighted by units; overall, the plain mean from 0 on.
    pub by_exposure: SharpenedSummary<i64>,
    /// How the effects by exposure vary together.
    pub exposure_covariance: ExposureCovariance,
    /// Starts and their units, ascending; `None` for those that never start.
    pub starts: Vec<(Option<Period>, usize)>,
    /// Starts of a single unit: they have no spread of their own, and are taken to vary as units of other starts do
    /// around their start's mean.
    pub lone_starts: Vec<Option<Period>>,
    /// What was left out.
    pub left_out: EfficientLeftOut,
    /// How it was done.
    pub settings: EfficientSettings,
}

/// Effects where chance dealt the starts over the units.
///
/// Each effect is a weighted sum of mean outcomes of units that started, less the same of units not yet started, less
/// `beta` times the same comparison in the last period before each start, in which nothing can have happened. The best
/// beta is the covariance of the two over the variance of the second, put together from covariances by start.
///
/// - `panel`: units x periods, outcome in its own unit. Units that start in or before the first period, or that lack a
///   period, are left out and counted.
/// - Returns effects in the outcome's unit. `se` is Neyman's standard error, refined by how far effects certainly
///   differ between units (nothing is taken off where that would leave none); below 40 units or 100
///   degrees of freedom intervals use Neyman's error and Student's law, with degrees of freedom that follow from how many
///   units each start has, fewer and the error raised for an estimated beta.
/// - Where some start has a handful of units the best beta is found from the units of all starts together, and with
///   fewer than five to spare it is 1: see [`BetaFrom`].
///
/// Assumes that any unit could have had any start with equal chances, and that nobody acts before the own start.
/// Misleads where starts were chosen: the best beta then trusts what differed before only in part. Standard errors
/// hold for many units of each start.
/// Source: Roth and Sant'Anna (2023), Journal of Political Economy Microeconomics 1(4), 669-709, section 2, with one
/// scalar comparison before the starts for each effect.
///
/// A lot said which wards start when: what did it do?
///
/// ```
/// use traction_stats::effect::{self, EfficientSettings};
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,9,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,11,3\n\
///     c,1,10,4\nc,2,11,4\nc,3,11,4\nc,4,9,4\nd,1,12,4\nd,2,13,4\nd,3,11,4\nd,4,11,4\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let found = effect::efficient(&panel, &EfficientSettings::default())?;
/// println!("{:.1} hours a ward and month", found.simple.effect.value);
/// assert!((found.simple.effect.value + 2.0).abs() < 1e-9);
/// assert_eq!(found.starts.iter().map(|(_, n_units)| *n_units).sum::<usize>(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn efficient(panel: &Panel, settings: &EfficientSettings) -> Result<Efficient, EfficientRefused> {
    let (arms, left_out) = Arms::of(panel)?;
    if settings.beta == Beta::Best && arms.n_units == arms.arms.len() {
        return Err(EfficientRefused::OneUnitEach);
    }
    let moments = Moments::of(panel, &arms);
    Ok(summarise::all(panel, &moments, *settings, left_out))
}
