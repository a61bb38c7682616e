//! How far a query is kept from changing anything. ADBC has no word for it that all drivers know, so each way is tried: one
//! statement that asks, a connection or transaction that only reads, a transaction that is taken back at the end.

use adbc_core::error::{Error, Status};
use adbc_core::options::{OptionConnection, OptionValue};
use adbc_core::{Connection, Optionable, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedStatement};
use jiff::tz::TimeZone;
use traction_domain::measure::source::answer::RunRefused;

#[cfg(test)]
mod tests;

/// How a statement begins that asks.
const ASKS: [&str; 3] = ["SELECT", "WITH", "VALUES"];
/// What makes a transaction or a connection only read, in SQL: the standard's way, and SQLite's.
const READS_ALONE: [&str; 2] = ["SET TRANSACTION READ ONLY", "PRAGMA query_only = ON"];

/// What holds a query back from changing anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The database refuses to change anything, or takes it back.
    ByDatabase,
    /// The rights of the user alone.
    ByRights,
}

impl Held {
    /// What there is to say about it, for whoever looks after the connection.
    pub fn remark(self) -> Option<String> {
        let says = "This driver knows neither transactions nor reading alone: that a query changes nothing rests on the rights of its user.";
        (self == Held::ByRights).then(|| says.to_owned())
    }
}

/// The query, when it is one statement that begins as one does that asks.
pub fn one_that_asks(query: &str) -> Result<&str, RunRefused> {
    let query = query.trim().trim_end_matches(';').trim_end();
    let refused = |said: &str| Err(RunRefused::Query { said: said.into() });
    // Where texts and comments end differs between databases, so a sign that would part statements stands nowhere.
    if query.contains(';') {
        return refused("one statement at a time, and no `;` in texts or comments");
    }
    let first: String = without_comments(query)
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_uppercase();
    if ASKS.contains(&first.as_str()) { Ok(query) } else { refused("begin with SELECT or WITH") }
}

/// What follows after comments and brackets at the beginning.
fn without_comments(query: &str) -> &str {
    let mut rest = query.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '(');
    loop {
        let after = if rest.starts_with("--") {
            rest.split_once('\n').map_or("", |(_, after)| after)
        } else if rest.starts_with("/*") {
            rest.split_once("*/").map_or("", |(_, after)| after)
        } else {
            return rest;
        };
        rest = after.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '(');
    }
}

/// Holds a connection as far as its driver lets itself be held, and sets by which zone moments become days.
pub fn hold(connection: &mut ManagedConnection, zone: &TimeZone) -> Held {
    let set = |connection: &mut ManagedConnection, option, value: &str| {
        connection.set_option(option, OptionValue::from(value)).is_ok()
    };
    let reads_alone = set(connection, OptionConnection::ReadOnly, "true");
    let goes_back = set(connection, OptionConnection::AutoCommit, "false");
    let by_word =
        if reads_alone { None } else { READS_ALONE.into_iter().find(|words| says(connection, words)) };
    // A name of a zone has letters, `/`, `_`, `-` and `+`, and never a quote.
    let zone = zone.iana_name().filter(|name| !name.contains('\''));
    if let Some(zone) = zone
        && !says(connection, &format!("SET TIME ZONE '{zone}'"))
        && let Some(words) = by_word
    {
        // A statement that failed may have ended the transaction that was to read alone.
        says(connection, words);
    }
    if reads_alone || goes_back || by_word.is_some() { Held::ByDatabase } else { Held::ByRights }
}

/// Whether a statement without an answer goes through; after one that does not, the next begins anew.
fn says(connection: &mut ManagedConnection, words: &str) -> bool {
    let said = connection.new_statement().and_then(|mut statement| {
        statement.set_sql_query(words)?;
        statement.execute_update()
    });
    if said.is_err() {
        let _ = connection.rollback();
    }
    said.is_ok()
}

/// Has the database read the query before it carries it out, where its driver can.
pub fn prepare(statement: &mut ManagedStatement) -> Result<(), Error> {
    match statement.prepare() {
        Err(error) if error.status == Status::NotImplemented => Ok(()),
        prepared => prepared,
    }
}
