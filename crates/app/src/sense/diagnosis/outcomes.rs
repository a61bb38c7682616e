//! What remedies did here, from a table with the columns remedy, friction, outcome. Nothing is taken halfway.

use std::path::Path;

use traction_domain::sense::diagnosis::{Learnt, tried};
use traction_domain::sense::playbook::Playbook;

use crate::measure::import::sheet::{File, Sheet, SheetRefused};

/// What the table at `path` holds, counted.
pub fn read(playbook: &Playbook, path: &Path) -> Result<Learnt, SheetRefused> {
    let sheet = Sheet::read(&File::read(path)?, &["remedy", "friction", "outcome"])?;
    let mut learnt = Learnt::default();
    for line in sheet.lines() {
        let named = |column| line.some_text(column, "give its name in the playbook");
        let outcome = line.parsed("outcome", "write gone or stayed")?;
        let tried = tried(playbook, named("remedy")?, named("friction")?, outcome);
        learnt.take_tried(tried.map_err(|refused| line.refused("remedy", &refused))?);
    }
    Ok(learnt)
}
