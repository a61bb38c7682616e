//! Which comparisons there are to make: starts, periods, bases, and who is compared.

use super::sample::Sample;
use super::{Base, Compare, Settings};
use crate::panel::Panel;

/// One comparison, not made yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    /// The place of its start among the cohorts, which is that of its group.
    pub cohort: usize,
    /// The place of the period that is measured from.
    pub base: usize,
    /// The place of the period that is measured.
    pub at: usize,
    /// The groups that are compared with.
    pub compared: Vec<usize>,
}

/// All comparisons, by start and within it by period.
pub(super) fn pairs(panel: &Panel, sample: &Sample, settings: &Settings) -> Vec<Pair> {
    (0..sample.cohorts.len()).flat_map(|cohort| pairs_of(panel, sample, settings, cohort)).collect()
}

fn pairs_of(panel: &Panel, sample: &Sample, settings: &Settings, cohort: usize) -> Vec<Pair> {
    let start = sample.cohorts[cohort].start;
    let before = -i64::from(settings.anticipation);
    let Some(last_before) = (0..panel.periods().len()).rfind(|&t| panel.exposure(t, start) < before) else {
        return Vec::new();
    };
    let first = match settings.base {
        Base::Varying => 1,
        Base::Universal => 0,
    };
    let pair = |at: usize| {
        let universal = settings.base == Base::Universal || panel.exposure(at, start) >= 0;
        let base = if universal { last_before } else { at - 1 };
        Pair { cohort, base, at, compared: compared(panel, sample, settings, (cohort, base.max(at))) }
    };
    (first..panel.periods().len()).map(pair).collect()
}

/// The groups that `cohort` is compared with when the later of the two periods is at place `later`.
fn compared(
    panel: &Panel,
    sample: &Sample,
    settings: &Settings,
    (cohort, later): (usize, usize),
) -> Vec<usize> {
    let ahead = -i64::from(settings.anticipation);
    let serves = |&group: &usize| match sample.start_of(group) {
        None => true,
        Some(start) => {
            settings.compare == Compare::NotYet && group != cohort && panel.exposure(later, start) < ahead
        }
    };
    (0..sample.groups().count()).filter(serves).collect()
}
