//! Queries on who contends: applications, less those of units that have the change by now.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::{UnitId, WaveId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// Of a slot `s`, whether its unit has the change by it at `$1`, or will.
macro_rules! is_held {
    () => {
        "NOT EXISTS (SELECT 1 FROM slot_event v WHERE v.slot_id = s.id AND v.what IN ('given-back', 'lapsed', 'ended'))
         AND (s.not_after IS NULL OR s.not_after > $1
           OR EXISTS (SELECT 1 FROM slot_event h WHERE h.slot_id = s.id AND h.what = 'handed-over'))"
    };
}

macro_rules! contends {
    () => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM application_withdrawal x WHERE x.application_id = a.id)
         AND NOT EXISTS (SELECT 1 FROM wave_cancelled c WHERE c.wave_id = a.wave_id)
         AND NOT EXISTS (SELECT 1 FROM left_out l WHERE l.wave_id = a.wave_id AND l.unit_id = a.unit_id)
         AND (EXISTS (SELECT 1 FROM draw d WHERE d.wave_id = a.wave_id)
           OR NOT EXISTS (SELECT 1 FROM slot s JOIN wave o ON o.change_id = s.change_id
             WHERE o.id = a.wave_id AND s.unit_id = a.unit_id AND ",
            is_held!(),
            "))"
        )
    };
}

/// Of an application `a`, whether it contends at `$1`, or did until its wave was drawn: it was not withdrawn, its wave
/// was not cancelled, it was not left out of the list, and its unit has not got the change by another slot.
pub const CONTENDS: &str = contends!();

/// How many applications contend at `$1` for slots that are not drawn.
pub const N_CONTENDING: &str = concat!(
    "SELECT COUNT(*) FROM application a WHERE NOT EXISTS (SELECT 1 FROM draw d WHERE d.wave_id = a.wave_id) AND ",
    contends!()
);

/// The units that contend in a wave at `now`, or did until it was drawn.
pub async fn contending(sql: &Sql, wave: WaveId, now: Moment) -> Result<BTreeSet<UnitId>, Broken> {
    let text = format!("SELECT a.unit_id AS unit_id FROM application a WHERE a.wave_id = $2 AND {CONTENDS}");
    sql.all(&text, bind![now, wave]).await?.iter().map(|row| row.parsed("unit_id")).collect()
}

/// How many contend in each wave at `now`, or did until it was drawn; waves without any are left out.
pub async fn contenders(sql: &Sql, now: Moment) -> Result<BTreeMap<WaveId, usize>, Broken> {
    let text = format!(
        "SELECT a.wave_id AS wave_id, COUNT(*) AS n FROM application a WHERE {CONTENDS} GROUP BY a.wave_id"
    );
    let rows = sql.all(&text, bind![now]).await?;
    rows.iter().map(|row| Ok((row.parsed("wave_id")?, row.count("n")?))).collect()
}

/// The short names of the units on a wave's list that have its change at `now`, or will, by a slot of no wave or another.
pub async fn held_elsewhere(sql: &Sql, wave: WaveId, now: Moment) -> Result<BTreeSet<String>, Broken> {
    let text = concat!(
        "SELECT e.slug AS slug FROM frozen_entry e JOIN wave o ON o.id = e.wave_id WHERE e.wave_id = $2
           AND EXISTS (SELECT 1 FROM slot s WHERE s.change_id = o.change_id AND s.unit_id = e.unit_id
             AND (s.wave_id IS NULL OR s.wave_id <> $2) AND ",
        is_held!(),
        ")"
    );
    sql.all(text, bind![now, wave]).await?.iter().map(|row| row.text("slug")).collect()
}
