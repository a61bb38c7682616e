//! The effect on users: units that got a slot and did not use it stay in the main answer, as the draw left them; here the
//! effect on those that used it because they got it is found beside it.
//!
//! It speaks of units only. Who used what within a unit is nobody's business here.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use traction_stats::effect::risk_set::{OnUsers, Wave, WeakInterval, on_users};
use traction_stats::panel::{Panel, Period};

use super::answer::Material;
use super::evidence::LeftOut;
use super::figures::{Figures, in_percent};
use super::verdict::Question;
use super::wish::Wish;

/// What can be said of those who used it.
#[derive(Clone, Debug)]
pub struct Users {
    /// The numbers; `None` where there are none.
    pub found: Option<OnUsers>,
    /// One or two plain sentences.
    pub says: String,
}

/// The effect on users, where uses are known and a draw decided who got a slot.
pub(super) fn users(
    material: &Material<'_>,
    waves: &[Wave],
    wish: &Wish,
    question: &Question,
) -> Option<Users> {
    let used = material.used.filter(|_| !waves.is_empty())?;
    Some(match on_users(material.panel, waves, &by_place(material.panel, used), &wish.of_draws()) {
        Ok(found) => Users { says: says(&found, wish, question), found: Some(found) },
        Err(why) => Users { says: format!("The effect on users was not found: {why}."), found: None },
    })
}

/// Says that uses were given for nothing.
pub(super) fn unused(material: &Material<'_>, waves: &[Wave]) -> Option<LeftOut> {
    let is_for_nothing = material.used.is_some() && waves.is_empty();
    is_for_nothing.then(|| {
        LeftOut::of(
            ("column of uses", "columns of uses"),
            1,
            "the effect on users follows from a recorded draw, and none was given".to_owned(),
        )
    })
}

/// Units x periods of `panel`: the uses; not a number where they are not known.
fn by_place(panel: &Panel, used: &Panel) -> Vec<Vec<f64>> {
    let rows: HashMap<&str, usize> = used.units().iter().enumerate().map(|(row, unit)| (unit, row)).collect();
    let places: HashMap<Period, usize> =
        used.periods().iter().enumerate().map(|(place, period)| (*period, place)).collect();
    let places: Vec<Option<usize>> =
        panel.periods().iter().map(|period| places.get(period).copied()).collect();
    let of_unit = |unit: &str| {
        let row = rows.get(unit);
        let share =
            |place: &Option<usize>| row.zip(*place).and_then(|(row, place)| used.outcome(*row, place));
        places.iter().map(|place| share(place).unwrap_or(f64::NAN)).collect()
    };
    panel.units().iter().map(of_unit).collect()
}

fn says(found: &OnUsers, wish: &Wish, question: &Question) -> String {
    let difference = 100.0 * found.difference_in_use.value;
    let use_of = format!(
        "Units that got a slot used it for {difference:.0} percentage points more of the time looked at than those that did \
         not."
    );
    let level = in_percent(wish.level.share());
    let reach = match found.not_ruled_out {
        WeakInterval::Between { low, high } => (high - low) / 4.0,
        WeakInterval::Outside { .. } | WeakInterval::Everything => {
            found.effect.interval().map_or(found.effect.value.abs(), |interval| interval.se_used)
        }
    };
    let figures = Figures::of(reach.max(f64::MIN_POSITIVE));
    let measured = |number: f64| match &question.measure {
        Some(measure) => format!("{} {measure}", figures.say(number)),
        None => figures.say(number),
    };
    let effect = match found.not_ruled_out {
        WeakInterval::Between { low, high } => format!(
            "In units that use a slot because they got one, {} moved by {} ({level} % interval {} to {}).",
            question.outcome,
            measured(found.effect.value),
            figures.say(low),
            figures.say(high)
        ),
        WeakInterval::Outside { below, above } => format!(
            "That is too little to bound the effect on users: all effects up to {} and all from {} on remain possible \
             (at {level} %).",
            measured(below),
            measured(above)
        ),
        WeakInterval::Everything => {
            format!("That is too little to rule out any effect on users, however large (at {level} %).")
        }
    };
    format!("{use_of} {effect}")
}
