//! The engine's errors in our words.
//!
//! What it says of a query while it plans is about the query, and is passed on. What it says while it computes may hold
//! somebody's value: nothing of that is repeated.

use datafusion::arrow::error::ArrowError;
use datafusion::common::DataFusionError;
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::RunRefused;

use crate::N_BYTES_OF_MEMORY;

/// So much of a sentence is passed on, in characters.
const N_CHARACTERS_SAID: usize = 400;

/// Why a query cannot be carried out, before any of it was.
pub fn planned(error: &DataFusionError) -> RunRefused {
    let said = match error.find_root() {
        DataFusionError::Plan(said) | DataFusionError::NotImplemented(said) => said.clone(),
        DataFusionError::SQL(said, _) => said.to_string(),
        DataFusionError::SchemaError(said, _) => said.to_string(),
        // A constant of the query, computed beforehand.
        DataFusionError::ArrowError(error, _) => return value(error),
        DataFusionError::Execution(_) => return RunRefused::Value { code: "22000".into() },
        DataFusionError::ResourcesExhausted(_) => return too_much_memory(),
        _ => "this cannot be carried out".into(),
    };
    let line = said.lines().next().unwrap_or_default();
    RunRefused::Query { said: line.chars().take(N_CHARACTERS_SAID).collect() }
}

/// Why a query broke off.
pub fn ran(error: &DataFusionError, connection: &ConnectionName) -> RunRefused {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => too_much_memory(),
        DataFusionError::ArrowError(error, _) => value(error),
        DataFusionError::Execution(_) => RunRefused::Value { code: "22000".into() },
        DataFusionError::ObjectStore(_) | DataFusionError::IoError(_) | DataFusionError::ParquetError(_) => {
            RunRefused::NoFolder {
                connection: connection.clone(),
                why: "a file could not be read to its end, here or by a worker".into(),
            }
        }
        _ => RunRefused::Lost(connection.clone()),
    }
}

fn value(error: &ArrowError) -> RunRefused {
    let code = if matches!(error, ArrowError::DivideByZero) { "22012" } else { "22000" };
    RunRefused::Value { code: code.into() }
}

fn too_much_memory() -> RunRefused {
    RunRefused::TooMuchMemory { n_megabytes: N_BYTES_OF_MEMORY >> 20 }
}
