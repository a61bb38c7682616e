//! One risk set drawn again by itself, its list as it was.

use super::choices::{each_choice, n_choices};
use super::compare::{LEAST_SPARE, ROUNDING};
use super::seen::Counted;
use super::{BestOf, Beta, RiskSetSettings};
use crate::uncertainty::Level;
use crate::uncertainty::permutation::{
    Counting, Dealer, Extreme, MOST_ENUMERATED, Permuted, Reach, Redraws, Statistic, TIE, attained,
    generator, reach,
};

/// A difference between winners and losers, less a slope times the effect that a slot had on each winner.
type Line = [f64; 2];

/// All deals of one set.
pub(super) struct OneSet {
    happened: Line,
    dealt: Vec<Line>,
    counting: Counting,
}

/// From whose outcomes the best multiple of one set's baseline is found, beside its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Others {
    /// Within the sides of the other sets, the sums of products of outcome and baseline, and of squares of the baseline.
    pub within: [f64; 2],
    /// Units less sides, over all sets.
    pub spare: usize,
}

impl OneSet {
    pub fn of(
        (winners, losers): (&[Counted], &[Counted]),
        (settings, others): (&RiskSetSettings, Others),
        redraws: Redraws,
    ) -> Self {
        let (n, m) = (winners.len() + losers.len(), winners.len());
        let best = |within: [f64; 2]| adjusted((winners, losers), Taken::Best { within });
        let adjusted = match (settings.beta, settings.best_of) {
            (Beta::Zero, _) => adjusted((winners, losers), Taken::Given(0.0)),
            (Beta::One, _) => adjusted((winners, losers), Taken::Given(1.0)),
            (Beta::Best, BestOf::AllSides) if others.spare < LEAST_SPARE => {
                adjusted((winners, losers), Taken::Given(1.0))
            }
            (Beta::Best, BestOf::AllSides) => best(others.within),
            (Beta::Best, BestOf::EachSide) => best([0.0; 2]),
        };
        let share = 1.0 / m as f64 + 1.0 / (n - m) as f64;
        // The losers' sum is minus the winners', so the difference is the winners' sum times both shares together.
        let difference = |sum: Line| sum.map(|x| share * x);
        let plus = |sum: Line, line: &Line| [sum[0] + line[0], sum[1] + line[1]];
        let happened = difference(adjusted[..m].iter().fold([0.0; 2], plus));
        match n_choices(n, m).filter(|n| *n <= MOST_ENUMERATED) {
            Some(_) => {
                let mut dealt = Vec::new();
                each_choice(n, m, &mut |chosen| {
                    dealt.push(difference(chosen.iter().map(|&k| &adjusted[k]).fold([0.0; 2], plus)));
                });
                OneSet { happened, dealt, counting: Counting::All }
            }
            None => {
                let mut places: Vec<usize> = Vec::with_capacity(n);
                let one = |replicate| {
                    places.clear();
                    places.extend(0..n);
                    Dealer::new(generator(redraws.seed, replicate)).deal(&mut places, m);
                    difference(places[..m].iter().map(|&k| &adjusted[k]).fold([0.0; 2], plus))
                };
                OneSet {
                    happened,
                    dealt: (0..redraws.n).map(one).collect(),
                    counting: Counting::Sample(redraws),
                }
            }
        }
    }

    /// The difference that happened.
    pub fn difference(&self) -> f64 {
        self.happened[0]
    }

    /// How far the first step from it goes, looking for ends.
    pub fn size(&self) -> f64 {
        let squares: f64 = self.dealt.iter().map(|line| line[0] * line[0]).sum();
        (squares / self.dealt.len().max(1) as f64).sqrt().max(f64::MIN_POSITIVE)
    }

    pub fn permuted(&self) -> Permuted {
        let statistic = |line: &Line| Statistic::new(line[0], 1.0);
        let happened = statistic(&self.happened);
        let mut extreme = Extreme::default();
        self.dealt.iter().for_each(|line| extreme.count(statistic(line), happened));
        extreme.of(self.counting, self.dealt.len() as u64, happened)
    }

    /// The probability of a difference at least as far from 0, once winners are freed of an effect.
    pub fn p(&self, effect: f64) -> f64 {
        let at = |line: &Line| (line[0] - effect * line[1]).abs();
        let own = at(&self.happened) * (1.0 - TIE);
        self.counting.p(self.dealt.iter().filter(|line| at(line) >= own).count(), self.dealt.len())
    }

    pub fn reach(&self, level: Level) -> Option<Reach> {
        let value = self.happened[0] / self.happened[1];
        let own = matches!(self.counting, Counting::Sample(_)).then_some(&self.happened);
        let squares = self.dealt.iter().chain(own).map(|line| (line[0] - value * line[1]).powi(2)).collect();
        let is_refused = |effect: f64| self.p(effect) <= 1.0 - level.share();
        reach(&is_refused, (value, self.size()), Some(attained(squares, level)))
    }
}

/// How much of the baseline is taken off.
#[derive(Clone, Copy, Debug)]
enum Taken {
    Given(f64),
    /// The slope over winners and losers together, and within the sides of other sets.
    Best {
        within: [f64; 2],
    },
}

/// By unit, winners first: outcome less what is taken off for the baseline, less the mean, and how much of an effect on
/// winners it holds.
///
/// A best multiple is the slope over winners and losers together, once these are freed of the effect: no draw changes it, and
/// at the estimate itself, where both sides then have one mean, it is the slope within the sides.
fn adjusted((winners, losers): (&[Counted], &[Counted]), taken: Taken) -> Vec<Line> {
    let units = || winners.iter().chain(losers);
    let n = (winners.len() + losers.len()) as f64;
    let sum = |of: &dyn Fn(usize, &Counted) -> f64| {
        units().enumerate().map(|(place, unit)| of(place, unit)).sum::<f64>()
    };
    let mean = |of: &dyn Fn(usize, &Counted) -> f64| sum(of) / n;
    let won = |place: usize| f64::from(u8::from(place < winners.len()));
    let (outcome, before) = (mean(&|_, unit| unit.seen[0]), mean(&|_, unit| unit.seen[1]));
    let all_won = mean(&|place, _| won(place));
    let betas = match taken {
        Taken::Given(beta) => [beta, 0.0],
        Taken::Best { within: [products, squares] } => {
            let squares = squares + sum(&|_, unit| (unit.seen[1] - before).powi(2));
            let varies = squares.sqrt() > ROUNDING * before.abs();
            let slope = |product: f64| if varies { product / squares } else { 0.0 };
            [
                slope(products + sum(&|_, unit| (unit.seen[0] - outcome) * (unit.seen[1] - before))),
                slope(sum(&|place, unit| (won(place) - all_won) * (unit.seen[1] - before))),
            ]
        }
    };
    let line = |(place, unit): (usize, &Counted)| {
        let from_mean = unit.seen[1] - before;
        [unit.seen[0] - outcome - betas[0] * from_mean, won(place) - all_won - betas[1] * from_mean]
    };
    units().enumerate().map(line).collect()
}
