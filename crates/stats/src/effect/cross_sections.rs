//! How many independent outcomes tell the spread in repeated cross-sections: rows of a period, not all rows of a start.
//!
//! It counts; what influences are made of it does not know.

use super::sample::Sample;
use crate::panel::Panel;
use crate::uncertainty::Members;

/// The rows of each start, by period.
pub(super) struct CrossSections {
    n_periods: usize,
    /// By group. Where each unit was seen once, one a period; else one for the whole start.
    by_group: Vec<Vec<Members>>,
}

impl CrossSections {
    pub fn of(panel: &Panel, sample: &Sample) -> Self {
        let n_periods = panel.periods().len();
        let members = |(group, units): (usize, &Vec<usize>)| {
            let rows = |t: usize| {
                let seen = units.iter().filter(move |unit| panel.outcome(**unit, t).is_some());
                let squares = seen.clone().map(|unit| sample.weight(*unit).powi(2)).sum::<f64>();
                (group * n_periods + t, seen.count(), squares)
            };
            let periods: Vec<(usize, usize, f64)> =
                (0..n_periods).map(rows).filter(|(_, n, _)| *n > 0).collect();
            let n_rows: usize = periods.iter().map(|(_, n, _)| n).sum();
            if n_rows <= units.len() {
                let apart =
                    |(cell, n, squares): (usize, usize, f64)| Members { n, holds: vec![(cell, squares)] };
                return periods.into_iter().map(apart).collect();
            }
            // Rows of one unit vary together, so that the start counts as one period's rows.
            let inverses: f64 = periods.iter().map(|(_, n, _)| 1.0 / *n as f64).sum();
            let n = (periods.len() as f64 / inverses).round() as usize;
            let holds = periods.into_iter().map(|(cell, _, squares)| (cell, squares)).collect();
            vec![Members { n: n.max(units.len().min(2)), holds }]
        };
        CrossSections { n_periods, by_group: sample.groups().enumerate().map(members).collect() }
    }

    /// The number that stands for a group's rows of a period.
    pub fn cell(&self, group: usize, period: usize) -> usize {
        group * self.n_periods + period
    }

    /// A group's rows that vary independently.
    pub fn members(&self, group: usize) -> Vec<Members> {
        self.by_group.get(group).cloned().unwrap_or_default()
    }

    /// Those of all groups.
    pub fn all(&self) -> Vec<Members> {
        self.by_group.concat()
    }

    /// Rows less the means that are taken from them.
    pub fn n_spare(&self) -> usize {
        self.by_group.iter().flatten().map(|members| members.n.saturating_sub(1)).sum()
    }
}
