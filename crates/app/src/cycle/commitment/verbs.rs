//! Committing oneself or one's unit, checking in, giving account.
//!
//! The journal says that these things happened, never who: whose commitment it is stands in its own row, which only
//! its owner's queries find.

use traction_domain::cycle::check_in::CheckIn;
use traction_domain::cycle::commitment::{self as rules, Account, CommitmentMade, Owner};
use traction_domain::fact::Fact;
use traction_domain::id::{ChangeId, CheckInId, CommitmentId, PersonId, UnitId};
use traction_domain::org::who::{Who, allow};

use crate::cycle::commitment::store::{self, Commitment};
use crate::offer::change;
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::world::World;

/// Commits the one who asks, or `unit`, to which he belongs, as part of `change` where there is one. Nobody commits
/// somebody else.
pub async fn commit(
    world: &World,
    who: &Who,
    unit: Option<UnitId>,
    change: Option<ChangeId>,
    made: CommitmentMade,
) -> Result<CommitmentId, Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let owner = match unit {
        Some(unit) => {
            allow(who.belongs_to(unit), "the people of the unit itself", "commit it to something")?;
            Owner::Unit(unit)
        }
        None => Owner::Person(person),
    };
    let (id, now) = (world.id::<CommitmentId>(), world.now());
    let mut tx = world.store().begin().await?;
    if let Some(change) = change {
        change::store::one(&tx, change).await?.ok_or(Trouble::NotFound { what: "change" })?;
    }
    store::add(&tx, id, owner, change, &made, person, now).await?;
    tx.journal(now, &who.undisclosed(), Fact::Committed { commitment: id }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Leaves a check-in.
pub async fn check_in(world: &World, who: &Who, id: CommitmentId, check_in: CheckIn) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let (_, commitment) = find(&tx, who, id).await?;
    rules::must_be_open(closed_at(&commitment))?;
    let check_in_id = world.id::<CheckInId>();
    store::add_check_in(&tx, check_in_id, id, &check_in, now).await?;
    tx.journal(now, &who.undisclosed(), Fact::CheckedIn { check_in: check_in_id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Whether `who` may close it: the one whose it is; of a unit's, whoever wrote it down, and the unit's lead.
pub fn may_close(who: &Who, commitment: &Commitment) -> bool {
    match commitment.owner {
        Owner::Person(person) => who.person() == Some(person),
        Owner::Unit(unit) => who.leads(unit) || who.person() == commitment.made_by,
    }
}

/// Closes a commitment with an account of it.
pub async fn close(world: &World, who: &Who, id: CommitmentId, account: Account) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let (_, commitment) = find(&tx, who, id).await?;
    allow(may_close(who, &commitment), "whoever made it, or the unit's lead,", "close a unit's commitment")?;
    rules::must_be_open(closed_at(&commitment))?;
    store::end(&tx, id, &account, now).await?;
    tx.journal(now, &who.undisclosed(), Fact::CommitmentClosed { commitment: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// The commitment, and the person who looks; to everybody who may not see it, it is not there.
pub async fn find(sql: &Sql, who: &Who, id: CommitmentId) -> Result<(PersonId, Commitment), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let found = store::one_seen_by(sql, person, id).await?;
    Ok((person, found.ok_or(Trouble::NotFound { what: "commitment" })?))
}

fn closed_at(commitment: &Commitment) -> Option<traction_domain::time::Moment> {
    commitment.ended.as_ref().map(|(_, at)| *at)
}
