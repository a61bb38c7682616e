//! Queries on pulses. Tallies do not leave this file: what leaves it is what may be shown of a closed pulse.

use traction_domain::id::{ChangeId, PersonId, PulseId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::sense::readiness::{
    self as rules, Answers, Instrument, Readiness, Reading, Scale, Tally,
};
use traction_domain::time::Moment;

use crate::bind;
use crate::sense::instrument;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A pulse, without anything that was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Pulse {
    /// Its id.
    pub id: PulseId,
    /// The unit that is asked.
    pub unit: UnitId,
    /// That unit's short name.
    pub unit_slug: Slug,
    /// That unit's name.
    pub unit_name: String,
    /// The change it asks about; `None`: change at large.
    pub change: Option<ChangeId>,
    /// The edition of the instrument it asks by.
    pub instrument: String,
    /// When it was opened.
    pub opened_at: Moment,
    /// When it closes or closed.
    pub closes_at: Moment,
    /// How many have answered.
    pub n_answered: usize,
}

const SELECT: &str = "SELECT q.id AS id, q.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name,
   q.change_id AS change_id, q.instrument AS instrument, q.opened_at AS opened_at, q.closes_at AS closes_at,
   (SELECT COUNT(*) FROM pulse_answered a WHERE a.pulse_id = q.id) AS n_answered
 FROM pulse q JOIN unit u ON u.id = q.unit_id";

fn pulse(row: &Row) -> Result<Pulse, Broken> {
    Ok(Pulse {
        id: row.parsed("id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        change: row.maybe_parsed("change_id")?,
        instrument: row.text("instrument")?,
        opened_at: row.moment("opened_at")?,
        closes_at: row.moment("closes_at")?,
        n_answered: row.count("n_answered")?,
    })
}

/// One pulse.
pub async fn one(sql: &Sql, id: PulseId) -> Result<Option<Pulse>, Broken> {
    sql.one(&format!("{SELECT} WHERE q.id = $1"), bind![id]).await?.as_ref().map(pulse).transpose()
}

/// The pulses that are open at `now`, the first to close first.
pub async fn open(sql: &Sql, now: Moment) -> Result<Vec<Pulse>, Broken> {
    let text = format!("{SELECT} WHERE q.closes_at > $1 ORDER BY q.closes_at, q.id");
    sql.all(&text, bind![now]).await?.iter().map(pulse).collect()
}

/// The open pulses that wait for an answer of `person`, who belongs to `units`.
pub async fn waiting_for(
    sql: &Sql,
    person: PersonId,
    units: &[UnitId],
    now: Moment,
) -> Result<Vec<Pulse>, Broken> {
    let text = format!(
        "{SELECT} WHERE q.closes_at > $1
           AND NOT EXISTS (SELECT 1 FROM pulse_answered a WHERE a.pulse_id = q.id AND a.person_id = $2)
         ORDER BY q.closes_at, q.id"
    );
    let mut waiting: Vec<Pulse> =
        sql.all(&text, bind![now, person]).await?.iter().map(pulse).collect::<Result<_, _>>()?;
    waiting.retain(|pulse| units.contains(&pulse.unit));
    Ok(waiting)
}

/// Whether `person` has answered.
pub async fn has_answered(sql: &Sql, id: PulseId, person: PersonId) -> Result<bool, Broken> {
    let row = sql
        .one(
            "SELECT a.pulse_id AS id FROM pulse_answered a WHERE a.pulse_id = $1 AND a.person_id = $2",
            bind![id, person],
        )
        .await?;
    Ok(row.is_some())
}

/// When the unit's latest pulse closes or closed.
pub async fn last_closes(sql: &Sql, unit: UnitId) -> Result<Option<Moment>, Broken> {
    let row = sql
        .one("SELECT MAX(q.closes_at) AS closes_at FROM pulse q WHERE q.unit_id = $1", bind![unit])
        .await?;
    row.map_or(Ok(None), |row| row.maybe_moment("closes_at"))
}

/// Keeps personal links, by the hashes of their secrets.
pub async fn add_links(sql: &Sql, id: PulseId, links: &[(PersonId, String)]) -> Result<(), Broken> {
    let rows = links.iter().map(|(person, hash)| bind![hash, id, person]).collect();
    sql.insert_many("INSERT INTO pulse_link (hash, pulse_id, person_id) VALUES", rows, "").await?;
    Ok(())
}

/// When the links of a pulse were sent by mail last.
pub async fn last_mailed(sql: &Sql, id: PulseId) -> Result<Option<Moment>, Broken> {
    let text = "SELECT MAX(m.mailed_at) AS mailed_at FROM pulse_mailing m WHERE m.pulse_id = $1";
    let row = sql.one(text, bind![id]).await?;
    row.map_or(Ok(None), |row| row.maybe_moment("mailed_at"))
}

/// Keeps that they are sent.
pub async fn add_mailing(sql: &Sql, id: PulseId, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO pulse_mailing (pulse_id, n, mailed_at)
         SELECT $1, COUNT(*) + 1, CAST($2 AS BIGINT) FROM pulse_mailing WHERE pulse_id = $1",
        bind![id, at],
    )
    .await?;
    Ok(())
}

/// The pulse of a link, and whose link it is.
pub async fn link(sql: &Sql, hash: &str) -> Result<Option<(PulseId, PersonId)>, Broken> {
    let text = "SELECT l.pulse_id AS pulse_id, l.person_id AS person_id FROM pulse_link l WHERE l.hash = $1";
    let row = sql.one(text, bind![hash]).await?;
    row.map(|row| Ok((row.parsed("pulse_id")?, row.parsed("person_id")?))).transpose()
}

/// A pulse as it is opened.
pub struct PulseOpened<'a> {
    /// Its id.
    pub id: PulseId,
    /// The unit that is asked.
    pub unit: UnitId,
    /// The change it asks about.
    pub change: Option<ChangeId>,
    /// What it asks.
    pub instrument: &'a Instrument,
    /// When it closes.
    pub closes_at: Moment,
}

/// Keeps a pulse, with an empty tally of each answer to each item.
pub async fn add(
    sql: &Sql,
    opened: &PulseOpened<'_>,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let PulseOpened { id, unit, change, instrument, closes_at } = opened;
    sql.run(
        "INSERT INTO pulse (id, unit_id, change_id, instrument, opened_by, opened_at, closes_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![id, unit, *change, instrument.edition.to_string(), by, at, closes_at],
    )
    .await?;
    let keys = instrument.items.iter().map(|item| &item.key);
    let rows = keys.flat_map(|key| (1_u32..=5).map(move |answer| bind![id, key, answer, 0_u32])).collect();
    sql.insert_many("INSERT INTO pulse_tally (pulse_id, item, answer, n) VALUES", rows, "").await?;
    Ok(())
}

/// Writes down that `person` has answered, without what or when; false when he has before.
pub async fn mark_answered(sql: &Sql, id: PulseId, person: PersonId) -> Result<bool, Broken> {
    let n_added = sql
        .run(
            "INSERT INTO pulse_answered (pulse_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            bind![id, person],
        )
        .await?;
    Ok(n_added == 1)
}

/// Adds the answers to the tallies. Every tally of the pulse is written, moved or not: see the migration.
pub async fn count(sql: &Sql, id: PulseId, instrument: &Instrument, answers: &Answers) -> Result<(), Broken> {
    let mut values = bind![id];
    let mut chosen = Vec::new();
    for (key, answer) in answers.each(instrument) {
        values.extend(bind![format!("{key}={answer}")]);
        chosen.push(format!("${}", values.len()));
    }
    let text = format!(
        "UPDATE pulse_tally SET n = n + CASE WHEN item || '=' || CAST(answer AS TEXT) IN ({}) THEN 1 ELSE 0 END
         WHERE pulse_id = $1",
        chosen.join(", ")
    );
    sql.run(&text, values).await?;
    Ok(())
}

/// What may be said of a unit, from its latest closed pulse.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitReading {
    /// The pulse.
    pub pulse: PulseId,
    /// The unit.
    pub unit: UnitId,
    /// Its short name.
    pub unit_slug: Slug,
    /// Its name.
    pub unit_name: String,
    /// When the pulse closed.
    pub closed_at: Moment,
    /// What may be said of its appetite.
    pub appetite: Reading,
    /// What may be said of its aptitude.
    pub aptitude: Reading,
    /// Both means, where both may be shown.
    pub shown: Option<Readiness>,
    /// Those of the pulse before, where they could be shown.
    pub before: Option<Readiness>,
}

/// A unit's readiness at `now`, from its latest closed pulse; `None` when there is none, fewer than five answered, or
/// they disagree.
pub async fn shown(sql: &Sql, unit: UnitId, now: Moment) -> Result<Option<Readiness>, Broken> {
    Ok(readings(sql, Some(unit), now).await?.into_iter().find_map(|reading| reading.shown))
}

/// What may be said of every unit that was asked (or of one), by name, beside the pulse before. In one query. An open
/// pulse gives nothing: a mean that moved with each answer would tell what the last one said.
pub async fn readings(sql: &Sql, unit: Option<UnitId>, now: Moment) -> Result<Vec<UnitReading>, Broken> {
    let only = if unit.is_some() { "AND q.unit_id = $2" } else { "" };
    let text = format!(
        "SELECT q.id AS id, q.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name, q.instrument AS instrument,
           q.closes_at AS closes_at, t.item AS item, t.answer AS answer, t.n AS n
         FROM pulse q JOIN unit u ON u.id = q.unit_id JOIN pulse_tally t ON t.pulse_id = q.id
         WHERE q.closes_at <= $1 {only} AND (SELECT COUNT(*) FROM pulse l
           WHERE l.unit_id = q.unit_id AND l.closes_at > q.closes_at AND l.closes_at <= $1) < 2
         ORDER BY u.name, q.unit_id, q.closes_at DESC, q.id, t.item, t.answer"
    );
    let mut values = bind![now];
    if let Some(unit) = unit {
        values.extend(bind![unit]);
    }
    let instruments = instrument::store::editions(sql).await?;
    let rows = sql.all(&text, values).await?;
    let mut readings: Vec<UnitReading> = Vec::new();
    for of_pulse in rows.chunk_by(|a, b| a.text("id").ok() == b.text("id").ok()) {
        let Some(first) = of_pulse.first() else { continue };
        let edition = first.text("instrument")?;
        let instrument = instruments.get(&edition).ok_or_else(|| first.impossible("instrument", &edition))?;
        let reading = unit_reading(instrument, first, of_pulse)?;
        match readings.last_mut() {
            Some(later) if later.unit == reading.unit => later.before = reading.shown,
            _ => readings.push(reading),
        }
    }
    Ok(readings)
}

fn unit_reading(instrument: &Instrument, first: &Row, rows: &[Row]) -> Result<UnitReading, Broken> {
    let tallies = tallies(instrument, rows)?;
    Ok(UnitReading {
        pulse: first.parsed("id")?,
        unit: first.parsed("unit_id")?,
        unit_slug: first.parsed("unit_slug")?,
        unit_name: first.text("unit_name")?,
        closed_at: first.moment("closes_at")?,
        appetite: rules::reading(instrument, &tallies, Scale::Appetite),
        aptitude: rules::reading(instrument, &tallies, Scale::Aptitude),
        shown: rules::shown(instrument, &tallies),
        before: None,
    })
}

/// The rows of one pulse, item by item.
fn tallies(instrument: &Instrument, rows: &[Row]) -> Result<Vec<Tally>, Broken> {
    let mut tallies = Vec::new();
    for of_item in rows.chunk_by(|a, b| a.text("item").ok() == b.text("item").ok()) {
        let Some(first) = of_item.first() else { continue };
        let item = first.text("item")?;
        let mut counts = [0; 5];
        for row in of_item {
            let answer = row.count("answer")?;
            let place = answer.checked_sub(1).and_then(|place| counts.get_mut(place));
            *place.ok_or_else(|| row.impossible("answer", answer))? = row.count("n")?;
        }
        tallies.push(instrument.tally(&item, counts).ok_or_else(|| first.impossible("item", &item))?);
    }
    Ok(tallies)
}
