//! Opening a case, making links, handing answers in by one, closing it.

use traction_domain::fact::Fact;
use traction_domain::id::{CaseId, TrialId, VoiceId};
use traction_domain::org::who::{Actor, Who};
use traction_domain::sense::case as rules;
use traction_domain::sense::diagnosis::{Heard, Model, Voice, heard};
use traction_domain::sense::playbook::Playbook;

use crate::sense::case::store::{self, Case};
use crate::sense::trial::verbs::{For, TrialWish};
use crate::sense::{diagnosis, playbook, trial};
use crate::store::{Sql, Tx};
use crate::trouble::Trouble;
use crate::web::session::hash;
use crate::world::World;

/// Opens a case. Anyone who signed in may; he alone sees it.
pub async fn open(world: &World, who: &Who, playbook: &str, title: &str) -> Result<CaseId, Trouble> {
    let mut tx = world.store().begin().await?;
    let id = record(world, &mut tx, who, playbook, title).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Records a case in a transaction that another verb began. What a program opens, that program alone sees.
pub async fn record(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    playbook: &str,
    title: &str,
) -> Result<CaseId, Trouble> {
    let (id, now) = (world.id::<CaseId>(), world.now());
    let title = rules::title(title)?;
    let kept = playbook::verbs::find(tx, playbook).await?.playbook;
    store::add(tx, id, &kept.edition.id, &title, who.person(), now).await?;
    if let Actor::Token(token) = who.actor {
        store::add_token(tx, id, token).await?;
    }
    tx.journal(now, &who.undisclosed(), Fact::CaseOpened { case: id }).await?;
    Ok(id)
}

/// Begins to try a remedy on a case that is closed, so that it is asked later whether the friction is gone.
pub async fn try_remedy(
    world: &World,
    who: &Who,
    id: CaseId,
    remedy: &str,
    friction: &str,
    n_days: i64,
) -> Result<TrialId, Trouble> {
    let mut tx = world.store().begin().await?;
    let case = own(&tx, who, id).await?;
    rules::closed(case.closed_at)?;
    let kept = playbook(&tx, &case).await?;
    let wish = TrialWish { helps: For::Case(id), remedy, friction, n_days, answers: "" };
    let trial = trial::verbs::record(world, &mut tx, who, &kept, &wish).await?;
    world.commit(tx).await?;
    Ok(trial)
}

/// Makes a link by which one person answers; its secret part, which is not kept.
pub async fn make_link(world: &World, who: &Who, id: CaseId) -> Result<String, Trouble> {
    let mut tx = world.store().begin().await?;
    let case = own(&tx, who, id).await?;
    rules::one_more_link(case.closed_at, case.n_links)?;
    let secret = hex::encode(world.secret::<24>());
    store::add_link(&tx, &hash(&secret), id).await?;
    tx.journal(world.now(), &who.undisclosed(), Fact::VoiceAsked { case: id }).await?;
    world.commit(tx).await?;
    Ok(secret)
}

/// Hands answers in by a link. What is kept of them has an id of the case's first moment and of chance, no time, and
/// nothing that leads to the link; the journal says that somebody answered, not who.
pub async fn hand_in(world: &World, secret: &str, voice: &Voice) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let hash = hash(secret);
    let (id, state) = store::link(&tx, &hash).await?.ok_or(Trouble::NotFound { what: "link" })?;
    let case = find(&tx, id).await?;
    rules::hand_in(case.closed_at, state, &voice.answers)?;
    let playbook = playbook(&tx, &case).await?;
    let row = <VoiceId as traction_domain::id::Id>::made(case.opened_at, world.secret());
    store::use_link(&tx, &hash).await?;
    store::add_voice(&tx, id, row, &playbook, voice).await?;
    let somebody = Who { actor: Actor::Undisclosed, name: "somebody".into(), roles: vec![] };
    tx.journal(world.now(), &somebody, Fact::VoiceGiven { case: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Closes a case: from then on its result is shown, and no more answers are taken.
pub async fn close(world: &World, who: &Who, id: CaseId) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let case = own(&tx, who, id).await?;
    rules::open(case.closed_at)?;
    store::close(&tx, id, now).await?;
    tx.journal(now, &who.undisclosed(), Fact::CaseClosed { case: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// What the voices of a closed case say together; `None` while it is open, or where too few spoke.
pub async fn result(sql: &Sql, case: &Case, playbook: &Playbook) -> Result<Option<Heard>, Trouble> {
    if case.closed_at.is_none() {
        return Ok(None);
    }
    let learnt = diagnosis::store::learnt(sql, playbook).await?;
    let voices = store::voices(sql, playbook, case.id).await?;
    Ok(heard(&Model::new(playbook, &learnt), &voices))
}

/// The case, if the one who asks opened it, a person or a program; to others it is not there.
pub async fn own(sql: &Sql, who: &Who, id: CaseId) -> Result<Case, Trouble> {
    let case = find(sql, id).await?;
    let is_own = match who.actor {
        Actor::Person(person) => case.opened_by == Some(person),
        Actor::Token(token) => case.opened_for == Some(token),
        Actor::Operator | Actor::Loop | Actor::Undisclosed => false,
    };
    if is_own { Ok(case) } else { Err(Trouble::NotFound { what: "case" }) }
}

/// The case to which a link leads, and whether it has been used.
pub async fn of_link(sql: &Sql, secret: &str) -> Result<(Case, rules::LinkState), Trouble> {
    let (id, state) = store::link(sql, &hash(secret)).await?.ok_or(Trouble::NotFound { what: "link" })?;
    Ok((find(sql, id).await?, state))
}

/// The playbook of a case.
pub async fn playbook(sql: &Sql, case: &Case) -> Result<Playbook, Trouble> {
    Ok(playbook::verbs::find(sql, &case.playbook).await?.playbook)
}

async fn find(sql: &Sql, id: CaseId) -> Result<Case, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "case" })
}
