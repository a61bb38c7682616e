//! A tension with its poles' readings: the mean over its units in each period.

use std::collections::BTreeMap;

use traction_domain::id::{MetricId, UnitId};
use traction_domain::sustain::Period;
use traction_domain::sustain::tension::{Focus, LivePole, Reading, Stands, focus, stand};
use traction_domain::sustain::watch::spans;
use traction_stats::panel;

use super::store::{self, Rock, Tension};
use crate::org::unit;
use crate::store::Sql;
use crate::trouble::Broken;

/// A tension as it stands now.
pub struct Live {
    /// The tension.
    pub tension: Tension,
    /// The periods that both poles have, by name.
    pub periods: Vec<String>,
    /// The left pole's readings and the right one's, of those periods.
    pub readings: [Vec<Reading>; 2],
    /// The rocks, the oldest first.
    pub rocks: Vec<Rock>,
    /// Which pole has the attention.
    pub focus: Focus,
    /// How it stands.
    pub stands: Stands,
    /// What one reading covers.
    pub period: Period,
}

/// A tension with the readings of the periods that both of its poles have.
pub async fn live(sql: &Sql, tension: Tension) -> Result<Live, Broken> {
    let units = match tension.unit {
        Some(top) => Some(below(&unit::store::all(sql).await?, top)),
        None => None,
    };
    let left = means(sql, tension.poles[0].pole.metric, units.as_deref()).await?;
    let right = means(sql, tension.poles[1].pole.metric, units.as_deref()).await?;
    let kind = left.keys().next().map(|period| period.kind());
    let common: Vec<panel::Period> = left
        .keys()
        .filter(|period| Some(period.kind()) == kind && right.contains_key(*period))
        .copied()
        .collect();
    let of = |means: &BTreeMap<panel::Period, f64>| -> Vec<Reading> {
        common
            .iter()
            .zip(spans(&common))
            .filter_map(|(period, span)| {
                let (from, until) = span?;
                Some(Reading { from, until, value: *means.get(period)? })
            })
            .collect()
    };
    let readings = [of(&left), of(&right)];
    let rocks = store::rocks(sql, tension.id).await?;
    let rocked: Vec<_> = rocks.iter().map(|rock| rock.rocked).collect();
    let focus = focus(tension.attention, &rocked, &readings[0]);
    let period = Period::of(&common);
    let poles = [0, 1].map(|side| LivePole { pole: &tension.poles[side].pole, readings: &readings[side] });
    let stands = stand(poles[0], poles[1], focus, period);
    let periods = common.iter().map(ToString::to_string).collect();
    Ok(Live { tension, periods, readings, rocks, focus, stands, period })
}

/// The mean over the units in each period; of all units where none are named.
async fn means(
    sql: &Sql,
    metric: MetricId,
    units: Option<&[UnitId]>,
) -> Result<BTreeMap<panel::Period, f64>, Broken> {
    let mut sums: BTreeMap<panel::Period, (f64, usize)> = BTreeMap::new();
    for (unit, period, value) in store::outcomes(sql, metric).await? {
        if units.is_none_or(|units| units.contains(&unit)) {
            let sum = sums.entry(period).or_default();
            *sum = (sum.0 + value, sum.1 + 1);
        }
    }
    Ok(sums.into_iter().map(|(period, (sum, n))| (period, sum / n as f64)).collect())
}

/// `top` and every unit below it.
fn below(units: &[unit::store::Unit], top: UnitId) -> Vec<UnitId> {
    let mut found = vec![top];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(units.iter().filter(|unit| unit.parent == Some(parent)).map(|unit| unit.id));
        at += 1;
    }
    found
}
