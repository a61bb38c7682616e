//! Beginning a trial of a remedy, noticing that it is due, and saying what became of the friction.

use traction_domain::fact::Fact;
use traction_domain::id::{CaseId, HoldId, RemedyOutcomeId, TrialId};
use traction_domain::org::who::Who;
use traction_domain::sense::account as accounts;
use traction_domain::sense::diagnosis::trial::{self as rules, TrialRefused};
use traction_domain::sense::diagnosis::{Outcome, tried};
use traction_domain::sense::playbook::Playbook;

use crate::sense::diagnosis;
use crate::sense::playbook;
use crate::sense::trial::store::{self, Trial};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// What a trial is to help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// A case.
    Case(CaseId),
    /// What an account is stuck on.
    Hold(HoldId),
}

/// A trial as it is begun.
#[derive(Clone, Copy, Debug)]
pub struct TrialWish<'a> {
    /// What it is to help.
    pub helps: For,
    /// What is tried, by its name in the playbook.
    pub remedy: &'a str,
    /// Against what, by its name there.
    pub friction: &'a str,
    /// After how many days it is asked what became of it.
    pub n_days: i64,
}

/// Records a trial in a transaction that another verb began, after it saw that the one who asks may.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    playbook: &Playbook,
    wish: &TrialWish<'_>,
) -> Result<TrialId, Trouble> {
    let (id, now) = (world.id::<TrialId>(), world.now());
    // Only what the playbook says that it removes can be learnt about.
    tried(playbook, wish.remedy, wish.friction, Outcome::Gone)?;
    let due_at = rules::due(now, wish.n_days)?;
    let (case, hold) = match wish.helps {
        For::Case(case) => (Some(case), None),
        For::Hold(hold) => (None, Some(hold)),
    };
    let before = match wish.helps {
        For::Case(case) => store::of_case(tx, case).await?,
        For::Hold(hold) => {
            store::of_holds(tx).await?.into_iter().filter(|trial| trial.hold == Some(hold)).collect()
        }
    };
    let is_under_way = |trial: &Trial| trial.ended.is_none() && trial.remedy == wish.remedy;
    if before.iter().any(is_under_way) {
        return Err(TrialRefused::UnderWay.into());
    }
    let trial = Trial {
        id,
        playbook: playbook.edition.id.clone(),
        remedy: wish.remedy.to_owned(),
        friction: wish.friction.to_owned(),
        case,
        hold,
        begun_by: who.person(),
        begun_at: now,
        due_at,
        ended: None,
    };
    store::add(tx, &trial).await?;
    tx.journal(now, &who.undisclosed(), Fact::TrialBegun { trial: id }).await?;
    Ok(id)
}

/// Notices the trials of which it is time to say what became. One that was noticed is not noticed again.
pub async fn ask_due(world: &World) -> Result<(), Broken> {
    let now = world.now();
    let due = store::to_ask(world.store().read(), now).await?;
    if due.is_empty() {
        return Ok(());
    }
    let mut tx = world.store().begin().await?;
    for id in due {
        if store::ask(&tx, id, now).await? {
            tx.journal(now, &Who::the_loop(), Fact::TrialDue { trial: id }).await?;
        }
    }
    world.commit(tx).await
}

/// Says what became of the friction: it counts from then on for every case that the playbook is asked about.
pub async fn end(world: &World, who: &Who, id: TrialId, outcome: Outcome) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let trial = seen_by(&tx, who, id).await?;
    rules::end(trial.ended.map(|(_, at)| at))?;
    let playbook = playbook::verbs::find(&tx, &trial.playbook).await?.playbook;
    record_end(world, &mut tx, who, &playbook, &trial, outcome).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Records the end of a trial in a transaction that another verb began.
pub async fn record_end(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    playbook: &Playbook,
    trial: &Trial,
    outcome: Outcome,
) -> Result<(), Trouble> {
    let (kept, now) = (world.id::<RemedyOutcomeId>(), world.now());
    let seen = tried(playbook, &trial.remedy, &trial.friction, outcome)?;
    diagnosis::store::add(tx, kept, playbook, seen, None, now).await?;
    store::end(tx, trial.id, kept, now).await?;
    tx.journal(now, &who.undisclosed(), Fact::TrialEnded { trial: trial.id, outcome: kept }).await?;
    Ok(())
}

/// A trial, for whoever began it, and of an account for whoever sees accounts; to others it is not there.
pub async fn seen_by(sql: &Sql, who: &Who, id: TrialId) -> Result<Trial, Trouble> {
    let trial = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "trial" })?;
    let is_own = who.person().is_some() && trial.begun_by == who.person();
    let is_of_account = trial.hold.is_some() && accounts::may_see(who);
    if is_own || is_of_account { Ok(trial) } else { Err(Trouble::NotFound { what: "trial" }) }
}
