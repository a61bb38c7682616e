//! Queries on hand-overs and their answers.

use jiff::civil::Date;
use traction_domain::id::{HandOverId, PersonId, SlotId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::sustain::hand_over::{HandOverProposed, Standing, State};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A hand-over as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOver {
    /// Its id.
    pub id: HandOverId,
    /// The slot it is about.
    pub slot: SlotId,
    /// The unit that holds it.
    pub unit: UnitId,
    /// The unit's short name.
    pub unit_slug: Slug,
    /// The unit's name.
    pub unit_name: String,
    /// The change's short name.
    pub change_slug: Slug,
    /// The change's name.
    pub change_name: String,
    /// Who hands over.
    pub from: PersonId,
    /// His name.
    pub from_name: String,
    /// Who is to own it, or does.
    pub owner: PersonId,
    /// His name.
    pub owner_name: String,
    /// What was transferred.
    pub transferred: Vec<String>,
    /// The day support ends.
    pub support_ends: Date,
    /// When it was proposed.
    pub proposed_at: Moment,
    /// Where it stands.
    pub state: State,
    /// Why it was declined.
    pub reason: Option<String>,
    /// When it was answered or taken back.
    pub answered_at: Option<Moment>,
}

impl HandOver {
    /// As its rules see it.
    pub fn standing(&self) -> Standing {
        Standing { from: self.from, owner: self.owner, state: self.state }
    }
}

const SELECT: &str = "SELECT h.id AS id, h.slot_id AS slot_id, s.unit_id AS unit_id, u.slug AS unit_slug,
    u.name AS unit_name, c.slug AS change_slug, c.name AS change_name, h.from_id AS from_id, f.name AS from_name,
    h.owner_id AS owner_id, o.name AS owner_name, h.transferred AS transferred, h.support_ends AS support_ends,
    h.proposed_at AS proposed_at, COALESCE(a.state, 'proposed') AS state, a.reason AS reason, a.at AS answered_at
  FROM hand_over h JOIN slot s ON s.id = h.slot_id JOIN unit u ON u.id = s.unit_id
  JOIN change c ON c.id = s.change_id JOIN person f ON f.id = h.from_id JOIN person o ON o.id = h.owner_id
  LEFT JOIN hand_over_answer a ON a.hand_over_id = h.id";

fn hand_over(row: &Row) -> Result<HandOver, Broken> {
    let word = row.text("state")?;
    Ok(HandOver {
        id: row.parsed("id")?,
        slot: row.parsed("slot_id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        change_slug: row.parsed("change_slug")?,
        change_name: row.text("change_name")?,
        from: row.parsed("from_id")?,
        from_name: row.text("from_name")?,
        owner: row.parsed("owner_id")?,
        owner_name: row.text("owner_name")?,
        transferred: row.text("transferred")?.lines().map(str::to_owned).collect(),
        support_ends: row.parsed("support_ends")?,
        proposed_at: row.moment("proposed_at")?,
        state: State::of(&word).ok_or_else(|| row.impossible("state", &word))?,
        reason: row.maybe_text("reason")?,
        answered_at: row.maybe_moment("answered_at")?,
    })
}

/// All hand-overs, the latest first.
pub async fn all(sql: &Sql) -> Result<Vec<HandOver>, Broken> {
    let text = format!("{SELECT} ORDER BY h.proposed_at DESC, h.id");
    sql.all(&text, vec![]).await?.iter().map(hand_over).collect()
}

/// One hand-over.
pub async fn one(sql: &Sql, id: HandOverId) -> Result<Option<HandOver>, Broken> {
    sql.one(&format!("{SELECT} WHERE h.id = $1"), bind![id]).await?.as_ref().map(hand_over).transpose()
}

/// The hand-overs of a slot, the latest first.
pub async fn of_slot(sql: &Sql, slot: SlotId) -> Result<Vec<HandOver>, Broken> {
    let text = format!("{SELECT} WHERE h.slot_id = $1 ORDER BY h.proposed_at DESC, h.id DESC");
    sql.all(&text, bind![slot]).await?.iter().map(hand_over).collect()
}

/// Keeps a proposal.
pub async fn add(sql: &Sql, id: HandOverId, proposed: &HandOverProposed, at: Moment) -> Result<(), Broken> {
    let HandOverProposed { slot, from, owner, transferred, support_ends, .. } = proposed;
    sql.run(
        "INSERT INTO hand_over (id, slot_id, from_id, owner_id, transferred, support_ends, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![id, slot, from, owner, transferred.join("\n"), support_ends.to_string(), at],
    )
    .await?;
    Ok(())
}

/// Keeps its end: accepted, declined with a reason, or withdrawn.
pub async fn answer(
    sql: &Sql,
    id: HandOverId,
    state: State,
    reason: Option<&str>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO hand_over_answer (hand_over_id, state, reason, at) VALUES ($1, $2, $3, $4)",
        bind![id, state.word(), reason, at],
    )
    .await?;
    Ok(())
}
