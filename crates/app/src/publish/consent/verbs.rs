//! Asking a unit for its consent, and its lead's answer.

use traction_domain::fact::Fact;
use traction_domain::id::{EvidenceId, UnitId};
use traction_domain::org::who::Who;
use traction_domain::publish::consent::{self as rules, Consent, ConsentWish};
use traction_domain::publish::showcase::Subject;
use traction_domain::refusal;

use crate::offer::change;
use crate::org::unit;
use crate::publish::consent::store;
use crate::publish::showcase;
use crate::store::Tx;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Says something on the consent of a unit: whoever runs the change asks, the unit's lead answers. A consent that is
/// taken back takes the unit's showcase of that record down with it.
pub async fn say(
    world: &World,
    who: &Who,
    evidence: EvidenceId,
    unit: UnitId,
    wish: ConsentWish,
    words: &str,
) -> Result<Consent, Trouble> {
    let mut tx = world.store().begin().await?;
    let claim = showcase::verbs::find_claim(&tx, evidence).await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    match wish {
        ConsentWish::Ask => change::verbs::must_run(who, &claim.change, "ask a unit for its consent")?,
        _ => who.must_lead(unit, "answer for it")?,
    }
    let words = refusal::maybe_text(words, "words", "what you say with it", 600)?.unwrap_or_default();
    let last = store::one(&tx, evidence, unit).await?.map(|last| last.consent);
    let consent = rules::say(last, wish)?;
    record(world, &mut tx, who, evidence, unit, consent, &words).await?;
    if consent == Consent::Withdrawn
        && let Some(live) = showcase::store::live(&tx, evidence, Subject::Unit(unit)).await?
    {
        showcase::verbs::record_end(world, &mut tx, who, live, "The unit took its consent back.").await?;
    }
    world.commit(tx).await?;
    Ok(consent)
}

/// Records a word on a consent in a transaction that another verb began.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    evidence: EvidenceId,
    unit: UnitId,
    consent: Consent,
    words: &str,
) -> Result<(), Broken> {
    let now = world.now();
    store::add(tx, evidence, unit, consent, words, who.person(), now).await?;
    let fact = match consent {
        Consent::Asked => Fact::ConsentAsked { evidence, unit },
        Consent::Given => Fact::ConsentGiven { evidence, unit },
        Consent::Declined => Fact::ConsentDeclined { evidence, unit },
        Consent::Withdrawn => Fact::ConsentWithdrawn { evidence, unit },
    };
    tx.journal(now, who, fact).await
}
