//! Queries on reminders; each person's own.

use traction_domain::id::{PersonId, WaveId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// A reminder of a wave that is not over.
#[derive(Clone, Debug, PartialEq)]
pub struct Reminder {
    /// The wave.
    pub wave: WaveId,
    /// Its number.
    pub wave_n: i64,
    /// The change's short name.
    pub change_slug: Slug,
    /// The change's name.
    pub change_name: String,
    /// From when units can apply.
    pub opens_at: Moment,
    /// Until when.
    pub closes_at: Moment,
    /// When it was asked for.
    pub asked_at: Moment,
}

/// What a person asked to be reminded of, as far as it is not over at `now`; the first to close first.
pub async fn of_person(sql: &Sql, person: PersonId, now: Moment) -> Result<Vec<Reminder>, Broken> {
    sql.all(
        "SELECT r.wave_id AS wave_id, w.n AS wave_n, c.slug AS change_slug, c.name AS change_name,
           w.opens_at AS opens_at, w.closes_at AS closes_at, r.at AS asked_at
         FROM reminder r JOIN wave w ON w.id = r.wave_id JOIN change c ON c.id = w.change_id
         WHERE r.person_id = $1 AND w.closes_at > $2 AND r.state = 'asked'
           AND NOT EXISTS (SELECT 1 FROM wave_cancelled x WHERE x.wave_id = w.id)
           AND NOT EXISTS (SELECT 1 FROM reminder l
             WHERE l.wave_id = r.wave_id AND l.person_id = r.person_id AND l.n > r.n)
         ORDER BY w.closes_at, w.id",
        bind![person, now],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Reminder {
            wave: row.parsed("wave_id")?,
            wave_n: row.whole("wave_n")?,
            change_slug: row.parsed("change_slug")?,
            change_name: row.text("change_name")?,
            opens_at: row.moment("opens_at")?,
            closes_at: row.moment("closes_at")?,
            asked_at: row.moment("asked_at")?,
        })
    })
    .collect()
}

/// Keeps what a person wants; it counts from then on. `state` is asked or ended.
pub async fn write(sql: &Sql, wave: WaveId, person: PersonId, state: &str, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO reminder (wave_id, person_id, n, state, at)
         SELECT $1, $2, COUNT(*) + 1, $3, CAST($4 AS BIGINT) FROM reminder WHERE wave_id = $1 AND person_id = $2",
        bind![wave, person, state, at],
    )
    .await?;
    Ok(())
}
