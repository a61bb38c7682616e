//! Setting a guardrail.

use traction_domain::cycle::guardrail as rules;
use traction_domain::fact::Fact;
use traction_domain::id::MetricId;
use traction_domain::org::who::Who;

use crate::cycle::guardrail::store;
use crate::offer::{change, metric};
use crate::trouble::Trouble;
use crate::world::World;

/// Sets the limit past which `metric` must not get worse while the change of this short name runs. Whoever runs the
/// change may; a later limit of the same metric takes the place of the earlier one.
pub async fn set(
    world: &World,
    who: &Who,
    change: &str,
    metric: MetricId,
    limit: f64,
) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let change = change::verbs::find(&tx, change).await?;
    change::verbs::must_run(who, &change, "set a guardrail")?;
    metric::store::one(&tx, metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let limit = rules::set(change.metric, metric, limit)?;
    store::add(&tx, change.id, metric, limit, who.person(), now).await?;
    tx.journal(now, who, Fact::GuardrailSet { change: change.id, metric }).await?;
    world.commit(tx).await?;
    Ok(())
}
