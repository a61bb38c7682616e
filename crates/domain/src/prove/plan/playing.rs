//! The plan by playing: the contest with its order and slots, outcomes as they were, and the estimator that will be used.

use traction_stats::power::simulation::{
    Contest, History, Point, Shape, Simulation, SimulationRefused, Trial, by_group_time, by_risk_set,
    simulate,
};
use traction_stats::uncertainty::Estimate;

use super::{Asked, Both, Detects, ReadWith};

/// Effects that are put in, as multiples of the smallest one that is found by formula.
const MULTIPLES: [f64; 9] = [0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 6.0];

/// Those that are put in as well where none of the former is found as often as asked.
const FURTHER_MULTIPLES: [f64; 4] = [12.0, 24.0, 48.0, 96.0];

/// An effect that takes longer than this many periods to grow is not played: few would wait for it.
const N_GROWS_MOST: usize = 12;

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
    /// With an effect that is there at once.
    pub constant: PlayedShape,
    /// With one that grows in equal steps.
    pub growing: PlayedShape,
    /// Over how many periods it grows.
    pub n_grows: usize,
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
    /// How often effects were found, ascending.
    pub points: Vec<Point>,
    /// The smallest effect found as often as asked, with its error from having played so often and no more; `None` if none
    /// of those tried was.
    pub smallest: Option<(f64, f64)>,
    /// How often the effect worth having was found.
    pub for_worth: Option<Point>,
}

pub(super) fn played(
    asked: &Asked,
    contest: &Contest,
    formula: &Both<Detects>,
    n: usize,
    seed: u64,
) -> Result<Played, SimulationRefused> {
    let n_periods = asked.timing.n_periods;
    let past = asked.past.as_ref().filter(|past| past.n_periods() >= n_periods);
    let (history, with) = match past {
        Some(past) => (History::Past(past.clone()), PlayedWith::Past),
        None => (History::Model(asked.variance, asked.n_people), PlayedWith::Variance),
    };
    let read_with = match asked.read_with {
        ReadWith::Auto if contest.information() > 0.0 => ReadWith::RiskSet,
        ReadWith::Auto => ReadWith::GroupTime,
        wished => wished,
    };
    let estimator: &(dyn Fn(&Trial) -> Option<Estimate> + Sync) = match read_with {
        ReadWith::RiskSet => &by_risk_set,
        ReadWith::GroupTime | ReadWith::Auto => &by_group_time,
    };
    // All of it is there when half of what the first wave shows is over: time to grow, and time to be seen whole.
    let n_grows = asked.timing.n_since().div_ceil(2).clamp(2, N_GROWS_MOST);
    let shape = |shape, smallest: f64| -> Result<PlayedShape, SimulationRefused> {
        let simulation = Simulation {
            n_units: asked.order.len(),
            timing: &asked.timing,
            history: &history,
            shape,
            level: asked.level,
            n_panels: n,
            seed,
        };
        let found = |multiples: &mut dyn Iterator<Item = &f64>| {
            let mut effects: Vec<f64> = multiples.map(|multiple| multiple * smallest).collect();
            effects.extend(asked.worth);
            effects.sort_unstable_by(f64::total_cmp);
            effects.dedup();
            simulate(&simulation, &effects, &|chance| contest.play(chance), estimator)
        };
        let mut found_by = found(&mut MULTIPLES.iter())?;
        if found_by.smallest_effect(asked.power).is_none() {
            found_by = found(&mut MULTIPLES.iter().chain(&FURTHER_MULTIPLES))?;
        }
        let found = found_by;
        let for_worth =
            asked.worth.and_then(|worth| found.points.iter().find(|point| point.effect == worth).copied());
        Ok(PlayedShape { smallest: found.smallest_effect(asked.power), for_worth, points: found.points })
    };
    let growing = formula.growing.map_or(2.0 * formula.constant.smallest, |growing| growing.smallest);
    Ok(Played {
        n,
        seed,
        with,
        read_with,
        constant: shape(Shape::Constant, formula.constant.smallest)?,
        growing: shape(Shape::Growing(n_grows), growing)?,
        n_grows,
    })
}
