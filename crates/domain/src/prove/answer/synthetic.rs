//! The answer for one or few started units: against a twin put together from units that never start.

use traction_stats::effect::Summary;
use traction_stats::effect::{
    Synthetic, SyntheticLeftOut, SyntheticRefused, SyntheticSettings, Twin, Twinned, synthetic,
};
use traction_stats::panel::{Panel, Period};

use super::{Answer, Course, Effects};
use crate::prove::check::{Check, CheckName, Held, Tested};
use crate::prove::evidence::LeftOut;
use crate::prove::figures::Figures;
use crate::prove::verdict::{BeforeStart, Comparison, Unlike};
use crate::prove::wish::Wish;
use crate::words::{Noun, counted};

/// Above this share of placebos with as large an effect, chance alone may have made it.
const PLACEBOS_ALIKE: f64 = 0.05;

/// A twin that is off before the start by more than so many times what stand-ins' twins are off as a rule does not fit.
/// Abadie, Diamond and Hainmueller (2010) leave out stand-ins from two times the mean *squared* distance on.
const FITS: f64 = 2.0;

/// Answers with a twin.
pub(super) fn answer(panel: &Panel, twin: Twin, wish: &Wish) -> Result<Answer, SyntheticRefused> {
    let settings =
        SyntheticSettings { twin, level: wish.level, seed: wish.seed, ..SyntheticSettings::default() };
    let found = synthetic(panel, &settings)?;
    let n_started: usize = found.starts.iter().map(|start| start.units.len()).sum();
    let overall = found.overall.clone();
    let checks: Vec<Check> = found.starts.iter().flat_map(|start| [fit(start), placebo(start)]).collect();
    let alike = match twin {
        Twin::DifferenceInDifferences => "moves alike, at whatever lasting distance",
        Twin::Control => "is as high",
    };
    Ok(Answer {
        study: None,
        warning: None,
        why: format!(
            "The twin is the mix of the {} that never start which before the start {alike}.",
            counted(found.donors.len(), "unit", "units")
        ),
        comparison: Comparison::Twin { n_started, n_donors: found.donors.len() },
        compare: None,
        inference: "placebo",
        left_out: left_out(&found.left_out).collect(),
        before: unlike(&checks),
        checks,
        effects: Effects {
            by_exposure: Some(Summary { overall: overall.clone(), each: found.by_exposure.clone() }),
            weights: weights(panel, &found),
            courses: found.starts.iter().map(|start| course(panel, start)).collect(),
            ..Effects::of(overall, n_started + found.donors.len())
        },
    })
}

/// What each donor counts for; with several starts the mean over their twins, by units times periods.
fn weights(panel: &Panel, found: &Synthetic) -> Vec<(String, f64)> {
    let size = |start: &Twinned| (start.units.len() * start.n_periods.1) as f64;
    let total: f64 = found.starts.iter().map(size).sum();
    let weight = |donor: usize| {
        found.starts.iter().map(|start| size(start) / total * start.unit_weights[donor]).sum::<f64>()
    };
    let label = |unit: &usize| panel.units()[*unit].to_owned();
    found.donors.iter().enumerate().map(|(donor, unit)| (label(unit), weight(donor))).collect()
}

/// The started units' mean by period, beside their twin's.
fn course(panel: &Panel, start: &Twinned) -> Course {
    let observed = |place: usize| {
        let seen: Vec<f64> = start.units.iter().filter_map(|&unit| panel.outcome(unit, place)).collect();
        seen.iter().sum::<f64>() / seen.len() as f64
    };
    let distance = |place: usize| {
        let exposure = panel.exposure(place, start.start);
        start.curve.iter().find(|(at, _)| *at == exposure).map(|(_, distance)| *distance)
    };
    let point = |(place, period): (usize, &Period)| {
        let observed = observed(place);
        Some((*period, observed, observed - distance(place)?))
    };
    Course { start: start.start, points: panel.periods().iter().enumerate().filter_map(point).collect() }
}

/// Where no twin was like its unit, chance cannot be judged by those who were.
fn unlike(checks: &[Check]) -> BeforeStart {
    let fits = |check: &Check| check.name == CheckName::Fit && check.held == Held::Yes;
    if checks.iter().any(fits) { BeforeStart::NotNeeded } else { BeforeStart::Unlike(Unlike::Twin) }
}

/// How like the started units the twin was before, beside how like theirs the stand-ins' twins were, and how far a unit
/// moves from one period to the next anyway: nothing from the start on is looked at, so that no effect can hide a bad fit.
fn fit(start: &Twinned) -> Check {
    let before = start.rmspe.0;
    let mut others: Vec<f64> = start.placebos.iter().map(|placebo| placebo.rmspe.0).collect();
    let middle = others.len() / 2;
    let rule = if others.is_empty() { 0.0 } else { *others.select_nth_unstable_by(middle, f64::total_cmp).1 };
    let scale = (FITS * rule).max(start.penalties.noise);
    let figures = Figures::of(before.max(scale / 100.0).max(f64::MIN_POSITIVE));
    let held = if before <= scale { Held::Yes } else { Held::No };
    Check {
        name: CheckName::Fit,
        held,
        test: None,
        says: format!(
            "Over the {} before {}, the twin was off by {} as a rule{}.",
            counted(start.n_periods.0, "period", "periods"),
            start.start,
            figures.say(before),
            if held == Held::Yes {
                String::new()
            } else {
                format!(", much more than twins of units that never start are ({})", figures.say(rule))
            }
        ),
    }
}

/// How many of those who never start show as much when they stand in.
fn placebo(start: &Twinned) -> Check {
    let n = start.placebos.len();
    let as_far =
        start.placebos.iter().filter(|placebo| placebo.value.abs() >= start.effect.value.abs()).count();
    // Of fewer stand-ins even the best cannot be that rare.
    let few = 1.0 / (n as f64 + 1.0) > PLACEBOS_ALIKE;
    Check {
        name: CheckName::Placebo,
        held: match start.placebo_p {
            rare if rare <= PLACEBOS_ALIKE => Held::Yes,
            _ if few && as_far == 0 => Held::Untested,
            _ => Held::No,
        },
        test: Some(Tested::by_p(start.placebo_p)),
        says: format!(
            "Of {} that never started, {} show{} an effect as large as that of {}{}.",
            counted(n, "stand-in", "stand-ins"),
            if as_far == 0 { "none".to_owned() } else { as_far.to_string() },
            if as_far == 1 { "s" } else { "" },
            start.start,
            if few && as_far == 0 {
                format!("; so few cannot show more, it would take {}", fewest_that_show())
            } else {
                String::new()
            }
        ),
    }
}

/// As many stand-ins as let an effect beyond all of theirs be rare.
fn fewest_that_show() -> usize {
    (1.0 / PLACEBOS_ALIKE).round() as usize - 1
}

fn left_out(found: &SyntheticLeftOut) -> impl Iterator<Item = LeftOut> {
    let gaps = |what, count| LeftOut { what, count, why: "some period is lacking".to_owned() };
    let starts = found
        .starts
        .iter()
        .map(|(start, why)| LeftOut::of(("start", "starts"), 1, format!("{start}: {why}")));
    LeftOut::any([
        gaps(Noun::of("unit that never starts", "units that never start"), found.n_donors_with_gaps),
        gaps(Noun::of("started unit", "started units"), found.n_started_with_gaps),
    ])
    .chain(starts)
}
