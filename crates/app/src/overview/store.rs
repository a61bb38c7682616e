//! Queries across the stages, for the pages that look at all of them.

use traction_domain::id::ChangeId;
use traction_domain::time::Moment;

use crate::bind;
use crate::grant::slot::store::{CONTENDS, N_CONTENDING};
use crate::overview::figures::Stage;
use crate::overview::stations::{Counts, Frictions, Proof, WaveCounts};
use crate::prove::evidence::record::doubted_of;
use crate::store::Sql;
use crate::trouble::Broken;

/// How many frictions that everybody sees nobody has closed; one that was merged into another counts there.
const N_OPEN_FRICTIONS: &str = "SELECT COUNT(*) FROM friction f WHERE NOT EXISTS
       (SELECT 1 FROM friction_answer a WHERE a.friction_id = f.id AND a.state IN ('gone', 'kept')
          AND NOT EXISTS (SELECT 1 FROM friction_said v WHERE v.friction_id = a.friction_id
            AND v.answer_n = a.n AND v.verdict = 'stays'))
       AND f.audience = 'all'
       AND COALESCE((SELECT l.shown FROM friction_look l WHERE l.friction_id = f.id ORDER BY l.n DESC LIMIT 1), f.first_shown) = 'shown'
       AND (SELECT m.into_id FROM friction_merge m WHERE m.friction_id = f.id ORDER BY m.n DESC LIMIT 1) IS NULL";

/// The units that contend or contended for a change (`$1`), or were given it.
const CONCERNED: &str = "SELECT s.unit_id FROM slot s WHERE s.change_id = $1
       UNION SELECT a.unit_id FROM application a JOIN wave w ON w.id = a.wave_id WHERE w.change_id = $1
         AND NOT EXISTS (SELECT 1 FROM application_withdrawal x WHERE x.application_id = a.id)";

/// What each stage counts: a query of one number (`$1` is the present), and the word after it. In the loop's order.
const COUNTED: &[(Stage, &str, &str)] = &[
    (Stage::Sense, N_OPEN_FRICTIONS, "open"),
    (
        Stage::Offer,
        "SELECT COUNT(*) FROM change c WHERE NOT EXISTS
       (SELECT 1 FROM change_pause p WHERE p.change_id = c.id AND p.state = 'paused'
          AND NOT EXISTS (SELECT 1 FROM change_pause l WHERE l.change_id = p.change_id AND l.n > p.n))",
        "offered",
    ),
    (Stage::Contend, N_CONTENDING, "contending"),
    (
        Stage::Grant,
        "SELECT COUNT(*) FROM slot s WHERE NOT EXISTS
       (SELECT 1 FROM slot_event e WHERE e.slot_id = s.id AND e.what IN ('given-back', 'lapsed', 'ended'))
       AND (s.not_after IS NULL OR s.not_after > $1 OR EXISTS
         (SELECT 1 FROM slot_event h WHERE h.slot_id = s.id AND h.what = 'handed-over'))",
        "held",
    ),
    (
        Stage::Cycle,
        "SELECT COUNT(*) FROM cycle c WHERE NOT EXISTS (SELECT 1 FROM cycle_end e WHERE e.cycle_id = c.id)",
        "running",
    ),
    (Stage::Sustain, "SELECT COUNT(*) FROM hand_over_answer h WHERE h.state = 'accepted'", "watched"),
    (
        Stage::Publish,
        "SELECT COUNT(*) FROM showcase s WHERE (s.held_until IS NULL OR s.held_until <= $1)
       AND NOT EXISTS (SELECT 1 FROM showcase_end e WHERE e.showcase_id = s.id)",
        "published",
    ),
    (
        Stage::Measure,
        // Less those of which all was taken back: they are few, and have an index of their own.
        "SELECT (SELECT COUNT(DISTINCT o.unit_id) FROM outcome o)
       - (SELECT COUNT(*) FROM unit u WHERE u.id IN (SELECT t.unit_id FROM outcome t WHERE t.value IS NULL)
            AND NOT EXISTS (SELECT 1 FROM metric m JOIN outcome k ON k.metric_id = m.id
              WHERE k.unit_id = u.id AND k.value IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM outcome l WHERE l.value IS NULL AND l.metric_id = k.metric_id
                  AND l.unit_id = k.unit_id AND l.period = k.period AND l.n > k.n)))",
        "measured",
    ),
    (Stage::Prove, "SELECT COUNT(DISTINCT e.change_id) FROM evidence e", "asked"),
];

/// The live figure of each stage at `now`, in one query.
pub async fn figures(sql: &Sql, now: Moment) -> Result<Vec<(Stage, i64, &'static str)>, Broken> {
    let columns: Vec<String> =
        COUNTED.iter().map(|(stage, count, _)| format!("({count}) AS {}_figure", stage.word())).collect();
    let Some(row) = sql.one(&format!("SELECT {}", columns.join(", ")), bind![now]).await? else {
        return Ok(vec![]);
    };
    COUNTED
        .iter()
        .map(|(stage, _, word)| Ok((*stage, row.whole(&format!("{}_figure", stage.word()))?, *word)))
        .collect()
}

/// A journal entry as the page shows it.
pub struct Told {
    /// Its place.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// The person's name, or what acted.
    pub who: String,
    /// The fact's name.
    pub kind: String,
    /// The ids it is about.
    pub about: String,
}

/// Up to `limit` journal entries before the place `seq`, newest first.
pub async fn entries_before(sql: &Sql, seq: i64, limit: u32) -> Result<Vec<Told>, Broken> {
    sql.all(
        "SELECT j.seq AS seq, j.at AS at, COALESCE(p.name, j.actor) AS who, j.kind AS kind, j.fact AS fact
         FROM journal j LEFT JOIN person p ON p.id = j.actor_id WHERE j.seq < $1 ORDER BY j.seq DESC LIMIT $2",
        bind![seq, limit],
    )
    .await?
    .iter()
    .map(|row| {
        let fact = row.text("fact")?;
        let fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&fact).map_err(|error| row.impossible("fact", error))?;
        let about: Vec<String> = fields
            .iter()
            .filter(|(name, value)| name.as_str() != "fact" && !value.is_null())
            .map(|(name, value)| format!("{name} {}", value.as_str().unwrap_or_default()))
            .collect();
        Ok(Told {
            seq: row.whole("seq")?,
            at: row.moment("at")?,
            who: row.text("who")?,
            kind: row.text("kind")?,
            about: about.join(", "),
        })
    })
    .collect()
}

/// What the nine stages of a change count to at `now`, in one query.
///
/// Of a change that was used in one of the last weeks that are closed, the newest event is told to the week: among all
/// events of a year it would be looked for in vain. Weeks end on Mondays, in milliseconds since 1970.
pub async fn counts(sql: &Sql, change: ChangeId, now: Moment) -> Result<Counts, Broken> {
    let text = format!(
        "SELECT
       ({N_OPEN_FRICTIONS}) AS n_frictions_anywhere,
       ({N_OPEN_FRICTIONS} AND f.unit_id IN ({CONCERNED})) AS n_frictions,
       (SELECT COUNT(*) FROM unit u WHERE u.id IN ({CONCERNED})) AS n_concerned,
       (SELECT p.locked_at FROM prediction p WHERE p.change_id = $1) AS predicted_at,
       (SELECT COUNT(*) FROM wave w WHERE w.change_id = $1
          AND NOT EXISTS (SELECT 1 FROM wave_cancelled x WHERE x.wave_id = w.id)) AS n_waves,
       (SELECT COUNT(*) FROM slot s WHERE s.change_id = $1 AND NOT EXISTS (SELECT 1 FROM slot_event e
          WHERE e.slot_id = s.id AND e.what IN ('given-back', 'lapsed', 'ended'))
          AND (s.not_after IS NULL OR s.not_after > $2 OR EXISTS
            (SELECT 1 FROM slot_event h WHERE h.slot_id = s.id AND h.what = 'handed-over'))) AS n_slots,
       (SELECT MIN(s.not_before) FROM slot s WHERE s.change_id = $1) AS first_start,
       (SELECT COUNT(*) FROM cycle c WHERE NOT EXISTS (SELECT 1 FROM cycle_end x WHERE x.cycle_id = c.id)
          AND c.change_id = $1) AS n_cycles,
       (SELECT COUNT(*) FROM unit u WHERE EXISTS
          (SELECT 1 FROM usage_event v WHERE v.change_id = $1 AND v.unit_id = u.id) OR EXISTS
          (SELECT 1 FROM use_day d WHERE d.change_id = $1 AND d.unit_id = u.id)) AS n_using,
       (SELECT COUNT(DISTINCT o.unit_id) FROM outcome o JOIN change c ON c.metric_id = o.metric_id WHERE c.id = $1
          AND o.value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outcome l WHERE l.value IS NULL
            AND l.metric_id = o.metric_id AND l.unit_id = o.unit_id AND l.period = o.period AND l.n > o.n))
          AS n_measured,
       COALESCE(
         (SELECT (w.week + 1) * 604800000 + 345600000 FROM uptake_unit w WHERE w.change_id = $1 AND w.n_active > 0
            AND (w.week + 1) * 604800000 + 345600000 > $2 - 2592000000 ORDER BY w.week DESC LIMIT 1),
         (SELECT MAX(u.occurred_at) FROM usage_event u WHERE u.change_id = $1)) AS last_event_at,
       (SELECT MAX(o.recorded_at) FROM outcome o JOIN change c ON c.metric_id = o.metric_id WHERE c.id = $1)
          AS last_outcome_at,
       (SELECT COUNT(*) FROM showcase s WHERE s.change_id = $1
          AND (s.held_until IS NULL OR s.held_until <= $2)
          AND NOT EXISTS (SELECT 1 FROM showcase_end e WHERE e.showcase_id = s.id)) AS n_showcases,
       (SELECT COUNT(*) FROM hand_over h JOIN hand_over_answer a ON a.hand_over_id = h.id JOIN slot s ON s.id = h.slot_id
          WHERE s.change_id = $1 AND a.state = 'accepted') AS n_handed_over,
       (SELECT COUNT(DISTINCT a.hand_over_id) FROM alarm a JOIN hand_over h ON h.id = a.hand_over_id
          JOIN slot s ON s.id = h.slot_id WHERE s.change_id = $1) AS n_alarms,
       (SELECT y.id FROM cycle y JOIN alarm a ON a.id = y.alarm_id WHERE y.change_id = $1
          AND NOT EXISTS (SELECT 1 FROM cycle_end x WHERE x.cycle_id = y.id)
          ORDER BY a.at DESC, y.id LIMIT 1) AS winning_back"
    );
    let Some(row) = sql.one(&text, bind![change, now]).await? else { return Ok(Counts::default()) };
    Ok(Counts {
        frictions: match row.whole("n_concerned")? {
            0 => Frictions::Anywhere(row.whole("n_frictions_anywhere")?),
            _ => Frictions::Concerned(row.whole("n_frictions")?),
        },
        predicted_at: row.maybe_moment("predicted_at")?,
        n_waves: row.whole("n_waves")?,
        wave: wave_counts(sql, change, now).await?,
        n_slots: row.whole("n_slots")?,
        first_start: row.maybe_moment("first_start")?,
        n_cycles: row.whole("n_cycles")?,
        n_using: row.whole("n_using")?,
        n_measured: row.whole("n_measured")?,
        last_event_at: row.maybe_moment("last_event_at")?,
        last_outcome_at: row.maybe_moment("last_outcome_at")?,
        evidence: evidence(sql, change).await?,
        n_showcases: row.whole("n_showcases")?,
        n_handed_over: row.whole("n_handed_over")?,
        n_alarms: row.whole("n_alarms")?,
        winning_back: row.maybe_parsed("winning_back")?,
    })
}

async fn wave_counts(sql: &Sql, change: ChangeId, now: Moment) -> Result<Option<WaveCounts>, Broken> {
    let row = sql
        .one(
            &format!(
                "SELECT w.n AS n, w.n_slots AS n_slots, w.closes_at AS closes_at, d.drawn_at AS drawn_at,
                   (SELECT COUNT(*) FROM application a WHERE a.wave_id = w.id AND {CONTENDS}) AS n_contenders
                 FROM wave w LEFT JOIN draw d ON d.wave_id = w.id
                 WHERE w.change_id = $2 AND w.opens_at <= $1
                   AND NOT EXISTS (SELECT 1 FROM wave_cancelled x WHERE x.wave_id = w.id)
                 ORDER BY CASE WHEN w.closes_at > $1 OR d.drawn_at IS NOT NULL
                     OR EXISTS (SELECT 1 FROM application a WHERE a.wave_id = w.id AND {CONTENDS}) THEN 0 ELSE 1 END,
                   CASE WHEN w.closes_at > $1 THEN 0 ELSE 1 END, CASE WHEN w.closes_at > $1 THEN w.closes_at ELSE 0 END,
                   w.opens_at DESC, w.n DESC LIMIT 1"
            ),
            bind![now, change],
        )
        .await?;
    row.map(|row| {
        Ok(WaveCounts {
            n: row.whole("n")?,
            n_slots: row.whole("n_slots")?,
            n_contenders: row.whole("n_contenders")?,
            closes_at: row.moment("closes_at")?,
            drawn_at: row.maybe_moment("drawn_at")?,
        })
    })
    .transpose()
}

async fn evidence(sql: &Sql, change: ChangeId) -> Result<Option<Proof>, Broken> {
    let row = sql
        .one(
            "SELECT e.verdict_kind AS kind, e.doubted AS doubted, e.made_at AS made_at FROM evidence e
             WHERE e.change_id = $1 ORDER BY e.made_at DESC, e.id DESC LIMIT 1",
            bind![change],
        )
        .await?;
    row.map(|row| {
        Ok(Proof { kind: row.text("kind")?, doubted: doubted_of(&row)?, made_at: row.moment("made_at")? })
    })
    .transpose()
}
