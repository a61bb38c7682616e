//! How many people belong to the units of a change, each of them in one unit: also who belongs to several.
//!
//! Where somebody is eligible follows from roles and slots alone, which everybody may see. Were it where he used it, the
//! size of a unit would tell who has begun.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::{PersonId, UnitId};
use traction_domain::time::Moment;

/// How many people belong to units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belonging {
    /// By unit, how many belong to it alone.
    alone: BTreeMap<UnitId, u32>,
    /// How many belong to the same several units, by these in the order in which they count them.
    several: BTreeMap<Vec<UnitId>, u32>,
}

impl Belonging {
    /// - `units`: all units, each with how many belong to it and when it got what is counted. Whoever belongs to several
    ///   counts in the one that had it first, of these in the one that he came to first.
    /// - `shared`: by person, the units of whoever belongs to several, in the order in which he came to them; those that
    ///   are not among `units` do not matter.
    pub fn of(units: &[(UnitId, u32, Moment)], shared: &[(PersonId, UnitId)]) -> Belonging {
        let mut alone: BTreeMap<UnitId, u32> =
            units.iter().map(|(unit, n_people, _)| (*unit, *n_people)).collect();
        let begins: BTreeMap<UnitId, Moment> = units.iter().map(|(unit, _, since)| (*unit, *since)).collect();
        let mut several = BTreeMap::new();
        for own in shared.chunk_by(|(one, _), (next, _)| one == next) {
            let mut own: Vec<UnitId> =
                own.iter().map(|(_, unit)| *unit).filter(|unit| begins.contains_key(unit)).collect();
            if own.len() < 2 {
                continue;
            }
            own.sort_by_key(|unit| begins[unit]);
            for unit in &own {
                alone.entry(*unit).and_modify(|n_people| *n_people = n_people.saturating_sub(1));
            }
            *several.entry(own).or_insert(0) += 1;
        }
        Belonging { alone, several }
    }

    /// By unit of `now` and of `once`, how many of its people count in it. Who belongs to several counts in the first of
    /// these that is in `now`, and where none is, in the first that is in `once`.
    pub fn n_members(&self, now: &BTreeSet<UnitId>, once: &BTreeSet<UnitId>) -> BTreeMap<UnitId, u32> {
        let mut n_members = self.alone.clone();
        for (units, n_people) in &self.several {
            let first = |of: &BTreeSet<UnitId>| units.iter().find(|unit| of.contains(unit));
            if let Some(n_of_unit) = first(now).or(first(once)).and_then(|unit| n_members.get_mut(unit)) {
                *n_of_unit += n_people;
            }
        }
        n_members.retain(|unit, _| now.contains(unit) || once.contains(unit));
        n_members
    }

    /// How many belong to any of these units.
    pub fn n_people(&self, units: &BTreeSet<UnitId>) -> u32 {
        let alone = units.iter().filter_map(|unit| self.alone.get(unit));
        let several = self.several.iter().filter(|(own, _)| own.iter().any(|unit| units.contains(unit)));
        alone.chain(several.map(|(_, n_people)| n_people)).sum()
    }
}

#[cfg(test)]
mod tests {
    use traction_domain::id::Id;

    use super::*;

    fn at(n: u8) -> Moment {
        Moment::from_milliseconds(i64::from(n)).unwrap()
    }

    fn id<T: Id>(n: u8) -> T {
        T::made(at(0), [n; 10])
    }

    #[test]
    fn whoever_belongs_to_several_units_counts_in_the_first_that_has_it() {
        let [a, b, c, d] = [0, 1, 2, 9].map(id::<UnitId>);
        let shared = [(10, b), (10, a), (11, a), (11, c), (12, a), (12, d), (13, c), (13, b)];
        let shared = shared.map(|(person, unit)| (id::<PersonId>(person), unit));
        let belonging = Belonging::of(&[(a, 5, at(1)), (b, 4, at(2)), (c, 3, at(2))], &shared);
        let n_members = |now: &[UnitId], once: &[UnitId]| {
            let set = |units: &[UnitId]| units.iter().copied().collect();
            belonging.n_members(&set(now), &set(once)).into_values().collect::<Vec<u32>>()
        };
        // Five, four and three are nine people: three belong to two of these units. Of b and c the one came to c first.
        assert_eq!(n_members(&[a, b, c], &[]), [5, 2, 2]);
        assert_eq!(n_members(&[b], &[]), [4]);
        assert_eq!(n_members(&[b], &[a, c]), [4, 4, 1]);
        assert_eq!(n_members(&[c], &[a, b]), [4, 2, 3]);
        // All together they are as many as in each of them, whichever these are.
        for which in 0..16 {
            let some = [a, b, c, d].into_iter().enumerate().filter(|(place, _)| which >> place & 1 == 1);
            let some: BTreeSet<UnitId> = some.map(|(_, unit)| unit).collect();
            let n_members = belonging.n_members(&some, &BTreeSet::new());
            assert_eq!(belonging.n_people(&some), n_members.values().sum::<u32>(), "{which}");
        }
        assert_eq!(belonging.n_people(&[a, c].into()), 7);
    }
}
