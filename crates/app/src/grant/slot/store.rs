//! Queries on slots.

mod contending;

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::Value;
use traction_domain::contend::policy::WorksIn;
use traction_domain::grant::slot::{self as rules, Asked, Span, State, Step};
use traction_domain::id::{ChangeId, SlotId, UnitId, WaveId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Bind, Row, Sql};
use crate::trouble::Broken;

pub use contending::{CONTENDS, N_CONTENDING, contenders, contending, held_elsewhere};

/// A slot as it was granted, and what happened to it since.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its id.
    pub id: SlotId,
    /// The change it gives access to.
    pub change: ChangeId,
    /// The change's short name.
    pub change_slug: Slug,
    /// The change's name.
    pub change_name: String,
    /// The wave it was granted in; `None` where it was imported.
    pub wave: Option<WaveId>,
    /// The wave's number.
    pub wave_n: Option<usize>,
    /// The unit that holds it.
    pub unit: UnitId,
    /// The unit's short name.
    pub unit_slug: Slug,
    /// The unit's name.
    pub unit_name: String,
    /// The unit above it.
    pub unit_parent: Option<UnitId>,
    /// Who wanted it.
    pub asked: Asked,
    /// The probability of getting it in the draw; `None` outside draws.
    pub probability: Option<f64>,
    /// From when it counts, as granted.
    pub not_before: Moment,
    /// Until when, as granted.
    pub not_after: Option<Moment>,
    /// When it was granted.
    pub granted_at: Moment,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
    /// The slot as its rules see it.
    pub rule: rules::Slot,
}

/// Something that happened to a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What.
    pub step: Step,
    /// The reason given.
    pub why: String,
    /// Who decided it over the unit's head, if anybody did.
    pub decided_by: Option<String>,
    /// When.
    pub at: Moment,
}

impl Slot {
    /// Where it stands at `at`.
    pub fn state(&self, at: Moment) -> State {
        self.rule.state(at)
    }

    /// When the unit has the solution.
    pub fn access(&self) -> Vec<Span> {
        self.rule.access()
    }
}

const SLOTS: &str = "SELECT s.id AS id, s.change_id AS change_id, c.slug AS change_slug, c.name AS change_name,
    s.wave_id AS wave_id, w.n AS wave_n, s.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name,
    u.parent_id AS unit_parent, s.asked AS asked, s.probability AS probability, s.not_before AS not_before, s.not_after AS not_after,
    s.granted_at AS granted_at
  FROM slot s JOIN change c ON c.id = s.change_id JOIN unit u ON u.id = s.unit_id
  LEFT JOIN wave w ON w.id = s.wave_id";

const EVENTS: &str = "SELECT e.slot_id AS slot_id, e.what AS what, e.why AS why,
    e.decided_by AS decided_by, e.at AS at
  FROM slot_event e JOIN slot s ON s.id = e.slot_id";

/// All slots, by change and start.
pub async fn all(sql: &Sql) -> Result<Vec<Slot>, Broken> {
    which(sql, "", vec![]).await
}

/// The slots of a change.
pub async fn of_change(sql: &Sql, change: ChangeId) -> Result<Vec<Slot>, Broken> {
    which(sql, "WHERE s.change_id = $1", bind![change]).await
}

/// The slots of a wave.
pub async fn of_wave(sql: &Sql, wave: WaveId) -> Result<Vec<Slot>, Broken> {
    which(sql, "WHERE s.wave_id = $1", bind![wave]).await
}

/// The slots of a unit.
pub async fn of_unit(sql: &Sql, unit: UnitId) -> Result<Vec<Slot>, Broken> {
    which(sql, "WHERE s.unit_id = $1", bind![unit]).await
}

/// The slots of these ids.
pub async fn some(sql: &Sql, ids: &BTreeSet<SlotId>) -> Result<Vec<Slot>, Broken> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let condition = format!("WHERE s.id IN ({})", places.join(","));
    which(sql, &condition, ids.iter().map(Bind::value).collect()).await
}

/// One slot.
pub async fn one(sql: &Sql, id: SlotId) -> Result<Option<Slot>, Broken> {
    Ok(which(sql, "WHERE s.id = $1", bind![id]).await?.pop())
}

/// The units where a change works at `now`: by their nearness the layers of a draw are told.
pub async fn works_in(sql: &Sql, change: ChangeId, now: Moment) -> Result<Vec<WorksIn>, Broken> {
    let slots = of_change(sql, change).await?;
    let working = slots.iter().filter(|slot| slot.access().iter().any(|span| span.holds(now)));
    Ok(working.map(|slot| WorksIn { unit: slot.unit, parent: slot.unit_parent }).collect())
}

/// The moment at which slots are looked at: what is written down has happened, also for a server whose clock is behind that
/// of the one that wrote it.
pub fn no_earlier_than_known(slots: &[Slot], now: Moment) -> Moment {
    slots.iter().flat_map(|slot| &slot.events).map(|event| event.at).fold(now, Moment::max)
}

/// The units that have a change at `now`, or will.
pub async fn have_it(sql: &Sql, change: ChangeId, now: Moment) -> Result<Vec<UnitId>, Broken> {
    let slots = of_change(sql, change).await?;
    Ok(slots.iter().filter(|slot| slot.state(now).is_held()).map(|slot| slot.unit).collect())
}

/// The slot by which a unit has a change, or will: it cannot contend for what it has.
pub async fn held(sql: &Sql, change: ChangeId, unit: UnitId, now: Moment) -> Result<Option<Slot>, Broken> {
    let slots = which(sql, "WHERE s.change_id = $1 AND s.unit_id = $2", bind![change, unit]).await?;
    Ok(slots.into_iter().find(|slot| slot.state(now).is_held()))
}

async fn which(sql: &Sql, condition: &str, values: Vec<Value>) -> Result<Vec<Slot>, Broken> {
    let events = sql.all(&format!("{EVENTS} {condition} ORDER BY e.slot_id, e.n"), values.clone()).await?;
    let mut by_slot: BTreeMap<SlotId, Vec<Event>> = BTreeMap::new();
    for row in &events {
        let event = Event {
            step: row.parsed("what")?,
            why: row.text("why")?,
            decided_by: row.maybe_text("decided_by")?,
            at: row.moment("at")?,
        };
        by_slot.entry(row.parsed("slot_id")?).or_default().push(event);
    }
    sql.all(&format!("{SLOTS} {condition} ORDER BY c.name, s.not_before, u.name, s.id"), values)
        .await?
        .iter()
        .map(|row| slot(row, &mut by_slot))
        .collect()
}

fn slot(row: &Row, events: &mut BTreeMap<SlotId, Vec<Event>>) -> Result<Slot, Broken> {
    let id = row.parsed("id")?;
    let events = events.remove(&id).unwrap_or_default();
    let (not_before, not_after) = (row.moment("not_before")?, row.maybe_moment("not_after")?);
    let granted_at = row.moment("granted_at")?;
    let rule = rules::Slot::granted(granted_at, Span { from: not_before, until: not_after })
        .and_then(|slot| slot.with(events.iter().map(|event| (event.step, event.at))))
        .map_err(|refused| row.impossible("slot_event", refused))?;
    Ok(Slot {
        id,
        change: row.parsed("change_id")?,
        change_slug: row.parsed("change_slug")?,
        change_name: row.text("change_name")?,
        wave: row.maybe_parsed("wave_id")?,
        wave_n: row.maybe_whole("wave_n")?.and_then(|n| usize::try_from(n).ok()),
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        unit_parent: row.maybe_parsed("unit_parent")?,
        asked: row.parsed("asked")?,
        probability: row.maybe_number("probability")?,
        not_before,
        not_after,
        granted_at,
        events,
        rule,
    })
}

/// A slot as it is granted.
#[derive(Clone, Debug, PartialEq)]
pub struct Granting {
    /// The change it gives access to.
    pub change: ChangeId,
    /// The wave, if it comes from one.
    pub wave: Option<WaveId>,
    /// The unit that gets it.
    pub unit: UnitId,
    /// Who wanted it.
    pub asked: Asked,
    /// The probability of getting it in the draw; `None` outside draws.
    pub probability: Option<f64>,
    /// From when until when; without end until something ends it.
    pub time: Span,
}

/// Keeps a new slot.
pub async fn add(sql: &Sql, id: SlotId, granting: &Granting, at: Moment) -> Result<(), Broken> {
    let Granting { change, wave, unit, asked, probability, time } = granting;
    sql.run(
        "INSERT INTO slot (id, change_id, wave_id, unit_id, asked, probability, not_before, not_after, granted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        bind![id, *change, *wave, *unit, asked.word(), *probability, time.from, time.until, at],
    )
    .await?;
    Ok(())
}

/// Keeps what happened to a slot; `n` is 1 for the first.
pub async fn add_event(sql: &Sql, id: SlotId, n: usize, event: &Event) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO slot_event (slot_id, n, what, why, decided_by, at) VALUES ($1, $2, $3, $4, $5, $6)",
        bind![id, n, event.step.word(), event.why, event.decided_by, event.at],
    )
    .await?;
    Ok(())
}
