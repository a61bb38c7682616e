//! Queries on cycles and their predictions and ends.

mod parts;

use traction_domain::cycle::cycle::{Acted, Decision, Predicted};
use traction_domain::id::{AlarmId, ChangeId, CycleId, FrictionId, IdeaId, PersonId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

pub use parts::{Note, Series, add_note, add_points, notes, series};

/// What a cycle comes from; any of it may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The cycle before it.
    pub previous: Option<CycleId>,
    /// The change it belongs to.
    pub change: Option<ChangeId>,
    /// The friction it is against.
    pub friction: Option<FrictionId>,
    /// The idea it tests.
    pub idea: Option<IdeaId>,
    /// The alarm that opened it.
    pub alarm: Option<AlarmId>,
}

/// A cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// Its id.
    pub id: CycleId,
    /// The unit that tests.
    pub unit: UnitId,
    /// That unit's short name.
    pub unit_slug: Slug,
    /// That unit's name.
    pub unit_name: String,
    /// What is to get better.
    pub aim: String,
    /// What it comes from.
    pub origin: Origin,
    /// The change's short name and name.
    pub change: Option<(Slug, String)>,
    /// What the friction is called.
    pub friction_title: Option<String>,
    /// What the idea is called.
    pub idea_title: Option<String>,
    /// Name of who started it; `None` when Traction or a program did.
    pub started_by: Option<String>,
    /// When.
    pub started_at: Moment,
    /// Its locked prediction.
    pub locked: Option<Locked>,
    /// How it ended.
    pub ended: Option<Ended>,
    /// When the pain it comes from was first written down: the friction, else the idea, else the cycle itself.
    pub pain_at: Moment,
    /// When its first result was in the record.
    pub first_result_at: Option<Moment>,
    /// The first cycle that started from it.
    pub next: Option<CycleId>,
}

/// A locked prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct Locked {
    /// What was expected, and the plan.
    pub predicted: Predicted,
    /// The lock.
    pub hash: String,
    /// When.
    pub at: Moment,
}

/// The end of a cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// What was decided, learnt, and comes next.
    pub acted: Acted,
    /// When.
    pub at: Moment,
}

const SELECT: &str = "SELECT c.id AS id, c.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name, c.aim AS aim,
   c.previous_id AS previous_id, c.change_id AS change_id, h.slug AS change_slug, h.name AS change_name,
   c.friction_id AS friction_id, CASE WHEN f.audience = 'all' AND COALESCE((SELECT l.shown FROM friction_look l WHERE l.friction_id = f.id
     ORDER BY l.n DESC LIMIT 1), f.first_shown) = 'shown' THEN f.title END AS friction_title, c.idea_id AS idea_id, i.title AS idea_title,
   c.alarm_id AS alarm_id, s.name AS started_by, c.started_at AS started_at,
   p.prediction AS prediction, p.plan AS plan, p.hash AS hash, p.locked_at AS locked_at,
   e.decision AS decision, e.learnt AS learnt, e.next_step AS next_step, e.closed_at AS closed_at,
   COALESCE(f.reported_at, g.reported_at, i.submitted_at, c.started_at) AS pain_at, r.first_at AS first_result_at,
   (SELECT MIN(n.id) FROM cycle n WHERE n.previous_id = c.id) AS next_id
 FROM cycle c JOIN unit u ON u.id = c.unit_id
   LEFT JOIN change h ON h.id = c.change_id LEFT JOIN friction f ON f.id = c.friction_id
   LEFT JOIN idea i ON i.id = c.idea_id LEFT JOIN friction g ON g.id = i.friction_id
   LEFT JOIN person s ON s.id = c.started_by
   LEFT JOIN cycle_prediction p ON p.cycle_id = c.id LEFT JOIN cycle_end e ON e.cycle_id = c.id
   LEFT JOIN (SELECT x.cycle_id AS cycle_id, MIN(x.at) AS first_at FROM
       (SELECT cycle_id, recorded_at AS at FROM cycle_point
        UNION ALL SELECT cycle_id, noted_at AS at FROM cycle_note WHERE kind = 'study'
        UNION ALL SELECT cycle_id, closed_at AS at FROM cycle_end) x GROUP BY x.cycle_id) r ON r.cycle_id = c.id";

/// Running ones first, then the newest first.
const ORDER: &str = "ORDER BY CASE WHEN e.closed_at IS NULL THEN 0 ELSE 1 END, c.started_at DESC, c.id DESC";

fn cycle(row: &Row) -> Result<Cycle, Broken> {
    let change = match (row.maybe_parsed("change_slug")?, row.maybe_text("change_name")?) {
        (Some(slug), Some(name)) => Some((slug, name)),
        _ => None,
    };
    Ok(Cycle {
        id: row.parsed("id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        aim: row.text("aim")?,
        origin: Origin {
            previous: row.maybe_parsed("previous_id")?,
            change: row.maybe_parsed("change_id")?,
            friction: row.maybe_parsed("friction_id")?,
            idea: row.maybe_parsed("idea_id")?,
            alarm: row.maybe_parsed("alarm_id")?,
        },
        change,
        friction_title: row.maybe_text("friction_title")?,
        idea_title: row.maybe_text("idea_title")?,
        started_by: row.maybe_text("started_by")?,
        started_at: row.moment("started_at")?,
        locked: locked(row)?,
        ended: ended(row)?,
        pain_at: row.moment("pain_at")?,
        first_result_at: row.maybe_moment("first_result_at")?,
        next: row.maybe_parsed("next_id")?,
    })
}

fn locked(row: &Row) -> Result<Option<Locked>, Broken> {
    let Some(at) = row.maybe_moment("locked_at")? else { return Ok(None) };
    let predicted = Predicted { prediction: row.text("prediction")?, plan: row.text("plan")? };
    Ok(Some(Locked { predicted, hash: row.text("hash")?, at }))
}

fn ended(row: &Row) -> Result<Option<Ended>, Broken> {
    let Some(at) = row.maybe_moment("closed_at")? else { return Ok(None) };
    let decision: Decision = row.parsed("decision")?;
    let acted = Acted { decision, learnt: row.text("learnt")?, next_step: row.maybe_text("next_step")? };
    Ok(Some(Ended { acted, at }))
}

/// All cycles, or those of one unit: running ones first, then the newest first.
pub async fn all(sql: &Sql, unit: Option<UnitId>) -> Result<Vec<Cycle>, Broken> {
    let rows = match unit {
        Some(unit) => sql.all(&format!("{SELECT} WHERE c.unit_id = $1 {ORDER}"), bind![unit]).await?,
        None => sql.all(&format!("{SELECT} {ORDER}"), vec![]).await?,
    };
    rows.iter().map(cycle).collect()
}

/// The cycles of a change: running ones first, then the newest first.
pub async fn of_change(sql: &Sql, change: ChangeId) -> Result<Vec<Cycle>, Broken> {
    let text = format!("{SELECT} WHERE c.change_id = $1 {ORDER}");
    sql.all(&text, bind![change]).await?.iter().map(cycle).collect()
}

/// One cycle.
pub async fn one(sql: &Sql, id: CycleId) -> Result<Option<Cycle>, Broken> {
    sql.one(&format!("{SELECT} WHERE c.id = $1"), bind![id]).await?.as_ref().map(cycle).transpose()
}

/// The cycle that an alarm opened.
pub async fn of_alarm(sql: &Sql, alarm: AlarmId) -> Result<Option<Cycle>, Broken> {
    sql.one(&format!("{SELECT} WHERE c.alarm_id = $1"), bind![alarm]).await?.as_ref().map(cycle).transpose()
}

/// Keeps a cycle.
pub async fn add(
    sql: &Sql,
    id: CycleId,
    unit: UnitId,
    aim: &str,
    origin: &Origin,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let Origin { previous, change, friction, idea, alarm } = *origin;
    sql.run(
        "INSERT INTO cycle (id, unit_id, aim, previous_id, change_id, friction_id, idea_id, alarm_id, started_by, started_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        bind![id, unit, aim, previous, change, friction, idea, alarm, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps a locked prediction.
pub async fn lock(sql: &Sql, id: CycleId, locked: &Locked, by: Option<PersonId>) -> Result<(), Broken> {
    let Locked { predicted, hash, at } = locked;
    sql.run(
        "INSERT INTO cycle_prediction (cycle_id, prediction, plan, hash, locked_by, locked_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, predicted.prediction, predicted.plan, hash, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps the end of a cycle.
pub async fn end(
    sql: &Sql,
    id: CycleId,
    acted: &Acted,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO cycle_end (cycle_id, decision, learnt, next_step, closed_by, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, acted.decision.word(), acted.learnt, acted.next_step, by, at],
    )
    .await?;
    Ok(())
}
