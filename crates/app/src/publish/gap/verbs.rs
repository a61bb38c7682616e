//! What a gap is computed from, and who may see a unit's own. Nothing is changed here.

use std::collections::BTreeMap;

use traction_domain::grant::slot::Span;
use traction_domain::id::{ChangeId, MetricId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::publish::gap::{Reading, Started};
use traction_domain::time::Moment;

use crate::grant::slot;
use crate::measure::outcome;
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};

/// The outcomes of a metric by unit, each unit's oldest first; corrected ones as corrected.
pub async fn readings(sql: &Sql, metric: MetricId) -> Result<BTreeMap<UnitId, Vec<Reading>>, Broken> {
    Ok(by_unit(outcome::store::panel(sql, metric, None).await?))
}

/// As [`readings`], of these units alone.
pub async fn readings_of(
    sql: &Sql,
    metric: MetricId,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, Vec<Reading>>, Broken> {
    Ok(by_unit(outcome::store::panel(sql, metric, Some(units)).await?))
}

fn by_unit(outcomes: Vec<outcome::store::Outcome>) -> BTreeMap<UnitId, Vec<Reading>> {
    let mut readings: BTreeMap<UnitId, Vec<Reading>> = BTreeMap::new();
    for outcome in outcomes {
        let reading = Reading { period: outcome.period, value: outcome.value };
        readings.entry(outcome.unit).or_default().push(reading);
    }
    readings
}

/// The units that have a change at `now`, each since it first had it, with their outcomes out of `readings`. Units
/// that no longer have it are left out: what they measure now is neither before nor with it.
pub async fn started(
    sql: &Sql,
    change: ChangeId,
    readings: &BTreeMap<UnitId, Vec<Reading>>,
    now: Moment,
) -> Result<Vec<Started>, Broken> {
    let mut by_unit: BTreeMap<UnitId, (Option<UnitId>, Vec<Span>)> = BTreeMap::new();
    for slot in slot::store::of_change(sql, change).await? {
        by_unit.entry(slot.unit).or_insert((slot.unit_parent, vec![])).1.extend(slot.access());
    }
    let has_it = |(unit, (parent, spans)): (UnitId, (Option<UnitId>, Vec<_>))| {
        let first: &Span = spans.iter().min()?;
        spans.iter().any(|span| span.holds(now)).then(|| Started {
            unit,
            parent,
            on: first.from.date(),
            readings: readings.get(&unit).cloned().unwrap_or_default(),
        })
    };
    Ok(by_unit.into_iter().filter_map(has_it).collect())
}

/// Whether he may see the unit's own figures: its people, coaches, change leads, administrators.
pub fn may_see(who: &Who, unit: UnitId) -> bool {
    who.belongs_to(unit) || who.is_coach() || who.is_change_lead() || who.is_administrator()
}

/// Refuses unless he may see the unit's own figures.
pub fn must_see(who: &Who, unit: UnitId) -> Result<(), Trouble> {
    let may = may_see(who, unit);
    Ok(allow(may, "the unit's own people, a coach or a change lead", "see a unit's own figures")?)
}
