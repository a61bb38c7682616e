//! Defining metrics.

use traction_domain::fact::Fact;
use traction_domain::id::MetricId;
use traction_domain::offer::metric::{MetricProposed, MetricRefused};
use traction_domain::org::slug::Slug;
use traction_domain::org::who::{Who, allow};

use crate::offer::metric::store::{self, Metric};
use crate::store::{Sql, Tx};
use crate::trouble::Trouble;
use crate::world::World;

/// Defines a metric.
pub async fn define(world: &World, who: &Who, proposed: MetricProposed) -> Result<MetricId, Trouble> {
    allow(may_offer(who), "a unit's lead or a change lead", "define a metric")?;
    let mut tx = world.store().begin().await?;
    let id = record(world, &mut tx, who, proposed).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Whether somebody may make offers at all: in his own unit, or everywhere.
pub fn may_offer(who: &Who) -> bool {
    who.is_change_lead() || who.is_administrator() || !who.led().is_empty()
}

/// Records a metric in a transaction that another verb began.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    proposed: MetricProposed,
) -> Result<MetricId, Trouble> {
    if store::by_slug(tx, proposed.slug.as_str()).await?.is_some() {
        return Err(MetricRefused::Taken { slug: proposed.slug }.into());
    }
    let (id, now) = (world.id::<MetricId>(), world.now());
    store::add(tx, id, &proposed, now).await?;
    tx.journal(now, who, Fact::MetricDefined { metric: id }).await?;
    Ok(id)
}

/// The metric of a short name as it stands in an address or on a command line.
pub async fn find(sql: &Sql, slug: &str) -> Result<Metric, Trouble> {
    let Ok(slug) = slug.parse::<Slug>() else { return Err(Trouble::NotFound { what: "metric" }) };
    store::by_slug(sql, slug.as_str()).await?.ok_or(Trouble::NotFound { what: "metric" })
}
