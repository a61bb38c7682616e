//! What taking a file in did, or would do; and the end of every import.

use traction_domain::fact::Fact;
use traction_domain::id::ImportId;
use traction_domain::org::who::Who;
use traction_domain::words::{Noun, listed};

use crate::measure::import::sheet::{File, Sheet};
use crate::measure::outcome::store::{self, Taken};
use crate::measure::outcome::verbs::Mode;
use crate::store::Tx;
use crate::trouble::Broken;
use crate::web::counted;
use crate::world::World;

/// What taking a file in did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What the file holds.
    pub kind: &'static str,
    /// Rows below its header.
    pub n_rows: usize,
    /// What became of them: words and counts, those that change something.
    pub changed: Vec<(&'static str, usize)>,
    /// How many said what is known already.
    pub n_unchanged: usize,
    /// What was passed over, and how often: rows that say nothing to be kept.
    pub passed_over: Vec<(Noun, usize)>,
    /// Whether it was done or only tried.
    pub mode: Mode,
}

impl Report {
    /// Whether anything is different afterwards.
    pub fn changes_something(&self) -> bool {
        self.changed.iter().any(|(_, n)| *n > 0)
    }

    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        let mut json = serde_json::json!({
            "import": self.kind, "rows": self.n_rows, "unchanged": self.n_unchanged,
            "dry_run": self.mode == Mode::Try,
        });
        for (what, n) in &self.changed {
            json[what.replace(' ', "_")] = (*n).into();
        }
        for (what, n) in &self.passed_over {
            json[what.many.replace(' ', "_")] = (*n).into();
        }
        json
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}: ", self.kind, counted(self.n_rows, "row", "rows"))?;
        for (what, n) in self.changed.iter().filter(|(_, n)| *n > 0) {
            write!(f, "{}, ", counted(*n, &one_of(what), what))?;
        }
        write!(f, "{} unchanged", self.n_unchanged)?;
        let passed_over = self.passed_over.iter().filter(|(_, n)| *n > 0);
        let passed_over: Vec<String> =
            passed_over.map(|(what, n)| format!("{n} {}", what.with(*n))).collect();
        if !passed_over.is_empty() {
            write!(f, "; passed over: {}", listed(&passed_over))?;
        }
        f.write_str(if self.mode == Mode::Try { " (tried only: nothing was kept)." } else { "." })
    }
}

/// The words for one of what a file changed: "1 role given" of "2 roles given".
fn one_of(what: &str) -> String {
    match what.split_once(' ') {
        Some(("people", rest)) => format!("person {rest}"),
        Some((nouns, rest)) => format!("{} {rest}", nouns.strip_suffix('s').unwrap_or(nouns)),
        None => what.strip_suffix('s').unwrap_or(what).to_owned(),
    }
}

/// Ends an import: writes down that the file was taken in, when it changed something, and keeps all of it; or, when it
/// was only tried, nothing.
pub async fn finish(
    world: &World,
    who: &Who,
    mut tx: Tx,
    file: &File,
    sheet: &Sheet,
    report: Report,
) -> Result<Report, Broken> {
    if report.mode == Mode::Take && report.changes_something() {
        let (import, now) = (world.id::<ImportId>(), world.now());
        let taken = Taken { kind: report.kind, sha256: &file.sha256(), n_rows: sheet.n_rows() };
        store::take(&tx, import, taken, who, now).await?;
        tx.journal(now, who, Fact::Imported { import }).await?;
        world.commit(tx).await?;
    }
    Ok(report)
}
