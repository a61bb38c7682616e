//! `traction prove again FOLDER`: a record made once more from the files beside it, and every file of it held against
//! what it would be.

mod held;
#[cfg(test)]
mod tests;

use std::path::Path;

use clap::Parser;
use sha2::{Digest, Sha256};
use traction_domain::prove::{self as rules, Before, DrawnWave, Material};
use traction_stats::panel::Period;

use self::held::Held;
use super::arguments::{Made, is_from_before_baselines};
use super::commands::{bytes, explore, parts, records, written};
use super::files::{self, Files};
use super::options::ProveOptions;
use super::panel_csv::{self, Beside, Headings};
use super::record::{DrawJson, EvidenceJson, SettingsJson};
use crate::commands::{Done, Output, Stop, print_text};

/// The arguments by themselves, as a record keeps them.
#[derive(Debug, Parser)]
#[command(no_binary_name = true)]
struct Kept {
    #[command(flatten)]
    options: ProveOptions,
}

/// Makes the record in `folder` again, and says of each of its files whether it is the same to the last byte.
pub fn run(folder: &Path, output: Output) -> Result<Done, Stop> {
    let then = Then::read(folder)?;
    let held = match then.changed()? {
        Some(file) => Held::on_changed(file),
        None => Held::of(folder, &then.again()?, &then.record)?,
    };
    match output {
        Output::Json => print_text(&held.json().to_string()),
        Output::Table => print_text(&held.says()),
    }
    if held.holds() { Ok(Done) } else { Err(Stop::No) }
}

/// A record as it was made at first.
struct Then<'a> {
    folder: &'a Path,
    record: EvidenceJson,
    settings: SettingsJson,
}

/// A refusal with the file it is about.
fn named(file: &Path, why: &dyn std::fmt::Display) -> Stop {
    Stop::Input(format!("in `{}`: {why}", file.display()))
}

impl<'a> Then<'a> {
    fn read(folder: &'a Path) -> Result<Self, Stop> {
        let file = folder.join(files::RECORD);
        let kept = bytes(&file)?;
        let kept =
            std::str::from_utf8(&kept).map_err(|_| named(&file, &"it is not UTF-8, so it is no record"))?;
        let record: EvidenceJson = serde_json::from_str(kept)
            .map_err(|why| named(&file, &format_args!("it is no evidence record: {why}")))?;
        let settings = record.settings.clone().ok_or_else(|| {
            named(
                &file,
                &"it does not say what it was made with, as records of earlier versions do not; make a new one",
            )
        })?;
        Ok(Then { folder, record, settings })
    }

    /// The first file that the record rests on and that is not the one it names, by its SHA-256.
    fn changed(&self) -> Result<Option<String>, Stop> {
        let panel = self.settings.panel_sha256.iter().map(|kept| (files::PANEL, kept));
        let draws = self.settings.draws.iter().map(|draw| (draw.file.as_str(), &draw.sha256));
        for (name, kept) in panel.chain(draws) {
            let content = bytes(&self.folder.join(name))?;
            if hex::encode(Sha256::digest(&content)) != *kept {
                return Ok(Some(name.to_owned()));
            }
        }
        Ok(None)
    }

    /// All files of the record, made once more from its panel and its draws' records.
    fn again(&self) -> Result<Files, Stop> {
        let settings = &self.settings;
        let file = self.folder.join(files::PANEL);
        let panel_bytes = bytes(&file)?;
        let options = self.options(&file)?;
        let (wish, question) = (options.wish()?, options.question());
        let (panel, also) = options.panels(&panel_bytes[..]).map_err(|why| named(&file, &why))?;
        let labels = options.labels(&panel_bytes).map_err(|why| named(&file, &why))?;
        let parts = parts(&panel, &labels).map_err(|why| named(&file, &why))?;
        let (uses, shown) = (options.uses(&panel_bytes)?, options.shown()?);
        let records = records(&options)?;
        let draws: Vec<DrawnWave<'_>> =
            records.iter().map(|(at, drawn)| DrawnWave { at: *at, record: &drawn.record }).collect();
        let material =
            |panel, used| Material { draws: &draws, shown: shown.as_deref(), used, ..Material::of(panel) };
        let whole = Material { came: settings.came.came(), ..material(&panel, uses.as_ref()) };
        let mut evidence = rules::prove(&whole, &self.record.data.sha256, &wish, &question);
        explore(&mut evidence, &also, &parts, |panel| material(panel, None));
        let mut record = EvidenceJson::of(&evidence, &question);
        settings.put_back(&mut record);
        if self.record.data.effective_n.is_none() {
            record.data.effective_n = None;
        }
        if self.takes_over_looks() {
            record.exploratory.clone_from(&self.record.exploratory);
        }
        let files: Vec<(Period, String)> =
            options.draw.iter().map(|(at, file)| (*at, name_of(file))).collect();
        let beside = Beside { used: uses.as_ref(), also: &also, labels: &labels, seen: wish.seen };
        let made = Made {
            headings: &Headings::of(&panel, &beside),
            wish: &wish,
            question: &question,
            draws: &files,
            shown: shown.as_deref(),
        };
        let panel_csv = panel_csv::text(&panel, &beside);
        let texts: Vec<(String, String)> =
            files.iter().zip(records).map(|((_, file), (_, drawn))| (file.clone(), drawn.text)).collect();
        record.settings = Some(SettingsJson {
            arguments: made.arguments(),
            panel_sha256: settings
                .panel_sha256
                .as_ref()
                .map(|_| hex::encode(Sha256::digest(panel_csv.as_bytes()))),
            draws: texts.iter().map(|(file, text)| DrawJson::of(file, text)).collect(),
            ..settings.clone()
        });
        Ok(Files::of(panel_csv, texts, &written(&record)?)?)
    }

    /// What the record's arguments ask, of the files in its folder.
    fn options(&self, panel: &Path) -> Result<ProveOptions, Stop> {
        let words = [panel.display().to_string()].into_iter().chain(self.settings.arguments.iter().cloned());
        let mut options = Kept::try_parse_from(words)
            .map_err(|why| Stop::Input(format!("the record's own settings cannot be read: {why}")))?
            .options;
        if is_from_before_baselines(&self.settings) {
            options.baseline = Before::Formerly;
        }
        options.order = self.settings.order;
        options.draw.iter_mut().for_each(|(_, draw)| *draw = self.folder.join(name_of(draw)));
        Ok(options)
    }

    /// Whether its looks at further outcomes are no more than taken over: a change's are not in its panel.
    fn takes_over_looks(&self) -> bool {
        held::looks_are_of_a_change(&self.record)
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
