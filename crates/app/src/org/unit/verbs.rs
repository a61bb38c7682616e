//! Adding and finding units.

use traction_domain::fact::Fact;
use traction_domain::id::UnitId;
use traction_domain::org::slug::Slug;
use traction_domain::org::unit::{UnitProposed, UnitRefused};
use traction_domain::org::who::Who;

use crate::org::unit::store::{self, Unit};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Adds a unit.
pub async fn add(world: &World, who: &Who, proposed: UnitProposed) -> Result<UnitId, Trouble> {
    who.must_administer("add units")?;
    let mut tx = world.store().begin().await?;
    if store::by_slug(&tx, &proposed.slug).await?.is_some() {
        return Err(UnitRefused::Taken { slug: proposed.slug }.into());
    }
    let id = record(world, &mut tx, who, &proposed, "{}").await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Records a unit in a transaction that another verb began.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    proposed: &UnitProposed,
    attributes: &str,
) -> Result<UnitId, Broken> {
    let (id, now) = (world.id::<UnitId>(), world.now());
    store::add(tx, id, proposed, attributes, now).await?;
    tx.journal(now, who, Fact::UnitAdded { unit: id }).await?;
    Ok(id)
}

/// The unit of a short name as it stands in an address or on a command line.
pub async fn find(sql: &Sql, slug: &str) -> Result<Unit, Trouble> {
    let Ok(slug) = slug.parse::<Slug>() else { return Err(Trouble::NotFound { what: "unit" }) };
    store::by_slug(sql, &slug).await?.ok_or(Trouble::NotFound { what: "unit" })
}
