//! The one picture more that each method wants: draws one by one, starts, periods, the twin and what it is made of, how
//! the lot fell.

use traction_domain::prove::Figures;

use super::{EvidenceJson, drawn, effect_axis};
use crate::prove::evidence::record::{CourseJson, EstimateJson, SetJson};
use crate::web::charts::{Axis, ByLot, Chart, Course, Forest, Ranked, Ranking, Tone, UnitEffect};

/// Donors that count for less than this are not drawn.
const WORTH_A_BAR: f64 = 0.01;
/// More rows than this are no picture.
const MOST_ROWS: usize = 40;

/// The names of the files of several courses; a record of more starts shows the first ones.
pub(super) const COURSES: [&str; 4] = ["course", "course-2", "course-3", "course-4"];

/// What a record has numbers for, each with the name of its file.
pub(super) fn all(record: &EvidenceJson) -> Vec<(&'static str, Option<Chart>)> {
    let courses = record.courses.iter().zip(COURSES).map(|(course, name)| (name, Some(seen(record, course))));
    let mut pictures: Vec<_> = courses.collect();
    pictures.extend([
        ("draws", sets(record)),
        ("by-start", by_start(record)),
        ("by-period", by_period(record)),
        ("twin", twin(record)),
        ("by-lot", by_lot(record)),
    ]);
    pictures
}

/// What was seen beside what was expected.
fn seen(record: &EvidenceJson, course: &CourseJson) -> Chart {
    let names: Vec<String> = course.points.iter().map(|point| point.period.clone()).collect();
    let is_twin = record.design.method != "interrupted";
    let (expected, words) =
        if is_twin { ("its twin", "its twin") } else { ("the line before", "its own line") };
    let measure = record.question.measure.as_ref().map(|measure| format!(", {measure}")).unwrap_or_default();
    Course {
        start: names.iter().position(|name| *name == course.start),
        x: Axis::periods("Periods", names),
        y: Axis::number(format!("{}{measure}", record.question.outcome)),
        points: course.points.iter().map(|point| (point.observed, point.expected)).collect(),
        expected: expected.to_owned(),
    }
    .chart(format!("Started {}: what was seen, and what {words} leads one to expect", course.start))
}

/// The draws one below the other.
fn sets(record: &EvidenceJson) -> Option<Chart> {
    let rows: Vec<_> = record.sets.iter().map(|set| (set_name(record, set), &set.effect)).collect();
    forest(record, ("Draw", "draws"), &rows, "Draw by draw: units with a slot against units without")
}

fn set_name(record: &EvidenceJson, set: &SetJson) -> String {
    let of = format!("{} of {}", set.winners, set.winners + set.losers);
    // Only where one start has several tiers do they need telling apart.
    let several = record.sets.iter().filter(|other| other.start == set.start).count() > 1;
    let tier = if several { format!(", band {}, layer {}", set.band, set.layer) } else { String::new() };
    format!("{}{tier} ({of})", set.start)
}

fn by_start(record: &EvidenceJson) -> Option<Chart> {
    let each = record.by_start.iter().flat_map(|summary| &summary.each);
    let rows: Vec<_> = each.map(|part| (part.start.clone(), &part.effect)).collect();
    if rows.len() < 2 {
        return None;
    }
    forest(record, ("Start", "starts"), &rows, "By start: the effect on the units that started then")
}

fn by_period(record: &EvidenceJson) -> Option<Chart> {
    let each = record.by_period.iter().flat_map(|summary| &summary.each);
    let rows: Vec<_> = each.map(|part| (part.period.clone(), &part.effect)).collect();
    if rows.len() < 2 {
        return None;
    }
    forest(record, ("Period", "periods"), &rows, "By period: the effect on all that had started by then")
}

fn forest(
    record: &EvidenceJson,
    what: (&'static str, &'static str),
    rows: &[(String, &EstimateJson)],
    title: &str,
) -> Option<Chart> {
    if rows.is_empty() || rows.len() > MOST_ROWS {
        return None;
    }
    let effects = rows.iter().map(|(unit, effect)| UnitEffect { unit: unit.clone(), effect: drawn(effect) });
    let picture = Forest {
        what,
        x: effect_axis(record),
        effects: effects.collect(),
        overall: record.overall.as_ref().map(drawn),
        worth: record.signed_worth(),
    };
    Some(picture.chart(title))
}

/// What the twin is made of.
fn twin(record: &EvidenceJson) -> Option<Chart> {
    let mut parts: Vec<_> = record.weights.iter().filter(|part| part.weight >= WORTH_A_BAR).collect();
    parts.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    parts.truncate(MOST_ROWS);
    if parts.is_empty() {
        return None;
    }
    let ranked = parts
        .iter()
        .map(|part| Ranked { name: part.unit.clone(), value: part.weight, tone: Tone::Quiet })
        .collect();
    let picture = Ranking { x: Axis::share("What the unit counts for in the twin"), ranked };
    Some(picture.chart("What the twin is made of"))
}

/// How the lot alone let the effect fall.
fn by_lot(record: &EvidenceJson) -> Option<Chart> {
    let found = record.by_lot.as_ref()?;
    let picture = ByLot {
        first: found.first,
        step: found.step,
        counts: found.counts.clone(),
        happened: found.happened,
    };
    let p = record.overall.as_ref()?.p?;
    let share = if p < 0.001 { "less than 0.1".to_owned() } else { Figures::of(p).say(100.0 * p) };
    Some(picture.chart(format!("Had it moved nobody, {share} % of all lots would show as much")))
}
