//! Trying dead letters again, mended or as they are; leaving them.

use std::collections::BTreeMap;

use serde_json::Value;
use traction_domain::fact::Fact;
use traction_domain::measure::usage::{EventRefused, Kind};
use traction_domain::org::who::{Actor, Who, allow};
use traction_domain::refusal::Refusal;

use crate::measure::usage::letter::{self, Form, Meant};
use crate::measure::usage::letters::store::{self, DeadLetter, Ending};
use crate::measure::usage::made_id::IdOf;
use crate::measure::usage::subject::verbs::whose;
use crate::measure::usage::{parts, store as usage, verbs};
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
    #[error("{}", form.says(why))]
    Event {
        /// In which language it is written.
        form: Form,
        /// What it is.
        why: EventRefused,
    },
    /// What is kept of it is not what was sent.
    #[error("{why}; only a part of it is kept, so write it anew and smaller, or leave it")]
    KeptInPart {
        /// Why it was set aside.
        why: String,
    },
    /// What was written is no JSON.
    #[error("this is not JSON ({0}); write one event, as it was sent")]
    NotJson(String),
    /// Another event was counted under it.
    #[error(
        "an event with the id `{id}` is counted already, so this one would not count; give it its own id"
    )]
    IdIsTaken {
        /// The id.
        id: String,
    },
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
    if id.contains('\0') {
        return Err(Trouble::NotFound { what: "open dead letter" });
    }
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
    if mended.is_none() && dead.kind == Kind::TooLarge {
        return Err(LetterRefused::KeptInPart { why: dead.why }.into());
    }
    let people = whose(world.store().read(), &dead.subject.iter().cloned().collect()).await?;
    let meant = read(&dead, body, &people)?;
    let form = dead.form;
    if let (Some(_), Some(wish)) = (mended, meant.wish()) {
        let own = serde_json::from_str(&dead.body).ok().and_then(|body| parts::own_id(form, &body));
        let is_own = wish.id == dead.id || own.as_deref() == Some(wish.id.as_str());
        if !is_own && usage::is_known(world.store().read(), source, &wish.id).await? {
            return Err(LetterRefused::IdIsTaken { id: wish.id.clone() }.into());
        }
    }
    match count(world, who, vec![(dead, meant)]).await? {
        (_, Some(why)) => Err(LetterRefused::Event { form, why }.into()),
        (_, None) => Ok(()),
    }
}

/// Tries all again as they are, of one source or of all; what still cannot be counted stays.
pub async fn try_all_again(world: &World, who: &Who, source: Option<&str>) -> Result<TriedAgain, Trouble> {
    may(who, source, "try dead letters again")?;
    let mut done = TriedAgain::default();
    let subjects = store::open_subjects(world.store().read(), source).await?;
    let people = whose(world.store().read(), &subjects).await?;
    let mut after = (String::new(), String::new());
    loop {
        let sql = world.store().read();
        let dead = store::open_after(sql, source, (&after.0, &after.1), N_AT_ONCE).await?;
        let Some(last) = dead.last() else { return Ok(done) };
        after = (last.source.clone(), last.id.clone());
        let n_read = dead.len();
        let mut good = Vec::new();
        // Of what was too large a part is kept, which is not what was sent.
        for dead in dead.into_iter().filter(|dead| dead.kind != Kind::TooLarge) {
            let body = serde_json::from_str(&dead.body).unwrap_or(Value::Null);
            if let Ok(meant) = read(&dead, body, &people) {
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
    let mut tx = world.store().begin().await?;
    store::end(&tx, &[&dead], Ending::Left, world.now()).await?;
    tx.journal(world.now(), who, Fact::DeadLetterLeft {}).await?;
    world.commit(tx).await?;
    Ok(())
}

/// What a dead letter means now. Whoever it was about is put in his place, for it names nobody; `people` are the names of
/// those subjects that are known people's.
fn read(
    dead: &DeadLetter,
    mut body: Value,
    people: &BTreeMap<String, String>,
) -> Result<Meant, LetterRefused> {
    let is_named = parts::person(dead.form, &body).is_some();
    if !is_named && dead.subject.is_some() {
        parts::with_person(dead.form, &mut body, SOMEBODY);
    }
    let form = dead.form;
    let read = letter::read(form, &body, dead.received_at);
    let mut meant = read.map_err(|why| LetterRefused::Event { form, why })?;
    let (Meant::Used(wish) | Meant::Shown(wish)) = &mut meant else { return Err(LetterRefused::SaysNothing) };
    if wish.id_of == IdOf::Content {
        // Without an id of its own it counts once under that of the dead letter, however it was mended.
        (wish.id, wish.id_of) = (dead.id.clone(), IdOf::Sender);
    }
    if let Some(subject) = dead.subject.as_ref().filter(|_| !is_named) {
        wish.person = people.get(subject).cloned();
        wish.subject = Some(subject.clone());
    }
    Ok(meant)
}

/// Counts what can be counted, and ends those dead letters: how many, and why the last of the others was not.
///
/// It arrives now: the week in which it happened may be closed, and what arrives later counts in the next.
async fn count(
    world: &World,
    who: &Who,
    good: Vec<(DeadLetter, Meant)>,
) -> Result<(usize, Option<EventRefused>), Broken> {
    let mut tx = world.store().begin().await?;
    let meant: Vec<(&str, &Meant)> = good.iter().map(|(dead, meant)| (dead.source.as_str(), meant)).collect();
    let done = verbs::again(world, &tx, world.now(), &meant).await?;
    let counted: Vec<&DeadLetter> =
        good.iter().zip(&done).filter(|(_, done)| done.is_ok()).map(|((dead, _), _)| dead).collect();
    let n_counted = counted.len();
    if n_counted > 0 {
        store::end(&tx, &counted, Ending::Counted, world.now()).await?;
        tx.journal(world.now(), who, Fact::DeadLettersTriedAgain {}).await?;
        world.commit(tx).await?;
    }
    Ok((n_counted, done.into_iter().filter_map(Result::err).next_back()))
}
