//! Publishing a showcase, and taking it down.

use traction_domain::fact::Fact;
use traction_domain::id::{EvidenceId, ShowcaseId};
use traction_domain::org::who::{Who, allow};
use traction_domain::publish::consent::Consent;
use traction_domain::publish::showcase::{
    self as rules, Ground, Running, ShowcaseRefused, ShowcaseWish, Subject,
};
use traction_domain::refusal;
use traction_domain::time::Moment;

use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::offer::{change, wave};
use crate::org::unit;
use crate::prove::evidence;
use crate::prove::evidence::store::Evidence;
use crate::publish::consent;
use crate::publish::showcase::store::{self, Showcase};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// An evidence record with the change it is about: what there is to publish.
pub struct Claim {
    /// The record.
    pub evidence: Evidence,
    /// The change.
    pub change: Change,
}

/// The claim of an evidence record.
pub async fn find_claim(sql: &Sql, evidence: EvidenceId) -> Result<Claim, Trouble> {
    let evidence =
        evidence::store::one(sql, evidence).await?.ok_or(Trouble::NotFound { what: "evidence record" })?;
    let change =
        change::store::one(sql, evidence.change).await?.ok_or(Trouble::NotFound { what: "change" })?;
    Ok(Claim { evidence, change })
}

/// The waves of a change that run at `now`: their slots have started and not ended.
pub async fn running(sql: &Sql, change: &Change, now: Moment) -> Result<Vec<Running>, Broken> {
    let waves = wave::store::of_change(sql, change.id).await?;
    let runs = |wave: &&Wave| {
        wave.cancelled.is_none() && wave.starts_at <= now && wave.ends_at.is_none_or(|ends| now < ends)
    };
    let running = |wave: &Wave| Running { n: u32::try_from(wave.n).unwrap_or(u32::MAX), ends: wave.ends_at };
    Ok(waves.iter().filter(runs).map(running).collect())
}

/// Publishes an evidence record with its story: the change as a whole by whoever runs it; a unit's own story by its
/// lead, who thereby consents, or by whoever runs the change once the unit has consented.
pub async fn publish(
    world: &World,
    who: &Who,
    evidence: EvidenceId,
    subject: Subject,
    wish: &ShowcaseWish<'_>,
) -> Result<ShowcaseId, Trouble> {
    let (id, now) = (world.id::<ShowcaseId>(), world.now());
    let mut tx = world.store().begin().await?;
    let claim = find_claim(&tx, evidence).await?;
    let (unit_name, consent) = match subject {
        Subject::Change => {
            change::verbs::must_run(who, &claim.change, "publish its results")?;
            (String::new(), None)
        }
        Subject::Unit(unit) => {
            let may = who.speaks_for(unit) || change::verbs::runs(who, &claim.change);
            allow(may, "the unit's lead or whoever runs the change", "publish its own story")?;
            let name = unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?.name;
            let last = consent::store::one(&tx, evidence, unit).await?.map(|last| last.consent);
            if who.leads(unit) && last != Some(Consent::Given) {
                consent::verbs::record(world, &mut tx, who, evidence, unit, Consent::Given, "").await?;
                (name, Some(Consent::Given))
            } else {
                (name, last)
            }
        }
    };
    let running = running(&tx, &claim.change, now).await?;
    let live = store::live(&tx, evidence, subject).await?;
    let ground = Ground { kind: claim.evidence.verdict_kind, subject, consent, live, running: &running };
    let published = rules::publish(&ground, wish, &unit_name)?;
    store::add(&tx, id, (evidence, claim.change.id), subject, &published, who.person(), now).await?;
    tx.journal(now, who, Fact::Published { showcase: id, change: claim.change.id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Takes a showcase down, with the reason: whoever runs the change, or the lead of the unit whose story it is.
pub async fn take_down(world: &World, who: &Who, id: ShowcaseId, why: &str) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let showcase = find(&tx, id).await?;
    let change =
        change::store::one(&tx, showcase.change).await?.ok_or(Trouble::NotFound { what: "change" })?;
    let may = may_manage(who, &change, &showcase);
    allow(may, "whoever runs the change, or the unit's lead,", "take a showcase down")?;
    if showcase.down.is_some() {
        return Err(ShowcaseRefused::DownAlready.into());
    }
    let why = refusal::text(why, "why", "why it is taken down", 400).map_err(ShowcaseRefused::from)?;
    record_end(world, &mut tx, who, id, &why).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Whether somebody may take a showcase down, and sees it while it is held back.
pub fn may_manage(who: &Who, change: &Change, showcase: &Showcase) -> bool {
    change::verbs::runs(who, change)
        || showcase.unit.as_ref().is_some_and(|(unit, _, _)| who.speaks_for(*unit))
}

/// Records that a showcase was taken down, in a transaction that another verb began.
pub async fn record_end(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    id: ShowcaseId,
    why: &str,
) -> Result<(), Broken> {
    let now = world.now();
    store::end(tx, id, why, who.person(), now).await?;
    tx.journal(now, who, Fact::Unpublished { showcase: id }).await
}

/// One showcase.
pub async fn find(sql: &Sql, id: ShowcaseId) -> Result<Showcase, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "showcase" })
}
