//! Beginning a trial of a remedy, noticing that it is due, and saying what became of the friction.

use traction_domain::fact::Fact;
use traction_domain::id::{CaseId, FrictionId, HoldId, RemedyOutcomeId, TrialId};
use traction_domain::org::who::Who;
use traction_domain::sense::account as accounts;
use traction_domain::sense::diagnosis::trial::{self as rules, Known, TrialRefused};
use traction_domain::sense::diagnosis::{Outcome, Says, tried};
use traction_domain::sense::friction::intake;
use traction_domain::sense::playbook::Playbook;

use crate::sense::diagnosis::{self, trail};
use crate::sense::friction::{self, store::Friction};
use crate::sense::playbook;
use crate::sense::trial::letters;
use crate::sense::trial::store::{self, Read, Trial};
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
    /// A friction of a unit.
    Friction(FrictionId),
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
    /// What was answered before, as an address writes it; empty if nothing was.
    pub answers: &'a str,
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
    let (case, hold, on, before) = match wish.helps {
        For::Case(case) => (Some(case), None, None, store::of_case(tx, case).await?),
        For::Hold(hold) => {
            let mut before = store::of_holds(tx).await?;
            before.retain(|trial| trial.hold == Some(hold));
            (None, Some(hold), None, before)
        }
        For::Friction(friction) => (None, None, Some(friction), store::on_friction(tx, friction).await?),
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
        on,
        begun_by: who.person(),
        begun_at: now,
        due_at,
        ended: None,
        read: None,
        known: Known::Said,
    };
    store::add(tx, &trial).await?;
    // What this playbook does not know is no answer to it.
    if trail::read(playbook, wish.answers).is_some_and(|answers| !answers.telling().is_empty()) {
        store::add_answers(tx, id, wish.answers).await?;
    }
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
            letters::ask(world, &tx, id, now).await?;
            tx.journal(now, &Who::the_loop(), Fact::TrialDue { trial: id }).await?;
        }
    }
    world.commit(tx).await
}

/// Says what became of the friction: it counts from then on for every case that the playbook is asked about.
pub async fn end(world: &World, who: &Who, id: TrialId, outcome: Outcome) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let trial = said_by(&tx, who, id).await?;
    rules::end(trial.known())?;
    let playbook = playbook::verbs::find(&tx, &trial.playbook).await?.playbook;
    record_end(world, &mut tx, who, &playbook, &trial, outcome).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Keeps what the friction's metric says of a trial that is due, and ends it where that tells what became of the friction.
/// What was read, or said, before stays.
pub async fn read_off(world: &World, id: TrialId, read: &Read) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let trial = store::one(&tx, id).await?.ok_or(Trouble::NotFound { what: "trial" })?;
    if trial.ended.is_some() || !store::add_reading(&tx, id, read, now).await? {
        return Ok(());
    }
    let the_loop = Who::the_loop();
    tx.journal(now, &the_loop, Fact::TrialRead { trial: id }).await?;
    if let Says::Became(outcome) = read.reading.says {
        let playbook = playbook::verbs::find(&tx, &trial.playbook).await?.playbook;
        record_end(world, &mut tx, &the_loop, &playbook, &trial, outcome).await?;
    }
    world.commit(tx).await?;
    Ok(())
}

/// Records what became of a trial's friction in a transaction that another verb began. Of one that a metric ended, it is
/// what somebody says otherwise: from then on that counts.
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
    match trial.ended {
        None => store::end(tx, trial.id, kept, now).await?,
        Some(_) => store::end_otherwise(tx, trial.id, kept, now).await?,
    }
    tx.journal(now, &who.undisclosed(), Fact::TrialEnded { trial: trial.id, outcome: kept }).await?;
    Ok(())
}

/// Whether `who` is asked what became of it, or may say so: whoever began it, of an account whoever sees accounts, of a
/// unit's friction whoever answers for that.
pub async fn may_say(sql: &Sql, who: &Who, trial: &Trial) -> Result<bool, Trouble> {
    let is_own = who.person().is_some() && trial.begun_by == who.person();
    let is_of_account = trial.hold.is_some() && accounts::may_see(who);
    let answers = match on(sql, who, trial).await? {
        Some(friction) => intake::may_answer(who, &friction.reach()),
        None => false,
    };
    Ok(is_own || is_of_account || answers)
}

/// The friction on which something is tried, if `who` sees it.
async fn on(sql: &Sql, who: &Who, trial: &Trial) -> Result<Option<Friction>, Broken> {
    let Some(id) = trial.on else { return Ok(None) };
    Ok(friction::store::one(sql, id).await?.filter(|friction| intake::sees(Some(who), &friction.reach())))
}

/// A trial of which `who` may say what became; to others it is not there.
async fn said_by(sql: &Sql, who: &Who, id: TrialId) -> Result<Trial, Trouble> {
    let trial = seen_by(sql, who, id).await?;
    if may_say(sql, who, &trial).await? { Ok(trial) } else { Err(Trouble::NotFound { what: "trial" }) }
}

/// A trial, for whoever may say what became of it, and of a unit's friction for whoever sees that; to others it is not
/// there.
pub async fn seen_by(sql: &Sql, who: &Who, id: TrialId) -> Result<Trial, Trouble> {
    let trial = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "trial" })?;
    let sees = may_say(sql, who, &trial).await? || on(sql, who, &trial).await?.is_some();
    if sees { Ok(trial) } else { Err(Trouble::NotFound { what: "trial" }) }
}
