//! Queries on changes, their predictions and pauses.

use traction_domain::id::{ChangeId, GoalId, MetricId, PersonId, UnitId};
use traction_domain::offer::change::{ChangeProposed, ChangeState, PredictionLocked};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What it promises.
    pub promise: String,
    /// The unit it is at home in; `None` for one of the whole organisation.
    pub unit: Option<UnitId>,
    /// The goal it serves.
    pub goal: GoalId,
    /// The metric its effect is judged by.
    pub metric: MetricId,
    /// The smallest effect worth it, in the metric's unit.
    pub worth: f64,
    /// The key the real system asks for.
    pub flag_key: String,
    /// Who opened it.
    pub opened_by: Option<PersonId>,
    /// When.
    pub opened_at: Moment,
    /// Whether it is switched on for those who hold a slot.
    pub state: ChangeState,
}

const SELECT: &str = "SELECT c.id AS id, c.slug AS slug, c.name AS name, c.promise AS promise, c.unit_id AS unit_id,
  c.goal_id AS goal_id, c.metric_id AS metric_id, c.worth AS worth, c.flag_key AS flag_key,
  c.opened_by AS opened_by, c.opened_at AS opened_at,
  (SELECT p.state FROM change_pause p WHERE p.change_id = c.id ORDER BY p.n DESC LIMIT 1) AS pause_state FROM change c";

fn change(row: &Row) -> Result<Change, Broken> {
    let state = match row.maybe_text("pause_state")?.as_deref() {
        Some("paused") => ChangeState::Paused,
        None | Some("resumed") => ChangeState::Running,
        Some(other) => return Err(row.impossible("pause_state", other)),
    };
    Ok(Change {
        id: row.parsed("id")?,
        slug: row.parsed("slug")?,
        name: row.text("name")?,
        promise: row.text("promise")?,
        unit: row.maybe_parsed("unit_id")?,
        goal: row.parsed("goal_id")?,
        metric: row.parsed("metric_id")?,
        worth: row.number("worth")?,
        flag_key: row.text("flag_key")?,
        opened_by: row.maybe_parsed("opened_by")?,
        opened_at: row.moment("opened_at")?,
        state,
    })
}

/// All changes, oldest first.
pub async fn all(sql: &Sql) -> Result<Vec<Change>, Broken> {
    sql.all(&format!("{SELECT} ORDER BY c.opened_at, c.id"), vec![]).await?.iter().map(change).collect()
}

/// One change.
pub async fn one(sql: &Sql, id: ChangeId) -> Result<Option<Change>, Broken> {
    sql.one(&format!("{SELECT} WHERE c.id = $1"), bind![id]).await?.as_ref().map(change).transpose()
}

/// The change of a short name.
pub async fn by_slug(sql: &Sql, slug: &str) -> Result<Option<Change>, Broken> {
    sql.one(&format!("{SELECT} WHERE c.slug = $1"), bind![slug]).await?.as_ref().map(change).transpose()
}

/// The change that the real system asks for by this key.
pub async fn by_flag_key(sql: &Sql, key: &str) -> Result<Option<Change>, Broken> {
    sql.one(&format!("{SELECT} WHERE c.flag_key = $1"), bind![key]).await?.as_ref().map(change).transpose()
}

/// Keeps a change.
pub async fn add(
    sql: &Sql,
    id: ChangeId,
    proposed: &ChangeProposed,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let ChangeProposed { slug, name, promise, unit, goal, metric, worth, flag_key } = proposed;
    sql.run(
        "INSERT INTO change (id, slug, name, promise, unit_id, goal_id, metric_id, worth, flag_key, opened_by, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        bind![id, slug, name, promise, *unit, goal, metric, *worth, flag_key, by, at],
    )
    .await?;
    Ok(())
}

/// A locked prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What is expected, in words.
    pub words: String,
    /// The effect expected, in the metric's unit.
    pub effect: f64,
    /// The hash that was published when it was locked.
    pub hash: String,
    /// When it was locked.
    pub locked_at: Moment,
}

/// The prediction of a change.
pub async fn prediction(sql: &Sql, change: ChangeId) -> Result<Option<Prediction>, Broken> {
    let row = sql
        .one(
            "SELECT p.words AS words, p.effect AS effect, p.hash AS hash, p.locked_at AS locked_at
             FROM prediction p WHERE p.change_id = $1",
            bind![change],
        )
        .await?;
    row.map(|row| {
        Ok(Prediction {
            words: row.text("words")?,
            effect: row.number("effect")?,
            hash: row.text("hash")?,
            locked_at: row.moment("locked_at")?,
        })
    })
    .transpose()
}

/// Keeps a prediction.
pub async fn lock(
    sql: &Sql,
    change: ChangeId,
    locked: &PredictionLocked,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO prediction (change_id, words, effect, hash, locked_by, locked_at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![change, locked.words, locked.effect, locked.hash, by, at],
    )
    .await?;
    Ok(())
}

/// When the first slot of a change starts, of those announced.
pub async fn first_start(sql: &Sql, change: ChangeId) -> Result<Option<Moment>, Broken> {
    let row = sql
        .one(
            "SELECT MIN(w.starts_at) AS at FROM wave w WHERE w.change_id = $1
         AND NOT EXISTS (SELECT 1 FROM wave_cancelled x WHERE x.wave_id = w.id)",
            bind![change],
        )
        .await?;
    row.map_or(Ok(None), |row| row.maybe_moment("at"))
}

/// When a change went on last after a pause; `None` where it was never paused.
pub async fn resumed_at(sql: &Sql, change: ChangeId) -> Result<Option<Moment>, Broken> {
    let text = "SELECT MAX(p.at) AS at FROM change_pause p WHERE p.change_id = $1 AND p.state = 'resumed'";
    sql.one(text, bind![change]).await?.map_or(Ok(None), |row| row.maybe_moment("at"))
}

/// That a change is paused.
#[derive(Clone, Debug, PartialEq)]
pub struct Paused {
    /// The reason given.
    pub why: String,
    /// Since when.
    pub at: Moment,
}

/// That a change is paused now, where it is.
pub async fn paused(sql: &Sql, change: ChangeId) -> Result<Option<Paused>, Broken> {
    let text =
        "SELECT p.why AS why, p.at AS at FROM change_pause p WHERE p.change_id = $1 AND p.state = 'paused'
         AND NOT EXISTS (SELECT 1 FROM change_pause l WHERE l.change_id = p.change_id AND l.n > p.n)";
    let row = sql.one(text, bind![change]).await?;
    row.map(|row| Ok(Paused { why: row.text("why")?, at: row.moment("at")? })).transpose()
}

/// Keeps a pause or its end.
pub async fn set_state(
    sql: &Sql,
    change: ChangeId,
    state: ChangeState,
    why: &str,
    at: Moment,
) -> Result<(), Broken> {
    let word = match state {
        ChangeState::Paused => "paused",
        ChangeState::Running => "resumed",
    };
    sql.run(
        "INSERT INTO change_pause (change_id, n, state, why, at)
         SELECT $1, COUNT(*) + 1, $2, $3, CAST($4 AS BIGINT) FROM change_pause WHERE change_id = $1",
        bind![change, word, why, at],
    )
    .await?;
    Ok(())
}
