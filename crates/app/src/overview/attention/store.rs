//! Queries on what waits for somebody.

mod cancelled;
mod unanswered;

use traction_domain::id::{CycleId, EvidenceId, HandOverId, PersonId, PulseId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::grant::slot::store::CONTENDS;
use crate::store::Sql;
use crate::trouble::Broken;

pub use cancelled::cancelled;
pub use unanswered::unanswered;

/// A hand-over that waits for its owner.
pub struct HandOverWaiting {
    /// Its id.
    pub id: HandOverId,
    /// The unit.
    pub unit_name: String,
    /// The change.
    pub change_name: String,
}

/// The hand-overs proposed to a person that he has not answered.
pub async fn hand_overs(sql: &Sql, person: PersonId) -> Result<Vec<HandOverWaiting>, Broken> {
    sql.all(
        "SELECT h.id AS id, u.name AS unit_name, c.name AS change_name
         FROM hand_over h JOIN slot s ON s.id = h.slot_id JOIN unit u ON u.id = s.unit_id JOIN change c ON c.id = s.change_id
         WHERE h.owner_id = $1 AND NOT EXISTS (SELECT 1 FROM hand_over_answer a WHERE a.hand_over_id = h.id)
         ORDER BY h.proposed_at",
        bind![person],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(HandOverWaiting {
            id: row.parsed("id")?,
            unit_name: row.text("unit_name")?,
            change_name: row.text("change_name")?,
        })
    })
    .collect()
}

/// A gain that slips, whose cycle waits for a prediction.
pub struct Slip {
    /// The cycle that the alarm opened.
    pub cycle: CycleId,
    /// The unit.
    pub unit_name: String,
    /// The change.
    pub change_name: String,
    /// When the cycle was opened.
    pub since: Moment,
}

/// The gains a person owns that slip, whose cycle nobody has begun.
pub async fn slips(sql: &Sql, person: PersonId) -> Result<Vec<Slip>, Broken> {
    sql.all(
        "SELECT y.id AS id, u.name AS unit_name, c.name AS change_name, y.started_at AS since
         FROM cycle y JOIN alarm l ON l.id = y.alarm_id JOIN hand_over h ON h.id = l.hand_over_id
           JOIN slot s ON s.id = h.slot_id JOIN unit u ON u.id = s.unit_id JOIN change c ON c.id = s.change_id
         WHERE h.owner_id = $1
           AND NOT EXISTS (SELECT 1 FROM cycle_prediction p WHERE p.cycle_id = y.id)
           AND NOT EXISTS (SELECT 1 FROM cycle_end e WHERE e.cycle_id = y.id)
         ORDER BY y.started_at",
        bind![person],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Slip {
            cycle: row.parsed("id")?,
            unit_name: row.text("unit_name")?,
            change_name: row.text("change_name")?,
            since: row.moment("since")?,
        })
    })
    .collect()
}

/// A pulse that waits for an answer.
pub struct PulseWaiting {
    /// Its id.
    pub id: PulseId,
    /// The unit that asks.
    pub unit_name: String,
}

/// The open pulses of a person's units that he has not answered.
pub async fn pulses(sql: &Sql, person: PersonId, now: Moment) -> Result<Vec<PulseWaiting>, Broken> {
    sql.all(
        "SELECT p.id AS id, u.name AS unit_name FROM pulse p JOIN unit u ON u.id = p.unit_id
         WHERE p.opened_at <= $2 AND p.closes_at > $2
           AND NOT EXISTS (SELECT 1 FROM pulse_answered a WHERE a.pulse_id = p.id AND a.person_id = $1)
           AND EXISTS (SELECT 1 FROM role r WHERE r.unit_id = p.unit_id AND r.person_id = $1
                         AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id))
         ORDER BY p.closes_at",
        bind![person, now],
    )
    .await?
    .iter()
    .map(|row| Ok(PulseWaiting { id: row.parsed("id")?, unit_name: row.text("unit_name")? }))
    .collect()
}

/// A wave that calls a unit.
pub struct Call {
    /// The unit that can contend.
    pub unit_name: String,
    /// The change.
    pub change_slug: Slug,
    /// Its name.
    pub change_name: String,
    /// The wave's number.
    pub wave_n: i64,
    /// How many slots it has.
    pub n_slots: i64,
    /// How many contend so far.
    pub n_contenders: i64,
    /// When applications close.
    pub closes_at: Moment,
}

/// The open waves in which the units `led` neither contend nor hold a slot of that change already.
pub async fn calls(sql: &Sql, led: &[UnitId], now: Moment) -> Result<Vec<Call>, Broken> {
    let mut calls = Vec::new();
    for unit in led {
        let text = format!(
            "SELECT u.name AS unit_name, c.slug AS change_slug, c.name AS change_name, w.n AS wave_n,
               w.n_slots AS n_slots, w.closes_at AS closes_at,
               (SELECT COUNT(*) FROM application a WHERE a.wave_id = w.id AND {CONTENDS}) AS n_contenders
             FROM wave w JOIN change c ON c.id = w.change_id JOIN unit u ON u.id = $2
             WHERE w.opens_at <= $1 AND w.closes_at > $1
               AND NOT EXISTS (SELECT 1 FROM wave_cancelled x WHERE x.wave_id = w.id)
               AND NOT EXISTS (SELECT 1 FROM application a WHERE a.wave_id = w.id AND a.unit_id = $2)
               AND NOT EXISTS (SELECT 1 FROM slot s WHERE s.change_id = c.id AND s.unit_id = $2)
             ORDER BY w.closes_at"
        );
        for row in sql.all(&text, bind![now, unit]).await? {
            calls.push(Call {
                unit_name: row.text("unit_name")?,
                change_slug: row.parsed("change_slug")?,
                change_name: row.text("change_name")?,
                wave_n: row.whole("wave_n")?,
                n_slots: row.whole("n_slots")?,
                n_contenders: row.whole("n_contenders")?,
                closes_at: row.moment("closes_at")?,
            });
        }
    }
    Ok(calls)
}

/// A wave that waits for its draw.
pub struct Undrawn {
    /// The change.
    pub change_slug: Slug,
    /// Its name.
    pub change_name: String,
    /// The wave's number.
    pub wave_n: i64,
    /// How many contend.
    pub n_contenders: i64,
    /// When applications closed.
    pub closes_at: Moment,
}

/// The waves that are closed, have contenders and are not drawn.
pub async fn undrawn(sql: &Sql, now: Moment) -> Result<Vec<Undrawn>, Broken> {
    let n_contenders = format!("(SELECT COUNT(*) FROM application a WHERE a.wave_id = w.id AND {CONTENDS})");
    let text = format!(
        "SELECT c.slug AS change_slug, c.name AS change_name, w.n AS wave_n, w.closes_at AS closes_at,
           {n_contenders} AS n_contenders
         FROM wave w JOIN change c ON c.id = w.change_id
         WHERE w.closes_at <= $1 AND NOT EXISTS (SELECT 1 FROM draw d WHERE d.wave_id = w.id)
           AND {n_contenders} > 0 ORDER BY w.closes_at"
    );
    sql.all(&text, bind![now])
        .await?
        .iter()
        .map(|row| {
            Ok(Undrawn {
                change_slug: row.parsed("change_slug")?,
                change_name: row.text("change_name")?,
                wave_n: row.whole("wave_n")?,
                n_contenders: row.whole("n_contenders")?,
                closes_at: row.moment("closes_at")?,
            })
        })
        .collect()
}

/// Evidence that nobody has shown.
pub struct Unpublished {
    /// Its id.
    pub id: EvidenceId,
    /// The change it is on.
    pub change_name: String,
    /// When it was made.
    pub made_at: Moment,
}

/// The newest evidence of each change without any showcase, where it decides something.
pub async fn unpublished(sql: &Sql, now: Moment) -> Result<Vec<Unpublished>, Broken> {
    sql.all(
        "SELECT e.id AS id, c.name AS change_name, e.made_at AS made_at
         FROM evidence e JOIN change c ON c.id = e.change_id
         WHERE e.verdict_kind NOT IN ('refused', 'cannot_tell') AND e.made_at <= $1
           AND NOT EXISTS (SELECT 1 FROM evidence l WHERE l.change_id = e.change_id
                             AND (l.made_at > e.made_at OR (l.made_at = e.made_at AND l.id > e.id)))
           AND NOT EXISTS (SELECT 1 FROM showcase s WHERE s.change_id = e.change_id)
         ORDER BY e.made_at",
        bind![now],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Unpublished {
            id: row.parsed("id")?,
            change_name: row.text("change_name")?,
            made_at: row.moment("made_at")?,
        })
    })
    .collect()
}

/// A slot past the draw that waits for a second person.
pub struct AskedPast {
    /// Who asked.
    pub asked_by: String,
    /// The unit it is for.
    pub unit_name: String,
    /// The change.
    pub change_slug: Slug,
    /// Its name.
    pub change_name: String,
    /// The wave's number.
    pub wave_n: i64,
}

/// The slots past the draw that somebody else than `person` asked for, and that nobody has answered.
pub async fn asked_past(sql: &Sql, person: PersonId) -> Result<Vec<AskedPast>, Broken> {
    sql.all(
        "SELECT p.name AS asked_by, u.name AS unit_name, c.slug AS change_slug, c.name AS change_name, w.n AS wave_n
         FROM override_request q JOIN person p ON p.id = q.asked_by JOIN unit u ON u.id = q.unit_id
           JOIN wave w ON w.id = q.wave_id JOIN change c ON c.id = w.change_id
         WHERE q.asked_by <> $1 AND NOT EXISTS (SELECT 1 FROM override_answer a
           WHERE a.wave_id = q.wave_id AND a.unit_id = q.unit_id AND a.n = q.n)
         ORDER BY q.asked_at",
        bind![person],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(AskedPast {
            asked_by: row.text("asked_by")?,
            unit_name: row.text("unit_name")?,
            change_slug: row.parsed("change_slug")?,
            change_name: row.text("change_name")?,
            wave_n: row.whole("wave_n")?,
        })
    })
    .collect()
}
