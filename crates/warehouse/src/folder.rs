//! Which tables a folder holds: each CSV or Parquet file is one by its name, and so is each folder of equal files.
//!
//! Looks at names and kinds alone. No link is followed: what a link points at may lie anywhere.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::place::Place;

#[cfg(test)]
mod tests;

/// So many files a folder may have, with those of the folders in it.
const N_FILES: usize = 20_000;
/// So many names are told where one is not there.
const N_NAMES_TOLD: usize = 10;

/// How a table is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, with a header.
    Csv,
    /// Parquet.
    Parquet,
}

/// A table: one file, or several of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// How its files are written.
    pub kind: Kind,
    /// Its files, from the root on, sorted.
    pub files: Vec<PathBuf>,
}

/// What a place holds.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is, without links.
    pub root: PathBuf,
    /// By their names in small letters; what cannot be a table, with the reason.
    found: BTreeMap<String, Result<Table, String>>,
}

impl Folder {
    /// Looks at a place.
    pub fn look(place: &Place) -> io::Result<Folder> {
        let root = fs::canonicalize(place.path())?;
        let mut folder = Folder { root: root.clone(), found: BTreeMap::new() };
        if !fs::metadata(&root)?.is_dir() {
            let kind =
                kind(&root).ok_or_else(|| wrong("it is neither a folder, a .csv nor a .parquet file"))?;
            folder.add(&root, Ok(Table { kind, files: vec![root.clone()] }));
            return Ok(folder);
        }
        let mut n_files = 0;
        for path in entries(&root)? {
            let of = fs::symlink_metadata(&path)?;
            let found = if of.is_symlink() {
                Err("it is a link, and links are not followed; put the file itself there".into())
            } else if of.is_dir() {
                within(&path)?
            } else {
                let Some(kind) = kind(&path).filter(|_| of.is_file()) else { continue };
                Ok(Table { kind, files: vec![path.clone()] })
            };
            n_files += found.as_ref().map_or(0, |table| table.files.len());
            if n_files > N_FILES {
                return Err(wrong(&format!("it holds more than {N_FILES} files")));
            }
            folder.add(&path, found);
        }
        Ok(folder)
    }

    /// The table of a name, or why there is none.
    pub fn table(&self, name: &str) -> Result<&Table, String> {
        match self.found.get(&name.to_lowercase()) {
            Some(found) => found.as_ref().map_err(Clone::clone),
            None => Err(self.none()),
        }
    }

    fn none(&self) -> String {
        let mut names: Vec<String> =
            self.found.keys().take(N_NAMES_TOLD).map(|name| format!("`{name}`")).collect();
        if self.found.len() > N_NAMES_TOLD {
            names.push(format!("and {} more", self.found.len() - N_NAMES_TOLD));
        }
        let there = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        format!("no CSV or Parquet file and no folder is called so; there is {there}")
    }

    fn add(&mut self, path: &Path, found: Result<Table, String>) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let before = self.found.remove(&name);
        let found = if before.is_some() {
            Err("several files or folders are called so; rename all but one".into())
        } else {
            found
        };
        self.found.insert(name, found);
    }
}

/// The table that a folder in the folder is.
fn within(folder: &Path) -> io::Result<Result<Table, String>> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut of_all = None;
    for path in entries(folder)? {
        let of = fs::symlink_metadata(&path)?;
        if of.is_symlink() {
            return Ok(Err(
                "its folder holds a link, and links are not followed; put the file itself there".into()
            ));
        }
        if of.is_dir() {
            return Ok(Err("its folder holds another folder; a table is one folder of files".into()));
        }
        let Some(kind) = kind(&path).filter(|_| of.is_file()) else { continue };
        if *of_all.get_or_insert(kind) != kind {
            return Ok(Err("its folder holds CSV and Parquet files; the files of a table are equal".into()));
        }
        files.push(path);
    }
    let none = "its folder holds no CSV or Parquet file".to_owned();
    Ok(of_all.map(|kind| Table { kind, files }).ok_or(none))
}

/// What lies in a folder, sorted; names that begin with a dot or an underscore are other programs' own.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(['.', '_']) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn kind(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()?.to_lowercase().as_str() {
        "csv" => Some(Kind::Csv),
        "parquet" => Some(Kind::Parquet),
        _ => None,
    }
}

fn wrong(says: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, says)
}
