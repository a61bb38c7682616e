//! Starting a cycle, predicting, writing down what is done and seen, closing it.

use jiff::civil::Date;
use traction_domain::cycle::cycle::{
    self as rules, Acted, CycleRefused, Decision, NoteKind, Point, Predicted, Standing,
};
use traction_domain::fact::Fact;
use traction_domain::id::{AlarmId, ChangeId, CycleId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal;
use traction_domain::sense::idea::IdeaState;

use crate::cycle::cycle::store::{self, Cycle, Locked, Origin};
use crate::offer::change;
use crate::org::unit;
use crate::sense::{friction, idea};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// A cycle as somebody wishes to start it.
#[derive(Clone, Debug)]
pub struct CycleWish {
    /// The unit that tests.
    pub unit: UnitId,
    /// What is to get better; see [`rules::aim`].
    pub aim: String,
    /// What is expected, and the plan.
    pub predicted: Predicted,
    /// What it comes from.
    pub origin: Origin,
}

/// Whether `who` may test in `unit`: its people, and coaches with them.
pub fn may_test(who: &Who, unit: UnitId) -> bool {
    who.belongs_to(unit) || who.is_coach() || who.is_administrator()
}

fn must_test(who: &Who, unit: UnitId) -> Result<(), Trouble> {
    Ok(allow(may_test(who, unit), "the people of the unit, or a coach,", "test something in it")?)
}

/// Starts a cycle; its prediction is locked with it. One that starts from another inherits what that one came from.
pub async fn start(world: &World, who: &Who, wish: CycleWish) -> Result<CycleId, Trouble> {
    must_test(who, wish.unit)?;
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, wish.unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    if let Some(friction) = wish.origin.friction {
        friction::verbs::seen(&tx, Some(who), friction).await?;
    }
    let origin = inherited(&tx, wish.origin).await?;
    let id = record(world, &mut tx, who, wish.unit, &wish.aim, &origin).await?;
    let locked = locked(world, &wish.aim, wish.predicted);
    store::lock(&tx, id, &locked, who.person()).await?;
    if let Some(tried) = origin.idea {
        let idea = idea::verbs::find(&tx, tried).await?;
        let is_at_rest = matches!(idea.state, IdeaState::New | IdeaState::Dropped);
        if is_at_rest && idea.unit == wish.unit {
            idea::verbs::record(world, &mut tx, who, &idea, IdeaState::BeingTried, "In a cycle.").await?;
        }
    }
    world.commit(tx).await?;
    Ok(id)
}

/// What a cycle comes from, once every part of it is found.
async fn inherited(sql: &Sql, wished: Origin) -> Result<Origin, Trouble> {
    let mut origin = wished;
    if let Some(previous) = wished.previous {
        let last = find(sql, previous).await?.origin;
        origin.change = origin.change.or(last.change);
        origin.friction = origin.friction.or(last.friction);
        origin.idea = origin.idea.or(last.idea);
    }
    if let Some(change) = origin.change {
        change::store::one(sql, change).await?.ok_or(Trouble::NotFound { what: "change" })?;
    }
    if let Some(friction) = origin.friction {
        friction::store::one(sql, friction).await?.ok_or(Trouble::NotFound { what: "friction" })?;
    }
    if let Some(idea) = origin.idea {
        idea::verbs::find(sql, idea).await?;
    }
    Ok(origin)
}

/// Records a cycle without a prediction, in a transaction that another verb began, which has found out who may.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    unit: UnitId,
    aim: &str,
    origin: &Origin,
) -> Result<CycleId, Broken> {
    let (id, now) = (world.id::<CycleId>(), world.now());
    store::add(tx, id, unit, aim, origin, who.person(), now).await?;
    tx.journal(now, who, Fact::CycleStarted { cycle: id, unit }).await?;
    Ok(id)
}

/// Opens the cycle that an alarm asks for: `aim` says what is to get better again. The unit's people write down what
/// they expect before any data. An alarm that has its cycle gets no second one.
pub async fn open_for_alarm(
    world: &World,
    who: &Who,
    alarm: AlarmId,
    unit: UnitId,
    change: Option<ChangeId>,
    aim: &str,
) -> Result<(), Trouble> {
    let aim = rules::aim(aim)?;
    let mut tx = world.store().begin().await?;
    if store::of_alarm(&tx, alarm).await?.is_some() {
        return Ok(());
    }
    let origin = Origin { change, alarm: Some(alarm), ..Origin::default() };
    record(world, &mut tx, who, unit, &aim, &origin).await?;
    world.commit(tx).await?;
    Ok(())
}

fn locked(world: &World, aim: &str, predicted: Predicted) -> Locked {
    let at = world.now();
    Locked { hash: rules::lock(aim, &predicted, at), predicted, at }
}

/// Locks the prediction of a cycle that was opened without one.
pub async fn predict(world: &World, who: &Who, id: CycleId, predicted: Predicted) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let cycle = find(&tx, id).await?;
    must_test(who, cycle.unit)?;
    standing(&cycle).takes_prediction()?;
    let locked = locked(world, &cycle.aim, predicted);
    store::lock(&tx, id, &locked, who.person()).await?;
    tx.journal(locked.at, who, Fact::CyclePredicted { cycle: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Writes down what was done or seen.
pub async fn note(world: &World, who: &Who, id: CycleId, kind: NoteKind, words: &str) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    takes_data(&tx, who, id).await?;
    store::add_note(&tx, id, kind, &rules::note(words)?, who.person(), now).await?;
    tx.journal(now, who, Fact::CycleStudied { cycle: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Writes down values of a measure, a day each. A value of a day that has one already replaces it.
pub async fn measure(
    world: &World,
    who: &Who,
    id: CycleId,
    measure: &str,
    points: &[Point],
) -> Result<(), Trouble> {
    let now = world.now();
    let measure = refusal::text(measure, "measure", "what you measured", 80)?;
    let mut tx = world.store().begin().await?;
    takes_data(&tx, who, id).await?;
    store::add_points(&tx, id, &measure, points, who.person(), now).await?;
    tx.journal(now, who, Fact::CycleStudied { cycle: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Closes a cycle. Where it tested an idea of its unit and was adopted, so is the idea.
pub async fn act(world: &World, who: &Who, id: CycleId, acted: Acted) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let cycle = takes_data(&tx, who, id).await?;
    store::end(&tx, id, &acted, who.person(), now).await?;
    tx.journal(now, who, Fact::CycleClosed { cycle: id }).await?;
    if let (Some(tested), Decision::Adopt) = (cycle.origin.idea, acted.decision) {
        let idea = idea::verbs::find(&tx, tested).await?;
        if idea.state == IdeaState::BeingTried && idea.unit == cycle.unit {
            idea::verbs::record(world, &mut tx, who, &idea, IdeaState::Adopted, &acted.learnt).await?;
        }
    }
    world.commit(tx).await?;
    Ok(())
}

/// The cycle, when `who` may write in it and it takes data.
async fn takes_data(sql: &Sql, who: &Who, id: CycleId) -> Result<Cycle, Trouble> {
    let cycle = find(sql, id).await?;
    must_test(who, cycle.unit)?;
    standing(&cycle).takes_data()?;
    Ok(cycle)
}

/// Where a cycle stands.
pub fn standing(cycle: &Cycle) -> Standing {
    Standing {
        predicted_at: cycle.locked.as_ref().map(|locked| locked.at),
        closed_at: cycle.ended.as_ref().map(|ended| ended.at),
    }
}

/// One cycle.
pub async fn find(sql: &Sql, id: CycleId) -> Result<Cycle, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "cycle" })
}

/// Points as they are typed or pasted, read with the reader's date.
pub fn points(world: &World, written: &str) -> Result<Vec<Point>, CycleRefused> {
    rules::points(written, today(world))
}

/// The date at `at` where the organisation is.
pub fn date_of(world: &World, at: traction_domain::time::Moment) -> Date {
    at.timestamp().to_zoned(world.settings().zone.clone()).date()
}

fn today(world: &World) -> Date {
    date_of(world, world.now())
}
