//! The uptake of a change, put together from counts; what leaves here may be shown to everybody.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::measure::suppression::{self, N_FEWEST, Part, Published, Shown};
use traction_domain::measure::uptake::{self as rules, N_DAYS_MONTH, UnitUse};
use traction_domain::time::Moment;

use crate::measure::uptake::store::{self, Week};
use crate::offer::change::store::Change;
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::store::Sql;
use crate::trouble::Broken;

/// The most weeks that are put together: three years.
const N_WEEKS_MOST: i64 = 156;

/// Uptake of a change, as everybody may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeUptake {
    /// The units with access, by name, and since when.
    pub units: Vec<(Unit, Moment)>,
    /// How many people are eligible in them.
    pub n_eligible: u32,
    /// The weeks that are over, oldest first; `None` in a week before a unit's access.
    pub weeks: Vec<WeekUptake>,
    /// Share that ever used it, by unit and of all.
    pub reach: Published,
    /// Share that used it soon after access.
    pub activation: Shown,
    /// Active in the last week that is over, of those active in the last four of them.
    pub stickiness: Shown,
    /// Days until half, and until 80 %, of the eligible had begun.
    pub adoption: Option<AdoptionShown>,
}

/// One week.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekUptake {
    /// Which.
    pub week: Week,
    /// By unit, in the order of the units.
    pub units: Vec<Option<Shown>>,
    /// All units with access together.
    pub total: Shown,
}

/// How soon people began, where enough of them are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdoptionShown {
    /// Days until half had; `None` where they have not yet.
    pub days_to_half: Option<f64>,
    /// Days until 80 % had.
    pub days_to_most: Option<f64>,
}

/// The uptake of a change at `now`.
pub async fn of_change(sql: &Sql, change: &Change, now: Moment) -> Result<ChangeUptake, Broken> {
    let begins = store::begins(sql, change.id).await?;
    let mut firsts = store::first_uses(sql, change.id).await?;
    let active: BTreeMap<(UnitId, Week), u32> = store::weekly(sql, change.id)
        .await?
        .into_iter()
        .map(|active| ((active.unit, active.week), active.n_people))
        .collect();
    // As its neighbours on the page: the week that runs is not over.
    let running = Week::of(now).begins();
    let uses = store::use_days(sql, change.id, running.after_days(-i64::from(N_DAYS_MONTH))).await?;
    let mut units = Vec::new();
    let mut used = Vec::new();
    for unit in unit::store::all(sql).await? {
        let Some(begins) = begins.get(&unit.id).copied().filter(|begins| *begins <= now) else { continue };
        let n_members = u32::try_from(unit.n_members).unwrap_or(u32::MAX);
        used.push(UnitUse { n_members, begins, first_uses: firsts.remove(&unit.id).unwrap_or_default() });
        units.push((unit, begins));
    }
    let reach: Vec<Part> = used.iter().map(UnitUse::reach).collect();
    let last_day = running.milliseconds().div_euclid(86_400_000) - 1;
    Ok(ChangeUptake {
        n_eligible: used.iter().map(UnitUse::n_eligible).sum(),
        weeks: weeks(&units, &used, &active, now),
        reach: suppression::table(&reach),
        activation: suppression::alone(sum(used.iter().filter_map(|unit| unit.activation(now)))),
        stickiness: suppression::alone(rules::stickiness(&uses, last_day)),
        adoption: adoption(&used, now),
        units,
    })
}

/// Every week that is over since the first access, each suppressed as a table of its own: its people are others than
/// those of the next.
fn weeks(
    units: &[(Unit, Moment)],
    used: &[UnitUse],
    active: &BTreeMap<(UnitId, Week), u32>,
    now: Moment,
) -> Vec<WeekUptake> {
    let Some(first) = units.iter().map(|(_, begins)| *begins).min() else { return vec![] };
    let running = Week::of(now).0;
    let from = Week::of(first).0.max(running - N_WEEKS_MOST);
    (from..running)
        .map(|number| {
            let week = Week(number);
            let ends = Week(number + 1).begins();
            let has_access: Vec<bool> = units.iter().map(|(_, begins)| *begins < ends).collect();
            let parts: Vec<Part> = units
                .iter()
                .zip(used)
                .zip(&has_access)
                .filter(|(_, has_access)| **has_access)
                .map(|(((unit, _), used), _)| {
                    let of = used.n_eligible();
                    let count = active.get(&(unit.id, week)).copied().unwrap_or(0).min(of);
                    Part { count, of }
                })
                .collect();
            let published = suppression::table(&parts);
            let mut shown = published.parts.into_iter();
            let units = has_access.iter().map(|has_access| if *has_access { shown.next() } else { None });
            WeekUptake { week, units: units.collect(), total: published.total }
        })
        .collect()
}

fn sum(parts: impl Iterator<Item = Part>) -> Part {
    parts.fold(Part { count: 0, of: 0 }, |sum, part| Part {
        count: sum.count + part.count,
        of: sum.of + part.of,
    })
}

/// How soon people began; of fewer than ten eligible, or fewer than five who began, nothing is said.
fn adoption(used: &[UnitUse], now: Moment) -> Option<AdoptionShown> {
    let reach = sum(used.iter().map(UnitUse::reach));
    if reach.of < 2 * N_FEWEST || reach.count < N_FEWEST {
        return None;
    }
    let stays: Vec<rules::Stay> = used.iter().flat_map(|unit| unit.stays(now)).collect();
    let adoption = rules::adoption(&stays);
    Some(AdoptionShown { days_to_half: adoption.days_to(0.5), days_to_most: adoption.days_to(0.8) })
}
