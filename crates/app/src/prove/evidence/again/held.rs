//! What became of each file of a record that was made again.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Value, json};
use traction_domain::words::listed;

use crate::commands::Stop;
use crate::prove::evidence::files::{Files, PICTURES, RECORD, REPORT};
use crate::prove::evidence::record::EvidenceJson;
use crate::web::simulated;

/// How a file in the folder stands to the one made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// The same to the last byte.
    Same,
    /// Another from that line on.
    Differs { line: usize },
    /// Not the one that the record names, so that nothing can be made again from it.
    Changed,
    /// It is not there.
    Missing,
    /// It is there, and the record has none of that name.
    Foreign,
}

/// A record made again, held against the files in its folder.
pub struct Held {
    files: Vec<(String, Stands)>,
    /// What was not made again.
    taken_over: Vec<String>,
    /// Where the record was made by another version.
    version: Option<String>,
    /// Whether the report bears the notice that the server of a simulated organisation puts on it.
    bears_notice: bool,
}

/// Whether a record's further looks are at outcomes that its panel does not have, as those of a change are.
pub fn looks_are_of_a_change(record: &EvidenceJson) -> bool {
    let asked = record.settings.iter().flat_map(|settings| &settings.arguments);
    let are_asked = asked.clone().any(|word| word.starts_with("--also=") || word.starts_with("--by="));
    !record.exploratory.is_empty() && !are_asked
}

impl Held {
    /// Holds what is in `folder` against the files made again; `then` is the record as it was made at first.
    pub fn of(folder: &Path, again: &Files, then: &EvidenceJson) -> Result<Self, Stop> {
        let found = |name: &str| {
            let path = folder.join(name);
            match fs::read(&path) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
                Err(why) => Err(Stop::Input(format!(
                    "`{}` cannot be read ({why}); check that you may read it",
                    path.display()
                ))),
            }
        };
        let (mut files, mut bears_notice) = (Vec::new(), false);
        for (name, content) in again.all() {
            let own = found(name)?;
            let as_made = own.as_deref().filter(|_| name == REPORT).and_then(simulated::without_notice);
            bears_notice |= as_made.is_some();
            let stands = match as_made.or(own) {
                None => Stands::Missing,
                Some(bytes) => stands(name, content, &bytes),
            };
            files.push((name.to_owned(), stands));
        }
        for name in PICTURES.iter().map(|name| format!("{name}.svg")) {
            if again.all().all(|(of_record, _)| of_record != name) && found(&name)?.is_some() {
                files.push((name, Stands::Foreign));
            }
        }
        let version = Some(&then.traction).filter(|version| *version != env!("CARGO_PKG_VERSION")).cloned();
        Ok(Held { files, taken_over: taken_over(then), version, bears_notice })
    }

    /// What a record comes to that rests on another file than the one it names.
    pub fn on_changed(file: String) -> Self {
        Held { files: vec![(file, Stands::Changed)], taken_over: vec![], version: None, bears_notice: false }
    }

    /// Whether nothing is other than it would be.
    pub fn holds(&self) -> bool {
        self.files.iter().all(|(_, stands)| matches!(stands, Stands::Same | Stands::Missing))
    }

    /// The answer in plain sentences.
    pub fn says(&self) -> String {
        let of = |wanted: Stands| {
            self.files.iter().filter(move |(_, stands)| *stands == wanted).map(|(name, _)| name.clone())
        };
        let same: Vec<String> = of(Stands::Same).collect();
        let missing: Vec<String> = of(Stands::Missing).collect();
        let foreign: Vec<String> = of(Stands::Foreign).collect();
        let mut says = Vec::new();
        if self.holds() {
            says.push(format!(
                "The record holds: made again with its own settings, {} {} the same to the last byte.",
                listed(&same),
                if same.len() == 1 { "is" } else { "are" }
            ));
        } else {
            says.push("The record does not hold.".to_owned());
            for (name, stands) in &self.files {
                match stands {
                    Stands::Differs { line } => {
                        says.push(format!("Made again, {name} differs from line {line} on."));
                    }
                    Stands::Changed => says.push(format!(
                        "The SHA-256 of {name} is not the one that the record names; it was changed, or belongs to another record."
                    )),
                    Stands::Same | Stands::Missing | Stands::Foreign => {}
                }
            }
            if !foreign.is_empty() {
                says.push(format!("The record has no {}: of another record, perhaps.", listed(&foreign)));
            }
            let version = self.version.iter();
            says.extend(version.map(|version| {
                format!("It was made with Traction {version}; this is {}.", env!("CARGO_PKG_VERSION"))
            }));
        }
        if !missing.is_empty() {
            says.push(format!("Not in the folder, so not looked at: {}.", listed(&missing)));
        }
        if self.bears_notice {
            says.push(
                "The report bears the notice that the organisation is simulated, which its server put there; it was set aside."
                    .to_owned(),
            );
        }
        says.extend(self.taken_over.iter().cloned());
        says.join(" ")
    }

    /// The answer for programs.
    pub fn json(&self) -> Value {
        let file = |(name, stands): &(String, Stands)| match stands {
            Stands::Same => json!({ "file": name, "found": "same" }),
            Stands::Differs { line } => json!({ "file": name, "found": "differs", "line": line }),
            Stands::Changed => json!({ "file": name, "found": "changed" }),
            Stands::Missing => json!({ "file": name, "found": "missing" }),
            Stands::Foreign => json!({ "file": name, "found": "foreign" }),
        };
        json!({
            "holds": self.holds(),
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
            "taken_over": self.taken_over,
        })
    }
}

/// A record saved by a program may lack the end of its last line.
fn stands(name: &str, content: &str, bytes: &[u8]) -> Stands {
    let ours = content.as_bytes();
    if bytes == ours || (name == RECORD && bytes == content.trim_end().as_bytes()) {
        return Stands::Same;
    }
    let same = ours.iter().zip(bytes).take_while(|(a, b)| a == b).count();
    Stands::Differs { line: 1 + ours[..same].iter().filter(|byte| **byte == b'\n').count() }
}

/// What of a record nothing in its folder can tell anew.
fn taken_over(then: &EvidenceJson) -> Vec<String> {
    let mut says = Vec::new();
    let panel = then.settings.as_ref().and_then(|settings| settings.panel_sha256.as_ref());
    if panel != Some(&then.data.sha256) {
        says.push(format!(
            "The table that the panel was read from is not among the files; its own SHA-256 should be {}.",
            then.data.sha256
        ));
    }
    if looks_are_of_a_change(then) {
        says.push(
            "What further looks found is taken over, because those outcomes are not among the files."
                .to_owned(),
        );
    }
    says
}
