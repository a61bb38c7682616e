//! A driver's errors in our words.
//!
//! What a database says of a query before it carries it out is about the query, and is passed on. What is said later may
//! hold somebody's value, and what is said of a connection may hold its secrets: nothing of that is repeated.

use adbc_core::error::{Error, Status};
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::RunRefused;

#[cfg(test)]
mod tests;

/// So much of a sentence is passed on, in characters.
const N_CHARACTERS_SAID: usize = 400;
/// What stands for a status where rows broke off.
const WHILE_ROWS_CAME: &str = "an error while rows came";

/// Why no connection came about.
pub fn not_connected(error: &Error, connection: &ConnectionName) -> RunRefused {
    let message = error.message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let unreachable = |why: &str| RunRefused::Unreachable { connection: connection.clone(), why: why.into() };
    let code = code(error).unwrap_or_default();
    let is_not_let_in = matches!(error.status, Status::Unauthenticated | Status::Unauthorized)
        || code.starts_with("28")
        || says(&["authentication failed", "no password", "access denied"])
        || says(&["role "]) && says(&["does not exist"]);
    if is_not_let_in {
        return RunRefused::NotLetIn(connection.clone());
    }
    if code.starts_with("3D") || says(&["database "]) && says(&["does not exist"]) {
        return RunRefused::NoDatabase(connection.clone());
    }
    match error.status {
        Status::NotImplemented | Status::InvalidArguments | Status::NotFound => RunRefused::Driver {
            connection: connection.clone(),
            why: format!("does not take what it is told after the `?` ({})", word(error.status)),
        },
        _ if says(&["connection refused"]) => unreachable("connection refused"),
        _ if says(&["translate host name", "no such host", "name or service not known"]) => {
            unreachable("its name is not known")
        }
        _ if says(&["timed out", "timeout"]) => unreachable("timed out"),
        _ => unreachable(&format!("its driver could not connect, and calls that {}", word(error.status))),
    }
}

/// Why a query is not carried out.
pub fn prepared(error: &Error, connection: &ConnectionName) -> RunRefused {
    by_code(error, connection).unwrap_or_else(|| said(error))
}

/// Why a query broke off.
pub fn executed(error: &Error, connection: &ConnectionName) -> RunRefused {
    let is_held = error.message.to_lowercase().contains("readonly database");
    match by_code(error, connection) {
        Some(refused) => refused,
        None if is_held => RunRefused::Writes,
        None if error.status == Status::Unauthorized => {
            RunRefused::Query { said: "this user may not read that".into() }
        }
        None => RunRefused::Stumbled { status: word(error.status) },
    }
}

/// Why rows broke off. Of the driver's words, only the code at their end counts.
pub fn broke_off(words: &str, connection: &ConnectionName) -> RunRefused {
    let code: String = match words.rsplit_once("SQLSTATE: ") {
        Some((_, after)) => after.chars().take_while(char::is_ascii_alphanumeric).collect(),
        None => String::new(),
    };
    if code.len() == 5 { told(code, connection) } else { RunRefused::Stumbled { status: WHILE_ROWS_CAME } }
}

/// By the code that the standard gives to errors, where there is one.
fn by_code(error: &Error, connection: &ConnectionName) -> Option<RunRefused> {
    let code = code(error)?;
    // Syntax, names and permissions: the words are about the query, which stands beside them.
    let is_of_query = code.starts_with("42") || code.starts_with("0A");
    Some(if is_of_query { said(error) } else { told(code, connection) })
}

fn told(code: String, connection: &ConnectionName) -> RunRefused {
    match code.get(..2).unwrap_or_default() {
        _ if code == "25006" => RunRefused::Writes,
        "57" | "08" | "53" => RunRefused::Lost(connection.clone()),
        "22" | "23" | "P0" => RunRefused::Value { code },
        _ => RunRefused::Query { said: format!("no, SQLSTATE {code}") },
    }
}

fn said(error: &Error) -> RunRefused {
    let line = error.message.lines().next().unwrap_or_default();
    let line = line.rsplit_once("prepare query: ").map_or(line, |(_, after)| after);
    let line = line.strip_prefix("ERROR:").unwrap_or(line).trim();
    RunRefused::Query { said: line.chars().take(N_CHARACTERS_SAID).collect() }
}

/// The five signs of a code; none where there are only zeros.
fn code(error: &Error) -> Option<String> {
    let code: String =
        error.sqlstate.iter().filter_map(|sign| u8::try_from(*sign).ok()).map(char::from).collect();
    let is_code = code.len() == 5 && code.bytes().all(|sign| sign.is_ascii_alphanumeric()) && code != "00000";
    is_code.then_some(code)
}

/// A status as ADBC calls it.
fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "OK",
        Status::Unknown => "UNKNOWN",
        Status::NotImplemented => "NOT_IMPLEMENTED",
        Status::NotFound => "NOT_FOUND",
        Status::AlreadyExists => "ALREADY_EXISTS",
        Status::InvalidArguments => "INVALID_ARGUMENT",
        Status::InvalidState => "INVALID_STATE",
        Status::InvalidData => "INVALID_DATA",
        Status::Integrity => "INTEGRITY",
        Status::Internal => "INTERNAL",
        Status::IO => "IO",
        Status::Cancelled => "CANCELLED",
        Status::Timeout => "TIMEOUT",
        Status::Unauthenticated => "UNAUTHENTICATED",
        Status::Unauthorized => "UNAUTHORIZED",
    }
}
