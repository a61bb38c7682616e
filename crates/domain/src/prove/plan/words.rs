//! A plan in plain sentences.

use super::{ByShape, Instead, Plan, Played, PlayedShape};
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
            Measure::Deviations if number == "1" => "1 standard deviation".to_owned(),
            Measure::Deviations => format!("{number} standard deviations"),
        }
    }
}

/// The plan in a few sentences: what it would show, what that means for an effect that grows or fades, for the effect worth
/// having, and whether it has more slots than units.
pub fn says(plan: &Plan, measure: &Measure) -> String {
    let by_formula = Figures::of(plan.formula.constant.se);
    let say_by = |figures: Figures, effect: f64| measure.of(&figures.say(effect));
    let say = |effect: f64| say_by(by_formula, effect);
    let often = often(plan.power.share());
    let smallest = plan.smallest();
    let units = format!("{}, {}", counted(plan.waves.n_units, "unit", "units"), slots(&plan.waves.slots));
    let mut says = match (smallest.constant, &plan.played) {
        (Some(effect), played) => {
            let effect = match played {
                Some(played) => say_played(&played.as_planned.constant, effect, by_formula, measure),
                None => say(effect),
            };
            format!("{units}: an effect of {effect} or more would be found, {often}.")
        }
        (None, _) => {
            let (effect, power) = largest_tried(plan);
            format!(
                "{units}: this can prove next to nothing. Even an effect of {} would be found {}.",
                say(effect),
                seldom(power)
            )
        }
    };
    match (&plan.played, smallest.growing) {
        (Some(played), _) if smallest.constant.is_some() => {
            says.push_str(&unfolding(played, by_formula, measure));
        }
        (None, Some(Some(growing))) => says.push_str(&format!(
            " Where it may grow or fade, it would have to be {} on average.",
            say(growing)
        )),
        _ => {}
    }
    if let (Some(worth), Some(found)) = (plan.worth, plan.for_worth()) {
        let worth_said = measure.of(&worth.to_string());
        says.push_str(&if found.constant >= plan.power.share() {
            format!(
                " The effect worth having ({worth_said}) would be found {}{}.",
                in_hundred(found.constant),
                if_it_grows(plan, found.growing)
            )
        } else {
            format!(
                " The effect worth having ({worth_said}) would be found {}; {}.",
                seldom(found.constant),
                what_it_takes(plan)
            )
        });
    }
    if let Some(left_over) = plan.left_over {
        says.push(' ');
        says.push_str(&left_over.says());
    }
    says
}

/// What was played is known to its own error and no better.
fn say_played(shape: &PlayedShape, effect: f64, by_formula: Figures, measure: &Measure) -> String {
    let error = shape.smallest.as_ref().map_or(0.0, |smallest| smallest.error);
    measure.of(&figures_of_played(error, by_formula).say(effect))
}

/// What an effect that grows, and one that fades, has to be: " One that takes 3 periods to grow would have to reach 2.1, one
/// that fades within as many to begin at 1.4."
fn unfolding(played: &Played, by_formula: Figures, measure: &Measure) -> String {
    let say =
        |shape: &PlayedShape| shape.effect().map(|effect| say_played(shape, effect, by_formula, measure));
    let periods = counted(played.n_changes, "period", "periods");
    let growing = match say(&played.as_planned.growing) {
        Some(effect) => format!(" One that takes {periods} to grow would have to reach {effect}"),
        None => format!(" One that takes {periods} to grow would hardly be found, whatever it grows to"),
    };
    match say(&played.as_planned.fading) {
        Some(effect) => format!("{growing}; one that is gone after {periods}, to begin at {effect}."),
        None => format!("{growing}; one that is gone after {periods} would hardly be found at all."),
    }
}

/// Where the effect worth having is found if it is there at once and missed if it grows, that is said.
fn if_it_grows(plan: &Plan, growing: Option<f64>) -> String {
    let missed = growing.filter(|growing| plan.played.is_some() && *growing < plan.power.share());
    missed.map_or_else(String::new, |growing| {
        format!(" if it is there at once, and {} if it grows to that", seldom(growing))
    })
}

/// An effect to the digits in which the plan says its own.
pub(super) fn rounded_as_said(plan: &Plan, effect: f64) -> String {
    let by_formula = Figures::of(plan.formula.constant.se);
    let smallest = plan.played.as_ref().and_then(|played| played.as_planned.constant.smallest.as_ref());
    figures_of_played(smallest.map_or(0.0, |smallest| smallest.error), by_formula).say(effect)
}

/// What one more slot in every wave and one more wave buy, by playing: a sentence each. `None` where neither was played.
pub fn buys(plan: &Plan, measure: &Measure) -> Option<String> {
    let played = plan.played.as_ref()?;
    let figures = Figures::of(plan.formula.constant.se);
    let one = |what: &str, instead: &Option<ByShape<Instead>>| {
        instead.as_ref().and_then(|instead| bought(what, played, instead, (figures, measure)))
    };
    let slot = one("One more slot in every wave", &played.one_more_slot);
    let wave = one("One more wave", &played.one_more_wave);
    let sentences: Vec<String> = [slot, wave].into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// "One more wave would find 1.31 instead of 1.42 (0.11 ± 0.04 less), and of a growing effect 2.9 instead of 3.1 (…)."
fn bought(
    what: &str,
    played: &Played,
    instead: &ByShape<Instead>,
    (by_formula, measure): (Figures, &Measure),
) -> Option<String> {
    let one = |instead: &Instead, planned: &PlayedShape| {
        let (gain, error) = instead.gain?;
        let (here, planned) = (instead.smallest.as_ref()?, planned.smallest.as_ref()?);
        let figures = figures_of_played(error, by_formula);
        let apart = format!("{} ± {}", figures.say(gain.abs()), figures.say(error));
        Some(match gain {
            gain if gain > 2.0 * error => format!(
                "{} instead of {} ({apart} less)",
                measure.of(&figures.say(here.effect)),
                figures.say(planned.effect)
            ),
            gain if gain < -2.0 * error => format!(
                "only {} instead of {} ({apart} more)",
                measure.of(&figures.say(here.effect)),
                figures.say(planned.effect)
            ),
            _ => format!("about the same (a difference of {apart})"),
        })
    };
    let constant = one(&instead.constant, &played.as_planned.constant)?;
    let growing = one(&instead.growing, &played.as_planned.growing);
    Some(match growing {
        Some(growing) => format!("{what} would find {constant}, and of an effect that grows {growing}."),
        None => format!("{what} would find {constant}."),
    })
}

/// Figures for what was played with this error; those of the formula where it has none.
fn figures_of_played(error: f64, by_formula: Figures) -> Figures {
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
    plan.played.as_ref().and_then(|played| last(&played.as_planned.constant)).unwrap_or(by_formula)
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

/// "only 12 times in 100"; where no play found it, nobody knows that one in a hundred would.
fn seldom(share: f64) -> String {
    if 100.0 * share < 0.5 {
        "less than once in 100".to_owned()
    } else {
        format!("only {}", in_hundred(share))
    }
}

/// "97 times in 100"; never certain, never impossible.
fn in_hundred(share: f64) -> String {
    match (100.0 * share).round() {
        n if n >= 100.0 => "more than 99 times in 100".to_owned(),
        n if n <= 1.0 => "once in 100".to_owned(),
        n => format!("{n:.0} times in 100"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_said_as_counts_and_never_as_certain_or_impossible() {
        for (share, says) in
            [(0.012, "once in 100"), (0.12, "12 times in 100"), (0.997, "more than 99 times in 100")]
        {
            assert_eq!(in_hundred(share), says, "{share}");
        }
        for (share, says) in
            [(0.0, "less than once in 100"), (0.004, "less than once in 100"), (0.012, "only once in 100")]
        {
            assert_eq!(seldom(share), says, "{share}");
        }
    }
}
