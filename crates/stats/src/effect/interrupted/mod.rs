//! A lone series with nothing to compare it with: did its line break when something started?
//!
//! The last resort. Units that never start are not looked at; whoever has five of them has a better method. It fits
//! no curves, and seasons only where enough of them were seen before the start.

mod average;
mod checks;
mod refused;
mod seasons;
mod series;
#[cfg(test)]
mod tests;

use crate::effect::Part;
use crate::panel::{Panel, Period};
use crate::uncertainty::{Estimate, Level};
use average::Averaged;
pub use checks::{LeftOver, Season, SeriesChecks};
pub use refused::InterruptedRefused;
pub use seasons::Seasons;
use series::Series;

/// A line is fitted to at least so many periods before the start.
pub const FEWEST_PERIODS_BEFORE: usize = 12;

/// How a break is to be found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InterruptedSettings {
    /// How much of the truth intervals are to hold.
    pub level: Level,
    /// Periods in a season; `None` takes it from the calendar (12 months, 4 quarters, 7 days, 52 weeks) where that
    /// says it.
    pub season: Option<usize>,
}

/// What broke in a series, and how sure that is.
#[derive(Clone, Debug)]
pub struct Interrupted {
    /// When it started.
    pub start: Period,
    /// Whose series it is (rows of the panel): their mean, if several.
    pub units: Vec<usize>,
    /// Periods seen before the start, and from it on.
    pub n_periods: (usize, usize),
    /// The mean over the periods from the start on of the distance from the line before, in the outcome's unit.
    pub overall: Estimate,
    /// The step at the first period with it (exposure 0).
    pub step: Estimate,
    /// How much the slope changed, for each step of exposure; `None` with fewer than three periods after the start,
    /// where the effect is taken to be constant.
    pub bend: Option<Estimate>,
    /// The effect at each exposure from 0 on: step + bend x exposure.
    pub by_exposure: Vec<Part<i64>>,
    /// How seasons were allowed for.
    pub seasons: Seasons,
    /// The series, and the line it would have followed.
    pub points: Vec<Point>,
    /// How alike neighbouring periods' deviations from the line are, 0 to 1: the mean over what the data allow.
    pub autocorrelation: f64,
    /// What the line leaves.
    pub checks: SeriesChecks,
    /// What was left out.
    pub left_out: InterruptedLeftOut,
}

/// One period of the series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub period: Period,
    /// What was seen.
    pub outcome: f64,
    /// What the line before the start, with its season, says for it.
    pub without: f64,
}

/// What was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InterruptedLeftOut {
    /// Units that never start.
    pub n_never: usize,
    /// Units that had it from the first period on.
    pub n_already_started: usize,
    /// Periods in which some started unit was not seen.
    pub n_periods_with_gaps: usize,
}

impl Interrupted {
    /// How weak this is, in a sentence to print beside any number of it.
    pub fn weakness(&self) -> String {
        format!(
            "One series and nothing to compare it with: whatever else changed around {} would look the same, and a \
             line that was about to bend anyway would too.",
            self.start
        )
    }
}

/// The break in the line of the started units' outcome: a step, and a change of slope.
///
/// outcome = level + slope x time + season + step (from the start on) + bend x exposure (from the start on) +
/// deviation, where each deviation keeps a share r of the last. Seasons are fitted where two whole ones or more were
/// seen before the start; how, see [`Seasons`]. Given r it is generalised least squares; r itself is not estimated
/// and then taken for known, as that makes intervals of short series far too short: everything is averaged over r
/// from 0 to 1 in proportion to the residual likelihood, with r's sine spread evenly beforehand.
///
/// - `panel`: units x periods, outcome in its own unit. Several units that start together count as their mean, in
///   periods in which all were seen. Gaps stay gaps: over two steps r counts twice.
/// - Returns effects in the outcome's unit. An interval holds the level's share of the average of Student's laws,
///   centred on their mean, with periods less fitted numbers as degrees of freedom; `se_used` is its half-length over
///   Student's, `se` the average's standard deviation, and the p-value the average's own.
///
/// Assumes that the line would have gone on, that nothing else changed at the start, and deviations that fade alike.
/// Misleads where there are seasons that were not fitted (see `checks`), where the start was chosen because the series was high or low, and
/// with deviations that hardly fade: measured coverage is in docs/methods/interrupted.md.
/// Source: segmented regression: Wagner and others (2002), J. Clin. Pharm. Ther. 27(4), 299-309; seasons in it: Bernal,
/// Cummins and Gasparrini (2017), Int. J. Epidemiology 46(1), 348-355; the residual likelihood: Harville (1974), Biometrika 61(2), 383-385; its average instead of its peak: Berger, Liseo and Wolpert
/// (1999), Statist. Sci. 14(1), 1-28.
///
/// One site alone, and nothing to compare it with: did its line break?
///
/// ```
/// use traction_stats::effect::{self, InterruptedSettings};
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// // A line that rises by 0.5 a month, with some noise; from month 13 on it lies 3 lower.
/// let mut file = "site,month,rate,start\n".to_owned();
/// for month in 1..=18 {
///     let noise = f64::from(month * month % 7 - 3) / 20.0;
///     let step = if month >= 13 { 3.0 } else { 0.0 };
///     file += &format!("a,{month},{},13\n", 20.0 + 0.5 * f64::from(month) + noise - step);
/// }
/// let columns =
///     Columns { unit: "site", period: "month", outcome: "rate", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let found = effect::interrupted(&panel, &InterruptedSettings::default())?;
/// println!("a step of {:.1}. {}", found.step.value, found.weakness());
/// assert!((found.step.value + 3.0).abs() < 0.3);
/// assert_eq!(found.n_periods, (12, 6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn interrupted(panel: &Panel, settings: &InterruptedSettings) -> Result<Interrupted, InterruptedRefused> {
    let season = settings.season.or(checks::season(panel.calendar()));
    let (series, left_out) = Series::of(panel, season)?;
    let (n_before, n_after) = series.n_periods();
    if n_before < FEWEST_PERIODS_BEFORE {
        return Err(InterruptedRefused::TooFewBefore { n_before });
    }
    if n_after == 0 {
        return Err(InterruptedRefused::NothingAfter);
    }
    let averaged = Averaged::of(&series).ok_or(InterruptedRefused::NothingVaries)?;
    let estimate = |combination: &[f64]| averaged.estimate(combination, settings.level);
    let at = |exposure: f64| series.effect_at(exposure);
    let after: Vec<i64> = series.exposures().iter().copied().filter(|exposure| *exposure >= 0).collect();
    let mean_exposure = after.iter().sum::<i64>() as f64 / after.len() as f64;
    let numbers = averaged.numbers();
    let points = series.points().map(|(period, outcome, before)| Point {
        period,
        outcome,
        without: before.iter().zip(&numbers).map(|(a, b)| a * b).sum(),
    });
    Ok(Interrupted {
        start: series.start,
        n_periods: (n_before, n_after),
        overall: estimate(&at(mean_exposure)),
        step: estimate(&at(0.0)),
        bend: series.bend().map(|bend| estimate(&bend)),
        by_exposure: after
            .iter()
            .map(|&exposure| Part { at: exposure, effect: estimate(&at(exposure as f64)) })
            .collect(),
        points: points.collect(),
        autocorrelation: averaged.autocorrelation(),
        seasons: series.seasons(),
        checks: checks::checks(&series, &averaged, season),
        left_out,
        units: series.units,
    })
}
