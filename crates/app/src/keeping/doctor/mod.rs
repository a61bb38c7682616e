//! Whether the database is well: what the schema promises, what verbs promise, and what somebody should look at.
//!
//! It only looks. What it finds it tells with what to do; nothing is mended behind anybody's back.

pub mod commands;
mod holds;
mod journal;
mod store;

use std::collections::BTreeMap;

use crate::keeping::verbs::MALFORMED;
use crate::store::whole::Layout;
use crate::store::{OpenRefused, Sql};
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
    let layout = Layout::of_this_version().await?;
    let mut seen = Seen { world, sql: world.store().snapshot().await?, looks: Vec::new() };
    // What a look finds before it stops at what it cannot read stays found.
    let mut found = Vec::new();
    if world.store().is_embedded() {
        tell("file");
        let look = store::file(&seen.sql, depth).await;
        seen.keep("file", &mut found, look).await?;
    }
    tell("schema");
    let look = store::schema(&seen.sql, &layout).await;
    seen.keep("schema", &mut found, look).await?;
    tell("rows");
    let look = store::references(&seen.sql, &layout, depth).await;
    seen.keep("rows", &mut found, look).await?;
    tell("journal");
    let look = journal::journal(&seen.sql, noted, &mut found).await;
    seen.keep("journal", &mut found, look).await?;
    tell("consequences");
    let look = store::consequences(&seen.sql).await;
    seen.keep("consequences", &mut found, look).await?;
    tell("draws");
    let look = holds::draws(&seen.sql, &mut found).await;
    seen.keep("draws", &mut found, look).await?;
    tell("slots");
    let look = holds::slots(&seen.sql, &mut found).await;
    seen.keep("slots", &mut found, look).await?;
    tell("outcomes");
    let look = store::outcomes::outcomes(&seen.sql, depth, &mut found).await;
    seen.keep("outcomes", &mut found, look).await?;
    tell("usage");
    let look = store::usage::usage(&seen.sql, depth, &mut found).await;
    seen.keep("usage", &mut found, look).await?;
    tell("predictions");
    let look = store::predictions(&seen.sql, &mut found).await;
    seen.keep("predictions", &mut found, look).await?;
    tell("evidence");
    let look = store::evidence(&seen.sql, &mut found).await;
    seen.keep("evidence", &mut found, look).await?;
    Ok(seen.looks)
}

/// What was looked at so far, and what the rest is read from.
struct Seen<'a> {
    world: &'a World,
    sql: Sql,
    looks: Vec<Look>,
}

impl Seen<'_> {
    /// Keeps a look. One that stopped at something that cannot be read has found it; the others go on.
    async fn keep(
        &mut self,
        name: &'static str,
        found: &mut Vec<Finding>,
        look: Result<Look, Broken>,
    ) -> Result<(), Broken> {
        let mut findings = std::mem::take(found);
        let (what, todo) = match look {
            Ok(mut look) => {
                findings.append(&mut look.findings);
                self.looks.push(Look { findings, ..look });
                return Ok(());
            }
            Err(Broken::Database(error)) => {
                // A server's transaction is over with its first error.
                self.sql = self.world.store().snapshot().await?;
                (unread(name, &error.to_string()), DAMAGED)
            }
            Err(broken @ (Broken::ImpossibleRow { .. } | Broken::Accident { .. })) => (
                broken.to_string(),
                "take that row from the last backup, and report this; what comes after it was not looked at",
            ),
            Err(broken) => return Err(broken),
        };
        findings.push(Finding { what, todo });
        self.looks.push(Look { name, n: 0, findings, says: None, left_out: None });
        Ok(())
    }
}

/// What to do with a database that cannot be read to its end.
const DAMAGED: &str = "stop the server, keep this database as it is, and `traction restore` the last backup into a new place; what comes after it was not looked at";

fn unread(name: &str, why: &str) -> String {
    if why.contains(MALFORMED) {
        format!("the file is damaged: {why}")
    } else {
        format!("{name} cannot be looked at to the end: {why}")
    }
}

/// What is found where a database is lost or so damaged that it does not open; `None` if that is not what keeps it shut.
pub fn not_opened(refused: &OpenRefused) -> Option<Look> {
    let (what, todo) = match refused {
        OpenRefused::NotThere { place } => (
            format!("there is no database at {place}: it was lost or never made"),
            "check --data or --database; if it was lost, `traction restore` the last backup there",
        ),
        OpenRefused::Foreign { place } => (
            format!("{place} has no table of Traction: it is of something else, or its tables are gone"),
            "check --data or --database; if it is Traction's, stop the server, keep this file, and `traction restore` the last backup into a new folder",
        ),
        OpenRefused::NotADatabase { place } => (
            format!("{place} is not a database, or its beginning is damaged"),
            "check --data or --database; else stop the server, keep this file, and `traction restore` the last backup into a new folder",
        ),
        OpenRefused::Shut { why, .. } | OpenRefused::NotOurs { why, .. } if why.contains(MALFORMED) => {
            (unread("file", why), DAMAGED)
        }
        _ => return None,
    };
    let findings = vec![Finding { what, todo }];
    Some(Look { name: "file", n: 0, findings, says: None, left_out: None })
}

/// How many there are of each key that has more than one.
fn repeated<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut n_of = BTreeMap::new();
    keys.for_each(|key| *n_of.entry(key).or_insert(0) += 1);
    n_of.retain(|_, n| *n > 1);
    n_of
}
