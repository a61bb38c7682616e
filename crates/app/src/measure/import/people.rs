//! People from a file: `person` (the external id), and if there `name`, `email`, `unit`, `role`; a person in several
//! units has several rows.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::org::person::{self as rules, PersonProposed};
use traction_domain::org::role::{Role, RoleWord};
use traction_domain::org::who::Who;

use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Line, Sheet, SheetRefused};
use crate::measure::import::store::{self, KnownPeople, KnownPerson, KnownUnit};
use crate::measure::outcome::verbs::Mode;
use crate::measure::usage::subject::{joined, store::names, verbs as subjects};
use crate::org::person;
use crate::trouble::Trouble;
use crate::world::World;

const KNOWN: [&str; 5] = ["person", "name", "email", "unit", "role"];

/// Takes the file in: new people are added, known ones are brought up to date where the file says something else, and
/// get the roles they lack. An empty cell changes nothing, and no role ends by a file.
pub async fn run(world: &World, who: &Who, file: &File, mode: Mode) -> Result<Report, Trouble> {
    who.must_administer("import people")?;
    let sheet = Sheet::read(file, &["person"])?;
    let mut tx = world.store().begin().await?;
    let units = store::units(&tx).await?;
    let mut known = store::people(&tx).await?;
    let mut first_lines = BTreeMap::new();
    let (mut n_added, mut n_changed, mut n_roles, mut n_unchanged) = (0, 0, 0, 0);
    let mut n_readdressed = 0;
    for line in sheet.lines() {
        let external_id = line.some_text("person", "give the name the real system knows the person by")?;
        let role = role(&line, &units)?;
        let first = *first_lines.entry(external_id).or_insert(line.place());
        let before = known.by_external_id.get(external_id).cloned();
        let proposed = proposed(&line, external_id, before.as_ref(), &known)?;
        let attributes = line.attributes(&KNOWN);
        let mut is_changed = false;
        let id = match before {
            None => {
                let (name, email) = (proposed.name.clone(), proposed.email.clone());
                let id = person::verbs::record(world, &mut tx, who, proposed, &attributes).await?;
                known.keep(external_id, KnownPerson { id, name, email, attributes });
                n_added += 1;
                is_changed = true;
                id
            }
            Some(before) => {
                let is_first = first == line.place();
                let says_more = is_first && attributes != "{}";
                let after = KnownPerson {
                    id: before.id,
                    name: proposed.name,
                    email: proposed.email,
                    attributes: if says_more { attributes } else { before.attributes.clone() },
                };
                if after != before {
                    if !is_first {
                        return Err(told_twice(&line, external_id, first, &before, &after).into());
                    }
                    store::change_person(&tx, &after).await?;
                    if let Some(former) = before.email.filter(|former| Some(former) != after.email.as_ref()) {
                        n_readdressed += usize::from(subjects::readdress(&tx, after.id, &former).await?);
                    }
                    joined::join(world, &tx, &names::of(&tx, after.id).await?).await?;
                    known.keep(external_id, after);
                    n_changed += 1;
                    is_changed = true;
                }
                before.id
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
    let changed = vec![
        ("people added", n_added),
        ("brought up to date", n_changed),
        ("roles given", n_roles),
        ("links moved to a new address", n_readdressed),
    ];
    let report =
        Report { kind: "people", n_rows: sheet.n_rows(), changed, n_unchanged, passed_over: vec![], mode };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}

/// The role of a row, with its unit and its word, where the row gives one.
fn role(
    line: &Line<'_>,
    units: &BTreeMap<String, KnownUnit>,
) -> Result<Option<(Role, UnitId, String)>, SheetRefused> {
    let (word, slug) = match (line.maybe_text("role"), line.maybe_text("unit")) {
        (None, None) => return Ok(None),
        (Some(_), None) => {
            return Err(line.bad("unit", "nothing is there; name the unit in which the role is held"));
        }
        (word, Some(slug)) => (word, slug),
    };
    let word = match word.map(str::parse) {
        None => RoleWord::Member,
        Some(Ok(word @ (RoleWord::Member | RoleWord::Lead))) => word,
        Some(_) => {
            let written = word.unwrap_or_default();
            return Err(
                line.bad("role", format!("`{written}` is not a role in a unit; write member or lead"))
            );
        }
    };
    let unit = units.get(slug).map(|unit| unit.id).ok_or_else(|| {
        line.bad("unit", format!("there is no unit `{slug}`; import units first, or correct the name"))
    })?;
    Ok(word.role(Some(unit)).map(|role| (role, unit, word.to_string())))
}

/// The person as he is with what the row says; an empty cell leaves what is known.
fn proposed(
    line: &Line<'_>,
    external_id: &str,
    before: Option<&KnownPerson>,
    known: &KnownPeople,
) -> Result<PersonProposed, SheetRefused> {
    let name = line.maybe_text("name").or(before.map(|before| before.name.as_str()));
    let email = line.maybe_text("email").or(before.and_then(|before| before.email.as_deref()));
    let proposed = rules::propose(name.unwrap_or(external_id), email.unwrap_or_default(), external_id)
        .map_err(|refused| line.refused("person", &refused))?;
    if let Some(email) = &proposed.email
        && known.by_email.get(email).is_some_and(|holder| Some(*holder) != before.map(|before| before.id))
    {
        let taken = rules::PersonRefused::Taken { what: "e-mail address", value: email.clone() };
        return Err(line.refused("email", &taken));
    }
    Ok(proposed)
}

/// Two rows of one person that do not agree.
fn told_twice(
    line: &Line<'_>,
    external_id: &str,
    first: u64,
    before: &KnownPerson,
    after: &KnownPerson,
) -> SheetRefused {
    let (column, was) = if before.name == after.name {
        ("email", before.email.as_deref().unwrap_or("without an address"))
    } else {
        ("name", before.name.as_str())
    };
    let why = format!("`{external_id}` is {was} by line {first}; write the same on every row of one person");
    line.bad(column, why)
}
