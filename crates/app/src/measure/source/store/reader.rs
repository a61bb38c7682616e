//! Asking a database of the PostgreSQL protocol: one query, in a transaction that only reads, within limits.
//!
//! Here is the seam for other engines: whatever reads a connection of another kind takes the same three things (a
//! connection's name and address, the query, the limits) and gives the same answer or refusal.
//!
//! No error of the driver leaves this file in its own words where these could hold a secret or somebody's value.

use std::str::FromStr;
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::tz::TimeZone;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, SqlSafeStr, Statement};
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::{Answer, Limits, RunRefused, columns};

/// How long a connection may take to come about.
const TO_CONNECT: Duration = Duration::from_secs(10);
/// How long after the query's own time the whole is given up, whatever the other side does.
const BEYOND: Duration = Duration::from_secs(15);

/// Asks `query` at `address`; the rows as text, in the order in which they come. Moments become days by `zone`: the driver
/// would have them in UTC, whatever the database itself is set to.
pub async fn read(
    name: &ConnectionName,
    address: &str,
    query: &str,
    zone: &TimeZone,
    limits: Limits,
) -> Result<Answer, RunRefused> {
    if !address.starts_with("postgres://") && !address.starts_with("postgresql://") {
        return Err(RunRefused::OtherKind(name.clone()));
    }
    let options = PgConnectOptions::from_str(address).map_err(|_| RunRefused::OtherKind(name.clone()))?;
    let options = options.application_name("traction").disable_statement_logging();
    let connecting = tokio::time::timeout(TO_CONNECT, PgConnection::connect_with(&options)).await;
    let no_answer = |_| RunRefused::Unreachable {
        connection: name.clone(),
        why: format!("nothing came back within {} s", TO_CONNECT.as_secs()),
    };
    let mut connection = connecting.map_err(no_answer)?.map_err(|error| not_connected(name, &error))?;
    let whole = Duration::from_secs(limits.n_seconds) + BEYOND;
    let asked = tokio::time::timeout(whole, ask(&mut connection, query, zone, limits)).await;
    let asked = match asked {
        Err(_) => Err(RunRefused::TooSlow { n_seconds: limits.n_seconds }),
        Ok(Err(Trouble::Refused(refused))) => Err(refused),
        Ok(Err(Trouble::Driver(error))) => Err(not_answered(name, &error, limits)),
        Ok(Ok(answer)) => Ok(answer),
    };
    // What was read is here; how the other side takes the farewell is its own affair.
    let _ = tokio::time::timeout(Duration::from_secs(2), connection.close()).await;
    asked
}

enum Trouble {
    Refused(RunRefused),
    Driver(sqlx::Error),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Trouble {
        Trouble::Driver(error)
    }
}

impl From<RunRefused> for Trouble {
    fn from(refused: RunRefused) -> Trouble {
        Trouble::Refused(refused)
    }
}

async fn ask(
    connection: &mut PgConnection,
    query: &str,
    zone: &TimeZone,
    limits: Limits,
) -> Result<Answer, Trouble> {
    sqlx::raw_sql("BEGIN READ ONLY").execute(&mut *connection).await?;
    let zone = zone.iana_name().unwrap_or("UTC");
    sqlx::query("SELECT set_config('TimeZone', $1, true)").bind(zone).execute(&mut *connection).await?;
    let n_milliseconds = limits.n_seconds * 1_000;
    let limit = format!("SET LOCAL statement_timeout = {n_milliseconds}");
    sqlx::raw_sql(AssertSqlSafe(limit)).execute(&mut *connection).await?;
    // Prepared as it stands: the server takes one statement and no more. What it would give is known before any of it
    // is asked for, so that a column that has no place here never travels.
    let prepared = (&mut *connection).prepare(AssertSqlSafe(query.to_owned()).into_sql_str()).await?;
    let header: Vec<String> = prepared.columns().iter().map(|column| column.name().to_owned()).collect();
    drop(prepared);
    columns(&header)?;
    let as_text: Vec<String> = header.iter().map(|name| format!("r.\"{name}\"::text")).collect();
    let wrapped =
        format!("SELECT {} FROM (\n{query}\n) AS r LIMIT {}", as_text.join(", "), limits.n_rows + 1);
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let mut n_bytes = 0;
    let mut coming = sqlx::query(AssertSqlSafe(wrapped)).persistent(false).fetch(&mut *connection);
    while let Some(row) = coming.try_next().await? {
        if rows.len() == limits.n_rows {
            return Err(RunRefused::TooManyRows { n_rows: limits.n_rows }.into());
        }
        let mut cells = Vec::with_capacity(header.len());
        for at in 0..header.len() {
            let cell = row.try_get::<Option<String>, _>(at)?.unwrap_or_default();
            n_bytes += cell.len();
            cells.push(cell);
        }
        if n_bytes > limits.n_bytes {
            return Err(RunRefused::TooLarge { n_megabytes: limits.n_bytes >> 20 }.into());
        }
        rows.push((rows.len() as u64 + 1, cells));
    }
    if rows.is_empty() {
        return Err(RunRefused::NoRows.into());
    }
    Ok(Answer { header, rows })
}

/// Why no connection came about.
fn not_connected(name: &ConnectionName, error: &sqlx::Error) -> RunRefused {
    let unreachable = |why: String| RunRefused::Unreachable { connection: name.clone(), why };
    match error {
        sqlx::Error::Database(said) => match said.code().as_deref() {
            Some("28000" | "28P01") => RunRefused::NotLetIn(name.clone()),
            Some("3D000") => RunRefused::NoDatabase(name.clone()),
            Some("53300") => unreachable("it takes no more connections".into()),
            Some("57P03") => unreachable("it is starting or stopping".into()),
            code => unreachable(format!("it refuses, SQLSTATE {}", code.unwrap_or("unknown"))),
        },
        sqlx::Error::Io(error) => unreachable(in_words(error)),
        sqlx::Error::Tls(_) => unreachable("no encrypted connection could be agreed on".into()),
        sqlx::Error::Configuration(_) => RunRefused::OtherKind(name.clone()),
        _ => unreachable("it does not speak as PostgreSQL does".into()),
    }
}

fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "connection refused".into(),
        std::io::ErrorKind::TimedOut => "timed out".into(),
        std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof => "it hung up".into(),
        _ if error.to_string().contains("lookup") => "its name is not known".into(),
        kind => kind.to_string(),
    }
}

/// Why no answer came, of a connection that stood.
fn not_answered(name: &ConnectionName, error: &sqlx::Error, limits: Limits) -> RunRefused {
    let sqlx::Error::Database(said) = error else {
        return match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                RunRefused::Query { said: "a column could not be written as text".into() }
            }
            _ => RunRefused::Lost(name.clone()),
        };
    };
    let code = said.code().unwrap_or_default().into_owned();
    match code.get(..2).unwrap_or_default() {
        _ if code == "57014" => RunRefused::TooSlow { n_seconds: limits.n_seconds },
        _ if code == "25006" => RunRefused::Writes,
        "57" | "08" => RunRefused::Lost(name.clone()),
        // Syntax, names and permissions: the words are about the query, which stands beside them.
        "42" | "0A" => RunRefused::Query { said: said.message().to_owned() },
        "22" | "23" | "P0" => RunRefused::Value { code },
        _ => RunRefused::Query { said: format!("no, SQLSTATE {code}") },
    }
}
