//! The steps of a draw: the commitment, the frozen list, the public values, the draw.

use std::collections::BTreeMap;

use traction_domain::contend::application::LeftOut;
use traction_domain::contend::draw::{
    Applied, Contest, Counted, DrawRefused, Entrants, Entry, Heading, Record, Secret, Slots, SourceRefused,
    Terms, may_run,
};
use traction_domain::contend::policy::WorksIn;
use traction_domain::fact::Fact;
use traction_domain::id::{SlotId, UnitId, WaveId};
use traction_domain::org::who::Who;
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
    let secret_hash = Some(secret.commitment());
    tx.journal(now, who, Fact::DrawCommitted { wave, secret_hash }).await?;
    Ok(secret)
}

/// Whether anybody applied to a wave: until then public sources can be named.
pub async fn applied(sql: &Sql, wave: WaveId) -> Result<Applied, Broken> {
    let nobody = application::store::of_wave(sql, wave).await?.is_empty();
    Ok(if nobody { Applied::Nobody } else { Applied::Somebody })
}

/// Who has a change by now: what a list looks at beyond its own stage.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// The units where it works, by which the layers are told.
    pub works_in: Vec<WorksIn>,
    /// The units that have it, or will, each with the slot by which it does: they contend for nothing.
    pub slots: BTreeMap<UnitId, SlotId>,
}

/// Freezes the list of a wave whose applications closed, in a transaction that the caller began, unless that was done or
/// nobody is left who could be listed.
///
/// - `holders`: as that transaction sees them.
pub async fn freeze(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    wave: &Wave,
    holders: &Holders,
) -> Result<Option<Frozen>, Trouble> {
    let now = world.now();
    if let Some(frozen) = store::frozen(tx, wave.id).await? {
        return Ok(Some(frozen));
    }
    if store::is_frozen(tx, wave.id).await? {
        return Ok(None);
    }
    if now < wave.closes_at {
        return Err(DrawRefused::StillOpen { until: wave.closes_at }.into());
    }
    let mut listed = entries(tx, wave, holders, now).await?;
    listed.entries.sort_by(|(_, a), (_, b)| a.unit.cmp(&b.unit));
    let (units, entries): (Vec<UnitId>, Vec<Entry>) = listed.entries.into_iter().unzip();
    // Who was left out stays so, also where nobody is on the list.
    store::leave_out(tx, wave.id, &listed.left_out).await?;
    let Ok(entrants) = Entrants::new(entries) else { return Ok(None) };
    store::freeze(tx, wave.id, &entrants, &units, now).await?;
    let list_hash = entrants.hash();
    tx.journal(now, who, Fact::ListFrozen { wave: wave.id, list_hash: Some(list_hash) }).await?;
    Ok(Some(Frozen { entrants, list_hash, frozen_at: now }))
}

/// The applications of a wave that were not withdrawn, as a freezing would part them.
pub struct Listed {
    /// The entries of those that would be on the list.
    pub entries: Vec<(UnitId, Entry)>,
    /// The units of the others, and why.
    pub left_out: Vec<(UnitId, LeftOut)>,
}

/// Who would be on the list if it were frozen at `now`, and who would not.
pub async fn entries(sql: &Sql, wave: &Wave, holders: &Holders, now: Moment) -> Result<Listed, Broken> {
    let policy = policy::store::of_wave(sql, wave.id).await?;
    let ground = policy::ground::of_wave(sql, wave.id, &holders.works_in, now).await?;
    let (mut entries, mut left_out) = (Vec::new(), Vec::new());
    for application in application::store::live_of_wave(sql, wave.id).await? {
        let unit = application.unit;
        if let Some(slot) = holders.slots.get(&unit) {
            left_out.push((unit, LeftOut::HoldsSlot { slot: *slot }));
            continue;
        }
        let Some(contender) = ground.contender(&policy, unit) else { continue };
        match policy.entry_of(&contender) {
            Ok(entry) => entries.push((unit, entry)),
            Err(why) => left_out.push((unit, why.into())),
        }
    }
    Ok(Listed { entries, left_out })
}

/// Refuses unless this wave can be drawn now, by this person.
pub async fn must_be_due(
    sql: &Sql,
    who: &Who,
    change: &Change,
    wave: &Wave,
    now: Moment,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "run the draw")?;
    let drawn = store::drawn(sql, wave.id).await?.map(|drawn| drawn.drawn_at);
    may_run(wave.closes_at, wave.ends_at, drawn, now)?;
    // Said before the chances are counted.
    match store::sources(sql, wave.id).await?.into_iter().find(|source| source.value.is_none()) {
        Some(source) => Err(DrawRefused::from(SourceRefused::NoValue { name: source.name }).into()),
        None => Ok(()),
    }
}

/// What the chances of a wave depend on, once its list is frozen.
///
/// - `holders`: those of them on the list are past contending: like the withdrawn they keep their number, and get nothing
///   a second time.
pub async fn contest(sql: &Sql, wave: &Wave, holders: &Holders) -> Result<Option<Contest>, Broken> {
    let Some(frozen) = store::frozen(sql, wave.id).await? else { return Ok(None) };
    let mut withdrawn = store::withdrawn_units(sql, wave.id).await?;
    withdrawn.extend(store::listed(sql, wave.id, &holders.slots).await?);
    let cap = policy::store::of_wave(sql, wave.id).await?.cap;
    Ok(Some(Contest { entrants: frozen.entrants, withdrawn, terms: Terms { slots: slots(wave), cap } }))
}

/// Draws a wave, in a transaction that the caller began, and keeps the record; the slots are granted when the fact is
/// followed. `None` where the chances that were counted before it began are those of another contest by now: then nothing
/// is kept, and they are to be counted anew.
///
/// - `holders`: as that transaction sees them.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    change: &Change,
    wave: &Wave,
    holders: &Holders,
    counted: Option<&Counted>,
) -> Result<Option<Record>, Trouble> {
    must_be_due(tx, who, change, wave, world.now()).await?;
    let frozen = freeze(world, tx, who, wave, holders).await?.ok_or(DrawRefused::NoEntrants)?;
    let secret = committed(world, tx, who, wave.id).await?;
    let written = store::written(tx).await?.get(&wave.id).copied().unwrap_or_default();
    written.agrees(secret.commitment(), Some(frozen.list_hash))?;
    let public = store::sources(tx, wave.id).await?;
    let contest = contest(tx, wave, holders).await?;
    let Some(counted) = counted.filter(|counted| Some(counted.contest()) == contest.as_ref()) else {
        return Ok(None);
    };
    let now = world.now();
    let heading = Heading {
        change: Some(change.slug.to_string()),
        wave: Some(wave.n.to_string()),
        opened: Some(wave.opens_at),
        closed: Some(wave.closes_at),
        drawn: Some(now),
    };
    let record = Record::counted(heading, secret, public, counted)?;
    store::record(tx, wave.id, &record, who.person(), now).await?;
    tx.journal(now, who, Fact::Drawn { wave: wave.id }).await?;
    Ok(Some(record))
}

fn slots(wave: &Wave) -> Slots {
    Slots(u32::try_from(wave.n_slots).unwrap_or(u32::MAX))
}
