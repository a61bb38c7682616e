//! The uptake of a change, put together from what was counted when its weeks were closed; what leaves here may be shown
//! to everybody. It reads no event.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::suppression::{self, Part, Shown};
use traction_domain::time::Moment;

use super::belonging::Belonging;
use super::closing::{self, Holder};
use super::held;
use super::month::{self, ByUnit, Guard, Own};
use super::store::{self, ClosedWeek, UnitWeek, Week};
use super::table::Table;
use super::told::Told;
use crate::contend::draw;
use crate::offer::change::store::Change;
use crate::org::unit::store::Unit;
use crate::store::Sql;
use crate::trouble::Broken;

/// Uptake of a change, as everybody may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeUptake {
    /// The units that have access or stand in one of the weeks, by name.
    pub units: Vec<HasIt>,
    /// By week, how many people have access as it is granted so far; also in weeks to come.
    pub plan: Vec<(Week, u32)>,
    /// All who were active in a week, of every week that was closed, oldest first.
    pub totals: Vec<ClosedWeek>,
    /// The last weeks that were closed, by unit and group, oldest first.
    pub weeks: Vec<WeekTable>,
    /// Active in the 28 days that end with the last closed week.
    pub utilisation: Table,
    /// Active in the last closed week, of those active in the 28 days that end with it.
    pub stickiness: Shown,
    /// Began within 14 days of access; the total is of the units whose counts can be part of one.
    pub activation: Table,
    /// In how many units that total is, and in how many it was counted.
    pub n_units_activated: (usize, usize),
    /// The numbers of the whole.
    pub told: Option<Told>,
}

/// A unit that has access, or had it.
#[derive(Clone, Debug, PartialEq)]
pub struct HasIt {
    /// Which.
    pub unit: Unit,
    /// Since when, the first time.
    pub since: Moment,
    /// Until when; `None` while it has it.
    pub until: Option<Moment>,
}

/// One week.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekTable {
    /// Which.
    pub week: Week,
    /// By unit and group.
    pub table: Table,
}

/// How many of the last closed weeks are put together unit by unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weeks {
    /// The last few.
    Last(u32),
    /// Every one from this on.
    Since(Week),
}

/// Every unit that holds or held a slot of a change, or will, and its groups; and how many belong to them.
pub async fn holders(sql: &Sql, change: ChangeId) -> Result<(Vec<Holder>, Belonging), Broken> {
    let (holding, belonging) = holding(sql, change).await?;
    Ok((holding.into_iter().map(|(_, holder)| holder).collect(), belonging))
}

async fn holding(sql: &Sql, change: ChangeId) -> Result<(Vec<(Unit, Holder)>, Belonging), Broken> {
    let held = held::of_change(sql, change).await?;
    if held.is_empty() {
        return Ok(Default::default());
    }
    let layers = draw::store::layers(sql, change).await?;
    let holding = store::holding::units(sql, change).await?.into_iter().filter_map(|unit| {
        let held = held.get(&unit.id)?.clone();
        let wave = held.wave.map_or(0, |(_, n)| n);
        let layer = held.wave.and_then(|(wave, _)| layers.get(&(wave, unit.id)));
        let layer = layer.map_or(0, |layer| layer + 1);
        let cohort = u32::try_from(Week::of(held.begins()).0).unwrap_or(0);
        let holder = Holder { unit: unit.id, held, groups: [wave, layer, cohort] };
        Some((unit, holder))
    });
    let holding: Vec<(Unit, Holder)> = holding.collect();
    let n_members = holding.iter().map(|(unit, holder)| {
        (unit.id, u32::try_from(unit.n_members).unwrap_or(u32::MAX), holder.held.begins())
    });
    let shared = store::holding::of_several(sql, change).await?;
    let belonging = Belonging::of(&n_members.collect::<Vec<_>>(), &shared);
    Ok((holding, belonging))
}

/// The uptake of a change at `now`, as of its last closed week.
pub async fn of_change(
    sql: &Sql,
    change: &Change,
    now: Moment,
    weeks: Weeks,
) -> Result<ChangeUptake, Broken> {
    let (holding, belonging) = holding(sql, change.id).await?;
    let last = store::last_closed(sql, change.id).await?;
    let since = match (weeks, &last) {
        (Weeks::Last(n), Some((closed, _))) => Week(closed.week.0 + 1 - i64::from(n)),
        (Weeks::Last(_), None) => Week(0),
        (Weeks::Since(week), _) => week,
    };
    // The weeks of the last 28 days are looked at, whatever is asked for.
    let of_month = last.as_ref().map(|(closed, _)| Week(closed.week.0 + 1 - month::N_WEEKS));
    let first = of_month.map_or(since, |week| week.min(since));
    let kept = Kept {
        holding,
        belonging,
        last: last.map(|(closed, told)| (closed.week, told)),
        units: store::units_since(sql, change.id, first).await?,
        since,
        activations: store::activations(sql, change.id).await?,
        totals: store::closed(sql, change.id, Week(0)).await?,
    };
    // A table of tens of thousands of units takes its time.
    let put_together = tokio::task::spawn_blocking(move || kept.put_together(now)).await;
    put_together.map_err(|error| Broken::accident("putting uptake together", error))
}

/// What is kept of a change's uptake.
struct Kept {
    holding: Vec<(Unit, Holder)>,
    belonging: Belonging,
    last: Option<(Week, Told)>,
    units: Vec<UnitWeek>,
    since: Week,
    activations: Vec<UnitWeek>,
    totals: Vec<ClosedWeek>,
}

impl Kept {
    fn put_together(self, now: Moment) -> ChangeUptake {
        let begun = || self.holding.iter().filter(|(_, holder)| holder.held.begins() <= now);
        let holders: Vec<&Holder> = begun().map(|(_, holder)| holder).collect();
        let stands: BTreeSet<UnitId> =
            self.units.iter().filter(|row| row.week >= self.since).map(|row| row.unit).collect();
        let is_listed: Vec<bool> =
            holders.iter().map(|holder| holder.held.holds(now) || stands.contains(&holder.unit)).collect();
        let units = begun().zip(&is_listed).filter(|(_, is_listed)| **is_listed);
        let units = units.map(|((unit, Holder { held, .. }), _)| HasIt {
            unit: unit.clone(),
            since: held.begins(),
            until: held.ended(now),
        });
        let mut by_week = BTreeMap::<Week, Vec<UnitWeek>>::new();
        for row in self.units {
            by_week.entry(row.week).or_default().push(row);
        }
        let place: BTreeMap<UnitId, usize> =
            holders.iter().enumerate().map(|(place, holder)| (holder.unit, place)).collect();
        let shown =
            |rows: &[UnitWeek], parts: &[Part], guard: Guard| shown(rows, (parts, guard), &holders, &place);
        let table = |rows: &[UnitWeek], parts: &[Part]| shown(rows, parts, suppression::grouped);
        let weeks: Vec<WeekTable> = by_week
            .iter()
            .map(|(week, rows)| WeekTable { week: *week, table: table(rows, &closing::active(rows)) })
            .collect();
        let last_week = self.last.as_ref().map(|(week, _)| *week);
        let of_last: &[UnitWeek] = last_week.and_then(|week| by_week.get(&week)).map_or(&[], Vec::as_slice);
        let active = match weeks.last() {
            Some(last) if Some(last.week) == last_week => last.table.clone(),
            _ => table(of_last, &closing::active(of_last)),
        };
        let guard = month::guard(self.last.as_ref().map(|(_, told)| told));
        let before = shown(of_last, &closing::active_before(of_last), guard);
        let of_month: Vec<ByUnit> = weeks
            .iter()
            .filter(|week| last_week.is_some_and(|last| week.week.0 > last.0 - month::N_WEEKS))
            .map(|week| {
                let shown = holders.iter().zip(&week.table.units);
                shown.filter_map(|(holder, shown)| Some((holder.unit, (*shown)?))).collect()
            })
            .collect();
        let own = of_last.iter().filter_map(|row| {
            let at = *place.get(&row.unit)?;
            let known = month::known(row, (active.units[at]?, before.units[at]?), &of_month);
            Some(Own { place: at, groups: holders[at].groups, known })
        });
        let own = own.collect();
        let utilisation = month::guarded(active.clone().and(before), own);
        let (activation, n_units_activated) = activated(&self.activations, &holders, &place);
        let listed = |table: Table| table.listed(&is_listed);
        ChangeUptake {
            plan: plan(&self.holding, &self.belonging, now),
            stickiness: part_of(active.total, utilisation.total),
            units: units.collect(),
            totals: self.totals,
            weeks: weeks
                .into_iter()
                .filter(|week| week.week >= self.since)
                .map(|WeekTable { week, table }| WeekTable { week, table: listed(table) })
                .collect(),
            utilisation: listed(utilisation),
            activation: listed(activation),
            n_units_activated,
            told: self.last.map(|(_, told)| told),
        }
    }
}

/// A table of rows of units, as it is shown.
fn shown(
    rows: &[UnitWeek],
    (parts, guard): (&[Part], Guard),
    holders: &[&Holder],
    place: &BTreeMap<UnitId, usize>,
) -> Table {
    let own: Vec<&Holder> = rows.iter().filter_map(|row| Some(holders[*place.get(&row.unit)?])).collect();
    if own.len() < rows.len() {
        // Somebody took a slot out of the database: what stood for the unit can no longer be grouped.
        return Table::nothing(holders.len());
    }
    let grouped = guard(parts, &closing::labels(own.into_iter()));
    let mut units = vec![None; holders.len()];
    for (row, shown) in rows.iter().zip(&grouped.parts) {
        units[place[&row.unit]] = Some(*shown);
    }
    let mut groups = grouped.groups.into_iter().skip(1);
    let mut next = || groups.next().unwrap_or_default();
    Table { units, waves: next(), layers: next(), cohorts: next(), total: grouped.total }
}

/// Activation: each cohort is a table of its own, counted once; what is shown of it stays when others are added.
fn activated(
    rows: &[UnitWeek],
    holders: &[&Holder],
    place: &BTreeMap<UnitId, usize>,
) -> (Table, (usize, usize)) {
    let known: Vec<(&UnitWeek, &Holder)> =
        rows.iter().filter_map(|row| Some((row, holders[*place.get(&row.unit)?]))).collect();
    let part = |row: &UnitWeek| Part { count: row.activated.unwrap_or(0).min(row.of), of: row.of };
    let parts: Vec<Part> = known.iter().map(|(row, _)| part(row)).collect();
    let labels: Vec<Vec<u32>> = known
        .iter()
        .map(|(_, Holder { groups: [wave, layer, cohort], .. })| vec![*cohort, *wave, *layer])
        .collect();
    let grouped = suppression::grouped(&parts, &labels);
    let mut table = Table::nothing(holders.len());
    for ((row, _), shown) in known.iter().zip(&grouped.parts) {
        table.units[place[&row.unit]] = Some(*shown);
    }
    let mut groups = grouped.groups.into_iter();
    table.cohorts = groups.next().unwrap_or_default();
    table.waves = groups.next().unwrap_or_default();
    table.layers = groups.next().unwrap_or_default();
    table.total = match grouped.total {
        Shown::Withheld => suppression::alone(grouped.covered.iter().map(|place| parts[*place]).sum()),
        total => total,
    };
    let n_units = if grouped.total == Shown::Withheld { grouped.covered.len() } else { parts.len() };
    (table, (n_units, parts.len()))
}

/// A count as a part of another.
fn part_of(count: Shown, of: Shown) -> Shown {
    match (count, of) {
        (Shown::Exact(count), Shown::Exact(of)) => Shown::Exact(Part { count: count.count, of: of.count }),
        _ => Shown::Withheld,
    }
}

/// By week from the first access on, how many people have it at its end; until the last slot that was granted begins.
fn plan(holding: &[(Unit, Holder)], belonging: &Belonging, now: Moment) -> Vec<(Week, u32)> {
    let begins = || holding.iter().map(|(_, holder)| Week::of(holder.held.begins()));
    let (Some(first), Some(last)) = (begins().min(), begins().max()) else { return Vec::new() };
    let until = last.max(Week(Week::of(now).0 - 1));
    let first = first.max(Week(until.0 - 156));
    let mut have_it = Vec::new();
    let mut n_people = 0;
    (first.0..=until.0)
        .map(|number| {
            let end = Week(number).ends();
            let now_have_it: Vec<bool> = holding.iter().map(|(_, holder)| holder.held.holds(end)).collect();
            // In most weeks nobody comes and nobody goes, and counting ten thousands of units takes its time.
            if now_have_it != have_it {
                have_it = now_have_it;
                let units = holding.iter().zip(&have_it).filter(|(_, has_it)| **has_it);
                n_people = belonging.n_people(&units.map(|((_, holder), _)| holder.unit).collect());
            }
            (Week(number), n_people)
        })
        .collect()
}
