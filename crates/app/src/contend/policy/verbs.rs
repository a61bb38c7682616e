//! Setting the policy of a wave, before it opens.

use traction_domain::contend::policy::{Policy, PolicyRefused};
use traction_domain::fact::Fact;
use traction_domain::org::who::Who;

use crate::contend::policy::store;
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::trouble::Trouble;
use crate::world::World;

/// Sets how a wave chooses. Once somebody could apply, it stays as it is.
pub async fn set(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    policy: Policy,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "set how it chooses")?;
    let policy = policy.checked()?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    if now >= wave.opens_at {
        return Err(PolicyRefused::Opened { opened: wave.opens_at }.into());
    }
    store::set(&tx, wave.id, &policy, who.person(), now).await?;
    tx.journal(now, who, Fact::PolicySet { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}
