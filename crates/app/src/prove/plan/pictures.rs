//! The pictures of a plan: how often effects are found, and what more or fewer slots would detect.

use traction_domain::prove::plan::{self as rules, ByShape, Measure, PlayedShape};
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
    let finding = rules::finding(plan, &planned.measure);
    picture.chart(match plan.played {
        Some(_) => sentence_of(&finding),
        None => format!("By formula, {finding}"),
    })
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
    picture.chart(rules::by_slots_finds(plan))
}

fn effect(planned: &Planned) -> Axis {
    Axis::number(match &planned.measure {
        Measure::Named(unit) => format!("Effect, {unit}"),
        Measure::Unnamed => "Effect".to_owned(),
        Measure::Deviations => "Effect, standard deviations".to_owned(),
    })
}
