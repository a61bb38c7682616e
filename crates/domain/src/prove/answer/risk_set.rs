//! The answer from recorded draws: winners against losers whom the lot alone parted.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use traction_stats::effect::Beta;
use traction_stats::effect::risk_set::{
    DrawPermuted, RiskSet, RiskSetEffect, RiskSetRefused, RiskSetSettings, SetEffect, Wave, balance,
    permute_balance, permute_draw, permute_exposures, risk_set, risk_sets,
};
use traction_stats::panel::Panel;
use traction_stats::uncertainty::permutation::Redraws;

use super::{Answer, Effects, permuted};
use crate::prove::check::{Check, CheckName, Held, PARTED, Tested};
use crate::prove::evidence::LeftOut;
use crate::prove::figures::Figures;
use crate::prove::verdict::{BeforeStart, Comparison};
use crate::prove::wish::{Before, Inference, Wish};
use crate::words::{counted, listed};

/// Answers from the draws' own chances.
pub(super) fn answer(panel: &Panel, waves: &[Wave], wish: &Wish) -> Result<Answer, RiskSetRefused> {
    let settings = wish.of_draws();
    let found = risk_set(panel, waves, &settings)?;
    let redraws = Redraws { n: wish.n_draws, seed: wish.seed };
    let by_lot = permute_draw(panel, waves, &settings, redraws)?;
    // Where the draws cannot be made again, or refuse that any one effect was that of all, the formula's p and interval stay.
    let n_draws = found.sets.iter().map(|set| set.at).collect::<BTreeSet<_>>().len();
    let with_lots = if n_draws > 1 { permuted::with_wider } else { permuted::with_reach };
    let overall = match by_lot.p().zip(by_lot.reach) {
        Some((p, reach)) => with_lots(found.overall.clone(), p, reach),
        None => found.overall.clone(),
    };
    let mut by_exposure = found.by_exposure.clone();
    by_exposure.overall = overall.clone();
    for dealt in permute_exposures(panel, waves, &settings, redraws)?.unwrap_or_default() {
        for part in by_exposure.each.iter_mut().filter(|part| part.at == dealt.at) {
            if let Some(reach) = dealt.reach {
                part.effect = with_lots(part.effect.clone(), dealt.p, reach);
            }
        }
    }
    let fair = fairness(panel, waves, &settings, redraws)?;
    let (sets, _) = risk_sets(panel, waves)?;
    let counts = |set: &&RiskSet| found.sets.iter().any(|of| (of.at, of.tier) == (set.at, set.tier));
    Ok(Answer {
        study: None,
        warning: None,
        comparison: Comparison::Draw { n_draws, n_at_risk: n_at_risk(&found, sets.iter().filter(counts)) },
        compare: None,
        inference: match by_lot.p().zip(by_lot.reach) {
            Some(_) => Inference::Permutation.word(),
            None => Inference::Analytic.word(),
        },
        why: why(&found, wish),
        left_out: left_out(&found).chain(undecided(waves, &sets)).collect(),
        before: match (fair.held, fair.test) {
            (Held::No, Some(test)) => BeforeStart::Parted { p: test.p },
            _ => BeforeStart::NotNeeded,
        },
        checks: [Some(fair), redrawn(&by_lot, n_draws, wish), unseen(&found), borrowed(&found)]
            .into_iter()
            .flatten()
            .collect(),
        effects: Effects {
            by_exposure: Some(by_exposure),
            sets: found.sets.iter().map(|set| by_lot_alone(set, &by_lot)).collect(),
            fell: by_lot.whole.ok().map(|whole| whole.fell),
            beta: (wish.baseline != Before::Formerly).then_some(found.beta),
            ..Effects::of(overall, panel.units().len())
        },
    })
}

/// One draw's effect, with the p-value and interval that its lots alone give.
fn by_lot_alone(set: &SetEffect, by_lot: &DrawPermuted) -> SetEffect {
    let dealt = by_lot.sets.iter().find(|dealt| dealt.at == set.at && dealt.tier == set.tier);
    let effect = match dealt.and_then(|dealt| Some((dealt.permuted.p, dealt.reach?))) {
        Some((p, reach)) => permuted::with_reach(set.effect.clone(), p, reach),
        None => set.effect.clone(),
    };
    SetEffect { effect, ..set.clone() }
}

/// Units that chance decided about, each once, however often it contended.
fn n_at_risk<'a>(found: &RiskSetEffect, sets: impl Iterator<Item = &'a RiskSet>) -> usize {
    let times: usize = found.sets.iter().map(|set| set.n_winners + set.n_losers).sum();
    let units: BTreeSet<usize> =
        sets.flat_map(|set| set.winners.iter().chain(&set.losers)).map(|at_risk| at_risk.unit).collect();
    // Those of whom too little was seen are among the latter.
    times.min(units.len())
}

/// Draws in which chance decided nothing.
fn undecided(waves: &[Wave], sets: &[RiskSet]) -> Option<LeftOut> {
    let is_undecided = |wave: &&Wave| sets.iter().all(|set| set.at != wave.at);
    let undecided: Vec<String> = waves.iter().filter(is_undecided).map(|wave| wave.at.to_string()).collect();
    (!undecided.is_empty()).then(|| {
        LeftOut::of(
            ("draw in which chance decided nothing", "draws in which chance decided nothing"),
            undecided.len(),
            format!("each band and layer got slots for all or for none ({})", listed(&undecided)),
        )
    })
}

fn why(found: &RiskSetEffect, wish: &Wish) -> String {
    let sets: Vec<String> = found
        .sets
        .iter()
        .map(|set| format!("{} with a slot and {} without from {}", set.n_winners, set.n_losers, set.at))
        .collect();
    format!(
        "Within each band and layer that the slots did not reach round, winners are compared with losers still \
         waiting, {}: {}.",
        against(found.beta, wish),
        sets.join("; ")
    )
}

/// What is done about the difference that there was before.
fn against(beta: f64, wish: &Wish) -> String {
    let since = match wish.baseline {
        Before::Formerly => return "each by the change since just before".to_owned(),
        Before::Last(NonZeroUsize::MIN) => "just before".to_owned(),
        Before::Last(n) => format!("the mean of the last {n} periods before"),
        Before::AsAfter => "the mean of as many periods before as are compared after".to_owned(),
    };
    match wish.efficient_beta {
        Beta::Zero => "by what was seen after alone".to_owned(),
        Beta::One => format!("each by the change since {since}"),
        // With too few units to find one it is 1.
        Beta::Best if beta == 1.0 => format!("each by the change since {since}"),
        Beta::Best => format!(
            "each by what was seen after less {} times {since}, the multiple that the units themselves show",
            Figures::of(0.02).say(beta)
        ),
    }
}

/// Whether winners and losers were alike before, as far as a lot makes them.
fn fairness(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
    redraws: Redraws,
) -> Result<Check, RiskSetRefused> {
    let before = balance(panel, waves, settings)?;
    let by_lot = permute_balance(panel, waves, settings, redraws)?;
    let name = CheckName::Balance;
    let Some((p, interval)) = by_lot.p().zip(before.interval()) else {
        let says = "Whether the draw was fair could not be tested: nothing varied before it.".to_owned();
        return Ok(Check { name, held: Held::Untested, test: None, says });
    };
    let difference = Figures::of(interval.se_used).say(before.value);
    let (held, says) = if p < PARTED {
        let says = format!(
            "Before the draw, winners and losers differed by {difference}: more than a fair lot makes likely. Look at how \
             the draw was run."
        );
        (Held::No, says)
    } else {
        let says = format!(
            "Before the draw, winners and losers differed by {difference}: no more than a fair lot makes likely."
        );
        (Held::Yes, says)
    };
    Ok(Check { name, held, test: Some(Tested::by_p(p)), says })
}

/// What drawing the lots again shows.
fn redrawn(by_lot: &DrawPermuted, n_draws: usize, wish: &Wish) -> Option<Check> {
    let mut check = match (&by_lot.whole, by_lot.combined) {
        (Ok(whole), _) => permuted::check(whole),
        (Err(_), Some(combined)) => {
            let tried = "the lots of each wave drawn again by themselves, and put together,";
            let mut check = permuted::check_p(combined.p, tried);
            check.test = Some(Tested { statistic: Some(combined.chi_square), ..Tested::by_p(combined.p) });
            check
        }
        (Err(_), None) => return None,
    };
    check.says.push_str(&match by_lot.reach {
        Some(reach) => permuted::says_reach(reach, wish.level),
        None => " No one effect, the same for all, goes with the lots of every wave, so that p and interval of the effect \
                 over all are by formula."
            .to_owned(),
    });
    if by_lot.reach.is_some() && n_draws > 1 {
        check.says.push_str(
            " Since each draw may have had an effect of its own, it is no shorter than the one by formula.",
        );
    }
    Some(check)
}

/// Whether as much was seen of losers as of winners.
fn unseen(found: &RiskSetEffect) -> Option<Check> {
    let left_out = &found.left_out;
    let (n_winners, n_losers) = (left_out.n_winners_unseen, left_out.n_losers_unseen);
    (n_winners + n_losers > 0).then(|| Check {
        name: CheckName::Attrition,
        held: if n_winners.abs_diff(n_losers) <= 1 { Held::Yes } else { Held::No },
        test: None,
        says: format!(
            "Too little was seen of {} and {}; they are left out.",
            counted(n_winners, "winner", "winners"),
            counted(n_losers, "loser", "losers")
        ),
    })
}

/// Says when a side of a comparison was a single unit.
fn borrowed(found: &RiskSetEffect) -> Option<Check> {
    let lone: Vec<String> =
        found.sets.iter().filter(|set| set.borrows).map(|set| set.at.to_string()).collect();
    (!lone.is_empty()).then(|| Check {
        name: CheckName::UnitsPerStart,
        held: Held::No,
        test: None,
        says: format!(
            "In the draw for {} one unit stood alone on a side; how far chance reaches there is taken from the other sides.",
            lone.join(", ")
        ),
    })
}

fn left_out(found: &RiskSetEffect) -> impl Iterator<Item = LeftOut> {
    let (outside, left_out) = (&found.left_out.outside, &found.left_out);
    LeftOut::any([
        LeftOut::of(
            ("unit with a protected place", "units with protected places"),
            outside.n_protected,
            "no lot decided there",
        ),
        LeftOut::of(
            ("unit that a person decided about", "units that a person decided about"),
            outside.n_overrides,
            "no lot decided there",
        ),
        LeftOut::of(
            ("entry sure of a slot", "entries sure of a slot"),
            outside.n_certain,
            "there was room for the whole band and layer; a unit counts once for each draw",
        ),
        LeftOut::of(
            ("entry without a chance", "entries without a chance"),
            outside.n_hopeless,
            "all slots went to bands and layers that came before; a unit counts once for each draw",
        ),
        LeftOut::of(
            ("unit at risk without outcomes", "units at risk without outcomes"),
            left_out.n_never_seen,
            "nothing was seen there",
        ),
        LeftOut::of(("draw", "draws"), left_out.n_sets, "not enough was seen of both winners and losers"),
    ])
}
