//! The picture of a tension: both poles from their floor to their healthy level, and the rocks.

use traction_domain::sustain::tension::{Fares, Side};
use traction_stats::control::momentum::Drift;

use super::live::Live;
use super::store;
use crate::web::charts::{Axis, Chart, Pole, TensionMap};

/// The picture.
pub fn chart(one: &Live) -> Chart {
    let pole = |kept: &store::Pole, side: usize, fares: &Fares| Pole {
        name: kept.pole.name.clone(),
        metric: Axis::number(format!("{}, {}", kept.metric_name, kept.unit_of_measure)),
        floor: kept.pole.floor,
        healthy: kept.pole.healthy,
        levels: one.readings[side].iter().map(|reading| Some(reading.value)).collect(),
        momentum: fares.momentum.as_ref().ok().map(|momentum| drift(momentum.drift).to_owned()),
    };
    let [left, right] = &one.tension.poles;
    let map = TensionMap {
        x: Axis::periods(one.period.to_string(), one.periods.clone()),
        poles: [pole(left, 0, &one.stands.left), pole(right, 1, &one.stands.right)],
        rocks: one
            .rocks
            .iter()
            .filter_map(|rock| {
                let place = one.readings[0].iter().position(|reading| reading.from >= rock.rocked.at)?;
                let to = match rock.rocked.to {
                    Side::Left => &left.pole.name,
                    Side::Right => &right.pole.name,
                };
                Some((place, format!("rock to {to}")))
            })
            .collect(),
    };
    map.chart(format!("{} and {}, each from its floor to its healthy level", left.pole.name, right.pole.name))
}

fn drift(drift: Drift) -> &'static str {
    match drift {
        Drift::Gaining => "gaining",
        Drift::Flat => "flat",
        Drift::Losing => "losing",
    }
}
