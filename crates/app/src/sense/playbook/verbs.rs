//! Bringing a playbook in, and taking one over under a name of one's own.

use traction_domain::fact::Fact;
use traction_domain::org::who::Who;
use traction_domain::sense::playbook::{self as rules, BUILT_IN, Brings, Edition, Latest};

use crate::sense::playbook::store::{self, Kept};
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::world::World;

/// Brings a playbook in, as its newest version. Anyone who signed in may.
pub async fn bring(world: &World, who: &Who, text: &str) -> Result<Edition, Trouble> {
    let edition = rules::read(text)?.edition;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let before = store::find(&tx, &edition.id).await?;
    let latest =
        before.as_ref().map(|before| Latest { version: before.playbook.edition.version, text: &before.text });
    if rules::bring(&edition, text, latest, &BUILT_IN.map(|(name, _)| name))? == Brings::Newest {
        store::add(&tx, &edition, text, who.person(), now).await?;
        tx.journal(now, who, Fact::PlaybookBrought {}).await?;
        world.commit(tx).await?;
    }
    Ok(edition)
}

/// Takes a playbook over under another name, at version 1.
pub async fn fork(world: &World, who: &Who, from: &str, id: &str) -> Result<Edition, Trouble> {
    let origin = find(world.store().read(), from).await?;
    bring(world, who, &rules::fork(&origin.text, id)?).await
}

/// The newest version of a playbook.
pub async fn find(sql: &Sql, name: &str) -> Result<Kept, Trouble> {
    store::find(sql, name).await?.ok_or(Trouble::NotFound { what: "playbook" })
}
