//! Outcome SQL over folders of CSV and Parquet files, on this machine, on several that share the work, or on a Ballista
//! cluster that exists; and over databases for which there is an ADBC driver.
//!
//! What a source may ask and what its answer must hold is the domain's; when it is asked, and what becomes of the answer,
//! is the program's. Here are the engines between them, each behind a feature: `engine` for files here and on workers,
//! `ballista` for its clusters, `adbc` for drivers. Without them this library reads addresses and refuses, in a sentence
//! that says what the build lacks.
//!
//! It writes nothing, follows no link, and opens no file outside the folder that the connection names. Of a driver this
//! cannot be promised, since it is code of others that runs in this process: whoever names one in the environment vouches
//! for it.

mod driver;
mod engine;
pub mod folder;
mod place;
mod secret;

#[cfg(feature = "adbc")]
mod adbc;
#[cfg(feature = "engine")]
mod asked;
#[cfg(feature = "ballista")]
mod ballista;
#[cfg(any(feature = "adbc", feature = "engine"))]
mod columns;
#[cfg(feature = "engine")]
mod csv_columns;
#[cfg(feature = "engine")]
mod fence;
#[cfg(feature = "engine")]
mod said;
#[cfg(feature = "engine")]
mod session;
#[cfg(feature = "engine")]
mod tables;
#[cfg(feature = "engine")]
mod threads;
#[cfg(feature = "engine")]
pub mod worker;
#[cfg(feature = "engine")]
mod workers;

use jiff::tz::TimeZone;
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::{Answer, Limits, RunRefused};

pub use driver::{Driver, DriverRefused};
pub use engine::{Engine, EngineRefused, Scheduler, Workers};
pub use place::{Place, PlaceRefused};
pub use secret::{Secret, SecretRefused};

#[cfg(feature = "engine")]
pub use asked::columns_of;
#[cfg(any(feature = "adbc", feature = "engine"))]
pub use columns::Columns;

/// So much memory a query may take, in bytes, here and on each worker.
pub const N_BYTES_OF_MEMORY: usize = 1 << 30;

/// A query on a folder, or on a database behind a driver.
#[derive(Clone, Debug)]
pub struct Asked<'a, Of = Place> {
    /// The connection, as refusals name it.
    pub connection: &'a ConnectionName,
    /// Its folder, file or driver.
    pub place: &'a Of,
    /// The query.
    pub query: &'a str,
    /// By which moments become days.
    pub zone: &'a TimeZone,
    /// How much of an answer is taken.
    pub limits: Limits,
}

/// What came of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The answer: in the query's order where it has one, and sorted otherwise, so that the same answer has the same hash.
    pub answer: Answer,
    /// What happened on the way, for whoever looks after the workers; a sentence.
    pub remark: Option<String>,
}

/// Asks a folder; what came, or why nothing can be taken.
#[cfg(feature = "engine")]
pub async fn read(engine: &Engine, asked: Asked<'_>) -> Result<Read, RunRefused> {
    let (columns, remark) = columns_of(engine, asked).await?;
    Ok(Read { answer: columns.answer()?, remark })
}

/// Asks a folder: this build has nothing to ask it with.
#[cfg(not(feature = "engine"))]
pub async fn read(_engine: &Engine, asked: Asked<'_>) -> Result<Read, RunRefused> {
    Err(RunRefused::NoEngine(asked.connection.clone()))
}

/// Asks a database through its driver; what came, or why nothing can be taken.
#[cfg(feature = "adbc")]
pub async fn read_by_driver(asked: Asked<'_, Driver>) -> Result<Read, RunRefused> {
    adbc::ask(asked).await
}

/// Asks a database through its driver: this build loads none.
#[cfg(not(feature = "adbc"))]
pub async fn read_by_driver(asked: Asked<'_, Driver>) -> Result<Read, RunRefused> {
    Err(RunRefused::NoDrivers(asked.connection.clone()))
}
