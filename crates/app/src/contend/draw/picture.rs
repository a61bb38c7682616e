//! The draw as a picture: the tiers, the cut, and between whom the lottery decided.

use traction_domain::contend::draw::{self as rules, Record};

use crate::org::unit::store::Unit;
use crate::web::charts::{Chart, DrawPicture, Entry, Place};

/// The picture of a record; `known` are the units by whose names it speaks.
pub fn picture(record: &Record, known: &[Unit], title: String) -> Chart {
    let entries = record.order.iter().filter_map(|ranked| entry(record, known, &ranked.unit));
    DrawPicture { slots: record.terms.slots.0, entries: entries.collect() }.chart(title)
}

fn entry(record: &Record, known: &[Unit], unit: &str) -> Option<Entry> {
    let line = record.list.iter().find(|line| line.entry.unit == unit)?;
    let holds = |units: &[String]| units.iter().any(|other| other == unit);
    let is_past = record.overrides.iter().any(|decided| decided.unit == unit);
    let place = match line.entry.place {
        _ if holds(&record.withdrawn) => Place::Withdrawn,
        _ if is_past => Place::Past,
        rules::Place::Protected => Place::Protected,
        rules::Place::Open if holds(&record.granted) => Place::Granted,
        rules::Place::Open => Place::Waiting,
    };
    Some(Entry {
        number: line.number,
        unit: name(known, unit),
        band: i64::from(line.entry.band),
        layer: i64::from(line.entry.layer),
        place,
        probability: record.probability.get(unit).copied().unwrap_or(0.0),
    })
}

/// The name of a unit by its short name; the short name itself where it is known no longer.
pub fn name(known: &[Unit], slug: &str) -> String {
    known.iter().find(|unit| unit.slug.as_str() == slug).map_or(slug.to_owned(), |unit| unit.name.clone())
}
