//! Queries on applications.

use sea_orm::Value;
use traction_domain::contend::application as rules;
use traction_domain::id::{ApplicationId, ChangeId, PersonId, UnitId, WaveId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// An application.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The wave it is for.
    pub wave: WaveId,
    /// The unit that contends.
    pub unit: UnitId,
    /// The unit's short name.
    pub unit_slug: Slug,
    /// The unit's name.
    pub unit_name: String,
    /// What the unit wrote, as it stands now.
    pub written: rules::Application,
    /// When it applied.
    pub applied_at: Moment,
    /// When it withdrew, if it did.
    pub withdrawn_at: Option<Moment>,
}

const SELECT: &str = "SELECT a.id AS id, a.wave_id AS wave_id, a.unit_id AS unit_id, u.slug AS unit_slug,
    u.name AS unit_name, t.pain AS pain, t.aim AS aim, t.owner AS owner, t.pledge AS pledge,
    a.applied_at AS applied_at, x.withdrawn_at AS withdrawn_at
  FROM application a JOIN unit u ON u.id = a.unit_id
  JOIN application_text t ON t.application_id = a.id
    AND t.n = (SELECT MAX(l.n) FROM application_text l WHERE l.application_id = a.id)
  LEFT JOIN application_withdrawal x ON x.application_id = a.id";

fn application(row: &Row) -> Result<Application, Broken> {
    Ok(Application {
        id: row.parsed("id")?,
        wave: row.parsed("wave_id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        written: rules::Application {
            pain: row.text("pain")?,
            aim: row.text("aim")?,
            owner: row.text("owner")?,
            pledge: row.text("pledge")?,
        },
        applied_at: row.moment("applied_at")?,
        withdrawn_at: row.maybe_moment("withdrawn_at")?,
    })
}

async fn which(sql: &Sql, condition: &str, values: Vec<Value>) -> Result<Vec<Application>, Broken> {
    sql.all(&format!("{SELECT} WHERE {condition} ORDER BY a.applied_at, a.id"), values)
        .await?
        .iter()
        .map(application)
        .collect()
}

/// The applications to a wave, the withdrawn too, first to last.
pub async fn of_wave(sql: &Sql, wave: WaveId) -> Result<Vec<Application>, Broken> {
    which(sql, "a.wave_id = $1", bind![wave]).await
}

/// The applications to a wave that were not withdrawn.
pub async fn live_of_wave(sql: &Sql, wave: WaveId) -> Result<Vec<Application>, Broken> {
    which(sql, "a.wave_id = $1 AND x.withdrawn_at IS NULL", bind![wave]).await
}

/// The applications of a unit, the withdrawn too.
pub async fn of_unit(sql: &Sql, unit: UnitId) -> Result<Vec<Application>, Broken> {
    which(sql, "a.unit_id = $1", bind![unit]).await
}

/// The application of a unit to a wave that was not withdrawn.
pub async fn live(sql: &Sql, wave: WaveId, unit: UnitId) -> Result<Option<Application>, Broken> {
    let condition = "a.wave_id = $1 AND a.unit_id = $2 AND x.withdrawn_at IS NULL";
    Ok(which(sql, condition, bind![wave, unit]).await?.pop())
}

/// One application.
pub async fn one(sql: &Sql, id: ApplicationId) -> Result<Option<Application>, Broken> {
    Ok(which(sql, "a.id = $1", bind![id]).await?.pop())
}

/// The units that contended in the waves of a change before its `n`-th, and did not withdraw; each once.
pub async fn contended_before(sql: &Sql, change: ChangeId, n: usize) -> Result<Vec<UnitId>, Broken> {
    sql.all(
        "SELECT DISTINCT a.unit_id AS unit_id FROM application a JOIN wave w ON w.id = a.wave_id
         WHERE w.change_id = $1 AND w.n < $2
           AND NOT EXISTS (SELECT 1 FROM application_withdrawal x WHERE x.application_id = a.id)
         ORDER BY a.unit_id",
        bind![change, n],
    )
    .await?
    .iter()
    .map(|row| row.parsed("unit_id"))
    .collect()
}

/// Keeps a new application.
pub async fn add(
    sql: &Sql,
    id: ApplicationId,
    wave: WaveId,
    unit: UnitId,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO application (id, wave_id, unit_id, applied_by, applied_at) VALUES ($1, $2, $3, $4, $5)",
        bind![id, wave, unit, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps what a unit wrote, first or anew.
pub async fn write(
    sql: &Sql,
    id: ApplicationId,
    written: &rules::Application,
    at: Moment,
) -> Result<(), Broken> {
    let rules::Application { pain, aim, owner, pledge } = written;
    sql.run(
        "INSERT INTO application_text (application_id, n, pain, aim, owner, pledge, written_at)
         SELECT $1, COUNT(*) + 1, $2, $3, $4, $5, CAST($6 AS BIGINT)
         FROM application_text WHERE application_id = $1",
        bind![id, pain, aim, owner, pledge, at],
    )
    .await?;
    Ok(())
}

/// Keeps a withdrawal.
pub async fn withdraw(sql: &Sql, id: ApplicationId, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO application_withdrawal (application_id, withdrawn_at) VALUES ($1, $2)",
        bind![id, at],
    )
    .await?;
    Ok(())
}
