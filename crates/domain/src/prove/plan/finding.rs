//! What the pictures of a plan show, as their titles say it: for effects that are there at once, and for those that grow.

use super::words::rounded_as_said;
use super::{BySlots, Measure, Plan};
use crate::words::counted;

/// What the picture shows, for an effect that is there at once and for one that grows; it can follow a comma.
pub fn finding(plan: &Plan, measure: &Measure) -> String {
    let enough = |found: f64| found >= plan.power.share();
    match (plan.worth, plan.for_worth()) {
        (Some(_), Some(found)) => match (enough(found.constant), found.growing.map(enough)) {
            (true, Some(true)) => "the effect worth having would be found, growing or not",
            (true, Some(false)) => {
                "the effect worth having would be found if it is there at once, and might be missed if it grows"
            }
            (true, None) => "the effect worth having would be found if it is there at once",
            (false, Some(true)) => "the effect worth having might well be missed if it is there at once",
            (false, _) => "the effect worth having might well be missed, growing or not",
        }
        .to_owned(),
        _ => {
            let say = |effect: f64| measure.of(&rounded_as_said(plan, effect));
            let smallest = plan.smallest();
            match (smallest.constant, smallest.growing.flatten()) {
                (Some(constant), Some(growing)) => format!(
                    "effects are found from {} on if they are there at once, from {} on if they grow",
                    say(constant),
                    say(growing)
                ),
                (Some(constant), None) => format!(
                    "effects are found from {} on if they are there at once, and hardly at all if they grow",
                    say(constant)
                ),
                (None, _) => "hardly any effect would be found".to_owned(),
            }
        }
    }
}

/// How many slots find the smallest effects, there at once and growing.
pub fn by_slots_finds(plan: &Plan) -> String {
    let best = |of: fn(&BySlots) -> Option<f64>| {
        let found = plan.by_slots.iter().filter_map(|by| Some((by.n_slots, of(by)?)));
        found.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| n)
    };
    let most = plan.by_slots.last().map(|by| by.n_slots);
    let slots = |n: usize| counted(n, "slot", "slots");
    match (best(|by| by.smallest.constant), best(|by| by.smallest.growing.flatten())) {
        (Some(one), Some(other)) if one == other && Some(one) == most => {
            "By formula, the more slots a wave, the smaller the effects found, growing or not".to_owned()
        }
        (Some(one), Some(other)) if one == other => {
            format!("By formula, {} a wave find the smallest effects, growing or not", slots(one))
        }
        (Some(one), Some(other)) => format!(
            "By formula, {} a wave find the smallest effects that are there at once, {other} the smallest that grow",
            slots(one)
        ),
        (Some(one), None) => {
            format!("By formula, {} a wave find the smallest effects that are there at once", slots(one))
        }
        (None, _) => "By formula, no number of slots would find anything".to_owned(),
    }
}
