//! Queries on contests that readers of results are pointed to.

use traction_domain::id::ChangeId;
use traction_domain::org::slug::Slug;
use traction_domain::publish::board::Contest;
use traction_domain::time::Moment;

use crate::bind;
use crate::grant::slot::store::CONTENDS;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// Which wave a contest is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    /// The change.
    pub change: ChangeId,
    /// The change's short name.
    pub change_slug: Slug,
    /// The change's name.
    pub change_name: String,
    /// The number of the wave.
    pub wave: u32,
}

impl Where {
    /// The address of the wave's call, where units apply.
    pub fn href(&self) -> String {
        format!("/changes/{}/waves/{}", self.change_slug, self.wave)
    }
}

/// The contests that are not over at `now`, the one that closes first in front.
pub async fn contests(sql: &Sql, now: Moment) -> Result<Vec<(Contest, Where)>, Broken> {
    sql.all(
        &format!(
            "SELECT w.id AS id, w.n AS n, w.n_slots AS n_slots, w.opens_at AS opens_at, w.closes_at AS closes_at,
               c.id AS change_id, c.slug AS change_slug, c.name AS change_name,
               (SELECT COUNT(*) FROM application a WHERE a.wave_id = w.id AND {CONTENDS}) AS n_contenders
             FROM wave w JOIN change c ON c.id = w.change_id WHERE w.closes_at > $1
               AND NOT EXISTS (SELECT 1 FROM wave_cancelled x WHERE x.wave_id = w.id)
             ORDER BY w.closes_at, w.id"
        ),
        bind![now],
    )
    .await?
    .iter()
    .map(|row| {
        let contest = Contest {
            n_slots: small(row, "n_slots")?,
            n_contenders: small(row, "n_contenders")?,
            opens: row.moment("opens_at")?,
            closes: row.moment("closes_at")?,
        };
        let place = Where {
            change: row.parsed("change_id")?,
            change_slug: row.parsed("change_slug")?,
            change_name: row.text("change_name")?,
            wave: small(row, "n")?,
        };
        Ok((contest, place))
    })
    .collect()
}

fn small(row: &Row, column: &str) -> Result<u32, Broken> {
    let whole = row.whole(column)?;
    u32::try_from(whole).map_err(|_| row.impossible(column, whole))
}

/// When units applied for slots of a change, in any order.
pub async fn applied(sql: &Sql, change: ChangeId) -> Result<Vec<Moment>, Broken> {
    sql.all(
        "SELECT a.applied_at AS at FROM application a JOIN wave w ON w.id = a.wave_id WHERE w.change_id = $1",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| row.moment("at"))
    .collect()
}

/// When frictions were reported from `from` on, in any order.
pub async fn reported(sql: &Sql, from: Moment) -> Result<Vec<Moment>, Broken> {
    sql.all("SELECT f.reported_at AS at FROM friction f WHERE f.reported_at >= $1", bind![from])
        .await?
        .iter()
        .map(|row| row.moment("at"))
        .collect()
}
