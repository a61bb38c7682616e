//! Sources: an organisation's own database that is asked for outcomes, by a schedule or by hand.
//!
//! It asks nothing: what a source may be, what an answer must hold, when it is asked again and when it is stale are
//! decided here; the shell connects.

pub mod answer;
pub mod freshness;
pub mod schedule;
#[cfg(test)]
mod tests;
pub mod tries;

use std::fmt;
use std::str::FromStr;

use crate::id::MetricId;
use crate::measure::source::schedule::{Schedule, ScheduleRefused};
use crate::org::slug::Slug;
use crate::refusal::{self, Refusal, TextRefused};

/// The longest query that is kept, in characters.
const N_CHARACTERS_OF_QUERY: usize = 20_000;

/// Words with which something that only reads can begin.
const READS: [&str; 4] = ["select", "with", "values", "table"];

/// The name of a connection, whose address the machine's environment holds: capital letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionName(String);

/// A text that cannot name a connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` cannot name a connection; write capital letters, digits and `_`, like WAREHOUSE, for which the server's environment has TRACTION_SOURCE_WAREHOUSE"
)]
pub struct ConnectionRefused {
    /// What was written.
    pub text: String,
}

impl Refusal for ConnectionRefused {
    fn field(&self) -> Option<&'static str> {
        Some("connection")
    }
}

impl ConnectionName {
    /// Before the name, in the environment.
    pub const PREFIX: &'static str = "TRACTION_SOURCE_";

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ConnectionName {
    type Err = ConnectionRefused;

    fn from_str(text: &str) -> Result<ConnectionName, ConnectionRefused> {
        let text = text.trim();
        let plain = text.strip_prefix(ConnectionName::PREFIX).unwrap_or(text);
        let is_fit = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
        let begins_well = plain.starts_with(|letter: char| letter.is_ascii_uppercase());
        if begins_well && plain.len() <= 64 && plain.chars().all(is_fit) {
            Ok(ConnectionName(plain.to_owned()))
        } else {
            Err(ConnectionRefused { text: text.to_owned() })
        }
    }
}

/// What a source asks, whom, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Asks {
    /// The connection, by its name.
    pub connection: ConnectionName,
    /// The query.
    pub query: String,
    /// When; `None`: only when somebody says so.
    pub schedule: Option<Schedule>,
}

/// A source as it is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceProposed {
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// The metric that it fills.
    pub metric: MetricId,
    /// What it asks.
    pub asks: Asks,
}

/// Why a source was not made or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceRefused {
    /// A text is missing, too long, or cannot be read.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// The name has nothing a short name could be made of.
    #[error(
        "`{name}` has no letter or digit that a short name could be made of; name the source in other words"
    )]
    NoShortName {
        /// The name.
        name: String,
    },
    /// The short name is taken, also by one that was removed.
    #[error("there is or was a source `{slug}`; name this one otherwise")]
    Taken {
        /// The short name.
        slug: Slug,
    },
    /// The connection cannot be called that.
    #[error(transparent)]
    Connection(#[from] ConnectionRefused),
    /// The schedule cannot be read.
    #[error(transparent)]
    Schedule(#[from] ScheduleRefused),
    /// The query does not read.
    #[error("the query begins with `{word}`; a source only reads, so begin with SELECT or WITH")]
    DoesNotRead {
        /// Its first word.
        word: String,
    },
}

impl Refusal for SourceRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            SourceRefused::Text(text) => text.field(),
            SourceRefused::NoShortName { .. } | SourceRefused::Taken { .. } => Some("name"),
            SourceRefused::Connection(_) => Some("connection"),
            SourceRefused::Schedule(_) => Some("schedule"),
            SourceRefused::DoesNotRead { .. } => Some("query"),
        }
    }
}

/// A source as somebody wrote it.
#[derive(Clone, Copy, Debug)]
pub struct SourceWritten<'a> {
    /// Its name.
    pub name: &'a str,
    /// The name of its connection.
    pub connection: &'a str,
    /// Its query.
    pub query: &'a str,
    /// Its schedule; empty: only when somebody says so.
    pub schedule: &'a str,
}

/// The source, when all of it can be kept.
pub fn propose(written: SourceWritten<'_>, metric: MetricId) -> Result<SourceProposed, SourceRefused> {
    let name = refusal::text(written.name, "name", "the source's name", 80)?;
    let slug = Slug::suggested(&name).ok_or_else(|| SourceRefused::NoShortName { name: name.clone() })?;
    Ok(SourceProposed { slug, name, metric, asks: asks(written)? })
}

/// What a source asks, when it can be kept.
pub fn asks(written: SourceWritten<'_>) -> Result<Asks, SourceRefused> {
    let connection = written.connection.parse()?;
    let query = query(written.query)?;
    let schedule = match written.schedule.trim() {
        "" => None,
        pattern => Some(pattern.parse()?),
    };
    Ok(Asks { connection, query, schedule })
}

/// A query without the semicolons at its end, when it is one that reads.
///
/// That it reads alone is not made sure of here, but by the transaction that it runs in.
fn query(written: &str) -> Result<String, SourceRefused> {
    let query = refusal::text(written, "query", "the query", N_CHARACTERS_OF_QUERY)?;
    let query = query.trim_end_matches(|letter: char| letter == ';' || letter.is_whitespace()).to_owned();
    let begins = after_comments(&query).trim_start_matches(['(', ' ']);
    let word: String = begins.chars().take_while(|letter| letter.is_alphanumeric()).collect();
    if READS.contains(&word.to_lowercase().as_str()) {
        Ok(query)
    } else {
        let word = begins.split_whitespace().next().unwrap_or_default().chars().take(40).collect();
        Err(SourceRefused::DoesNotRead { word })
    }
}

/// A query from its first word on.
fn after_comments(mut query: &str) -> &str {
    loop {
        query = query.trim_start();
        let rest = match query.get(..2) {
            Some("--") => query.split_once('\n').map_or("", |(_, rest)| rest),
            Some("/*") => query.split_once("*/").map_or("", |(_, rest)| rest),
            _ => return query,
        };
        query = rest;
    }
}
