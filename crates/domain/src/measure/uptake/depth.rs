//! How much those who use it do, and how many of all who could do it well.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::suppression::Part;

/// How often one person did one kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doing {
    /// A number for the person.
    pub person: u32,
    /// A number for what was done.
    pub kind: u32,
    /// How often.
    pub n_events: u32,
}

/// Events per active person, ascending; nobody without any.
pub fn events_each(doings: &[Doing]) -> Vec<u32> {
    let mut each = BTreeMap::<u32, u32>::new();
    for doing in doings.iter().filter(|doing| doing.n_events > 0) {
        let events = each.entry(doing.person).or_default();
        *events = events.saturating_add(doing.n_events);
    }
    let mut each: Vec<u32> = each.into_values().collect();
    each.sort_unstable();
    each
}

/// Different kinds of things per active person, mean; `None` where nobody is active.
pub fn breadth(doings: &[Doing]) -> Option<f64> {
    let mut kinds = BTreeMap::<u32, BTreeSet<u32>>::new();
    for doing in doings.iter().filter(|doing| doing.n_events > 0) {
        kinds.entry(doing.person).or_default().insert(doing.kind);
    }
    let n: usize = kinds.values().map(BTreeSet::len).sum();
    (!kinds.is_empty()).then(|| n as f64 / kinds.len() as f64)
}

/// The least of `ascending` that at least `share` (0 to 1) of them do not exceed; `None` of nothing.
pub fn percentile(ascending: &[u32], share: f64) -> Option<u32> {
    // A share like 0.9 of ten is nine, whatever the last digit of the double says.
    let rank = (share * ascending.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    ascending.get(rank - 1).copied()
}

/// Share of the eligible who both use it and passed a check that they do it well; `None` where nobody is eligible or
/// active. It is utilisation times the share of the active who passed.
pub fn effective(active: Part, n_passed: u32) -> Option<f64> {
    (active.of > 0 && active.count > 0).then(|| {
        let utilisation = f64::from(active.count) / f64::from(active.of);
        utilisation * f64::from(n_passed) / f64::from(active.count)
    })
}
