//! Queries on usage events, dead letters, and what ties an event to a unit and a change.

use sea_orm::Value;
use traction_domain::id::{ChangeId, UnitId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Bind, Sql};
use crate::trouble::Broken;

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageEvent {
    /// Where it came from.
    pub source: String,
    /// Its id there, under which it counts once.
    pub id: String,
    /// When it was received.
    pub received_at: Moment,
    /// When it happened.
    pub occurred_at: Moment,
    /// The keyed hash of who did it.
    pub subject: Option<String>,
    /// The unit.
    pub unit: Option<UnitId>,
    /// The change.
    pub change: Option<ChangeId>,
    /// What was done.
    pub event: String,
    /// A number that goes with it.
    pub value: Option<f64>,
}

/// Keeps events, each once; the number of new ones. Sorted, so that two senders of the same events do not wait for
/// each other in a ring.
pub async fn add(sql: &Sql, mut events: Vec<UsageEvent>) -> Result<u64, Broken> {
    events.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
    let rows = events
        .iter()
        .map(|e| {
            bind![e.source, e.id, e.received_at, e.occurred_at, e.subject, e.unit, e.change, e.event, e.value]
        })
        .collect();
    let head = "INSERT INTO usage_event
      (source, id, received_at, occurred_at, subject, unit_id, change_id, event, value) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await
}

/// Something that could not be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Where it came from.
    pub source: String,
    /// Under which it is kept once.
    pub id: String,
    /// When it was received.
    pub received_at: Moment,
    /// Why it could not be counted.
    pub why: String,
    /// What was sent, without names.
    pub body: String,
}

/// Keeps dead letters, each once; the number of new ones.
pub async fn add_dead(sql: &Sql, mut letters: Vec<DeadLetter>) -> Result<u64, Broken> {
    letters.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
    let rows = letters.iter().map(|l| bind![l.source, l.id, l.received_at, l.why, l.body]).collect();
    let head = "INSERT INTO dead_letter (source, id, received_at, why, body) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await
}

/// The newest dead letters, of one source or of all.
pub async fn dead_letters(sql: &Sql, source: Option<&str>, limit: u32) -> Result<Vec<DeadLetter>, Broken> {
    sql.all(
        "SELECT source, id, received_at, why, body FROM dead_letter
         WHERE source = COALESCE($1, source) ORDER BY received_at DESC, id LIMIT $2",
        bind![source, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(DeadLetter {
            source: row.text("source")?,
            id: row.text("id")?,
            received_at: row.moment("received_at")?,
            why: row.text("why")?,
            body: row.text("body")?,
        })
    })
    .collect()
}

/// How many events and how many dead letters are kept, of one source or of all.
pub async fn counts(sql: &Sql, source: Option<&str>) -> Result<(usize, usize), Broken> {
    let row = sql
        .one(
            "SELECT (SELECT COUNT(*) FROM usage_event WHERE source = COALESCE($1, source)) AS n_events,
                    (SELECT COUNT(*) FROM dead_letter WHERE source = COALESCE($1, source)) AS n_dead",
            bind![source],
        )
        .await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.count("n_events")?, row.count("n_dead")?)))
}

/// When a change was used last, by unit.
pub async fn last_uses(sql: &Sql, change: ChangeId) -> Result<Vec<(UnitId, Moment)>, Broken> {
    sql.all(
        "SELECT unit_id AS unit_id, MAX(occurred_at) AS last_at FROM usage_event
         WHERE change_id = $1 AND unit_id IS NOT NULL GROUP BY unit_id",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| Ok((row.parsed("unit_id")?, row.moment("last_at")?)))
    .collect()
}

/// What arrives under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// The event's name.
    pub event: String,
    /// How many since.
    pub n_events: usize,
    /// Of how many people.
    pub n_people: usize,
    /// How many of them belong to no change.
    pub n_untied: usize,
}

/// What arrived since a moment, by the events' names, the most frequent first.
pub async fn arriving(sql: &Sql, since: Moment) -> Result<Vec<Arriving>, Broken> {
    sql.all(
        "SELECT event AS event, COUNT(*) AS n_events, COUNT(DISTINCT subject) AS n_people,
                SUM(CASE WHEN change_id IS NULL THEN 1 ELSE 0 END) AS n_untied
         FROM usage_event WHERE received_at > $1 GROUP BY event ORDER BY n_events DESC, event LIMIT 50",
        bind![since],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Arriving {
            event: row.text("event")?,
            n_events: row.count("n_events")?,
            n_people: row.count("n_people")?,
            n_untied: row.count("n_untied")?,
        })
    })
    .collect()
}

/// How many events arrived in each minute since a moment, oldest first; minutes without any are absent.
pub async fn by_minute(sql: &Sql, since: Moment) -> Result<Vec<(Moment, usize)>, Broken> {
    sql.all(
        "SELECT received_at / 60000 * 60000 AS minute, COUNT(*) AS n_events
         FROM usage_event WHERE received_at > $1 GROUP BY received_at / 60000 * 60000 ORDER BY minute",
        bind![since],
    )
    .await?
    .iter()
    .map(|row| Ok((row.moment("minute")?, row.count("n_events")?)))
    .collect()
}

/// Why events could not be counted, since a moment, the most frequent first.
pub async fn reasons(sql: &Sql, since: Moment) -> Result<Vec<(String, usize)>, Broken> {
    sql.all(
        "SELECT why AS why, COUNT(*) AS n_letters FROM dead_letter WHERE received_at > $1
         GROUP BY why ORDER BY n_letters DESC, why LIMIT 20",
        bind![since],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("why")?, row.count("n_letters")?)))
    .collect()
}

/// `$1,$2,…` for a list, with its values.
fn listed<T: Bind>(items: &[T]) -> (String, Vec<Value>) {
    let places: Vec<String> = (1..=items.len()).map(|n| format!("${n}")).collect();
    (places.join(","), items.iter().map(Bind::value).collect())
}

/// The units that each of these people belongs to now, by his external id, or by his address where he has none.
pub async fn units_of_people(sql: &Sql, names: &[&str]) -> Result<Vec<(String, UnitId)>, Broken> {
    let mut found = Vec::new();
    for chunk in names.chunks(500) {
        let (places, values) = listed(chunk);
        let text = format!(
            "SELECT p.external_id AS name, r.unit_id AS unit_id, r.given_at AS given_at
             FROM person p JOIN role r ON r.person_id = p.id
             WHERE p.external_id IN ({places}) AND r.unit_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
             UNION ALL
             SELECT p.email AS name, r.unit_id AS unit_id, r.given_at AS given_at
             FROM person p JOIN role r ON r.person_id = p.id
             WHERE p.email IN ({places}) AND p.external_id IS NULL AND r.unit_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
             ORDER BY given_at, unit_id"
        );
        for row in sql.all(&text, values).await? {
            found.push((row.text("name")?, row.parsed("unit_id")?));
        }
    }
    Ok(found)
}

/// Units by their short names.
pub async fn units(sql: &Sql, slugs: &[&str]) -> Result<Vec<(String, UnitId)>, Broken> {
    let mut found = Vec::new();
    for chunk in slugs.chunks(500) {
        let (places, values) = listed(chunk);
        let text = format!("SELECT id, slug FROM unit WHERE slug IN ({places})");
        for row in sql.all(&text, values).await? {
            found.push((row.text("slug")?, row.parsed("id")?));
        }
    }
    Ok(found)
}

/// Every change, with its short name and its flag.
pub async fn changes(sql: &Sql) -> Result<Vec<(ChangeId, String, String)>, Broken> {
    sql.all("SELECT id, slug, flag_key FROM change", vec![])
        .await?
        .iter()
        .map(|row| Ok((row.parsed("id")?, row.text("slug")?, row.text("flag_key")?)))
        .collect()
}

/// A slot, as far as it ties events to its change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlotTime {
    /// The change.
    pub change: ChangeId,
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub begins: Moment,
    /// Until when, where it ends.
    pub ends: Option<Moment>,
}

/// The slots of these units; a handed-over one does not end with its time.
pub async fn slots(sql: &Sql, units: &[UnitId]) -> Result<Vec<SlotTime>, Broken> {
    let mut found = Vec::new();
    for chunk in units.chunks(500) {
        let (places, values) = listed(chunk);
        let text = format!(
            "SELECT s.id AS id, s.change_id AS change_id, s.unit_id AS unit_id, s.not_before AS begins,
                COALESCE(
                  (SELECT MIN(e.at) FROM slot_event e
                   WHERE e.slot_id = s.id AND e.what IN ('given-back', 'lapsed', 'ended')),
                  CASE WHEN EXISTS (SELECT 1 FROM slot_event h WHERE h.slot_id = s.id AND h.what = 'handed-over')
                       THEN NULL ELSE s.not_after END) AS ends
             FROM slot s WHERE s.unit_id IN ({places}) ORDER BY s.not_before, s.id"
        );
        for row in sql.all(&text, values).await? {
            found.push(SlotTime {
                change: row.parsed("change_id")?,
                unit: row.parsed("unit_id")?,
                begins: row.moment("begins")?,
                ends: row.maybe_moment("ends")?,
            });
        }
    }
    Ok(found)
}
