//! Entering an account, saying what it is stuck on, trying a remedy there, and saying which change is a remedy.

use traction_domain::fact::Fact;
use traction_domain::id::{AccountId, CaseId, ChangeId, HoldId, TrialId};
use traction_domain::org::who::Who;
use traction_domain::sense::account::{self as rules, AccountRefused, Stand, Tried};
use traction_domain::sense::playbook::Playbook;

use crate::sense::account::store::{self, Account, Hold, Offer};
use crate::sense::trial::store::Trial;
use crate::sense::trial::verbs::{For, TrialWish};
use crate::sense::{case, playbook, trial};
use crate::store::{Sql, Tx};
use crate::trouble::Trouble;
use crate::world::World;

/// Enters an account; its short name.
pub async fn open(world: &World, who: &Who, name: &str) -> Result<Account, Trouble> {
    let mut tx = world.store().begin().await?;
    let account = record(world, &mut tx, who, name).await?;
    world.commit(tx).await?;
    Ok(account)
}

/// Records an account in a transaction that another verb began.
pub async fn record(world: &World, tx: &mut Tx, who: &Who, name: &str) -> Result<Account, Trouble> {
    rules::must_see(who, "enter an account")?;
    let proposed = rules::propose(name)?;
    if store::by_slug(tx, proposed.slug.as_str()).await?.is_some() {
        return Err(AccountRefused::Taken { slug: proposed.slug }.into());
    }
    let (id, now) = (world.id::<AccountId>(), world.now());
    store::add(tx, id, &proposed, who.person(), now).await?;
    tx.journal(now, who, Fact::AccountOpened { account: id }).await?;
    Ok(Account { id, slug: proposed.slug, name: proposed.name, opened_at: now })
}

/// What an account is said to be stuck on.
#[derive(Clone, Copy, Debug)]
pub struct HoldWish<'a> {
    /// The name of the playbook.
    pub playbook: &'a str,
    /// The friction, by its name there.
    pub friction: &'a str,
    /// What they say; may be empty.
    pub words: &'a str,
}

/// Says what an account is stuck on.
pub async fn hold(world: &World, who: &Who, slug: &str, wish: &HoldWish<'_>) -> Result<HoldId, Trouble> {
    let mut tx = world.store().begin().await?;
    let account = find(&tx, who, slug).await?;
    let kept = playbook::verbs::find(&tx, wish.playbook).await?.playbook;
    let id = record_hold(world, &mut tx, who, &account, &kept, wish).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Records it in a transaction that another verb began, after it saw that the one who asks may.
pub async fn record_hold(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    account: &Account,
    playbook: &Playbook,
    wish: &HoldWish<'_>,
) -> Result<HoldId, Trouble> {
    if playbook.friction_named(wish.friction).is_none() {
        let (friction, playbook) = (wish.friction.to_owned(), playbook.edition.to_string());
        return Err(AccountRefused::NoFriction { friction, playbook }.into());
    }
    let words = rules::words(wish.words)?;
    let trials = trial::store::of_holds(tx).await?;
    let is_same = |hold: &Hold| {
        hold.account == account.id
            && (&*hold.playbook, &*hold.friction) == (&*playbook.edition.id, wish.friction)
    };
    let is_there = |hold: &Hold| is_same(hold) && stand(hold.id, &trials) != Stand::Gone;
    if store::holds(tx).await?.iter().any(is_there) {
        return Err(AccountRefused::HeldAlready.into());
    }
    let hold = Hold {
        id: world.id(),
        account: account.id,
        account_slug: account.slug.clone(),
        account_name: account.name.clone(),
        playbook: playbook.edition.id.clone(),
        friction: wish.friction.to_owned(),
        words,
        said_at: world.now(),
    };
    store::add_hold(tx, &hold, who.person()).await?;
    let fact = Fact::AccountStuck { account: account.id, hold: hold.id };
    tx.journal(hold.said_at, who, fact).await?;
    Ok(hold.id)
}

/// Where a hold stands, among all trials.
pub fn stand(hold: HoldId, trials: &[Trial]) -> Stand {
    let of_it = trials.iter().filter(|trial| trial.hold == Some(hold));
    let tried = of_it.map(|trial| Tried {
        begun_at: trial.begun_at,
        due_at: trial.due_at,
        outcome: trial.ended.map(|(outcome, _)| outcome),
    });
    rules::stand(&tried.collect::<Vec<_>>())
}

/// Begins to try a remedy on what an account is stuck on; the trial, and the account's short name.
pub async fn try_remedy(
    world: &World,
    who: &Who,
    id: HoldId,
    remedy: &str,
    n_days: i64,
) -> Result<(TrialId, Account), Trouble> {
    rules::must_see(who, "say what is tried there")?;
    let mut tx = world.store().begin().await?;
    let hold = store::holds(&tx).await?.into_iter().find(|hold| hold.id == id);
    let hold = hold.ok_or(Trouble::NotFound { what: "account that is stuck on this" })?;
    let account = find(&tx, who, hold.account_slug.as_str()).await?;
    let kept = playbook::verbs::find(&tx, &hold.playbook).await?.playbook;
    let wish = TrialWish { helps: For::Hold(id), remedy, friction: &hold.friction, n_days, answers: "" };
    let trial = trial::verbs::record(world, &mut tx, who, &kept, &wish).await?;
    world.commit(tx).await?;
    Ok((trial, account))
}

/// Opens a case about an account: several people there are asked, each alone.
pub async fn open_case(
    world: &World,
    who: &Who,
    slug: &str,
    playbook: &str,
    title: &str,
) -> Result<CaseId, Trouble> {
    let mut tx = world.store().begin().await?;
    let account = find(&tx, who, slug).await?;
    let id = case::verbs::record(world, &mut tx, who, playbook, title).await?;
    store::add_case(&tx, account.id, id).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Says that a change is a remedy of a playbook: demand for the remedy leads to it from then on.
pub async fn offer(
    world: &World,
    who: &Who,
    playbook: &str,
    remedy: &str,
    change: ChangeId,
) -> Result<(), Trouble> {
    who.must_lead_changes("say that a change is a remedy")?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let kept = playbook::verbs::find(&tx, playbook).await?.playbook;
    if kept.remedy_named(remedy).is_none() {
        let (remedy, playbook) = (remedy.to_owned(), kept.edition.to_string());
        return Err(AccountRefused::NoRemedy { remedy, playbook }.into());
    }
    let offer = Offer { playbook: kept.edition.id, remedy: remedy.to_owned(), change };
    if store::add_offer(&tx, &offer, who.person(), now).await? {
        tx.journal(now, who, Fact::RemedyOffered { change }).await?;
        world.commit(tx).await?;
    }
    Ok(())
}

/// The account of a short name, for those who see accounts.
pub async fn find(sql: &Sql, who: &Who, slug: &str) -> Result<Account, Trouble> {
    rules::must_see(who, "see an account")?;
    store::by_slug(sql, slug).await?.ok_or(Trouble::NotFound { what: "account" })
}
