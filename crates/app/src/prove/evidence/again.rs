//! `traction prove again FOLDER`: a record made once more from the files beside it, and held against what it says.

#[cfg(test)]
mod tests;

use std::path::Path;

use clap::Parser;
use sha2::{Digest, Sha256};
use traction_domain::prove::{self as rules, DrawnWave, Material};
use traction_stats::panel::Period;

use super::arguments::Made;
use super::commands::{bytes, explore, parts, records, written};
use super::options::ProveOptions;
use super::panel_csv::{Beside, Headings};
use super::record::{EvidenceJson, SettingsJson};
use crate::commands::{Done, Output, Stop, print_text};

/// The arguments by themselves, as a record keeps them.
#[derive(Debug, Parser)]
#[command(no_binary_name = true)]
struct Kept {
    #[command(flatten)]
    options: ProveOptions,
}

/// Makes the record in `folder` again, and says whether it is the same to the last byte.
pub fn run(folder: &Path, output: Output) -> Result<Done, Stop> {
    let file = folder.join("evidence.json");
    let named = |why: &dyn std::fmt::Display| Stop::Input(format!("in `{}`: {why}", file.display()));
    let kept = bytes(&file)?;
    let kept = std::str::from_utf8(&kept).map_err(|_| named(&"it is not UTF-8, so it is no record"))?;
    let then: EvidenceJson =
        serde_json::from_str(kept).map_err(|why| named(&format_args!("it is no evidence record: {why}")))?;
    let settings = then.settings.as_ref();
    let settings = settings.ok_or_else(|| {
        named(&"it does not say what it was made with, as records of earlier versions do not; make a new one")
    })?;
    let again = again(folder, &then, settings)?;
    let again = written(&again)?;
    let differs = again.lines().zip(kept.trim_end().lines()).position(|(ours, theirs)| ours != theirs);
    let holds = again == kept.trim_end();
    match output {
        Output::Json => print_text(&serde_json::json!({ "holds": holds }).to_string()),
        Output::Table if holds => print_text(
            "The record holds: made again from panel.csv with its own settings, it is the same to the last byte.",
        ),
        Output::Table => {
            let line = differs.map_or_else(|| again.lines().count(), |line| line + 1);
            let other = if then.traction == again_version() {
                String::new()
            } else {
                format!(" It was made with Traction {}; this is {}.", then.traction, again_version())
            };
            print_text(&format!(
                "The record does not hold: made again it differs from line {line} on.{other}"
            ));
        }
    }
    if holds { Ok(Done) } else { Err(Stop::No) }
}

fn again_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

fn again(folder: &Path, then: &EvidenceJson, settings: &SettingsJson) -> Result<EvidenceJson, Stop> {
    let file = folder.join("panel.csv");
    let panel_bytes = bytes(&file)?;
    let panel_sha256 = hex::encode(Sha256::digest(&panel_bytes));
    if settings.panel_sha256.as_ref().is_some_and(|kept| *kept != panel_sha256) {
        let why =
            "its SHA-256 is not the one that the record names; it was changed, or belongs to another record";
        return Err(Stop::Input(format!("in `{}`: {why}", file.display())));
    }
    let words = [file.display().to_string()].into_iter().chain(settings.arguments.iter().cloned());
    let mut options = Kept::try_parse_from(words)
        .map_err(|why| Stop::Input(format!("the record's own settings cannot be read: {why}")))?
        .options;
    options.draw.iter_mut().for_each(|(_, draw)| *draw = folder.join(&draw));
    let (wish, question) = (options.wish(), options.question());
    let named = |why: &dyn std::fmt::Display| Stop::Input(format!("in `{}`: {why}", file.display()));
    let (panel, also) = options.panels(&panel_bytes[..]).map_err(|why| named(&why))?;
    let labels = options.labels(&panel_bytes).map_err(|why| named(&why))?;
    let parts = parts(&panel, &labels).map_err(|why| named(&why))?;
    let (uses, shown) = (options.uses(&panel_bytes)?, options.shown());
    let records = records(&options)?;
    let draws: Vec<DrawnWave<'_>> =
        records.iter().map(|(at, drawn)| DrawnWave { at: *at, record: &drawn.record }).collect();
    let material = |panel, used| Material { panel, draws: &draws, shown: shown.as_deref(), used };
    let mut evidence = rules::prove(&material(&panel, uses.as_ref()), &then.data.sha256, &wish, &question);
    explore(&mut evidence, &also, &parts, |panel| material(panel, None));
    let mut record = EvidenceJson::of(&evidence, &question);
    settings.put_back(&mut record, then);
    let files: Vec<(Period, String)> = options
        .draw
        .iter()
        .map(|(at, file)| {
            (*at, file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
        })
        .collect();
    let made = Made {
        headings: &Headings::of(&panel, &Beside { used: uses.as_ref(), also: &also, labels: &labels }),
        wish: &wish,
        question: &question,
        draws: &files,
        shown: shown.as_deref(),
    };
    record.settings = Some(SettingsJson {
        arguments: made.arguments(),
        panel_sha256: settings.panel_sha256.as_ref().map(|_| panel_sha256),
        ..settings.clone()
    });
    Ok(record)
}
