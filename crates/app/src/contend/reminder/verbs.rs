//! Asking to be reminded of a wave, and no longer.

use traction_domain::contend::reminder as rules;
use traction_domain::fact::Fact;
use traction_domain::id::PersonId;
use traction_domain::org::who::{Who, allow};

use crate::contend::reminder::store;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::trouble::Trouble;
use crate::world::World;

/// Reminds whoever asks of a wave. Asking twice is asking once.
pub async fn ask(world: &World, who: &Who, wave: &Wave) -> Result<(), Trouble> {
    let person = person(who)?;
    let mut tx = world.store().begin().await?;
    let now = world.now();
    wave::verbs::must_stand(&tx, wave.id).await?;
    rules::ask(wave.closes_at, now)?;
    if store::of_person(&tx, person, now).await?.iter().any(|asked| asked.wave == wave.id) {
        return Ok(());
    }
    store::write(&tx, wave.id, person, "asked", now).await?;
    tx.journal(now, &who.undisclosed(), Fact::ReminderAsked { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Reminds him of the wave no more.
pub async fn end(world: &World, who: &Who, wave: &Wave) -> Result<(), Trouble> {
    let person = person(who)?;
    let mut tx = world.store().begin().await?;
    let now = world.now();
    if store::of_person(&tx, person, now).await?.iter().all(|asked| asked.wave != wave.id) {
        return Ok(());
    }
    store::write(&tx, wave.id, person, "ended", now).await?;
    tx.journal(now, &who.undisclosed(), Fact::ReminderEnded { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

fn person(who: &Who) -> Result<PersonId, Trouble> {
    allow(who.person().is_some(), "a person who signed in", "be reminded")?;
    who.person().ok_or(Trouble::NotSignedIn)
}
