//! Queries on who uses what: use by person and day, counts by unit and week, and what is told of weeks. Nobody is named
//! in any of them.

use std::collections::BTreeMap;

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::suppression::{Part, Shown};
use traction_domain::time::Moment;

use super::held::Stretches;
use crate::bind;
use crate::measure::uptake::Told;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

pub mod holding;
pub mod rolled;
pub mod uses;

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

    /// Its last moment.
    pub fn ends(self) -> Moment {
        Moment::from_milliseconds(self.next().begins().milliseconds() - 1).unwrap_or(self.begins())
    }

    /// The one after it.
    pub fn next(self) -> Week {
        Week(self.0 + 1)
    }

    /// The one that holds a day, counted from the beginning of 1970.
    pub fn of_day(day: i64) -> Week {
        Week((day - 4).div_euclid(7))
    }

    /// Its first day, counted from the beginning of 1970.
    pub fn first_day(self) -> i64 {
        self.0 * 7 + 4
    }

    /// Its Sunday.
    pub fn last_day(self) -> i64 {
        self.first_day() + 6
    }
}

/// By unit, the weeks in which it stood in the table of units as they were closed.
///
/// Consecutive weeks of a unit lie equally far from their rank among its weeks: so that a stretch is one row.
pub async fn counted(sql: &Sql, change: ChangeId) -> Result<BTreeMap<UnitId, Stretches>, Broken> {
    let rows = sql
        .all(
            "SELECT t.unit_id AS unit_id, MIN(t.week) AS first_week, MAX(t.week) AS last_week FROM
               (SELECT u.unit_id AS unit_id, u.week AS week,
                  u.week - ROW_NUMBER() OVER (PARTITION BY u.unit_id ORDER BY u.week) AS stretch
                FROM uptake_unit u WHERE u.change_id = $1) t
             GROUP BY t.unit_id, t.stretch ORDER BY t.unit_id, MIN(t.week)",
            bind![change],
        )
        .await?;
    let mut counted = BTreeMap::<UnitId, Stretches>::new();
    for row in &rows {
        let stretches = counted.entry(row.parsed("unit_id")?).or_default();
        stretches.add_all(Week(row.whole("first_week")?), Week(row.whole("last_week")?));
    }
    Ok(counted)
}

/// Forgets what was counted and told of a change, in the transaction in which it is told anew.
pub async fn forget(sql: &Sql, change: ChangeId) -> Result<(), Broken> {
    sql.run("DELETE FROM uptake_unit WHERE change_id = $1", bind![change]).await?;
    sql.run("DELETE FROM uptake_week WHERE change_id = $1", bind![change]).await?;
    Ok(())
}

/// The counts of one unit in one week. Not to be shown as they are: see the domain's `suppression`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitWeek {
    /// Which week.
    pub week: Week,
    /// The unit.
    pub unit: UnitId,
    /// How many are eligible.
    pub of: u32,
    /// Active in the week.
    pub active: u32,
    /// Active in the three weeks before, and not in it.
    pub active_before: Option<u32>,
    /// Began within 14 days; only in the week in which they were over.
    pub activated: Option<u32>,
}

fn unit_week(row: &Row) -> Result<UnitWeek, Broken> {
    let small = |column: &str, number: i64| u32::try_from(number).map_err(|_| row.impossible(column, number));
    let number = |column: &str| small(column, row.whole(column)?);
    let maybe = |column: &str| row.maybe_whole(column)?.map(|number| small(column, number)).transpose();
    Ok(UnitWeek {
        week: Week(row.whole("week")?),
        unit: row.parsed("unit_id")?,
        of: number("n_eligible")?,
        active: number("n_active")?,
        active_before: maybe("n_active_before")?,
        activated: maybe("n_activated")?,
    })
}

const COLUMNS: &str = "week AS week, unit_id AS unit_id, n_eligible AS n_eligible, n_active AS n_active,
    n_active_before AS n_active_before, n_activated AS n_activated";

/// The counts of a change since a week.
pub async fn units_since(sql: &Sql, change: ChangeId, since: Week) -> Result<Vec<UnitWeek>, Broken> {
    let text = format!(
        "SELECT {COLUMNS} FROM uptake_unit WHERE change_id = $1 AND week >= $2 ORDER BY week, unit_id"
    );
    sql.all(&text, bind![change, since.0]).await?.iter().map(unit_week).collect()
}

/// By unit, the week in which its activation was counted, with the counts.
pub async fn activations(sql: &Sql, change: ChangeId) -> Result<Vec<UnitWeek>, Broken> {
    let text = format!(
        "SELECT {COLUMNS} FROM uptake_unit WHERE change_id = $1 AND n_activated IS NOT NULL ORDER BY unit_id, week"
    );
    sql.all(&text, bind![change]).await?.iter().map(unit_week).collect()
}

/// A week that was closed.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedWeek {
    /// Which.
    pub week: Week,
    /// When it was closed.
    pub closed_at: Moment,
    /// What is shown of all who were active in it.
    pub total: Shown,
}

fn closed_week(row: &Row) -> Result<ClosedWeek, Broken> {
    let number = |column: &str| {
        let whole = row.whole(column)?;
        u32::try_from(whole).map_err(|_| row.impossible(column, whole))
    };
    let total = match row.text("total")?.as_str() {
        "exact" => Shown::Exact(Part { count: number("n_active")?, of: number("n_eligible")? }),
        "few" => Shown::Few { of: number("n_eligible")? },
        "nearly-all" => Shown::NearlyAll { of: number("n_eligible")? },
        "withheld" => Shown::Withheld,
        other => return Err(row.impossible("total", other)),
    };
    Ok(ClosedWeek { week: Week(row.whole("week")?), closed_at: row.moment("closed_at")?, total })
}

const CLOSED: &str = "week AS week, closed_at AS closed_at, total AS total, n_active AS n_active,
    n_eligible AS n_eligible";

/// The weeks of a change that were closed since `since`, oldest first.
pub async fn closed(sql: &Sql, change: ChangeId, since: Week) -> Result<Vec<ClosedWeek>, Broken> {
    let text = format!("SELECT {CLOSED} FROM uptake_week WHERE change_id = $1 AND week >= $2 ORDER BY week");
    sql.all(&text, bind![change, since.0]).await?.iter().map(closed_week).collect()
}

/// By change, the last week that was closed.
pub async fn last_weeks(sql: &Sql) -> Result<BTreeMap<ChangeId, Week>, Broken> {
    sql.all("SELECT change_id AS change_id, MAX(week) AS week FROM uptake_week GROUP BY change_id", vec![])
        .await?
        .iter()
        .map(|row| Ok((row.parsed("change_id")?, Week(row.whole("week")?))))
        .collect()
}

/// The end of the last week of a change that was closed: what happened before is rolled up by person and day. `None`
/// where no week is closed.
pub async fn closed_until(sql: &Sql, change: ChangeId) -> Result<Option<Moment>, Broken> {
    let text = "SELECT MAX(week) AS week FROM uptake_week WHERE change_id = $1";
    let row = sql.one(text, bind![change]).await?;
    let week = row.map(|row| row.maybe_whole("week")).transpose()?.flatten();
    Ok(week.map(|week| Week(week + 1).begins()))
}

/// The last closed week of a change, with what is told of it.
pub async fn last_closed(sql: &Sql, change: ChangeId) -> Result<Option<(ClosedWeek, Told)>, Broken> {
    let text = format!(
        "SELECT {CLOSED}, told AS told FROM uptake_week WHERE change_id = $1 ORDER BY week DESC LIMIT 1"
    );
    let Some(row) = sql.one(&text, bind![change]).await? else { return Ok(None) };
    let text = row.text("told")?;
    let told = serde_json::from_str(&text).map_err(|error| row.impossible("told", error))?;
    Ok(Some((closed_week(&row)?, told)))
}

/// Keeps what was counted of a week, and what is told of it.
pub async fn close(
    sql: &Sql,
    change: ChangeId,
    closed: &ClosedWeek,
    told: &Told,
    units: &[UnitWeek],
) -> Result<(), Broken> {
    let (word, part, of) = match closed.total {
        Shown::Exact(part) => ("exact", Some(part.count), Some(part.of)),
        Shown::Few { of } => ("few", None, Some(of)),
        Shown::NearlyAll { of } => ("nearly-all", None, Some(of)),
        Shown::Withheld => ("withheld", None, None),
    };
    let told =
        serde_json::to_string(told).map_err(|error| Broken::accident("writing what is told", error))?;
    sql.run(
        "INSERT INTO uptake_week (change_id, week, closed_at, total, n_active, n_eligible, told)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![change, closed.week.0, closed.closed_at, word, part, of, told],
    )
    .await?;
    let rows = units.iter().map(|unit| {
        bind![change, unit.week.0, unit.unit, unit.of, unit.active, unit.active_before, unit.activated]
    });
    let head = "INSERT INTO uptake_unit
      (change_id, week, unit_id, n_eligible, n_active, n_active_before, n_activated) VALUES";
    sql.insert_many(head, rows.collect(), "").await?;
    Ok(())
}
