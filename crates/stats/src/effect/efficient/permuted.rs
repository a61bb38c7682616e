//! Fisher's test for random timing: deal the same starts over the units again, and see how often chance does as much.
//!
//! It needs each unit's outcomes only as two numbers a start, found once; no data are touched while dealing. Which
//! effects the test lets stand is found in `inverted`.

use rayon::prelude::*;

use super::super::Compare;
use super::arms::{Arms, Contrast};
use super::few::Found;
use super::inverted;
use super::summarise::{self, Overall};
use super::together::Together;
use super::{Beta, BetaFrom, EfficientRefused, EfficientSettings};
use crate::panel::Panel;
use crate::uncertainty::permutation::{Dealer, Extreme, Permuted, Reach, Redraws, Statistic, generator};

/// Which effect is tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Estimand {
    /// The mean over all starts and periods from the start on.
    #[default]
    Simple,
    /// The summary by start.
    ByStart,
    /// The summary by period.
    ByPeriod,
    /// The summary by exposure, from 0 on.
    ByExposure,
    /// The effect at one exposure; before the start this tests whether chance dealt fairly.
    Exposure(i64),
}

/// Tests that no unit was moved by the treatment, by dealing the starts over the units again.
///
/// Each time, the estimate and its Neyman error are found anew, the best beta included. A start of one unit enters the
/// error with the variance that all units have together, which no deal changes.
///
/// - `panel`, `settings`: as for [`efficient`](super::efficient()).
/// - Returns the probabilities of an effect at least as far from 0. They depend on seed and number of redraws only, on
///   any number of threads.
///
/// Assumes that every deal of these starts was equally likely: exact then in any sample. Misleads where timing was
/// random within strata only: then deal within them.
/// Source: Roth and Sant'Anna (2023), section 2; Fisher (1935), The Design of Experiments.
///
/// Had the form done nothing, how often would a lot alone make as much of a difference?
///
/// ```
/// use traction_stats::effect::{self, Beta, EfficientSettings, Estimand};
/// use traction_stats::uncertainty::permutation::Redraws;
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,9,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,11,3\n\
///     c,1,10,4\nc,2,11,4\nc,3,11,4\nc,4,9,4\nd,1,12,4\nd,2,13,4\nd,3,11,4\nd,4,11,4\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let settings = EfficientSettings { beta: Beta::One, ..EfficientSettings::default() };
/// let redraws = Redraws { n: 2_000, seed: 1 };
/// let dealt = effect::permute_starts(&panel, &settings, Estimand::Simple, redraws)?;
/// println!("in {:.0} of 100 deals", 100.0 * dealt.p_of_difference);
/// assert!(dealt.p_of_difference > 1.0 / 90.0 / 2.0); // six wards can be dealt in 90 ways, and this is one of them
/// assert_eq!(dealt, effect::permute_starts(&panel, &settings, Estimand::Simple, redraws)?); // the seed decides
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn permute_starts(
    panel: &Panel,
    settings: &EfficientSettings,
    estimand: Estimand,
    redraws: Redraws,
) -> Result<Permuted, EfficientRefused> {
    let (arms, _) = Arms::of(panel)?;
    let contrast = contrast(panel, &arms, settings.compare, estimand)?;
    let deal = Deal::of(panel, &arms, &contrast, settings.beta);
    let happened = deal.statistic(&deal.happened, &mut deal.sums());
    let extreme = (0..redraws.n)
        .into_par_iter()
        .fold(
            || (Extreme::default(), deal.places.clone(), deal.sums()),
            |(mut extreme, mut places, mut sums), replicate| {
                places.copy_from_slice(&deal.places);
                Dealer::new(generator(redraws.seed, replicate)).deal(&mut places, deal.happened.len());
                extreme.count(deal.statistic(&places[..deal.happened.len()], &mut sums), happened);
                (extreme, places, sums)
            },
        )
        .map(|(extreme, _, _)| extreme)
        .reduce(Extreme::default, Extreme::and);
    Ok(extreme.of_sample(redraws, happened))
}

/// Which effects dealing the starts again does not refuse: were each unit moved by that much in every period from its
/// start on, neither more nor less, chance would leave a statistic as far from 0 as the one that then happened more
/// often than one less the level says.
///
/// - As [`permute_starts`], whose deals these are: an effect of 0 is refused exactly where its `p` is small.
/// - `value`: the estimate that is tested.
///
/// Assumes that the effect is the same for all; with many units it need be so on average only.
/// Source: Imbens and Rubin (2015), Causal Inference, section 5.8.
pub fn permuted_reach(
    panel: &Panel,
    settings: &EfficientSettings,
    (estimand, value): (Estimand, f64),
    redraws: Redraws,
) -> Result<Reach, EfficientRefused> {
    let (arms, _) = Arms::of(panel)?;
    let contrast = contrast(panel, &arms, settings.compare, estimand)?;
    let deal = Deal::of(panel, &arms, &contrast, settings.beta);
    Ok(inverted::reach((panel, &arms), (&contrast, &deal), value, (settings.level, redraws)))
}

fn contrast(
    panel: &Panel,
    arms: &Arms,
    compare: Compare,
    estimand: Estimand,
) -> Result<Contrast, EfficientRefused> {
    let places = arms.places(compare);
    let by_exposure =
        || summarise::by_exposure(arms, &places, |place| summarise::exposure(panel, arms, place));
    let cells = match estimand {
        Estimand::Simple => summarise::simple(arms, &places),
        Estimand::ByStart => {
            summarise::overall(arms, &summarise::by_start(arms, &places), Overall::ByUnits, |_| true)
        }
        Estimand::ByPeriod => {
            summarise::overall(arms, &summarise::by_period(arms, &places), Overall::Plain, |_| true)
        }
        Estimand::ByExposure => summarise::overall(arms, &by_exposure(), Overall::Plain, |at| at >= 0),
        Estimand::Exposure(exposure) => {
            by_exposure().remove(&exposure).ok_or(EfficientRefused::NoSuchExposure { exposure })?
        }
    };
    Ok(arms.contrast(&cells, compare))
}

/// What the contrast makes of a unit if it has some start: after and before, over the root of n (n - 1) of that start, so
/// that squares add up to variances.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pair {
    pub after: f64,
    pub before: f64,
}

/// All that dealing needs.
pub(super) struct Deal {
    /// Units that differ from the median, and then the others, as rows of the panel.
    pub units: Vec<usize>,
    /// Units that differ from the median x arms.
    pairs: Vec<Pair>,
    /// The arms of those units, as it happened.
    happened: Vec<u16>,
    /// The arms of all units, those that differ from the median first.
    pub places: Vec<u16>,
    /// By arm, 1 over the number of units.
    shares: Vec<f64>,
    /// By arm, what turns a sum of scaled numbers into their mean.
    means: Vec<f64>,
    /// What arms of one unit add to the variances of after and before, and to their covariance.
    lone: [f64; 3],
    /// By period, the median of the outcomes.
    pub medians: Vec<f64>,
    pub beta: Beta,
    pub from: BetaFrom,
    together: Option<Together>,
}

impl Deal {
    /// Outcomes are taken from each period's median, which moves no contrast: a unit that equals it adds nothing,
    /// whatever its start, and the others' squares stay small.
    fn of(panel: &Panel, arms: &Arms, contrast: &Contrast, beta: Beta) -> Deal {
        let n_arms = arms.arms.len();
        let members =
            || arms.arms.iter().enumerate().flat_map(|(arm, a)| a.units.iter().map(move |u| (arm, *u)));
        let medians: Vec<f64> = (0..arms.n_periods)
            .map(|period| median(members().map(|(_, unit)| panel.column(period)[unit]).collect()))
            .collect();
        let scales: Vec<f64> = (0..n_arms)
            .map(|arm| if arms.n(arm) > 1.0 { (arms.n(arm) * (arms.n(arm) - 1.0)).sqrt() } else { 1.0 })
            .collect();
        let mut deal = Deal {
            units: Vec::with_capacity(arms.n_units),
            pairs: Vec::new(),
            happened: Vec::new(),
            places: Vec::with_capacity(arms.n_units),
            shares: (0..n_arms).map(|arm| 1.0 / arms.n(arm)).collect(),
            means: scales.iter().zip(0..).map(|(scale, arm)| scale / arms.n(arm)).collect(),
            lone: [0.0; 3],
            beta,
            from: Found::of(arms, beta, &contrast.before).from,
            medians,
            together: None,
        };
        let (mut median_like, mut units_like) = (Vec::new(), Vec::new());
        let mut outcomes = vec![0.0; arms.n_periods];
        for (arm, unit) in members() {
            for (period, (outcome, median)) in outcomes.iter_mut().zip(&deal.medians).enumerate() {
                *outcome = panel.column(period)[unit] - median;
            }
            if outcomes.iter().all(|outcome| *outcome == 0.0) {
                median_like.push(arm as u16);
                units_like.push(unit);
                continue;
            }
            deal.units.push(unit);
            deal.happened.push(arm as u16);
            let along =
                |weights, arm| arms.row(weights, arm).iter().zip(&outcomes).map(|(w, y)| w * y).sum::<f64>();
            deal.pairs.extend(scales.iter().enumerate().map(|(arm, scale)| Pair {
                after: along(&contrast.after, arm) / scale,
                before: along(&contrast.before, arm) / scale,
            }));
        }
        deal.places.extend(&deal.happened);
        deal.places.extend(median_like);
        deal.units.extend(units_like);
        for arm in (0..n_arms).filter(|&arm| arms.n(arm) == 1.0) {
            deal.add_lone(arm);
        }
        if deal.from == BetaFrom::AllStarts {
            deal.together = Some(Together::of(&deal.pairs, &scales, &deal.shares));
        }
        deal
    }

    /// The variance of all units together stands for that of an arm of one; its scale is 1.
    fn add_lone(&mut self, arm: usize) {
        let n = self.places.len() as f64;
        let mut sums = [0.0; 5];
        for pair in self.pairs.iter().skip(arm).step_by(self.shares.len()) {
            let Pair { after, before } = *pair;
            let terms = [after, before, after * after, before * before, after * before];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        }
        let [after, before, after_squared, before_squared, product] = sums;
        self.lone[0] += (after_squared - after * after / n) / (n - 1.0);
        self.lone[1] += (before_squared - before * before / n) / (n - 1.0);
        self.lone[2] += (product - after * before / n) / (n - 1.0);
    }

    /// How many units differ from the median: they stand first.
    pub fn n_differing(&self) -> usize {
        self.happened.len()
    }

    fn sums(&self) -> Vec<Pair> {
        vec![Pair::default(); self.shares.len()]
    }

    /// The statistic when the units that differ from the median have these arms.
    fn statistic(&self, dealt: &[u16], sums: &mut [Pair]) -> Statistic {
        sums.fill(Pair::default());
        let [mut after, mut before, mut product] = self.lone;
        for (row, &arm) in self.pairs.chunks_exact(self.shares.len()).zip(dealt) {
            let pair = row[usize::from(arm)];
            let sum = &mut sums[usize::from(arm)];
            sum.after += pair.after;
            sum.before += pair.before;
            after += pair.after * pair.after;
            before += pair.before * pair.before;
            product += pair.after * pair.before;
        }
        let (mut value, mut value_before) = (0.0, 0.0);
        for ((sum, share), mean) in sums.iter().zip(&self.shares).zip(&self.means) {
            value += sum.after * mean;
            value_before += sum.before * mean;
            after -= sum.after * sum.after * share;
            before -= sum.before * sum.before * share;
            product -= sum.after * sum.before * share;
        }
        let beta = match (self.beta, &self.together) {
            (Beta::Zero, _) => 0.0,
            (Beta::Best, Some(together)) => together.beta(&self.pairs, dealt),
            (Beta::Best, None) if self.from == BetaFrom::EachStart => over(product, before),
            (Beta::Best | Beta::One, _) => 1.0,
        };
        Statistic::new(value - beta * value_before, after - 2.0 * beta * product + beta * beta * before)
    }
}

/// What never differed before can teach nothing.
pub(super) fn over(product: f64, before: f64) -> f64 {
    if before > 0.0 { product / before } else { 0.0 }
}

/// The middle of some outcomes; the lower of the two middle ones.
fn median(mut outcomes: Vec<f64>) -> f64 {
    let middle = (outcomes.len() - 1) / 2;
    *outcomes.select_nth_unstable_by(middle, f64::total_cmp).1
}
