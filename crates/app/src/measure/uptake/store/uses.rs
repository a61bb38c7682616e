//! Reading use that was rolled up: who was active when, and in which unit he is counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::uptake::{Detail, Home, UsedIn, home_in, homes};

use super::super::held::Stretches;
use super::Week;
use super::rolled::NEVER;
use crate::bind;
use crate::measure::usage::subject::store::aliases::{self, Aliases};
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// How many rows are read at once.
const N_AT_ONCE: u32 = 20_000;

/// Somebody who used it; who he is stands for nothing outside this list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The days on which he did, ascending; of old ones as many as are asked for.
    pub days: Vec<i64>,
    /// Where he is counted.
    pub homes: Vec<Home<UnitId>>,
}

impl Person {
    /// The unit in which he is counted at the end of a week; `None` before he used it.
    pub fn home(&self, week: Week) -> Option<UnitId> {
        home_in(&self.homes, week.0)
    }

    /// The units in which he was counted by the end of a week, each once.
    pub fn homes_until(&self, week: Week) -> BTreeSet<UnitId> {
        self.homes.iter().filter(|home| home.since <= week.0).map(|home| home.unit).collect()
    }

    /// His days until the end of a week.
    pub fn days_until(&self, week: Week) -> &[i64] {
        let last = week.last_day();
        &self.days[..self.days.partition_point(|day| *day <= last)]
    }
}

/// What one person did of one kind on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfUse {
    /// His place in [`Uses::people`].
    pub person: u32,
    /// The day on which it counts.
    pub day: i64,
    /// A number for the kind of event.
    pub kind: u32,
    /// How often.
    pub n_events: u32,
}

/// The use of a change in the units and weeks that are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Who used it, each once.
    pub people: Vec<Person>,
    /// What was done of late, in detail.
    pub lately: Vec<DayOfUse>,
    /// By kind of event, the first day of any.
    pub kinds: Vec<i64>,
    /// Whether any of it came under a further subject of somebody.
    pub has_aliases: bool,
}

/// The use of a change that was rolled up, of these units in the weeks in which they are counted; each day of it from
/// `detail.from` on.
pub async fn uses(
    sql: &Sql,
    change: ChangeId,
    units: &BTreeMap<UnitId, Stretches>,
    detail: Detail,
) -> Result<Uses, Broken> {
    let mut reading = Reading::of(detail, aliases::all(sql).await?);
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
    // Of a large organisation these are millions of rows to be sorted; others are answered meanwhile.
    let units = units.clone();
    let done = tokio::task::spawn_blocking(move || reading.done(&units)).await;
    done.map_err(|error| Broken::accident("sorting what was used", error))
}

/// Rows of use as they are read, unit by unit.
struct Reading {
    uses: Uses,
    detail: Detail,
    /// Who is known under several subjects is one person.
    aliases: Aliases,
    kinds: HashMap<String, u32>,
    /// The places of those who were read.
    places: HashMap<String, u32>,
    /// By place, where he used it when.
    used: Vec<(u32, UsedIn<UnitId>)>,
}

impl Reading {
    fn of(detail: Detail, aliases: Aliases) -> Reading {
        let (uses, used) = (Uses::default(), Vec::new());
        Reading { uses, detail, aliases, kinds: HashMap::new(), places: HashMap::new(), used }
    }

    fn read(&mut self, row: &Row, units: &BTreeMap<UnitId, Stretches>) -> Result<(), Broken> {
        let unit: UnitId = row.parsed("unit_id")?;
        let day = row.whole("day")?;
        let week = Week::of_day(day);
        if !units.get(&unit).is_some_and(|counted| counted.hold(week)) {
            return Ok(());
        }
        let subject = row.text("subject")?;
        let own = self.aliases.get(&subject);
        self.uses.has_aliases |= own.is_some();
        let own = own.cloned().unwrap_or(subject);
        let person =
            place(&mut self.places, own).ok_or_else(|| row.impossible("subject", self.places.len()))?;
        let kind = place(&mut self.kinds, row.text("event")?)
            .ok_or_else(|| row.impossible("event", self.kinds.len()))?;
        match self.uses.kinds.get_mut(kind as usize) {
            Some(first) => *first = day.min(*first),
            None => self.uses.kinds.push(day),
        }
        let used = UsedIn { week: week.0, day, unit };
        let is_known = self.used.last().is_some_and(|(who, last)| {
            // Of what is old the first day of a week says it all: periods begin with one.
            *who == person
                && (last.unit, last.week) == (unit, week.0)
                && (last.day == day || (last.day < day && day < self.detail.from))
        });
        if !is_known {
            self.used.push((person, used));
        }
        if day >= self.detail.from {
            let n_events = u32::try_from(row.whole("n_events")?).unwrap_or(u32::MAX);
            self.uses.lately.push(DayOfUse { person, day, kind, n_events });
        }
        Ok(())
    }

    fn done(mut self, units: &BTreeMap<UnitId, Stretches>) -> Uses {
        self.used.sort_unstable();
        let is_counted =
            |unit: UnitId, week: i64| units.get(&unit).is_some_and(|counted| counted.hold(Week(week)));
        // Everybody's place is the rank in which he was read first, and all of them have use: each chunk is the next.
        self.uses.people = self
            .used
            .chunk_by(|(one, _), (next, _)| one == next)
            .map(|own| {
                let used: Vec<UsedIn<UnitId>> = own.iter().map(|(_, used)| *used).collect();
                Person {
                    days: self.detail.keep(used.iter().map(|used| used.day).collect()),
                    homes: homes(&used, is_counted),
                }
            })
            .collect();
        self.uses
    }
}

/// The place of a text among those that were seen; `None` where they are too many to count.
fn place(places: &mut HashMap<String, u32>, text: String) -> Option<u32> {
    let next = u32::try_from(places.len()).ok()?;
    Some(*places.entry(text).or_insert(next))
}
