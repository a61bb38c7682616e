//! What a reader of the weeks knows of the 28 days that they make up.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::measure::suppression::{self, Known, Range, Shown};

use super::closing::{self, Holder};
use super::store::UnitWeek;
use super::table::{Table, together};

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
pub fn known(row: &UnitWeek, (active, before): (Shown, Shown), weeks: &[ByUnit]) -> Known {
    let weeks: Vec<Shown> = weeks.iter().filter_map(|week| week.get(&row.unit).copied()).collect();
    let of = |shown: Shown| Range::of_month(shown, &weeks, row.of);
    Known { shown: of(together(active, before)), hidden: of(Shown::Withheld) }
}

/// A unit in a table of 28 days.
pub struct Own {
    /// Its place in the table.
    pub place: usize,
    /// Numbers of its wave, its layer and its cohort.
    pub groups: [u32; 3],
    /// What is known of it.
    pub known: Known,
}

/// A kind of group and the number of one of it; of all together `None`.
type Group = Option<(usize, u32)>;

fn is_in(own: &Own, group: Group) -> bool {
    group.is_none_or(|(kind, label)| own.groups[kind] == label)
}

/// The table without what would tell a reader of the weeks a hidden unit's 28 days: further units are hidden until every
/// sum leaves its hidden ones open. Where a group stays closed, nothing is told of any with one of its units, nor of all.
pub fn guarded(mut table: Table, mut units: Vec<Own>) -> Table {
    let sums: Vec<(Group, u32)> = table.sums();
    let mut closed: Vec<Group> = Vec::new();
    loop {
        closed.clear();
        let mut n_hidden = 0;
        for (group, sum) in &sums {
            let places: Vec<usize> = (0..units.len()).filter(|place| is_in(&units[*place], *group)).collect();
            let parts: Vec<Known> = places.iter().map(|place| units[*place].known).collect();
            match suppression::to_hide(*sum, &parts) {
                None => closed.push(*group),
                Some(hidden) => {
                    n_hidden += hidden.len();
                    for nth in hidden {
                        let own = &mut units[places[nth]];
                        own.known.shown = own.known.hidden;
                        table.units[own.place] = Some(Shown::Withheld);
                    }
                }
            }
        }
        if n_hidden == 0 {
            break;
        }
    }
    let inside: Vec<&Own> =
        units.iter().filter(|own| closed.iter().any(|group| group.is_some() && is_in(own, *group))).collect();
    let stays = |group: Group| match group {
        None => closed.is_empty(),
        group => !inside.iter().any(|own| is_in(own, group)),
    };
    table.keeping(stays)
}
