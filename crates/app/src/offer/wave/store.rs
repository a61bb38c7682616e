//! Queries on waves.

use traction_domain::id::{ChangeId, PersonId, WaveId};
use traction_domain::offer::wave::{self as rules, WaveAnnounced, WavePhase};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A wave.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    /// Its id.
    pub id: WaveId,
    /// The change whose slots it offers.
    pub change: ChangeId,
    /// Its number among the waves of the change, from 1.
    pub n: usize,
    /// How many slots there are.
    pub n_slots: usize,
    /// From when units can apply.
    pub opens_at: Moment,
    /// Until when.
    pub closes_at: Moment,
    /// When the slots start.
    pub starts_at: Moment,
    /// When they end.
    pub ends_at: Option<Moment>,
    /// What a unit is asked to pledge.
    pub pledge: String,
    /// When it was announced.
    pub announced_at: Moment,
    /// That it is cancelled, where it is.
    pub cancelled: Option<Cancelled>,
}

/// That a wave is cancelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Cancelled {
    /// The reason, as all read it.
    pub why: String,
    /// Who cancelled it, by the name others read.
    pub who: String,
    /// When.
    pub at: Moment,
}

impl Wave {
    /// Where it stands.
    pub fn phase(&self, now: Moment) -> WavePhase {
        if self.cancelled.is_some() {
            return WavePhase::Cancelled;
        }
        rules::phase(self.opens_at, self.closes_at, now)
    }
}

const SELECT: &str =
    "SELECT w.id AS id, w.change_id AS change_id, w.n AS n, w.n_slots AS n_slots, w.opens_at AS opens_at,
  w.closes_at AS closes_at, w.starts_at AS starts_at, w.ends_at AS ends_at, w.pledge AS pledge,
  w.announced_at AS announced_at, x.why AS cancelled_why, x.who AS cancelled_who, x.cancelled_at AS cancelled_at
  FROM wave w LEFT JOIN wave_cancelled x ON x.wave_id = w.id";

fn wave(row: &Row) -> Result<Wave, Broken> {
    let cancelled = match row.maybe_moment("cancelled_at")? {
        Some(at) => Some(Cancelled { why: row.text("cancelled_why")?, who: row.text("cancelled_who")?, at }),
        None => None,
    };
    Ok(Wave {
        id: row.parsed("id")?,
        change: row.parsed("change_id")?,
        n: row.count("n")?,
        n_slots: row.count("n_slots")?,
        opens_at: row.moment("opens_at")?,
        closes_at: row.moment("closes_at")?,
        starts_at: row.moment("starts_at")?,
        ends_at: row.maybe_moment("ends_at")?,
        pledge: row.text("pledge")?,
        announced_at: row.moment("announced_at")?,
        cancelled,
    })
}

/// All waves, the latest to close first.
pub async fn all(sql: &Sql) -> Result<Vec<Wave>, Broken> {
    sql.all(&format!("{SELECT} ORDER BY w.closes_at DESC, w.id"), vec![]).await?.iter().map(wave).collect()
}

/// The waves of a change, first to last.
pub async fn of_change(sql: &Sql, change: ChangeId) -> Result<Vec<Wave>, Broken> {
    sql.all(&format!("{SELECT} WHERE w.change_id = $1 ORDER BY w.n"), bind![change])
        .await?
        .iter()
        .map(wave)
        .collect()
}

/// One wave.
pub async fn one(sql: &Sql, id: WaveId) -> Result<Option<Wave>, Broken> {
    sql.one(&format!("{SELECT} WHERE w.id = $1"), bind![id]).await?.as_ref().map(wave).transpose()
}

/// The wave of a number in its change.
pub async fn by_number(sql: &Sql, change: ChangeId, n: usize) -> Result<Option<Wave>, Broken> {
    let row = sql.one(&format!("{SELECT} WHERE w.change_id = $1 AND w.n = $2"), bind![change, n]).await?;
    row.as_ref().map(wave).transpose()
}

/// The wave of a change that is the same in everything that is announced, and was not cancelled.
pub async fn same(sql: &Sql, change: ChangeId, announced: &WaveAnnounced) -> Result<Option<WaveId>, Broken> {
    let waves = of_change(sql, change).await?;
    let is_same = |wave: &&Wave| {
        let WaveAnnounced { n_slots, opens_at, closes_at, starts_at, ends_at, pledge } = announced;
        usize::try_from(*n_slots) == Ok(wave.n_slots)
            && (wave.opens_at, wave.closes_at, wave.starts_at, wave.ends_at)
                == (*opens_at, *closes_at, *starts_at, *ends_at)
            && wave.pledge == *pledge
            && wave.cancelled.is_none()
    };
    Ok(waves.iter().find(is_same).map(|wave| wave.id))
}

/// Keeps a wave under the next number of its change.
pub async fn add(
    sql: &Sql,
    id: WaveId,
    change: ChangeId,
    announced: &WaveAnnounced,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let WaveAnnounced { n_slots, opens_at, closes_at, starts_at, ends_at, pledge } = announced;
    sql.run(
        "INSERT INTO wave (id, change_id, n, n_slots, opens_at, closes_at, starts_at, ends_at, pledge, announced_by, announced_at)
         SELECT $1, $2, COUNT(*) + 1, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT),
                CAST($7 AS BIGINT), $8, $9, CAST($10 AS BIGINT)
         FROM wave WHERE change_id = $2",
        bind![id, change, *n_slots, *opens_at, *closes_at, *starts_at, *ends_at, pledge, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps that a wave is cancelled.
pub async fn cancel(sql: &Sql, id: WaveId, cancelled: &Cancelled) -> Result<(), Broken> {
    let Cancelled { why, who, at } = cancelled;
    sql.run(
        "INSERT INTO wave_cancelled (wave_id, why, who, cancelled_at) VALUES ($1, $2, $3, $4)",
        bind![id, why, who, *at],
    )
    .await?;
    Ok(())
}
