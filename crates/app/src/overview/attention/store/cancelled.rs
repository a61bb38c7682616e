//! Waves that were cancelled, as those who applied to them are told.

use traction_domain::id::UnitId;
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// How many days a cancelled wave is told to those who applied.
const N_DAYS_TOLD: i64 = 14;

/// A cancelled wave that a unit applied to.
pub struct CancelledWave {
    /// The unit.
    pub unit_name: String,
    /// The change's short name.
    pub change_slug: Slug,
    /// The change's name.
    pub change_name: String,
    /// The wave's number.
    pub wave_n: i64,
    /// The reason.
    pub why: String,
}

/// The waves that were cancelled lately, and that the units `led` had applied to.
pub async fn cancelled(sql: &Sql, led: &[UnitId], now: Moment) -> Result<Vec<CancelledWave>, Broken> {
    let mut cancelled = Vec::new();
    for unit in led {
        let text = "SELECT u.name AS unit_name, c.slug AS change_slug, c.name AS change_name, w.n AS wave_n, x.why AS why
             FROM wave_cancelled x JOIN wave w ON w.id = x.wave_id JOIN change c ON c.id = w.change_id
             JOIN unit u ON u.id = $1
             WHERE x.cancelled_at > $2 AND EXISTS (SELECT 1 FROM application a WHERE a.wave_id = w.id AND a.unit_id = u.id
               AND NOT EXISTS (SELECT 1 FROM application_withdrawal g WHERE g.application_id = a.id))
             ORDER BY x.cancelled_at";
        for row in sql.all(text, bind![unit, now.after_days(-N_DAYS_TOLD)]).await? {
            cancelled.push(CancelledWave {
                unit_name: row.text("unit_name")?,
                change_slug: row.parsed("change_slug")?,
                change_name: row.text("change_name")?,
                wave_n: row.whole("wave_n")?,
                why: row.text("why")?,
            });
        }
    }
    Ok(cancelled)
}
