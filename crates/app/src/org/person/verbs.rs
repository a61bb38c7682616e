//! Adding people, giving and ending roles.

use traction_domain::fact::Fact;
use traction_domain::id::{PersonId, RoleId};
use traction_domain::org::person::{PersonProposed, PersonRefused};
use traction_domain::org::role::Role;
use traction_domain::org::who::{Actor, Who, allow};

use crate::org::person::store;
use crate::store::Tx;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// The one a session or link stands for, with the roles he holds now.
pub async fn who(world: &World, id: PersonId) -> Result<Option<Who>, Broken> {
    let sql = world.store().read();
    let Some(person) = store::one(sql, id).await? else { return Ok(None) };
    let roles = store::roles(sql, id).await?.into_iter().map(|held| held.role).collect();
    Ok(Some(Who { actor: Actor::Person(id), name: person.name, roles }))
}

/// Adds a person.
pub async fn add(world: &World, who: &Who, proposed: PersonProposed) -> Result<PersonId, Trouble> {
    who.must_administer("add people")?;
    let mut tx = world.store().begin().await?;
    refuse_if_taken(&tx, &proposed).await?;
    let id = record(world, &mut tx, who, proposed, "{}").await?;
    world.commit(tx).await?;
    Ok(id)
}

async fn refuse_if_taken(tx: &Tx, proposed: &PersonProposed) -> Result<(), Trouble> {
    if let Some(email) = &proposed.email
        && store::by_email(tx, email).await?.is_some()
    {
        return Err(PersonRefused::Taken { what: "e-mail address", value: email.clone() }.into());
    }
    if let Some(external_id) = &proposed.external_id
        && store::by_external_id(tx, external_id).await?.is_some()
    {
        return Err(PersonRefused::Taken { what: "external id", value: external_id.clone() }.into());
    }
    Ok(())
}

/// Records a person in a transaction that another verb began (an import, the first administrator).
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    proposed: PersonProposed,
    attributes: &str,
) -> Result<PersonId, Broken> {
    let (id, now) = (world.id::<PersonId>(), world.now());
    store::add(tx, id, &proposed, attributes, now).await?;
    tx.journal(now, who, Fact::PersonAdded { person: id }).await?;
    Ok(id)
}

/// Gives a role. One that is held already is not given twice.
pub async fn give_role(world: &World, who: &Who, person: PersonId, role: Role) -> Result<(), Trouble> {
    let may = who.is_administrator() || matches!(role, Role::Member(unit) if who.leads(unit));
    allow(may, "an administrator (or, for members, the unit's lead)", "give roles")?;
    let mut tx = world.store().begin().await?;
    store::one(&tx, person).await?.ok_or(Trouble::NotFound { what: "person" })?;
    let held = store::roles(&tx, person).await?;
    if !held.iter().any(|held| held.role == role) {
        record_role(world, &mut tx, who, person, role).await?;
    }
    world.commit(tx).await?;
    Ok(())
}

/// Records a role in a transaction that another verb began.
pub async fn record_role(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    person: PersonId,
    role: Role,
) -> Result<RoleId, Broken> {
    let (id, now) = (world.id::<RoleId>(), world.now());
    store::give_role(tx, id, person, role, now).await?;
    tx.journal(now, who, Fact::RoleGiven { role: id, person }).await?;
    Ok(id)
}

/// Lists whoever belongs to several units and is not listed as one: a server of an earlier version, which ran beside
/// this one when it brought the database up to date, gave roles without that.
pub async fn list_of_several(world: &World) -> Result<(), Broken> {
    if !store::is_somebody_not_listed(world.store().read()).await? {
        return Ok(());
    }
    let tx = world.store().begin().await?;
    store::list_whoever_is_not(&tx).await?;
    world.commit(tx).await
}

/// Takes a role back.
pub async fn end_role(world: &World, who: &Who, person: PersonId, role: RoleId) -> Result<(), Trouble> {
    who.must_administer("take roles back")?;
    let mut tx = world.store().begin().await?;
    let held = store::roles(&tx, person).await?;
    if !held.iter().any(|held| held.id == role) {
        return Err(Trouble::NotFound { what: "role" });
    }
    store::end_role(&tx, role, world.now()).await?;
    tx.journal(world.now(), who, Fact::RoleEnded { role, person }).await?;
    world.commit(tx).await?;
    Ok(())
}
