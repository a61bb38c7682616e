//! Queries on who uses what: counts by unit and week, and moments of first use. Nobody is named in any of them.

use std::collections::{BTreeMap, HashMap};

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::uptake::UseDay;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::Sql;
use crate::trouble::Broken;

/// Milliseconds from the beginning of 1970, a Thursday, to its first Monday.
const FIRST_MONDAY: i64 = 4 * 86_400_000;
const WEEK: i64 = 7 * 86_400_000;

/// A week, Monday to Sunday in UTC, counted from the first of 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(pub i64);

impl Week {
    /// The week that holds a moment.
    pub fn of(at: Moment) -> Week {
        Week((at.milliseconds() - FIRST_MONDAY).div_euclid(WEEK))
    }

    /// Its first moment.
    pub fn begins(self) -> Moment {
        Moment::from_milliseconds(self.0 * WEEK + FIRST_MONDAY)
            .unwrap_or(Moment::from_timestamp(jiff::Timestamp::MAX))
    }
}

/// How many people of a unit used a change's solution in a week. Not to be shown as it is: see the domain's
/// `suppression`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Active {
    /// The unit.
    pub unit: UnitId,
    /// When.
    pub week: Week,
    /// How many different people.
    pub n_people: u32,
}

/// How many people used a change's solution, by unit and week; weeks without any use are absent.
pub async fn weekly(sql: &Sql, change: ChangeId) -> Result<Vec<Active>, Broken> {
    sql.all(
        "SELECT unit_id AS unit_id, (occurred_at - CAST($2 AS BIGINT)) / CAST($3 AS BIGINT) AS week,
                COUNT(DISTINCT subject) AS n_people
         FROM usage_event WHERE change_id = $1 AND unit_id IS NOT NULL AND subject IS NOT NULL
         GROUP BY unit_id, (occurred_at - CAST($2 AS BIGINT)) / CAST($3 AS BIGINT)
         ORDER BY unit_id, week",
        bind![change, FIRST_MONDAY, WEEK],
    )
    .await?
    .iter()
    .map(|row| {
        let n_people = row.count("n_people")?;
        Ok(Active {
            unit: row.parsed("unit_id")?,
            week: Week(row.whole("week")?),
            n_people: u32::try_from(n_people).map_err(|_| row.impossible("n_people", n_people))?,
        })
    })
    .collect()
}

/// By unit, the moments at which its people used a change's solution first, in no order that tells who.
pub async fn first_uses(sql: &Sql, change: ChangeId) -> Result<BTreeMap<UnitId, Vec<Moment>>, Broken> {
    let rows = sql
        .all(
            "SELECT unit_id AS unit_id, MIN(occurred_at) AS first_at
             FROM usage_event WHERE change_id = $1 AND unit_id IS NOT NULL AND subject IS NOT NULL
             GROUP BY unit_id, subject ORDER BY unit_id, first_at",
            bind![change],
        )
        .await?;
    let mut firsts = BTreeMap::<UnitId, Vec<Moment>>::new();
    for row in &rows {
        firsts.entry(row.parsed("unit_id")?).or_default().push(row.moment("first_at")?);
    }
    Ok(firsts)
}

/// Who (as a number that means nothing outside this list) used a change's solution on which day since a moment, in
/// the units of the organisation; days are counted from 1970.
pub async fn use_days(sql: &Sql, change: ChangeId, since: Moment) -> Result<Vec<UseDay>, Broken> {
    let rows = sql
        .all(
            "SELECT DISTINCT subject AS subject, occurred_at / 86400000 AS day FROM usage_event
             WHERE change_id = $1 AND unit_id IS NOT NULL AND subject IS NOT NULL AND occurred_at > $2",
            bind![change, since],
        )
        .await?;
    let mut people = HashMap::new();
    let mut uses = Vec::with_capacity(rows.len());
    for row in &rows {
        let next = people.len();
        let person = *people.entry(row.text("subject")?).or_insert(next);
        let person = u32::try_from(person).map_err(|_| row.impossible("subject", person))?;
        uses.push(UseDay { person, day: row.whole("day")? });
    }
    Ok(uses)
}

/// By unit, the moment from which its first slot of a change counts; a slot that was over before it began gives none.
pub async fn begins(sql: &Sql, change: ChangeId) -> Result<BTreeMap<UnitId, Moment>, Broken> {
    sql.all(
        "SELECT s.unit_id AS unit_id, MIN(s.not_before) AS begins FROM slot s
         WHERE s.change_id = $1 AND NOT EXISTS
           (SELECT 1 FROM slot_event e WHERE e.slot_id = s.id AND e.what IN ('given-back', 'lapsed', 'ended')
              AND e.at <= s.not_before)
         GROUP BY s.unit_id",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| Ok((row.parsed("unit_id")?, row.moment("begins")?)))
    .collect()
}
