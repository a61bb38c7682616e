//! What is known of units besides their outcome: one value a unit where it never changes, else one a cell.
//!
//! Missing values are NaN in here and `None` outside.

use std::sync::Arc;

use super::finish::Keeps;

/// A covariate of a panel's units. Parts of a panel that leave a column as it is share it.
#[derive(Clone, Debug)]
pub struct Covariate {
    /// Its name.
    pub name: String,
    values: Values<Arc<Vec<f64>>>,
}

/// A covariate while its panel is being made.
#[derive(Clone, Debug)]
pub(super) struct Coming {
    pub name: String,
    values: Values<Vec<f64>>,
}

#[derive(Clone, Debug)]
enum Values<Column> {
    /// By unit.
    Fixed(Column),
    /// By period, within it by unit; columns may end before the last unit while the panel is being made.
    Varying(Vec<Column>),
}

impl Covariate {
    /// Whether some unit's value changes from period to period.
    pub fn varies(&self) -> bool {
        matches!(self.values, Values::Varying(_))
    }

    /// The value at `unit` (a row) and `period` (its place), NaN where there is none.
    pub(crate) fn value(&self, unit: usize, period: usize) -> f64 {
        self.column(period)[unit]
    }

    /// All units' values in the period at place `period`, NaN where there is none.
    pub(crate) fn column(&self, period: usize) -> &[f64] {
        match &self.values {
            Values::Fixed(by_unit) => by_unit,
            Values::Varying(by_period) => &by_period[period],
        }
    }

    /// The covariate of some units (rows, ascending) in some periods (places).
    pub(super) fn part(&self, rows: &[usize], places: &[usize]) -> Self {
        let of = |column: &Arc<Vec<f64>>| {
            if rows.len() == column.len() {
                return Arc::clone(column);
            }
            Arc::new(rows.iter().map(|&row| column[row]).collect())
        };
        let values = match &self.values {
            Values::Fixed(by_unit) => Values::Fixed(of(by_unit)),
            Values::Varying(by_period) => {
                Values::Varying(places.iter().map(|&t| of(&by_period[t])).collect())
            }
        };
        Covariate { name: self.name.clone(), values }
    }

    /// Puts the units' values in another order.
    pub(super) fn reorder(&mut self, of: &impl Fn(&[f64]) -> Vec<f64>) {
        match &mut self.values {
            Values::Fixed(by_unit) => *by_unit = Arc::new(of(by_unit)),
            Values::Varying(by_period) => {
                by_period.iter_mut().for_each(|column| *column = Arc::new(of(column)));
            }
        }
    }
}

impl Coming {
    pub fn new(name: &str) -> Self {
        Coming { name: name.to_owned(), values: Values::Fixed(Vec::new()) }
    }

    /// Takes the value of one cell.
    ///
    /// - `seen`: by period, within it by unit, the outcomes before this cell's; NaN where nothing was observed.
    ///   They say which cells had the value that was thought to be fixed.
    pub fn put(&mut self, (unit, period): (usize, usize), value: f64, seen: &[Vec<f64>]) {
        if let Values::Fixed(by_unit) = &mut self.values {
            if unit == by_unit.len() {
                by_unit.push(value);
                return;
            }
            if by_unit[unit] == value || (by_unit[unit].is_nan() && value.is_nan()) {
                return;
            }
            let cells = |column: &Vec<f64>| {
                let values = column.iter().zip(&*by_unit);
                values.map(|(y, value)| if y.is_nan() { f64::NAN } else { *value }).collect()
            };
            self.values = Values::Varying(seen.iter().map(cells).collect());
        }
        if let Values::Varying(by_period) = &mut self.values {
            if by_period.len() <= period {
                by_period.resize(period + 1, Vec::new());
            }
            let column = &mut by_period[period];
            if column.len() <= unit {
                column.resize(unit + 1, f64::NAN);
            }
            column[unit] = value;
        }
    }

    /// The covariate of the finished panel.
    ///
    /// - `order`: the places of the periods in order of time. `keeps`: the units that stay, ascending.
    pub fn finish(self, order: &[usize], keeps: &Keeps) -> Covariate {
        let values = match self.values {
            Values::Fixed(by_unit) => Values::Fixed(Arc::new(keeps.of(by_unit))),
            Values::Varying(mut by_period) => {
                let sorted = order.iter().map(|&place| {
                    let mut column = by_period.get_mut(place).map(std::mem::take).unwrap_or_default();
                    column.resize(keeps.n_before(), f64::NAN);
                    Arc::new(keeps.of(column))
                });
                Values::Varying(sorted.collect())
            }
        };
        Covariate { name: self.name, values }
    }
}
