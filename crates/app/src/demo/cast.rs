//! The people of the simulation: a group of six hospitals with ten wards each, about 1,500 people.

use traction_domain::id::{PersonId, UnitId};
use traction_domain::org::person::PersonProposed;
use traction_domain::org::role::Role;
use traction_domain::org::slug::Slug;
use traction_domain::org::unit::UnitProposed;
use traction_domain::org::who::Who;

use crate::demo::chance::Chance;
use crate::demo::truth::WardNature;
use crate::demo::words::{FIRST, HOSPITALS, LAST, WARDS};
use crate::org::{person, unit};
use crate::store::Tx;
use crate::trouble::Trouble;
use crate::world::World;

/// Everybody.
pub struct Cast {
    /// The wards, hospital by hospital.
    pub wards: Vec<Ward>,
    /// Runs the changes.
    pub change_lead: PersonId,
    /// Runs the installation.
    pub administrator: PersonId,
    /// Helps units with their cycles.
    pub coach: PersonId,
    /// Has one question.
    pub sponsor: PersonId,
}

/// A ward.
pub struct Ward {
    /// Its unit.
    pub unit: UnitId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Who leads it.
    pub lead: PersonId,
    /// Who works there, without the lead.
    pub members: Vec<Member>,
    /// How its numbers come about.
    pub nature: WardNature,
    /// How eager it is, from 0 to 1.
    pub appetite: f64,
}

/// Somebody on a ward.
pub struct Member {
    /// His id.
    pub id: PersonId,
    /// His name in the real system.
    pub external_id: String,
    /// How readily he takes up something new, from 0 to 1.
    pub openness: f64,
}

/// Brings everybody in.
pub async fn assemble(world: &World, chance: &mut Chance) -> Result<Cast, Trouble> {
    let operator = Who::operator();
    let mut tx = world.store().begin().await?;
    let group = add_unit(world, &mut tx, "hospital-group", "The hospital group", None).await?;
    let mut wards = Vec::new();
    let mut n_people = 0;
    for hospital in HOSPITALS {
        let hospital_slug = slug(hospital)?;
        let parent = add_unit(world, &mut tx, hospital_slug.as_str(), hospital, Some(group)).await?;
        for ward in WARDS {
            let name = format!("{ward}, {hospital}");
            let slug = slug(&format!("{ward} {}", short(hospital)))?;
            let unit = add_unit(world, &mut tx, slug.as_str(), &name, Some(parent)).await?;
            let n_members = chance.whole(18, 30);
            let mut members = Vec::new();
            for _ in 0..n_members {
                n_people += 1;
                let external_id = format!("staff-{n_people:04}");
                let id = add_person(world, &mut tx, chance, &external_id).await?;
                person::verbs::record_role(world, &mut tx, &operator, id, Role::Member(unit)).await?;
                members.push(Member { id, external_id, openness: chance.share() });
            }
            n_people += 1;
            let lead = add_person(world, &mut tx, chance, &format!("staff-{n_people:04}")).await?;
            person::verbs::record_role(world, &mut tx, &operator, lead, Role::Lead(unit)).await?;
            let nature = WardNature::drawn(chance);
            wards.push(Ward { unit, slug, name, lead, members, nature, appetite: chance.share() });
        }
    }
    let mut office = async |external_id: &str, role: Option<Role>| -> Result<PersonId, Trouble> {
        let id = add_person(world, &mut tx, chance, external_id).await?;
        if let Some(role) = role {
            person::verbs::record_role(world, &mut tx, &operator, id, role).await?;
        }
        Ok(id)
    };
    let change_lead = office("office-1", Some(Role::ChangeLead)).await?;
    let administrator = office("office-2", Some(Role::Administrator)).await?;
    let coach = office("office-3", Some(Role::Coach)).await?;
    let sponsor = office("office-4", None).await?;
    world.commit(tx).await?;
    Ok(Cast { wards, change_lead, administrator, coach, sponsor })
}

fn slug(name: &str) -> Result<Slug, Trouble> {
    Slug::suggested(name).map_or_else(|| Ok(name.parse()?), Ok)
}

fn short(hospital: &str) -> &str {
    hospital.split([' ', '\'']).find(|word| word.len() > 3).unwrap_or(hospital)
}

async fn add_unit(
    world: &World,
    tx: &mut Tx,
    slug: &str,
    name: &str,
    parent: Option<UnitId>,
) -> Result<UnitId, Trouble> {
    let proposed = UnitProposed { slug: slug.parse()?, name: name.to_owned(), parent, n_members: None };
    Ok(unit::verbs::record(world, tx, &Who::operator(), &proposed, "{}").await?)
}

async fn add_person(
    world: &World,
    tx: &mut Tx,
    chance: &mut Chance,
    external_id: &str,
) -> Result<PersonId, Trouble> {
    let first = chance.one_of(&FIRST).copied().unwrap_or("Jo");
    let last = chance.one_of(&LAST).copied().unwrap_or("Baker");
    let proposed = PersonProposed {
        name: format!("{first} {last}"),
        email: Some(format!("{external_id}@hospital.example")),
        external_id: Some(external_id.to_owned()),
    };
    Ok(person::verbs::record(world, tx, &Who::operator(), proposed, "{}").await?)
}
