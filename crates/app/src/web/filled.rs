//! What somebody filled in, kept as he wrote it: nothing is lost when it is refused.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::web::multipart::{self, Part};
use crate::web::{failure, when};

/// A form's entries by name; of several with one name, all, in their order. Files beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    entries: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, FileSent>,
    /// In which moments are said to whoever filled it in; where it is not known, in UTC.
    zone: Option<TimeZone>,
}

/// The zone of the installation, as requests carry it to what reads their forms.
#[derive(Clone, Debug)]
pub struct Zone(pub TimeZone);

/// A file that came with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSent {
    /// What it is called at the sender's.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// An entry that is not of the kind asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRefused {
    /// The entry's name.
    pub field: &'static str,
    /// What was written.
    pub written: String,
    /// What would be right, with an example.
    pub wanted: &'static str,
}

impl std::error::Error for EntryRefused {}

impl std::fmt::Display for EntryRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.written.trim() {
            // What is wanted stands beside the entry; only how to mend it is said again.
            "" => match self.wanted.split_once("; ") {
                Some((_, remedy)) => write!(f, "this is empty; {remedy}"),
                None => write!(f, "this is empty; fill in {}", self.wanted),
            },
            _ => write!(f, "`{}` is not {}", self.written, self.wanted),
        }
    }
}

impl Refusal for EntryRefused {
    fn field(&self) -> Option<&'static str> {
        Some(self.field)
    }
}

impl Filled {
    /// Entries made by hand: what a form shows before anybody wrote in it.
    pub fn with<const N: usize>(entries: [(&str, String); N]) -> Filled {
        let mut filled = Filled::default();
        for (name, value) in entries {
            filled.entries.entry(name.to_owned()).or_default().push(value);
        }
        filled
    }

    /// The same, with moments said in `zone`.
    pub fn in_zone(mut self, zone: &TimeZone) -> Filled {
        self.zone = Some(zone.clone());
        self
    }

    /// The sentence of a refusal to whoever filled it in.
    pub fn sentence(&self, refused: &dyn Refusal) -> String {
        let sentence = failure::sentence(refused);
        self.zone.iter().fold(sentence, |sentence, zone| when::retold(&sentence, zone))
    }

    fn of_parts(parts: Vec<Part>) -> Filled {
        let mut filled = Filled::default();
        for Part { name, file_name, bytes } in parts {
            match file_name {
                // Browsers send a field for a file in which none was chosen.
                Some(_) if bytes.is_empty() => {}
                Some(file_name) => {
                    filled.files.insert(name, FileSent { name: file_name, bytes });
                }
                None => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    filled.entries.entry(name).or_default().push(text);
                }
            }
        }
        filled
    }

    /// The file that was chosen.
    pub fn file(&self, field: &str) -> Option<&FileSent> {
        self.files.get(field)
    }

    /// With another entry, in the place of those of its name.
    pub fn set(&mut self, field: &str, value: String) {
        self.entries.insert(field.to_owned(), vec![value]);
    }

    /// Reads `application/x-www-form-urlencoded`.
    pub fn read(body: &[u8]) -> Filled {
        let mut filled = Filled::default();
        for (name, value) in form_urlencoded::parse(body) {
            filled.entries.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        filled
    }

    /// Whether nothing was sent at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.files.is_empty()
    }

    /// The entry as written; nothing where there is none.
    pub fn text(&self, field: &str) -> &str {
        self.entries.get(field).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// All entries of one name.
    pub fn texts(&self, field: &str) -> &[String] {
        self.entries.get(field).map_or(&[], Vec::as_slice)
    }

    /// A number; a comma for the decimals is understood.
    pub fn number(&self, field: &'static str) -> Result<f64, EntryRefused> {
        let written = self.text(field).trim().replace(',', ".");
        written
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .ok_or_else(|| self.refused(field, "a number; write it like 12 or 2.5"))
    }

    /// A number, or nothing where nothing is written.
    pub fn maybe_number(&self, field: &'static str) -> Result<Option<f64>, EntryRefused> {
        if self.text(field).trim().is_empty() { Ok(None) } else { self.number(field).map(Some) }
    }

    /// A whole number from 0.
    pub fn count(&self, field: &'static str) -> Result<u32, EntryRefused> {
        self.text(field).trim().parse().map_err(|_| self.refused(field, "a whole number; write it like 4"))
    }

    /// Something with a written form: an id, a slug, a state.
    pub fn parsed<T: FromStr>(&self, field: &'static str, wanted: &'static str) -> Result<T, EntryRefused> {
        self.text(field).trim().parse().map_err(|_| self.refused(field, wanted))
    }

    /// As [`Filled::parsed`], or nothing where nothing is written.
    pub fn maybe_parsed<T: FromStr>(
        &self,
        field: &'static str,
        wanted: &'static str,
    ) -> Result<Option<T>, EntryRefused> {
        if self.text(field).trim().is_empty() { Ok(None) } else { self.parsed(field, wanted).map(Some) }
    }

    /// A local date and time of `zone`, as browsers send them (2026-11-22T09:30), or an instant with its zone. One that clocks
    /// pass twice is the first; one that they leap over is refused.
    pub fn moment(&self, field: &'static str, zone: &TimeZone) -> Result<Moment, EntryRefused> {
        let written = self.text(field).trim();
        if let Ok(moment) = written.parse::<Moment>() {
            return Ok(moment);
        }
        let no_time = || self.refused(field, "a date and time; write it like 2026-11-22T09:30");
        let local = written.parse::<DateTime>().map_err(|_| no_time())?;
        let found = zone.to_ambiguous_timestamp(local);
        if matches!(found.offset(), AmbiguousOffset::Gap { .. }) {
            return Err(self.refused(
                field,
                "a time that comes: clocks are put forward over it; choose one an hour later",
            ));
        }
        found.compatible().map(Moment::from_timestamp).map_err(|_| no_time())
    }

    /// What was written there is not what is wanted.
    pub fn refused(&self, field: &'static str, wanted: &'static str) -> EntryRefused {
        EntryRefused { field, written: self.text(field).to_owned(), wanted }
    }
}

impl<S: Send + Sync> FromRequest<S> for Filled {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Filled, Response> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let zone = request.extensions().get::<Zone>().cloned();
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let zone = zone.map(|Zone(zone)| zone);
        let parts = kind.and_then(|kind| multipart::read(&kind, &body));
        let filled = parts.map_or_else(|| Filled::read(&body), Filled::of_parts);
        Ok(Filled { zone, ..filled })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_clocks_leap_over_is_refused_and_one_that_they_pass_twice_is_the_first() {
        let vienna = TimeZone::get("Europe/Vienna").unwrap();
        let typed = |text: &str| Filled::with([("at", text.into())]).moment("at", &vienna);
        let leapt = typed("2027-03-28T02:30").unwrap_err().to_string();
        assert!(leapt.contains("choose one an hour later"), "{leapt}");
        for (text, at) in [
            ("2027-03-28T01:59", "2027-03-28T00:59:00Z"),
            ("2027-03-28T03:30", "2027-03-28T01:30:00Z"),
            ("2027-10-31T02:30", "2027-10-31T00:30:00Z"),
        ] {
            assert_eq!(typed(text), Ok(at.parse().unwrap()), "{text}");
        }
        assert!(typed("tomorrow").is_err());
    }

    #[test]
    fn a_refusal_is_said_in_the_zone_of_whoever_filled_it_in() {
        use traction_domain::offer::wave::WaveRefused;
        let refused = WaveRefused::OpensTooEarly { opens: "2026-11-22T19:58:00Z".parse().unwrap() };
        let filled = Filled::default();
        assert!(filled.sentence(&refused).contains("22 November 2026, 19:58 UTC"));
        let vienna = filled.in_zone(&TimeZone::get("Europe/Vienna").unwrap());
        assert!(vienna.sentence(&refused).contains("22 November 2026, 20:58 CET"));
    }
}
