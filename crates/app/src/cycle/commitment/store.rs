//! Queries on commitments, check-ins and accounts. Every query that reads is scoped to the one who looks: what he may
//! not see, it does not find.

use traction_domain::cycle::check_in::{CheckIn, Confidence};
use traction_domain::cycle::commitment::{Account, CommitmentMade, Outcome, Owner};
use traction_domain::id::{ChangeId, CheckInId, CommitmentId, PersonId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A commitment, as its owner sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// Whose it is.
    pub owner: Owner,
    /// The unit's name, where it is a unit's.
    pub unit_name: Option<String>,
    /// The change it is part of.
    pub change: Option<ChangeId>,
    /// What is to be reached, how, and by when.
    pub made: CommitmentMade,
    /// Who wrote it down.
    pub made_by: Option<PersonId>,
    /// When.
    pub made_at: Moment,
    /// How it ended.
    pub ended: Option<(Account, Moment)>,
}

/// Commitments that the person `$1` may see: his own, and those of the units he belongs to now.
const SELECT: &str = "SELECT k.id AS id, k.person_id AS person_id, k.unit_id AS unit_id, u.name AS unit_name, k.change_id AS change_id,
   k.goal AS goal, k.plan AS plan, k.due_at AS due_at, k.made_by AS made_by, k.made_at AS made_at,
   e.outcome AS outcome, e.learnt AS learnt, e.next_step AS next_step, e.closed_at AS closed_at
 FROM commitment k LEFT JOIN unit u ON u.id = k.unit_id LEFT JOIN commitment_end e ON e.commitment_id = k.id
 WHERE (k.person_id = $1 OR k.unit_id IN (SELECT r.unit_id FROM role r WHERE r.person_id = $1
   AND r.unit_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM role_end x WHERE x.role_id = r.id)))";

fn commitment(row: &Row) -> Result<Commitment, Broken> {
    let owner = match (row.maybe_parsed("person_id")?, row.maybe_parsed("unit_id")?) {
        (Some(person), None) => Owner::Person(person),
        (None, Some(unit)) => Owner::Unit(unit),
        _ => return Err(row.impossible("person_id", "not exactly one owner")),
    };
    let made =
        CommitmentMade { goal: row.text("goal")?, plan: row.text("plan")?, due_at: row.moment("due_at")? };
    Ok(Commitment {
        id: row.parsed("id")?,
        owner,
        unit_name: row.maybe_text("unit_name")?,
        change: row.maybe_parsed("change_id")?,
        made,
        made_by: row.maybe_parsed("made_by")?,
        made_at: row.moment("made_at")?,
        ended: ended(row)?,
    })
}

fn ended(row: &Row) -> Result<Option<(Account, Moment)>, Broken> {
    let Some(at) = row.maybe_moment("closed_at")? else { return Ok(None) };
    let outcome: Outcome = row.parsed("outcome")?;
    let account = Account { outcome, learnt: row.text("learnt")?, next_step: row.maybe_text("next_step")? };
    Ok(Some((account, at)))
}

/// What `person` may see: open ones first, the next due first.
pub async fn seen_by(sql: &Sql, person: PersonId) -> Result<Vec<Commitment>, Broken> {
    let text = format!("{SELECT} ORDER BY CASE WHEN e.closed_at IS NULL THEN 0 ELSE 1 END, k.due_at, k.id");
    sql.all(&text, bind![person]).await?.iter().map(commitment).collect()
}

/// One of those that `person` may see.
pub async fn one_seen_by(
    sql: &Sql,
    person: PersonId,
    id: CommitmentId,
) -> Result<Option<Commitment>, Broken> {
    let text = format!("{SELECT} AND k.id = $2");
    sql.one(&text, bind![person, id]).await?.as_ref().map(commitment).transpose()
}

/// Keeps a commitment.
pub async fn add(
    sql: &Sql,
    id: CommitmentId,
    owner: Owner,
    change: Option<ChangeId>,
    made: &CommitmentMade,
    by: PersonId,
    at: Moment,
) -> Result<(), Broken> {
    let (person, unit) = match owner {
        Owner::Person(person) => (Some(person), None),
        Owner::Unit(unit) => (None, Some(unit)),
    };
    sql.run(
        "INSERT INTO commitment (id, person_id, unit_id, change_id, goal, plan, due_at, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        bind![id, person, unit, change, made.goal, made.plan, made.due_at, by, at],
    )
    .await?;
    Ok(())
}

/// The check-ins of a commitment that `person` may see, oldest first.
pub async fn check_ins_seen_by(
    sql: &Sql,
    person: PersonId,
    id: CommitmentId,
) -> Result<Vec<(CheckIn, Moment)>, Broken> {
    if one_seen_by(sql, person, id).await?.is_none() {
        return Ok(vec![]);
    }
    sql.all(
        "SELECT c.id AS id, c.confidence AS confidence, c.learnt AS learnt, c.checked_at AS checked_at
         FROM check_in c WHERE c.commitment_id = $1 ORDER BY c.checked_at, c.id",
        bind![id],
    )
    .await?
    .iter()
    .map(|row| {
        let number = row.count("confidence")?;
        let confidence = u32::try_from(number).ok().and_then(|number| Confidence::of(number).ok());
        let confidence = confidence.ok_or_else(|| row.impossible("confidence", number))?;
        Ok((CheckIn { confidence, learnt: row.maybe_text("learnt")? }, row.moment("checked_at")?))
    })
    .collect()
}

/// Keeps a check-in.
pub async fn add_check_in(
    sql: &Sql,
    id: CheckInId,
    commitment: CommitmentId,
    check_in: &CheckIn,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO check_in (id, commitment_id, confidence, learnt, checked_at) VALUES ($1, $2, $3, $4, $5)",
        bind![id, commitment, check_in.confidence.number(), check_in.learnt, at],
    )
    .await?;
    Ok(())
}

/// Keeps the account that closes a commitment.
pub async fn end(sql: &Sql, id: CommitmentId, account: &Account, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO commitment_end (commitment_id, outcome, learnt, next_step, closed_at)
         VALUES ($1, $2, $3, $4, $5)",
        bind![id, account.outcome.word(), account.learnt, account.next_step, at],
    )
    .await?;
    Ok(())
}
