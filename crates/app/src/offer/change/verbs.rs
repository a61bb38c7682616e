//! Opening a change, locking its prediction, pausing it.

use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, GoalId, MetricId, UnitId};
use traction_domain::offer::change::{
    self as rules, ChangeProposed, ChangeRefused, ChangeState, ChangeWords,
};
use traction_domain::offer::goal as goal_rules;
use traction_domain::offer::metric::MetricProposed;
use traction_domain::org::slug::Slug;
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal;

use crate::offer::change::store::{self, Change};
use crate::offer::{goal, metric};
use crate::store::{Sql, Tx};
use crate::trouble::Trouble;
use crate::world::World;

/// What somebody wishes to open.
#[derive(Clone, Debug)]
pub struct ChangeWish<'a> {
    /// Its words.
    pub words: ChangeWords<'a>,
    /// The unit it is at home in.
    pub unit: Option<UnitId>,
    /// The smallest effect worth it.
    pub worth: f64,
    /// The goal it serves.
    pub goal: GoalWish<'a>,
}

/// A goal that is there, or one that is set with the change.
#[derive(Clone, Debug)]
pub enum GoalWish<'a> {
    /// One that is there.
    Known(GoalId),
    /// One that is set now.
    New {
        /// What is wanted.
        title: &'a str,
        /// Where the metric should be.
        target: f64,
        /// The metric that tells.
        metric: MetricWish,
    },
}

/// A metric that is there, or one that is defined with the goal.
#[derive(Clone, Debug)]
pub enum MetricWish {
    /// One that is there.
    Known(MetricId),
    /// One that is defined now.
    New(MetricProposed),
}

/// Opens a change, and where it is new its goal and metric: in a unit by its lead, without anybody's approval; for
/// the whole organisation by a change lead. All of it or nothing.
pub async fn open(world: &World, who: &Who, wish: ChangeWish<'_>) -> Result<Slug, Trouble> {
    must_open(may_open_anywhere(who) || wish.unit.is_some_and(|unit| who.leads(unit)))?;
    let mut tx = world.store().begin().await?;
    let (goal, metric) = match wish.goal {
        GoalWish::Known(id) => {
            let goal = goal::store::one(&tx, id).await?.ok_or(Trouble::NotFound { what: "goal" })?;
            (goal.id, goal.metric)
        }
        GoalWish::New { title, target, metric } => {
            let metric = match metric {
                MetricWish::Known(id) => {
                    metric::store::one(&tx, id).await?.ok_or(Trouble::NotFound { what: "metric" })?.id
                }
                MetricWish::New(proposed) => metric::verbs::record(world, &mut tx, who, proposed).await?,
            };
            let proposed = goal_rules::propose(title, metric, target, None)?;
            (goal::verbs::record(world, &mut tx, who, &proposed).await?, metric)
        }
    };
    let proposed = rules::propose(&wish.words, wish.unit, goal, metric, wish.worth)?;
    record(world, &mut tx, who, &proposed).await?;
    world.commit(tx).await?;
    Ok(proposed.slug)
}

/// Whether somebody may open changes for every unit and for the whole organisation.
pub fn may_open_anywhere(who: &Who) -> bool {
    who.is_change_lead() || who.is_administrator()
}

/// Whether there is a place for which somebody may open a change.
pub fn may_open(who: &Who) -> bool {
    may_open_anywhere(who) || !who.led().is_empty()
}

/// Refuses unless he `may`.
pub fn must_open(may: bool) -> Result<(), Trouble> {
    Ok(allow(may, "a unit's lead (in his own unit) or a change lead", "open a change")?)
}

/// Records a change in a transaction that another verb began.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    proposed: &ChangeProposed,
) -> Result<ChangeId, Trouble> {
    let is_taken = store::by_slug(tx, proposed.slug.as_str()).await?.is_some()
        || store::by_flag_key(tx, &proposed.flag_key).await?.is_some();
    if is_taken {
        return Err(ChangeRefused::Taken { slug: proposed.slug.clone() }.into());
    }
    let (id, now) = (world.id::<ChangeId>(), world.now());
    store::add(tx, id, proposed, who.person(), now).await?;
    tx.journal(now, who, Fact::ChangeOpened { change: id, unit: proposed.unit }).await?;
    Ok(id)
}

/// Whether somebody runs this change: a change lead, an administrator, or the lead of its home unit.
pub fn runs(who: &Who, change: &Change) -> bool {
    who.is_change_lead() || who.is_administrator() || change.unit.is_some_and(|unit| who.leads(unit))
}

/// Refuses `what` unless he runs the change.
pub fn must_run(who: &Who, change: &Change, what: &'static str) -> Result<(), Trouble> {
    Ok(allow(runs(who, change), "a change lead (or the lead of its home unit)", what)?)
}

/// Locks the prediction of a change; its hash.
pub async fn lock_prediction(
    world: &World,
    who: &Who,
    change: &Change,
    words: &str,
    effect: f64,
) -> Result<String, Trouble> {
    must_run(who, change, "lock its prediction")?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let earlier = store::prediction(&tx, change.id).await?.map(|prediction| prediction.locked_at);
    let first_start = store::first_start(&tx, change.id).await?;
    let locked = rules::lock(&change.slug, words, effect, earlier, first_start, now)?;
    store::lock(&tx, change.id, &locked, who.person(), now).await?;
    tx.journal(now, who, Fact::PredictionLocked { change: change.id }).await?;
    world.commit(tx).await?;
    Ok(locked.hash)
}

/// Pauses a change (it is switched off for everybody) or lets it go on, with the reason.
pub async fn set_state(
    world: &World,
    who: &Who,
    change: &Change,
    state: ChangeState,
    why: &str,
) -> Result<(), Trouble> {
    must_run(who, change, "pause or resume it")?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let current = store::one(&tx, change.id).await?.ok_or(Trouble::NotFound { what: "change" })?;
    if current.state == state {
        let state = if state == ChangeState::Paused { "paused" } else { "running" };
        return Err(ChangeRefused::AlreadySo { state }.into());
    }
    let why = refusal::maybe_text(why, "why", "the reason", 400)?.ok_or(ChangeRefused::ReasonMissing)?;
    store::set_state(&tx, change.id, state, &why, now).await?;
    let fact = match state {
        ChangeState::Paused => Fact::ChangePaused { change: change.id },
        ChangeState::Running => Fact::ChangeResumed { change: change.id },
    };
    tx.journal(now, who, fact).await?;
    world.commit(tx).await?;
    Ok(())
}

/// The change of a short name as it stands in an address or on a command line.
pub async fn find(sql: &Sql, slug: &str) -> Result<Change, Trouble> {
    let Ok(slug) = slug.parse::<Slug>() else { return Err(Trouble::NotFound { what: "change" }) };
    store::by_slug(sql, slug.as_str()).await?.ok_or(Trouble::NotFound { what: "change" })
}
