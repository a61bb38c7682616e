//! Interaction-weighted effects: one regression with an effect for every start and exposure, averaged by shares.
//!
//! It compares with units that never start, or with the last to start; it uses no covariates.

mod before;
mod fit;
mod moves;
mod refused;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use faer::Mat;

pub use refused::InteractionRefused;

use self::before::tested;
use self::fit::Fit;
use self::moves::Moves;
use super::shares::{Seen, Shares, noise};
use super::{Cell, Summary};
use crate::linear::{Clusters, Mean};
use crate::panel::{Panel, Period};
use crate::uncertainty::{
    Contributions, Estimate, Law, Lent, Level, MOST_CLUSTERS, Of, Portion, SmallSample, Wald, WaldRefused,
    WhyUnknown, Wild, WildRefused, WildSettings, sides, wild,
};

/// How interaction-weighted effects are to be found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InteractionSettings {
    /// Steps of exposure before the start in which an effect is allowed for: the base lies before them.
    pub anticipation: u32,
    /// How much of the truth intervals are to hold.
    pub level: Level,
}

/// Interaction-weighted effects, with what they rest on.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// By start, within it by period, those before the start included; each start's base is not among them.
    pub cells: Vec<Cell>,
    /// The mean over all treated observations from the start on.
    pub overall: Estimate,
    /// By start; overall, starts weighted by their units.
    pub by_start: Summary<Period>,
    /// By period; overall, the plain mean.
    pub by_period: Summary<Period>,
    /// By exposure, before the start too; overall, the plain mean from 0 on.
    pub by_exposure: Summary<i64>,
    /// Whether all effects by exposure before the start are 0.
    pub pre_trends: Result<Wald, WaldRefused>,
    /// Covariance of the effects by exposure, in the order of `by_exposure`.
    pub covariance: Mat<f64>,
    /// The factor that variances include.
    pub small_sample: SmallSample,
    /// Units the analysis rests on.
    pub n_units: usize,
    /// Clusters the errors rest on.
    pub n_clusters: usize,
    /// Where nobody never starts: the last start, whose units serve as comparison until they do.
    pub last: Option<Period>,
    /// Starts of one unit, whose spread is borrowed from the others.
    pub lone_starts: Vec<Period>,
    /// What was left out.
    pub left_out: NotInteracted,
    /// How it was done.
    pub settings: InteractionSettings,
    few: Result<Few, WildRefused>,
}

/// What interaction-weighted effects leave out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotInteracted {
    /// Units that start too early to have a period before.
    pub n_already_started: usize,
    /// Starts and periods that were seen, but not together with their base in both starting and comparison units.
    pub cells: Vec<(Period, Period)>,
}

/// Which number to draw for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The mean over all treated observations.
    Overall,
    /// The effect at an exposure.
    Exposure(i64),
}

/// What draws with few clusters need.
#[derive(Clone, Debug)]
struct Few {
    clusters: Contributions,
    overall: Vec<f64>,
    exposures: Vec<Vec<f64>>,
}

/// Effects of each start at each exposure from one regression, averaged by shares of what was seen.
///
/// The regression has an effect of each unit, of each period, and of each start in each of its periods but the last
/// before the start (less anticipation). Averages weigh starts by their observations at that exposure or period.
///
/// - `panel`: units x periods, outcome in its own unit; gaps allowed.
/// - Returns effects in the outcome's unit. Units without a period before their start are left out and counted. Where
///   nobody never starts, the last to start serve as comparison, and all periods from their start on are left out.
/// - `se` is the plain clustered error, raised by [`SmallSample`]; shares count as given. With many clusters in
///   each start by Student's law with one degree less than clusters; below 40 clusters with the bias-reduced error and its
///   own degrees; where units or clusters count unequally, or with a start of few among many, start by start, with the
///   degrees of the few.
///
/// Assumes parallel change without the treatment, and no effect earlier than `anticipation` steps before the start.
/// Misleads if a unit's start depends on its own dip. Without gaps it equals the effects by group and time with a
/// universal base, compared with the never started.
/// Source: Sun and Abraham (2021), Journal of Econometrics 225(2), 175-199, section 4.1.
///
/// The same question by one regression: did hours fall with the start, and not before it?
///
/// ```
/// use traction_stats::effect::{self, InteractionSettings};
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,9,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,11,3\n\
///     c,1,10,4\nc,2,11,4\nc,3,11,4\nc,4,9,4\nd,1,12,4\nd,2,13,4\nd,3,11,4\nd,4,11,4\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let found = effect::interaction(&panel, &InteractionSettings::default())?;
/// let at = |exposure: i64| found.by_exposure.each.iter().find(|part| part.at == exposure).map(|part| part.effect.value);
/// println!("in the first month: {:.1?} hours", at(0));
/// assert!((at(0).ok_or("no effect at the start")? + 2.0).abs() < 1e-9);
/// assert!((found.overall.value + 2.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn interaction(panel: &Panel, settings: &InteractionSettings) -> Result<Interaction, InteractionRefused> {
    let fit = Fit::of(panel, settings)?;
    let (shares, cells_left_out) = shares(&fit);
    if shares.cells.iter().all(|cell| cell.exposure < 0) {
        return Err(InteractionRefused::NothingComparable);
    }
    let group_of = |cohort: usize| fit.groups.iter().find(|group| group.cohort == Some(cohort));
    let effects: Vec<f64> = shares
        .cells
        .iter()
        .map(|cell| group_of(cell.cohort).map_or(f64::NAN, |group| fit.effect(group, cell.at)))
        .collect();
    let clusters = Clusters::of(panel, Mean::ByWeight, fit.units());
    let n_observations = fit.groups.iter().flat_map(|group| &group.parts);
    let n_seen = |seen: &[bool]| seen.iter().filter(|seen| **seen).count();
    let small_sample = SmallSample {
        n_clusters: clusters.n(),
        n_observations: n_observations.map(|part| n_seen(&part.seen) * part.units.len()).sum(),
        n_parameters: fit.groups.iter().map(|group| group.problem.rank()).sum::<usize>() + 1,
    };
    let moves = Moves::of(&fit, &shares);
    let moved = moves.collect(&fit, &shares, &clusters);
    let factor = small_sample.factor();
    let borrowed = moves.borrowed(&fit, shares.numbers.len());
    let few = clusters.are_few().then(|| moves.few(&fit, &clusters)).flatten();
    let noise = noise(panel);
    let many = Law::Student { df: clusters.n() as f64 - 1.0 };
    let expected = moves.expected(&fit, shares.numbers.len(), &clusters);
    let n_numbers = shares.numbers.len();
    let estimates = shares.values(&effects).into_iter().enumerate().map(|(number, value)| {
        let se = (factor * moved.variances[number]).sqrt();
        let of = Of { value, se, noise, level: settings.level };
        let Some(lent) = borrowed.variances[number] else { return of.unknown(WhyUnknown::OneUnitEach) };
        let is_mostly_lent = lent > se * se;
        let judged = |estimate: Estimate| match is_mostly_lent {
            true => estimate.no_surer_than(borrowed.df, settings.level),
            false => estimate,
        };
        if let Some(few) = few.as_ref().filter(|_| clusters.are_regular()) {
            let contrast = moves.contrast(&fit, few, number);
            let lent = Lent { variance: lent, expected: expected.of_lone[number], df: borrowed.df };
            return judged(of.of_few((few, clusters.alone()), &contrast, lent));
        }
        match clusters.shares(&moved, (number, n_numbers), &expected.by_block[number]) {
            Ok(mut shares) => {
                shares.push(Portion { found: lent, expected: expected.of_lone[number], df: borrowed.df });
                judged(clusters.estimate(of, &shares, ((se * se + lent).sqrt(), many)))
            }
            Err(why) => of.unknown(why),
        }
    });
    let estimates: Vec<Estimate> = estimates.collect();
    let Some(found) = shares.assemble(estimates) else { return Err(InteractionRefused::NothingComparable) };
    let n_before = shares.exposures().iter().filter(|exposure| **exposure < 0).count();
    let before: Vec<f64> = found.by_exposure.each[..n_before].iter().map(|part| part.effect.value).collect();
    let covariance = &moved.joint * faer::Scale(factor);
    let concerns = |block: usize| (0..n_before).any(|number| expected.by_block[number][block] > 0.0);
    let has_lone = (0..n_before).any(|number| expected.of_lone[number] > 0.0);
    let pre_trends = tested(
        (&fit, &moves, &moved),
        (&clusters, n_numbers),
        (&before, &covariance.submatrix(0, 0, n_before, n_before).to_owned()),
        (concerns, has_lone),
    );
    let start = |group: &fit::Group| Some(panel.cohorts()[group.cohort?].start);
    let lone_starts: Vec<Period> =
        fit.groups.iter().filter(|group| group.n_units() == 1).filter_map(start).collect();
    let are_many = found.overall.interval().is_none_or(|interval| interval.law == many);
    let drawn_for = match few {
        Some(few) => Ok(few),
        None if are_many => Err(WildRefused::ManyClusters { n_clusters: clusters.n() }),
        None if clusters.n() > MOST_CLUSTERS => {
            Err(WildRefused::TooManyClusters { n_clusters: clusters.n() })
        }
        None => moves.few(&fit, &clusters).ok_or(WildRefused::NoVariation),
    };
    let (n_started, n_compared) = clusters.sides(fit.compared());
    let drawn_for = drawn_for.and_then(|few| match lone_starts.is_empty() {
        true => sides(n_started, n_compared, clusters.n()).map(|()| few),
        false => Err(WildRefused::Alone),
    });
    Ok(Interaction {
        cells: cells(&fit, &shares, found.cells),
        overall: found.overall,
        by_start: found.by_start,
        by_period: found.by_period,
        pre_trends,
        by_exposure: found.by_exposure,
        covariance,
        small_sample,
        n_units: fit.groups.iter().map(fit::Group::n_units).sum(),
        n_clusters: clusters.n(),
        last: fit.last,
        lone_starts,
        left_out: NotInteracted { n_already_started: fit.n_already_started, cells: cells_left_out },
        settings: *settings,
        few: drawn_for.map(|clusters| {
            let n = shares.exposures().len();
            let contrast = |number| moves.contrast(&fit, &clusters, number);
            Few { overall: contrast(n + 1), exposures: (0..n).map(contrast).collect(), clusters }
        }),
    })
}

impl Interaction {
    /// The wild cluster bootstrap of one number, where there are fewer than 40 clusters, or few that start.
    ///
    /// Refused where a start of one unit is part of the number: nothing of it is left to draw from; and with fewer than
    /// five clusters on one side.
    pub fn wild(&self, wanted: Wanted, settings: WildSettings) -> Result<Wild, WildRefused> {
        let few = self.few.as_ref().map_err(|why| *why)?;
        let (value, contrast) = match wanted {
            Wanted::Overall => (self.overall.value, &few.overall),
            Wanted::Exposure(exposure) => {
                let place = self.by_exposure.each.iter().position(|part| part.at == exposure);
                let place = place.ok_or(WildRefused::NoVariation)?;
                (self.by_exposure.each[place].effect.value, &few.exposures[place])
            }
        };
        wild(&few.clusters, (value, contrast), self.settings.level, settings)
    }
}

/// The starts and periods whose effects can be told, and those seen whose cannot.
fn shares(fit: &Fit<'_>) -> (Shares, Vec<(Period, Period)>) {
    let panel = fit.panel;
    let mut sizes = vec![0.0; panel.cohorts().len()];
    let (mut cells, mut left_out) = (Vec::new(), BTreeSet::new());
    for group in &fit.groups {
        let (Some(cohort), Some(base)) = (group.cohort, group.base) else { continue };
        let start = panel.cohorts()[cohort].start;
        sizes[cohort] = group.weights.iter().sum();
        for at in (0..panel.periods().len()).filter(|&t| t != base && group.n_seen(t) > 0) {
            let (period, exposure) = (panel.periods()[at], panel.exposure(at, start));
            if fit.tells(group, at) {
                cells.push(Seen { cohort, start, at, period, exposure, size: group.size(at) });
            } else {
                left_out.insert((start, period));
            }
        }
    }
    (Shares::of(cells, &sizes), left_out.into_iter().collect())
}

fn cells(fit: &Fit<'_>, shares: &Shares, effects: Vec<Estimate>) -> Vec<Cell> {
    let n_treated = |cohort: usize, t: usize| {
        fit.groups.iter().find(|group| group.cohort == Some(cohort)).map_or(0, |group| group.n_seen(t))
    };
    let cells = shares.cells.iter().zip(effects);
    cells
        .map(|(cell, effect)| Cell {
            start: cell.start,
            period: cell.period,
            exposure: cell.exposure,
            n_treated: n_treated(cell.cohort, cell.at),
            n_compared: fit.comparison().n_seen(cell.at),
            effect,
        })
        .collect()
}
