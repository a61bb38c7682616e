//! Reporting a friction, having it too, answering it, saying whether it is gone. Looking at reports, merging and the
//! like stand beside it.

pub mod care;
mod likest;

use jiff::SignedDuration;
use traction_domain::fact::Fact;
use traction_domain::id::{FrictionId, PersonId, UnitId};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::{Who, allow};
use traction_domain::sense::friction::intake::{self, Audience, IntakeRefused, Look, Shown};
use traction_domain::sense::friction::{
    self as rules, Burden, FrictionRefused, FrictionReport, FrictionState, Verdict,
};

use crate::org::{person, unit};
use crate::sense::friction::store::{self, Came, Friction, FrictionAnswer, Reported};
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

pub use likest::{Of, Similar, similar, typed};

/// Reports a friction of `unit`. Anyone who signed in may report for any unit: who sees a pain should not have to
/// look for the one it belongs to. It is seen by those whom the unit lets see its reports, or fewer if he wishes so. A
/// report sent twice is kept once.
pub async fn report(
    world: &World,
    who: &Who,
    unit: UnitId,
    report: FrictionReport,
    wished: Audience,
) -> Result<FrictionId, Trouble> {
    let (id, now) = (world.id::<FrictionId>(), world.now());
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    if let Some(person) = who.person() {
        let since = now.after(SignedDuration::from_mins(-rules::N_MINUTES_SENT_TWICE));
        if let Some(before) = store::same(&tx, unit, &report, Some(person), since).await? {
            return Ok(before);
        }
    }
    let taken = store::intake(&tx, unit).await?;
    let audience = intake::audience(taken, wished);
    if audience == Audience::Lead && !has_lead(&tx, unit).await? {
        return Err(IntakeRefused::NobodyLeads.into());
    }
    let shown = if taken.look == Look::First { Shown::Waits } else { Shown::Yes };
    let (came, by) = (Came::ByAccount, who.person());
    store::add(&tx, id, &Reported { unit, report: &report, audience, shown, came, by, at: now }).await?;
    // Nobody is ever shown who reported something, whoever may read it.
    tx.journal(now, &who.undisclosed(), Fact::FrictionReported { friction: id, unit }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Whether somebody leads a unit.
pub async fn has_lead(sql: &Sql, unit: UnitId) -> Result<bool, Broken> {
    Ok(person::store::of_unit(sql, unit).await?.iter().any(|(_, word)| *word == RoleWord::Lead))
}

/// Says that it gets in the way of the one who asks, too. What it costs is the unit's: whoever is of another one reports
/// it there. The journal does not say who.
pub async fn share(world: &World, who: &Who, id: FrictionId, burden: Burden) -> Result<(), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = seen(&tx, Some(who), id).await?;
    must_count(&friction)?;
    if !who.belongs_to(friction.unit) {
        return Err(FrictionRefused::SharedFromElsewhere.into());
    }
    if !friction.state.is_open() {
        return Err(FrictionRefused::Closed { state: friction.state }.into());
    }
    let is_own = friction.reported_by == Some(person);
    if is_own || !store::share(&tx, id, person, burden, now).await? {
        return Err(FrictionRefused::SharedAlready.into());
    }
    tx.journal(now, &who.undisclosed(), Fact::FrictionShared { friction: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Answers a friction: its new state, in words, and who takes care of it from now on: whoever answers, or somebody of
/// the unit.
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
    let friction = seen(&tx, Some(who), id).await?;
    must_answer(who, &friction, "answer a friction")?;
    must_count(&friction)?;
    let (state, words) = rules::answer(friction.state, next, words)?;
    if let Some(owner) = owner.filter(|owner| who.person() != Some(*owner)) {
        let people = person::store::of_unit(&tx, friction.unit).await?;
        if !people.iter().any(|(person, _)| person.id == owner) {
            return Err(FrictionRefused::OwnerFromElsewhere.into());
        }
    }
    store::answer(&tx, id, state, &words, owner.or(who.person()), who.person(), now).await?;
    tx.journal(now, who, Fact::FrictionAnswered { friction: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Says whether a friction that is said to be gone is gone: whoever reported it, or, where nobody is known to have,
/// whoever said "me too". By way of one that was merged, whoever reported that says it of the one in which it counts: each
/// of them does. If one says that it is not, it is open again, and its clock runs anew. The journal does not say who.
pub async fn judge(
    world: &World,
    who: &Who,
    id: FrictionId,
    verdict: Verdict,
    words: &str,
) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let friction = seen(&tx, Some(who), id).await?;
    allow(may_judge(&tx, who, &friction).await?, "whoever reported it", "say whether it is gone")?;
    let words = rules::judge(friction.state, friction.verdict, words)?;
    let answer_n = friction.answer_n.ok_or(FrictionRefused::NothingToJudge { state: friction.state })?;
    let judged = friction.merged_into.unwrap_or(id);
    store::judge(&tx, judged, answer_n, id, verdict, &words, now).await?;
    tx.journal(now, &who.undisclosed(), Fact::FrictionJudged { friction: judged }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Whether `who` is the one who says whether a friction is gone.
pub async fn may_judge(sql: &Sql, who: &Who, friction: &Friction) -> Result<bool, Broken> {
    match (who.person(), friction.reported_by) {
        (Some(person), Some(reporter)) => Ok(person == reporter),
        (Some(person), None) => store::has_shared(sql, friction.id, person).await,
        (None, _) => Ok(false),
    }
}

/// The backlog as `who` (`None`: a visitor) sees it, dearest first: of one unit, or of all. What was merged counts in the
/// one it was merged into; what waits for a look stands elsewhere.
pub async fn backlog(sql: &Sql, who: Option<&Who>, unit: Option<UnitId>) -> Result<Vec<Friction>, Broken> {
    let mut all = store::all(sql, unit).await?;
    all.retain(|one| one.shown == Shown::Yes && one.merged_into.is_none() && intake::sees(who, &one.reach()));
    hide_merged(&mut all, sql, who).await?;
    Ok(all)
}

/// Takes the titles of merged ones away that `who` does not see by themselves.
async fn hide_merged(frictions: &mut [Friction], sql: &Sql, who: Option<&Who>) -> Result<(), Broken> {
    if frictions.iter().all(|one| one.merged.is_empty()) {
        return Ok(());
    }
    let seen: Vec<FrictionId> = store::all(sql, None)
        .await?
        .into_iter()
        .filter(|one| intake::sees(who, &one.reach()))
        .map(|one| one.id)
        .collect();
    frictions.iter_mut().for_each(|one| one.merged.retain(|(id, _)| seen.contains(id)));
    Ok(())
}

/// One friction, if `who` (`None`: a visitor) sees it; to others it is not there.
pub async fn seen(sql: &Sql, who: Option<&Who>, id: FrictionId) -> Result<Friction, Trouble> {
    let friction = store::one(sql, id).await?.filter(|one| intake::sees(who, &one.reach()));
    let mut friction = friction.ok_or(Trouble::NotFound { what: "friction" })?;
    hide_merged(std::slice::from_mut(&mut friction), sql, who).await?;
    Ok(friction)
}

/// The answers to a friction that `who` (`None`: a visitor) sees; of one that was merged, to the one in which it counts.
/// That somebody says it is gone, or is not, counts for all; his words are for those who see what he reported.
pub async fn answers(
    sql: &Sql,
    who: Option<&Who>,
    friction: &Friction,
) -> Result<Vec<FrictionAnswer>, Broken> {
    let mut answers = store::answers(sql, friction.merged_into.unwrap_or(friction.id)).await?;
    let is_elsewhere = |answer: &FrictionAnswer| answer.said.iter().any(|said| said.via != friction.id);
    if !answers.iter().any(is_elsewhere) {
        return Ok(answers);
    }
    let of_unit = store::all(sql, Some(friction.unit)).await?;
    let sees = |id| of_unit.iter().any(|one| one.id == id && intake::sees(who, &one.reach()));
    for said in answers.iter_mut().flat_map(|answer| &mut answer.said) {
        if !sees(said.via) {
            said.words.clear();
        }
    }
    Ok(answers)
}

/// Refuses `what` unless `who` answers for a friction.
fn must_answer(who: &Who, friction: &Friction, what: &'static str) -> Result<(), Trouble> {
    let may = intake::may_answer(who, &friction.reach());
    Ok(allow(may, "the unit's lead, a coach or a change lead", what)?)
}

/// Refuses what is done to a friction that counts in another one.
fn must_count(friction: &Friction) -> Result<(), FrictionRefused> {
    if friction.merged_into.is_some() { Err(FrictionRefused::Merged) } else { Ok(()) }
}
