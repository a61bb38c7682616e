//! The picture of an evidence record: the event study.

use traction_domain::prove::{Effects, Good, Kind, Question, Verdict};
use traction_stats::panel::Calendar;
use traction_stats::uncertainty::Estimate;

use crate::web::charts::{self, Axis, Chart, EventStudy};

/// The event study; `truth` is the true effect, where it is known because the data are simulated.
pub fn event_study(effects: &Effects, question: &Question, verdict: &Verdict, truth: Option<f64>) -> Chart {
    let measure = question.measure.as_ref().map(|measure| format!(", {measure}")).unwrap_or_default();
    let worth = match question.good {
        Good::Up => question.worth,
        Good::Down => -question.worth,
    };
    let picture = EventStudy {
        x: Axis::number(since_the_start(effects.calendar)),
        y: Axis::number(format!("Effect on {}{measure}", question.outcome)),
        // A panel's exposures are far from the ends of `i32`: periods are years, months or days.
        effects: effects
            .by_exposure
            .each
            .iter()
            .filter_map(|part| Some((i32::try_from(part.at).ok()?, drawn(&part.effect))))
            .collect(),
        worth: Some(worth).filter(|worth| *worth != 0.0),
        truth,
    };
    picture.chart(finding(verdict.kind, &question.outcome))
}

/// What the picture shows, in its title.
fn finding(kind: Kind, outcome: &str) -> String {
    match kind {
        Kind::Works => format!("{outcome}: better after the start than in units to compare with"),
        Kind::Harms => format!("{outcome}: worse after the start than in units to compare with"),
        Kind::NoWorthwhileEffect => format!("{outcome}: nothing worthwhile after the start"),
        Kind::CannotTell => format!("{outcome}: after the start, still within what chance could do"),
        Kind::Refused => format!("{outcome}: after the start, without knowing how far chance reaches"),
    }
}

fn since_the_start(calendar: Calendar) -> String {
    match calendar {
        Calendar::Numbers => "Periods since the start".to_owned(),
        Calendar::Months { step: 1, .. } => "Months since the start".to_owned(),
        Calendar::Months { step: 12, .. } => "Years since the start".to_owned(),
        Calendar::Days { step: 1 } => "Days since the start".to_owned(),
        Calendar::Days { step: 7 } => "Weeks since the start".to_owned(),
        other => format!("Steps of {other} since the start"),
    }
}

fn drawn(effect: &Estimate) -> charts::Estimate {
    let interval =
        effect.interval().map(|interval| charts::Interval { low: interval.low, high: interval.high });
    charts::Estimate { value: effect.value, interval }
}
