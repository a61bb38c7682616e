//! Proposing a hand-over, accepting, declining and withdrawing it.

use jiff::civil::Date;
use traction_domain::fact::Fact;
use traction_domain::grant::slot::{State as SlotState, Step, Taker};
use traction_domain::id::{HandOverId, PersonId, SlotId};
use traction_domain::org::who::{Who, allow};
use traction_domain::sustain::hand_over::{self as rules, Belongs, Ground, Holding, State};

use crate::grant::slot;
use crate::org::person;
use crate::store::{Sql, Tx};
use crate::sustain::hand_over::store::{self, HandOver};
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// What somebody wishes to hand over.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The slot.
    pub slot: SlotId,
    /// The person of the unit who is to own it.
    pub owner: PersonId,
    /// What was transferred, one thing a line.
    pub transferred: String,
    /// The day support ends.
    pub support_ends: Date,
}

/// Whether `who` may propose hand-overs.
pub fn may_propose(who: &Who) -> bool {
    who.is_coach() || who.is_change_lead()
}

/// Proposes a hand-over; whoever proposes it hands over.
pub async fn propose(world: &World, who: &Who, wish: Wish) -> Result<HandOverId, Trouble> {
    let from = who.person().ok_or(Trouble::NotSignedIn)?;
    allow(may_propose(who), "a coach or a change lead", "propose a hand-over")?;
    let (id, now) = (world.id::<HandOverId>(), world.now());
    let mut tx = world.store().begin().await?;
    let slot = slot::store::one(&tx, wish.slot).await?.ok_or(Trouble::NotFound { what: "slot" })?;
    let holding = match slot.state(now) {
        SlotState::Started | SlotState::Paused => Holding::Held,
        SlotState::Granted
        | SlotState::GivenBack
        | SlotState::Lapsed
        | SlotState::Ended
        | SlotState::HandedOver => Holding::NotHeld,
    };
    let people = person::store::of_unit(&tx, slot.unit).await?;
    let owner = if people.iter().any(|(person, _)| person.id == wish.owner) {
        Belongs::ToTheUnit
    } else {
        Belongs::Elsewhere
    };
    let other = store::of_slot(&tx, wish.slot).await?.into_iter().next().map(|other| (other.id, other.state));
    let ground = Ground { slot: slot.id, unit: slot.unit, holding, owner, other };
    let wanted = rules::Wish {
        from,
        owner: wish.owner,
        transferred: &wish.transferred,
        support_ends: wish.support_ends,
    };
    let proposed = rules::propose(wanted, ground, now)?;
    store::add(&tx, id, &proposed, now).await?;
    tx.journal(now, who, Fact::HandOverProposed { hand_over: id, slot: slot.id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Accepts it: the unit has it now, and the level reached is frozen and watched from here on.
pub async fn accept(world: &World, who: &Who, id: HandOverId) -> Result<(), Trouble> {
    let (mut tx, hand_over, person) = answered(world, who, id).await?;
    rules::accept(hand_over.standing(), person)?;
    let slot = slot::store::one(&tx, hand_over.slot).await?.ok_or(Trouble::NotFound { what: "slot" })?;
    let why = format!("handed over to {}", hand_over.owner_name);
    slot::verbs::record_step(world, &mut tx, &slot, Step::HandedOver, &Taker::Unit, Some(why)).await?;
    let fact = Fact::HandOverAccepted { hand_over: id, slot: hand_over.slot };
    end(world, tx, who, &hand_over, State::Accepted, None, fact).await
}

/// Declines it, with a reason.
pub async fn decline(world: &World, who: &Who, id: HandOverId, reason: &str) -> Result<(), Trouble> {
    let (tx, hand_over, person) = answered(world, who, id).await?;
    let reason = rules::decline(hand_over.standing(), person, reason)?;
    let fact = Fact::HandOverDeclined { hand_over: id };
    end(world, tx, who, &hand_over, State::Declined, Some(&reason), fact).await
}

/// Takes the proposal back.
pub async fn withdraw(world: &World, who: &Who, id: HandOverId) -> Result<(), Trouble> {
    let (tx, hand_over, person) = answered(world, who, id).await?;
    rules::withdraw(hand_over.standing(), person)?;
    end(world, tx, who, &hand_over, State::Withdrawn, None, Fact::HandOverWithdrawn { hand_over: id }).await
}

/// The hand-over of an id as it stands in an address.
pub async fn find(sql: &Sql, id: HandOverId) -> Result<HandOver, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "hand-over" })
}

async fn answered(world: &World, who: &Who, id: HandOverId) -> Result<(Tx, HandOver, PersonId), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let tx = world.store().begin().await?;
    let hand_over = find(&tx, id).await?;
    Ok((tx, hand_over, person))
}

async fn end(
    world: &World,
    mut tx: Tx,
    who: &Who,
    hand_over: &HandOver,
    state: State,
    reason: Option<&str>,
    fact: Fact,
) -> Result<(), Trouble> {
    let now = world.now();
    store::answer(&tx, hand_over.id, state, reason, now).await?;
    tx.journal(now, who, fact).await?;
    world.commit(tx).await.map_err(|broken: Broken| broken.into())
}
