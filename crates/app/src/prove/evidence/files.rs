//! The files of a record, as `--out` writes them and pages hand them out. All are made before the first is written, so
//! that a fault leaves nothing half done.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub use super::pictures::NAMES as PICTURES;
use super::record::EvidenceJson;
use super::{pictures, report};
use crate::trouble::Broken;

/// The record for programs.
pub const RECORD: &str = "evidence.json";
/// The record for people.
pub const REPORT: &str = "report.html";
/// The panel it rests on.
pub const PANEL: &str = "panel.csv";

/// The files of a record: their names and what they hold.
pub struct Files(Vec<(String, String)>);

/// Why files were not written.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be written ({why}); name a folder that you may write to", path.display())]
pub struct NotWritten {
    path: PathBuf,
    why: std::io::Error,
}

/// The record as a file: its last line ends.
pub fn record(json: &str) -> String {
    format!("{json}\n")
}

impl Files {
    /// The record for people and for machines, its pictures, the panel it rests on and the records of its draws (each
    /// with its file's name).
    ///
    /// - `json`: the record as text. Report and pictures are made from what it says, as they are wherever it is read: a
    ///   number may be another in its last digit after it was written and read.
    pub fn of(panel_csv: String, draws: Vec<(String, String)>, json: &str) -> Result<Self, Broken> {
        let evidence: EvidenceJson =
            serde_json::from_str(json).map_err(|why| Broken::accident("reading an evidence record", why))?;
        let mut files = vec![
            (REPORT.to_owned(), report::alone(&evidence)),
            (RECORD.to_owned(), record(json)),
            (PANEL.to_owned(), panel_csv),
        ];
        files.extend(draws);
        for (name, picture) in pictures::all(&evidence, None) {
            files.extend(picture.svg().map(|content| (format!("{name}.svg"), content)));
        }
        Ok(Files(files))
    }

    /// Each with its name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, content)| (name.as_str(), content.as_str()))
    }

    /// Writes them into `folder`, which is made if it is not there. A folder holds one record: pictures that another
    /// left there, and this one has not, are taken away.
    pub fn write(&self, folder: &Path) -> Result<(), NotWritten> {
        let refuse = |path: &Path| {
            let path = path.to_owned();
            move |why| NotWritten { path, why }
        };
        std::fs::create_dir_all(folder).map_err(refuse(folder))?;
        for name in PICTURES.iter().map(|name| format!("{name}.svg")) {
            let path = folder.join(&name);
            match std::fs::remove_file(&path) {
                Err(why) if why.kind() != ErrorKind::NotFound => return Err(refuse(&path)(why)),
                _ => {}
            }
        }
        for (name, content) in self.all() {
            let path = folder.join(name);
            std::fs::write(&path, content).map_err(refuse(&path))?;
        }
        Ok(())
    }
}
