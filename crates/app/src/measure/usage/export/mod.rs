//! Usage as a file: CSV, or JSON with a line an event; of everybody under their subjects, or of one person. What is
//! written can be taken in again, and changes nothing where it is known. What else is kept of one person is a file of its
//! own, which is not taken in.

pub mod commands;
pub mod store;

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::measure::usage::export::store::Exported;
use crate::measure::usage::{letters, store as usage};
use crate::store::Sql;
use crate::trouble::Broken;

/// So many events are read at once.
const N_AT_ONCE: u32 = 5_000;

/// The columns of a file.
const COLUMNS: [&str; 9] =
    ["source", "id", "at", "received_at", "subject", "unit", "change", "event", "value"];

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table with a header and commas.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

impl Format {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Ndjson => "application/x-ndjson",
        }
    }
}

/// Writes all events, a few at a time; how many there are.
pub async fn write(sql: &Sql, format: Format, to: impl Write) -> Result<usize, Broken> {
    let mut lines = Lines::to(to, format)?;
    let mut after = (String::new(), String::new());
    loop {
        let events = store::after(sql, (&after.0, &after.1), N_AT_ONCE).await?;
        let Some(last) = events.last() else { return lines.done() };
        after = (last.source.clone(), last.id.clone());
        events.iter().try_for_each(|event| lines.write(event))?;
    }
}

/// Writes the events of one person, whatever subjects he has; how many there are. Without any there is a header at most.
pub async fn write_of(
    sql: &Sql,
    subjects: &[String],
    format: Format,
    to: impl Write,
) -> Result<usize, Broken> {
    let mut lines = Lines::to(to, format)?;
    for subject in subjects {
        store::of(sql, subject).await?.iter().try_for_each(|event| lines.write(event))?;
    }
    lines.done()
}

/// What else is kept of one person, a JSON object a line: on which days he did what, which is kept longer than the events;
/// when the solution was switched on or off for him; and what about him could not be counted.
pub async fn further_of(sql: &Sql, subjects: &[String]) -> Result<String, Broken> {
    let mut lines = String::new();
    for of in subjects {
        let days = store::days(sql, of).await?.into_iter().map(|day| {
            json!({ "kind": "day of use", "day": day.day.date().to_string(), "unit": day.unit, "change": day.change,
                "event": day.event, "n_events": day.n_events })
        });
        let shown = usage::showings_of(sql, of).await?.into_iter().map(|(at, change, variant)| {
            json!({ "kind": "showing", "at": at.to_string(), "change": change, "variant": variant })
        });
        let set_aside = letters::store::about(sql, of).await?.into_iter().map(
            |(at, why, body)| json!({ "kind": "dead letter", "at": at.to_string(), "why": why, "body": body }),
        );
        days.chain(shown).chain(set_aside).for_each(|line| lines.push_str(&format!("{line}\n")));
    }
    Ok(lines)
}

/// A file that is being written.
enum Lines<W: Write> {
    Csv { to: Box<csv::Writer<W>>, n: usize },
    Ndjson { to: W, n: usize },
}

impl<W: Write> Lines<W> {
    fn to(to: W, format: Format) -> Result<Lines<W>, Broken> {
        match format {
            Format::Csv => {
                let mut to = csv::Writer::from_writer(to);
                to.write_record(COLUMNS).map_err(unwritten)?;
                Ok(Lines::Csv { to: Box::new(to), n: 0 })
            }
            Format::Ndjson => Ok(Lines::Ndjson { to, n: 0 }),
        }
    }

    fn write(&mut self, event: &Exported) -> Result<(), Broken> {
        let (at, received_at) = (event.occurred_at.to_string(), event.received_at.to_string());
        match self {
            Lines::Csv { to, n } => {
                *n += 1;
                let value = event.value.map(|value| value.to_string());
                let texts = [&event.subject, &event.unit, &event.change];
                let [subject, unit, change] = texts.map(|text| text.as_deref().unwrap_or_default());
                let cells = [
                    event.source.as_str(),
                    &event.id,
                    &at,
                    &received_at,
                    subject,
                    unit,
                    change,
                    &event.event,
                    value.as_deref().unwrap_or_default(),
                ];
                to.write_record(cells).map_err(unwritten)
            }
            Lines::Ndjson { to, n } => {
                *n += 1;
                let values = [
                    json!(event.source),
                    json!(event.id),
                    json!(at),
                    json!(received_at),
                    json!(event.subject),
                    json!(event.unit),
                    json!(event.change),
                    json!(event.event),
                    json!(event.value),
                ];
                let named = COLUMNS.iter().map(|name| (*name).to_owned()).zip(values);
                let object: Map<String, Value> = named.filter(|(_, value)| !value.is_null()).collect();
                writeln!(to, "{}", Value::Object(object)).map_err(unwritten)
            }
        }
    }

    fn done(self) -> Result<usize, Broken> {
        match self {
            Lines::Csv { mut to, n } => to.flush().map(|()| n).map_err(unwritten),
            Lines::Ndjson { mut to, n } => to.flush().map(|()| n).map_err(unwritten),
        }
    }
}

fn unwritten(error: impl std::fmt::Display) -> Broken {
    Broken::accident("writing usage to a file", error)
}
