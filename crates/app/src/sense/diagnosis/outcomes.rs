//! What remedies did here, from a table with the columns remedy, friction, outcome. Nothing is taken halfway.

use std::path::Path;

use traction_domain::sense::diagnosis::{Learnt, Outcome, Tried};
use traction_domain::sense::playbook::Playbook;

use crate::measure::import::sheet::{File, Sheet, SheetRefused};

/// What the table at `path` holds, counted.
pub fn read(playbook: &Playbook, path: &Path) -> Result<Learnt, SheetRefused> {
    let sheet = Sheet::read(&File::read(path)?, &["remedy", "friction", "outcome"])?;
    let mut learnt = Learnt::default();
    for line in sheet.lines() {
        let named = |column| line.some_text(column, "give its name in the playbook");
        let unknown = |column, name: &str| {
            line.bad(column, format!("`{name}` is no {column} of {}; check its name there", playbook.edition))
        };
        let (remedy, friction) = (named("remedy")?, named("friction")?);
        let tried = Tried {
            remedy: playbook.remedy_named(remedy).ok_or_else(|| unknown("remedy", remedy))?,
            friction: playbook.friction_named(friction).ok_or_else(|| unknown("friction", friction))?,
            outcome: match line.some_text("outcome", "write gone or stayed")? {
                "gone" => Outcome::Gone,
                "stayed" => Outcome::Stayed,
                other => return Err(line.bad("outcome", format!("`{other}` is neither gone nor stayed"))),
            },
        };
        if playbook.remedy(tried.remedy).removes(tried.friction).is_none() {
            let why = format!(
                "{} does not say that `{remedy}` removes it; add the link there first",
                playbook.edition
            );
            return Err(line.bad("friction", why));
        }
        learnt.take_tried(tried);
    }
    Ok(learnt)
}
