//! The answer by start and period: each start's change against that of units without it.

use traction_stats::effect::{
    Band, Bands, Base, Compare, Draws, GroupTime, GroupTimeRefused, Hold, Limits, Settings, Summary,
    WhyNoCell, bands, by_exposure, by_exposure_covariance, by_period, by_start, group_time, made_up_starts,
    simple,
};
use traction_stats::panel::{Cohort, Panel, Period};
use traction_stats::uncertainty::{Estimate, Spread};

use super::{Answer, Cell, Effects, one_unit_alone, parted};
use crate::prove::check::{Check, CheckName, Held};
use crate::prove::evidence::LeftOut;
use crate::prove::pre_test;
use crate::prove::sensitivity::Study;
use crate::prove::verdict::{Comparison, Counted};
use crate::prove::wish::{self, Inference, Wish};

/// With fewer never-started units than this, those that have not started yet are compared as well.
const NEVER_UNITS_ENOUGH: usize = 10;

/// Answers by start and period.
pub(super) fn answer(panel: &Panel, wish: &Wish) -> Result<Answer, GroupTimeRefused> {
    let (compare, why) = compare(panel, wish);
    let why = Counted::of(panel, wish).words(&why);
    let settings = settings(compare, wish);
    let found = group_time(panel, &settings)?;
    let study = if wish.sensitivity.is_wanted() { study(panel, &settings)? } else { None };
    let tested = pre_test::tested(panel, &found);
    let mut pre_trends = parted(tested.map(|(test, _, _)| test));
    pre_trends.says.push_str(tested.map_or("", |(_, _, of)| of.says()));
    let mut effects = Effects {
        group_time: found.cells.iter().map(Cell::of).collect(),
        by_start: Some(by_start(&found)),
        by_period: Some(by_period(&found)),
        by_exposure: Some(by_exposure(&found)),
        ..Effects::of(simple(&found), n_units(panel, &found))
    };
    let inference = match wish.inference {
        Inference::Bootstrap => {
            let n = usize::try_from(wish.n_draws).unwrap_or(usize::MAX);
            let hold = match wish.band.unwrap_or_default() {
                wish::Band::Simultaneous => Hold::Together,
                wish::Band::Pointwise => Hold::EachAlone,
            };
            let draws = Draws { n, seed: wish.seed, hold, ..Draws::default() };
            widen(&mut effects, &bands(panel, &found, &draws));
            Inference::Bootstrap
        }
        _ => Inference::Analytic,
    };
    let power = tested.ok().map(|(_, drift, _)| pre_test::power(&drift, &effects.overall));
    let lone: Vec<String> = found.sample.lone_starts().map(|start| start.to_string()).collect();
    let alone = one_unit_alone(&lone, &effects.overall);
    Ok(Answer {
        study,
        warning: None,
        effects,
        comparison: comparison(&found),
        compare: Some(compare),
        inference: inference.word(),
        why,
        left_out: left_out(&found).collect(),
        before: pre_trends.before_start(),
        checks: [Some(pre_trends), power, alone, one_cluster_alone(panel, &found)]
            .into_iter()
            .flatten()
            .collect(),
    })
}

/// The effect that starts made up so many steps earlier would have had before the true ones.
pub(in crate::prove) fn made_up(
    panel: &Panel,
    wish: &Wish,
    n_steps: u32,
) -> Result<Estimate, GroupTimeRefused> {
    made_up_starts(panel, &settings(compare(panel, wish).0, wish), n_steps)
}

fn settings(compare: Compare, wish: &Wish) -> Settings {
    Settings {
        compare,
        base: wish.base,
        anticipation: wish.anticipation,
        adjust: wish.adjust,
        seen: wish.seen,
        level: wish.level,
    }
}

/// The event study from one base, with its covariance; `None` where some spread cannot be told.
fn study(panel: &Panel, settings: &Settings) -> Result<Option<Study>, GroupTimeRefused> {
    let found = group_time(panel, &Settings { base: Base::Universal, ..*settings })?;
    let Some((exposures, covariance)) = by_exposure_covariance(&found) else { return Ok(None) };
    let each = by_exposure(&found).each;
    let value = |at: &i64| each.iter().find(|part| part.at == *at).map_or(0.0, |part| part.effect.value);
    let row = |i: usize| (0..exposures.len()).map(|j| covariance[(i, j)]).collect();
    Ok(Some(Study {
        values: exposures.iter().map(value).collect(),
        covariance: (0..exposures.len()).map(row).collect(),
        exposures,
        base: -1 - i64::from(settings.anticipation),
    }))
}

/// Which units to compare with, and why, in words.
fn compare(panel: &Panel, wish: &Wish) -> (Compare, String) {
    let n_never = panel.never().len();
    let singular = if n_never == 1 { "s" } else { "" };
    match (wish.compare, n_never) {
        (Some(Compare::Never), _) => {
            (Compare::Never, "As asked, they are compared with units that never start.".to_owned())
        }
        (Some(Compare::NotYet), _) => (
            Compare::NotYet,
            "As asked, they are compared with units that have not started yet or never do.".to_owned(),
        ),
        (None, 0) => (
            Compare::NotYet,
            "They are compared with units that have not started yet, because every unit starts in the end."
                .to_owned(),
        ),
        (None, n) if n < NEVER_UNITS_ENOUGH => (
            Compare::NotYet,
            format!(
                "They are compared with units that have not started yet as well, because only {n} never start{singular}."
            ),
        ),
        (None, n) => (
            Compare::Never,
            format!("They are compared with the {n} units that never start, which are enough."),
        ),
    }
}

/// The units that some effect from the start on rests on: those whose start has one, and those they are compared with.
fn n_units(panel: &Panel, found: &GroupTime) -> usize {
    let sample = &found.sample;
    let ahead = i64::from(found.settings.anticipation);
    let cells = || found.cells.iter().filter(|cell| cell.exposure >= -ahead);
    let counts = |cohort: &Cohort| {
        let has_effect = cells().any(|cell| cell.start == cohort.start);
        let is_compared_with = found.settings.compare == Compare::NotYet
            && cells().any(|cell| cell.start != cohort.start && cell.period < cohort.start);
        has_effect || is_compared_with
    };
    let is_known = |unit: &&usize| {
        (0..panel.covariates().len()).all(|covariate| {
            (0..panel.periods().len()).any(|period| panel.covariate(covariate, **unit, period).is_some())
        })
    };
    let cohorts = sample.cohorts.iter().chain(&sample.last).filter(|cohort| counts(cohort));
    cohorts.flat_map(|cohort| &cohort.units).chain(&sample.never).filter(is_known).count()
}

fn left_out(found: &GroupTime) -> impl Iterator<Item = LeftOut> {
    let cells = |why| found.left_out.cells.iter().filter(|(_, _, because)| *because == why).count();
    let all = [
        LeftOut::of(
            ("unit that had started already", "units that had started already"),
            found.left_out.n_already_started,
            "nothing was seen before that start, so it tells of no change",
        ),
        LeftOut::of(
            ("effect without comparison units", "effects without comparison units"),
            cells(WhyNoCell::NoComparison),
            "no unit was left to compare with in the period",
        ),
        LeftOut::of(
            ("effect without starting units", "effects without starting units"),
            cells(WhyNoCell::NoTreated),
            "no unit of that start was seen in both periods",
        ),
        LeftOut::of(
            ("effect without units alike", "effects without units alike"),
            cells(WhyNoCell::NoOverlap),
            "the covariates tell starting units from comparison units all but surely, so that none are alike",
        ),
        LeftOut::of(
            (
                "effect with covariates that repeat each other",
                "effects with covariates that repeat each other",
            ),
            cells(WhyNoCell::CovariatesRepeat),
            "the covariates do not vary enough among those units to be told from one another or from a constant",
        ),
    ];
    LeftOut::any(all)
}

fn comparison(found: &GroupTime) -> Comparison {
    let n_never = found.sample.never.len();
    match found.settings.compare {
        Compare::Never => Comparison::Never { n_never },
        Compare::NotYet => Comparison::NotYet { n_never },
    }
}

/// Says when several units of a start are all in one cluster.
fn one_cluster_alone(panel: &Panel, found: &GroupTime) -> Option<Check> {
    let lone: Vec<Period> = found.sample.lone_starts().collect();
    let starts = found.sample.starts_in_one_cluster(panel).into_iter().filter(|start| !lone.contains(start));
    let starts: Vec<String> = starts.map(|start| start.to_string()).collect();
    (!starts.is_empty()).then(|| Check {
        name: CheckName::UnitsPerStart,
        held: Held::No,
        test: None,
        says: format!(
            "All units that started in {} are in one cluster; how far chance reaches there is taken from clusters of \
             other starts.",
            starts.join(", ")
        ),
    })
}

/// Puts bands in the place of intervals, for parts; what is said over all keeps its own.
fn widen(effects: &mut Effects, bands: &Bands) {
    for (cell, (_, limits)) in effects.group_time.iter_mut().zip(&bands.cells.each) {
        reach(&mut cell.effect, *limits);
    }
    parts(&mut effects.by_start, &bands.by_start);
    parts(&mut effects.by_period, &bands.by_period);
    parts(&mut effects.by_exposure, &bands.by_exposure);
}

fn parts<K>(summary: &mut Option<Summary<K>>, band: &Band<K>) {
    for (part, (_, limits)) in summary.iter_mut().flat_map(|summary| &mut summary.each).zip(&band.each) {
        reach(&mut part.effect, *limits);
    }
}

fn reach(effect: &mut Estimate, limits: Option<Limits>) {
    if let (Spread::Known(interval), Some(Limits { low, high })) = (&mut effect.spread, limits) {
        (interval.low, interval.high) = (low, high);
    }
}
