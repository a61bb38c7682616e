//! Queries that make use by person and day from events, and read it.

use std::collections::{BTreeMap, HashMap};

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::uptake::{Detail, Histories};
use traction_domain::time::Moment;

use super::super::held::Stretches;
use super::Week;
use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// The day on which use counts that came too late to count in any week: it is kept by day, for whoever asks what happened
/// then, and no week ever comes to it.
pub const NEVER: i64 = 9_999_999;

/// How many rows are read at once.
const N_AT_ONCE: u32 = 20_000;

/// The week of the first event of a change, if there is any; where all were dropped since, of the first that was counted.
pub async fn first_use(sql: &Sql, change: ChangeId) -> Result<Option<Week>, Broken> {
    let row = sql
        .one("SELECT MIN(occurred_at) AS first_at FROM usage_event WHERE change_id = $1", bind![change])
        .await?;
    if let Some(first_at) = row.map(|row| row.maybe_moment("first_at")).transpose()?.flatten() {
        return Ok(Some(Week::of(first_at)));
    }
    let text = "SELECT MIN(occurred_day) * 86400000 AS first_at FROM use_day WHERE change_id = $1";
    let row = sql.one(text, bind![change]).await?;
    Ok(row.map(|row| row.maybe_moment("first_at")).transpose()?.flatten().map(Week::of))
}

/// Whether something happened before `week` that arrived since `received`.
pub async fn is_late(sql: &Sql, change: ChangeId, week: Week, received: Moment) -> Result<bool, Broken> {
    let found = sql
        .one(
            "SELECT e.id AS id FROM usage_event e WHERE e.change_id = $1 AND e.occurred_at < $2 AND e.received_at >= $3
               AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL LIMIT 1",
            bind![change, week.begins(), received],
        )
        .await?;
    Ok(found.is_some())
}

/// Rolls up what happened in the weeks from `from` on, before `until`. Done again, it comes to what has arrived by then.
pub async fn roll_up(sql: &Sql, change: ChangeId, from: Week, until: Week) -> Result<u64, Broken> {
    sql.run(
        "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
         SELECT e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event, e.occurred_at / 86400000, COUNT(*)
         FROM usage_event e WHERE e.change_id = $1 AND e.occurred_at >= $2 AND e.occurred_at < $3
           AND e.unit_id IS NOT NULL AND e.subject IS NOT NULL
         GROUP BY e.change_id, e.unit_id, e.subject, e.occurred_at / 86400000, e.event
         ON CONFLICT (change_id, unit_id, subject, occurred_day, event, day) DO UPDATE SET n_events = excluded.n_events",
        bind![change, from.begins(), until.begins()],
    )
    .await
}

/// The statement of [`roll_up_late`]. What arrived is found by its arrival (`change_id || ''` and `+ 0` keep both
/// databases from reading all that ever happened), and of each unit's day that it touches the events are read once.
pub const ROLL_UP_LATE: &str = "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
    SELECT l.change_id, l.unit_id, l.subject, l.occurred_day, l.event, CAST($2 AS BIGINT), l.n_all - l.n_known
    FROM (
      SELECT k.change_id AS change_id, k.unit_id AS unit_id, k.subject AS subject, k.occurred_day AS occurred_day,
        k.event AS event, k.n_all AS n_all,
        (SELECT CAST(COALESCE(SUM(u.n_events), 0) AS BIGINT) FROM use_day u WHERE u.change_id = k.change_id
           AND u.unit_id = k.unit_id AND u.subject = k.subject AND u.occurred_day = k.occurred_day
           AND u.event = k.event AND u.day < CAST($2 AS BIGINT)) AS n_known
      FROM (
        SELECT CAST($1 AS TEXT) AS change_id, t.unit_id AS unit_id, e.subject AS subject,
          t.occurred_day AS occurred_day, e.event AS event, COUNT(*) AS n_all
        FROM (
          SELECT DISTINCT a.unit_id AS unit_id, a.occurred_at / 86400000 AS occurred_day FROM usage_event a
          WHERE a.change_id || '' = $1 AND a.received_at >= $3 AND a.occurred_at + 0 >= $4 AND a.occurred_at + 0 < $5
            AND a.unit_id IS NOT NULL AND a.subject IS NOT NULL
        ) t CROSS JOIN usage_event e WHERE e.change_id = $1 AND e.unit_id = t.unit_id
          AND e.occurred_at >= t.occurred_day * 86400000 AND e.occurred_at < (t.occurred_day + 1) * 86400000
          AND e.subject IS NOT NULL
        GROUP BY t.unit_id, e.subject, t.occurred_day, e.event HAVING MAX(e.received_at) >= $3
      ) k
    ) l WHERE l.n_all > l.n_known
    ON CONFLICT (change_id, unit_id, subject, occurred_day, event, day) DO UPDATE SET n_events = excluded.n_events";

/// Rolls up what happened from one moment until another, both the beginning of a day, and is not rolled up yet, of people and
/// days of which something arrived since `received`: it counts on the day `counts_on`.
pub async fn roll_up_late(
    sql: &Sql,
    change: ChangeId,
    counts_on: i64,
    (since, until): (Moment, Moment),
    received: Moment,
) -> Result<u64, Broken> {
    sql.run(ROLL_UP_LATE, bind![change, counts_on, received, since, until]).await
}

/// Takes away what was rolled up as late: it is about to be rolled up where it belongs.
pub async fn forget_late(sql: &Sql, change: ChangeId) -> Result<(), Broken> {
    sql.run("DELETE FROM use_day WHERE change_id = $1 AND day <> occurred_day", bind![change]).await?;
    Ok(())
}

/// What one person did of one kind on one day; who it is stands for nothing outside this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfUse {
    /// A number for the person.
    pub person: u32,
    /// The number of his unit, by its place in [`Uses::units`].
    pub unit: u32,
    /// The day on which it counts.
    pub day: i64,
    /// A number for the kind of event.
    pub kind: u32,
    /// How often.
    pub n_events: u32,
}

/// The use of a change in the weeks in which a unit is counted. Somebody in two units is two: each counts its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// By unit, who was active when.
    pub histories: BTreeMap<UnitId, Histories>,
    /// The units of what was done of late.
    pub units: Vec<UnitId>,
    /// What was done of late, in detail.
    pub lately: Vec<DayOfUse>,
    /// By kind of event, the first day of any.
    pub kinds: Vec<i64>,
}

/// The use of a change that was rolled up, of these units in the weeks in which they are counted; each day of it from
/// `detail.from` on.
pub async fn uses(
    sql: &Sql,
    change: ChangeId,
    units: &BTreeMap<UnitId, Stretches>,
    detail: Detail,
) -> Result<Uses, Broken> {
    let mut reading = Reading { detail, ..Reading::default() };
    let mut after = (String::new(), String::new(), 0, String::new(), i64::MIN);
    loop {
        let (unit, subject, occurred_day, event, day) = &after;
        let rows = sql
            .all(
                "SELECT unit_id AS unit_id, subject AS subject, occurred_day AS occurred_day, event AS event, day AS day,
                        n_events AS n_events
                 FROM use_day WHERE change_id = $1 AND (unit_id, subject, occurred_day, event, day) > ($2, $3, $4, $5, $6)
                   AND day < $8
                 ORDER BY unit_id, subject, occurred_day, event, day LIMIT $7",
                bind![change, unit, subject, *occurred_day, event, *day, N_AT_ONCE, NEVER],
            )
            .await?;
        let Some(last) = rows.last() else { break };
        after = (
            last.text("unit_id")?,
            last.text("subject")?,
            last.whole("occurred_day")?,
            last.text("event")?,
            last.whole("day")?,
        );
        for row in &rows {
            reading.read(row, units)?;
        }
    }
    Ok(reading.done())
}

/// Rows of use as they are read, a person after the other.
struct Reading {
    uses: Uses,
    detail: Detail,
    kinds: HashMap<String, usize>,
    /// Whose days are read now, and of which unit.
    whose: Option<(UnitId, String)>,
    days: Vec<i64>,
    n_people: u32,
    /// Those of the unit who are read already.
    people: Vec<Vec<i64>>,
}

impl Default for Reading {
    fn default() -> Reading {
        let detail = Detail { origin: 0, from: i64::MIN };
        let (uses, kinds) = (Uses::default(), HashMap::new());
        Reading { uses, detail, kinds, whose: None, days: Vec::new(), n_people: 0, people: Vec::new() }
    }
}

impl Reading {
    fn read(&mut self, row: &Row, units: &BTreeMap<UnitId, Stretches>) -> Result<(), Broken> {
        let unit: UnitId = row.parsed("unit_id")?;
        let day = row.whole("day")?;
        if !units.get(&unit).is_some_and(|counted| counted.hold(Week::of_day(day))) {
            return Ok(());
        }
        let subject = row.text("subject")?;
        if self.whose.as_ref().is_none_or(|(before, who)| *before != unit || *who != subject) {
            self.turn_to(Some((unit, subject)));
            self.n_people += 1;
        }
        self.days.push(day);
        let next = self.kinds.len();
        let kind = *self.kinds.entry(row.text("event")?).or_insert(next);
        match self.uses.kinds.get_mut(kind) {
            Some(first) => *first = day.min(*first),
            None => self.uses.kinds.push(day),
        }
        if day >= self.detail.from {
            let kind = u32::try_from(kind).map_err(|_| row.impossible("event", kind))?;
            let n_events = u32::try_from(row.whole("n_events")?).unwrap_or(u32::MAX);
            if self.uses.units.last() != Some(&unit) {
                self.uses.units.push(unit);
            }
            let place = self.uses.units.len() - 1;
            let place = u32::try_from(place).map_err(|_| row.impossible("unit_id", place))?;
            self.uses.lately.push(DayOfUse { person: self.n_people, unit: place, day, kind, n_events });
        }
        Ok(())
    }

    /// Is done with whoever was read, and with his unit where the next one is of another.
    fn turn_to(&mut self, next: Option<(UnitId, String)>) {
        if let Some((unit, _)) = std::mem::replace(&mut self.whose, next) {
            self.people.push(self.detail.keep(std::mem::take(&mut self.days)));
            if self.whose.as_ref().is_none_or(|(next, _)| *next != unit) {
                let people = std::mem::take(&mut self.people);
                self.uses.histories.insert(unit, Histories::of_each(people));
            }
        }
    }

    fn done(mut self) -> Uses {
        self.turn_to(None);
        self.uses
    }
}
