//! Whether the database is well: what the schema promises, what verbs promise, and what somebody should look at.
//!
//! It only looks. What it finds it tells with what to do; nothing is mended behind anybody's back.

pub mod commands;
mod holds;
mod store;

use std::collections::BTreeMap;

use crate::store::whole::Layout;
use crate::trouble::Broken;
use crate::world::World;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What, in a few words.
    pub name: &'static str,
    /// How much of it there was to look at.
    pub n: usize,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, in a sentence that names the row.
    pub what: String,
    /// What to do.
    pub todo: &'static str,
}

/// Looks at everything, each by itself.
pub async fn examine(world: &World) -> Result<Vec<Look>, Broken> {
    let sql = world.store().snapshot().await?;
    let layout = Layout::of_this_version().await?;
    let mut looks = Vec::new();
    if world.store().is_embedded() {
        looks.push(store::file(&sql).await?);
    }
    looks.push(store::references(&sql, &layout).await?);
    looks.push(store::journal(&sql).await?);
    looks.push(store::consequences(&sql).await?);
    looks.push(holds::draws(&sql).await?);
    looks.push(holds::slots(&sql).await?);
    looks.push(store::predictions(&sql).await?);
    looks.push(store::evidence(&sql).await?);
    Ok(looks)
}

/// How many there are of each key that has more than one.
fn repeated<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut n_of = BTreeMap::new();
    keys.for_each(|key| *n_of.entry(key).or_insert(0) += 1);
    n_of.retain(|_, n| *n > 1);
    n_of
}
