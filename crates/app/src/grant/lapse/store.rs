//! Queries on the rule by which slots lapse.

use traction_domain::grant::slot::LapseRule;
use traction_domain::id::{ChangeId, PersonId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A rule, and since when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set {
    /// The rule; `None`: nothing lapses by itself.
    pub rule: Option<LapseRule>,
    /// When it was set.
    pub set_at: Moment,
}

fn set(row: &Row) -> Result<Set, Broken> {
    let days = row.maybe_whole("days")?;
    let rule = days.map(|days| {
        let rule = u32::try_from(days).ok().and_then(|days| LapseRule::after_days(days).ok());
        rule.ok_or_else(|| row.impossible("days", days))
    });
    Ok(Set { rule: rule.transpose()?, set_at: row.moment("set_at")? })
}

/// The rules of a change, in the order in which they were set.
pub async fn of_change(sql: &Sql, change: ChangeId) -> Result<Vec<Set>, Broken> {
    sql.all(
        "SELECT l.days AS days, l.set_at AS set_at FROM lapse_rule l WHERE l.change_id = $1 ORDER BY l.n",
        bind![change],
    )
    .await?
    .iter()
    .map(set)
    .collect()
}

/// The changes of which slots may lapse.
pub async fn changes(sql: &Sql) -> Result<Vec<ChangeId>, Broken> {
    sql.all("SELECT DISTINCT l.change_id AS id FROM lapse_rule l WHERE l.days IS NOT NULL", vec![])
        .await?
        .iter()
        .map(|row| row.parsed("id"))
        .collect()
}

/// Keeps a rule.
pub async fn add(
    sql: &Sql,
    change: ChangeId,
    rule: Option<LapseRule>,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO lapse_rule (change_id, n, days, set_by, set_at)
         SELECT $1, COUNT(*) + 1, CAST($2 AS BIGINT), $3, CAST($4 AS BIGINT) FROM lapse_rule WHERE change_id = $1",
        bind![change, rule.map(LapseRule::days), by, at],
    )
    .await?;
    Ok(())
}
