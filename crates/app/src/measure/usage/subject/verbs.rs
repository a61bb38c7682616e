//! Finding and making subjects; changing the key; letting go of what links them to people.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use traction_domain::fact::Fact;
use traction_domain::measure::usage::SubjectKey;
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal::Refusal;

use crate::measure::usage::letters;
use crate::measure::usage::subject::store::{self, Key, KeyNumber, Link};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::{World, chance};

/// The setting in which earlier versions kept the one key they had.
const FORMER_SETTING: &str = "subject_key";

/// How many known people a new key takes over at once.
const N_AT_ONCE: usize = 2_000;

/// The key that is in use, and those that still find links made before.
#[derive(Clone)]
struct Keys {
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
    /// How many links to his usage there were, which are gone.
    pub n_links: u64,
    /// Dead letters about him, which are gone.
    pub n_dead: u64,
}

impl Keys {
    /// A link that the key in use finds.
    fn link(&self, person: &str, subject: String) -> Link {
        Link { name: self.current.key.hash(person), key: self.current.n, subject }
    }

    fn hashes(&self, person: &str) -> impl Iterator<Item = String> {
        std::iter::once(&self.current).chain(&self.former).map(|key| key.key.hash(person))
    }
}

/// The keys, in a verb's transaction; the first is made at first use.
async fn in_use(world: &World, sql: &Sql) -> Result<Keys, Broken> {
    if let Some(keys) = known(sql).await? {
        return Ok(keys);
    }
    store::add_key(sql, KeyNumber(1), &hex::encode(world.secret::<32>()), world.now()).await?;
    adopt(sql).await?;
    let keys = known(sql).await?;
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
        let link = |name: String| keys.link(&name, former.hash(&name));
        store::add_links(sql, store::names(sql).await?.into_iter().map(link).collect()).await?;
    }
    sql.unsettle(FORMER_SETTING).await
}

/// The subjects of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    /// First the one under which he is kept now; others where an earlier version let two keys lead to two.
    subjects: Vec<String>,
    /// Whether the key in use finds him.
    is_current: bool,
}

/// The subjects of these people, as far as they have any.
async fn find(sql: &Sql, keys: &Keys, people: &BTreeSet<&str>) -> Result<BTreeMap<String, Found>, Broken> {
    let hashed: Vec<(&str, Vec<String>)> =
        people.iter().map(|person| (*person, keys.hashes(person).collect())).collect();
    let hashes: Vec<String> = hashed.iter().flat_map(|(_, hashes)| hashes.iter().cloned()).collect();
    let links: HashMap<String, String> = store::subjects(sql, &hashes).await?.into_iter().collect();
    let mut all = BTreeMap::new();
    for (person, hashes) in hashed {
        let is_current = links.contains_key(&hashes[0]);
        let mut subjects: Vec<String> = hashes.iter().filter_map(|hash| links.get(hash).cloned()).collect();
        subjects.dedup();
        if !subjects.is_empty() {
            all.insert(person.to_owned(), Found { subjects, is_current });
        }
    }
    Ok(all)
}

/// The subjects under which these people are kept, where the key in use finds them all; else `None`: some are to be
/// linked first.
pub async fn if_linked(
    sql: &Sql,
    people: &BTreeSet<&str>,
) -> Result<Option<BTreeMap<String, String>>, Broken> {
    let Some(keys) = known(sql).await? else {
        return Ok(people.is_empty().then(BTreeMap::new));
    };
    let found = find(sql, &keys, people).await?;
    let subject_of = |person: &&str| {
        let found = found.get(*person).filter(|found| found.is_current)?;
        Some(((*person).to_owned(), found.subjects[0].clone()))
    };
    Ok(people.iter().map(subject_of).collect())
}

/// The subjects under which these people are kept. Who has none gets one, and whom only a former key finds is found by
/// the one in use from then on.
///
/// `sql` is a verb's transaction: keys change and links are destroyed in such ones alone, so neither happens between
/// looking and writing, and a link that was destroyed does not come back.
pub async fn link(
    world: &World,
    sql: &Sql,
    people: &BTreeSet<&str>,
) -> Result<BTreeMap<String, String>, Broken> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys = in_use(world, sql).await?;
    let mut found = find(sql, &keys, people).await?;
    let mut links = Vec::new();
    let mut subjects = BTreeMap::new();
    for person in people {
        let found = found.remove(*person).unwrap_or_default();
        let known = found.subjects.into_iter().next();
        let subject = known.unwrap_or_else(|| hex::encode(chance::<16>()));
        if !found.is_current {
            links.push(keys.link(person, subject.clone()));
        }
        subjects.insert((*person).to_owned(), subject);
    }
    store::add_links(sql, links).await?;
    Ok(subjects)
}

/// The subjects of a person, as far as he has any; the one under which he is kept now comes first.
pub async fn of(world: &World, person: &str) -> Result<Vec<String>, Broken> {
    of_person(world.store().read(), person).await
}

async fn of_person(sql: &Sql, person: &str) -> Result<Vec<String>, Broken> {
    let Some(keys) = known(sql).await? else { return Ok(Vec::new()) };
    let mut found = find(sql, &keys, &BTreeSet::from([person])).await?;
    Ok(found.remove(person).unwrap_or_default().subjects)
}

/// By subject, the name of the known person who has it. It goes through everybody once, however many are asked for.
pub async fn whose(sql: &Sql, subjects: &BTreeSet<String>) -> Result<BTreeMap<String, String>, Broken> {
    let Some(keys) = known(sql).await? else { return Ok(BTreeMap::new()) };
    let asked: Vec<String> = subjects.iter().cloned().collect();
    let links: HashMap<String, String> = store::links_to(sql, &asked).await?.into_iter().collect();
    if links.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names = store::names(sql).await?;
    let look = tokio::task::spawn_blocking(move || {
        let of = |name: &str| keys.hashes(name).find_map(|hash| links.get(&hash).cloned());
        names.into_iter().filter_map(|name| Some((of(&name)?, name))).collect()
    });
    look.await.map_err(|error| Broken::accident("looking whose subjects these are", error))
}

/// Puts a new key in use. Links of the people who are known are found by it at once; others still by the former key,
/// and by the new one as soon as they are seen. Returns how many were taken over.
pub async fn rotate(world: &World, who: &Who) -> Result<usize, Trouble> {
    who.must_administer("change the key of the subjects")?;
    let secret = hex::encode(world.secret::<32>());
    let mut tx = world.store().begin().await?;
    let former = known(&tx).await?.ok_or(SubjectRefused::NoKey)?;
    store::add_key(&tx, KeyNumber(former.current.n.0 + 1), &secret, world.now()).await?;
    tx.journal(world.now(), who, Fact::SubjectKeyChanged {}).await?;
    world.commit(tx).await?;
    // A few at a time, so that others can write in between: the new key is right without it.
    let names = store::names(world.store().read()).await?;
    let mut n_found = 0;
    for names in names.chunks(N_AT_ONCE) {
        let tx = world.store().begin().await?;
        let Some(keys) = known(&tx).await? else { break };
        let people: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let found = find(&tx, &keys, &people).await?;
        n_found += found.len();
        let left = found.into_iter().filter(|(_, found)| !found.is_current);
        let links = left.map(|(person, found)| keys.link(&person, found.subjects[0].clone()));
        store::add_links(&tx, links.collect()).await?;
        world.commit(tx).await?;
    }
    Ok(n_found)
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

/// Destroys whatever links a person to his usage: what he did stays counted, as nobody's. Dead letters about him go. He
/// may do so himself, and an administrator may; the journal does not say of whom.
pub async fn erase(world: &World, who: &Who, person: &str) -> Result<Erased, Trouble> {
    let is_his_own = match who.person() {
        Some(id) => store::name_of(world.store().read(), id).await?.as_deref() == Some(person),
        None => false,
    };
    allow(is_his_own || who.is_administrator(), "the person himself or an administrator", "erase this")?;
    let mut tx = world.store().begin().await?;
    let subjects = of_person(&tx, person).await?;
    let mut erased = Erased { n_links: 0, n_dead: 0 };
    if subjects.is_empty() {
        return Ok(erased);
    }
    for subject in &subjects {
        erased.n_links += store::destroy_links(&tx, subject).await?;
        erased.n_dead += letters::store::destroy_of(&tx, subject).await?;
    }
    tx.journal(world.now(), &who.undisclosed(), Fact::UsageErased {}).await?;
    world.commit(tx).await?;
    sweep(world).await;
    Ok(erased)
}

/// The subjects of a person, for whoever runs the installation to write out what is his; the journal keeps that it was done.
pub async fn take_out(world: &World, who: &Who, person: &str) -> Result<Vec<String>, Trouble> {
    who.must_administer("write out a person's usage")?;
    let mut tx = world.store().begin().await?;
    let subjects = of_person(&tx, person).await?;
    tx.journal(world.now(), who, Fact::UsageTakenOut {}).await?;
    world.commit(tx).await?;
    Ok(subjects)
}

/// Has what was destroyed leave the disk, too. It is destroyed already; so a database that is busy is only logged.
async fn sweep(world: &World) {
    if let Err(broken) = store::sweep(world.store()).await {
        tracing::warn!(%broken, "what was destroyed stays on the disk until the database overwrites it");
    }
}
