//! Queries on how slots came to be granted.

use traction_domain::id::ChangeId;
use traction_domain::sustain::balance::SwitchOn;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A switch-on, and the change it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct OfChange {
    /// The change.
    pub change: ChangeId,
    /// Its short name.
    pub change_slug: String,
    /// Its name.
    pub change_name: String,
    /// The switch-on.
    pub switch_on: SwitchOn,
}

const SELECT: &str = "SELECT s.id AS id, s.change_id AS change_id, c.slug AS change_slug, c.name AS change_name,
    s.asked AS asked, s.not_before AS not_before
  FROM slot s JOIN change c ON c.id = s.change_id
  WHERE NOT EXISTS (SELECT 1 FROM slot_event e WHERE e.slot_id = s.id AND e.what IN ('given-back', 'ended') AND e.at <= s.not_before)";

fn of_change(row: &Row) -> Result<OfChange, Broken> {
    Ok(OfChange {
        change: row.parsed("change_id")?,
        change_slug: row.text("change_slug")?,
        change_name: row.text("change_name")?,
        switch_on: SwitchOn { at: row.moment("not_before")?, asked: row.parsed("asked")? },
    })
}

/// Every switch-on until `now`, by change and time: of one change, or of all. A slot that was given back or ended before its
/// start switched nothing on.
pub async fn switch_ons(
    sql: &Sql,
    change: Option<ChangeId>,
    now: traction_domain::time::Moment,
) -> Result<Vec<OfChange>, Broken> {
    let order = "ORDER BY c.name, c.id, s.not_before, s.id";
    let rows = match change {
        Some(change) => {
            let text = format!("{SELECT} AND s.not_before <= $1 AND s.change_id = $2 {order}");
            sql.all(&text, bind![now, change]).await?
        }
        None => sql.all(&format!("{SELECT} AND s.not_before <= $1 {order}"), bind![now]).await?,
    };
    rows.iter().map(of_change).collect()
}
