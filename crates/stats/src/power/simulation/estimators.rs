//! The estimators a simulated roll-out is read with: the ones a real one will be.

use super::Trial;
use crate::effect::{Compare, Settings, group_time, simple};
use crate::uncertainty::Estimate;

/// With fewer units that never start, those that have not started yet are compared with too.
const FEW_NEVER: usize = 10;

/// The overall effect by start and period; compared with the units that never start where there are ten, else with those
/// that have not started yet. `None` where the method refuses.
pub fn by_group_time(trial: &Trial) -> Option<Estimate> {
    let compare = if trial.panel.never().len() < FEW_NEVER { Compare::NotYet } else { Compare::Never };
    let settings = Settings { compare, level: trial.level, ..Settings::default() };
    group_time(&trial.panel, &settings).ok().map(|effects| simple(&effects))
}
