//! What whoever answers for a unit does with its reports: looks at them first, merges them, points them at a metric,
//! and says how they are taken in.

use traction_domain::fact::Fact;
use traction_domain::id::{FrictionId, MetricId, TrialId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::sense::friction::intake::{self, Audience, Intake, IntakeRefused, Shown};
use traction_domain::sense::friction::{FrictionRefused, merge};

use super::{has_lead, must_answer, must_count, seen};
use crate::org::unit;
use crate::sense::friction::store::{self, Friction};
use crate::sense::trial::verbs::TrialWish;
use crate::sense::{playbook, trial};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Shows a report to those it is for, or holds it back with a reason. Nothing is deleted: whoever reported it goes on
/// seeing it, with the reason.
pub async fn look(world: &World, who: &Who, id: FrictionId, next: Shown, words: &str) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = seen(&tx, Some(who), id).await?;
    let may = intake::may_look(who, &friction.reach());
    allow(may, "the unit's lead, or where everybody sees it a change lead,", "show or hold back a report")?;
    let words = intake::look(friction.shown, next, words)?;
    store::add_look(&tx, id, next, &words, who.person(), now).await?;
    tx.journal(now, who, Fact::FrictionLookedAt { friction: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Holds back, with one reason, all of a unit's reports that wait for a look by `who`: what came in by a link that somebody
/// flooded. Nothing is deleted.
pub async fn hold_all_back(world: &World, who: &Who, unit: UnitId, words: &str) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    for friction in waiting(&tx, who, Some(unit)).await? {
        let words = intake::look(friction.shown, Shown::HeldBack, words)?;
        store::add_look(&tx, friction.id, Shown::HeldBack, &words, who.person(), now).await?;
        tx.journal(now, who, Fact::FrictionLookedAt { friction: friction.id }).await?;
    }
    world.commit(tx).await?;
    Ok(())
}

/// What waits for a look by `who`, in a unit or anywhere, oldest first.
pub async fn waiting(sql: &Sql, who: &Who, unit: Option<UnitId>) -> Result<Vec<Friction>, Broken> {
    let mut waiting = store::all(sql, unit).await?;
    waiting.retain(|one| one.shown == Shown::Waits && intake::may_look(who, &one.reach()));
    waiting.sort_by(|one, other| one.reported_at.cmp(&other.reported_at).then(one.id.cmp(&other.id)));
    Ok(waiting)
}

/// Merges a friction into another one of its unit: from then on its hours and who has it count there.
pub async fn merge(world: &World, who: &Who, id: FrictionId, into: FrictionId) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = seen(&tx, Some(who), id).await?;
    let other = seen(&tx, Some(who), into).await?;
    must_answer(who, &friction, "merge it")?;
    must_answer(who, &other, "merge into it")?;
    let merges = store::merges(&tx, friction.unit).await?;
    merge::merge(&friction.mergeable(), &other.mergeable(), &merges)?;
    store::add_merge(&tx, id, Some(into), who.person(), now).await?;
    tx.journal(now, who, Fact::FrictionMerged { friction: id, into }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Takes a friction out of the one it was merged into, with all that came along.
pub async fn unmerge(world: &World, who: &Who, id: FrictionId) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = seen(&tx, Some(who), id).await?;
    must_answer(who, &friction, "unmerge it")?;
    merge::unmerge(id, &store::merges(&tx, friction.unit).await?)?;
    store::add_merge(&tx, id, None, who.person(), now).await?;
    tx.journal(now, who, Fact::FrictionUnmerged { friction: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Begins to try a remedy on a friction. Whoever belongs to its unit may, and whoever answers for it.
pub async fn try_remedy(
    world: &World,
    who: &Who,
    id: FrictionId,
    playbook: &str,
    wish: &TrialWish<'_>,
) -> Result<TrialId, Trouble> {
    let mut tx = world.store().begin().await?;
    let friction = seen(&tx, Some(who), id).await?;
    allow(
        may_try(who, &friction),
        "the unit's own people, and whoever answers for it,",
        "try something on it",
    )?;
    must_count(&friction)?;
    if !friction.state.is_open() {
        return Err(FrictionRefused::Closed { state: friction.state }.into());
    }
    let kept = playbook::verbs::find(&tx, playbook).await?.playbook;
    let trial = trial::verbs::record(world, &mut tx, who, &kept, wish).await?;
    world.commit(tx).await?;
    Ok(trial)
}

/// Whether `who` may try something on a friction that he sees.
pub fn may_try(who: &Who, friction: &Friction) -> bool {
    who.belongs_to(friction.unit) || intake::may_answer(who, &friction.reach())
}

/// Points a friction at the metric of its unit that shows its course; `None`: at none any more. That the metric is there
/// is for the caller to know.
pub async fn point(
    world: &World,
    who: &Who,
    id: FrictionId,
    metric: Option<MetricId>,
) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = seen(&tx, Some(who), id).await?;
    must_answer(who, &friction, "say which metric shows its course")?;
    must_count(&friction)?;
    if friction.metric == metric {
        return Ok(());
    }
    store::point(&tx, id, metric, who.person(), now).await?;
    tx.journal(now, who, Fact::FrictionPointed { friction: id, metric }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Says how a unit takes reports in from now on. What was reported before stays as it was promised.
pub async fn set_intake(world: &World, who: &Who, unit: UnitId, intake: Intake) -> Result<(), Trouble> {
    who.must_speak_for(unit, "say how its reports are taken in")?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    if intake.audience != Audience::All && !has_lead(&tx, unit).await? {
        return Err(IntakeRefused::NobodyLeads.into());
    }
    if store::intake(&tx, unit).await? == intake {
        return Ok(());
    }
    store::set_intake(&tx, unit, intake, who.person(), now).await?;
    tx.journal(now, who, Fact::IntakeSet { unit }).await?;
    world.commit(tx).await?;
    Ok(())
}
