//! Handing in an idea, moving it on, copying it.

use traction_domain::fact::Fact;
use traction_domain::id::{FrictionId, IdeaId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::sense::idea::{self as rules, IdeaProposed, IdeaState};

use crate::org::unit;
use crate::sense::friction;
use crate::sense::idea::store::{self, Idea};
use crate::store::{Sql, Tx};
use crate::trouble::Trouble;
use crate::world::World;

/// Hands in an idea for `unit`, tied to a friction or free. Anyone who signed in may.
pub async fn submit(
    world: &World,
    who: &Who,
    unit: UnitId,
    friction: Option<FrictionId>,
    proposed: IdeaProposed,
) -> Result<IdeaId, Trouble> {
    let (id, now) = (world.id::<IdeaId>(), world.now());
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    if let Some(friction) = friction {
        friction::verbs::seen(&tx, Some(who), friction).await?;
    }
    store::add(&tx, id, unit, friction, &proposed, who.person(), now).await?;
    tx.journal(now, who, Fact::IdeaSubmitted { idea: id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Whether `who` may move the idea: whoever had it, and the lead of its unit.
pub fn may_move(who: &Who, idea: &Idea) -> bool {
    let is_submitter = idea.submitted_by.is_some() && idea.submitted_by == who.person();
    is_submitter || who.speaks_for(idea.unit)
}

/// Moves an idea on: being tried, adopted, dropped (with the reason).
pub async fn move_on(
    world: &World,
    who: &Who,
    id: IdeaId,
    next: IdeaState,
    words: &str,
) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let idea = find(&tx, id).await?;
    allow(may_move(who, &idea), "whoever had the idea, or the lead of its unit,", "move it on")?;
    record(world, &mut tx, who, &idea, next, words).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Records a move in a transaction that another verb began, which has found out who may.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    idea: &Idea,
    next: IdeaState,
    words: &str,
) -> Result<(), Trouble> {
    let now = world.now();
    let words = rules::moved(idea.state, next, words)?;
    store::add_move(tx, idea.id, next, &words, None, who.person(), now).await?;
    tx.journal(now, who, Fact::IdeaMoved { idea: idea.id }).await?;
    Ok(())
}

/// Copies an idea that works elsewhere: `unit`, to which the one who asks belongs, has it as its own from then on, to be
/// tried by its own people, and it says whose it was; the first one is spread.
pub async fn copy(
    world: &World,
    who: &Who,
    id: IdeaId,
    unit: UnitId,
    words: &str,
) -> Result<IdeaId, Trouble> {
    let may = who.belongs_to(unit) || who.speaks_for(unit);
    allow(may, "somebody of the unit itself", "copy an idea for it")?;
    let (copy, now) = (world.id::<IdeaId>(), world.now());
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    let idea = find(&tx, id).await?;
    let before: Vec<UnitId> =
        store::moves(&tx, id).await?.iter().filter_map(|moved| moved.copied_by).collect();
    rules::copied(idea.state, idea.unit, unit, &before)?;
    let words = traction_domain::refusal::maybe_text(words, "words", "what is said with it", 2_000)?;
    let words = words.unwrap_or_default();
    store::add_move(&tx, id, IdeaState::Spread, &words, Some(unit), who.person(), now).await?;
    tx.journal(now, who, Fact::IdeaMoved { idea: id }).await?;
    let proposed = IdeaProposed { title: idea.title, hope: idea.hope };
    store::add(&tx, copy, unit, None, &proposed, who.person(), now).await?;
    store::add_copy(&tx, copy, id).await?;
    tx.journal(now, who, Fact::IdeaSubmitted { idea: copy }).await?;
    world.commit(tx).await?;
    Ok(copy)
}

/// One idea.
pub async fn find(sql: &Sql, id: IdeaId) -> Result<Idea, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "idea" })
}
