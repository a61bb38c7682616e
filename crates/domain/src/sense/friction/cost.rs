//! What a friction costs: how often × how long × how many, and between what and what that may lie.
//!
//! It knows guesses only; what a metric says of the unit's workload stands beside it, and is not mixed in.

use std::collections::BTreeMap;

use crate::id::PersonId;
use crate::sense::friction::FrictionRefused;

/// What one person says about a friction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burden {
    /// How often it happens.
    pub times_per_week: f64,
    /// How long it takes each time.
    pub minutes: f64,
    /// How many people it happens to.
    pub n_people: f64,
}

/// Somebody's word on what a friction costs: a report speaks for the people it names, a "me too" for one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Voice {
    /// Whose it is; `None` where it came without an account.
    pub person: Option<PersonId>,
    /// What he says.
    pub burden: Burden,
}

/// What a friction costs all who have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Hours a week, as it was said.
    pub hours_per_week: f64,
    /// Below this it lies in 5 of 100 cases.
    pub low: f64,
    /// Above this it lies in 5 of 100 cases.
    pub high: f64,
    /// How many people said something, each once.
    pub n_voices: usize,
}

/// Spread of one guess around the truth, as the standard deviation of its logarithm: in 90 of 100 cases the truth lies
/// between half of what is said and twice that.
const SPREAD: f64 = 0.421_4;

/// How many guesses that spread is worth, when the voices' own spread is mixed with it.
const WORTH: f64 = 4.0;

/// Half of a 90 % interval, in standard deviations.
const NINETY: f64 = 1.644_854;

impl Burden {
    /// What it costs all of them: how often × how long × how many, in hours a week.
    pub fn hours_per_week(self) -> f64 {
        self.of_one() * self.n_people
    }

    /// What it costs one of them, in hours a week.
    fn of_one(self) -> f64 {
        self.times_per_week * self.minutes / 60.0
    }
}

/// Minutes in a week: nobody loses more of them.
const N_MINUTES_A_WEEK: f64 = 10_080.0;

/// The burden, when a week can hold it: up to 1,000 times, 2,400 minutes each and 10,080 together, 100,000 people.
pub fn burden(times_per_week: f64, minutes: f64, n_people: f64) -> Result<Burden, FrictionRefused> {
    let within = |field, what, given: f64, least, most| {
        let fits = given.is_finite() && given >= least && given <= most;
        if fits { Ok(given) } else { Err(FrictionRefused::OutOfRange { field, what, given, least, most }) }
    };
    let times_per_week = within("times_per_week", "how often a week", times_per_week, 0.01, 1_000.0)?;
    let minutes_a_time = (N_MINUTES_A_WEEK / times_per_week).floor().min(2_400.0);
    Ok(Burden {
        times_per_week,
        minutes: within("minutes", "how many minutes each time", minutes, 0.1, minutes_a_time)?,
        n_people: within("people", "how many people", n_people, 1.0, 100_000.0)?,
    })
}

/// The cost of a friction to everybody who has it, in hours a week, with a 90 % interval.
///
/// - `voices`: the report, every "me too", and those of the frictions merged into it. Of one person's the dearest counts.
/// - The cost is the sum of what the voices say, each for the people it speaks for.
/// - Each voice errs by a factor of its own (log-normal, standard deviation `SPREAD`); one that speaks for others errs by
///   another one besides, as far as the voices lie apart. The sum's interval has the sum's mean and variance.
/// - Its low end also allows that whoever says "me too", or reported the same, is among the people another one spoke for.
///
/// Assumes that voices err each on its own. Misleads where all of a unit overrate the same thing in the same way: that
/// no number of voices shows. Source: moments of sums of log-normal variables, Fenton (1960), IRE Trans. Commun. Syst.
/// 8(1), 57-67.
pub fn cost(voices: &[Voice]) -> Cost {
    let counted = each_person_once(voices);
    let hours_per_week: f64 = counted.iter().map(|burden| burden.hours_per_week()).sum();
    if counted.is_empty() || hours_per_week <= 0.0 {
        return Cost { hours_per_week, low: hours_per_week, high: hours_per_week, n_voices: counted.len() };
    }
    let spread_squared = spread_squared(&counted);
    // Of each voice, what is said is the middle of a law with a long upper tail: its mean lies above.
    let (mut mean, mut variance) = (0.0, 0.0);
    for burden in &counted {
        let of_others = if burden.n_people > 1.0 { spread_squared } else { 0.0 };
        let law = SPREAD * SPREAD + of_others;
        mean += burden.hours_per_week() * (law / 2.0).exp();
        variance += burden.hours_per_week().powi(2) * law.exp() * law.exp_m1();
    }
    let squared = (variance / mean.powi(2)).ln_1p();
    let middle = mean / hours_per_week * (-squared / 2.0).exp();
    let factor = (NINETY * squared.sqrt()).exp();
    Cost {
        hours_per_week,
        low: if_they_overlap(&counted) * middle / factor,
        high: hours_per_week * middle * factor,
        n_voices: counted.len(),
    }
}

/// The burdens that count: of one person's the dearest, each nameless one for itself.
fn each_person_once(voices: &[Voice]) -> Vec<Burden> {
    let mut counted: Vec<Burden> = Vec::new();
    let mut of_person: BTreeMap<PersonId, usize> = BTreeMap::new();
    for Voice { person, burden } in voices {
        match person.and_then(|person| of_person.get(&person)).copied() {
            Some(place) if counted[place].hours_per_week() >= burden.hours_per_week() => {}
            Some(place) => counted[place] = *burden,
            None => {
                of_person.extend(person.map(|person| (person, counted.len())));
                counted.push(*burden);
            }
        }
    }
    counted
}

/// How far one person's hours lie from another's, as the variance of their logarithm: what is expected of any guess, drawn
/// toward what these show among themselves.
fn spread_squared(burdens: &[Burden]) -> f64 {
    let logs: Vec<f64> = burdens.iter().map(|burden| burden.of_one().ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
    (WORTH * SPREAD * SPREAD + squares) / (WORTH + logs.len() as f64 - 1.0)
}

/// The cost if all voices belong to people whom the widest report speaks for, as far as it names that many.
fn if_they_overlap(burdens: &[Burden]) -> f64 {
    let own: f64 = burdens.iter().map(|burden| burden.of_one()).sum();
    let widest = burdens.iter().max_by(|one, other| one.n_people.total_cmp(&other.n_people));
    let silent = |widest: &Burden| (widest.n_people - burdens.len() as f64).max(0.0) * widest.of_one();
    own + widest.map_or(0.0, silent)
}
