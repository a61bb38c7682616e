//! Opening, renewing and closing a unit's link, and reporting by it.

use jiff::SignedDuration;
use traction_domain::fact::Fact;
use traction_domain::id::{FrictionId, UnitId};
use traction_domain::org::who::{Actor, Who};
use traction_domain::sense::friction::intake::Shown;
use traction_domain::sense::friction::kiosk::{self as rules, KioskRefused};
use traction_domain::sense::friction::{FrictionReport, N_MINUTES_SENT_TWICE};

use crate::org::unit;
use crate::sense::friction;
use crate::sense::friction::store::{Came, Reported};
use crate::sense::kiosk::store;
use crate::store::Tx;
use crate::trouble::Trouble;
use crate::world::World;

/// Opens a unit's link; its secret.
pub async fn open(world: &World, who: &Who, unit: UnitId) -> Result<String, Trouble> {
    who.must_speak_for(unit, "open its link")?;
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    if store::secret(&tx, unit).await?.is_some() {
        return Err(KioskRefused::OpenAlready.into());
    }
    let secret = record_open(world, &mut tx, who, unit).await?;
    world.commit(tx).await?;
    Ok(secret)
}

/// Puts another link in the place of a unit's: the one on the wall leads nowhere from then on. Its secret.
pub async fn renew(world: &World, who: &Who, unit: UnitId) -> Result<String, Trouble> {
    who.must_speak_for(unit, "renew its link")?;
    let mut tx = world.store().begin().await?;
    record_close(world, &mut tx, who, unit).await?;
    let secret = record_open(world, &mut tx, who, unit).await?;
    world.commit(tx).await?;
    Ok(secret)
}

/// Closes a unit's link.
pub async fn close(world: &World, who: &Who, unit: UnitId) -> Result<(), Trouble> {
    who.must_speak_for(unit, "close its link")?;
    let mut tx = world.store().begin().await?;
    record_close(world, &mut tx, who, unit).await?;
    world.commit(tx).await?;
    Ok(())
}

async fn record_open(world: &World, tx: &mut Tx, who: &Who, unit: UnitId) -> Result<String, Trouble> {
    // Eighty bits: nobody guesses them, and the code stays small enough to be read from a few steps away.
    let secret = hex::encode(world.secret::<10>());
    store::open(tx, &secret, unit, who.person(), world.now()).await?;
    tx.journal(world.now(), who, Fact::KioskOpened { unit }).await?;
    Ok(secret)
}

async fn record_close(world: &World, tx: &mut Tx, who: &Who, unit: UnitId) -> Result<(), Trouble> {
    let secret = store::secret(tx, unit).await?.ok_or(KioskRefused::NotOpen)?;
    store::close(tx, &secret, who.person(), world.now()).await?;
    tx.journal(world.now(), who, Fact::KioskClosed { unit }).await?;
    Ok(())
}

/// Reports a friction by a unit's link. Nothing is kept of who did, or from where; the journal says "somebody". It waits
/// for a look, whatever the unit does with other reports. The same report sent twice is kept once.
pub async fn report(world: &World, secret: &str, report: &FrictionReport) -> Result<(), Trouble> {
    let (id, now) = (world.id::<FrictionId>(), world.now());
    let mut tx = world.store().begin().await?;
    let (unit, opened_at) = store::unit(&tx, secret).await?.ok_or(Trouble::NotFound { what: "link" })?;
    rules::plain(&report.title)?;
    let since = now.after(SignedDuration::from_mins(-N_MINUTES_SENT_TWICE));
    if friction::store::same(&tx, unit, report, None, since).await?.is_some() {
        return Ok(());
    }
    // What flooded the link before it was renewed does not slow this one down.
    let lately = now.after(-rules::lately()).max(opened_at);
    let a_day_ago = now.after_days(-1).max(opened_at);
    rules::one_more(store::came_in(&tx, unit, lately, a_day_ago).await?)?;
    let audience = friction::store::intake(&tx, unit).await?.audience;
    let (shown, came) = (Shown::Waits, Came::ByKiosk);
    let reported = Reported { unit, report, audience, shown, came, by: None, at: now };
    friction::store::add(&tx, id, &reported).await?;
    let somebody = Who { actor: Actor::Undisclosed, name: "somebody".into(), roles: vec![] };
    tx.journal(now, &somebody, Fact::FrictionReported { friction: id, unit }).await?;
    world.commit(tx).await?;
    Ok(())
}
