//! Queries on kiosks.

use traction_domain::id::{PersonId, UnitId};
use traction_domain::sense::friction::kiosk::CameIn;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// The secret of a unit's open link.
pub async fn secret(sql: &Sql, unit: UnitId) -> Result<Option<String>, Broken> {
    let row = sql
        .one(
            "SELECT k.secret AS secret FROM kiosk k WHERE k.unit_id = $1
               AND NOT EXISTS (SELECT 1 FROM kiosk_end e WHERE e.secret = k.secret)",
            bind![unit],
        )
        .await?;
    row.map(|row| row.text("secret")).transpose()
}

/// The unit of an open link, and since when it is open.
pub async fn unit(sql: &Sql, secret: &str) -> Result<Option<(UnitId, Moment)>, Broken> {
    let row = sql
        .one(
            "SELECT k.unit_id AS unit_id, k.opened_at AS opened_at FROM kiosk k WHERE k.secret = $1
               AND NOT EXISTS (SELECT 1 FROM kiosk_end e WHERE e.secret = k.secret)",
            bind![secret],
        )
        .await?;
    row.map(|row| Ok((row.parsed("unit_id")?, row.moment("opened_at")?))).transpose()
}

/// Keeps a new link.
pub async fn open(
    sql: &Sql,
    secret: &str,
    unit: UnitId,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO kiosk (secret, unit_id, opened_by, opened_at) VALUES ($1, $2, $3, $4)",
        bind![secret, unit, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps that a link leads nowhere any more.
pub async fn close(sql: &Sql, secret: &str, by: Option<PersonId>, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO kiosk_end (secret, closed_by, closed_at) VALUES ($1, $2, $3)",
        bind![secret, by, at],
    )
    .await?;
    Ok(())
}

/// What came in by a unit's link since the two moments, counted from what is kept of the reports: nothing is kept of who sent them.
pub async fn came_in(sql: &Sql, unit: UnitId, lately: Moment, a_day_ago: Moment) -> Result<CameIn, Broken> {
    let row = sql
        .one(
            "SELECT
               (SELECT COUNT(*) FROM friction f WHERE f.unit_id = $1 AND f.came_by = 'kiosk' AND f.reported_at >= $2) AS n_lately,
               (SELECT COUNT(*) FROM friction f WHERE f.unit_id = $1 AND f.came_by = 'kiosk' AND f.reported_at >= $3) AS n_a_day,
               (SELECT COUNT(*) FROM friction f WHERE f.unit_id = $1 AND f.came_by = 'kiosk'
                  AND NOT EXISTS (SELECT 1 FROM friction_look l WHERE l.friction_id = f.id)) AS n_waiting",
            bind![unit, lately, a_day_ago],
        )
        .await?;
    row.map_or(Ok(CameIn::default()), |row| {
        Ok(CameIn {
            n_lately: row.count("n_lately")?,
            n_a_day: row.count("n_a_day")?,
            n_waiting: row.count("n_waiting")?,
        })
    })
}
