//! A count by unit and group, as it may be shown.

use std::collections::BTreeMap;

use traction_domain::measure::suppression::{Part, Shown};

/// What is shown of units, groups and all.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// By unit, in the order of the units; `None` where there is nothing to count yet.
    pub units: Vec<Option<Shown>>,
    /// By wave (0 where a slot was not granted in one).
    pub waves: BTreeMap<u32, Shown>,
    /// By layer, counted from 1 (0 where the unit stood on no list).
    pub layers: BTreeMap<u32, Shown>,
    /// By cohort: the week in which access began.
    pub cohorts: BTreeMap<u32, Shown>,
    /// All together.
    pub total: Shown,
}

impl Table {
    /// A table of so many units in which nothing is shown.
    pub fn nothing(n_units: usize) -> Table {
        let none = BTreeMap::new;
        let units = vec![None; n_units];
        Table { units, waves: none(), layers: none(), cohorts: none(), total: Shown::Withheld }
    }

    /// The table with those units alone that are listed.
    pub fn listed(self, is_listed: &[bool]) -> Table {
        let units = self.units.into_iter().zip(is_listed);
        let units = units.filter_map(|(shown, is_listed)| is_listed.then_some(shown)).collect();
        Table { units, ..self }
    }

    /// Every sum that is told exactly: by the kind of group (0 to 2: wave, layer, cohort; none: all) with its label.
    pub fn sums(&self) -> Vec<(Option<(usize, u32)>, u32)> {
        let groups = [&self.waves, &self.layers, &self.cohorts].into_iter().enumerate();
        let each = groups.flat_map(|(kind, groups)| {
            groups.iter().map(move |(label, shown)| (Some((kind, *label)), *shown))
        });
        let exact = each.chain([(None, self.total)]).filter_map(|(group, shown)| match shown {
            Shown::Exact(part) => Some((group, part.count)),
            _ => None,
        });
        exact.collect()
    }

    /// The table with those sums alone that `stays` says so of, named as in [`Table::sums`].
    pub fn keeping(mut self, stays: impl Fn(Option<(usize, u32)>) -> bool) -> Table {
        let keep = |group: Option<(usize, u32)>, shown: &mut Shown| {
            if !stays(group) {
                *shown = Shown::Withheld;
            }
        };
        for (kind, groups) in [&mut self.waves, &mut self.layers, &mut self.cohorts].into_iter().enumerate() {
            groups.iter_mut().for_each(|(label, shown)| keep(Some((kind, *label)), shown));
        }
        keep(None, &mut self.total);
        self
    }

    /// The table of both together, where `other` counts further people of the same units.
    pub fn and(self, other: Table) -> Table {
        let both = |own: BTreeMap<u32, Shown>, other: &BTreeMap<u32, Shown>| {
            let sum = |(label, own): (u32, Shown)| {
                (label, together(own, other.get(&label).copied().unwrap_or(Shown::Withheld)))
            };
            own.into_iter().map(sum).collect()
        };
        let units = self.units.into_iter().zip(other.units);
        Table {
            units: units
                .map(|(own, other)| own.zip(other).map(|(own, other)| together(own, other)))
                .collect(),
            waves: both(self.waves, &other.waves),
            layers: both(self.layers, &other.layers),
            cohorts: both(self.cohorts, &other.cohorts),
            total: together(self.total, other.total),
        }
    }
}

/// Those of a first count, and those of a second among the others.
pub fn together(first: Shown, second: Shown) -> Shown {
    match (first, second) {
        (Shown::Exact(first), Shown::Exact(second)) => {
            Shown::Exact(Part { count: first.count + second.count, of: first.of })
        }
        (Shown::Exact(Part { of, .. }), Shown::NearlyAll { .. }) | (Shown::NearlyAll { of }, _) => {
            Shown::NearlyAll { of }
        }
        _ => Shown::Withheld,
    }
}
