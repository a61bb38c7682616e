//! The effect of a slot over all risk sets, by exposure, and the same comparison before the draw.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{From, Line, Multiple, TwoSides, Weighed};
use super::seen::{Counted, Look, Looking, Seen, Sides};
use super::waves::{Lists, RiskSet, Wave};
use super::{Beta, RiskSetEffect, RiskSetLeftOut, RiskSetRefused, RiskSetSettings, SetEffect, Summary};
use crate::effect::Part;
use crate::panel::Panel;
use crate::uncertainty::{Estimate, Law, Level, Spread, WhyUnknown, degrees};

/// Effect of being granted a slot, from draws in which some of a tier won and others lost.
///
/// In each risk set, the mean outcome of winners less that of losers still waiting, less a multiple of the same
/// difference in the baseline, each unit's mean over some periods before; over sets, weighted. Neyman's variance by side. Variances of sets add up even where a
/// unit is in several: given its list, each draw is new.
///
/// - `panel`: units x periods, outcome in its own unit. The panel's own starts are not looked at: who has a slot from
///   when is what the lists say, as assigned, whoever withdrew later.
/// - `waves`: the lists as they stood at the draws, in any order; units by their row of the panel.
/// - Returns effects in the outcome's unit. Intervals use Student's law with degrees of freedom matched to how many
///   units each side has, one less for a best beta, whose variance is raised to match. A side of one unit takes the spread that single units
///   have within all sides. By exposure, a loser that could have won later counts for 1 over the chance that it would
///   still wait, and where sets share losers in periods after a later draw, their covariance is added if positive.
///
/// Assumes that the lists and chances are those of the draw, and that a slot moves nobody but its unit. Misleads where
/// more of one side than of the other went unseen, and where losers gave up because they lost.
/// Source: Abdulkadiroglu, Angrist, Narita and Pathak (2017), Econometrica 85(5), 1373-1432; Imbens and Rubin (2015),
/// Causal Inference for Statistics, Social, and Biomedical Sciences, chapters 6 and 9; Satterthwaite (1946), Biometrics
/// Bulletin 2(6), 110-114.
///
/// Six wards of one tier drew for two slots, and `a` and `b` won: what did a slot do, and could the draw alone have done it?
///
/// ```
/// use traction_stats::effect::risk_set::{
///     Admission, Entrant, Lot, RiskSetSettings, Tier, Wave, permute_draw, risk_set,
/// };
/// use traction_stats::panel::Period;
/// use traction_stats::uncertainty::permutation::Redraws;
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,9,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,11,3\n\
///     c,1,10,\nc,2,11,\nc,3,11,\nc,4,11,\nd,1,12,\nd,2,13,\nd,3,11,\nd,4,13,\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let entrant = |unit: usize| Entrant {
///     unit: Some(unit),
///     tier: Tier { band: 1, layer: 0 },
///     admission: Admission::Open,
///     lot: if unit < 2 { Lot::Won } else { Lot::Lost },
///     probability: None,
/// };
/// let wave = Wave { at: Period::Number(3), entrants: (0..6).map(entrant).collect(), until: None };
/// let settings = RiskSetSettings::default();
/// let found = risk_set(&panel, &[wave.clone()], &settings)?;
/// println!("{:.1} hours a ward and month", found.overall.value);
/// assert!((found.overall.value + 2.0).abs() < 1e-9);
/// assert!((found.information - 6.0 * (1.0 / 3.0) * (2.0 / 3.0)).abs() < 1e-9); // the sum of p (1 - p)
///
/// let dealt = permute_draw(&panel, &[wave], &settings, Redraws::default())?;
/// let whole = dealt.whole.ok().ok_or("the draw cannot be made again")?;
/// assert!((whole.p_of_difference - 1.0 / 15.0).abs() < 1e-9); // no other of the 15 draws does as much
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn risk_set(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
) -> Result<RiskSetEffect, RiskSetRefused> {
    let lists = Lists::of(panel, waves)?;
    let looking = Looking { panel, lists: &lists, settings, uses: None, look: Look::Window };
    let kept = Kept::of(&looking)?;
    let weighed = Weighed::of(&kept.sides, settings.weights);
    let beta = weighed.multiple(settings);
    let along = [1.0, -beta.value, 0.0];
    let judge = Judge::of(panel, settings.level);
    let overall = judge.estimate(weighed.line(along), (&weighed, along), beta);
    let sets =
        kept.sets.iter().zip(&kept.sides).zip(&weighed.shares).map(|((set, sides), &share)| SetEffect {
            at: set.at,
            tier: set.tier,
            n_winners: sides.winners.n,
            n_losers: sides.losers.n,
            share,
            effect: judge.one_set(&weighed, sides, along),
            borrows: sides.borrows(),
        });
    let sets = sets.collect();
    let each = by_exposure(&looking, &judge);
    Ok(RiskSetEffect {
        by_exposure: Summary { overall: overall.clone(), each },
        overall,
        beta: beta.value,
        sets,
        information: kept.sets.iter().map(|set| set.information).sum(),
        left_out: kept.left_out,
        settings: *settings,
    })
}

/// The same comparison in the baseline, where a fair draw differs by chance only.
pub fn balance(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
) -> Result<Estimate, RiskSetRefused> {
    let lists = Lists::of(panel, waves)?;
    let looking = Looking { panel, lists: &lists, settings, uses: None, look: Look::Baseline };
    let kept = Kept::of(&looking)?;
    let weighed = Weighed::of(&kept.sides, settings.weights);
    let along = [1.0, 0.0, 0.0];
    Ok(Judge::of(panel, settings.level).estimate(weighed.line(along), (&weighed, along), Multiple::NONE))
}

/// The risk sets that have somebody on either side of whom enough was seen.
pub(super) struct Kept<'a> {
    pub sets: Vec<&'a RiskSet>,
    pub units: Vec<(Vec<Counted>, Vec<Counted>)>,
    pub sides: Vec<TwoSides>,
    pub left_out: RiskSetLeftOut,
}

impl<'a> Kept<'a> {
    pub fn of(looking: &Looking<'a>) -> Result<Self, RiskSetRefused> {
        let lists = looking.lists;
        let needs_baseline = looking.settings.beta != Beta::Zero || looking.look == Look::Baseline;
        let lacks = |set: &&RiskSet| looking.baseline(set.wave).is_empty();
        if needs_baseline && lists.sets.iter().all(|set| lacks(&set)) {
            return Err(RiskSetRefused::NothingBefore);
        }
        let left_out = RiskSetLeftOut { outside: lists.outside, ..RiskSetLeftOut::default() };
        let mut kept = Kept { sets: Vec::new(), units: Vec::new(), sides: Vec::new(), left_out };
        for set in &lists.sets {
            let Sides { winners, losers, n_waiting } = looking.sides(set);
            kept.left_out.n_never_seen += set.n_unseen;
            kept.left_out.n_winners_unseen += set.winners.len() - winners.len();
            kept.left_out.n_losers_unseen += n_waiting - losers.len();
            match TwoSides::of((&winners, &losers)) {
                Some(sides) => {
                    kept.sets.push(set);
                    kept.sides.push(sides);
                    kept.units.push((winners, losers));
                }
                None => kept.left_out.n_sets += 1,
            }
        }
        if kept.sets.is_empty() { Err(RiskSetRefused::NothingObserved) } else { Ok(kept) }
    }
}

/// From lines to estimates.
pub(super) struct Judge {
    level: Level,
    /// A standard error not above this is rounding.
    noise: f64,
}

impl Judge {
    pub fn of(panel: &Panel, level: Level) -> Self {
        let sizes = (0..panel.periods().len()).flat_map(|t| panel.column(t)).filter(|y| !y.is_nan());
        // Differences of doubles carry about 1e-16 of the outcome's size; a thousand times that is still no variation.
        Judge { level, noise: 1e-13 * sizes.fold(0.0_f64, |most, y| most.max(y.abs())) }
    }

    /// A line's number with its spread.
    ///
    /// - `of`: what the line is of. With few degrees of freedom they are matched to the sides' sizes: what two winners'
    ///   variance happens to be says nothing on how well it is known.
    pub fn estimate(&self, line: Line, (weighed, along): (&Weighed<'_>, Seen), beta: Multiple) -> Estimate {
        let (se, spare) = (line.variance.sqrt(), weighed.spare);
        if spare == 0 {
            return Estimate { value: line.value, spread: Spread::Unknown(WhyUnknown::OneUnitEach) };
        }
        if se <= self.noise {
            return Estimate { value: line.value, spread: Spread::Unknown(WhyUnknown::NoVariation) };
        }
        let (_, df) = degrees(&weighed.portions(along), spare as f64, self.level);
        let (se_used, df) = match beta.from {
            // A multiple that was found fits the sample it is judged by, as a regression's slope does.
            From::Found => {
                let spare = spare as f64;
                (se * (spare / (spare - 1.0).max(0.5)).sqrt(), (df - 1.0).max(1.0_f64.min(df)))
            }
            From::Given => (se, df),
        };
        Estimate::known(line.value, se, (se_used, Law::Student { df }), self.level)
    }

    /// One set's effect, with the spread that the whole lends to a side of one unit.
    fn one_set(&self, weighed: &Weighed<'_>, sides: &TwoSides, along: [f64; 3]) -> Estimate {
        let alone = weighed.alone(sides);
        self.estimate(alone.line(along), (&alone, along), Multiple::NONE)
    }
}

/// The effect at each step since the start that some set reaches with somebody on either side.
fn by_exposure(looking: &Looking<'_>, judge: &Judge) -> Vec<Part<i64>> {
    let effect = |exposure: i64| {
        let looking = Looking { look: Look::Exposure(exposure), ..*looking };
        let kept = Kept::of(&looking).ok()?;
        let weighed = Weighed::of(&kept.sides, looking.settings.weights);
        let beta = weighed.multiple(looking.settings);
        let along = [1.0, -beta.value, 0.0];
        let mut line = weighed.line(along);
        let shared = shared(&looking, &kept, &weighed.shares, beta.value).max(0.0);
        line.variance += shared;
        Some(Part { at: exposure, effect: judge.estimate(line, (&weighed, along), beta) })
    };
    exposures(looking).into_iter().filter_map(effect).collect()
}

/// The steps since a start that were observed.
pub(super) fn exposures(looking: &Looking<'_>) -> BTreeSet<i64> {
    let panel = looking.panel;
    let of_wave = |wave: &Wave| {
        let at = wave.at;
        (0..panel.periods().len()).map(move |t| panel.exposure(t, at)).filter(|exposure| *exposure >= 0)
    };
    looking.lists.waves.iter().flat_map(of_wave).collect()
}

/// Twice the covariance of sets that share units, where one set's outcome lies after the other's draw.
fn shared(looking: &Looking<'_>, kept: &Kept<'_>, shares: &[f64], beta: f64) -> f64 {
    let deviations: Vec<BTreeMap<usize, f64>> = kept
        .units
        .iter()
        .zip(&kept.sides)
        .zip(shares)
        .map(|(((winners, losers), sides), share)| {
            let of = |units: &[Counted], mean: [f64; 3], sign: f64| -> Vec<(usize, f64)> {
                let n = units.len() as f64;
                let total: f64 = units.iter().map(|unit| unit.weight).sum();
                let raised = if units.len() == 1 { 0.0 } else { (n / (n - 1.0)).sqrt() };
                let deviation = |unit: &Counted| {
                    (unit.seen[0] - mean[0] - beta * (unit.seen[1] - mean[1])) * sign * raised * share
                };
                units.iter().map(|unit| (unit.unit, deviation(unit) * unit.weight / total)).collect()
            };
            let winners = of(winners, sides.winners.mean, 1.0);
            winners.into_iter().chain(of(losers, sides.losers.mean, -1.0)).collect()
        })
        .collect();
    let mut sum = 0.0;
    for later in 0..kept.sets.len() {
        for earlier in 0..later {
            let (first, second) = (kept.sets[earlier], kept.sets[later]);
            let last = looking.window(first.wave).last().map(|&t| looking.panel.periods()[t]);
            if first.wave == second.wave || last.is_none_or(|last| last < second.at) {
                continue;
            }
            let of =
                |(unit, deviation): (&usize, &f64)| deviation * deviations[later].get(unit).unwrap_or(&0.0);
            sum += 2.0 * deviations[earlier].iter().map(of).sum::<f64>();
        }
    }
    sum
}
