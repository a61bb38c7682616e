//! Imputation: what started units would have had without the treatment, from unit and period effects.
//!
//! Effects are observed less imputed outcomes, summarised with fixed weights. It weighs no observation by its spread
//! and models no effect.

mod fit;
mod leads;
mod moves;
mod parted;
mod refused;
mod sums;
#[cfg(test)]
mod tests;

use faer::Mat;

pub use refused::ImputationRefused;

use self::fit::Fit;
use self::leads::Leads;
use self::moves::{Alone, expected, moved};
use self::parted::tested;
use self::sums::Sums;
use super::shares::{Seen, Shares, noise};
use super::{Cell, Part, StartsRefused, Summary, starts};
use crate::linear::{Clusters, Mean};
use crate::panel::{Panel, Period};
use crate::uncertainty::{
    Estimate, Law, Lent, Level, Of, SmallSample, Spread, Wald, WaldRefused, WhyUnknown,
};

/// Which effects an observation's own is compared with to see how far chance moves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Average {
    /// The mean over all units of its start in its period, its own unit included.
    #[default]
    All,
    /// The mean over the others of its start in its period.
    LeaveOut,
}

/// How effects are to be imputed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ImputationSettings {
    /// Steps of exposure before the start in which an effect is allowed for: they are imputed too.
    pub anticipation: u32,
    /// What effects are compared with for their spread.
    pub average: Average,
    /// How much of the truth intervals are to hold.
    pub level: Level,
}

/// Imputed effects, with what they rest on.
#[derive(Clone, Debug)]
pub struct Imputation {
    /// By start, within it by period; `n_compared` counts the units without the treatment that were seen then.
    pub cells: Vec<Cell>,
    /// The mean over all treated observations from the start on.
    pub overall: Estimate,
    /// By start; overall, starts weighted by their units.
    pub by_start: Summary<Period>,
    /// By period; overall, the plain mean.
    pub by_period: Summary<Period>,
    /// By exposure; overall, the plain mean from 0 on.
    pub by_exposure: Summary<i64>,
    /// Partings before the start, by exposure, measured from the last exposure before it; untreated observations only.
    pub leads: Vec<Part<i64>>,
    /// Whether all partings before the start are 0.
    pub pre_trends: Result<Wald, WaldRefused>,
    /// Covariance of the leads and then the effects by exposure, in the order of `leads` and `by_exposure`.
    pub covariance: Mat<f64>,
    /// Units the analysis rests on.
    pub n_units: usize,
    /// Clusters the errors rest on.
    pub n_clusters: usize,
    /// Starts seen in some period with one unit only: its spread is that about the mean of all effects.
    pub lone_starts: Vec<Period>,
    /// What was left out.
    pub left_out: NotImputed,
    /// The factor that the variances of leads include.
    pub small_sample: SmallSample,
    /// How it was done.
    pub settings: ImputationSettings,
}

/// What imputation leaves out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotImputed {
    /// Units never seen without the treatment: they have no level of their own.
    pub n_without_before: usize,
    /// Starts and periods with the number of observations that nothing could be imputed for.
    pub cells: Vec<(Period, Period, usize)>,
    /// Exposures before the start whose parting cannot be told from trends of starts.
    pub leads: Vec<i64>,
    /// Covariates that never change within a unit: its level holds them already.
    pub covariates: Vec<String>,
}

/// Effect of the treatment on those that started, by imputation.
///
/// Effects of unit and period (and the slopes of covariates that change in time) are fitted by least squares to
/// observations without the treatment only. An effect is the observed outcome less what these say.
///
/// - `panel`: units x periods, outcome in its own unit; gaps allowed. Covariates that never change are left out.
/// - Returns effects in the outcome's unit. Units never seen without the treatment, and observations in periods in
///   which nobody comparable was without it, are left out and counted.
/// - Standard errors are conservative: each observation's effect counts as chance as far as it differs from the mean
///   of its start in its period ([`Average`]). With many clusters in each start by the normal law; with few, each
///   start's part is raised by n / (n - 1), with degrees of freedom that follow from how many each has.
///
/// Assumes that without the treatment all units would have moved in parallel in *all* periods, and no effect earlier
/// than `anticipation` steps before the start. Misleads if units parted long ago: all earlier periods count alike.
/// Source: Borusyak, Jaravel and Spiess (2024), Review of Economic Studies 91(6), 3253-3285, Theorems 1 to 3.
///
/// How many hours of paperwork did the new form save a ward in a month, by months since it came?
///
/// ```
/// use traction_stats::effect::{self, ImputationSettings};
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,9,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,11,3\n\
///     c,1,10,4\nc,2,11,4\nc,3,11,4\nc,4,9,4\nd,1,12,4\nd,2,13,4\nd,3,11,4\nd,4,11,4\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let found = effect::imputation(&panel, &ImputationSettings::default())?;
/// for part in &found.by_exposure.each {
///     println!("{} months on: {:.1} hours", part.at, part.effect.value);
/// }
/// assert!((found.overall.value + 2.0).abs() < 1e-9); // all groups move alike but for 2 hours less from the start on
/// assert_eq!(found.by_exposure.each.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn imputation(panel: &Panel, settings: &ImputationSettings) -> Result<Imputation, ImputationRefused> {
    let n_periods = panel.periods().len();
    starts::of_units_are_there(panel)?;
    let anticipation = settings.anticipation;
    let first_on: Vec<usize> = panel
        .cohorts()
        .iter()
        .map(|cohort| {
            let on = |&t: &usize| panel.exposure(t, cohort.start) >= -i64::from(anticipation);
            (0..n_periods).find(on).unwrap_or(n_periods)
        })
        .collect();
    if first_on.iter().all(|&first| first == 0) {
        let n_units = panel.cohorts().iter().map(|cohort| cohort.units.len()).sum();
        return Err(StartsRefused::NothingBefore { n_units, anticipation }.into());
    }
    let fit = Fit::of(panel, &first_on)?;
    let shares = shares(&fit);
    if shares.cells.iter().all(|cell| cell.exposure < 0) {
        return Err(ImputationRefused::NothingToImputeFrom);
    }
    estimate(&fit, &shares, settings)
}

fn estimate(
    fit: &Fit<'_>,
    shares: &Shares,
    settings: &ImputationSettings,
) -> Result<Imputation, ImputationRefused> {
    let panel = fit.panel;
    let (sums, leads) = (Sums::of(fit, shares), Leads::of(fit));
    let clusters = Clusters::of(panel, Mean::ByWeightTwice, fit.units());
    let small_sample = SmallSample {
        n_clusters: clusters.n(),
        n_observations: fit.parts.iter().map(|part| part.n_before as usize * part.pattern.units.len()).sum(),
        n_parameters: fit.untreated.rank() + 1 + fit.covariates.len() + leads.len(),
    };
    let factor = small_sample.factor();
    let raise = factor.sqrt();
    let n_numbers = leads.len() + shares.numbers.len();
    let context = (shares, &sums, &leads);
    let moved = moved(fit, context, (&clusters, raise), (settings.average, Alone::Borrows));
    // What is printed as the error holds nothing borrowed.
    let has_lone = sums.n_treated().any(|n| n == 1);
    let own = has_lone
        .then(|| moves::moved(fit, context, (&clusters, raise), (settings.average, Alone::IsItsMean)));
    let expected = expected(fit, context, &clusters, raise);
    let noise = noise(panel);
    let few = (clusters.are_few() && clusters.are_regular()).then(|| leads.few(fit, &clusters)).flatten();
    let estimate = |place: usize, value: f64| {
        let used = moved.variances[place].sqrt();
        let own = own.as_ref().map_or(used, |own| own.variances[place].sqrt());
        let se = if own > noise { own } else { used };
        let of = Of { value, se, noise, level: settings.level };
        match clusters.shares(&moved, (place, n_numbers), &expected[place]) {
            Ok(mut shares) => {
                // With few each start's part is raised for its own mean, and not for the whole's numbers besides.
                let raised = if place < leads.len() { factor } else { 1.0 };
                shares.iter_mut().for_each(|share| share.found /= raised);
                let estimate = clusters.estimate(of, &shares, (used, Law::Normal));
                let is_mostly_borrowed = 2.0 * own * own < used * used;
                let n_spare = (clusters.n() - clusters.n_kinds()) as f64;
                if is_mostly_borrowed { estimate.no_surer_than(n_spare, settings.level) } else { estimate }
            }
            Err(why) => of.unknown(why),
        }
    };
    let lead = |k: usize| {
        let (value, se) = (leads.values[k], moved.variances[k].sqrt());
        let of = Of { value, se, noise, level: settings.level };
        match &few {
            _ if !clusters.are_few() || !clusters.are_regular() => estimate(k, value),
            Some(few) => {
                of.of_few((few, clusters.alone()), &few.contrast(&leads.weights_of(fit, k)), Lent::default())
            }
            None => of.unknown(clusters.alone()),
        }
    };
    let effect = |(k, value): (usize, f64)| {
        if sums.is_of_one_unit() {
            return Estimate { value, spread: Spread::Unknown(WhyUnknown::OneUnitOfAll) };
        }
        estimate(leads.len() + k, value)
    };
    let estimates = shares.values(&sums.effects(shares)).into_iter().enumerate().map(effect).collect();
    let Some(found) = shares.assemble(estimates) else {
        return Err(ImputationRefused::NothingToImputeFrom);
    };
    let before = Mat::from_fn(leads.len(), leads.len(), |i, j| moved.joint[(i, j)]);
    let concerns = |block: usize| (0..leads.len()).any(|number| expected[number][block] > 0.0);
    let pre_trends = tested((fit, &leads, &before), (&moved, n_numbers, factor), &clusters, concerns);
    let name = |place: &usize| panel.covariates()[*place].name.clone();
    Ok(Imputation {
        cells: cells(fit, shares, (&sums, found.cells)),
        overall: found.overall,
        by_start: found.by_start,
        by_period: found.by_period,
        by_exposure: found.by_exposure,
        leads: leads.exposures.iter().enumerate().map(|(k, &at)| Part { at, effect: lead(k) }).collect(),
        pre_trends,
        covariance: moved.joint,
        n_units: fit.parts.iter().map(|part| part.pattern.units.len()).sum(),
        n_clusters: clusters.n(),
        lone_starts: lone_starts(shares, &sums),
        left_out: NotImputed {
            n_without_before: fit.n_without_before,
            cells: fit.not_imputed(),
            leads: leads.dropped,
            covariates: fit.silent.iter().map(name).collect(),
        },
        small_sample,
        settings: *settings,
    })
}

fn cells(fit: &Fit<'_>, shares: &Shares, (sums, effects): (&Sums, Vec<Estimate>)) -> Vec<Cell> {
    let n_untreated: Vec<usize> = (0..fit.panel.periods().len())
        .map(|t| fit.parts.iter().filter(|part| part.before[t]).map(|part| part.pattern.units.len()).sum())
        .collect();
    let cells = shares.cells.iter().zip(sums.n_treated()).zip(effects);
    cells
        .map(|((cell, n_treated), effect)| Cell {
            start: cell.start,
            period: cell.period,
            exposure: cell.exposure,
            n_treated,
            n_compared: n_untreated[cell.at],
            effect,
        })
        .collect()
}

fn lone_starts(shares: &Shares, sums: &Sums) -> Vec<Period> {
    let lone = shares.cells.iter().zip(sums.n_treated()).filter(|(_, n)| *n == 1);
    let mut starts: Vec<Period> = lone.map(|(cell, _)| cell.start).collect();
    starts.dedup();
    starts
}

/// The starts and periods for which something was imputed.
fn shares(fit: &Fit<'_>) -> Shares {
    let (panel, n_periods) = (fit.panel, fit.panel.periods().len());
    let n_starts = panel.cohorts().len();
    let mut sizes = vec![0.0; n_starts * n_periods];
    let mut units = vec![0.0; n_starts];
    for part in &fit.parts {
        let Some(cohort) = part.pattern.cohort.filter(|_| part.after.contains(&true)) else { continue };
        units[cohort] += part.weight;
        for t in (0..n_periods).filter(|&t| part.after[t]) {
            sizes[cohort * n_periods + t] += part.weight;
        }
    }
    let mut cells = Vec::new();
    for (cohort, start) in panel.cohorts().iter().map(|cohort| cohort.start).enumerate() {
        for at in (0..n_periods).filter(|&t| sizes[cohort * n_periods + t] > 0.0) {
            let (period, exposure) = (panel.periods()[at], panel.exposure(at, start));
            cells.push(Seen { cohort, start, at, period, exposure, size: sizes[cohort * n_periods + at] });
        }
    }
    Shares::of(cells, &units)
}
