//! People from a file: `person` (the external id), and if there `name`, `email`, `unit`, `role`; a person in several
//! units has several rows.

use traction_domain::org::person as rules;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Sheet};
use crate::measure::import::store;
use crate::measure::outcome::verbs::Mode;
use crate::org::person;
use crate::trouble::Trouble;
use crate::world::World;

const KNOWN: [&str; 5] = ["person", "name", "email", "unit", "role"];

/// Takes the file in: new people are added, and known ones get the roles they lack. Nobody is renamed and no role
/// ends by a file.
pub async fn run(world: &World, who: &Who, file: &File, mode: Mode) -> Result<Report, Trouble> {
    who.must_administer("import people")?;
    let sheet = Sheet::read(file, &["person"])?;
    let mut tx = world.store().begin().await?;
    let units = store::units(&tx).await?;
    let mut known = store::people(&tx).await?;
    let (mut n_added, mut n_roles, mut n_unchanged) = (0, 0, 0);
    for line in sheet.lines() {
        let external_id = line.some_text("person", "give the name the real system knows the person by")?;
        let role = match (line.maybe_text("role"), line.maybe_text("unit")) {
            (None, None) => None,
            (Some(_), None) => {
                return Err(line
                    .bad("unit", "nothing is there; name the unit in which the role is held")
                    .into());
            }
            (word, Some(slug)) => {
                let word = match word.map(str::parse) {
                    None => RoleWord::Member,
                    Some(Ok(word @ (RoleWord::Member | RoleWord::Lead))) => word,
                    Some(_) => {
                        let written = word.unwrap_or_default();
                        return Err(line
                            .bad("role", format!("`{written}` is not a role in a unit; write member or lead"))
                            .into());
                    }
                };
                let unit = units.get(slug).map(|unit| unit.id).ok_or_else(|| {
                    line.bad(
                        "unit",
                        format!("there is no unit `{slug}`; import units first, or correct the name"),
                    )
                })?;
                word.role(Some(unit)).map(|role| (role, unit, word.to_string()))
            }
        };
        let mut is_changed = false;
        let id = match known.by_external_id.get(external_id) {
            Some(id) => *id,
            None => {
                let name = line.maybe_text("name").unwrap_or(external_id);
                let proposed = rules::propose(name, line.text("email"), external_id)
                    .map_err(|refused| line.refused("person", &refused))?;
                if let Some(email) = &proposed.email
                    && known.by_email.contains_key(email)
                {
                    let taken = rules::PersonRefused::Taken { what: "e-mail address", value: email.clone() };
                    return Err(line.refused("email", &taken).into());
                }
                let email = proposed.email.clone();
                let id =
                    person::verbs::record(world, &mut tx, who, proposed, &line.attributes(&KNOWN)).await?;
                known.by_external_id.insert(external_id.to_owned(), id);
                known.by_email.extend(email.map(|email| (email, id)));
                n_added += 1;
                is_changed = true;
                id
            }
        };
        if let Some((role, unit, word)) = role
            && known.roles.insert((id, unit, word))
        {
            person::verbs::record_role(world, &mut tx, who, id, role).await?;
            n_roles += 1;
            is_changed = true;
        }
        n_unchanged += usize::from(!is_changed);
    }
    let changed = vec![("people added", n_added), ("roles given", n_roles)];
    let report = Report { kind: "people", n_rows: sheet.n_rows(), changed, n_unchanged, mode };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}
