//! Making, changing and removing sources. Only administrators: a source has this server go out to another.

mod run;
mod stale;

use traction_domain::fact::Fact;
use traction_domain::id::{MetricId, SourceId};
use traction_domain::measure::source::{self as rules, SourceRefused, SourceWritten};
use traction_domain::org::slug::Slug;
use traction_domain::org::who::Who;

use crate::measure::source::store::{self, Source};
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::world::World;

pub use run::{run, run_due};
pub use stale::look_for_stale;

/// Makes a source; its short name.
pub async fn add(
    world: &World,
    who: &Who,
    metric: MetricId,
    written: SourceWritten<'_>,
) -> Result<Slug, Trouble> {
    who.must_administer("add a source: this server would go out to another database")?;
    let proposed = rules::propose(written, metric)?;
    let mut tx = world.store().begin().await?;
    if store::is_taken(&tx, &proposed.slug).await? {
        return Err(SourceRefused::Taken { slug: proposed.slug }.into());
    }
    let (id, now) = (world.id::<SourceId>(), world.now());
    store::add(&tx, id, &proposed, now).await?;
    tx.journal(now, who, Fact::SourceAdded { source: id, metric }).await?;
    world.commit(tx).await?;
    Ok(proposed.slug)
}

/// Has a source ask something else from now on; what it asked before stays with the runs that asked it.
pub async fn change(world: &World, who: &Who, slug: &str, written: SourceWritten<'_>) -> Result<(), Trouble> {
    who.must_administer("change what a source asks")?;
    let asks = rules::asks(written)?;
    let mut tx = world.store().begin().await?;
    let source = find(&tx, slug).await?;
    if asks == source.asks {
        return Ok(());
    }
    let now = world.now();
    store::asks(&tx, source.id, source.asks_n + 1, &asks, now).await?;
    tx.journal(now, who, Fact::SourceChanged { source: source.id }).await?;
    Ok(world.commit(tx).await?)
}

/// Removes a source: it is asked no more. What it brought stays, and so do its runs.
pub async fn remove(world: &World, who: &Who, slug: &str) -> Result<(), Trouble> {
    who.must_administer("remove a source")?;
    let mut tx = world.store().begin().await?;
    let source = find(&tx, slug).await?;
    let now = world.now();
    store::end(&tx, source.id, now).await?;
    tx.journal(now, who, Fact::SourceRemoved { source: source.id }).await?;
    Ok(world.commit(tx).await?)
}

/// The source of a short name as it stands in an address or on a command line.
pub async fn find(sql: &Sql, slug: &str) -> Result<Source, Trouble> {
    let none = || Trouble::NotFound { what: "source" };
    let slug = slug.parse::<Slug>().map_err(|_| none())?;
    store::by_slug(sql, &slug).await?.ok_or_else(none)
}
