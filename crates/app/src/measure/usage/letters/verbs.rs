//! Trying dead letters again, mended or as they are; leaving them.

use serde_json::Value;
use traction_domain::fact::Fact;
use traction_domain::measure::usage::EventRefused;
use traction_domain::org::who::{Actor, Who, allow};
use traction_domain::refusal::Refusal;

use crate::measure::usage::letter::{self, Meant};
use crate::measure::usage::letters::store::{self, DeadLetter, Ending};
use crate::measure::usage::subject::verbs::{self as subjects, whose};
use crate::measure::usage::{parts, verbs};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// So many dead letters are read at once when all are tried again.
const N_AT_ONCE: u32 = 500;

/// Stands for whomever a dead letter is about, while it is read.
const SOMEBODY: &str = "somebody";

/// Why a dead letter still does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterRefused {
    /// What is wrong with the event.
    #[error(transparent)]
    Event(#[from] EventRefused),
    /// What was written is no JSON.
    #[error("this is not JSON ({0}); write one event, as it was sent")]
    NotJson(String),
    /// An event that says nothing about use.
    #[error("this says nothing about use; mend it so that it does, or leave it")]
    SaysNothing,
}

impl Refusal for LetterRefused {
    fn field(&self) -> Option<&'static str> {
        Some("body")
    }
}

/// What trying again came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TriedAgain {
    /// So many count now.
    pub n_counted: usize,
    /// So many stay as they are.
    pub n_refused: usize,
}

/// Administrators may do anything with dead letters; a program, with those of its own source.
fn may(who: &Who, source: Option<&str>, what: &'static str) -> Result<(), Trouble> {
    let is_own = matches!(who.actor, Actor::Token(_)) && source == Some(who.name.as_str());
    Ok(allow(is_own || who.is_administrator(), "an administrator, or the system that sent it,", what)?)
}

/// One open dead letter.
pub async fn find(world: &World, who: &Who, source: &str, id: &str) -> Result<DeadLetter, Trouble> {
    may(who, Some(source), "see what could not be counted")?;
    let found = store::one(world.store().read(), source, id).await?;
    found.ok_or(Trouble::NotFound { what: "open dead letter" })
}

/// The open dead letters of one source or of all, the newest first.
pub async fn open(
    world: &World,
    who: &Who,
    source: Option<&str>,
    limit: u32,
) -> Result<Vec<DeadLetter>, Trouble> {
    may(who, source, "see what could not be counted")?;
    Ok(store::open(world.store().read(), source, limit).await?)
}

/// Tries one again: `mended` in its place, or as it is. It counts now, or the refusal says why not.
pub async fn try_again(
    world: &World,
    who: &Who,
    source: &str,
    id: &str,
    mended: Option<&str>,
) -> Result<(), Trouble> {
    let dead = find(world, who, source, id).await?;
    let body: Value = serde_json::from_str(mended.unwrap_or(&dead.body))
        .map_err(|error| LetterRefused::NotJson(error.to_string()))?;
    let meant = read(world, &dead, body).await??;
    match count(world, who, vec![(dead, meant)]).await? {
        (_, Some(why)) => Err(LetterRefused::from(why).into()),
        (_, None) => Ok(()),
    }
}

/// Tries all again as they are, of one source or of all; what still cannot be counted stays.
pub async fn try_all_again(world: &World, who: &Who, source: Option<&str>) -> Result<TriedAgain, Trouble> {
    may(who, source, "try dead letters again")?;
    let mut done = TriedAgain::default();
    let mut after = (String::new(), String::new());
    loop {
        let sql = world.store().read();
        let dead = store::open_after(sql, source, (&after.0, &after.1), N_AT_ONCE).await?;
        let Some(last) = dead.last() else { return Ok(done) };
        after = (last.source.clone(), last.id.clone());
        let n_read = dead.len();
        let mut good = Vec::new();
        for dead in dead {
            let body = serde_json::from_str(&dead.body).unwrap_or(Value::Null);
            if let Ok(meant) = read(world, &dead, body).await? {
                good.push((dead, meant));
            }
        }
        let (n_counted, _) = count(world, who, good).await?;
        done.n_counted += n_counted;
        done.n_refused += n_read - n_counted;
    }
}

/// Leaves one: it is no longer among those that wait.
pub async fn leave(world: &World, who: &Who, source: &str, id: &str) -> Result<(), Trouble> {
    let dead = find(world, who, source, id).await?;
    let tx = world.store().begin().await?;
    store::end(&tx, &dead.source, &dead.id, Ending::Left, world.now()).await?;
    world.commit(tx).await?;
    Ok(())
}

/// What a dead letter means now. Whoever it was about is put in his place: it names nobody.
async fn read(
    world: &World,
    dead: &DeadLetter,
    mut body: Value,
) -> Result<Result<Meant, LetterRefused>, Broken> {
    let is_named = parts::person(dead.form, &body).is_some();
    if !is_named && dead.subject.is_some() {
        parts::with_person(dead.form, &mut body, SOMEBODY);
    }
    let mut meant = match letter::read(dead.form, &body, dead.received_at) {
        Ok(Meant::Nothing) => return Ok(Err(LetterRefused::SaysNothing)),
        Ok(meant) => meant,
        Err(why) => return Ok(Err(why.into())),
    };
    let (Meant::Used(wish) | Meant::Shown(wish)) = &mut meant else { return Ok(Ok(meant)) };
    if wish.id.starts_with("sha256:") {
        // Without an id of its own it counts once under that of the dead letter, however it was mended.
        wish.id = dead.id.clone();
    }
    if let Some(subject) = dead.subject.as_ref().filter(|_| !is_named) {
        wish.person = whose(world.store().read(), subject).await?;
        wish.subject = Some(subject.clone());
    }
    Ok(Ok(meant))
}

/// Counts what can be counted, and ends those dead letters: how many, and why the last of the others was not.
async fn count(
    world: &World,
    who: &Who,
    good: Vec<(DeadLetter, Meant)>,
) -> Result<(usize, Option<EventRefused>), Broken> {
    let keys = subjects::keys(world).await?;
    let mut tx = world.store().begin().await?;
    let (mut n_counted, mut refused) = (0, None);
    for (dead, meant) in good {
        match verbs::again(&tx, &keys, &dead.source, dead.received_at, &meant).await? {
            Ok(()) => {
                store::end(&tx, &dead.source, &dead.id, Ending::Counted, world.now()).await?;
                n_counted += 1;
            }
            Err(why) => refused = Some(why),
        }
    }
    if n_counted > 0 {
        tx.journal(world.now(), who, Fact::DeadLettersTriedAgain {}).await?;
        world.commit(tx).await?;
    }
    Ok((n_counted, refused))
}
