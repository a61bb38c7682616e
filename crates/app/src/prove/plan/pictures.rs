//! The pictures of a plan: how often effects are found, and what more or fewer slots would detect.

use traction_domain::prove::plan::Measure;

use super::verbs::Planned;
use crate::web::charts::{Axis, BySlots, Chart, Found, Power};

/// Effect against how often it is found.
pub fn power(planned: &Planned) -> Chart {
    let plan = &planned.plan;
    let played = plan.played.iter().flat_map(|played| &played.constant.points);
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
        played: played.map(|point| (point.effect, point.power, point.error)).collect(),
        wanted: plan.power.share(),
        worth: plan.worth,
    };
    let title = match (plan.worth, plan.for_worth()) {
        (Some(_), Some(found)) if found.constant >= plan.power.share() => {
            match found.growing.filter(|growing| *growing < plan.power.share()) {
                Some(_) => "The effect worth having would be found where it is there at once",
                None => "The effect worth having would be found",
            }
        }
        (Some(_), Some(_)) => "The effect worth having might well be missed",
        _ => "Small effects are missed, large ones found",
    };
    picture.chart(title)
}

/// The smallest effect found, by the number of slots.
pub fn by_slots(planned: &Planned) -> Chart {
    let plan = &planned.plan;
    let slots = &plan.waves.slots;
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
        planned: slots.first().copied().filter(|first| slots.iter().all(|other| other == first)),
        worth: plan.worth,
    };
    picture.chart("By formula, more slots a wave find smaller effects, as long as enough units wait")
}

fn effect(planned: &Planned) -> Axis {
    Axis::number(match &planned.measure {
        Measure::Named(unit) => format!("Effect, {unit}"),
        Measure::Unnamed => "Effect".to_owned(),
        Measure::Deviations => "Effect, standard deviations".to_owned(),
    })
}
