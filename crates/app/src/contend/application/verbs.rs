//! Applying for a slot, changing an application, withdrawing it.
//!
//! A later stage knows which slots there are: `run` reads them in the same transaction and hands them on.

use traction_domain::contend::application::{self as rules, Asker, Next, Reached, Standing, Window};
use traction_domain::fact::Fact;
use traction_domain::id::{ApplicationId, SlotId, UnitId, WaveId};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::contend::application::store::{self, Application};
use crate::contend::{draft, draw, policy};
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::org::unit;
use crate::sense::readiness;
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Applies for a slot of a wave, in a transaction that the caller began; `slot` is the unit's live slot of the same change
/// as that transaction sees it, if it has one.
pub async fn apply(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    wave: &Wave,
    unit: UnitId,
    slot: Option<SlotId>,
    written: &rules::Application,
) -> Result<ApplicationId, Trouble> {
    unit::store::one(tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    wave::verbs::must_stand(tx, wave.id).await?;
    let now = asked_at(tx, wave, world.now()).await?;
    let standing = standing(tx, who, wave, unit, slot, now).await?;
    rules::apply(&standing, &window(tx, wave, now).await?, now)?;
    let id = record(world, tx, who, wave.id, unit, written, now).await?;
    // What was begun is sent now, in these words.
    if draft::store::of_wave(tx, wave.id).await?.iter().any(|kept| kept.unit == unit) {
        draft::store::write(tx, wave.id, unit, draft::store::Fate::Dropped, now).await?;
    }
    Ok(id)
}

/// How a unit stands before a wave: what decides whether it may apply.
pub async fn standing(
    sql: &Sql,
    who: &Who,
    wave: &Wave,
    unit: UnitId,
    slot: Option<SlotId>,
    now: Moment,
) -> Result<Standing, Broken> {
    let policy = policy::store::of_wave(sql, wave.id).await?;
    let readiness = readiness::store::shown(sql, unit, now).await?;
    Ok(Standing {
        asker: asker(who, unit),
        live: store::live(sql, wave.id, unit).await?.map(|application| application.id),
        slot,
        ineligible: policy.band(readiness).err(),
    })
}

/// The times of a wave as its applicants meet them at `now`.
pub async fn window(sql: &Sql, wave: &Wave, now: Moment) -> Result<Window, Broken> {
    Ok(Window { opens: wave.opens_at, closes: wave.closes_at, next: next(sql, wave, now).await? })
}

/// Where units can contend besides this wave, or after it.
pub async fn next(sql: &Sql, wave: &Wave, now: Moment) -> Result<Option<Next>, Broken> {
    let waves = wave::store::of_change(sql, wave.change).await?;
    let others = waves.into_iter().filter(|other| other.id != wave.id && other.cancelled.is_none());
    let next = |other: Wave| Next { wave: other.n, opens: other.opens_at, closes: other.closes_at };
    Ok(Next::of(others.map(next), now))
}

/// When somebody asks something of a wave that ends with its closing: once the list is frozen it is closed, also for a
/// server whose clock says that it is not.
pub async fn asked_at(sql: &Sql, wave: &Wave, now: Moment) -> Result<Moment, Broken> {
    let is_frozen = draw::store::is_frozen(sql, wave.id).await?;
    Ok(if is_frozen { now.max(wave.closes_at) } else { now })
}

fn asker(who: &Who, unit: UnitId) -> Asker {
    match (who.leads(unit), who.speaks_for(unit)) {
        (true, _) => Asker::Lead,
        (false, true) => Asker::Deputy,
        (false, false) => Asker::Other,
    }
}

/// Records an application in a transaction that another verb began (an import); `at` is when the unit applied.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    wave: WaveId,
    unit: UnitId,
    written: &rules::Application,
    at: Moment,
) -> Result<ApplicationId, Broken> {
    let id: ApplicationId = world.id();
    store::add(tx, id, wave, unit, who.person(), at).await?;
    store::write(tx, id, written, at).await?;
    tx.journal(world.now(), who, Fact::Applied { application: id, wave, unit }).await?;
    Ok(id)
}

/// Writes an application anew.
pub async fn change(
    world: &World,
    who: &Who,
    id: ApplicationId,
    written: &rules::Application,
) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let (application, wave) = find(&tx, id).await?;
    wave::verbs::must_stand(&tx, wave.id).await?;
    let now = asked_at(&tx, &wave, world.now()).await?;
    let window = window(&tx, &wave, now).await?;
    rules::change(asker(who, application.unit), application.withdrawn_at, &window, now)?;
    store::write(&tx, id, written, now).await?;
    tx.journal(now, who, Fact::ApplicationChanged { application: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Withdraws an application, in a transaction that the caller began; `slot` is what the unit got of its wave as that
/// transaction sees it, if it got one.
pub async fn withdraw(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    id: ApplicationId,
    slot: Option<SlotId>,
) -> Result<rules::Withdrawn, Trouble> {
    let (application, wave) = find(tx, id).await?;
    let reached = match slot {
        Some(slot) => Reached::Granted(slot),
        None if draw::store::drawn(tx, wave.id).await?.is_some() => Reached::Drawn,
        None if draw::store::frozen(tx, wave.id).await?.is_some() => Reached::Frozen,
        None => Reached::Open,
    };
    let withdrawn = rules::withdraw(asker(who, application.unit), application.withdrawn_at, reached)?;
    store::withdraw(tx, id, world.now()).await?;
    tx.journal(world.now(), who, Fact::ApplicationWithdrawn { application: id, wave: wave.id }).await?;
    Ok(withdrawn)
}

/// An application with its wave.
pub async fn find(sql: &Sql, id: ApplicationId) -> Result<(Application, Wave), Trouble> {
    let application = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "application" })?;
    let wave = wave::store::one(sql, application.wave).await?.ok_or(Trouble::NotFound { what: "wave" })?;
    Ok((application, wave))
}
