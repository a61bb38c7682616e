//! What a roll-out could show, before it begins: by formula, and by playing its contest with outcomes as they were.
//!
//! The numbers are `traction_stats`'; here they are put together for one schedule and said in words. It knows no change and
//! no database: who contends, in which order, and what their outcomes were are arguments.

mod calendar;
mod finding;
mod formula;
mod left_over;
mod playing;
mod refused;
#[cfg(test)]
mod tests;
mod words;
mod written;

pub use calendar::{N_AFTER_ONE_WAVE, days_per_period, timing};
pub use finding::{by_slots_finds, finding};
pub(super) use formula::one_more_wave;
pub use left_over::LeftOver;
pub use playing::{ByShape, Instead, Played, PlayedShape, PlayedWith};
pub use refused::{FEWEST_PLAYS, MOST_PERIODS, PlanRefused};
pub use words::{Measure, buys, says};
pub use written::{MOST_SLOTS, MOST_WAVES, each_wave, n_waves_written, slots_written};

pub use traction_stats::power::simulation::Cap;
use traction_stats::power::simulation::history::Past;
use traction_stats::power::simulation::{Contest, ContestRefused};
use traction_stats::power::stepped_wedge::{Planned, Waves};
use traction_stats::power::{Share, Test, Timing, Variance};
use traction_stats::uncertainty::Level;

/// A roll-out that somebody thinks of.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Each contender's place in the order of priority: band, then layer; small comes first, equal ones are drawn.
    pub order: Vec<(u32, u32)>,
    /// The most slots of a wave that contenders under one parent get, with the parents in the contenders' order; `None`
    /// without such a rule.
    pub cap: Option<Cap>,
    /// Slots of each wave.
    pub slots: Vec<usize>,
    /// When the waves start.
    pub timing: Timing,
    /// How outcomes vary without the solution.
    pub variance: Variance,
    /// How many people a unit's outcome of one period is the mean of; 1 where it is the unit's own.
    pub n_people: f64,
    /// What outcomes were, of the contenders in their order; played where it is long enough, else the variance is.
    pub past: Option<Past>,
    /// The smallest effect worth having, above 0, in the outcome's unit.
    pub worth: Option<f64>,
    /// How much of the truth intervals are to hold.
    pub level: Level,
    /// By which law the formula's test judges.
    pub law: LawOf,
    /// How often an effect is to be found.
    pub power: Share,
    /// Whether to play it.
    pub playing: Playing,
    /// What a played roll-out is read with.
    pub read_with: ReadWith,
}

/// Which law a test judges by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LawOf {
    /// Student's below 40 units, then the normal.
    #[default]
    Units,
    /// The normal law, whatever the number of units: as most published tables have it, and too sure of itself with few.
    Normal,
}

/// The estimator a roll-out is read with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadWith {
    /// The draws' own comparison where chance decides anything, else effects by start and period.
    #[default]
    Auto,
    /// Winners against losers of the same wave and tier.
    RiskSet,
    /// Effects by start and period.
    GroupTime,
}

/// Whether the contest is played, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playing {
    /// By formula only.
    Not,
    /// That often, with chance from a seed.
    Times {
        /// How often.
        n: usize,
        /// What chance comes from.
        seed: u64,
    },
}

/// One figure for an effect that is there at once and stays, and one for an effect that may grow or fade.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Both<T> {
    /// For a constant effect.
    pub constant: T,
    /// For the mean effect over the time since the start; `None` where the schedule cannot tell it.
    pub growing: Option<T>,
}

/// What a schedule detects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detects {
    /// The standard error the effect will have.
    pub se: f64,
    /// The smallest effect found as often as asked.
    pub smallest: f64,
    /// How often the effect worth having is found.
    pub for_worth: Option<f64>,
}

/// A number of slots a wave, and the smallest effects it detects; `None` where nothing can be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BySlots {
    /// Slots in every wave.
    pub n_slots: usize,
    /// Smallest effects.
    pub smallest: Both<Option<f64>>,
}

/// An effect, and how often it is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnCurve {
    /// The effect.
    pub effect: f64,
    /// How often it is found.
    pub power: Both<f64>,
}

/// What the order of priority costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Priority {
    /// What its lotteries tell: the sum of n p (1 - p).
    pub information: f64,
    /// What a lottery among all contenders would tell.
    pub as_lottery: f64,
    /// What they would tell without the cap; `None` where there is none.
    pub without_cap: Option<f64>,
}

/// What would be enough for the effect worth having; `None` where nothing tried is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needed {
    /// Slots in every wave, the waves as they are.
    pub slots: Option<Planned>,
    /// Waves, the slots as they are.
    pub waves: Option<Planned>,
}

/// What a roll-out could show.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The waves, without those that would find nobody left.
    pub waves: Waves,
    /// What more slots than units leave over; `None` where there is a unit for each.
    pub left_over: Option<LeftOver>,
    /// The test it is made for.
    pub test: Test,
    /// How often an effect is to be found.
    pub power: Share,
    /// The smallest effect worth having.
    pub worth: Option<f64>,
    /// By formula.
    pub formula: Both<Detects>,
    /// By playing it; `None` where it was not.
    pub played: Option<Played>,
    /// With one more slot in every wave; `None` where nobody is left to compare with.
    pub one_more_slot: Option<Both<Detects>>,
    /// With one more wave; `None` where no unit is left for it.
    pub one_more_wave: Option<Both<Detects>>,
    /// What it takes; `None` without an effect worth having.
    pub needed: Option<Needed>,
    /// What the order of priority costs.
    pub priority: Priority,
    /// How often effects of several sizes are found, by formula, ascending.
    pub curve: Vec<OnCurve>,
    /// What more or fewer slots would detect, by formula, ascending.
    pub by_slots: Vec<BySlots>,
}

/// Plans a roll-out.
pub fn plan(asked: &Asked) -> Result<Plan, PlanRefused> {
    let n_units = asked.order.len();
    let of_units = Test::of_units(n_units, asked.level).ok_or(PlanRefused::TooFewUnits(n_units))?;
    let test = match asked.law {
        LawOf::Units => of_units,
        LawOf::Normal => Test::by_normal(asked.level),
    };
    // The level is a double: what rounding makes of one less it is no reason.
    if asked.power.share() <= (1.0 - asked.level.share()) * (1.0 + 1e-9) {
        return Err(PlanRefused::PowerOfNothing { often: (asked.power.share() * 1e4).round() / 100.0 });
    }
    if let Playing::Times { n: n @ ..FEWEST_PLAYS, .. } = asked.playing {
        return Err(PlanRefused::TooFewPlays(n));
    }
    let all = Waves { n_units, slots: asked.slots.clone(), timing: asked.timing.clone() };
    let (waves, left_over) = left_over::without_empty(all);
    if waves.timing.n_periods > MOST_PERIODS {
        return Err(PlanRefused::TooManyPeriods(waves.timing.n_periods));
    }
    let contest = asked.contest(waves.slots.clone())?;
    let formula = formula::detects(asked, &test, &waves)?;
    let played = match asked.playing {
        Playing::Not => None,
        Playing::Times { n, seed } => Some(playing::played(asked, (&contest, &waves), &formula, n, seed)?),
    };
    Ok(Plan {
        one_more_slot: formula::detects(asked, &test, &formula::one_more_slot(&waves)).ok(),
        one_more_wave: formula::one_more_wave(&waves)
            .and_then(|waves| formula::detects(asked, &test, &waves).ok()),
        needed: asked.worth.map(|_| formula::needed(asked, &test, &waves)),
        priority: Priority {
            information: contest.information(),
            as_lottery: contest.as_pure_lottery().information(),
            without_cap: contest.has_cap().then(|| contest.clone().with_cap(None).information()),
        },
        curve: formula::curve(&test, &formula, (asked.worth, played.as_ref())),
        by_slots: formula::by_slots(asked, &test, &waves),
        played,
        left_over,
        waves,
        test,
        power: asked.power,
        worth: asked.worth,
        formula,
    })
}

impl Asked {
    /// The contest for these slots.
    fn contest(&self, slots: Vec<usize>) -> Result<Contest, ContestRefused> {
        Ok(Contest::new(&self.order, slots)?.with_cap(self.cap.clone()))
    }
}

impl Priority {
    /// The share of what the draws would tell without the cap that the cap costs; `None` without one, or where they tell
    /// nothing without it either. Below 0 where it tells more: it makes chances more even.
    pub fn cost_of_cap(self) -> Option<f64> {
        self.without_cap.filter(|without| *without > 0.0).map(|without| 1.0 - self.information / without)
    }

    /// The share of what a lottery among all would tell that the order of priority costs; 0 where neither tells anything.
    pub fn cost(self) -> f64 {
        if self.as_lottery > 0.0 { 1.0 - self.information / self.as_lottery } else { 0.0 }
    }
}

impl Plan {
    /// The smallest effects to go by: as played where it was, else by formula. `None`: none of those tried.
    pub fn smallest(&self) -> Both<Option<f64>> {
        match &self.played {
            Some(played) => Both {
                constant: played.as_planned.constant.effect(),
                growing: Some(played.as_planned.growing.effect()),
            },
            None => Both {
                constant: Some(self.formula.constant.smallest),
                growing: Some(self.formula.growing.map(|growing| growing.smallest)),
            },
        }
    }

    /// How often the effect worth having is found, to go by: as played where it was, else by formula.
    pub fn for_worth(&self) -> Option<Both<f64>> {
        match &self.played {
            Some(played) => {
                let of = |shape: &PlayedShape| shape.for_worth.map(|point| point.power);
                Some(Both {
                    constant: of(&played.as_planned.constant)?,
                    growing: of(&played.as_planned.growing),
                })
            }
            None => {
                let growing = self.formula.growing.and_then(|growing| growing.for_worth);
                Some(Both { constant: self.formula.constant.for_worth?, growing })
            }
        }
    }
}
