//! The regression that everybody knows, with what it is made of: a warning, never an answer.

use traction_stats::effect::{self, Control, Kind, TwoWay, TwoWayRefused, bacon, two_way};
use traction_stats::panel::Panel;

use super::{Answer, Effects, TwoByTwo, wild};
use crate::prove::check::{Check, CheckName, Held};
use crate::prove::figures::Figures;
use crate::prove::verdict::{BeforeStart, Comparison};
use crate::prove::wish::Wish;

/// Answers with a warning.
pub(super) fn answer(panel: &Panel, wish: &Wish) -> Result<Answer, TwoWayRefused> {
    let mut found = two_way(panel, wish.level)?;
    let by_chance = wild::asked(wish, |drawn| found.wild(drawn));
    if let Some(drawn) = by_chance.drawn() {
        found.coefficient = wild::with(found.coefficient, drawn);
    }
    let taken_apart = bacon(panel);
    let two_by_two: Vec<TwoByTwo> =
        taken_apart.iter().flat_map(|apart| &apart.comparisons).map(TwoByTwo::of).collect();
    let misleading = taken_apart.as_ref().ok().map(|apart| {
        let bad =
            |pair: &&effect::Comparison| matches!(pair.kind, Kind::AgainstStarted | Kind::AgainstAlways);
        apart.comparisons.iter().filter(bad).map(|pair| pair.weight).sum::<f64>()
    });
    let check = match &taken_apart {
        Ok(_) => None,
        Err(why) => Some(Check {
            name: CheckName::TakenApart,
            held: Held::Untested,
            test: None,
            says: format!("The coefficient was not taken apart: {why}."),
        }),
    };
    Ok(Answer {
        study: None,
        comparison: Comparison::NotYet { n_never: panel.never().len() },
        compare: None,
        inference: by_chance.inference().word(),
        why: "One coefficient stands for all starts and periods; started units serve as comparison for later ones.".to_owned(),
        left_out: Vec::new(),
        before: BeforeStart::NotNeeded,
        checks: check.into_iter().chain(by_chance.refused()).collect(),
        warning: Some(warning(&found, misleading)),
        effects: Effects { two_by_two, ..Effects::of(found.coefficient, found.n_units) },
    })
}

fn warning(found: &TwoWay, misleading: Option<f64>) -> String {
    let coefficient = match found.coefficient.interval() {
        None => format!("{:.4}", found.coefficient.value).replace('-', "\u{2212}"),
        Some(interval) => {
            let figures = Figures::of(interval.se_used);
            format!(
                "{} (interval {} to {})",
                figures.say(found.coefficient.value),
                figures.say(interval.low),
                figures.say(interval.high)
            )
        }
    };
    let percent = |share: f64| format!("{:.0} %", (share * 100.0).abs());
    let misleads = |share: &f64| share.abs() >= 0.005;
    let why = match misleading {
        Some(share) => Some(share).filter(misleads).map(|share| {
            format!(
                "{} of its weight compares units that start with units that had started already",
                percent(share)
            )
        }),
        None => Some(found.negative_share)
            .filter(misleads)
            .map(|share| format!("{} of its weight on started units is negative", percent(share))),
    };
    let Some(why) = why else {
        return format!(
            "Two-way regression says {coefficient}, which is a warning and no answer: it is one number for all starts and \
             periods, and does not show an effect that grows or differs; ask for group-time or imputation."
        );
    };
    format!(
        "Two-way regression says {coefficient}, which is a warning and no answer: {why}, so that an effect which grows \
         or differs is counted wrongly; ask for group-time or imputation."
    )
}

impl TwoByTwo {
    fn of(pair: &effect::Comparison) -> Self {
        TwoByTwo {
            treated: pair.treated.to_string(),
            control: match pair.control {
                Control::Never => "never".to_owned(),
                Control::Always => "always".to_owned(),
                Control::Start(start) => start.to_string(),
            },
            kind: match pair.kind {
                Kind::AgainstNever => "against never started",
                Kind::AgainstNotYet => "against not yet started",
                Kind::AgainstStarted => "later against already started",
                Kind::AgainstAlways => "against always started",
            },
            estimate: pair.estimate,
            weight: pair.weight,
        }
    }
}
