//! Several subjects of one person. Whose names came here before anybody knew that they are one person's has a subject for
//! each; what came under them stays there, and wherever people are counted he is one.
//!
//! It is looked for when somebody becomes known, and among all before weeks are counted.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::PersonId;

use crate::measure::usage::subject::keys::{Keys, known};
use crate::measure::usage::subject::store;
use crate::measure::usage::subject::store::aliases::{self, Aliases};
use crate::measure::usage::subject::store::names::Names;
use crate::measure::usage::subject::verbs::{find, further, linked};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::world::World;

/// How many people are looked at together.
const N_AT_ONCE: usize = 2_000;

/// Joins the subjects of whoever has these names, in a verb's transaction; how many were not joined yet.
pub async fn join(world: &World, sql: &Sql, names: &[String]) -> Result<usize, Broken> {
    let subjects = linked(sql, names).await?.subjects;
    aliases::join(sql, &subjects, world.now()).await
}

/// Joins the subjects of a person, once his names are known here.
pub async fn join_of(world: &World, person: PersonId) -> Result<(), Broken> {
    let read = world.store().read();
    let names = store::names::of(read, person).await?;
    if linked(read, &names).await?.subjects.len() < 2 {
        return Ok(());
    }
    let tx = world.store().begin().await?;
    join(world, &tx, &names).await?;
    world.commit(tx).await
}

/// Joins the subjects of everybody who is known and has several; how many were not joined yet. Others can write while it
/// looks.
pub async fn join_all(world: &World) -> Result<usize, Broken> {
    let read = world.store().read();
    let Some(keys) = known(read).await? else { return Ok(0) };
    let joined = aliases::all(read).await?;
    let mut left = Vec::new();
    for some in store::names::all(read).await?.chunks(N_AT_ONCE) {
        left.extend(apart(read, &keys, &joined, some).await?);
    }
    let mut n_joined = 0;
    for some in left.chunks(N_AT_ONCE) {
        let tx = world.store().begin().await?;
        for names in some {
            n_joined += join(world, &tx, names).await?;
        }
        world.commit(tx).await?;
    }
    Ok(n_joined)
}

/// Of these people, those who are counted under several subjects still.
async fn apart(sql: &Sql, keys: &Keys, joined: &Aliases, people: &[Names]) -> Result<Vec<Names>, Broken> {
    let named = find(sql, keys, &people.iter().flatten().map(String::as_str).collect()).await?;
    // By subject, further ones of the same person.
    let mut beside = BTreeMap::<String, Vec<String>>::new();
    let mut last: BTreeSet<String> = named.values().flat_map(|found| found.subjects.clone()).collect();
    while !last.is_empty() {
        let sought: Vec<(String, String)> = last.into_iter().map(|one| (further(&one), one)).collect();
        let mut found = find(sql, keys, &sought.iter().map(|(name, _)| name.as_str()).collect()).await?;
        let next = sought
            .into_iter()
            .map(|(name, one)| (one, found.remove(&name).map(|found| found.subjects).unwrap_or_default()));
        let next: Vec<(String, Vec<String>)> = next.collect();
        last = next.iter().flat_map(|(_, subjects)| subjects.clone()).collect();
        beside.extend(next);
        last.retain(|subject| !beside.contains_key(subject));
    }
    let is_apart = |names: &&Names| {
        let mut all: Vec<&String> =
            names.iter().filter_map(|name| named.get(name)).flat_map(|found| &found.subjects).collect();
        let (mut seen, mut counted) = (BTreeSet::new(), BTreeSet::new());
        while let Some(subject) = all.pop() {
            if seen.insert(subject) {
                counted.insert(joined.get(subject).unwrap_or(subject));
                all.extend(beside.get(subject).into_iter().flatten());
            }
        }
        counted.len() > 1
    };
    Ok(people.iter().filter(is_apart).cloned().collect())
}
