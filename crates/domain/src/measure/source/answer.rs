//! What a source's answer must hold: a unit, a period, and what was measured, and no other column.
//!
//! A column that nobody asked for is refused by its name: a person's, above all, has no place to go.

use crate::measure::outcome::columns::{Columns, ColumnsRefused, Matching, Part};
use crate::measure::outcome::reading::Bad;
use crate::measure::source::ConnectionName;
use crate::measure::source::tries::Ended;
use crate::org::slug::Slug;
use crate::refusal::Refusal;
use crate::words::counted;

/// How much of an answer is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows.
    pub n_rows: usize,
    /// Bytes of text.
    pub n_bytes: usize,
    /// How long the query may take, in seconds.
    pub n_seconds: u64,
}

impl Limits {
    /// What a source may bring at once.
    pub const OF_A_RUN: Limits = Limits { n_rows: 200_000, n_bytes: 32 << 20, n_seconds: 60 };
}

/// What came of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The names of its columns.
    pub header: Vec<String>,
    /// Its rows as text, each numbered from 1.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Why a run took nothing. Each sentence says what the administrator can do; none holds an address or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunRefused {
    /// The environment has no such connection.
    #[error(
        "this server has no connection `{0}`; set TRACTION_SOURCE_{0} in its environment to a postgres:// address, a files:// folder or an adbc: driver, and start it again"
    )]
    NoConnection(ConnectionName),
    /// It is of a kind that is not read here.
    #[error(
        "the connection `{0}` is neither a PostgreSQL address nor a folder nor a driver; write postgres://USER:PASSWORD@HOST/NAME, files:///FOLDER or adbc:/DRIVER.so?uri=ADDRESS into TRACTION_SOURCE_{0}"
    )]
    OtherKind(ConnectionName),
    /// It is a folder, and this build has no engine that reads files.
    #[error(
        "the connection `{0}` is a folder of files, which this build of Traction does not read; build it once more with `--features warehouse`, and start that"
    )]
    NoEngine(ConnectionName),
    /// It goes by a driver, and this build loads none.
    #[error(
        "the connection `{0}` goes by an ADBC driver, which this build of Traction does not load; build it once more with `--features warehouse`, and start that"
    )]
    NoDrivers(ConnectionName),
    /// Its driver cannot be used.
    #[error("the driver of `{connection}` {why}; check TRACTION_SOURCE_{connection}")]
    Driver {
        /// The connection.
        connection: ConnectionName,
        /// What is wrong with it; no path, and nothing of what it is told.
        why: String,
    },
    /// Nobody can say which engine is meant.
    #[error("TRACTION_WAREHOUSE {why}")]
    Engine {
        /// What is wrong with it.
        why: String,
    },
    /// Its folder or file cannot be read.
    #[error(
        "the folder of `{connection}` cannot be read ({why}); check TRACTION_SOURCE_{connection} and what this server may read"
    )]
    NoFolder {
        /// The connection.
        connection: ConnectionName,
        /// What was in the way.
        why: String,
    },
    /// A file or folder that the query names cannot be read as a table.
    #[error("the table `{table}` cannot be read: {why}")]
    Table {
        /// The table, as the query names it.
        table: String,
        /// What is wrong with it; of its contents, line numbers and names of columns alone.
        why: String,
    },
    /// Nobody answers there.
    #[error(
        "the database of `{connection}` does not answer ({why}); check that it runs, and that this server may reach it"
    )]
    Unreachable {
        /// The connection.
        connection: ConnectionName,
        /// What was in the way.
        why: String,
    },
    /// It does not know the user, or not with this password.
    #[error(
        "the database of `{0}` does not let this user in; check user and password in TRACTION_SOURCE_{0}"
    )]
    NotLetIn(ConnectionName),
    /// There is no such database.
    #[error(
        "the server of `{0}` runs, but has no such database; check the name at the end of TRACTION_SOURCE_{0}"
    )]
    NoDatabase(ConnectionName),
    /// It took too long.
    #[error("the query took longer than {}; ask for fewer rows or periods, or for a table that is made beforehand", counted(*n_seconds, "second", "seconds"))]
    TooSlow {
        /// How long it may take.
        n_seconds: u64,
    },
    /// The connection was lost.
    #[error("the connection to `{0}` was lost while the answer came; it is tried again")]
    Lost(ConnectionName),
    /// It tried to change something.
    #[error("the query would change something there; a source only reads")]
    Writes,
    /// The database says no.
    #[error("the database says: {said}")]
    Query {
        /// Its words.
        said: String,
    },
    /// It stumbled over a value, which is not repeated: nobody knows whose it is.
    #[error(
        "the database stumbled over a value while it computed the answer (SQLSTATE {code}); a cast or a division, most likely: look at the query"
    )]
    Value {
        /// The code of its error.
        code: String,
    },
    /// It broke off in words that may hold a value, and without a code that says more.
    #[error(
        "the database broke off while it computed the answer, and says why in words that may hold somebody's value, so they are not repeated (its driver calls it {status}); run the query yourself"
    )]
    Stumbled {
        /// What its driver calls it.
        status: &'static str,
    },
    /// Too many rows.
    #[error("the answer has more than {n_rows} rows; ask for fewer periods, as with WHERE period >= ...")]
    TooManyRows {
        /// How many are taken at once.
        n_rows: usize,
    },
    /// Too much text.
    #[error("the answer is larger than {n_megabytes} MB; ask for fewer periods, as with WHERE period >= ...")]
    TooLarge {
        /// How much is taken at once.
        n_megabytes: usize,
    },
    /// Too much to hold at once.
    #[error(
        "the query needs more than {n_megabytes} MB of memory; ask for fewer rows or periods, or group by less"
    )]
    TooMuchMemory {
        /// How much it may take.
        n_megabytes: usize,
    },
    /// No worker answers.
    #[error(
        "none of the {n_workers} workers in TRACTION_WAREHOUSE answers; start them with `traction warehouse worker`, and check that this server may reach them"
    )]
    NoWorkers {
        /// How many there are.
        n_workers: usize,
    },
    /// A worker takes no work from here.
    #[error("worker {nth} in TRACTION_WAREHOUSE {why}")]
    Worker {
        /// Which, from 1.
        nth: usize,
        /// Why it does not.
        why: String,
    },
    /// No scheduler of a cluster answers.
    #[error(
        "the Ballista scheduler in TRACTION_WAREHOUSE does not answer; check that it runs, and that this server may reach it"
    )]
    NoScheduler,
    /// A cluster carries out nothing from here, or not this.
    #[error("the Ballista cluster in TRACTION_WAREHOUSE {0}")]
    Cluster(String),
    /// Not a row.
    #[error("the answer has no rows; look at the query's conditions")]
    NoRows,
    /// Nothing was observed in any row.
    #[error("the answer has rows, but a value in none of them")]
    NothingObserved,
    /// A column that has no place.
    #[error(
        "the query gives a column `{column}`, which is none of unit, period, value, numerator, denominator; select these and nothing else, so that nothing about persons comes along"
    )]
    UnknownColumn {
        /// Its name.
        column: String,
    },
    /// A column twice.
    #[error("the query gives two columns `{column}`; name one of them otherwise, or leave it out")]
    ColumnTwice {
        /// Its name.
        column: String,
    },
    /// Columns are missing.
    #[error(
        "the query gives {}; it must give unit, period, and value or numerator and denominator",
        given(present)
    )]
    ColumnsMissing {
        /// Those that are there.
        present: Vec<String>,
    },
    /// Rows that cannot be taken. What stands in them is not repeated: nobody knows whose it is.
    #[error(
        "{n_bad} of {n_rows} rows cannot be taken, so none was: {first}; run the query yourself to see these rows"
    )]
    Rows {
        /// How many cannot.
        n_bad: usize,
        /// Of how many.
        n_rows: usize,
        /// The first of them, with their reasons.
        first: String,
    },
    /// Another source gives the same units and periods.
    #[error(
        "{} already by the source `{other}`, with other values, so nothing was taken: each unit and period has one source, the one that gave it first; leave these rows out of this query, or remove the other source",
        counted(*n, "unit and period is given", "units and periods are given")
    )]
    Anothers {
        /// How many units and periods.
        n: usize,
        /// The short name of the source that gave the first of them before.
        other: Slug,
    },
    /// Nothing was heard of it.
    #[error("the server was stopped while the run was under way; nothing of it was kept")]
    BrokenOff,
}

impl Refusal for RunRefused {}

impl RunRefused {
    /// How a run ended that was refused so: whether another time it may go through by itself.
    pub fn ended(&self) -> Ended {
        match self {
            RunRefused::Unreachable { .. }
            | RunRefused::NoFolder { .. }
            | RunRefused::NoWorkers { .. }
            | RunRefused::NoScheduler
            | RunRefused::TooSlow { .. }
            | RunRefused::Lost(_)
            | RunRefused::BrokenOff => Ended::NothingCame,
            _ => Ended::Refused,
        }
    }
}

/// A refusal names so many rows.
const N_ROWS_NAMED: usize = 5;

/// The refusal of rows that cannot be taken, by their numbers, columns and flaws alone.
pub fn rows_refused(bad: &[Bad], n_rows: usize) -> RunRefused {
    let named = |bad: &Bad| format!("row {}, column `{}`: {}", bad.line, bad.column, bad.flaw);
    let mut first: Vec<String> = bad.iter().take(N_ROWS_NAMED).map(named).collect();
    if bad.len() > N_ROWS_NAMED {
        first.push(format!("and {}", counted(bad.len() - N_ROWS_NAMED, "further row", "further rows")));
    }
    RunRefused::Rows { n_bad: bad.len(), n_rows, first: first.join("; ") }
}

fn given(present: &[String]) -> String {
    let names: Vec<String> = present.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "no columns".into() } else { names.join(", ") }
}

/// The columns of an answer, when they are those that were asked for.
pub fn columns(header: &[String]) -> Result<Columns, RunRefused> {
    for (place, name) in header.iter().enumerate() {
        if !Part::ALL.iter().any(|part| part.word() == name) {
            return Err(RunRefused::UnknownColumn { column: name.clone() });
        }
        if header[..place].contains(name) {
            return Err(RunRefused::ColumnTwice { column: name.clone() });
        }
    }
    Matching::by_word(header).settled(header).map_err(|refused| match refused {
        ColumnsRefused::Missing { .. }
        | ColumnsRefused::NothingMeasured
        | ColumnsRefused::Half
        | ColumnsRefused::Twice { .. } => RunRefused::ColumnsMissing { present: header.to_vec() },
    })
}
