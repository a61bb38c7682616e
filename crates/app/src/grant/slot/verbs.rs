//! Granting slots, and what happens to them.

use traction_domain::contend::draw::Slots;
use traction_domain::fact::Fact;
use traction_domain::grant::slot::{Asked, Span, Step, Waiting, next_in_line, room};
use traction_domain::id::{SlotId, UnitId, WaveId};
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal;
use traction_domain::time::Moment;

use crate::contend::draw::store as draws;
use crate::grant::slot::store::{self, Event, Granting, Slot};
use crate::offer::change;
use crate::offer::wave::store as waves;
use crate::org::unit::store as units;
use crate::store::Tx;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Records a slot in a transaction that another verb began (a draw, an import).
pub async fn record(world: &World, tx: &mut Tx, who: &Who, granting: Granting) -> Result<SlotId, Broken> {
    let (id, now) = (world.id::<SlotId>(), world.now());
    store::add(tx, id, &granting, now).await?;
    tx.journal(now, who, Fact::SlotGranted { slot: id, change: granting.change, unit: granting.unit })
        .await?;
    Ok(id)
}

/// Pauses, resumes, gives back, takes back or ends a slot.
pub async fn step(world: &World, who: &Who, id: SlotId, step: Step, why: &str) -> Result<(), Trouble> {
    let why = refusal::maybe_text(why, "why", "the reason", 400)?.unwrap_or_default();
    let mut tx = world.store().begin().await?;
    let slot = store::one(&tx, id).await?.ok_or(Trouble::NotFound { what: "slot" })?;
    let change = change::store::one(&tx, slot.change).await?.ok_or(Trouble::NotFound { what: "change" })?;
    let leads_change = change::verbs::must_run(who, &change, "take a slot back or end it");
    match step {
        Step::GivenBack => who.must_speak_for(slot.unit, "give this slot back")?,
        Step::Paused | Step::Resumed => {
            let may = who.speaks_for(slot.unit) || leads_change.is_ok();
            allow(may, "the unit's lead or whoever runs the change", "pause or resume this slot")?;
        }
        Step::Lapsed | Step::Ended => leads_change?,
        // A hand-over is accepted by its owner; that verb records the step.
        Step::HandedOver => allow(false, "the owner who accepts a hand-over", "hand a slot over")?,
    }
    record_step(world, &mut tx, &slot, step, &why).await?;
    if let Some(fact) = fact_of(id, step) {
        tx.journal(world.now(), who, fact).await?;
    }
    world.commit(tx).await?;
    Ok(())
}

/// Records a step, if it may be taken, in a transaction that another verb began; that verb journals its own fact.
pub async fn record_step(
    world: &World,
    tx: &mut Tx,
    slot: &Slot,
    step: Step,
    why: &str,
) -> Result<(), Trouble> {
    let at = world.now();
    slot.rule.may(step, at)?;
    let event = Event { step, why: why.to_owned(), at };
    store::add_event(tx, slot.id, slot.events.len() + 1, &event).await?;
    Ok(())
}

fn fact_of(slot: SlotId, step: Step) -> Option<Fact> {
    Some(match step {
        Step::Paused => Fact::SlotPaused { slot },
        Step::Resumed => Fact::SlotResumed { slot },
        Step::GivenBack => Fact::SlotGivenBack { slot },
        Step::Lapsed => Fact::SlotLapsed { slot },
        Step::Ended => Fact::SlotEnded { slot },
        Step::HandedOver => return None,
    })
}

/// Grants the slots of a wave that was drawn. Whoever has one already is not given a second.
pub async fn grant_drawn(world: &World, who: &Who, wave: WaveId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let Some(drawn) = draws::drawn(&tx, wave).await? else { return Ok(()) };
    for slug in &drawn.record.granted {
        let unit = unit_of(&tx, slug).await?;
        let probability = drawn.record.probability.get(slug).copied();
        grant_in_wave(world, &mut tx, who, wave, unit, Asked::Pull, probability).await?;
    }
    world.commit(tx).await?;
    Ok(())
}

/// Grants a slot past the draw, where somebody decided so and gave a reason.
pub async fn grant_overridden(world: &World, who: &Who, wave: WaveId, unit: UnitId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    grant_in_wave(world, &mut tx, who, wave, unit, Asked::Push, None).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Passes a slot that was given back before its start on to the first who waits.
pub async fn pass_on(world: &World, who: &Who, id: SlotId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let Some(slot) = store::one(&tx, id).await? else { return Ok(()) };
    let Some(given_back) = slot.events.iter().find(|event| event.step == Step::GivenBack) else {
        return Ok(());
    };
    let Some(wave) = slot.wave else { return Ok(()) };
    let Some(drawn) = draws::drawn(&tx, wave).await? else { return Ok(()) };
    let held = store::of_wave(&tx, wave).await?;
    let gone = draws::withdrawn_units(&tx, wave).await?;
    let cap = drawn.record.terms.cap;
    let parent_of =
        |slug: &str| drawn.record.list.iter().find(|line| line.entry.unit == slug)?.entry.parent.as_deref();
    let n_of_parent = |parent: &str| {
        let live = held.iter().filter(|slot| slot.state(world.now()).is_live());
        let below = live.filter(|slot| parent_of(slot.unit_slug.as_str()) == Some(parent));
        u32::try_from(below.count()).unwrap_or(u32::MAX)
    };
    let line: Vec<Waiting<'_>> = drawn
        .record
        .waiting
        .iter()
        .filter(|slug| !gone.contains(*slug) && held.iter().all(|slot| slot.unit_slug.as_str() != *slug))
        .map(|slug| Waiting { unit: slug, n_of_parent: parent_of(slug).map(n_of_parent) })
        .collect();
    if let Some(next) = next_in_line(&line, cap, slot.not_before, given_back.at) {
        let unit = unit_of(&tx, next).await?;
        let probability = drawn.record.probability.get(next).copied();
        grant_in_wave(world, &mut tx, who, wave, unit, Asked::Pull, probability).await?;
    }
    world.commit(tx).await?;
    Ok(())
}

/// Grants a unit a slot of a wave, unless it got one before or none is left.
async fn grant_in_wave(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    wave: WaveId,
    unit: UnitId,
    asked: Asked,
    probability: Option<f64>,
) -> Result<(), Trouble> {
    let wave = waves::one(tx, wave).await?.ok_or(Trouble::NotFound { what: "wave" })?;
    let held = store::of_wave(tx, wave.id).await?;
    if held.iter().any(|slot| slot.unit == unit) {
        return Ok(());
    }
    let now = world.now();
    let n_live = held.iter().filter(|slot| slot.state(now).is_live()).count();
    let whole = |n: usize| Slots(u32::try_from(n).unwrap_or(u32::MAX));
    room(whole(wave.n_slots), whole(n_live))?;
    let time = time_of(wave.starts_at, wave.ends_at, now);
    let granting = Granting { change: wave.change, wave: Some(wave.id), unit, asked, probability, time };
    record(world, tx, who, granting).await?;
    Ok(())
}

/// The time of a slot granted at `now`: a slot that comes late begins when it is granted.
fn time_of(starts: Moment, ends: Option<Moment>, now: Moment) -> Span {
    Span { from: starts.max(now), until: ends }
}

async fn unit_of(tx: &Tx, slug: &str) -> Result<UnitId, Trouble> {
    let not_found = Trouble::NotFound { what: "unit" };
    let Ok(slug) = slug.parse() else { return Err(not_found) };
    Ok(units::by_slug(tx, &slug).await?.ok_or(not_found)?.id)
}
