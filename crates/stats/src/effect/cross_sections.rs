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
                let cell = group * n_periods + t;
                (cell, squares, Members::of_units(cell, seen.map(|unit| sample.weight(*unit))))
            };
            let periods: Vec<(usize, f64, Members)> =
                (0..n_periods).map(rows).filter(|(_, _, rows)| rows.n > 0).collect();
            let n_rows: usize = periods.iter().map(|(_, _, rows)| rows.n).sum();
            if n_rows <= units.len() {
                return periods.into_iter().map(|(_, _, rows)| rows).collect();
            }
            // Rows of one unit vary together, so that the start counts as one period's rows.
            let inverses: f64 = periods.iter().map(|(_, _, rows)| 1.0 / rows.effective()).sum();
            let n = (periods.len() as f64 / inverses).round() as usize;
            let holds = periods.into_iter().map(|(cell, squares, _)| (cell, squares)).collect();
            vec![Members::even(n.max(units.len().min(2)), holds)]
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
