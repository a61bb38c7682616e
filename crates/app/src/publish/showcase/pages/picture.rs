//! The event study of an evidence record, read back from the record itself: the picture is as frozen as the numbers.

use serde::Deserialize;
use traction_domain::offer::metric::Better;
use traction_domain::prove::Kind;
use traction_domain::publish::showcase::in_short;

use crate::offer::change::store::Change;
use crate::offer::metric::store::Metric;
use crate::web::charts::{Axis, Chart, Estimate, EventStudy, Interval};

/// As much of `traction.evidence/1` as the picture needs.
#[derive(Deserialize)]
struct Record {
    by_exposure: Option<ByExposure>,
}

#[derive(Deserialize)]
struct ByExposure {
    each: Vec<Exposure>,
}

#[derive(Deserialize)]
struct Exposure {
    exposure: i32,
    estimate: f64,
    low: Option<f64>,
    high: Option<f64>,
}

/// The picture; `None` where the record has no numbers.
pub fn event_study(record: &str, change: &Change, metric: &Metric, kind: Kind) -> Option<Chart> {
    let each = serde_json::from_str::<Record>(record).ok()?.by_exposure?.each;
    let effects = each
        .into_iter()
        .map(|one| {
            let interval = one.low.zip(one.high).map(|(low, high)| Interval { low, high });
            (one.exposure, Estimate { value: one.estimate, interval })
        })
        .collect();
    let worth = match metric.better {
        Better::Up => change.worth,
        Better::Down => -change.worth,
    };
    let study = EventStudy {
        x: Axis::number("Periods since the start"),
        y: Axis::number(format!("Effect on {}, {}", metric.name, metric.unit_of_measure)),
        effects,
        worth: (worth != 0.0).then_some(worth),
        truth: None,
    };
    Some(study.chart(format!("{}: {}", change.name, in_short(kind))))
}
