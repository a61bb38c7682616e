//! A plan in plain sentences.

use super::{Plan, Played, PlayedShape};
use crate::prove::Figures;
use crate::words::counted;

/// What effects are measured in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The outcome's own unit, named.
    Named(String),
    /// The outcome's own unit, which has no name.
    Unnamed,
    /// Standard deviations of one unit's outcome in one period.
    Deviations,
}

impl Measure {
    /// The number with its unit.
    pub fn of(&self, number: &str) -> String {
        match self {
            Measure::Named(unit) => format!("{number} {unit}"),
            Measure::Unnamed => number.to_owned(),
            Measure::Deviations => format!("{number} standard deviations"),
        }
    }
}

/// The plan in at most three sentences: what it would show, what that means for an effect that grows, and for the effect
/// worth having.
pub fn says(plan: &Plan, measure: &Measure) -> String {
    let by_formula = Figures::of(plan.formula.constant.se);
    let say_by = |figures: Figures, effect: f64| measure.of(&figures.say(effect));
    let say = |effect: f64| say_by(by_formula, effect);
    // What was played is known to its own error and no better.
    let say_played = |shape: fn(&Played) -> &PlayedShape, effect: f64| {
        let smallest = plan.played.as_ref().and_then(|played| shape(played).smallest);
        say_by(smallest.map_or(by_formula, |(_, error)| figures_of_played(error, by_formula)), effect)
    };
    let often = often(plan.power.share());
    let smallest = plan.smallest();
    let units = format!("{}, {}", counted(plan.waves.n_units, "unit", "units"), slots(&plan.waves.slots));
    let mut says = match smallest.constant {
        Some(effect) => format!(
            "{units}: an effect of {} or more would be found, {often}.",
            say_played(|played| &played.constant, effect)
        ),
        None => {
            let (effect, power) = largest_tried(plan);
            format!(
                "{units}: this can prove next to nothing. Even an effect of {} would be found only {}.",
                say(effect),
                in_hundred(power)
            )
        }
    };
    match (smallest.constant, smallest.growing, &plan.played) {
        (Some(_), Some(Some(growing)), Some(played)) => says.push_str(&format!(
            " One that takes {} to grow would have to reach {}.",
            counted(played.n_grows, "period", "periods"),
            say_played(|played| &played.growing, growing)
        )),
        (Some(_), Some(None), Some(played)) => says.push_str(&format!(
            " One that takes {} to grow would hardly be found, whatever it grows to.",
            counted(played.n_grows, "period", "periods")
        )),
        (Some(_), Some(Some(growing)), None) => says.push_str(&format!(
            " Where it may grow or fade, it would have to be {} on average.",
            say(growing)
        )),
        _ => {}
    }
    if let (Some(worth), Some(found)) = (plan.worth, plan.for_worth()) {
        let worth_said = measure.of(&worth.to_string());
        let found_said = in_hundred(found.constant);
        says.push_str(&if found.constant >= plan.power.share() {
            format!(" The effect worth having ({worth_said}) would be found {found_said}.")
        } else {
            format!(
                " The effect worth having ({worth_said}) would be found only {found_said}; {}.",
                what_it_takes(plan)
            )
        });
    }
    says
}

/// Figures for what was played with this error; those of the formula where it has none.
pub fn figures_of_played(error: f64, by_formula: Figures) -> Figures {
    if error > 0.0 { Figures::of(error) } else { by_formula }
}

/// What would be enough, in words that can follow a semicolon.
fn what_it_takes(plan: &Plan) -> String {
    // Where the formula is content, more slots are not what is missing.
    if let Some(by_formula) = plan.formula.constant.for_worth.filter(|found| *found >= plan.power.share()) {
        return format!(
            "the formula, which knows every variance and wastes no period, has it {}: a sharper analysis would do more \
             than more slots",
            in_hundred(by_formula)
        );
    }
    let needed = plan.needed.unwrap_or(super::Needed { slots: None, waves: None });
    let enough = needed.slots.map(|planned| format!("{} in every wave", n_slots(planned.n)));
    let waves = needed.waves.map(|planned| counted(planned.n, "wave", "waves"));
    match (enough, waves) {
        (Some(slots), Some(waves)) => format!("by formula {slots}, or {waves}, would be enough"),
        (Some(enough), None) | (None, Some(enough)) => format!("by formula {enough} would be enough"),
        (None, None) => {
            "neither more slots nor more waves would be enough: more units, more periods, or a steadier outcome would".into()
        }
    }
}

/// The largest effect that was tried, and how often it was found.
fn largest_tried(plan: &Plan) -> (f64, f64) {
    let last = |shape: &PlayedShape| shape.points.last().map(|point| (point.effect, point.power));
    let by_formula = (plan.formula.constant.smallest, plan.power.share());
    plan.played.as_ref().and_then(|played| last(&played.constant)).unwrap_or(by_formula)
}

/// "4 slots in each of 3 waves", "waves of 4, 6 and 2 slots".
fn slots(slots: &[usize]) -> String {
    match slots {
        [one] => format!("{} in one wave", n_slots(*one)),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => {
            format!("{} in each of {} waves", n_slots(*first), slots.len())
        }
        [before @ .., last] => {
            let before: Vec<String> = before.iter().map(usize::to_string).collect();
            format!("waves of {} and {}", before.join(", "), n_slots(*last))
        }
        [] => "no slots".to_owned(),
    }
}

fn n_slots(n: usize) -> String {
    counted(n, "slot", "slots")
}

fn often(share: f64) -> String {
    if (share - 0.8).abs() < 1e-9 { "four times in five".to_owned() } else { in_hundred(share) }
}

/// "97 times in 100"; never certain, never impossible.
fn in_hundred(share: f64) -> String {
    match (100.0 * share).round() {
        n if n >= 100.0 => "more than 99 times in 100".to_owned(),
        n if n <= 1.0 => "once in 100".to_owned(),
        n => format!("{n:.0} times in 100"),
    }
}
