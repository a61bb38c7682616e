//! Usage as a file: CSV, or JSON with a line an event; of everybody under their subjects, or of one person. What is
//! written can be taken in again, and changes nothing where it is known.

pub mod store;

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::measure::usage::export::store::Exported;
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

/// Writes all events, or those of one subject, a few at a time; how many there are.
pub async fn write(
    sql: &Sql,
    subject: Option<&str>,
    format: Format,
    mut to: impl Write,
) -> Result<usize, Broken> {
    let broken = |error: std::io::Error| Broken::accident("writing usage to a file", error);
    if format == Format::Csv {
        to.write_all(&line_of_csv(&COLUMNS.map(str::to_owned))).map_err(broken)?;
    }
    let mut n_written = 0;
    let mut after = (String::new(), String::new());
    loop {
        let events = store::after(sql, subject, (&after.0, &after.1), N_AT_ONCE).await?;
        let Some(last) = events.last() else { break };
        after = (last.source.clone(), last.id.clone());
        for event in &events {
            to.write_all(&line(event, format)).map_err(broken)?;
        }
        n_written += events.len();
    }
    to.flush().map_err(broken)?;
    Ok(n_written)
}

/// All events of one subject.
pub async fn all_of(sql: &Sql, subject: &str) -> Result<Vec<Exported>, Broken> {
    let mut all: Vec<Exported> = Vec::new();
    loop {
        let after = all.last().map_or(("", ""), |last| (last.source.as_str(), last.id.as_str()));
        let further = store::after(sql, Some(subject), after, N_AT_ONCE).await?;
        if further.is_empty() {
            return Ok(all);
        }
        all.extend(further);
    }
}

fn line(event: &Exported, format: Format) -> Vec<u8> {
    let value = event.value;
    match format {
        Format::Csv => {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            line_of_csv(&[
                event.source.clone(),
                event.id.clone(),
                event.occurred_at.to_string(),
                event.received_at.to_string(),
                text(&event.subject),
                text(&event.unit),
                text(&event.change),
                event.event.clone(),
                value.map(|value| value.to_string()).unwrap_or_default(),
            ])
        }
        Format::Ndjson => {
            let values = [
                json!(event.source),
                json!(event.id),
                json!(event.occurred_at.to_string()),
                json!(event.received_at.to_string()),
                json!(event.subject),
                json!(event.unit),
                json!(event.change),
                json!(event.event),
                json!(value),
            ];
            let named = COLUMNS.iter().map(|name| (*name).to_owned()).zip(values);
            let object: Map<String, Value> = named.filter(|(_, value)| !value.is_null()).collect();
            format!("{}\n", Value::Object(object)).into_bytes()
        }
    }
}

fn line_of_csv(cells: &[String; 9]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}
