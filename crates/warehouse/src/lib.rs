//! Outcome SQL over folders of CSV and Parquet files: on this machine, or on several that share the work.
//!
//! What a source may ask and what its answer must hold is the domain's; when it is asked, and what becomes of the answer,
//! is the program's. Here is the engine between them, and all of it is behind the feature `engine`: without it this
//! library reads addresses and refuses, in a sentence that says what the build lacks.
//!
//! It writes nothing, follows no link, and opens no file outside the folder that the connection names.

mod engine;
pub mod folder;
mod place;
mod secret;

#[cfg(feature = "engine")]
mod asked;
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

pub use engine::{Engine, EngineRefused, Workers};
pub use place::{Place, PlaceRefused};
pub use secret::{Secret, SecretRefused};

#[cfg(feature = "engine")]
pub use asked::{Columns, columns_of};

/// So much memory a query may take, in bytes, here and on each worker.
pub const N_BYTES_OF_MEMORY: usize = 1 << 30;

/// A query on a folder.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The connection, as refusals name it.
    pub connection: &'a ConnectionName,
    /// Its folder or file.
    pub place: &'a Place,
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
