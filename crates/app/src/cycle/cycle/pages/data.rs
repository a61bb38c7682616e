//! What was measured in a cycle, as a run chart: the values over time, with the middle before the prediction and since.

use jiff::civil::Date;
use maud::Markup;
use traction_domain::cycle::cycle::{Point, median};

use crate::cycle::cycle::store::Series;
use crate::web::charts::{Axis, Control, Downloads, Phase, Reading, Signal};

/// The picture of one measure. Values of days before `predicted_on` are the baseline.
pub fn picture(series: &Series, predicted_on: Option<Date>) -> Markup {
    let n_before = series
        .points
        .iter()
        .filter(|point| predicted_on.is_some_and(|predicted_on| point.date < predicted_on))
        .count();
    let (before, since) = series.points.split_at(n_before);
    let (before, since) = (middle(before), middle(since));
    let last = series.points.len().saturating_sub(1);
    let phase = |name: &str, centre: Option<f64>, places| {
        centre.map(|centre| Phase { name: name.to_owned(), places, centre, limits: None })
    };
    let phases =
        [phase("before", before, (0, n_before.saturating_sub(1))), phase("since", since, (n_before, last))];
    let title = match (before, since) {
        (Some(before), Some(since)) => {
            format!("{}: {} before, {} since", series.measure, short(before), short(since))
        }
        (None, Some(since)) => format!("{}: {} in the middle", series.measure, short(since)),
        (Some(before), None) => format!("{}: {} before; nothing since yet", series.measure, short(before)),
        (None, None) => series.measure.clone(),
    };
    let chart = Control {
        x: Axis::periods("Day", series.points.iter().map(|point| point.date.to_string()).collect()),
        y: Axis::number(series.measure.clone()),
        readings: series
            .points
            .iter()
            .map(|point| Reading { value: Some(point.value), signal: Signal::Common })
            .collect(),
        phases: phases.into_iter().flatten().collect(),
        half_way: None,
        hand_over: None,
        target: None,
    };
    chart.chart(title).figure(&Downloads::Inside)
}

fn middle(points: &[Point]) -> Option<f64> {
    median(&points.iter().map(|point| point.value).collect::<Vec<_>>())
}

/// Up to two decimals, without zeros at the end.
fn short(value: f64) -> String {
    let written = format!("{value:.2}");
    written.trim_end_matches('0').trim_end_matches('.').to_owned()
}
