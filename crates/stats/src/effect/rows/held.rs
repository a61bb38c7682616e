//! What rows hold of each group of units.

use std::collections::BTreeMap;

use super::Rows;
use crate::uncertainty::{Counts, Members};

impl Rows<'_> {
    /// The sum of the squared weights of a group's units, or of its clusters.
    pub fn squares_of(&self, group: usize) -> f64 {
        let units = self.sample.groups().nth(group).into_iter().flatten();
        let Some(clusters) = self.panel.clusters() else {
            return units.map(|&unit| self.sample.weight(unit).powi(2)).sum();
        };
        let mut sizes = BTreeMap::<usize, f64>::new();
        units.for_each(|&unit| *sizes.entry(clusters[unit]).or_default() += self.sample.weight(unit));
        sizes.values().map(|size| size * size).sum()
    }

    /// A group's units, that vary independently.
    pub fn members_of(&self, group: usize) -> Members {
        let units = self.sample.groups().nth(group).into_iter().flatten();
        Members::of_units(group, units.map(|&unit| self.sample.weight(unit)))
    }

    /// Rows that are alike in the groups their units are of: those of one group each, and all others together.
    pub fn members_by_kind(&self) -> Vec<Members> {
        if self.n_clusters.is_none() {
            return (0..self.sample.groups().count()).map(|group| self.members_of(group)).collect();
        }
        let mut sizes = BTreeMap::<(usize, usize), f64>::new();
        for member in &self.members {
            *sizes.entry((member.row, member.group)).or_default() += self.sample.weight(member.unit);
        }
        let counts = |((member, group), size): (&(usize, usize), &f64)| Counts {
            member: *member,
            group: *group,
            size: *size,
            pull: *size,
        };
        Members::by_kind(&sizes.iter().map(counts).collect::<Vec<_>>())
    }
}
