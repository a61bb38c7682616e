//! Setting the policy of a wave and its protected places, before it opens.

use traction_domain::contend::draw::{DrawRefused, Place};
use traction_domain::contend::policy::{Policy, PolicyRefused};
use traction_domain::fact::Fact;
use traction_domain::id::UnitId;
use traction_domain::org::who::Who;
use traction_domain::refusal;
use traction_domain::time::Moment;

use crate::contend::policy::store;
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::org::unit;
use crate::store::Sql;
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
    let mut tx = world.store().begin().await?;
    let now = world.now();
    must_be_ahead(&tx, wave, now).await?;
    store::set(&tx, wave.id, &policy, who.person(), now).await?;
    tx.journal(now, who, Fact::PolicySet { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Decides on a unit's place: protected, it gets a slot without chance if it applies, and is outside every risk set; or
/// open to the draw again. Like the policy it is part of, it stays once the wave has opened.
pub async fn decide_place(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    unit: UnitId,
    place: Place,
    why: &str,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "protect a place")?;
    let why = refusal::maybe_text(why, "why", "the reason", 400)?;
    let why = match place {
        Place::Protected => why.ok_or(DrawRefused::NoReason)?,
        Place::Open => why.unwrap_or_default(),
    };
    let mut tx = world.store().begin().await?;
    let now = world.now();
    must_be_ahead(&tx, wave, now).await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    let protected = store::protected(&tx, wave.id).await?;
    let is_protected = protected.iter().any(|held| held.unit == unit);
    if is_protected == (place == Place::Protected) {
        return Ok(());
    }
    // More of them than slots could never be drawn, and once the wave has opened they stay.
    if place == Place::Protected && protected.len() >= wave.n_slots {
        return Err(PolicyRefused::AllProtected { n_slots: wave.n_slots }.into());
    }
    store::decide(&tx, wave.id, unit, place, &why, &who.name, now).await?;
    let fact = match place {
        Place::Protected => Fact::PlaceProtected { wave: wave.id, unit },
        Place::Open => Fact::PlaceOpened { wave: wave.id, unit },
    };
    tx.journal(now, who, fact).await?;
    world.commit(tx).await?;
    Ok(())
}

async fn must_be_ahead(sql: &Sql, wave: &Wave, now: Moment) -> Result<(), Trouble> {
    wave::verbs::must_stand(sql, wave.id).await?;
    if now < wave.opens_at { Ok(()) } else { Err(PolicyRefused::Opened { opened: wave.opens_at }.into()) }
}
