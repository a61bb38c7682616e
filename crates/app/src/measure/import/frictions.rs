//! Frictions from a file: `unit`, `title`, `times_per_week`, `minutes`, and if there `people`, `reported_at`,
//! `state`, `audience`.

use sha2::{Digest, Sha256};
use traction_domain::fact::Fact;
use traction_domain::id::FrictionId;
use traction_domain::org::who::Who;
use traction_domain::sense::friction::intake::{Audience, IntakeRefused};
use traction_domain::sense::friction::{self as rules, FrictionState};

use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Sheet};
use crate::measure::import::store::{self, ImportedFriction};
use crate::measure::import::{outcomes, usage};
use crate::measure::outcome::verbs::Mode;
use crate::sense::friction;
use crate::sense::friction::file::as_written;
use crate::trouble::Trouble;
use crate::world::World;

const KNOWN: [&str; 8] =
    ["unit", "title", "times_per_week", "minutes", "people", "reported_at", "state", "audience"];

/// The answer that stands for what a file says of a friction's state.
const ANSWER: &str = "Taken over from the file it came in.";

/// Takes the file in; a friction of the same unit, title and time of report is known already,
/// whether a file brought it or somebody reported it: what was exported changes nothing when it comes back.
pub async fn run(world: &World, who: &Who, file: &File, mode: Mode) -> Result<Report, Trouble> {
    who.must_lead_changes("import frictions")?;
    let sheet = Sheet::read(file, &["unit", "title", "times_per_week", "minutes"])?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let units = store::units(&tx).await?;
    let mut keys = store::friction_keys(&tx).await?;
    let reported = store::reported(&tx).await?;
    let (mut n_added, mut n_unchanged) = (0, 0);
    for line in sheet.lines() {
        let slug = line.some_text("unit", "name the unit it happens in")?;
        let unit = outcomes::unit_of(&units, slug).ok_or_else(|| {
            line.bad("unit", format!("there is no unit `{slug}`; import units first, or correct the name"))
        })?;
        let n_people = line.maybe_number("people")?.unwrap_or(1.0);
        let burden = rules::burden(line.number("times_per_week")?, line.number("minutes")?, n_people)
            .map_err(|refused| line.refused("minutes", &refused))?;
        let report = rules::report(as_written(line.text("title")), burden)
            .map_err(|refused| line.refused("title", &refused))?;
        let written = line.maybe_text("reported_at");
        let reported_at = match written {
            None => now,
            Some(text) => usage::moment(text).filter(|at| *at <= now).ok_or_else(|| {
                line.bad(
                    "reported_at",
                    format!(
                        "`{text}` is not a time in the past; write it like 2026-11-22 or 2026-11-22T09:30:00Z"
                    ),
                )
            })?,
        };
        let state: FrictionState = line.maybe_parsed("state")?.unwrap_or(FrictionState::New);
        let audience: Audience = line.maybe_parsed("audience")?.unwrap_or_default();
        if audience == Audience::Lead && !friction::verbs::has_lead(&tx, unit).await? {
            return Err(line.refused("audience", &IntakeRefused::NobodyLeads).into());
        }
        let key = format!("{unit} {} {}", report.title, written.unwrap_or_default());
        let key = hex::encode(Sha256::digest(key));
        let was_reported = reported.contains(&(unit, report.title.clone(), reported_at.milliseconds()));
        if !keys.insert(key.clone()) || was_reported {
            n_unchanged += 1;
            continue;
        }
        let id: FrictionId = world.id();
        let imported = ImportedFriction {
            unit,
            report,
            reported_at,
            audience,
            key,
            attributes: &line.attributes(&KNOWN),
        };
        store::add_friction(&tx, id, &imported).await?;
        tx.journal(now, who, Fact::FrictionReported { friction: id, unit }).await?;
        if state != FrictionState::New {
            friction::store::answer(&tx, id, state, ANSWER, None, who.person(), now).await?;
            tx.journal(now, who, Fact::FrictionAnswered { friction: id }).await?;
        }
        n_added += 1;
    }
    let changed = vec![("added", n_added)];
    let report =
        Report { kind: "frictions", n_rows: sheet.n_rows(), changed, n_unchanged, passed_over: vec![], mode };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}
