//! Finding and making subjects; letting go of what links them to people.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use traction_domain::fact::Fact;
use traction_domain::id::PersonId;
use traction_domain::measure::usage::one_writing;
use traction_domain::org::who::{Who, allow};
use traction_domain::words::listed;

use crate::measure::usage::letters;
use crate::measure::usage::subject::keys::{Keys, in_use, known};
use crate::measure::usage::subject::store;
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::{World, chance};

/// What became of what was known of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// What was linked to him.
    pub of: Linked,
    /// How many links to his usage there were, which are gone.
    pub n_links: u64,
    /// Dead letters about him, which are gone.
    pub n_dead: u64,
}

/// The subjects of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// First the one under which he is kept now; others where an earlier version let two keys lead to two.
    pub(super) subjects: Vec<String>,
    /// Whether the key in use finds him.
    pub(super) is_current: bool,
}

/// The subjects of these people, as far as they have any.
pub(super) async fn find(
    sql: &Sql,
    keys: &Keys,
    people: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Found>, Broken> {
    let hashed: Vec<(&str, Vec<String>)> =
        people.iter().map(|person| (*person, keys.hashes(person))).collect();
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
    let hashes: Vec<String> = people.iter().map(|person| keys.hash(person)).collect();
    let links: HashMap<String, String> = store::subjects(sql, &hashes).await?.into_iter().collect();
    let subject_of =
        |(person, hash): (&&str, &String)| Some(((*person).to_owned(), links.get(hash)?.clone()));
    Ok(people.iter().zip(&hashes).map(subject_of).collect())
}

/// The subjects under which these people are kept. Who has none gets one, and whom only a former key finds is found by
/// the one in use from then on. Where one person is named by his external id and by his address, both lead to one.
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
    let unseen: Vec<&str> = people.iter().copied().filter(|person| !found.contains_key(*person)).collect();
    let meant = store::names::meant(sql, &unseen).await?;
    let others = meant.values().flatten().map(String::as_str);
    let of_others = find(sql, &keys, &others.collect()).await?;
    let mut subjects: BTreeMap<String, String> = BTreeMap::new();
    // By the one writing of each name: however many writings of an address come together, it is one.
    let mut linked: BTreeMap<String, String> = BTreeMap::new();
    let mut links = Vec::new();
    // Those first who are known by the very name: another name of theirs leads to the same subject.
    let (seen, unseen): (Vec<&str>, Vec<&str>) =
        people.iter().partition(|person| found.contains_key(**person));
    for person in seen.into_iter().chain(unseen) {
        let own = found.remove(person).unwrap_or_default();
        let names = meant.get(person).map(Vec::as_slice).unwrap_or_default();
        let so_far = |name: &str| linked.get(&*one_writing(name)).cloned();
        let other = |name: &String| so_far(name).or_else(|| Some(of_others.get(name)?.subjects[0].clone()));
        let by_another = || names.iter().find_map(other);
        let subject = so_far(person).or_else(|| own.subjects.into_iter().next()).or_else(by_another);
        let subject = subject.unwrap_or_else(|| hex::encode(chance::<16>()));
        if !own.is_current {
            links.push(keys.link(person, subject.clone()));
        }
        linked.insert(one_writing(person).into_owned(), subject.clone());
        // His first name leads there too, so that whichever comes next is found.
        if let Some(first) = names.first().filter(|name| !of_others.contains_key(*name))
            && !linked.contains_key(&*one_writing(first))
        {
            links.push(keys.link(first, subject.clone()));
            linked.insert(one_writing(first).into_owned(), subject.clone());
        }
        subjects.insert(person.to_owned(), subject);
    }
    store::add_links(sql, links).await?;
    Ok(subjects)
}

/// What is linked to somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// The names that lead to it, as far as they are known.
    pub names: Vec<String>,
    /// The subjects; the one under which he is kept now comes first.
    pub subjects: Vec<String>,
}

/// The subjects of a person, as far as he has any, by whichever of his names he is named here.
pub async fn of(world: &World, person: &str) -> Result<Vec<String>, Broken> {
    Ok(linked(world.store().read(), &names(world.store().read(), person).await?).await?.subjects)
}

/// The names of whoever is named so: this one, and those that are known here to be his.
pub async fn names(sql: &Sql, person: &str) -> Result<Vec<String>, Broken> {
    let mut names = store::names::meant(sql, &[person]).await?.remove(person).unwrap_or_default();
    // Also in a writing of its own, under which earlier versions may have linked it.
    if !names.iter().any(|name| name == person) {
        names.push(person.to_owned());
    }
    Ok(names)
}

impl Linked {
    /// What leads to it, in words.
    pub fn by(&self) -> String {
        if self.names.is_empty() { "an address of before".to_owned() } else { listed(&self.names) }
    }
}

/// What is linked to whoever has these names, also under addresses he had before.
pub async fn linked(sql: &Sql, names: &[String]) -> Result<Linked, Broken> {
    let Some(keys) = known(sql).await? else { return Ok(Linked::default()) };
    let mut linked = Linked::default();
    let mut found = find(sql, &keys, &names.iter().map(String::as_str).collect()).await?;
    for name in names {
        let Some(found) = found.remove(name) else { continue };
        if !linked.names.iter().any(|known| one_writing(known) == one_writing(name)) {
            linked.names.push(name.clone());
        }
        linked.subjects.extend(found.subjects);
    }
    let mut last = linked.subjects.clone();
    while !last.is_empty() {
        let sought: Vec<String> = last.iter().map(|subject| further(subject)).collect();
        let found = find(sql, &keys, &sought.iter().map(String::as_str).collect()).await?;
        last = found.into_values().flat_map(|found| found.subjects).collect();
        last.retain(|subject| !linked.subjects.contains(subject));
        linked.subjects.extend(last.iter().cloned());
    }
    let mut once = BTreeSet::new();
    linked.subjects.retain(|subject| once.insert(subject.clone()));
    Ok(linked)
}

/// The name under which a further subject of the one who has this subject is linked. No event can name anybody so.
pub(super) fn further(subject: &str) -> String {
    format!("\0further {subject}")
}

/// Whether anything is linked to a name that is a person's no longer, once he has another address: it stays his, and is
/// found by the names that he has now. Whoever gets the former address after him begins anew.
pub async fn readdress(sql: &Sql, person: PersonId, former: &str) -> Result<bool, Broken> {
    let Some(keys) = known(sql).await? else { return Ok(false) };
    let names = store::names::of(sql, person).await?;
    // Who has it as external id goes on being named so.
    let (Some(address), false) = (names.last(), store::names::is_external_id(sql, former).await?) else {
        return Ok(false);
    };
    if names.iter().any(|name| one_writing(name) == former) {
        return Ok(false);
    }
    let his = linked(sql, &[former.to_owned()]).await?.subjects;
    store::destroy_named(sql, &keys.hashes(former)).await?;
    let mut reached = linked(sql, &names).await?.subjects;
    let mut links = Vec::new();
    for subject in &his {
        if reached.contains(subject) {
            continue;
        }
        let name = reached.last().map_or_else(|| address.clone(), |last| further(last));
        links.push(keys.link(&name, subject.clone()));
        reached.push(subject.clone());
    }
    store::add_links(sql, links).await?;
    Ok(!his.is_empty())
}

/// By subject, the name of the known person who has it. It goes through everybody once, however many are asked for.
pub async fn whose(sql: &Sql, subjects: &BTreeSet<String>) -> Result<BTreeMap<String, String>, Broken> {
    let Some(keys) = known(sql).await? else { return Ok(BTreeMap::new()) };
    let asked: Vec<String> = subjects.iter().cloned().collect();
    let links: HashMap<String, String> = store::links_to(sql, &asked).await?.into_iter().collect();
    if links.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names = store::names::all(sql).await?;
    let look = tokio::task::spawn_blocking(move || {
        let of = |name: &str| keys.hashes(name).into_iter().find_map(|hash| links.get(&hash).cloned());
        let whose = |names: Vec<String>| {
            let subjects: Vec<String> = names.iter().filter_map(|name| of(name)).collect();
            subjects.into_iter().map(move |subject| (subject, names[0].clone()))
        };
        names.into_iter().flat_map(whose).collect()
    });
    look.await.map_err(|error| Broken::accident("looking whose subjects these are", error))
}

/// Destroys whatever links a person to his usage, by each of his names: what he did stays counted, as nobody's, and
/// without the ids that its senders gave it. Dead letters about him go. He may do so himself, and an administrator may; the journal does not say of whom.
pub async fn erase(world: &World, who: &Who, person: &str) -> Result<Erased, Trouble> {
    let is_his_own = match who.person() {
        Some(id) => store::names::of(world.store().read(), id).await?.iter().any(|name| name == person),
        None => false,
    };
    allow(is_his_own || who.is_administrator(), "the person himself or an administrator", "erase this")?;
    let mut tx = world.store().begin().await?;
    let linked = linked(&tx, &names(&tx, person).await?).await?;
    let mut erased = Erased { of: linked, n_links: 0, n_dead: 0 };
    if erased.of.subjects.is_empty() {
        return Ok(erased);
    }
    // What becomes nobody's stays one person's.
    store::aliases::join(&tx, &erased.of.subjects, world.now()).await?;
    for subject in &erased.of.subjects {
        store::ids::take_out_of(world.store(), &tx, subject).await?;
        erased.n_links += store::destroy_links(&tx, subject).await?;
        erased.n_dead += letters::store::destroy_of(&tx, subject).await?;
    }
    tx.journal(world.now(), &who.undisclosed(), Fact::UsageErased {}).await?;
    world.commit(tx).await?;
    sweep(world).await;
    Ok(erased)
}

/// What is linked to a person, for whoever runs the installation to write out what is his; the journal keeps that it was done.
pub async fn take_out(world: &World, who: &Who, person: &str) -> Result<Linked, Trouble> {
    who.must_administer("write out a person's usage")?;
    let mut tx = world.store().begin().await?;
    let linked = linked(&tx, &names(&tx, person).await?).await?;
    tx.journal(world.now(), who, Fact::UsageTakenOut {}).await?;
    world.commit(tx).await?;
    Ok(linked)
}

/// Has what was destroyed leave the disk, too. It is destroyed already; so a database that is busy is only logged.
pub(super) async fn sweep(world: &World) {
    if let Err(broken) = store::sweep(world.store()).await {
        tracing::warn!(%broken, "what was destroyed stays on the disk until the database overwrites it");
    }
}
