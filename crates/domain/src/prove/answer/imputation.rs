//! The answer by imputation: what was observed, less what the units without it lead one to expect.

use traction_stats::effect::{ImputationRefused, ImputationSettings, NotImputed, Summary, imputation};
use traction_stats::panel::Panel;

use super::{Answer, Cell, Effects, one_unit_alone, parted};
use crate::prove::evidence::LeftOut;
use crate::prove::verdict::Comparison;
use crate::prove::wish::{Inference, Wish};
use crate::words::listed;

/// Answers by imputation.
pub(super) fn answer(panel: &Panel, wish: &Wish) -> Result<Answer, ImputationRefused> {
    let settings = ImputationSettings {
        anticipation: wish.anticipation,
        level: wish.level,
        ..ImputationSettings::default()
    };
    let found = imputation(panel, &settings)?;
    let pre_trends = parted(found.pre_trends);
    let lone: Vec<String> = found.lone_starts.iter().map(ToString::to_string).collect();
    let each = found.leads.iter().chain(&found.by_exposure.each).cloned().collect();
    Ok(Answer {
        study: None,
        comparison: Comparison::Expected { n_never: panel.never().len() },
        compare: None,
        inference: Inference::Analytic.word(),
        why: "What units not yet started and units that never start lead one to expect is taken from what was observed."
            .to_owned(),
        left_out: left_out(&found.left_out).collect(),
        before: pre_trends.before_start(),
        checks: [Some(pre_trends), one_unit_alone(&lone, &found.overall)].into_iter().flatten().collect(),
        effects: Effects {
            group_time: found.cells.iter().map(Cell::of).collect(),
            by_start: Some(found.by_start),
            by_period: Some(found.by_period),
            by_exposure: Some(Summary { overall: found.by_exposure.overall, each }),
            ..Effects::of(found.overall, found.n_units)
        },
        warning: None,
    })
}

fn left_out(found: &NotImputed) -> impl Iterator<Item = LeftOut> {
    LeftOut::any([
        LeftOut::of(
            ("unit that had started already", "units that had started already"),
            found.n_without_before,
            "nothing was seen without it, so nothing tells what to expect".to_owned(),
        ),
        LeftOut::of(
            ("observation", "observations"),
            found.cells.iter().map(|(_, _, count)| count).sum(),
            "nobody comparable was without it in the period".to_owned(),
        ),
        LeftOut::of(
            ("covariate", "covariates"),
            found.covariates.len(),
            format!(
                "within a unit nothing changes in {}, so that the unit's own level holds it",
                listed(&found.covariates)
            ),
        ),
    ])
}
