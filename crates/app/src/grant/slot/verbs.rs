//! Granting slots, and what happens to them.

pub mod past;

use std::collections::BTreeSet;

use traction_domain::contend::draw::{Record, Slots};
use traction_domain::fact::Fact;
use traction_domain::grant::slot::{Asked, Held, Line, Span, Step, Taker, Takes, room};
use traction_domain::id::{SlotId, UnitId, WaveId};
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal;
use traction_domain::time::Moment;

use crate::contend::draw::store as draws;
use crate::grant::slot::store::{self, Event, Granting, Slot};
use crate::offer::change;
use crate::offer::wave::store::{self as waves, Wave};
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

/// Pauses, resumes, gives back, takes back or ends a slot. Whoever takes it from a unit that is not his, says why.
pub async fn step(world: &World, who: &Who, id: SlotId, step: Step, why: &str) -> Result<(), Trouble> {
    let why = refusal::maybe_text(why, "why", "the reason", 400)?;
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
    let taker = match who.leads(slot.unit) {
        true => Taker::Unit,
        false => Taker::Other { name: who.name.clone() },
    };
    record_step(world, &mut tx, &slot, step, &taker, why).await?;
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
    taker: &Taker,
    why: Option<String>,
) -> Result<(), Trouble> {
    let at = world.now();
    slot.rule.may(step, at)?;
    let why = taker.reason(step, why)?;
    let event = Event { step, why, decided_by: taker.decides(step).map(ToOwned::to_owned), at };
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

/// Grants the slots of a wave that was drawn, and passes on those that nobody can take. Whoever has the change already
/// is not given it a second time.
pub async fn grant_drawn(world: &World, who: &Who, wave: WaveId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let Some(drawn) = Drawn::read(&tx, wave, world.now()).await? else { return Ok(()) };
    for slug in drawn.line().winners() {
        grant_by_draw(world, &mut tx, who, &drawn, slug).await?;
    }
    if world.now() < drawn.wave.starts_at {
        move_up(world, &mut tx, who, wave).await?;
    }
    world.commit(tx).await?;
    Ok(())
}

/// Grants a slot past the draw, where somebody decided so and gave a reason, unless that was done with the decision.
pub async fn grant_overridden(world: &World, who: &Who, wave: WaveId, unit: UnitId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    grant_in_wave(world, &mut tx, who, wave, unit, Asked::Push, None).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Passes a slot that its unit gave back before its start on to the first who waits; one that somebody else took from it
/// moves nobody up. Its unit may wait itself, in another wave that has not started and has a place free: then it moves up
/// there.
pub async fn pass_on(world: &World, who: &Who, id: SlotId) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let Some(slot) = store::one(&tx, id).await? else { return Ok(()) };
    let Some(freed) = over(&slot).map(|event| event.at) else { return Ok(()) };
    for wave in waves::of_change(&tx, slot.change).await? {
        let is_own = slot.wave == Some(wave.id);
        if (if is_own { freed } else { world.now().max(freed) }) < wave.starts_at {
            move_up(world, &mut tx, who, wave.id).await?;
        }
    }
    world.commit(tx).await?;
    Ok(())
}

/// Grants what became free to those who move up.
async fn move_up(world: &World, tx: &mut Tx, who: &Who, wave: WaveId) -> Result<(), Trouble> {
    let now = world.now();
    let Some(drawn) = Drawn::read(tx, wave, now).await? else { return Ok(()) };
    for slug in drawn.line().moves_up(now) {
        grant_by_draw(world, tx, who, &drawn, slug).await?;
    }
    Ok(())
}

async fn grant_by_draw(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    drawn: &Drawn,
    slug: &str,
) -> Result<(), Trouble> {
    let unit = unit_of(tx, slug).await?;
    let probability = drawn.record.probability.get(slug).copied();
    grant_in_wave(world, tx, who, drawn.wave.id, unit, Asked::Pull, probability).await
}

/// A drawn wave with all that its line is told from, read in one transaction.
struct Drawn {
    wave: Wave,
    record: Record,
    held: Vec<Held>,
    out: BTreeSet<String>,
}

impl Drawn {
    async fn read(tx: &Tx, id: WaveId, now: Moment) -> Result<Option<Drawn>, Trouble> {
        let Some(drawn) = draws::drawn(tx, id).await? else { return Ok(None) };
        let wave = waves::one(tx, id).await?.ok_or(Trouble::NotFound { what: "wave" })?;
        let slots = store::of_change(tx, wave.change).await?;
        let now = store::no_earlier_than_known(&slots, now);
        let (own, others): (Vec<&Slot>, Vec<&Slot>) = slots.iter().partition(|slot| slot.wave == Some(id));
        let mut out = draws::withdrawn_units(tx, id).await?;
        let has_it = others.iter().filter(|slot| slot.state(now).is_held());
        out.extend(has_it.map(|slot| slot.unit_slug.to_string()));
        let held = own.iter().map(|slot| held(slot, now)).collect();
        Ok(Some(Drawn { wave, record: drawn.record, held, out }))
    }

    fn line(&self) -> Line<'_> {
        Line { record: &self.record, held: &self.held, out: &self.out, starts: self.wave.starts_at }
    }
}

/// A slot as the line needs to know it.
pub fn held(slot: &Slot, now: Moment) -> Held {
    Held {
        unit: slot.unit_slug.to_string(),
        asked: slot.asked,
        takes: if slot.state(now).is_live() { Takes::Place } else { Takes::Nothing },
        freed: freed(slot),
    }
}

/// When a slot became free for whoever waits, if it did: a decision over the unit's head moves nobody up.
fn freed(slot: &Slot) -> Option<Moment> {
    over(slot).filter(|event| event.decided_by.is_none()).map(|event| event.at)
}

/// How a slot was given back or ended, if it was.
fn over(slot: &Slot) -> Option<&Event> {
    slot.events.iter().find(|event| matches!(event.step, Step::GivenBack | Step::Ended))
}

/// Grants a unit a slot of a wave, unless it got one before, has the change by another, or none is left.
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
    let now = store::no_earlier_than_known(&held, world.now());
    let had_one = held.iter().any(|slot| slot.unit == unit);
    let is_over = wave.ends_at.is_some_and(|ends| ends <= now);
    if had_one || is_over || store::held(tx, wave.change, unit, now).await?.is_some() {
        return Ok(());
    }
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
