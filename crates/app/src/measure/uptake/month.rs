//! What a reader of the weeks knows of the 28 days that they make up.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::measure::suppression::{self, Grouped, Known, Part, Range, Shown};

use super::closing::{self, Holder};
use super::store::UnitWeek;
use super::table::{Table, together};
use super::told::Told;

/// Weeks in 28 days.
pub const N_WEEKS: i64 = 4;

/// What makes a table that may be shown.
pub type Guard = fn(&[Part], &[Vec<u32>]) -> Grouped;

/// How many weeks up to the one that is closed, four at most, were counted with everybody in one unit. Before the first
/// week there is none that was counted otherwise.
pub fn n_weeks_of_homes(before: &Told, is_first: bool) -> u32 {
    let most = u32::try_from(N_WEEKS).unwrap_or(u32::MAX);
    if is_first { most } else { most.min(before.n_weeks_of_homes + 1) }
}

/// What guards the table of those active before the last week. A week that an earlier version closed is told as it was
/// told then: both guards together say more than either. While only some of the weeks were counted with everybody in
/// one unit, nothing is told: 28 days that are less than one of their weeks would show who works in several.
pub fn guard(last: Option<&Told>) -> Guard {
    match last.map(|told| i64::from(told.n_weeks_of_homes)) {
        Some(0) => suppression::grouped,
        Some(1..N_WEEKS) => nothing,
        _ => suppression::grouped_for_all,
    }
}

fn nothing(parts: &[Part], labels: &[Vec<u32>]) -> Grouped {
    let n_ways = labels.first().map_or(0, Vec::len);
    let of_way = |way: usize| labels.iter().map(|own| (own[way], Shown::Withheld)).collect();
    Grouped {
        parts: vec![Shown::Withheld; parts.len()],
        groups: (0..n_ways).map(of_way).collect(),
        total: Shown::Withheld,
        covered: Vec::new(),
    }
}

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

/// The table without what would tell a reader of the weeks a hidden unit's 28 days: further units are hidden until the sum
/// of all leaves its hidden ones open, and then those of groups. Where a group stays closed none is told, so that nothing
/// but the sum of all is left to subtract.
pub fn guarded(table: Table, units: Vec<Own>) -> Table {
    let is_of_all = |sum: &&(Group, u32)| sum.0.is_none();
    let sums = table.sums();
    let of_all: Vec<(Group, u32)> = sums.iter().filter(is_of_all).copied().collect();
    let (table, units, all_holds) = opened(table, units, &of_all);
    let (with_groups, _, groups_hold) = opened(table.clone(), units, &sums);
    match groups_hold {
        true => with_groups,
        false => table.keeping(|group| group.is_none() && all_holds),
    }
}

/// The table with as many units more hidden as these sums need, and whether all of them are open then.
fn opened(mut table: Table, mut units: Vec<Own>, sums: &[(Group, u32)]) -> (Table, Vec<Own>, bool) {
    loop {
        let (mut n_hidden, mut are_open) = (0, true);
        for (group, sum) in sums {
            let places: Vec<usize> = (0..units.len()).filter(|place| is_in(&units[*place], *group)).collect();
            let parts: Vec<Known> = places.iter().map(|place| units[*place].known).collect();
            let Some(hidden) = suppression::to_hide(*sum, &parts) else {
                are_open = false;
                continue;
            };
            n_hidden += hidden.len();
            for nth in hidden {
                let own = &mut units[places[nth]];
                own.known.shown = own.known.hidden;
                table.units[own.place] = Some(Shown::Withheld);
            }
        }
        if n_hidden == 0 {
            return (table, units, are_open);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use traction_domain::measure::suppression::Part;

    /// Two waves of two units; the 28 days of each and what its fullest week comes to; none is hidden but the first.
    fn table(months: [(u32, u32); 4]) -> Table {
        let exact = |count| Shown::Exact(Part { count, of: 100 });
        let range = |low, high| Range { low, high };
        let units = months.into_iter().enumerate().map(|(place, (count, low))| {
            let hidden = range(low, 100);
            let shown = if place == 0 { hidden } else { range(count, count) };
            Own { place, groups: [place as u32 / 2, 0, 0], known: Known { shown, hidden } }
        });
        let sum = |places: std::ops::Range<usize>| exact(months[places].iter().map(|month| month.0).sum());
        let mut shown = Table::nothing(4);
        shown.units = months.iter().map(|month| Some(exact(month.0))).collect();
        shown.units[0] = Some(Shown::Withheld);
        shown.waves = BTreeMap::from([(0, sum(0..2)), (1, sum(2..4))]);
        shown.total = sum(0..4);
        guarded(shown, units.collect())
    }

    fn told(table: &Table) -> (Vec<bool>, Vec<bool>, bool) {
        let is_told = |shown: &Shown| matches!(shown, Shown::Exact(_));
        let units = table.units.iter().map(|unit| unit.as_ref().is_some_and(is_told)).collect();
        (units, table.waves.values().map(is_told).collect(), is_told(&table.total))
    }

    #[test]
    fn units_are_hidden_for_the_sums_and_groups_for_the_sum_of_all() {
        // One is open by itself; for another its neighbour is hidden.
        assert_eq!(
            told(&table([(20, 10), (30, 29), (40, 39), (50, 49)])),
            (vec![false, true, true, true], vec![true; 2], true)
        );
        assert_eq!(
            told(&table([(20, 18), (30, 26), (40, 39), (50, 49)])),
            (vec![false, false, true, true], vec![true; 2], true)
        );
        // The first wave cannot be opened, the sum of all can.
        assert_eq!(
            told(&table([(20, 18), (30, 29), (40, 36), (50, 49)])),
            (vec![false, true, false, true], vec![false; 2], true)
        );
        // Nothing can.
        assert_eq!(told(&table([(20, 19), (30, 30), (40, 40), (50, 49)])).1, [false; 2]);
        assert!(!told(&table([(20, 19), (30, 30), (40, 40), (50, 49)])).2);
    }
}
