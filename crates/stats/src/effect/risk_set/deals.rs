//! Deals of a draw, each as polynomials of an effect that every slot may have had on its unit from its start on.
//!
//! Under such an effect the outcomes without it are known, so that the draw can be made again. What a deal says of it is
//! found once; no outcome is touched while effects are tried.

use super::compare::{LEAST_SPARE, ROUNDING};
use super::mechanism::Parted;
use super::seen::{Look, Looking};
use super::waves::AtRisk;
use super::{BestOf, Beta, RiskSetSettings, SetWeights};
use crate::uncertainty::permutation::Statistic;

/// A number less a slope times the effect.
type Line = [f64; 2];

/// Constant, slope and curvature in the effect.
type Square = [f64; 3];

/// Outcome and baseline of one unit in the window of one wave.
type Moved = [Line; 2];

/// Variances of outcome and baseline, and their covariance.
type Squares = [Square; 3];

/// What one deal says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Dealt {
    differences: Moved,
    /// Of the differences, each set by itself.
    own: Squares,
    /// What sets that share units add to them.
    shared: Squares,
    /// Of single units within their sides, over all sides.
    pooled: Squares,
    /// Units less sides. Without any there is no error to divide by.
    spare: usize,
}

/// All that deals are made of.
pub(super) struct Deals {
    weights: SetWeights,
    beta: Beta,
    best_of: BestOf,
    /// A spread of baselines not above this is rounding.
    noise: f64,
    waves: Vec<OfWave>,
}

struct OfWave {
    /// By row of the panel: what was seen; `None` if not enough.
    units: Vec<Option<Moved>>,
    /// The last wave that starts before the window ends; none later decides who still waits.
    last: usize,
}

/// A unit of a side.
struct Placed {
    unit: usize,
    weight: f64,
    moved: Moved,
}

struct Side {
    units: Vec<Placed>,
    total: f64,
    mean: Moved,
}

impl Deals {
    /// - `units`: the rows that contend.
    pub fn of(looking: &Looking<'_>, units: impl Iterator<Item = usize> + Clone) -> Self {
        let (lists, settings) = (looking.lists, looking.settings);
        let wave = |wave: usize| {
            let (window, before) = (looking.window(wave), looking.baseline(wave));
            let mut moved = vec![None; looking.panel.units().len()];
            for unit in units.clone() {
                moved[unit] = looking.seen(unit, &window, &before).map(|seen| {
                    let slopes = looking.shares_with(unit, [&window, &before]);
                    let (outcome, before) = ([seen[0], slopes[0]], [seen[1], slopes[1]]);
                    match settings.beta {
                        Beta::Zero => [outcome, [0.0; 2]],
                        Beta::One => [[outcome[0] - before[0], outcome[1] - before[1]], [0.0; 2]],
                        Beta::Best => [outcome, before],
                    }
                });
            }
            let by = window.last().map(|&t| looking.panel.periods()[t]);
            let last = match looking.look {
                Look::Baseline => wave,
                Look::Window | Look::Exposure(_) => lists
                    .waves
                    .iter()
                    .rposition(|wave| by.is_some_and(|by| wave.at <= by))
                    .map_or(wave, |last| last.max(wave)),
            };
            OfWave { units: moved, last }
        };
        let mut waves: Vec<OfWave> = (0..lists.waves.len()).map(wave).collect();
        let before = waves.iter().flat_map(|wave| wave.units.iter().flatten()).map(|moved| moved[1][0].abs());
        let noise = ROUNDING * before.fold(0.0_f64, f64::max);
        waves.iter_mut().for_each(|wave| centre(&mut wave.units));
        let RiskSetSettings { weights, beta, best_of, .. } = *settings;
        Deals { weights, beta, best_of, noise, waves }
    }

    /// What a deal says.
    pub fn dealt(&self, parted: &[Parted]) -> Dealt {
        let mut sets: Vec<(usize, [Side; 2])> = Vec::with_capacity(parted.len());
        for (place, set) in parted.iter().enumerate() {
            let winners = self.side(set, &set.winners, |winner| Some(1.0 / winner.probability));
            let losers = self.side(set, &set.losers, |loser| {
                let last = self.waves[set.wave].last;
                Some(waiting(&parted[place + 1..], loser.unit, last)? / (1.0 - loser.probability))
            });
            sets.extend(winners.zip(losers).map(|(winners, losers)| (set.wave, [winners, losers])));
        }
        let sides = || sets.iter().flat_map(|(_, sides)| sides);
        let spare: usize = sides().map(|side| side.units.len() - 1).sum();
        let mut pooled = Squares::default();
        for side in sides() {
            side.add_squares(&mut pooled, |_| 1.0 / spare.max(1) as f64);
        }
        let total: f64 = sets.iter().map(|(_, sides)| self.weight(sides)).sum();
        let mut dealt = Dealt { spare, pooled, ..Dealt::default() };
        for (_, sides) in &sets {
            let share = self.weight(sides) / total;
            let [winners, losers] = sides;
            for (k, difference) in dealt.differences.iter_mut().enumerate() {
                for (j, sum) in difference.iter_mut().enumerate() {
                    *sum += share * (winners.mean[k][j] - losers.mean[k][j]);
                }
            }
            for side in sides {
                side.add_spread(&mut dealt.own, &pooled, share.powi(2));
            }
        }
        self.add_shared(&sets, total, &mut dealt.shared);
        dealt
    }

    /// The statistic, once every outcome is freed of an effect.
    pub fn statistic(&self, dealt: &Dealt, effect: f64) -> Statistic {
        let at = |square: &Square| square[0] + effect * (square[1] + effect * square[2]);
        let [after, before] = dealt.differences.map(|line| line[0] - effect * line[1]);
        let [own_after, own_before, product] = [0, 1, 2].map(|k| at(&dealt.own[k]));
        // Where a beta was given it is in the outcomes already.
        let beta = match (self.beta, self.best_of) {
            (Beta::Zero | Beta::One, _) => 0.0,
            (Beta::Best, BestOf::AllSides) if dealt.spare < LEAST_SPARE => 1.0,
            (Beta::Best, BestOf::AllSides) => self.slope(at(&dealt.pooled[2]), at(&dealt.pooled[1])),
            (Beta::Best, BestOf::EachSide) => self.slope(product, own_before),
        };
        let along = |[after, before, product]: [f64; 3]| after - 2.0 * beta * product + beta * beta * before;
        let shared = along([0, 1, 2].map(|k| at(&dealt.shared[k])));
        let variance = along([own_after, own_before, product]) + shared.max(0.0);
        // Where every side is one unit there is no error to divide by, now or in any other deal.
        Statistic::new(after - beta * before, if dealt.spare > 0 { variance } else { 1.0 })
    }

    /// What did not vary before can teach nothing.
    fn slope(&self, product: f64, before: f64) -> f64 {
        if before.max(0.0).sqrt() > self.noise { product / before } else { 0.0 }
    }

    /// How far the first step from an estimate goes, looking for ends.
    pub fn size(&self, dealt: &Dealt) -> f64 {
        (dealt.own[0][0] + dealt.shared[0][0]).max(0.0).sqrt().max(f64::MIN_POSITIVE)
    }

    fn weight(&self, [winners, losers]: &[Side; 2]) -> f64 {
        let (m, rest) = (winners.units.len() as f64, losers.units.len() as f64);
        match self.weights {
            SetWeights::AtRisk => m + rest,
            SetWeights::Winners => m,
            SetWeights::Regression => m * rest / (m + rest),
        }
    }

    fn side(&self, set: &Parted, units: &[AtRisk], weight: impl Fn(&AtRisk) -> Option<f64>) -> Option<Side> {
        let seen = &self.waves[set.wave].units;
        let placed = |at_risk: &AtRisk| {
            let moved = seen[at_risk.unit]?;
            Some(Placed { unit: at_risk.unit, weight: weight(at_risk)?, moved })
        };
        Side::of(units.iter().filter_map(placed).collect())
    }

    /// Twice the covariance of sets that share units, where one set's outcome lies after the other's draw.
    fn add_shared(&self, sets: &[(usize, [Side; 2])], total: f64, shared: &mut Squares) {
        let overlaps = |earlier: usize, later: usize| earlier < later && later <= self.waves[earlier].last;
        let is_alone = |(place, (earlier, _)): (usize, &(usize, _))| {
            !sets[place + 1..].iter().any(|(later, _)| overlaps(*earlier, *later))
        };
        if sets.iter().enumerate().all(is_alone) {
            return;
        }
        let mut other: Vec<Moved> =
            vec![Moved::default(); self.waves.first().map_or(0, |wave| wave.units.len())];
        for (place, (later, sides)) in sets.iter().enumerate() {
            let share = self.weight(sides) / total;
            each_deviation(sides, share, &mut |unit, deviation| other[unit] = deviation);
            for (earlier, earlier_sides) in &sets[..place] {
                if overlaps(*earlier, *later) {
                    let share = self.weight(earlier_sides) / total;
                    each_deviation(earlier_sides, share, &mut |unit, deviation| {
                        let same = &other[unit];
                        add(&mut shared[0], product(deviation[0], same[0]), 2.0);
                        add(&mut shared[1], product(deviation[1], same[1]), 2.0);
                        add(&mut shared[2], product(deviation[0], same[1]), 1.0);
                        add(&mut shared[2], product(deviation[1], same[0]), 1.0);
                    });
                }
            }
            each_deviation(sides, share, &mut |unit, _| other[unit] = Moved::default());
        }
    }
}

impl Side {
    fn of(units: Vec<Placed>) -> Option<Side> {
        let total: f64 = units.iter().map(|unit| unit.weight).sum();
        let mut mean = Moved::default();
        for unit in &units {
            for (mean, line) in mean.iter_mut().zip(unit.moved) {
                mean.iter_mut().zip(line).for_each(|(mean, x)| *mean += unit.weight / total * x);
            }
        }
        (!units.is_empty()).then_some(Side { units, total, mean })
    }

    fn deviation(&self, unit: &Placed) -> Moved {
        [0, 1].map(|k| [0, 1].map(|j| unit.moved[k][j] - self.mean[k][j]))
    }

    fn add_squares(&self, squares: &mut Squares, times: impl Fn(&Placed) -> f64) {
        for unit in &self.units {
            let ([after, before], times) = (self.deviation(unit), times(unit));
            add(&mut squares[0], product(after, after), times);
            add(&mut squares[1], product(before, before), times);
            add(&mut squares[2], product(after, before), times);
        }
    }

    /// The covariance of the mean; a side of one unit takes what single units have.
    fn add_spread(&self, squares: &mut Squares, pooled: &Squares, times: f64) {
        let n = self.units.len() as f64;
        if self.units.len() == 1 {
            squares.iter_mut().zip(pooled).for_each(|(sum, square)| add(sum, *square, times));
        } else {
            self.add_squares(squares, |unit| times * (unit.weight / self.total).powi(2) * n / (n - 1.0));
        }
    }
}

/// Each unit's part in a set's difference, less its mean's.
fn each_deviation([winners, losers]: &[Side; 2], share: f64, show: &mut impl FnMut(usize, Moved)) {
    for (side, sign) in [(winners, share), (losers, -share)] {
        let n = side.units.len() as f64;
        let raised = if side.units.len() == 1 { 0.0 } else { (n / (n - 1.0)).sqrt() };
        for unit in &side.units {
            let times = sign * raised * unit.weight / side.total;
            show(unit.unit, side.deviation(unit).map(|line| line.map(|x| times * x)));
        }
    }
}

/// What a loser counts for that still waits after some later waves; `None` once it has a slot.
fn waiting(later: &[Parted], unit: usize, last: usize) -> Option<f64> {
    let mut weight = 1.0;
    for set in later.iter().take_while(|set| set.wave <= last) {
        let won = set.winners.iter().any(|winner| winner.unit == unit);
        if won || set.certain.contains(&unit) {
            return None;
        }
        if let Some(loser) = set.losers.iter().find(|loser| loser.unit == unit) {
            weight /= 1.0 - loser.probability;
        }
    }
    Some(weight)
}

/// Numbers less their means, which moves no difference and keeps rounding small beside it.
fn centre(moved: &mut [Option<Moved>]) {
    let n = moved.iter().flatten().count() as f64;
    let means = [0, 1].map(|k| moved.iter().flatten().map(|moved| moved[k][0]).sum::<f64>() / n);
    for moved in moved.iter_mut().flatten() {
        (0..2).for_each(|k| moved[k][0] -= means[k]);
    }
}

fn product(a: Line, b: Line) -> Square {
    [a[0] * b[0], -(a[0] * b[1] + a[1] * b[0]), a[1] * b[1]]
}

fn add(sum: &mut Square, square: Square, times: f64) {
    sum.iter_mut().zip(square).for_each(|(sum, x)| *sum += times * x);
}
