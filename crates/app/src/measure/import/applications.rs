//! Applications from a file, to an open wave: `unit`, `pain`, `aim`, `owner`, `pledge`.

use traction_domain::contend::application::{self as rules, Application};
use traction_domain::org::who::Who;

use crate::contend::application::{store as applications, verbs};
use crate::grant::slot;
use crate::measure::import::outcomes::unit_of;
use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Sheet};
use crate::measure::import::store;
use crate::measure::outcome::verbs::Mode;
use crate::offer::wave::store::Wave;
use crate::trouble::Trouble;
use crate::world::World;

/// Takes the file in, by the same rules as a unit's own application. One that says the same as what stands there is
/// known; one that says something else is the unit's to change, not a file's.
pub async fn run(world: &World, who: &Who, file: &File, wave: &Wave, mode: Mode) -> Result<Report, Trouble> {
    who.must_lead_changes("import applications")?;
    let sheet = Sheet::read(file, &["unit", "pain", "aim", "owner", "pledge"])?;
    let mut tx = world.store().begin().await?;
    let now = verbs::asked_at(&tx, wave, world.now()).await?;
    let units = store::units(&tx).await?;
    let window = verbs::window(&tx, wave, now).await?;
    let (mut n_added, mut n_unchanged) = (0, 0);
    for line in sheet.lines() {
        let label = line.some_text("unit", "name the unit that applies")?;
        let unit = unit_of(&units, label).ok_or_else(|| {
            line.bad("unit", format!("there is no unit `{label}`; import units first, or correct the name"))
        })?;
        let [pain, aim, owner, pledge] = ["pain", "aim", "owner", "pledge"].map(|column| line.text(column));
        let written = Application::written(pain, aim, owner, pledge)
            .map_err(|refused| line.refused("unit", &refused))?;
        let live = applications::live(&tx, wave.id, unit).await?;
        if live.is_some_and(|live| live.written == written) {
            n_unchanged += 1;
            continue;
        }
        let slot = slot::store::held(&tx, wave.change, unit, now).await?.map(|slot| slot.id);
        let standing = verbs::standing(&tx, who, wave, unit, slot, now).await?;
        rules::apply(&standing, &window, now).map_err(|refused| line.refused("unit", &refused))?;
        verbs::record(world, &mut tx, who, wave.id, unit, &written, now).await?;
        n_added += 1;
    }
    let changed = vec![("added", n_added)];
    let report = Report {
        kind: "applications",
        n_rows: sheet.n_rows(),
        changed,
        n_unchanged,
        passed_over: vec![],
        mode,
    };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}
