//! The pictures of a plan: how often effects are found, and what more or fewer slots would detect.

use traction_domain::prove::plan::{self as rules, ByShape, BySlots as BySlotsFound, Measure, PlayedShape};
use traction_domain::words::counted;
use traction_stats::power::simulation::Smallest;

use super::verbs::Planned;
use crate::web::charts::{Axis, BySlots, Chart, Found, Power};
use crate::web::layout::sentence;

/// Effect against how often it is found.
pub fn power(planned: &Planned) -> Chart {
    let plan = &planned.plan;
    let played = |of: fn(&ByShape<PlayedShape>) -> &PlayedShape| {
        let points = plan.played.iter().flat_map(|played| &of(&played.as_planned).points);
        points.map(|point| (point.effect, point.power, point.error)).collect()
    };
    let picture = Power {
        x: effect(planned),
        curve: plan
            .curve
            .iter()
            .map(|point| Found {
                at: point.effect,
                constant: Some(point.power.constant),
                growing: point.power.growing,
            })
            .collect(),
        played: played(|shapes| &shapes.constant),
        played_growing: played(|shapes| &shapes.growing),
        wanted: plan.power.share(),
        worth: plan.worth,
    };
    let finding = finding(planned);
    picture.chart(match plan.played {
        Some(_) => sentence_of(&finding),
        None => format!("By formula, {finding}"),
    })
}

/// What the picture shows, for an effect that is there at once and for one that grows; it can follow a comma.
fn finding(planned: &Planned) -> String {
    let plan = &planned.plan;
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
            let say = |effect: f64| planned.measure.of(&rules::rounded_as_said(plan, effect));
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

/// The words as a sentence begins, without a stop at its end.
fn sentence_of(words: &str) -> String {
    sentence(words).trim_end_matches('.').to_owned()
}

/// The smallest effect found, by the number of slots.
pub fn by_slots(planned: &Planned) -> Chart {
    let plan = &planned.plan;
    let slots = &plan.waves.slots;
    let same = slots.first().copied().filter(|first| slots.iter().all(|other| other == first));
    let played = plan.played.iter().zip(same).flat_map(|(played, n)| {
        let as_planned = played.as_planned.constant.smallest.as_ref();
        let more = played.one_more_slot.as_ref().and_then(|more| more.constant.smallest.as_ref());
        let point = |n: usize, smallest: &Smallest| (n, smallest.effect, smallest.error);
        as_planned.map(|found| point(n, found)).into_iter().chain(more.map(|found| point(n + 1, found)))
    });
    let picture = BySlots {
        y: effect(planned),
        slots: plan
            .by_slots
            .iter()
            .map(|by| Found {
                at: by.n_slots as f64,
                constant: by.smallest.constant,
                growing: by.smallest.growing.flatten(),
            })
            .collect(),
        played: played.collect(),
        planned: same,
        worth: plan.worth,
    };
    picture.chart(by_slots_finds(planned))
}

/// How many slots find the smallest effects, there at once and growing.
fn by_slots_finds(planned: &Planned) -> String {
    let best = |of: fn(&BySlotsFound) -> Option<f64>| {
        let found = planned.plan.by_slots.iter().filter_map(|by| Some((by.n_slots, of(by)?)));
        found.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| n)
    };
    let most = planned.plan.by_slots.last().map(|by| by.n_slots);
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

fn effect(planned: &Planned) -> Axis {
    Axis::number(match &planned.measure {
        Measure::Named(unit) => format!("Effect, {unit}"),
        Measure::Unnamed => "Effect".to_owned(),
        Measure::Deviations => "Effect, standard deviations".to_owned(),
    })
}
