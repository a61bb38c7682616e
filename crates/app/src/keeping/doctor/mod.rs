//! Whether the database is well: what the schema promises, what verbs promise, and what somebody should look at.
//!
//! It only looks. What it finds it tells with what to do; nothing is mended behind anybody's back.

pub mod commands;
mod holds;
mod journal;
mod store;

use std::collections::BTreeMap;

use crate::store::whole::Layout;
use crate::trouble::Broken;
use crate::world::World;

pub use journal::{NoSeal, Noted};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What, in a few words.
    pub name: &'static str,
    /// How much of it there was to look at.
    pub n: usize,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
    /// What else there is to say, for whoever keeps it.
    pub says: Option<String>,
    /// What of it was not looked at.
    pub left_out: Option<&'static str>,
}

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everything.
    Whole,
    /// All but the pages of the file and the rows of use, of which a large installation has very many.
    Quick,
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
    examine_against(world, None).await
}

/// Looks at everything, and at the journal against a seal of it that was noted elsewhere.
pub async fn examine_against(world: &World, noted: Option<&Noted>) -> Result<Vec<Look>, Broken> {
    examine_as(world, noted, Depth::Whole, |_| {}).await
}

/// As [`examine_against`], as deep as is wished. `tell` hears what is looked at next: what grows with the events takes long.
pub async fn examine_as(
    world: &World,
    noted: Option<&Noted>,
    depth: Depth,
    tell: impl Fn(&'static str),
) -> Result<Vec<Look>, Broken> {
    let sql = world.store().snapshot().await?;
    let layout = Layout::of_this_version().await?;
    let mut looks = Vec::new();
    if world.store().is_embedded() {
        tell("file");
        looks.push(whole("file", store::file(&sql, depth).await)?);
    }
    tell("rows");
    looks.push(whole("rows", store::references(&sql, &layout, depth).await)?);
    tell("journal");
    looks.push(whole("journal", journal::journal(&sql, noted).await)?);
    tell("consequences");
    looks.push(whole("consequences", store::consequences(&sql).await)?);
    tell("draws");
    looks.push(whole("draws", holds::draws(&sql).await)?);
    tell("slots");
    looks.push(whole("slots", holds::slots(&sql).await)?);
    tell("usage");
    looks.push(whole("usage", store::usage::usage(&sql, depth).await)?);
    tell("predictions");
    looks.push(whole("predictions", store::predictions(&sql).await)?);
    tell("evidence");
    looks.push(whole("evidence", store::evidence(&sql).await)?);
    Ok(looks)
}

/// A look that stopped at something that cannot be read has found it; the others go on.
fn whole(name: &'static str, look: Result<Look, Broken>) -> Result<Look, Broken> {
    match look {
        Err(broken @ (Broken::ImpossibleRow { .. } | Broken::Accident { .. })) => {
            let todo =
                "take that row from the last backup, and report this; what comes after it was not looked at";
            let findings = vec![Finding { what: broken.to_string(), todo }];
            Ok(Look { name, n: 0, findings, says: None, left_out: None })
        }
        look => look,
    }
}

/// How many there are of each key that has more than one.
fn repeated<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut n_of = BTreeMap::new();
    keys.for_each(|key| *n_of.entry(key).or_insert(0) += 1);
    n_of.retain(|_, n| *n > 1);
    n_of
}
