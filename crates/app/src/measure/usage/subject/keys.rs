//! The keys by which links are found: the first is made at first use, a new one takes over whom the former found, and
//! with a key all is destroyed that only it finds.

use std::collections::BTreeSet;

use traction_domain::fact::Fact;
use traction_domain::measure::usage::{SubjectKey, one_writing};
use traction_domain::org::who::Who;
use traction_domain::refusal::Refusal;

use crate::measure::usage::letters;
use crate::measure::usage::subject::store::ids::Of;
use crate::measure::usage::subject::store::names::Names;
use crate::measure::usage::subject::store::{self, Key, KeyNumber, Link};
use crate::measure::usage::subject::verbs::{find, further, sweep};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// The setting in which earlier versions kept the one key they had.
const FORMER_SETTING: &str = "subject_key";

/// How many known people a new key takes over at once.
const N_AT_ONCE: usize = 2_000;

/// The key that is in use, and those that still find links made before.
#[derive(Clone)]
pub(super) struct Keys {
    /// In use.
    pub(super) current: Key,
    /// Former ones, the newest first.
    pub(super) former: Vec<Key>,
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

impl Keys {
    /// A link that the key in use finds.
    pub(super) fn link(&self, person: &str, subject: String) -> Link {
        Link { name: self.hash(person), key: self.current.n, subject }
    }

    /// By what the key in use finds a name.
    pub(super) fn hash(&self, person: &str) -> String {
        self.current.key.hash(&one_writing(person))
    }

    /// By what any key finds a name, the one in use first. Earlier versions linked each writing of an address by itself:
    /// the one that is given is looked for, too.
    pub(super) fn hashes(&self, person: &str) -> Vec<String> {
        let writing = one_writing(person);
        let as_given = Some(person).filter(|given| *given != writing);
        let by_each = |name: &str| {
            let keys = std::iter::once(&self.current).chain(&self.former);
            keys.map(|key| key.key.hash(name)).collect::<Vec<_>>()
        };
        let mut hashes = by_each(&writing);
        hashes.extend(as_given.into_iter().flat_map(by_each));
        hashes
    }
}

/// The keys, in a verb's transaction; the first is made at first use.
pub(super) async fn in_use(world: &World, sql: &Sql) -> Result<Keys, Broken> {
    if let Some(keys) = known(sql).await? {
        return Ok(keys);
    }
    store::add_key(sql, KeyNumber(1), &hex::encode(world.secret::<32>()), world.now()).await?;
    adopt(sql).await?;
    let keys = known(sql).await?;
    keys.ok_or_else(|| Broken::accident("making a key of the subjects", "it is not there"))
}

pub(super) async fn known(sql: &Sql) -> Result<Option<Keys>, Broken> {
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
        let names = store::names::all(sql).await?.into_iter().flatten();
        let link = |name: String| keys.link(&name, former.hash(&name));
        store::add_links(sql, names.map(link).collect()).await?;
    }
    sql.unsettle(FORMER_SETTING).await
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
    let all = store::names::all(world.store().read()).await?;
    let mut n_found = 0;
    for some in all.chunks(N_AT_ONCE) {
        let tx = world.store().begin().await?;
        let Some(keys) = known(&tx).await? else { break };
        let mut sought: BTreeSet<String> = some.iter().flatten().cloned().collect();
        let mut done = BTreeSet::new();
        while !sought.is_empty() {
            let found = find(&tx, &keys, &sought.iter().map(String::as_str).collect()).await?;
            let is_found = |names: &&Names| names.iter().any(|name| found.contains_key(name));
            if done.is_empty() {
                n_found += some.iter().filter(is_found).count();
            }
            let left = found.iter().filter(|(_, found)| !found.is_current);
            let links = left.map(|(name, found)| keys.link(name, found.subjects[0].clone()));
            store::add_links(&tx, links.collect()).await?;
            done.append(&mut sought);
            let subjects = found.values().flat_map(|found| &found.subjects);
            sought = subjects.map(|subject| further(subject)).filter(|name| !done.contains(name)).collect();
        }
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

/// Destroys all keys and all links: the past is nobody's, and everybody who is seen again is somebody new. What was
/// kept loses the ids that its senders gave it. Returns how many links.
pub async fn forget(world: &World, who: &Who) -> Result<u64, Trouble> {
    who.must_administer("destroy the key of the subjects")?;
    let mut tx = world.store().begin().await?;
    let n_links = store::destroy_all(&tx).await?;
    letters::store::destroy_of_anybody(&tx).await?;
    tx.journal(world.now(), who, Fact::SubjectsForgotten {}).await?;
    world.commit(tx).await?;
    // A few at a time, so that others can write in between. Whoever is interrupted here does the command again.
    for of in [Of::Events, Of::Showings] {
        let mut after = Some(i64::MIN);
        while let Some(from) = after {
            let tx = world.store().begin().await?;
            after = store::ids::next(&tx, of, from).await?;
            store::ids::take_out(world.store(), &tx, of, from, after.unwrap_or(i64::MAX)).await?;
            world.commit(tx).await?;
        }
    }
    sweep(world).await;
    Ok(n_links)
}
