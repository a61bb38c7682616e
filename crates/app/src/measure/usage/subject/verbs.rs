//! Finding and making subjects; changing the key; letting go of what links them to people.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::fact::Fact;
use traction_domain::measure::usage::SubjectKey;
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal::Refusal;

use crate::measure::usage::letters;
use crate::measure::usage::subject::store::{self, Key, Link};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::{World, chance};

/// The setting in which earlier versions kept the one key they had.
const FORMER_SETTING: &str = "subject_key";

/// The key that is in use, and those that still find links made before.
pub struct Keys {
    /// In use.
    current: Key,
    /// Former ones, the newest first.
    former: Vec<Key>,
}

/// Why nothing about subjects was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectRefused {
    /// Nothing to retire.
    #[error(
        "there is no former key; make a new one first, and retire the former when people have been seen again"
    )]
    NoFormerKey,
    /// Nobody has sent anything yet.
    #[error("there is no key yet; it is made when the first usage arrives")]
    NoKey,
}

impl Refusal for SubjectRefused {}

/// What became of what was known of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Whether something linked him to a subject.
    pub n_links: u64,
    /// Dead letters about him, which are gone.
    pub n_dead: u64,
}

impl Keys {
    fn hashes(&self, person: &str) -> impl Iterator<Item = String> {
        std::iter::once(&self.current).chain(&self.former).map(|key| key.key.hash(person))
    }
}

/// The keys; the first is made at first use.
pub async fn keys(world: &World) -> Result<Keys, Broken> {
    if let Some(keys) = known(world.store().read()).await? {
        return Ok(keys);
    }
    let secret = hex::encode(world.secret::<32>());
    let tx = world.store().begin().await?;
    // Somebody may have been faster; his key counts.
    store::add_key(&tx, 1, &secret, world.now()).await?;
    adopt(&tx).await?;
    let keys = known(&tx).await?;
    world.commit(tx).await?;
    keys.ok_or_else(|| Broken::accident("making a key of the subjects", "it is not there"))
}

async fn known(sql: &Sql) -> Result<Option<Keys>, Broken> {
    let mut keys = store::keys(sql).await?;
    if keys.is_empty() {
        return Ok(None);
    }
    let current = keys.remove(0);
    Ok(Some(Keys { current, former: keys }))
}

/// Earlier versions made a subject of a name and one key. Its subjects are linked to the people who are known, and the
/// key is destroyed: nobody can make them from names again.
async fn adopt(sql: &Sql) -> Result<(), Broken> {
    let Some(former) = sql.setting(FORMER_SETTING).await? else { return Ok(()) };
    let mut bytes = [0; 32];
    hex::decode_to_slice(&former, &mut bytes)
        .map_err(|error| Broken::accident("reading the former key of the subjects", error))?;
    let former = SubjectKey::new(bytes);
    if let Some(keys) = known(sql).await? {
        let link = |name: String| Link {
            name: keys.current.key.hash(&name),
            key: keys.current.n,
            subject: former.hash(&name),
        };
        store::add_links(sql, store::names(sql).await?.into_iter().map(link).collect()).await?;
    }
    sql.unsettle(FORMER_SETTING).await
}

/// The subjects of these people, as far as they have one.
pub async fn find(
    sql: &Sql,
    keys: &Keys,
    people: &BTreeSet<&str>,
) -> Result<BTreeMap<String, String>, Broken> {
    let mut of_hash = BTreeMap::new();
    for person in people {
        of_hash.extend(keys.hashes(person).map(|hash| (hash, *person)));
    }
    let hashes: Vec<String> = of_hash.keys().cloned().collect();
    let found = store::subjects(sql, &hashes).await?;
    let pair = |(hash, subject): (String, String)| Some(((*of_hash.get(&hash)?).to_owned(), subject));
    Ok(found.into_iter().filter_map(pair).collect())
}

/// The subjects of these people, in a transaction; who has none gets one. `known` are those that were found before it
/// began.
pub async fn link(
    sql: &Sql,
    keys: &Keys,
    people: &BTreeSet<&str>,
    mut known: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Broken> {
    let missing: BTreeSet<&str> =
        people.iter().copied().filter(|person| !known.contains_key(*person)).collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let made = missing.iter().map(|person| Link {
        name: keys.current.key.hash(person),
        key: keys.current.n,
        subject: hex::encode(chance::<16>()),
    });
    store::add_links(sql, made.collect()).await?;
    // Somebody may have been faster; his subjects count.
    known.extend(find(sql, keys, &missing).await?);
    Ok(known)
}

/// The subject of a person, where he has one.
pub async fn of(world: &World, person: &str) -> Result<Option<String>, Broken> {
    let sql = world.store().read();
    let Some(keys) = known(sql).await? else { return Ok(None) };
    Ok(find(sql, &keys, &BTreeSet::from([person])).await?.remove(person))
}

/// The name of a known person who has this subject.
pub async fn whose(sql: &Sql, subject: &str) -> Result<Option<String>, Broken> {
    let Some(keys) = known(sql).await? else { return Ok(None) };
    let names = store::names(sql).await?;
    let people: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let found = find(sql, &keys, &people).await?;
    Ok(found.into_iter().find(|(_, of)| of == subject).map(|(person, _)| person))
}

/// Puts a new key in use. Links of the people who are known are found by it at once; others still by the former key,
/// and by the new one as soon as they are seen. Returns how many were taken over.
pub async fn rotate(world: &World, who: &Who) -> Result<usize, Trouble> {
    who.must_administer("change the key of the subjects")?;
    let secret = hex::encode(world.secret::<32>());
    let mut tx = world.store().begin().await?;
    let former = known(&tx).await?.ok_or(SubjectRefused::NoKey)?;
    let n = former.current.n + 1;
    store::add_key(&tx, n, &secret, world.now()).await?;
    let names = store::names(&tx).await?;
    let people: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let found = find(&tx, &former, &people).await?;
    let keys = known(&tx).await?.ok_or(SubjectRefused::NoKey)?;
    let n_found = found.len();
    take_over(&tx, &keys, found).await?;
    tx.journal(world.now(), who, Fact::SubjectKeyChanged {}).await?;
    world.commit(tx).await?;
    Ok(n_found)
}

/// Has the key in use find these subjects, too.
async fn take_over(sql: &Sql, keys: &Keys, found: BTreeMap<String, String>) -> Result<(), Broken> {
    let link = |(person, subject): (String, String)| Link {
        name: keys.current.key.hash(&person),
        key: keys.current.n,
        subject,
    };
    store::add_links(sql, found.into_iter().map(link).collect()).await
}

/// Has the key in use find those of `known` that only a former one found.
pub async fn take_over_seen(sql: &Sql, keys: &Keys, known: &BTreeMap<String, String>) -> Result<(), Broken> {
    if keys.former.is_empty() { Ok(()) } else { take_over(sql, keys, known.clone()).await }
}

/// Destroys the former keys, and the links that only they find: of people not seen since, the past is nobody's. Returns
/// how many links.
pub async fn retire(world: &World, who: &Who) -> Result<u64, Trouble> {
    who.must_administer("retire a key of the subjects")?;
    let mut tx = world.store().begin().await?;
    let keys = known(&tx).await?.ok_or(SubjectRefused::NoKey)?;
    if keys.former.is_empty() {
        return Err(SubjectRefused::NoFormerKey.into());
    }
    let n_links = store::destroy_below(&tx, keys.current.n).await?;
    tx.journal(world.now(), who, Fact::SubjectKeyRetired {}).await?;
    world.commit(tx).await?;
    sweep(world).await;
    Ok(n_links)
}

/// Destroys all keys and all links: the past is nobody's, and everybody who is seen again is somebody new. Returns how
/// many links.
pub async fn forget(world: &World, who: &Who) -> Result<u64, Trouble> {
    who.must_administer("destroy the key of the subjects")?;
    let mut tx = world.store().begin().await?;
    let n_links = store::destroy_all(&tx).await?;
    letters::store::destroy_of_anybody(&tx).await?;
    tx.journal(world.now(), who, Fact::SubjectsForgotten {}).await?;
    world.commit(tx).await?;
    sweep(world).await;
    Ok(n_links)
}

/// Destroys what links a person to his subject: what he did stays counted, as nobody's. Dead letters about him go. He
/// may do so himself, and an administrator may; the journal does not say of whom.
pub async fn erase(world: &World, who: &Who, person: &str) -> Result<Erased, Trouble> {
    let is_his_own = match who.person() {
        Some(id) => store::name_of(world.store().read(), id).await?.as_deref() == Some(person),
        None => false,
    };
    allow(is_his_own || who.is_administrator(), "the person himself or an administrator", "erase this")?;
    let mut tx = world.store().begin().await?;
    let found = match known(&tx).await? {
        Some(keys) => find(&tx, &keys, &BTreeSet::from([person])).await?.remove(person),
        None => None,
    };
    let Some(subject) = found else { return Ok(Erased { n_links: 0, n_dead: 0 }) };
    let n_links = store::destroy_links(&tx, &subject).await?;
    let n_dead = letters::store::destroy_of(&tx, &subject).await?;
    tx.journal(world.now(), &who.undisclosed(), Fact::UsageErased {}).await?;
    world.commit(tx).await?;
    sweep(world).await;
    Ok(Erased { n_links, n_dead })
}

/// Has what was destroyed leave the disk, too. It is destroyed already; so a database that is busy is only logged.
async fn sweep(world: &World) {
    if let Err(broken) = store::sweep(world.store()).await {
        tracing::warn!(%broken, "what was destroyed stays on the disk until the database overwrites it");
    }
}
