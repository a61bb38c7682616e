//! Asking a unit how ready it is, and answering.

use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, PersonId, PulseId, UnitId};
use traction_domain::org::who::{Actor, Who, allow};
use traction_domain::sense::readiness::{self as rules, PulseRefused};

use crate::org::person::{self, store::Person};
use crate::org::unit;
use crate::sense::instrument;
use crate::sense::readiness::store::{self, Pulse, PulseOpened};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::web::session::hash;
use crate::world::World;

/// Whether `who` may ask `unit`.
pub fn may_open(who: &Who, unit: UnitId) -> bool {
    who.speaks_for(unit) || who.is_change_lead()
}

/// What is asked of a unit.
#[derive(Clone, Copy, Debug)]
pub struct PulseWish<'a> {
    /// The unit.
    pub unit: UnitId,
    /// The change it is about; `None`: change at large.
    pub change: Option<ChangeId>,
    /// The name of the instrument.
    pub instrument: &'a str,
    /// For how many days.
    pub n_days: i64,
}

/// Opens a pulse; about a change where there is one in sight.
pub async fn open(world: &World, who: &Who, wish: &PulseWish<'_>) -> Result<PulseId, Trouble> {
    allow(may_open(who, wish.unit), "the unit's lead or a change lead", "ask a unit how ready it is")?;
    let (id, now) = (world.id::<PulseId>(), world.now());
    let mut tx = world.store().begin().await?;
    let unit = unit::store::one(&tx, wish.unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    let kept = instrument::store::find(&tx, wish.instrument).await?;
    let kept = kept.ok_or(Trouble::NotFound { what: "instrument" })?;
    let last_closes = store::last_closes(&tx, unit.id).await?;
    let closes_at = rules::open(now, wish.n_days, unit.n_members, last_closes)?;
    let opened =
        PulseOpened { id, unit: unit.id, change: wish.change, instrument: &kept.instrument, closes_at };
    store::add(&tx, &opened, who.person(), now).await?;
    tx.journal(now, who, Fact::PulseOpened { pulse: id, unit: unit.id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// A personal link to a pulse. Its secret part is not kept.
#[derive(Clone, Debug)]
pub struct Link {
    /// Whose it is.
    pub name: String,
    /// Where it is sent.
    pub email: Option<String>,
    /// The secret part of its address.
    pub secret: String,
}

/// Makes a link for each member of the unit, by which he answers without signing in, once, to be handed out.
pub async fn hand_out_links(world: &World, who: &Who, id: PulseId) -> Result<Vec<Link>, Trouble> {
    let mut tx = world.store().begin().await?;
    let pulse = find(&tx, id).await?;
    allow(may_open(who, pulse.unit), "the unit's lead or a change lead", "send a unit its links")?;
    must_be_open(&pulse, world)?;
    let members = members(&tx, pulse.unit).await?;
    let links = make_links(world, &tx, id, members).await?;
    tx.journal(world.now(), who, Fact::PulseLinked { pulse: id }).await?;
    world.commit(tx).await?;
    Ok(links)
}

/// The people who belong to a unit, each once.
pub async fn members(sql: &Sql, unit: UnitId) -> Result<Vec<Person>, Broken> {
    let mut members: Vec<Person> = Vec::new();
    for (person, _) in person::store::of_unit(sql, unit).await? {
        if members.iter().all(|other| other.id != person.id) {
            members.push(person);
        }
    }
    Ok(members)
}

/// Makes a link for each of some members of the unit, in a transaction that another verb began.
pub async fn make_links(
    world: &World,
    tx: &Tx,
    id: PulseId,
    members: Vec<Person>,
) -> Result<Vec<Link>, Broken> {
    let mut links = Vec::new();
    let mut kept: Vec<(PersonId, String)> = Vec::new();
    for person in members {
        let secret = hex::encode(world.secret::<24>());
        kept.push((person.id, hash(&secret)));
        links.push(Link { name: person.name, email: person.email, secret });
    }
    store::add_links(tx, id, &kept).await?;
    Ok(links)
}

/// Answers a pulse of one's own unit, once; `given` holds one answer from 1 to 5 for each item, in its order.
pub async fn answer(world: &World, who: &Who, id: PulseId, given: &[Option<u8>]) -> Result<(), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let mut tx = world.store().begin().await?;
    let pulse = find(&tx, id).await?;
    allow(who.belongs_to(pulse.unit), "the people of the unit itself", "answer its pulse")?;
    record(world, &mut tx, &pulse, person, given).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Answers by a personal link, once, whether by it or signed in.
pub async fn answer_by_link(world: &World, secret: &str, given: &[Option<u8>]) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let (pulse, person) = of_link(&tx, secret).await?;
    // Who has left the unit since no longer speaks for it.
    let members = person::store::of_unit(&tx, pulse.unit).await?;
    let belongs = members.iter().any(|(member, _)| member.id == person);
    allow(belongs, "the people of the unit itself", "answer its pulse")?;
    record(world, &mut tx, &pulse, person, given).await?;
    world.commit(tx).await?;
    Ok(())
}

async fn record(
    world: &World,
    tx: &mut Tx,
    pulse: &Pulse,
    person: PersonId,
    given: &[Option<u8>],
) -> Result<(), Trouble> {
    must_be_open(pulse, world)?;
    let instrument = instrument::store::of_edition(tx, &pulse.instrument).await?;
    let answers = rules::answers(&instrument, given)?;
    if !store::mark_answered(tx, pulse.id, person).await? {
        return Err(PulseRefused::AnsweredAlready.into());
    }
    store::count(tx, pulse.id, &instrument, &answers).await?;
    let somebody = Who { actor: Actor::Undisclosed, name: "somebody".into(), roles: vec![] };
    tx.journal(world.now(), &somebody, Fact::PulseAnswered { pulse: pulse.id }).await?;
    Ok(())
}

/// Refuses what is done with a pulse that is over.
pub fn must_be_open(pulse: &Pulse, world: &World) -> Result<(), PulseRefused> {
    if pulse.closes_at <= world.now() {
        return Err(PulseRefused::Closed { at: pulse.closes_at });
    }
    Ok(())
}

/// The pulse to which a personal link leads, and whose link it is.
pub async fn of_link(sql: &Sql, secret: &str) -> Result<(Pulse, PersonId), Trouble> {
    let found = store::link(sql, &hash(secret)).await?;
    let (id, person) = found.ok_or(Trouble::NotFound { what: "link" })?;
    Ok((find(sql, id).await?, person))
}

/// One pulse.
pub async fn find(sql: &Sql, id: PulseId) -> Result<Pulse, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "pulse" })
}
