//! A database behind an ADBC driver, as a connection's address says it. Looks at no disk and loads nothing.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use percent_encoding::percent_decode_str;

/// A driver file and what it is told: `adbc:/usr/lib/libadbc_driver_sqlite.so?uri=file:/srv/falls.db`.
///
/// A driver is code, so only whoever sets the machine up names one: addresses stand in the environment. It never shows
/// what the driver is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Driver {
    file: PathBuf,
    entrypoint: Option<String>,
    options: Vec<(String, String)>,
}

/// An address that names no driver.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a driver is written as adbc:/usr/lib/libadbc_driver_sqlite.so?uri=file:/srv/falls.db: its file from the root on, and after the `?` what it is told, parted by `&`"
)]
pub struct DriverRefused;

impl Driver {
    /// Before the file.
    pub const SCHEME: &'static str = "adbc:";
    /// What is told to us, not to the driver: the name of the function in the file that begins.
    const ENTRYPOINT: &'static str = "entrypoint";

    /// Its file, from the root on.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The name of the function that begins, where it has another than the usual one.
    pub fn entrypoint(&self) -> Option<&str> {
        self.entrypoint.as_deref()
    }

    /// What it is told, with its secrets.
    pub fn options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Driver").field(&self.file).finish()
    }
}

impl FromStr for Driver {
    type Err = DriverRefused;

    fn from_str(text: &str) -> Result<Driver, DriverRefused> {
        let rest = text.trim().strip_prefix(Driver::SCHEME).ok_or(DriverRefused)?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (file, told) = rest.split_once('?').unwrap_or((rest, ""));
        let file = PathBuf::from(file);
        let climbs = file.components().any(|part| part == Component::ParentDir);
        if !file.is_absolute() || climbs || file.file_name().is_none() {
            return Err(DriverRefused);
        }
        let mut driver = Driver { file, entrypoint: None, options: Vec::new() };
        for part in told.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(DriverRefused)?;
            let (name, value) = (decoded(name)?, decoded(value)?);
            if name == Driver::ENTRYPOINT {
                driver.entrypoint = Some(value);
            } else {
                driver.options.push((name, value));
            }
        }
        Ok(driver)
    }
}

fn decoded(text: &str) -> Result<String, DriverRefused> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| DriverRefused)?.into_owned();
    // Drivers are written in C, where such a sign ends a text.
    if text.is_empty() || text.contains('\0') { Err(DriverRefused) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// File, entry point and options.
    type Says<'a> = (&'a str, Option<&'a str>, &'a [(&'a str, &'a str)]);

    #[track_caller]
    fn check(text: &str, says: Option<Says<'_>>) {
        let found = text.parse::<Driver>();
        let Some((file, entrypoint, options)) = says else {
            assert_eq!(found, Err(DriverRefused), "{text}");
            return;
        };
        let found = found.unwrap();
        assert_eq!((found.file(), found.entrypoint()), (Path::new(file), entrypoint), "{text}");
        assert_eq!(found.options().collect::<Vec<_>>(), options, "{text}");
        assert_eq!(format!("{found:?}"), format!("Driver(\"{file}\")"), "what it is told is not shown");
    }

    #[test]
    fn an_address_names_a_file_and_what_the_driver_is_told() {
        let file = "/usr/lib/libadbc_driver_postgresql.so";
        check(&format!("adbc:{file}"), Some((file, None, &[])));
        check(&format!(" adbc://{file}? "), Some((file, None, &[])));
        check(
            &format!("adbc:{file}?uri=postgresql://u:p%26q@h/d?sslmode=require&adbc.x=1+1&password=a=b"),
            Some((
                file,
                None,
                &[("uri", "postgresql://u:p&q@h/d?sslmode=require"), ("adbc.x", "1+1"), ("password", "a=b")],
            )),
        );
        check(
            "adbc:/opt/libduckdb.so?entrypoint=duckdb_adbc_init&path=/srv/x.db",
            Some(("/opt/libduckdb.so", Some("duckdb_adbc_init"), &[("path", "/srv/x.db")])),
        );
        for text in [
            "adbc:",
            "adbc:/",
            "adbc:lib.so?uri=x",
            "adbc:/usr/../lib.so?uri=x",
            "adbc:/lib.so?uri",
            "adbc:/lib.so?=x",
            "adbc:/lib.so?uri=%00",
            "adbc:/lib.so?uri=%ff",
            "files:///srv/exports",
            "postgres://h/d",
        ] {
            check(text, None);
        }
    }
}
