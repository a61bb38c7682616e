//! The answer where the times of starting were as good as drawn: the sharpest comparison that this allows.

use traction_stats::effect::{
    BetaFrom, Compare, Efficient, EfficientCell, EfficientRefused, EfficientSettings, Estimand, Summary,
    efficient, permute_starts, permuted_reach,
};
use traction_stats::panel::Panel;
use traction_stats::uncertainty::permutation::Redraws;

use super::{Answer, Cell, Effects, permuted};
use crate::prove::check::{Check, CheckName, Held, PARTED, Tested};
use crate::prove::evidence::LeftOut;
use crate::prove::verdict::Comparison;
use crate::prove::wish::{Inference, Wish};

/// Answers for random timing.
pub(super) fn answer(panel: &Panel, wish: &Wish) -> Result<Answer, EfficientRefused> {
    let compare = wish.compare.unwrap_or(Compare::NotYet);
    let settings = EfficientSettings { beta: wish.efficient_beta, compare, level: wish.level };
    let found = efficient(panel, &settings)?;
    let by_exposure = found.by_exposure.effects();
    let before = check_before(&by_exposure);
    let mut overall = found.simple.effect.clone();
    let mut checks: Vec<Check> = [before.clone(), check_lone_starts(&found)].into_iter().flatten().collect();
    let mut fell = None;
    let inference = match wish.inference {
        Inference::Permutation => {
            let redraws = Redraws { n: wish.n_draws, seed: wish.seed };
            let by_lot = permute_starts(panel, &settings, Estimand::Simple, redraws)?;
            let reach = permuted_reach(panel, &settings, (Estimand::Simple, overall.value), redraws)?;
            let mut check = permuted::check(&by_lot);
            check.says.push_str(&permuted::says_reach(reach, wish.level));
            checks.push(check);
            overall = permuted::with_reach(overall, by_lot.p, reach);
            fell = Some(by_lot.fell);
            Inference::Permutation
        }
        _ => Inference::Analytic,
    };
    Ok(Answer {
        study: None,
        warning: None,
        comparison: Comparison::Timing { n_never: panel.never().len(), compare },
        compare: Some(compare),
        inference: inference.word(),
        why: format!(
            "Starting units are compared with {}, less {} of what differed already before{}.",
            match compare {
                Compare::Never => "those that never start",
                Compare::NotYet => "those that have not started yet or never do",
            },
            if found.simple.beta == 1.0 {
                "all".to_owned()
            } else {
                format!("the multiple {:.2}", found.simple.beta)
            },
            match found.simple.beta_from {
                BetaFrom::Given | BetaFrom::EachStart => "",
                BetaFrom::AllStarts => {
                    "; some start has a handful of units, so the multiple that serves best is found from the units of all \
                     starts together"
                }
                BetaFrom::TooFew =>
                    ", since there are too few units to find a multiple that would serve better",
            }
        ),
        left_out: left_out(&found).collect(),
        before: before.map_or_else(Default::default, |check| check.before_start()),
        checks,
        effects: Effects {
            group_time: found.cells.iter().map(cell).collect(),
            by_start: Some(found.by_start.effects()),
            by_period: Some(found.by_period.effects()),
            by_exposure: Some(by_exposure),
            fell,
            se_neyman: found.simple.se_neyman,
            ..Effects::of(overall, found.starts.iter().map(|(_, n)| n).sum())
        },
    })
}

fn cell(cell: &EfficientCell) -> Cell {
    let EfficientCell { start, period, exposure, .. } = *cell;
    Cell { start, period, exposure, effect: cell.sharpened.effect.clone() }
}

/// Whether chance dealt fairly: the strongest effect before the start, allowing for how many were looked at.
fn check_before(by_exposure: &Summary<i64>) -> Option<Check> {
    let before = by_exposure.each.iter().filter(|part| part.at < 0);
    let p: Vec<f64> = before.filter_map(|part| Some(part.effect.interval()?.p)).collect();
    let strongest = p.iter().copied().min_by(f64::total_cmp)?;
    let allowed_for = (strongest * p.len() as f64).min(1.0);
    let (held, says) = if allowed_for < PARTED {
        (Held::No, "Before the start those who start differed already by more than a lot would make them.")
    } else {
        (Held::Yes, "Before the start those who start did not differ by more than a lot would make them.")
    };
    let test = Some(Tested { n_numbers: Some(p.len()), ..Tested::by_p(allowed_for) });
    Some(Check { name: CheckName::PreTrends, held, test, says: says.to_owned() })
}

fn check_lone_starts(found: &Efficient) -> Option<Check> {
    let lone = found.lone_starts.iter().map(|start| match start {
        Some(start) => start.to_string(),
        None => "never".to_owned(),
    });
    super::one_unit_alone(&lone.collect::<Vec<_>>(), &found.simple.effect)
}

fn left_out(found: &Efficient) -> impl Iterator<Item = LeftOut> {
    let left_out = &found.left_out;
    LeftOut::any([
        LeftOut::of(
            ("unit that had started already", "units that had started already"),
            left_out.n_already_started,
            "no lot within sight held back who had it from the first period on",
        ),
        LeftOut::of(
            ("unit with gaps", "units with gaps"),
            left_out.n_with_gaps,
            "this method needs each unit in every period",
        ),
    ])
}
