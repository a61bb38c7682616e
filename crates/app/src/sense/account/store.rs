//! Queries on customer accounts, what they are stuck on, their cases, and the changes that are remedies.

use traction_domain::id::{AccountId, CaseId, ChangeId, HoldId, PersonId};
use traction_domain::org::slug::Slug;
use traction_domain::sense::account::AccountProposed;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A customer organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// When it was entered.
    pub opened_at: Moment,
}

const SELECT: &str =
    "SELECT a.id AS id, a.slug AS slug, a.name AS name, a.opened_at AS opened_at FROM account a";

fn account(row: &Row) -> Result<Account, Broken> {
    Ok(Account {
        id: row.parsed("id")?,
        slug: row.parsed("slug")?,
        name: row.text("name")?,
        opened_at: row.moment("opened_at")?,
    })
}

/// All, by name.
pub async fn all(sql: &Sql) -> Result<Vec<Account>, Broken> {
    sql.all(&format!("{SELECT} ORDER BY a.name, a.id"), bind![]).await?.iter().map(account).collect()
}

/// The one of a short name.
pub async fn by_slug(sql: &Sql, slug: &str) -> Result<Option<Account>, Broken> {
    sql.one(&format!("{SELECT} WHERE a.slug = $1"), bind![slug]).await?.as_ref().map(account).transpose()
}

/// Keeps an account.
pub async fn add(
    sql: &Sql,
    id: AccountId,
    proposed: &AccountProposed,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO account (id, slug, name, opened_by, opened_at) VALUES ($1, $2, $3, $4, $5)",
        bind![id, proposed.slug, proposed.name, by, at],
    )
    .await?;
    Ok(())
}

/// Something that an account is stuck on, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// The account.
    pub account: AccountId,
    /// That account's short name.
    pub account_slug: Slug,
    /// That account's name.
    pub account_name: String,
    /// The name of the playbook.
    pub playbook: String,
    /// The friction, by its name there.
    pub friction: String,
    /// What they say; may be empty.
    pub words: String,
    /// When it was said.
    pub said_at: Moment,
}

/// Everything that accounts are or were stuck on, by account, the latest first.
pub async fn holds(sql: &Sql) -> Result<Vec<Hold>, Broken> {
    sql.all(
        "SELECT h.id AS id, h.account_id AS account_id, a.slug AS slug, a.name AS name, h.playbook AS playbook,
           h.friction AS friction, h.words AS words, h.said_at AS said_at
         FROM account_hold h JOIN account a ON a.id = h.account_id ORDER BY a.name, a.id, h.said_at DESC, h.id",
        bind![],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Hold {
            id: row.parsed("id")?,
            account: row.parsed("account_id")?,
            account_slug: row.parsed("slug")?,
            account_name: row.text("name")?,
            playbook: row.text("playbook")?,
            friction: row.text("friction")?,
            words: row.text("words")?,
            said_at: row.moment("said_at")?,
        })
    })
    .collect()
}

/// Keeps what an account is stuck on.
pub async fn add_hold(sql: &Sql, hold: &Hold, by: Option<PersonId>) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO account_hold (id, account_id, playbook, friction, words, said_by, said_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![hold.id, hold.account, hold.playbook, hold.friction, hold.words, by, hold.said_at],
    )
    .await?;
    Ok(())
}

/// Keeps which account a case is about.
pub async fn add_case(sql: &Sql, account: AccountId, case: CaseId) -> Result<(), Broken> {
    let text = "INSERT INTO account_case (case_id, account_id) VALUES ($1, $2)";
    sql.run(text, bind![case, account]).await?;
    Ok(())
}

/// The account that a case is about, if it is about one.
pub async fn of_case(sql: &Sql, case: CaseId) -> Result<Option<Account>, Broken> {
    let text = format!("{SELECT} JOIN account_case c ON c.account_id = a.id WHERE c.case_id = $1");
    sql.one(&text, bind![case]).await?.as_ref().map(account).transpose()
}

/// A case about an account: that it is, never what was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseOf {
    /// What it is about.
    pub title: String,
    /// The case.
    pub id: CaseId,
    /// Who opened it, and alone sees it.
    pub opened_by: Option<PersonId>,
    /// When.
    pub opened_at: Moment,
    /// When it was closed, if it was.
    pub closed_at: Option<Moment>,
}

/// The cases about an account, the latest first.
pub async fn cases_of(sql: &Sql, account: AccountId) -> Result<Vec<CaseOf>, Broken> {
    sql.all(
        "SELECT c.id AS id, c.title AS title, c.opened_by AS opened_by, c.opened_at AS opened_at, e.closed_at AS closed_at
         FROM account_case a JOIN sense_case c ON c.id = a.case_id LEFT JOIN sense_case_end e ON e.case_id = c.id
         WHERE a.account_id = $1 ORDER BY c.opened_at DESC, c.id DESC",
        bind![account],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(CaseOf {
            title: row.text("title")?,
            id: row.parsed("id")?,
            opened_by: row.maybe_parsed("opened_by")?,
            opened_at: row.moment("opened_at")?,
            closed_at: row.maybe_moment("closed_at")?,
        })
    })
    .collect()
}

/// A change that is a remedy of a playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The name of the playbook.
    pub playbook: String,
    /// The remedy, by its name there.
    pub remedy: String,
    /// The change.
    pub change: ChangeId,
}

/// All changes that are remedies.
pub async fn offers(sql: &Sql) -> Result<Vec<Offer>, Broken> {
    sql.all(
        "SELECT o.playbook AS playbook, o.remedy AS remedy, o.change_id AS change_id FROM remedy_offer o
         ORDER BY o.playbook, o.remedy, o.said_at, o.change_id",
        bind![],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Offer {
            playbook: row.text("playbook")?,
            remedy: row.text("remedy")?,
            change: row.parsed("change_id")?,
        })
    })
    .collect()
}

/// Keeps that a change is a remedy; false when that is kept already.
pub async fn add_offer(sql: &Sql, offer: &Offer, by: Option<PersonId>, at: Moment) -> Result<bool, Broken> {
    let n_added = sql
        .run(
            "INSERT INTO remedy_offer (playbook, remedy, change_id, said_by, said_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            bind![offer.playbook, offer.remedy, offer.change, by, at],
        )
        .await?;
    Ok(n_added == 1)
}
