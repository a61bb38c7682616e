//! The organisation's tree: who is above whom, and how far two units are from each other.
//!
//! It knows ids only. Units at the top are not strangers: the organisation itself stands above them.

use std::collections::BTreeMap;

use crate::id::UnitId;

#[cfg(test)]
mod tests;

/// All units with the unit above each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree(BTreeMap<UnitId, Option<UnitId>>);

impl Tree {
    /// The tree of these units, each with the one above it.
    pub fn of(units: impl IntoIterator<Item = (UnitId, Option<UnitId>)>) -> Tree {
        Tree(units.into_iter().collect())
    }

    /// The unit above `unit`.
    pub fn parent(&self, unit: UnitId) -> Option<UnitId> {
        self.0.get(&unit).copied().flatten()
    }

    /// The unit itself and all above it, up to the top.
    pub fn upwards(&self, unit: UnitId) -> Vec<UnitId> {
        let mut path = vec![unit];
        let mut at = unit;
        // A row that was written past the verbs could close a circle; then the path ends where it would begin anew.
        while let Some(parent) = self.parent(at).filter(|parent| !path.contains(parent)) {
            path.push(parent);
            at = parent;
        }
        path
    }

    /// How many steps up and down lead from one unit to the other: 0 to itself, 1 to its parent, 2 to a sibling.
    pub fn steps(&self, from: UnitId, to: UnitId) -> u32 {
        let (up, down) = (self.upwards(from), self.upwards(to));
        let meet = up
            .iter()
            .enumerate()
            .find_map(|(n_up, unit)| down.iter().position(|other| other == unit).map(|n_down| n_up + n_down));
        // Where they meet in no unit, they meet in the organisation, one above either top.
        let n_steps = meet.unwrap_or(up.len() + down.len());
        u32::try_from(n_steps).unwrap_or(u32::MAX)
    }
}
