//! Queries on drafts.

use traction_domain::contend::application::draft::Draft;
use traction_domain::id::{UnitId, WaveId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// A draft that was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The unit it is of.
    pub unit: UnitId,
    /// What is written so far.
    pub draft: Draft,
    /// When it was kept last.
    pub kept_at: Moment,
}

/// The drafts for a wave, one a unit, as they stand now.
pub async fn of_wave(sql: &Sql, wave: WaveId) -> Result<Vec<Kept>, Broken> {
    sql.all(
        "SELECT d.unit_id AS unit_id, d.pain AS pain, d.aim AS aim, d.owner AS owner, d.pledge AS pledge,
           d.kept_at AS kept_at
         FROM application_draft d WHERE d.wave_id = $1 AND d.state = 'kept'
           AND NOT EXISTS (SELECT 1 FROM application_draft l
             WHERE l.wave_id = d.wave_id AND l.unit_id = d.unit_id AND l.n > d.n)
         ORDER BY d.kept_at, d.unit_id",
        bind![wave],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Kept {
            unit: row.parsed("unit_id")?,
            draft: Draft {
                pain: row.text("pain")?,
                aim: row.text("aim")?,
                owner: row.text("owner")?,
                pledge: row.text("pledge")?,
            },
            kept_at: row.moment("kept_at")?,
        })
    })
    .collect()
}

/// What becomes of a draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate<'a> {
    /// It stands like this.
    Kept(&'a Draft),
    /// It is gone: sent as an application, or thrown away.
    Dropped,
}

/// Keeps what becomes of a unit's draft; it counts from then on.
pub async fn write(sql: &Sql, wave: WaveId, unit: UnitId, fate: Fate<'_>, at: Moment) -> Result<(), Broken> {
    let nothing = Draft::default();
    let (state, draft) = match fate {
        Fate::Kept(draft) => ("kept", draft),
        Fate::Dropped => ("dropped", &nothing),
    };
    let Draft { pain, aim, owner, pledge } = draft;
    sql.run(
        "INSERT INTO application_draft (wave_id, unit_id, n, state, pain, aim, owner, pledge, kept_at)
         SELECT $1, $2, COUNT(*) + 1, $3, $4, $5, $6, $7, CAST($8 AS BIGINT)
         FROM application_draft WHERE wave_id = $1 AND unit_id = $2",
        bind![wave, unit, state, pain, aim, owner, pledge, at],
    )
    .await?;
    Ok(())
}
