//! Queries on what is watched: accepted hand-overs, their units' outcomes and use, and alarms.

use std::collections::BTreeMap;

use jiff::civil::Date;
use traction_domain::id::{AlarmId, ChangeId, CycleId, HandOverId, MetricId, PersonId, SlotId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;
use traction_stats::control::Improve;
use traction_stats::panel::Period;

use crate::bind;
use crate::measure::uptake::store::Week;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A unit's gain that is watched since its hand-over was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The hand-over.
    pub hand_over: HandOverId,
    /// The slot that was handed over.
    pub slot: SlotId,
    /// The unit.
    pub unit: UnitId,
    /// Its short name.
    pub unit_slug: Slug,
    /// Its name.
    pub unit_name: String,
    /// The change.
    pub change: ChangeId,
    /// Its short name.
    pub change_slug: Slug,
    /// Its name.
    pub change_name: String,
    /// The metric it is judged by.
    pub metric: MetricId,
    /// The metric's name.
    pub metric_name: String,
    /// What one of it is.
    pub unit_of_measure: String,
    /// Which way is better.
    pub improve: Improve,
    /// When the unit got the solution.
    pub began: Moment,
    /// When the owner accepted: the level is frozen there.
    pub handed_over: Moment,
    /// Who owns it now.
    pub owner: PersonId,
    /// His name.
    pub owner_name: String,
    /// The day support ends.
    pub support_ends: Date,
}

/// Which way a metric's word says is better.
pub(crate) fn improve(row: &Row, column: &str) -> Result<Improve, Broken> {
    match row.text(column)?.as_str() {
        "up" => Ok(Improve::Up),
        "down" => Ok(Improve::Down),
        other => Err(row.impossible(column, other)),
    }
}

const ACCEPTED: &str =
    "FROM hand_over h JOIN hand_over_answer a ON a.hand_over_id = h.id AND a.state = 'accepted'
    JOIN slot s ON s.id = h.slot_id";

/// Everything that is watched, the latest hand-over first.
pub async fn all(sql: &Sql) -> Result<Vec<Watch>, Broken> {
    let text = format!(
        "SELECT h.id AS id, h.slot_id AS slot_id, s.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name,
           s.change_id AS change_id, c.slug AS change_slug, c.name AS change_name, c.metric_id AS metric_id,
           m.name AS metric_name, m.unit_of_measure AS unit_of_measure, m.better AS better,
           s.not_before AS not_before, a.at AS handed_over_at, h.owner_id AS owner_id, o.name AS owner_name,
           h.support_ends AS support_ends
         {ACCEPTED} JOIN unit u ON u.id = s.unit_id JOIN change c ON c.id = s.change_id
         JOIN metric m ON m.id = c.metric_id JOIN person o ON o.id = h.owner_id
         ORDER BY a.at DESC, h.id"
    );
    sql.all(&text, vec![]).await?.iter().map(watch).collect()
}

fn watch(row: &Row) -> Result<Watch, Broken> {
    Ok(Watch {
        hand_over: row.parsed("id")?,
        slot: row.parsed("slot_id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        change: row.parsed("change_id")?,
        change_slug: row.parsed("change_slug")?,
        change_name: row.text("change_name")?,
        metric: row.parsed("metric_id")?,
        metric_name: row.text("metric_name")?,
        unit_of_measure: row.text("unit_of_measure")?,
        improve: improve(row, "better")?,
        began: row.moment("not_before")?,
        handed_over: row.moment("handed_over_at")?,
        owner: row.parsed("owner_id")?,
        owner_name: row.text("owner_name")?,
        support_ends: row.parsed("support_ends")?,
    })
}

/// The last outcome of each period, of the units and metrics that are watched.
pub async fn outcomes(sql: &Sql) -> Result<BTreeMap<(UnitId, MetricId), Vec<(Period, f64)>>, Broken> {
    let text = format!(
        "SELECT DISTINCT r.unit_id AS unit_id, r.metric_id AS metric_id, r.period AS period, r.value AS value
         {ACCEPTED} JOIN change c ON c.id = s.change_id
         JOIN outcome r ON r.metric_id = c.metric_id AND r.unit_id = s.unit_id
         WHERE r.value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outcome l WHERE l.metric_id = r.metric_id AND l.unit_id = r.unit_id
           AND l.period = r.period AND l.n > r.n)"
    );
    let mut by_series: BTreeMap<(UnitId, MetricId), Vec<(Period, f64)>> = BTreeMap::new();
    for row in sql.all(&text, vec![]).await? {
        let series = (row.parsed("unit_id")?, row.parsed("metric_id")?);
        by_series.entry(series).or_default().push((row.parsed("period")?, row.number("value")?));
    }
    by_series.values_mut().for_each(|readings| readings.sort_by_key(|(period, _)| *period));
    Ok(by_series)
}

/// The statement of [`uses`]: of weeks that are closed the counts are kept, and no event is read.
pub const USES: &str =
    "SELECT w.unit_id AS unit_id, w.change_id AS change_id, w.week AS week, w.n_active AS n
    FROM (SELECT DISTINCT s.change_id AS change_id, s.unit_id AS unit_id
      FROM hand_over h JOIN hand_over_answer a ON a.hand_over_id = h.id AND a.state = 'accepted'
      JOIN slot s ON s.id = h.slot_id) k
    JOIN uptake_unit w ON w.change_id = k.change_id AND w.unit_id = k.unit_id WHERE w.n_active > 0";

/// How many different people of a watched unit used the change in each week that is closed; weeks without use are not
/// listed. Not to be shown as it is.
pub async fn uses(sql: &Sql) -> Result<BTreeMap<(UnitId, ChangeId), BTreeMap<Week, usize>>, Broken> {
    let mut by_series: BTreeMap<(UnitId, ChangeId), BTreeMap<Week, usize>> = BTreeMap::new();
    for row in sql.all(USES, vec![]).await? {
        let series = (row.parsed("unit_id")?, row.parsed("change_id")?);
        by_series.entry(series).or_default().insert(Week(row.whole("week")?), row.count("n")?);
    }
    Ok(by_series)
}

/// An alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// The hand-over whose watch raised it.
    pub hand_over: HandOverId,
    /// Which of its series slips: outcome or uptake.
    pub series: String,
    /// What it said.
    pub says: String,
    /// When it was raised.
    pub at: Moment,
    /// The cycle it opened; `None` for the second in which the loop has not come by yet.
    pub cycle: Option<CycleId>,
}

/// All alarms, the latest first.
pub async fn alarms(sql: &Sql) -> Result<Vec<Alarm>, Broken> {
    let text =
        "SELECT l.id AS id, l.hand_over_id AS hand_over_id, l.series AS series, l.says AS says, l.at AS at,
        y.id AS cycle_id
      FROM alarm l LEFT JOIN cycle y ON y.alarm_id = l.id ORDER BY l.at DESC, l.id";
    let alarm = |row: &Row| {
        Ok(Alarm {
            hand_over: row.parsed("hand_over_id")?,
            series: row.text("series")?,
            says: row.text("says")?,
            at: row.moment("at")?,
            cycle: row.maybe_parsed("cycle_id")?,
        })
    };
    sql.all(text, vec![]).await?.iter().map(alarm).collect()
}

/// What an alarm is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarmed {
    /// The unit that slips.
    pub unit: UnitId,
    /// The change whose gain it is.
    pub change: ChangeId,
    /// The change's name.
    pub change_name: String,
    /// Which series slips: outcome or uptake.
    pub series: String,
}

/// What an alarm is about.
pub async fn alarmed(sql: &Sql, id: AlarmId) -> Result<Option<Alarmed>, Broken> {
    let text = "SELECT l.id AS id, s.unit_id AS unit_id, s.change_id AS change_id, c.name AS change_name,
        l.series AS series
      FROM alarm l JOIN hand_over h ON h.id = l.hand_over_id JOIN slot s ON s.id = h.slot_id
      JOIN change c ON c.id = s.change_id WHERE l.id = $1";
    let alarmed = |row: Row| {
        Ok(Alarmed {
            unit: row.parsed("unit_id")?,
            change: row.parsed("change_id")?,
            change_name: row.text("change_name")?,
            series: row.text("series")?,
        })
    };
    sql.one(text, bind![id]).await?.map(alarmed).transpose()
}

/// Keeps an alarm; `false` when this series of this hand-over had one before.
pub async fn raise(
    sql: &Sql,
    id: AlarmId,
    hand_over: HandOverId,
    series: &str,
    says: &str,
    at: Moment,
) -> Result<bool, Broken> {
    let n_added = sql
        .run(
            "INSERT INTO alarm (id, hand_over_id, series, says, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
            bind![id, hand_over, series, says, at],
        )
        .await?;
    Ok(n_added == 1)
}

/// The day on which a unit let go of a change, where a simulation wrote down that it does.
pub async fn let_go(sql: &Sql, unit: &Slug, change: &Slug) -> Result<Option<Date>, Broken> {
    let Some(day) = sql.setting(&format!("truth:let-go:{unit}:{change}")).await? else { return Ok(None) };
    day.parse().map(Some).map_err(|error| Broken::accident("reading the truth of a simulation", error))
}

/// Writes down on which day a simulated unit lets go.
pub async fn settle_let_go(sql: &Sql, unit: &Slug, change: &Slug, day: Date) -> Result<(), Broken> {
    sql.settle(&format!("truth:let-go:{unit}:{change}"), &day.to_string()).await
}
