//! The answer by a regression on start and exposure, averaged by shares.

use traction_stats::effect::{Interaction, InteractionRefused, InteractionSettings, Wanted, interaction};
use traction_stats::panel::Panel;

use super::{Answer, Cell, Effects, one_unit_alone, parted, wild};
use crate::prove::evidence::LeftOut;
use crate::prove::sensitivity::Study;
use crate::prove::verdict::Comparison;
use crate::prove::wish::Wish;
use crate::words::counted;

/// Answers by interaction-weighted regression.
pub(super) fn answer(panel: &Panel, wish: &Wish) -> Result<Answer, InteractionRefused> {
    let settings = InteractionSettings { anticipation: wish.anticipation, level: wish.level };
    let mut found = interaction(panel, &settings)?;
    let by_chance = wild::asked(wish, |drawn| found.wild(Wanted::Overall, drawn));
    if let Some(drawn) = by_chance.drawn() {
        let by_exposure = found.by_exposure.each.clone();
        for (place, part) in by_exposure.into_iter().enumerate() {
            // A number by exposure that cannot be drawn for keeps its interval by formula.
            if let Ok(drawn) = found.wild(Wanted::Exposure(part.at), drawn.settings) {
                found.by_exposure.each[place].effect = wild::with(part.effect, &drawn);
            }
        }
        found.overall = wild::with(found.overall, drawn);
    }
    let pre_trends = parted(found.pre_trends);
    let lone: Vec<String> = found.lone_starts.iter().map(ToString::to_string).collect();
    let n_never = panel.never().len();
    Ok(Answer {
        study: wish.sensitivity.is_wanted().then(|| study(&found, wish)),
        comparison: match found.last {
            None => Comparison::Never { n_never },
            Some(_) => Comparison::NotYet { n_never: 0 },
        },
        compare: None,
        inference: by_chance.inference().word(),
        why: match found.last {
            None => format!(
                "They are compared with the {}.",
                counted(n_never, "unit that never starts", "units that never start")
            ),
            Some(last) => format!(
                "Every unit starts in the end: they are compared with those that start last, in {last}."
            ),
        },
        left_out: left_out(&found).collect(),
        before: pre_trends.before_start(),
        checks: [Some(pre_trends), one_unit_alone(&lone, &found.overall), by_chance.refused()]
            .into_iter()
            .flatten()
            .collect(),
        effects: Effects {
            group_time: found.cells.iter().map(Cell::of).collect(),
            by_start: Some(found.by_start),
            by_period: Some(found.by_period),
            by_exposure: Some(found.by_exposure),
            ..Effects::of(found.overall, found.n_units)
        },
        warning: None,
    })
}

fn study(found: &Interaction, wish: &Wish) -> Study {
    let each = &found.by_exposure.each;
    let covariance = |i: usize| (0..each.len()).map(|j| found.covariance[(i, j)]).collect();
    Study {
        exposures: each.iter().map(|part| part.at).collect(),
        values: each.iter().map(|part| part.effect.value).collect(),
        covariance: (0..each.len()).map(covariance).collect(),
        base: -1 - i64::from(wish.anticipation),
    }
}

fn left_out(found: &Interaction) -> impl Iterator<Item = LeftOut> {
    LeftOut::any([
        LeftOut::of(
            ("unit that had started already", "units that had started already"),
            found.left_out.n_already_started,
            "nothing was seen before that start, so it tells of no change",
        ),
        LeftOut::of(
            ("effect without comparison", "effects without comparison"),
            found.left_out.cells.len(),
            "no unit was seen then together with its base, on both sides",
        ),
    ])
}
