//! Which units used a change's solution in which periods, as far as that tells nothing about fewer than five people.
//!
//! A unit used it in a period in which five or more of its people did, or in which it was used without a person's name.
//! Of units of fewer than five people it is not known, unless they were seen to.

use std::collections::BTreeSet;

use traction_domain::id::ChangeId;
use traction_domain::measure::panel as panels;
use traction_domain::measure::suppression::N_FEWEST;
use traction_domain::time::Moment;
use traction_stats::panel::{Panel, PanelBuilder, PanelRefused, Period, Row, Unbalanced};

use super::store;
use crate::org::unit;
use crate::store::Sql;
use crate::trouble::Broken;

/// By period of a panel, the units that used it, and the units of which that can be said.
pub struct Used {
    by_period: Vec<(Period, BTreeSet<String>)>,
    large_enough: BTreeSet<String>,
}

impl Used {
    /// What is known of a change's use in these periods, ascending; `None` where it was never seen used.
    pub async fn of(sql: &Sql, change: ChangeId, periods: &[Period]) -> Result<Option<Self>, Broken> {
        let mut by_period = Vec::new();
        for (period, from_until) in spans(periods) {
            by_period.push((period, store::used(sql, change, from_until).await?.into_iter().collect()));
        }
        if by_period.iter().all(|(_, units): &(Period, BTreeSet<String>)| units.is_empty()) {
            return Ok(None);
        }
        let large =
            unit::store::all(sql).await?.into_iter().filter(|unit| unit.n_members >= N_FEWEST as usize);
        let mut large_enough: BTreeSet<String> = large.map(|unit| unit.slug.to_string()).collect();
        large_enough.extend(by_period.iter().flat_map(|(_, units)| units.iter().cloned()));
        Ok(Some(Used { by_period, large_enough }))
    }

    /// Units by periods of `panel`: 1 where the unit used it, 0 where it did not; absent where that is not said.
    pub fn panel(&self, panel: &Panel) -> Result<Option<Panel>, PanelRefused> {
        let mut builder = PanelBuilder::new();
        let mut line = 0;
        for unit in panel.units().iter().filter(|unit| self.large_enough.contains(*unit)) {
            for (period, used) in &self.by_period {
                line += 1;
                let outcome = f64::from(u8::from(used.contains(unit)));
                builder.push(Row { line, unit, period: *period, outcome, start: None })?;
            }
        }
        if line == 0 { Ok(None) } else { builder.finish(Unbalanced::Keep).map(Some) }
    }
}

/// From when until when each period lasts; the last as long as the one before it. A lone period is none.
fn spans(periods: &[Period]) -> Vec<(Period, (Moment, Moment))> {
    let begins: Vec<(Period, Moment)> =
        periods.iter().filter_map(|period| Some((*period, panels::begins(*period)?))).collect();
    let mut spans: Vec<(Period, (Moment, Moment))> =
        begins.windows(2).map(|pair| (pair[0].0, (pair[0].1, pair[1].1))).collect();
    if let [.., before, last] = begins[..] {
        spans.push((last.0, (last.1, last.1.after_days(last.1.days_since(before.1).round() as i64))));
    }
    spans
}
