//! The answer for a lone unit: its own course before, carried on. The weakest there is, and says so.

use traction_stats::effect::{
    Interrupted, InterruptedLeftOut, InterruptedRefused, InterruptedSettings, Seasons, Summary, interrupted,
};
use traction_stats::panel::Panel;

use super::{Answer, Course, Effects};
use crate::prove::check::{Check, CheckName, Held, PARTED, Tested};
use crate::prove::evidence::LeftOut;
use crate::prove::verdict::{BeforeStart, Comparison, Unlike};
use crate::prove::wish::{Inference, Wish};
use crate::words::counted;

/// Answers with the unit's own course.
pub(super) fn answer(panel: &Panel, wish: &Wish) -> Result<Answer, InterruptedRefused> {
    let found =
        interrupted(panel, &InterruptedSettings { level: wish.level, ..InterruptedSettings::default() })?;
    let overall = found.overall.clone();
    let checks = checks(&found);
    Ok(Answer {
        study: None,
        warning: None,
        comparison: Comparison::Itself { n_before: found.n_periods.0 },
        compare: None,
        inference: Inference::Analytic.word(),
        why: format!(
            "The line through the {} before is carried on over the {} from the start on; neighbouring periods go \
             together (autocorrelation {:.2}), which is allowed for. {}This is the weakest ground there is: anything else \
             that changed at that time looks the same.",
            counted(found.n_periods.0, "period", "periods"),
            found.n_periods.1,
            found.autocorrelation,
            seasons(found.seasons)
        ),
        left_out: left_out(&found.left_out).collect(),
        before: if checks.iter().any(|check| check.held == Held::No) {
            BeforeStart::Unlike(Unlike::Line)
        } else {
            BeforeStart::NotNeeded
        },
        checks,
        effects: Effects {
            by_exposure: Some(Summary { overall: overall.clone(), each: found.by_exposure.clone() }),
            courses: vec![Course {
                start: found.start,
                points: found.points.iter().map(|at| (at.period, at.outcome, at.without)).collect(),
            }],
            ..Effects::of(overall, found.units.len())
        },
    })
}

/// How seasons were allowed for, as a sentence to go before another; nothing where none is known.
fn seasons(seasons: Seasons) -> String {
    match seasons {
        Seasons::None => String::new(),
        Seasons::Wave { n_periods } => format!(
            "A season of {n_periods} periods is fitted as one wave, because too few whole ones were seen before the start \
             to fit it period by period. "
        ),
        Seasons::Each { n_periods } => format!(
            "A season of {n_periods} periods is fitted period by period, because four whole ones or more were seen before \
             the start. "
        ),
    }
}

/// Whether anything regular is left in the series that the line does not know.
fn checks(found: &Interrupted) -> Vec<Check> {
    let held = |p: f64| if p < PARTED { Held::No } else { Held::Yes };
    let left_over = found.checks.left_over.map(|left| {
        let says = match held(left.p) {
            Held::No => "Deviations from the line still hang together beyond what was allowed for; the interval is too short.",
            _ => "Deviations from the line hang together no more than was allowed for.",
        };
        let test = Tested { statistic: Some(left.statistic), n_numbers: Some(left.n_lags), ..Tested::by_p(left.p) };
        Check { name: CheckName::LeftOver, held: held(left.p), test: Some(test), says: says.to_owned() }
    });
    let season = found.checks.season.map(|season| {
        let says = match held(season.p) {
            Held::No => format!(
                "Periods {} apart are alike: there is a season{}.",
                season.n_periods,
                match found.seasons {
                    Seasons::None => ", which a straight line does not know",
                    Seasons::Wave { .. } => " that is no simple wave",
                    Seasons::Each { .. } => " that changes from one time to the next",
                }
            ),
            _ => match found.seasons {
                Seasons::None => "No season shows.",
                Seasons::Wave { .. } | Seasons::Each { .. } => {
                    "No season shows beyond the one that was fitted."
                }
            }
            .to_owned(),
        };
        Check { name: CheckName::Season, held: held(season.p), test: Some(Tested::by_p(season.p)), says }
    });
    [left_over, season].into_iter().flatten().collect()
}

fn left_out(found: &InterruptedLeftOut) -> impl Iterator<Item = LeftOut> {
    LeftOut::any([
        LeftOut::of(
            ("unit that never starts", "units that never start"),
            found.n_never,
            "this method looks at the started series alone",
        ),
        LeftOut::of(
            ("unit that had started already", "units that had started already"),
            found.n_already_started,
            "nothing was seen before that start",
        ),
        LeftOut::of(("period", "periods"), found.n_periods_with_gaps, "some started unit was not seen then"),
    ])
}
