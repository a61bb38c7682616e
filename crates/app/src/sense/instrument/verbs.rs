//! Bringing an instrument in.

use traction_domain::fact::Fact;
use traction_domain::org::who::Who;
use traction_domain::sense::playbook::{Brings, Edition, Latest, bring as may_come_in};
use traction_domain::sense::readiness::{self as rules, BUILT_IN};

use crate::sense::instrument::store;
use crate::trouble::Trouble;
use crate::world::World;

/// Brings an instrument in, as its newest version: what it asks is asked of whole units.
pub async fn bring(world: &World, who: &Who, text: &str) -> Result<Edition, Trouble> {
    who.must_lead_changes("bring an instrument in")?;
    let edition = rules::read(text)?.edition;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let before = store::find(&tx, &edition.id).await?;
    let latest = before
        .as_ref()
        .map(|before| Latest { version: before.instrument.edition.version, text: &before.text });
    if may_come_in(&edition, text, latest, &[BUILT_IN])? == Brings::Newest {
        store::add(&tx, &edition, text, who.person(), now).await?;
        tx.journal(now, who, Fact::InstrumentBrought {}).await?;
        world.commit(tx).await?;
    }
    Ok(edition)
}
