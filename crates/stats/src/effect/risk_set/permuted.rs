//! The draw made again, many times over: how often would chance alone have parted winners and losers as far?
//!
//! It draws as the mechanism does where that is known as a whole, and each risk set by itself in any case.

use rayon::prelude::*;
use statrs::function::gamma::gamma_ur;

use super::compare::{TwoSides, Weighed};
use super::effect::Kept;
use super::mechanism::{Mechanism, Parted, WhyNotWhole, each_choice, n_choices};
use super::seen::{Counted, Look, Looking, Seen};
use super::waves::{AtRisk, Lists, RiskSet, Tier, Wave};
use super::{Beta, RiskSetRefused, RiskSetSettings};
use crate::panel::{Panel, Period};
use crate::uncertainty::permutation::{
    Dealer, Extreme, MOST_ENUMERATED, Permuted, Redraws, Statistic, generator,
};

/// What drawing again found.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawPermuted {
    /// All draws made again together, later lists following from earlier draws; or why that cannot be.
    pub whole: Result<Permuted, WhyNotWhole>,
    /// Each risk set drawn again by itself, its list as it was.
    pub sets: Vec<SetPermuted>,
    /// Those put together: right even if later lists depend on what earlier draws did. `None` without any.
    pub combined: Option<Combined>,
    /// Risk sets that cannot be drawn again here, because their units' chances differ.
    pub n_unequal: usize,
}

/// One risk set drawn again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SetPermuted {
    /// The first period with its wave's slots.
    pub at: Period,
    /// Its tier.
    pub tier: Tier,
    /// The difference between winners and losers that happened.
    pub difference: f64,
    /// Of the difference alone: within one set its standard error adds little.
    pub permuted: Permuted,
}

/// Probabilities of several draws put together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Combined {
    /// Minus twice the sum of their logarithms.
    pub chi_square: f64,
    /// Twice their number.
    pub df: usize,
    /// The probability of a sum at least as large, had no slot moved anybody.
    pub p: f64,
}

impl DrawPermuted {
    /// The probability to go by: that of the draws as a whole where they can be made again, else of those put together.
    pub fn p(&self) -> Option<f64> {
        self.whole.map(|whole| whole.p).ok().or(self.combined.map(|combined| combined.p))
    }
}

/// Tests that no slot moved anybody, by making the draws again.
///
/// Up to 100,000 ways for the draws to fall all are tried, so that p is exact; beyond, a sample. Each time the estimate
/// and its error are found anew, a best beta included (set by set, the slope over winners and losers together stands
/// for it, which no draw changes).
///
/// - `panel`, `waves`, `settings`: as for [`risk_set`](super::risk_set()).
/// - Returns probabilities. They depend on seed and number of redraws only, on any number of threads.
///
/// Assumes for the whole that each unit contends until it wins, as far as the lists show it; set by set nothing but the
/// list. Source: Fisher (1935), The Design of Experiments, and (1932), Statistical Methods for Research Workers,
/// 4th edition, section 21.1, for what puts probabilities together.
pub fn permute_draw(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
    redraws: Redraws,
) -> Result<DrawPermuted, RiskSetRefused> {
    permute(panel, waves, settings, redraws, Look::Window)
}

/// The same test on the baseline: a small p says that the draw was not fair, or its lists are not those of the draw.
pub fn permute_balance(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
    redraws: Redraws,
) -> Result<DrawPermuted, RiskSetRefused> {
    permute(panel, waves, &RiskSetSettings { beta: Beta::Zero, ..*settings }, redraws, Look::Baseline)
}

fn permute(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
    redraws: Redraws,
    look: Look,
) -> Result<DrawPermuted, RiskSetRefused> {
    let lists = Lists::of(panel, waves)?;
    let looking = Looking { panel, lists: &lists, settings, uses: None, look };
    let kept = Kept::of(&looking)?;
    let whole = Mechanism::of(&lists).map(|mechanism| whole(&looking, &mechanism, redraws));
    let (equal, unequal): (Vec<_>, Vec<_>) =
        kept.sets.iter().zip(&kept.units).partition(|(set, _)| has_one_chance(set));
    let sets: Vec<SetPermuted> = (1..)
        .zip(equal)
        .map(|(number, (set, (winners, losers)))| {
            // Each set has streams of its own.
            let redraws = Redraws { seed: redraws.seed.wrapping_add(number), ..redraws };
            let (difference, permuted) = one_set(winners, losers, settings.beta, redraws);
            SetPermuted { at: set.at, tier: set.tier, difference, permuted }
        })
        .collect();
    Ok(DrawPermuted { whole, combined: combined(&sets), sets, n_unequal: unequal.len() })
}

fn has_one_chance(set: &RiskSet) -> bool {
    let chances = || set.winners.iter().chain(&set.losers).map(|AtRisk { probability, .. }| *probability);
    let (least, most) =
        chances().fold((1.0_f64, 0.0_f64), |(least, most), chance| (least.min(chance), most.max(chance)));
    most - least < 1e-9
}

/// All draws made again together.
fn whole(looking: &Looking<'_>, mechanism: &Mechanism, redraws: Redraws) -> Permuted {
    let seen: Vec<Vec<Option<Seen>>> = (0..looking.lists.waves.len())
        .map(|wave| {
            let (window, baseline) = (looking.window(wave), looking.baseline(wave));
            let mut seen = vec![None; looking.panel.units().len()];
            mechanism.units().for_each(|unit| seen[unit] = looking.seen(unit, &window, baseline));
            centred(seen)
        })
        .collect();
    let statistic = |parted: &[Parted]| {
        let of = |wave: usize, units: &[usize]| -> Vec<Counted> {
            let counted = |&unit: &usize| Some(Counted { unit, weight: 1.0, seen: seen[wave][unit]? });
            units.iter().filter_map(counted).collect()
        };
        let sides = |set: &Parted| TwoSides::of((&of(set.wave, &set.winners), &of(set.wave, &set.losers)));
        let sides: Vec<TwoSides> = parted.iter().filter_map(sides).collect();
        let weighed = Weighed::of(&sides, looking.settings.weights);
        let line = weighed.line([1.0, -weighed.beta(looking.settings.beta), 0.0]);
        // Where every side is one unit there is no error to divide by, now or in any other draw.
        Statistic::new(line.value, if weighed.spare == 0 { 1.0 } else { line.variance })
    };
    let rows = |units: &[AtRisk]| units.iter().map(|at_risk| at_risk.unit).collect();
    let happened: Vec<Parted> = looking
        .lists
        .sets
        .iter()
        .map(|set| Parted { wave: set.wave, winners: rows(&set.winners), losers: rows(&set.losers) })
        .collect();
    let happened = statistic(&happened);
    match mechanism.n_assignments().filter(|n| *n <= MOST_ENUMERATED) {
        Some(n) => {
            let mut extreme = Extreme::default();
            mechanism.each(&mut |parted| extreme.count(statistic(parted), happened));
            extreme.of_all(n, happened)
        }
        None => {
            let one = |replicate| {
                let mut extreme = Extreme::default();
                let mut dealer = Dealer::new(generator(redraws.seed, replicate));
                extreme.count(statistic(&mechanism.draw(&mut dealer)), happened);
                extreme
            };
            let all = (0..redraws.n).into_par_iter().map(one).reduce(Extreme::default, Extreme::and);
            all.of_sample(redraws, happened)
        }
    }
}

/// Numbers less their means, which moves no difference and keeps rounding small beside it.
fn centred(mut seen: Vec<Option<Seen>>) -> Vec<Option<Seen>> {
    let n = seen.iter().flatten().count() as f64;
    let means = [0, 1, 2].map(|k| seen.iter().flatten().map(|seen| seen[k]).sum::<f64>() / n);
    for seen in seen.iter_mut().flatten() {
        (0..3).for_each(|k| seen[k] -= means[k]);
    }
    seen
}

/// One risk set drawn again.
fn one_set(winners: &[Counted], losers: &[Counted], beta: Beta, redraws: Redraws) -> (f64, Permuted) {
    let all: Vec<Seen> = winners.iter().chain(losers).map(|unit| unit.seen).collect();
    let (n, m) = (all.len() as f64, winners.len());
    let beta = match beta {
        Beta::Zero => 0.0,
        Beta::One => 1.0,
        Beta::Best => {
            let mean = |k: usize| all.iter().map(|seen| seen[k]).sum::<f64>() / n;
            let (outcome, before) = (mean(0), mean(1));
            let squares: f64 = all.iter().map(|seen| (seen[1] - before).powi(2)).sum();
            let products: f64 = all.iter().map(|seen| (seen[0] - outcome) * (seen[1] - before)).sum();
            if squares > 0.0 { products / squares } else { 0.0 }
        }
    };
    let mut adjusted: Vec<f64> = all.iter().map(|seen| seen[0] - beta * seen[1]).collect();
    let mean = adjusted.iter().sum::<f64>() / n;
    adjusted.iter_mut().for_each(|value| *value -= mean);
    let share = 1.0 / m as f64 + 1.0 / (n - m as f64);
    // The losers' sum is minus the winners', so the difference is the winners' sum times both shares together.
    let statistic = |sum: f64| Statistic::new(sum * share, 1.0);
    let happened = statistic(adjusted[..m].iter().sum());
    let mut extreme = Extreme::default();
    let permuted = match n_choices(adjusted.len(), m).filter(|n| *n <= MOST_ENUMERATED) {
        Some(n) => {
            each_choice(adjusted.len(), m, &mut |chosen| {
                extreme.count(statistic(chosen.iter().map(|&k| adjusted[k]).sum()), happened);
            });
            extreme.of_all(n, happened)
        }
        None => {
            for replicate in 0..redraws.n {
                let mut dealt = adjusted.clone();
                Dealer::new(generator(redraws.seed, replicate)).deal(&mut dealt, m);
                extreme.count(statistic(dealt[..m].iter().sum()), happened);
            }
            extreme.of_sample(redraws, happened)
        }
    };
    (happened.difference, permuted)
}

/// Fisher's sum of logarithms: chi-square with two degrees of freedom for each independent draw.
fn combined(sets: &[SetPermuted]) -> Option<Combined> {
    let logarithms: f64 = sets.iter().map(|set| libm::log(set.permuted.p)).sum();
    let (n, chi_square) = (sets.len(), -2.0 * logarithms);
    let p = if chi_square > 0.0 { gamma_ur(n as f64, chi_square / 2.0) } else { 1.0 };
    (n > 0).then_some(Combined { chi_square, df: 2 * n, p })
}
