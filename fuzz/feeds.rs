//! Every parser that stands at a door, fed with bytes: it may refuse them, and must not break. What it takes is looked at
//! as the doors do.
//!
//! The fuzz targets and `crates/app/tests/parsers.rs` share this file: what compiles there compiles here.

use std::collections::BTreeSet;

use traction::measure::import::sheet::{File, Sheet};
use traction::measure::usage::letter::{Form, Letter};
use traction::measure::usage::{cloud_event, mended, otlp, parts, segment};
use traction_domain::measure::outcome::calendar::{self, Calendar};
use traction_domain::measure::outcome::columns::Matching;
use traction_domain::measure::outcome::numbers::{self, Point, Written};
use traction_domain::measure::outcome::reading::{self, Kept};
use traction_domain::measure::outcome::units::Units;
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::schedule::Schedule;
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

/// Something that is fed.
pub type Feed = fn(&[u8]);

/// The parsers, by what they are called on the command line.
pub const ALL: [(&str, Feed); 6] = [
    ("segment", segment),
    ("cloud_events", cloud_events),
    ("otlp_json", otlp_json),
    ("otlp_protobuf", otlp_protobuf),
    ("tables", tables),
    ("words", words),
];

fn received() -> Moment {
    Moment::from_milliseconds(1_772_438_400_000).unwrap()
}

/// What a door does with a letter before any of it reaches the database.
fn looked_at(letter: &Letter) {
    for read in letter.events.iter().chain(&letter.showings) {
        let wish = &read.wish;
        assert!(!wish.id.is_empty() && !wish.event.is_empty(), "what counts has an id and a name");
        assert!(wish.occurred <= received(), "nothing happens after it arrived");
    }
    for dead in &letter.dead {
        let says = letter.form.says(&dead.why);
        assert!(!says.is_empty());
        let person = parts::person(letter.form, &dead.body);
        let mut body = dead.body.clone();
        parts::strip(letter.form, &mut body, 32 * 1_024);
        assert!(body.to_string().len() <= 33 * 1_024, "what is set aside is not kept whole, however large");
        if person.is_some() {
            assert_eq!(parts::person(letter.form, &body), None, "what is set aside names nobody");
        }
    }
}

/// Segment's and RudderStack's calls.
pub fn segment(bytes: &[u8]) {
    segment::write_key(bytes);
    assert!(mended::mended(bytes).len() <= 2 * bytes.len() + 16);
    let Ok(body) = segment::object(bytes) else { return };
    looked_at(&segment::call("track", body.clone(), received()));
    looked_at(&segment::call("identify", body.clone(), received()));
    if let Ok(letter) = segment::batch(body, received()) {
        looked_at(&letter);
    }
}

/// CloudEvents in their three modes.
pub fn cloud_events(bytes: &[u8]) {
    for letter in [cloud_event::structured(bytes, received()), cloud_event::batched(bytes, received())] {
        letter.iter().for_each(looked_at);
    }
    let attributes = || {
        let text = String::from_utf8_lossy(bytes);
        let lines = text.lines().take(20).filter_map(|line| line.split_once(':'));
        lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    for kind in [None, Some("application/json"), Some("text/plain")] {
        cloud_event::binary(attributes(), kind, bytes, received()).iter().for_each(looked_at);
    }
}

/// OpenTelemetry's logs as JSON.
pub fn otlp_json(bytes: &[u8]) {
    if let Ok(origins) = otlp::json::read(bytes) {
        looked_at(&otlp::letter_of(origins, received()));
    }
}

/// OpenTelemetry's logs as protobuf.
pub fn otlp_protobuf(bytes: &[u8]) {
    if let Ok(origins) = otlp::wire::read(bytes) {
        looked_at(&otlp::letter_of(origins, received()));
    }
}

/// Files that are taken in: CSV, Parquet, a JSON object a line; and outcomes read from them.
pub fn tables(bytes: &[u8]) {
    for name in ["table.csv", "table.ndjson", "table.parquet"] {
        let Ok(sheet) = Sheet::read(&File { name: name.into(), bytes: bytes.to_vec() }, &[]) else {
            continue;
        };
        let table = sheet.table();
        let rows: Vec<&[String]> = table.rows.iter().take(50).map(|(_, cells)| cells.as_slice()).collect();
        let matching = Matching::guessed(table.header, &rows, |_| false);
        let week = calendar::read("2026-03-02").unwrap();
        for matching in [matching, Matching::by_word(table.header)] {
            let Ok(columns) = matching.settled(table.header) else { continue };
            // Without any units no row gets past its unit; with those that it names, all that follows is read.
            let labels =
                table.rows.iter().filter_map(|(_, cells)| cells.get(columns.unit)).map(|label| label.trim());
            let known = units(labels.collect());
            for kept in [Kept::Open, Kept::Like(week), Kept::By(Calendar::Week)] {
                for units in [&Units::default(), &known] {
                    let read = reading::read(table, columns, units, &Default::default(), kept);
                    let n = read.rows.len() + read.empty.len() + read.bad.len() + read.n_left_out;
                    assert_eq!(n, table.rows.len(), "every row is something");
                    let taken = read.rows.iter().chain(&read.empty);
                    let once: BTreeSet<_> = taken.map(|row| (row.unit, row.outcome.period)).collect();
                    assert_eq!(once.len(), read.rows.len() + read.empty.len(), "each unit and period once");
                    let values = read.rows.iter().map(|row| row.outcome.measured.value());
                    assert!(values.flatten().all(f64::is_finite), "a value is a number");
                }
            }
        }
    }
}

/// Units that go by these labels.
fn units(labels: BTreeSet<&str>) -> Units {
    let id = |n: usize| format!("00000000-0000-0000-0000-{n:012}").parse().unwrap();
    Units::of(labels.into_iter().enumerate().map(|(n, label)| (label, label, id(n))))
}

/// Words and numbers that people and programs write.
pub fn words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = text.parse::<Moment>();
    let _ = text.parse::<ConnectionName>();
    let _ = text.parse::<Form>();
    let written = Written::of(text.split(';'), Point::OfEither);
    for cell in text.split(';') {
        let _ = numbers::number(cell, written);
    }
    if let Ok(schedule) = text.parse::<Schedule>() {
        assert!(schedule.next(received(), &jiff::tz::TimeZone::UTC).is_none_or(|next| next > received()));
    }
    if let Some(slug) = Slug::suggested(text) {
        assert_eq!(slug.as_str().parse::<Slug>().as_ref(), Ok(&slug), "what is suggested can be kept");
    }
    if let Ok(period) = calendar::read(text) {
        assert_eq!(
            calendar::read(&period.to_string()),
            Ok(period),
            "a period is read again from what it writes"
        );
        for calendar in Calendar::ALL {
            let _ = (calendar.next(period), calendar.told(period), calendar.ends(period));
        }
    }
}
