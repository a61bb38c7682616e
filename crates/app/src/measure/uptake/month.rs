//! What a reader of the weeks knows of the 28 days that they make up.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::measure::suppression::{self, Range, Shown};

use super::closing::{self, Holder};
use super::store::UnitWeek;
use super::table::together;

/// Weeks in 28 days.
pub const N_WEEKS: i64 = 4;

/// What is shown of a week by unit.
pub type ByUnit = BTreeMap<UnitId, Shown>;

/// What is shown of a week by unit, from its rows; of units that no holder is known of, nothing.
pub fn by_unit(rows: &[UnitWeek], holders: &BTreeMap<UnitId, &Holder>) -> ByUnit {
    let known: Vec<&UnitWeek> = rows.iter().filter(|row| holders.contains_key(&row.unit)).collect();
    if known.len() < rows.len() {
        return ByUnit::new();
    }
    let labels = closing::labels(known.iter().map(|row| holders[&row.unit]));
    let grouped = suppression::grouped(&closing::active(rows), &labels);
    known.iter().map(|row| row.unit).zip(grouped.parts).collect()
}

/// What is known of a unit's 28 days by what is shown of them and of their weeks.
pub fn range(row: &UnitWeek, (active, before): (Shown, Shown), weeks: &[ByUnit]) -> Range {
    let weeks: Vec<Shown> = weeks.iter().filter_map(|week| week.get(&row.unit).copied()).collect();
    Range::of_month(together(active, before), &weeks, row.of)
}
