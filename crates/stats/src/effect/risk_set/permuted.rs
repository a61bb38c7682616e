//! The draw made again, many times over: how often would chance alone have parted winners and losers as far?
//!
//! It draws as the mechanism does where that is known as a whole, and each risk set by itself in any case.

use rayon::prelude::*;
use statrs::function::gamma::gamma_ur;

use super::compare::{TwoSides, Weighed};
use super::deals::{Deals, Dealt};
use super::effect::{Kept, exposures};
use super::mechanism::{Mechanism, WhyNotWhole};
use super::one_set::{OneSet, Others};
use super::seen::{Look, Looking};
use super::waves::{AtRisk, Lists, RiskSet, Tier, Wave};
use super::{Beta, RiskSetRefused, RiskSetSettings};
use crate::panel::{Panel, Period};
use crate::uncertainty::Level;
use crate::uncertainty::permutation::{
    Counting, Dealer, Extreme, MOST_ENUMERATED, Permuted, Reach, Redraws, TIE, attained, generator, reach,
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
    /// The effects, the same for every unit in every period from its slot on, that the test of [`p`](Self::p) does not
    /// refuse: 0 is within exactly where `p` is large. `None` without a test, and where several draws, each by itself,
    /// refuse that any one effect was that of all.
    pub reach: Option<Reach>,
}

/// The effect at one exposure, all draws made again together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExposurePermuted {
    /// Steps since the start.
    pub at: i64,
    /// The probability of a statistic at least as far from 0, had no slot moved anybody.
    pub p: f64,
    /// The effects that are not refused.
    pub reach: Option<Reach>,
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
    /// The effects, the same for every winner, that this does not refuse.
    pub reach: Option<Reach>,
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

/// Tests that no slot moved anybody, by making the draws again, and turns the test round: which effects would stand?
///
/// Up to 100,000 ways for the draws to fall all are tried, so that p is exact; beyond, a sample. Each time the estimate
/// and its error are found anew, a best beta included (set by set, the slope over winners and losers together, with
/// the others as they were, stands for it, which no draw changes).
///
/// - `panel`, `waves`, `settings`: as for [`risk_set`](super::risk_set()).
/// - Returns probabilities, and effects in the outcome's unit. They depend on seed and number of redraws only, on any number of threads.
///
/// Assumes for the whole that each unit contends until it wins, as far as the lists show it; set by set nothing but the
/// list; and for the effects that stand, that each is the same for all (with many units, on average).
/// Source: Fisher (1935), The Design of Experiments, and (1932), Statistical Methods for Research Workers, 4th edition,
/// section 21.1, for what puts probabilities together; Imbens and Rubin (2015), Causal Inference, section 5.8.
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

/// The same test of each effect by exposure, all draws made again together; the reason where they cannot be.
///
/// Who still waits so many steps after a draw is found anew in each deal, as are the weights of those who do.
pub fn permute_exposures(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
    redraws: Redraws,
) -> Result<Result<Vec<ExposurePermuted>, WhyNotWhole>, RiskSetRefused> {
    let lists = Lists::of(panel, waves)?;
    let looking = Looking { panel, lists: &lists, settings, uses: None, look: Look::Window };
    Kept::of(&looking)?;
    Ok(Mechanism::of(&lists, settings.numbers).map(|mechanism| {
        let at = |at: i64| {
            let looking = Looking { look: Look::Exposure(at), ..looking };
            Kept::of(&looking).ok()?;
            let whole = Whole::of(&looking, &mechanism, redraws);
            Some(ExposurePermuted { at, p: whole.permuted().p, reach: whole.reach(settings.level) })
        };
        exposures(&looking).into_iter().filter_map(at).collect()
    }))
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
    let mechanism = Mechanism::of(&lists, settings.numbers);
    let whole = mechanism.as_ref().map(|mechanism| Whole::of(&looking, mechanism, redraws));
    let weighed = Weighed::of(&kept.sides, settings.weights);
    let (equal, unequal): (Vec<_>, Vec<_>) =
        kept.sets.iter().zip(kept.units.iter().zip(&kept.sides)).partition(|(set, _)| has_one_chance(set));
    let all =
        kept.sides.iter().map(TwoSides::within).fold([0.0; 2], |sum, own| [sum[0] + own[0], sum[1] + own[1]]);
    // Each set has streams of its own.
    let sets: Vec<(&RiskSet, OneSet)> = (1..)
        .zip(equal)
        .map(|(number, (set, ((winners, losers), sides)))| {
            let redraws = Redraws { seed: redraws.seed.wrapping_add(number), ..redraws };
            let own = sides.within();
            let others = Others { within: [all[0] - own[0], all[1] - own[1]], spare: weighed.spare };
            (*set, OneSet::of((winners, losers), (settings, others), redraws))
        })
        .collect();
    let level = settings.level;
    let reach = match (&whole, look) {
        (_, Look::Baseline) => None,
        (Ok(whole), _) => whole.reach(level),
        (Err(_), _) => {
            let value = weighed.line([1.0, -weighed.multiple(settings).value, 0.0]).value;
            together(&sets, value, level)
        }
    };
    let sets: Vec<SetPermuted> = sets
        .iter()
        .map(|(set, one)| SetPermuted {
            at: set.at,
            tier: set.tier,
            difference: one.difference(),
            permuted: one.permuted(),
            reach: one.reach(level),
        })
        .collect();
    Ok(DrawPermuted {
        whole: whole.map(|whole| whole.permuted()).map_err(|why| *why),
        combined: combined(sets.iter().map(|set| set.permuted.p)),
        sets,
        n_unequal: unequal.len(),
        reach,
    })
}

/// The effects that the draws, each made again by itself, do not refuse when put together.
fn together(sets: &[(&RiskSet, OneSet)], value: f64, level: Level) -> Option<Reach> {
    let refused = 1.0 - level.share();
    let is_refused = |effect: f64| {
        combined(sets.iter().map(|(_, one)| one.p(effect))).is_some_and(|combined| combined.p <= refused)
    };
    let size = sets.iter().map(|(_, one)| one.size()).fold(0.0, f64::max);
    if sets.is_empty() { None } else { reach(&is_refused, (value, size), None) }
}

fn has_one_chance(set: &RiskSet) -> bool {
    let chances = || set.winners.iter().chain(&set.losers).map(|AtRisk { probability, .. }| *probability);
    let (least, most) =
        chances().fold((1.0_f64, 0.0_f64), |(least, most), chance| (least.min(chance), most.max(chance)));
    most - least < 1e-9
}

/// All draws made again together.
struct Whole {
    deals: Deals,
    happened: Dealt,
    dealt: Vec<Dealt>,
    counting: Counting,
}

impl Whole {
    fn of(looking: &Looking<'_>, mechanism: &Mechanism, redraws: Redraws) -> Self {
        let deals = Deals::of(looking, mechanism.units());
        let happened = deals.dealt(&Mechanism::happened(looking.lists));
        let (dealt, counting) = match mechanism.n_assignments().filter(|n| *n <= MOST_ENUMERATED) {
            Some(_) => {
                let mut dealt = Vec::new();
                mechanism.each(&mut |parted| dealt.push(deals.dealt(parted)));
                (dealt, Counting::All)
            }
            None => {
                let one = |replicate| {
                    deals.dealt(&mechanism.draw(&mut Dealer::new(generator(redraws.seed, replicate))))
                };
                ((0..redraws.n).into_par_iter().map(one).collect(), Counting::Sample(redraws))
            }
        };
        Whole { deals, happened, dealt, counting }
    }

    fn permuted(&self) -> Permuted {
        let happened = self.deals.statistic(&self.happened, 0.0);
        let mut extreme = Extreme::default();
        self.dealt.iter().for_each(|one| extreme.count(self.deals.statistic(one, 0.0), happened));
        extreme.of(self.counting, self.dealt.len() as u64, happened)
    }

    fn reach(&self, level: Level) -> Option<Reach> {
        let at = |dealt: &Dealt, effect: f64| self.deals.statistic(dealt, effect).studentised.abs();
        let is_refused = |effect: f64| {
            let own = at(&self.happened, effect) * (1.0 - TIE);
            let as_far = self.dealt.iter().filter(|one| at(one, effect) >= own).count();
            self.counting.p(as_far, self.dealt.len()) <= 1.0 - level.share()
        };
        let value = self.deals.statistic(&self.happened, 0.0).difference;
        let own = matches!(self.counting, Counting::Sample(_)).then_some(&self.happened);
        let squares = self.dealt.iter().chain(own).map(|one| at(one, value).powi(2)).collect();
        reach(&is_refused, (value, self.deals.size(&self.happened)), Some(attained(squares, level)))
    }
}

/// Fisher's sum of logarithms: chi-square with two degrees of freedom for each independent draw.
fn combined(sets: impl Iterator<Item = f64>) -> Option<Combined> {
    let (n, logarithms) = sets.fold((0, 0.0), |(n, sum), p| (n + 1, sum + libm::log(p)));
    let chi_square: f64 = -2.0 * logarithms;
    let p = if chi_square > 0.0 { gamma_ur(n as f64, chi_square / 2.0) } else { 1.0 };
    (n > 0).then_some(Combined { chi_square, df: 2 * n, p })
}
