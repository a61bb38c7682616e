//! The files that `--out` writes. All are made before the first is written, so that a fault leaves nothing half done.

use std::path::{Path, PathBuf};

use super::record::EvidenceJson;
use super::{pictures, report};

/// A file to be written: its name and its content.
pub struct File {
    name: String,
    content: String,
}

/// Why files were not written.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be written ({why}); name a folder that you may write to", path.display())]
pub struct NotWritten {
    path: PathBuf,
    why: std::io::Error,
}

/// The record for people and for machines, its pictures, the panel it rests on and the records of its draws (each with
/// its file's name); `json` is the record as text.
pub fn of(panel_csv: String, draws: Vec<(String, String)>, record: &EvidenceJson, json: &str) -> Vec<File> {
    let file = |name: &str, content| File { name: name.to_owned(), content };
    let mut files = vec![
        file("report.html", report::alone(record)),
        file("evidence.json", format!("{json}\n")),
        file("panel.csv", panel_csv),
    ];
    files.extend(draws.into_iter().map(|(name, content)| File { name, content }));
    for (name, picture) in pictures::all(record, None) {
        files.extend(picture.svg().map(|content| file(&format!("{name}.svg"), content)));
    }
    files
}

/// Writes the files into `folder`, which is made if it is not there.
pub fn write(folder: &Path, files: &[File]) -> Result<(), NotWritten> {
    let refuse = |path: &Path| {
        let path = path.to_owned();
        move |why| NotWritten { path, why }
    };
    std::fs::create_dir_all(folder).map_err(refuse(folder))?;
    for file in files {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.content).map_err(refuse(&path))?;
    }
    Ok(())
}
