//! A driver, loaded, and a connection through it.

use std::io::ErrorKind;
use std::path::Path;

use adbc_core::error::Status;
use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Database, Driver as _};
use adbc_driver_manager::search::DriverLibrary;
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use traction_domain::measure::source::ConnectionName;
use traction_domain::measure::source::answer::RunRefused;

use super::{elf, said};
use crate::driver::Driver;

/// Opens a connection.
pub fn connect(driver: &Driver, connection: &ConnectionName) -> Result<ManagedConnection, RunRefused> {
    let refused = |why: String| RunRefused::Driver { connection: connection.clone(), why };
    let mut loaded = load(driver).map_err(refused)?;
    let options =
        driver.options().map(|(name, value)| (OptionDatabase::from(name), OptionValue::from(value)));
    let connected = loaded.new_database_with_opts(options).and_then(|database| database.new_connection());
    connected.map_err(|error| said::not_connected(&error, connection))
}

/// Loads a driver, of whichever of the two versions of ADBC it is.
fn load(driver: &Driver) -> Result<ManagedDriver, String> {
    let file = driver.file();
    match std::fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err("is not there".into()),
        Err(error) => return Err(format!("cannot be read ({})", error.kind())),
        Ok(of) if !of.is_file() => return Err("is no file".into()),
        Ok(_) => {}
    }
    elf::fit(file)?;
    let entrypoint = driver.entrypoint().map(str::as_bytes);
    for version in [AdbcVersion::V110, AdbcVersion::V100] {
        match ManagedDriver::load_dynamic_from_filename(file, entrypoint, version) {
            Ok(loaded) => return Ok(loaded),
            Err(error) if error.status == Status::NotImplemented => {}
            Err(_) => return Err(why_not(file)),
        }
    }
    Err("speaks another version of ADBC than 1.0 and 1.1".into())
}

/// Why a library is no driver. What the loader says itself names paths.
fn why_not(file: &Path) -> String {
    match DriverLibrary::load_library(file) {
        Err(_) => "cannot be loaded: it is broken, or a library that it needs is not here".into(),
        Ok(_) => "is a library, but no ADBC driver; or its first function has another name, to be given as `entrypoint=`".into(),
    }
}
