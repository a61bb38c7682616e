//! Slots given past the draw: one who runs the change asks, with a reason that is published; another confirms or declines.
//!
//! The request, the answer and the slot are checked and kept in one transaction each, so that no two decisions take the
//! same slot.

use traction_domain::contend::draw::{DrawRefused, Override};
use traction_domain::fact::Fact;
use traction_domain::grant::slot::{Asked, Takes};
use traction_domain::id::UnitId;
use traction_domain::org::who::Who;
use traction_domain::refusal;

use super::{Drawn, grant_in_wave, move_up};
use crate::contend::draw::store::{self as draws, Answer};
use crate::grant::slot::store;
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::org::unit;
use crate::store::Tx;
use crate::trouble::Trouble;
use crate::world::World;

/// Asks for a slot past the draw for a unit of its list. Nothing is given before a second person confirms it.
pub async fn ask(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    unit: UnitId,
    why: &str,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "give a slot past the draw")?;
    let person = who.must_be_a_person("decide past the draw")?;
    let why = refusal::maybe_text(why, "why", "the reason", 400)?.ok_or(DrawRefused::NoReason)?;
    let mut tx = world.store().begin().await?;
    let now = world.now();
    may_get(world, &mut tx, wave, unit).await?;
    if draws::open_request(&tx, wave.id, unit).await?.is_some() {
        return Err(DrawRefused::AskedAlready.into());
    }
    draws::ask(&tx, wave.id, unit, &why, person, now).await?;
    tx.journal(now, who, Fact::OverrideAsked { wave: wave.id, unit }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Answers what was asked for: a second person confirms it, and the unit gets its slot; or somebody who runs the change,
/// also who asked, says no.
pub async fn answer(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    unit: UnitId,
    answer: Answer,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "confirm a slot past the draw")?;
    let person = who.must_be_a_person("decide past the draw")?;
    let mut tx = world.store().begin().await?;
    let now = world.now();
    let asked = draws::open_request(&tx, wave.id, unit).await?;
    let asked = asked.ok_or(Trouble::NotFound { what: "request for a slot past the draw" })?;
    if answer == Answer::Confirmed {
        if asked.asked_by == person {
            return Err(DrawRefused::SamePerson.into());
        }
        may_get(world, &mut tx, wave, unit).await?;
        let decided = Override {
            unit: String::new(),
            what: "granted".into(),
            who: format!("{}, confirmed by {}", asked.asked_by_name, who.name),
            why: asked.why.clone(),
            when: Some(now),
        };
        draws::override_place(&tx, wave.id, unit, &decided, now).await?;
        tx.journal(now, who, Fact::Overridden { wave: wave.id, unit }).await?;
        grant_in_wave(world, &mut tx, who, wave.id, unit, Asked::Push, None).await?;
    } else {
        tx.journal(now, who, Fact::OverrideDeclined { wave: wave.id, unit }).await?;
    }
    draws::answer(&tx, wave.id, &asked, answer, person, now).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Refuses unless the unit contended, has no slot, and one is free that nobody waits for.
async fn may_get(world: &World, tx: &mut Tx, wave: &Wave, unit: UnitId) -> Result<(), Trouble> {
    let now = world.now();
    if let Some(ended) = wave.ends_at.filter(|ends| *ends <= now) {
        return Err(DrawRefused::Over { ended }.into());
    }
    if now < wave.starts_at {
        // What was given back before the start belongs to those who wait.
        move_up(world, tx, &Who::the_loop(), wave.id).await?;
    }
    let drawn = Drawn::read(tx, wave.id, now).await?.ok_or(DrawRefused::NotDrawn)?;
    let slug = unit::store::one(tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?.slug;
    if drawn.record.list.iter().all(|line| line.entry.unit != slug.as_str()) {
        return Err(DrawRefused::NotListed { unit: slug.to_string() }.into());
    }
    let had_one = drawn.held.iter().any(|slot| slot.unit == slug.as_str());
    if had_one || store::held(tx, wave.change, unit, now).await?.is_some() {
        return Err(DrawRefused::HasSlot.into());
    }
    if drawn.held.is_empty() && !drawn.line().winners().is_empty() {
        return Err(DrawRefused::NotGrantedYet.into());
    }
    let n_taken = drawn.held.iter().filter(|slot| slot.takes == Takes::Place).count();
    if n_taken >= wave.n_slots {
        let slots = u32::try_from(wave.n_slots).unwrap_or(u32::MAX);
        return Err(DrawRefused::NoneLeft { slots }.into());
    }
    Ok(())
}
