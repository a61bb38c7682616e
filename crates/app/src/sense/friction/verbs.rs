//! Reporting a friction, having it too, answering it.

use jiff::SignedDuration;
use traction_domain::fact::Fact;
use traction_domain::id::{FrictionId, PersonId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::sense::friction::{
    self as rules, Burden, FrictionRefused, FrictionReport, FrictionState,
};

use crate::org::unit;
use crate::sense::friction::store::{self, Friction};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Titles at least this alike are shown as similar.
const ALIKE: f64 = 0.35;

/// Reports a friction of `unit`. Anyone who signed in may report for any unit: who sees a pain should not have to
/// look for the one it belongs to. A report sent twice is kept once.
pub async fn report(
    world: &World,
    who: &Who,
    unit: UnitId,
    report: FrictionReport,
) -> Result<FrictionId, Trouble> {
    let (id, now) = (world.id::<FrictionId>(), world.now());
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    if let Some(person) = who.person() {
        let since = now.after(SignedDuration::from_mins(-rules::N_MINUTES_SENT_TWICE));
        if let Some(before) = store::same(&tx, unit, &report, person, since).await? {
            return Ok(before);
        }
    }
    store::add(&tx, id, unit, &report, who.person(), now).await?;
    tx.journal(now, who, Fact::FrictionReported { friction: id, unit }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Says that it gets in the way of the one who asks, too.
pub async fn share(world: &World, who: &Who, id: FrictionId, burden: Burden) -> Result<(), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = find(&tx, id).await?;
    if !friction.state.is_open() {
        return Err(FrictionRefused::Closed { state: friction.state }.into());
    }
    let is_own = friction.reported_by == Some(person);
    if is_own || !store::share(&tx, id, person, burden, now).await? {
        return Err(FrictionRefused::SharedAlready.into());
    }
    tx.journal(now, who, Fact::FrictionShared { friction: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Answers a friction: its new state, in words, and who takes care of it from now on.
pub async fn answer(
    world: &World,
    who: &Who,
    id: FrictionId,
    next: FrictionState,
    words: &str,
    owner: Option<PersonId>,
) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = find(&tx, id).await?;
    let may = who.speaks_for(friction.unit) || who.is_change_lead() || who.is_coach();
    allow(may, "the unit's lead, a coach or a change lead", "answer a friction")?;
    let (state, words) = rules::answer(friction.state, next, words)?;
    store::answer(&tx, id, state, &words, owner.or(who.person()), who.person(), now).await?;
    tx.journal(now, who, Fact::FrictionAnswered { friction: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Open frictions whose titles are like `title`, the likest first, at most five.
pub async fn similar(world: &World, title: &str) -> Result<Vec<Friction>, Broken> {
    let backlog = store::backlog(world.store().read(), None).await?;
    let mut alike: Vec<(f64, Friction)> = backlog
        .into_iter()
        .filter(|friction| friction.state.is_open())
        .map(|friction| (rules::likeness(title, &friction.title), friction))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(alike.into_iter().take(5).map(|(_, friction)| friction).collect())
}

async fn find(sql: &crate::store::Sql, id: FrictionId) -> Result<Friction, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "friction" })
}
