//! The files that `--out` writes. All are made before the first is written, so that a fault leaves nothing half done.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use traction_stats::panel::{Panel, Period};

use super::record::EvidenceJson;
use super::{pictures, report};

/// A file to be written: its name and its content.
pub struct File {
    name: &'static str,
    content: String,
}

/// Why files were not written.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be written ({why}); name a folder that you may write to", path.display())]
pub struct NotWritten {
    path: PathBuf,
    why: std::io::Error,
}

/// The record for people and for machines, its picture, and the panel it rests on; `json` is the record as text.
pub fn of(panel_csv: String, record: &EvidenceJson, json: &str) -> Vec<File> {
    let mut files = vec![
        File { name: "report.html", content: report::alone(record) },
        File { name: "evidence.json", content: format!("{json}\n") },
        File { name: "panel.csv", content: panel_csv },
    ];
    let svg = pictures::event_study(record, None).and_then(|chart| chart.svg());
    files.extend(svg.map(|content| File { name: "event-study.svg", content }));
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
        let path = folder.join(file.name);
        std::fs::write(&path, &file.content).map_err(refuse(&path))?;
    }
    Ok(())
}

/// The panel as it was analysed: one row per unit and period, numbers at full precision.
pub fn panel_csv(panel: &Panel) -> String {
    let mut start = vec![None::<Period>; panel.units().len()];
    for cohort in panel.cohorts() {
        cohort.units.iter().for_each(|&unit| start[unit] = Some(cohort.start));
    }
    let mut csv = String::from("unit,period,outcome,start\n");
    for (unit, label) in panel.units().iter().enumerate() {
        let start = start[unit].map(|start| start.to_string()).unwrap_or_default();
        for (place, period) in panel.periods().iter().enumerate() {
            if let Some(outcome) = panel.outcome(unit, place) {
                // Writing to a string cannot fail.
                let _ = writeln!(csv, "{},{period},{outcome},{start}", quoted(label));
            }
        }
    }
    csv
}

/// A label as CSV holds it.
fn quoted(label: &str) -> String {
    if label.contains([',', '"', '\n', '\r', ';', '\t']) {
        format!("\"{}\"", label.replace('"', "\"\""))
    } else {
        label.to_owned()
    }
}
