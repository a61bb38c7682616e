//! One or few started units compared with a synthetic twin: a weighted mean of units that never start.
//!
//! Two twins: synthetic difference-in-differences, and the synthetic control. Chance is judged by letting donors
//! stand in for the started units. It uses no covariates, sampling weights or clusters, and no units that start later.

mod fit;
mod placebo;
mod pool;
mod refused;
mod simplex;
#[cfg(test)]
mod tests;

use crate::effect::Part;
use crate::panel::{Cohort, Panel, Period};
use crate::uncertainty::{Estimate, Law, Level, Spread, WhyUnknown};
pub use fit::Penalties;
use fit::{Scene, deviation, fit, mean};
pub use refused::SyntheticRefused;

/// A twin is made of at least so many units that never start.
pub const FEWEST_DONORS: usize = 5;
/// More donors than this need no twin.
pub const MOST_DONORS: usize = 1_000;
/// A twin is fitted to at least so many periods before the start.
pub const FEWEST_BEFORE: usize = 8;

/// What the started units are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Twin {
    /// A twin that moves alike, at whatever lasting distance, from the periods before the start that are most like
    /// those after it. Source: Arkhangelsky and others (2021).
    #[default]
    DifferenceInDifferences,
    /// A twin that is as high. Source: Abadie, Diamond and Hainmueller (2010).
    Control,
}

/// How weights are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Solver {
    /// At most 10,000 of Frank and Wolfe's steps, after 100 of which small weights are set to 0, as the paper's
    /// authors do: nearly the optimum, and what others' numbers are.
    #[default]
    Iterate,
    /// The optimum.
    Exact,
}

/// How a twin is to be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SyntheticSettings {
    /// What the started units are compared with.
    pub twin: Twin,
    /// How weights are found.
    pub solver: Solver,
    /// How much of the truth intervals are to hold.
    pub level: Level,
    /// Seeds the draw of stand-ins where there are more than 1,000 groups of them, or more than 250 donors.
    pub seed: u64,
}

impl Default for SyntheticSettings {
    fn default() -> Self {
        SyntheticSettings {
            twin: Twin::default(),
            solver: Solver::default(),
            level: Level::default(),
            seed: 1,
        }
    }
}

/// Effects of all starts.
#[derive(Clone, Debug)]
pub struct Synthetic {
    /// The mean over all cells with the treatment: each start weighs by its units times its periods after the start.
    pub overall: Estimate,
    /// Each start with its twin, ascending.
    pub starts: Vec<Twinned>,
    /// By exposure, ascending, also before the start: the mean over starts seen at it, weighted by their units.
    pub by_exposure: Vec<Part<i64>>,
    /// Units (rows of the panel) that never start and were seen throughout.
    pub donors: Vec<usize>,
    /// What was left out.
    pub left_out: SyntheticLeftOut,
    /// How it was done.
    pub settings: SyntheticSettings,
}

/// What was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyntheticLeftOut {
    /// Units that never start but lack some period.
    pub n_donors_with_gaps: usize,
    /// Started units that lack some period, beside others of their start that do not.
    pub n_started_with_gaps: usize,
    /// Starts that could not be compared, and why.
    pub starts: Vec<(Period, SyntheticRefused)>,
}

/// The units of one start, their twin, and what chance alone would have shown.
#[derive(Clone, Debug)]
pub struct Twinned {
    /// When they started.
    pub start: Period,
    /// They, as rows of the panel.
    pub units: Vec<usize>,
    /// The mean effect after the start, in the outcome's unit.
    pub effect: Estimate,
    /// Periods before the start, and from it on.
    pub n_periods: (usize, usize),
    /// The twin's weight on each donor, in the donors' order: none negative, one in all.
    pub unit_weights: Vec<f64>,
    /// The weight of each period before the start; all 0 for the synthetic control.
    pub period_weights: Vec<f64>,
    /// Distance from the twin by exposure, from the weighted mean of the same before the start; over all periods.
    pub curve: Vec<(i64, f64)>,
    /// Root of the mean squared distance from the twin before the start, and from it on. For
    /// differences-in-differences beyond the mean distance before.
    pub rmspe: (f64, f64),
    /// Each donor, or group of as many donors as units started, in the started units' place.
    pub placebos: Vec<Placebo>,
    /// The share of estimates as far from 0 as this one, among it and all placebos.
    pub placebo_p: f64,
    /// The share of ratios of the two distances as large as this one, among it and all placebos: a placebo that its
    /// twin never fitted does not count for much here.
    pub ratio_p: f64,
    /// How strongly weights were drawn together.
    pub penalties: Penalties,
}

/// Donors in the place of started units.
#[derive(Clone, Debug, PartialEq)]
pub struct Placebo {
    /// Places in the list of donors.
    pub donors: Vec<usize>,
    /// What looks like an effect.
    pub value: f64,
    /// By period.
    pub curve: Vec<f64>,
    /// As of the started units.
    pub rmspe: (f64, f64),
}

/// Effect on the started units, each start's against its own synthetic twin.
///
/// The twin's weights are none negative, add up to one, and make its past like that of the started units' mean:
/// least mean squared distance before the start plus penalty^2 times the sum of squared weights. For
/// differences-in-differences at whatever lasting distance, with penalty (units x periods with the treatment)^(1/4)
/// times the donors' noise; and weights on the periods before are found alike, so that the donors' past resembles
/// their mean after. The effect is the difference of the two differences under those weights.
///
/// - `panel`: units x periods, outcome in its own unit. Donors are the units that never start and were seen in every
///   period. Sampling weights, clusters and covariates do not count.
/// - Returns effects in the outcome's unit. The standard error is the spread of the placebos' estimates (root of
///   their mean squared distance from their mean); the interval raises it by n / (n - 1) and follows Student's law
///   with n - 1 degrees of freedom for n donors a started unit. So does the p-value, but it is never below 1 / (1 +
///   placebos): beyond the farthest placebo nothing tells how rare a distance is. With one start both are those of the rank
///   among the placebos where that is the more careful. With so few placebos that this is more
///   than an interval leaves out (19 at 95 %), there is no interval. Several starts: each with its
///   own twin, averaged by units times periods; their placebos' covariance is taken over stand-ins that share no donor.
///
/// Assumes that the weighted past carries on, that donors are untouched, and that started units are as noisy as
/// donors. Misleads where no mix of donors was like the started units before: see `rmspe`, and whether the distances
/// before the start are 0.
/// Source: Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), Am. Econ. Rev. 111(12), 4088-4118, algorithms 1
/// and 4; Abadie, Diamond and Hainmueller (2010), J. Am. Stat. Assoc. 105(490), 493-505.
///
/// One site went first: what would its rate have been?
///
/// ```
/// use traction_stats::effect::{self, SyntheticSettings, Twin};
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// // Six sites whose rate moves alike from its own level; site 3 starts in month 9.
/// let mut file = "site,month,rate,start\n".to_owned();
/// for (site, month) in (1..=6).flat_map(|site| (1..=10).map(move |month| (site, month))) {
///     let effect = if site == 3 && month >= 9 { 2 } else { 0 };
///     let start = if site == 3 { "9" } else { "" };
///     file += &format!("{site},{month},{},{start}\n", 10 * site + month % 3 - effect);
/// }
/// let columns =
///     Columns { unit: "site", period: "month", outcome: "rate", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let both = [Twin::DifferenceInDifferences, Twin::Control];
/// for twin in both {
///     let found = effect::synthetic(&panel, &SyntheticSettings { twin, ..SyntheticSettings::default() })?;
///     println!("{:.2}", found.overall.value);
///     assert!((found.overall.value + 2.0).abs() < 0.1);
///     assert_eq!(found.donors.len(), 5);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn synthetic(panel: &Panel, settings: &SyntheticSettings) -> Result<Synthetic, SyntheticRefused> {
    if panel.cohorts().is_empty() {
        return Err(SyntheticRefused::NobodyStarts);
    }
    let (donors, with_gaps): (Vec<usize>, Vec<usize>) =
        panel.never().iter().partition(|&&unit| series(panel, unit).is_some());
    if donors.len() < FEWEST_DONORS {
        let (n_donors, n_with_gaps) = (donors.len(), with_gaps.len());
        return Err(SyntheticRefused::TooFewDonors { n_donors, n_with_gaps });
    }
    if donors.len() > MOST_DONORS {
        return Err(SyntheticRefused::TooManyDonors { n_donors: donors.len() });
    }
    let seen: Vec<Vec<f64>> = donors.iter().filter_map(|&unit| series(panel, unit)).collect();
    let mut left_out =
        SyntheticLeftOut { n_donors_with_gaps: with_gaps.len(), ..SyntheticLeftOut::default() };
    let mut starts = Vec::new();
    for cohort in panel.cohorts() {
        match twinned(panel, cohort, &seen, settings) {
            Ok(twinned) => {
                left_out.n_started_with_gaps += cohort.units.len() - twinned.units.len();
                starts.push(twinned);
            }
            Err(why) => left_out.starts.push((cohort.start, why)),
        }
    }
    if starts.is_empty() {
        return Err(left_out.starts.swap_remove(left_out.starts.len() - 1).1);
    }
    let overall = pool::overall(&starts, donors.len(), settings.level);
    let by_exposure = pool::by_exposure(&starts, donors.len(), settings.level);
    Ok(Synthetic { overall, starts, by_exposure, donors, left_out, settings: *settings })
}

/// The unit's outcome by period, if it was seen in all.
fn series(panel: &Panel, unit: usize) -> Option<Vec<f64>> {
    (0..panel.periods().len()).map(|period| panel.outcome(unit, period)).collect()
}

fn twinned(
    panel: &Panel,
    cohort: &Cohort,
    donors: &[Vec<f64>],
    settings: &SyntheticSettings,
) -> Result<Twinned, SyntheticRefused> {
    let exposures: Vec<i64> =
        (0..panel.periods().len()).map(|period| panel.exposure(period, cohort.start)).collect();
    let n_before = exposures.iter().filter(|exposure| **exposure < 0).count();
    if n_before < FEWEST_BEFORE {
        return Err(SyntheticRefused::TooFewBefore { n_before });
    }
    let started: Vec<(usize, Vec<f64>)> =
        cohort.units.iter().filter_map(|&unit| Some((unit, series(panel, unit)?))).collect();
    if started.is_empty() {
        return Err(SyntheticRefused::Gaps { n_units: cohort.units.len() });
    }
    let (n_started, n_donors) = (started.len(), donors.len());
    if n_started >= n_donors {
        return Err(SyntheticRefused::TooManyStarted { n_started, n_donors });
    }
    let mean_at = |t: usize| mean(&started.iter().map(|(_, series)| series[t]).collect::<Vec<_>>());
    let scene = Scene {
        donors: donors.iter().map(Vec::as_slice).collect(),
        started: (0..exposures.len()).map(mean_at).collect(),
        n_started,
        n_before,
    };
    let penalties = Penalties::of(&scene, settings.twin);
    let largest = donors.iter().flatten().fold(0.0_f64, |most, y| most.max(y.abs()));
    // Differences of doubles carry about 1e-16 of the outcome's size.
    if penalties.noise <= 1e-13 * largest {
        return Err(SyntheticRefused::NothingVaries);
    }
    let found = fit(&scene, &penalties, (settings.twin, settings.solver), None);
    let placebos = placebo::placebos(&scene, &penalties, &found, settings);
    let values: Vec<f64> = placebos.iter().map(|placebo| placebo.value).collect();
    Ok(Twinned {
        start: cohort.start,
        units: started.iter().map(|(unit, _)| *unit).collect(),
        effect: pool::estimate(found.value, &values, n_donors as f64 / n_started as f64, settings.level),
        n_periods: (n_before, exposures.len() - n_before),
        placebo_p: rank(found.value.abs(), values.iter().map(|value| value.abs())),
        ratio_p: rank(ratio(found.rmspe), placebos.iter().map(|placebo| ratio(placebo.rmspe))),
        curve: exposures.into_iter().zip(found.curve).collect(),
        unit_weights: found.unit_weights,
        period_weights: found.period_weights,
        rmspe: found.rmspe,
        placebos,
        penalties,
    })
}

fn ratio((before, after): (f64, f64)) -> f64 {
    if before > 0.0 { after / before } else { f64::INFINITY }
}

/// The share of numbers at least as large as `own`, itself among them.
fn rank(own: f64, others: impl Iterator<Item = f64>) -> f64 {
    let (mut n, mut as_large) = (1.0, 1.0);
    for other in others {
        n += 1.0;
        as_large += if other >= own { 1.0 } else { 0.0 };
    }
    as_large / n
}
