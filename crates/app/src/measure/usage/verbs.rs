//! Taking usage in: tied, hashed, and kept once, before anybody is told that it was.

use serde_json::Value;
use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::usage::SubjectKey;
use traction_domain::time::Moment;

use crate::measure::usage::segment::{Dead, Letter};
use crate::measure::usage::store::{self, DeadLetter, UsageEvent};
use crate::measure::usage::ties::Ties;
use crate::store::Sql;
use crate::trouble::Broken;
use crate::world::World;

/// The setting that holds the key of the subjects' hashes.
const SUBJECT_KEY: &str = "subject_key";

/// Parts of an event that name somebody, or say where he sits.
const NAMES: [&str; 6] = ["userId", "anonymousId", "traits", "context", "integrations", "previousId"];

/// An event as a client sent it, read.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageWish {
    /// Its id, under which it counts once.
    pub id: String,
    /// What was done.
    pub event: String,
    /// Who did it, as the real system knows him.
    pub person: Option<String>,
    /// The short name of the unit, where the event says so.
    pub unit: Option<String>,
    /// The change's short name or flag, where the event says so.
    pub change: Option<String>,
    /// A number that goes with it.
    pub value: Option<f64>,
    /// When it happened.
    pub occurred: Moment,
}

/// What became of what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Events that were not known before.
    pub n_new: u64,
    /// Things set aside that were not known before.
    pub n_dead: u64,
}

/// Takes in what `source` sent. When it returns, all of it is on the disk.
pub async fn take_in(
    world: &World,
    source: &str,
    letter: Letter,
    received: Moment,
) -> Result<TakenIn, Broken> {
    if letter.events.is_empty() && letter.dead.is_empty() {
        return Ok(TakenIn { n_new: 0, n_dead: 0 });
    }
    let key = subject_key(world).await?;
    let ties = Ties::of(world.store().read(), &letter.events).await?;
    let events = letter.events.into_iter().map(|wish| {
        let (unit, change) = ties.tie(&wish);
        kept(&key, source, received, wish, unit, change)
    });
    let events = events.collect();
    let dead = letter.dead.into_iter().map(|dead| set_aside(&key, source, received, dead)).collect();
    let tx = world.store().begin_ingest().await?;
    let n_new = store::add(&tx, events).await?;
    let n_dead = store::add_dead(&tx, dead).await?;
    world.commit(tx).await?;
    Ok(TakenIn { n_new, n_dead })
}

/// Records events in a transaction that another verb began; all belong to `change` where one is given. The number of
/// those that were not known before.
pub async fn record(
    sql: &Sql,
    key: &SubjectKey,
    source: &str,
    received: Moment,
    wishes: Vec<UsageWish>,
    change: Option<ChangeId>,
) -> Result<u64, Broken> {
    let ties = Ties::of(sql, &wishes).await?;
    let events = wishes.into_iter().map(|wish| {
        let (unit, tied) = ties.tie(&wish);
        kept(key, source, received, wish, unit, change.or(tied))
    });
    store::add(sql, events.collect()).await
}

fn kept(
    key: &SubjectKey,
    source: &str,
    received: Moment,
    wish: UsageWish,
    unit: Option<UnitId>,
    change: Option<ChangeId>,
) -> UsageEvent {
    UsageEvent {
        source: source.to_owned(),
        id: wish.id,
        received_at: received,
        occurred_at: wish.occurred,
        subject: wish.person.map(|person| key.subject(&person)),
        unit,
        change,
        event: wish.event,
        value: wish.value,
    }
}

/// A dead letter says what was wrong and in what, and nobody's name: the person only as his hash.
fn set_aside(key: &SubjectKey, source: &str, received: Moment, dead: Dead) -> DeadLetter {
    let mut body = dead.body;
    if let Value::Object(event) = &mut body {
        let subject = event.get("userId").and_then(Value::as_str).map(|person| key.subject(person));
        NAMES.iter().for_each(|name| {
            event.remove(*name);
        });
        if let Some(subject) = subject {
            event.insert("subject".into(), subject.into());
        }
    }
    DeadLetter {
        source: source.to_owned(),
        id: dead.id,
        received_at: received,
        why: dead.why.to_string().replace('\0', " "),
        body: body.to_string(),
    }
}

/// The key of the subjects' hashes, made at first use.
pub async fn subject_key(world: &World) -> Result<SubjectKey, Broken> {
    if let Some(stored) = world.store().read().setting(SUBJECT_KEY).await? {
        return read_key(&stored);
    }
    let made = hex::encode(world.secret::<32>());
    let tx = world.store().begin().await?;
    tx.settle(SUBJECT_KEY, &made).await?;
    // Somebody may have been faster; his key counts.
    let stored = tx.setting(SUBJECT_KEY).await?.unwrap_or(made);
    world.commit(tx).await?;
    read_key(&stored)
}

fn read_key(stored: &str) -> Result<SubjectKey, Broken> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(stored, &mut bytes)
        .map_err(|error| Broken::accident("reading the key of the subjects", error))?;
    Ok(SubjectKey::new(bytes))
}
