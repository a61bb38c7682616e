//! The pictures of an evidence record: the event study, and the one interval.

mod of_method;

use traction_domain::prove::Kind;

use super::record::{EstimateJson, EvidenceJson};
use crate::web::charts::{self, Axis, Chart, EventStudy, Forest, UnitEffect};

/// The event study; `None` where there are no numbers. `truth` is the true effect, where it is known because the
/// data are simulated.
pub fn event_study(record: &EvidenceJson, truth: Option<f64>) -> Option<Chart> {
    let by_exposure = record.by_exposure.as_ref()?;
    let counted_in = record.design.exposure_in.as_deref().unwrap_or("periods");
    let picture = EventStudy {
        x: Axis::number(format!("{} since the start", capital(counted_in))),
        y: effect_axis(record),
        // A panel's exposures are far from the ends of `i32`: periods are years, months or days.
        effects: by_exposure
            .each
            .iter()
            .filter_map(|part| Some((i32::try_from(part.exposure).ok()?, drawn(&part.effect))))
            .collect(),
        worth: record.signed_worth(),
        truth,
    };
    Some(picture.chart(finding(record.verdict.kind, &record.question.outcome)))
}

/// What a record's pictures may be called, each of which it has or has not.
pub const NAMES: [&str; 10] = {
    let [a, b, c, d] = of_method::COURSES;
    ["event-study", a, b, c, d, "draws", "by-start", "by-period", "twin", "by-lot"]
};

/// All pictures of a record, each with the name of its file, the telling one first.
pub fn all(record: &EvidenceJson, truth: Option<f64>) -> Vec<(&'static str, Chart)> {
    let mut pictures = vec![("event-study", event_study(record, truth))];
    pictures.extend(of_method::all(record));
    pictures.into_iter().filter_map(|(name, picture)| Some((name, picture?))).collect()
}

/// The effect over all in one line with its interval; `None` where there is no number.
pub fn interval(record: &EvidenceJson) -> Option<Chart> {
    let effect = drawn(record.overall.as_ref()?);
    let picture = Forest {
        what: ("Effect", "effects"),
        x: effect_axis(record),
        effects: vec![UnitEffect { unit: "all starts".to_owned(), effect }],
        overall: None,
        worth: record.signed_worth(),
    };
    Some(picture.chart(finding(record.verdict.kind, &record.question.outcome)))
}

fn effect_axis(record: &EvidenceJson) -> Axis {
    let measure = record.question.measure.as_ref().map(|measure| format!(", {measure}")).unwrap_or_default();
    Axis::number(format!("Effect on {}{measure}", record.question.outcome))
}

/// What the picture shows, in its title.
fn finding(kind: Kind, outcome: &str) -> String {
    match kind {
        Kind::Works => format!("{outcome}: better after the start than to be expected without it"),
        Kind::Harms => format!("{outcome}: worse after the start than to be expected without it"),
        Kind::NoWorthwhileEffect => format!("{outcome}: nothing worthwhile after the start"),
        Kind::CannotTell => format!("{outcome}: what came after the start settles nothing yet"),
        Kind::Refused => format!("{outcome}: after the start, without knowing how far chance reaches"),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn drawn(effect: &EstimateJson) -> charts::Estimate {
    let interval = effect.low.zip(effect.high).map(|(low, high)| charts::Interval { low, high });
    charts::Estimate { value: effect.estimate, interval }
}
