//! The plan by playing: the contest with its order and slots, outcomes as they were, and the estimator that will be used.
//!
//! Other schedules are played with the same outcomes and the same luck, so that what they differ by is not chance.

use traction_stats::power::simulation::{
    Contest, History, Point, Shape, Simulated, Simulation, SimulationRefused, Smallest, Trial, by_group_time,
    by_risk_set, search, simulate,
};
use traction_stats::power::stepped_wedge::Waves;
use traction_stats::uncertainty::Estimate;

use super::{Asked, Both, Detects, ReadWith, formula};

/// Effects to put in, as multiples of the smallest one that is found by formula.
const MULTIPLES: [f64; 9] = [0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 6.0];

/// Those to put in as well where none of the former is found as often as asked.
const FURTHER_MULTIPLES: [f64; 4] = [12.0, 24.0, 48.0, 96.0];

/// Effects to put in with other schedules, as multiples of the smallest one that is found with the one planned.
const AROUND: [f64; 11] = [0.0, 0.25, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 4.0, 8.0];

/// An effect that takes longer than this many periods to grow or to fade is not played: few would wait for it.
const N_CHANGES_MOST: usize = 12;

/// What playing told.
#[derive(Clone, Debug)]
pub struct Played {
    /// How often it was played.
    pub n: usize,
    /// What chance came from.
    pub seed: u64,
    /// Whether with stretches of the past, or with outcomes made by the variance.
    pub with: PlayedWith,
    /// What it was read with; never [`ReadWith::Auto`].
    pub read_with: ReadWith,
    /// Over how many periods an effect grows, or fades.
    pub n_changes: usize,
    /// As planned.
    pub as_planned: ByShape<PlayedShape>,
    /// With one more slot in every wave; `None` where nobody is left to compare with.
    pub one_more_slot: Option<ByShape<Instead>>,
    /// With one more wave; `None` where no unit is left for it, or the past is too short to play it.
    pub one_more_wave: Option<ByShape<Instead>>,
    /// With a lottery among all in place of the order of priority; `None` where the order costs nothing.
    pub as_lottery: Option<ByShape<Instead>>,
}

/// One of each way in which an effect may unfold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByShape<T> {
    /// For an effect that is there at once and stays.
    pub constant: T,
    /// For one that grows in equal steps, and then stays.
    pub growing: T,
    /// For one that is there at once, and fades in equal steps until nothing is left.
    pub fading: T,
}

/// Where the outcomes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayedWith {
    /// Stretches of the contenders' own past.
    Past,
    /// Normal outcomes with the variance given.
    Variance,
}

/// What playing told of effects of one shape.
#[derive(Clone, Debug)]
pub struct PlayedShape {
    /// How often effects were found, ascending; the first is no effect.
    pub points: Vec<Point>,
    /// The smallest effect found as often as asked, by what it is where it is largest; `None` if none of those tried was.
    pub smallest: Option<Smallest>,
    /// How often the effect worth having was found.
    pub for_worth: Option<Point>,
}

/// What another schedule would find, played by the same chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Instead {
    /// The smallest effect found as often as asked; `None` if none of those tried was.
    pub smallest: Option<Smallest>,
    /// How much smaller it is than as planned, and the error of that from having played so often and no more.
    pub gain: Option<(f64, f64)>,
}

impl PlayedShape {
    /// The smallest effect found as often as asked.
    pub fn effect(&self) -> Option<f64> {
        self.smallest.as_ref().map(|smallest| smallest.effect)
    }
}

impl<T> ByShape<T> {
    /// All three: there at once, growing, fading.
    pub fn each(&self) -> [&T; 3] {
        [&self.constant, &self.growing, &self.fading]
    }

    /// The same of each.
    pub fn map<U>(&self, of: impl Fn(&T) -> U) -> ByShape<U> {
        let [constant, growing, fading] = self.each().map(of);
        ByShape { constant, growing, fading }
    }
}

impl ByShape<Instead> {
    /// The share of the information that the schedule planned lacks beside this one, for an effect that is there at once:
    /// information goes with 1 over the square of the smallest effect.
    pub fn share_of_information_lost(&self, as_planned: &ByShape<PlayedShape>) -> Option<f64> {
        let here = self.constant.smallest.as_ref()?.effect;
        let planned = as_planned.constant.smallest.as_ref()?.effect;
        Some(1.0 - (here / planned).powi(2))
    }
}

/// What all schedules that are played have in common.
struct Table<'a> {
    asked: &'a Asked,
    history: History,
    /// Periods of outcomes that are made for each play: so many that one more wave meets the same ones and some further.
    n_periods_made: usize,
    read_with: ReadWith,
    n: usize,
    seed: u64,
}

/// A schedule to be played.
struct Schedule {
    contest: Contest,
    waves: Waves,
}

pub(super) fn played(
    asked: &Asked,
    (contest, waves): (&Contest, &Waves),
    formula: &Both<Detects>,
    n: usize,
    seed: u64,
) -> Result<Played, SimulationRefused> {
    let read_with = match asked.read_with {
        ReadWith::Auto if contest.information() > 0.0 => ReadWith::RiskSet,
        ReadWith::Auto => ReadWith::GroupTime,
        wished => wished,
    };
    let longer = formula::one_more_wave(waves);
    let n_longer = longer.as_ref().map_or(0, |longer| longer.timing.n_periods);
    let (history, with, n_periods_made) = outcomes(asked, waves.timing.n_periods, n_longer);
    let table = Table { asked, history, n_periods_made, read_with, n, seed };
    // All of it is there when half of what the first wave shows is over: time to grow, and time to be seen whole.
    let n_changes = waves.timing.n_since().div_ceil(2).clamp(2, N_CHANGES_MOST);
    let guess = formula.constant.smallest;
    let slow_guess = formula.growing.map_or(2.0 * guess, |growing| growing.smallest);
    let planned = Schedule { contest: contest.clone(), waves: waves.clone() };
    let as_planned = ByShape {
        constant: table.planned(&planned, Shape::Constant, guess)?,
        growing: table.planned(&planned, Shape::Growing(n_changes), slow_guess)?,
        fading: table.planned(&planned, Shape::Fading(n_changes), slow_guess)?,
    };
    let instead = |contest: Contest, waves: Waves| {
        let schedule = Schedule { contest, waves };
        let one = |shape, planned| table.instead(&schedule, shape, planned).ok();
        Some(ByShape {
            constant: one(Shape::Constant, &as_planned.constant)?,
            growing: one(Shape::Growing(n_changes), &as_planned.growing)?,
            fading: one(Shape::Fading(n_changes), &as_planned.fading)?,
        })
    };
    let with_waves = |waves: Waves| instead(asked.contest(waves.slots.clone()).ok()?, waves);
    let lottery = contest.as_pure_lottery();
    let order_costs = lottery.information() > contest.information();
    Ok(Played {
        n,
        seed,
        with,
        read_with,
        n_changes,
        one_more_slot: with_waves(formula::one_more_slot(waves)),
        one_more_wave: longer.filter(|_| n_longer <= n_periods_made).and_then(with_waves),
        as_lottery: if order_costs { instead(lottery, waves.clone()) } else { None },
        as_planned,
    })
}

/// Where outcomes come from, and for how many periods they are made: for those of one more wave, where the past is long
/// enough or there is none.
fn outcomes(asked: &Asked, n_periods: usize, n_longer: usize) -> (History, PlayedWith, usize) {
    match asked.past.as_ref().filter(|past| past.n_periods() >= n_periods) {
        Some(past) => {
            let n_made = if past.n_periods() >= n_longer { n_periods.max(n_longer) } else { n_periods };
            (History::Past(past.clone()), PlayedWith::Past, n_made)
        }
        None => {
            let history = History::Model(asked.variance, asked.n_people);
            (history, PlayedWith::Variance, n_periods.max(n_longer))
        }
    }
}

impl Table<'_> {
    /// Plays a schedule with these effects.
    fn play(
        &self,
        schedule: &Schedule,
        shape: Shape,
        effects: &[f64],
    ) -> Result<Simulated, SimulationRefused> {
        let estimator: &(dyn Fn(&Trial) -> Option<Estimate> + Sync) = match self.read_with {
            ReadWith::RiskSet => &by_risk_set,
            ReadWith::GroupTime | ReadWith::Auto => &by_group_time,
        };
        let simulation = Simulation {
            n_units: self.asked.order.len(),
            timing: &schedule.waves.timing,
            n_periods_made: self.n_periods_made,
            history: &self.history,
            shape,
            level: self.asked.level,
            n_panels: self.n,
            seed: self.seed,
        };
        simulate(&simulation, effects, &|chance| schedule.contest.play(chance), estimator)
    }

    /// What the schedule planned finds. An effect that is there at once is played in all sizes, for the picture.
    ///
    /// - `guess`: the smallest effect by formula.
    fn planned(
        &self,
        schedule: &Schedule,
        shape: Shape,
        guess: f64,
    ) -> Result<PlayedShape, SimulationRefused> {
        let sizes: Vec<f64> =
            MULTIPLES.iter().chain(&FURTHER_MULTIPLES).map(|multiple| multiple * guess).collect();
        let pictured: &[f64] = if shape == Shape::Constant { &sizes[..MULTIPLES.len()] } else { &[] };
        let also: Vec<f64> = pictured.iter().copied().chain(self.asked.worth).collect();
        let play = |effects: &[f64]| self.play(schedule, shape, effects);
        let found = search(&play, &sizes, &also, self.asked.power)?;
        let is_worth = |point: &&Point| self.asked.worth == Some(point.effect);
        Ok(PlayedShape {
            smallest: found.smallest_effect(self.asked.power),
            for_worth: found.points.iter().find(is_worth).copied(),
            points: found.points,
        })
    }

    /// What another schedule finds, around what the one planned does.
    fn instead(
        &self,
        schedule: &Schedule,
        shape: Shape,
        planned: &PlayedShape,
    ) -> Result<Instead, SimulationRefused> {
        let Some(as_planned) = &planned.smallest else { return Ok(Instead { smallest: None, gain: None }) };
        let sizes = AROUND.map(|multiple| multiple * as_planned.effect);
        let play = |effects: &[f64]| self.play(schedule, shape, effects);
        let smallest = search(&play, &sizes, &[], self.asked.power)?.smallest_effect(self.asked.power);
        let gain = smallest.as_ref().and_then(|smallest| smallest.less_than(as_planned));
        Ok(Instead { smallest, gain })
    }
}
