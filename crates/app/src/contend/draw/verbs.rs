//! The steps of a draw: the commitment, the frozen list, the public values, the draw.

use traction_domain::contend::draw::{
    Applied, DrawRefused, Entrants, Entry, Heading, PublicSource, Record, Secret, Slots, Terms, may_enter,
    may_name, may_run,
};
use traction_domain::contend::policy::WorksIn;
use traction_domain::fact::Fact;
use traction_domain::id::{UnitId, WaveId};
use traction_domain::org::who::Who;
use traction_domain::refusal;
use traction_domain::time::Moment;

use crate::contend::draw::store::{self, Frozen};
use crate::contend::{application, policy};
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Makes the secret of a wave and publishes its commitment, unless that was done.
pub async fn commit(world: &World, who: &Who, wave: WaveId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    committed(world, &mut tx, who, wave).await?;
    world.commit(tx).await?;
    Ok(())
}

async fn committed(world: &World, tx: &mut Tx, who: &Who, wave: WaveId) -> Result<Secret, Broken> {
    if let Some(commitment) = store::commitment(tx, wave).await? {
        return Ok(commitment.secret);
    }
    let (secret, now) = (Secret::from_bytes(world.secret()), world.now());
    store::commit(tx, wave, &secret, now).await?;
    tx.journal(now, who, Fact::DrawCommitted { wave }).await?;
    Ok(secret)
}

/// Names a public source of randomness before anybody applies; its value comes to be at `due`, after applications close.
pub async fn name_source(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    name: &str,
    due: Moment,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "name a public source")?;
    let name = refusal::text(name, "name", "the source's name", 120)?;
    let source = PublicSource::new(name, Some(due.to_string()), None).map_err(DrawRefused::from)?;
    let mut tx = world.store().begin().await?;
    let now = application::verbs::asked_at(&tx, wave, world.now()).await?;
    may_name(applied(&tx, wave.id).await?, wave.closes_at, due, now)?;
    store::name_source(&tx, wave.id, &source, now).await?;
    tx.journal(now, who, Fact::SourceNamed { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Whether anybody applied to a wave: until then public sources can be named.
pub async fn applied(sql: &Sql, wave: WaveId) -> Result<Applied, Broken> {
    let nobody = application::store::of_wave(sql, wave).await?.is_empty();
    Ok(if nobody { Applied::Nobody } else { Applied::Somebody })
}

/// Enters the value of the `n`-th public source, from 1, once the list is frozen and the value can exist.
pub async fn enter_value(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    n: usize,
    value: &str,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "enter a public value")?;
    let value = refusal::text(value, "value", "the value", 400)?;
    let mut tx = world.store().begin().await?;
    if store::frozen(&tx, wave.id).await?.is_none() {
        return Err(DrawRefused::NotFrozen { closes: wave.closes_at }.into());
    }
    let sources = store::sources(&tx, wave.id).await?;
    let source = n.checked_sub(1).and_then(|index| sources.into_iter().nth(index));
    let source = source.ok_or(Trouble::NotFound { what: "public source" })?;
    let now = world.now();
    may_enter(&source, now)?;
    let source = PublicSource::new(source.name, source.when, Some(value)).map_err(DrawRefused::from)?;
    store::enter_value(&tx, wave.id, n, source.value.as_deref().unwrap_or_default(), who.person(), now)
        .await?;
    tx.journal(now, who, Fact::SourceValueEntered { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Freezes the list of a wave whose applications closed, unless that was done or nobody eligible applied.
///
/// - `works_in`: the units where the change works already, by which the layers are told.
pub async fn freeze(world: &World, who: &Who, wave: &Wave, works_in: &[WorksIn]) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    frozen(world, &mut tx, who, wave, works_in).await?;
    world.commit(tx).await?;
    Ok(())
}

async fn frozen(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    wave: &Wave,
    works_in: &[WorksIn],
) -> Result<Option<Frozen>, Trouble> {
    let now = world.now();
    if let Some(frozen) = store::frozen(tx, wave.id).await? {
        return Ok(Some(frozen));
    }
    if now < wave.closes_at {
        return Err(DrawRefused::StillOpen { until: wave.closes_at }.into());
    }
    let mut entries = entries(tx, wave, works_in, now).await?;
    entries.sort_by(|(_, a), (_, b)| a.unit.cmp(&b.unit));
    let (units, entries): (Vec<UnitId>, Vec<Entry>) = entries.into_iter().unzip();
    let Ok(entrants) = Entrants::new(entries) else { return Ok(None) };
    store::freeze(tx, wave.id, &entrants, &units, now).await?;
    tx.journal(now, who, Fact::ListFrozen { wave: wave.id }).await?;
    let list_hash = entrants.hash();
    Ok(Some(Frozen { entrants, list_hash, frozen_at: now }))
}

/// The entries of the eligible applications, as they would be frozen at `now`.
pub async fn entries(
    sql: &Sql,
    wave: &Wave,
    works_in: &[WorksIn],
    now: Moment,
) -> Result<Vec<(UnitId, Entry)>, Broken> {
    let policy = policy::store::of_wave(sql, wave.id).await?;
    let ground = policy::ground::of_wave(sql, wave.id, works_in, now).await?;
    let mut entries = Vec::new();
    for application in application::store::live_of_wave(sql, wave.id).await? {
        let Some(contender) = ground.contender(&policy, application.unit) else { continue };
        if let Ok(entry) = policy.entry_of(&contender) {
            entries.push((application.unit, entry));
        }
    }
    Ok(entries)
}

/// Draws a wave, and keeps the record; the slots are granted when the fact is followed.
///
/// - `works_in`: as in [`freeze`], where the list is not frozen yet.
/// - `have_it`: the units that have the change by now, or will. Those of them on the list are past contending: like the
///   withdrawn they keep their number, and get nothing a second time.
pub async fn run(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    works_in: &[WorksIn],
    have_it: &[UnitId],
) -> Result<Record, Trouble> {
    change::verbs::must_run(who, change, "run the draw")?;
    let mut tx = world.store().begin().await?;
    let drawn = store::drawn(&tx, wave.id).await?.map(|drawn| drawn.drawn_at);
    may_run(wave.closes_at, wave.ends_at, drawn, world.now())?;
    let frozen = frozen(world, &mut tx, who, wave, works_in).await?.ok_or(DrawRefused::NoEntrants)?;
    let secret = committed(world, &mut tx, who, wave.id).await?;
    let public = store::sources(&tx, wave.id).await?;
    let mut withdrawn = store::withdrawn_units(&tx, wave.id).await?;
    withdrawn.extend(store::listed(&tx, wave.id, have_it).await?);
    let cap = policy::store::of_wave(&tx, wave.id).await?.cap;
    let now = world.now();
    let heading = Heading {
        change: Some(change.slug.to_string()),
        wave: Some(wave.n.to_string()),
        opened: Some(wave.opens_at),
        closed: Some(wave.closes_at),
        drawn: Some(now),
    };
    let terms = Terms { slots: slots(wave), cap };
    let record = Record::new(heading, secret, public, &frozen.entrants, &withdrawn, terms)?;
    store::record(&tx, wave.id, &record, who.person(), now).await?;
    tx.journal(now, who, Fact::Drawn { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(record)
}

fn slots(wave: &Wave) -> Slots {
    Slots(u32::try_from(wave.n_slots).unwrap_or(u32::MAX))
}
