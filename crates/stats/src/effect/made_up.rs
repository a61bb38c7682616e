//! What effects by start and period would be, had the same units started earlier, where nothing had started yet.

use super::aggregate::weighted_by_share;
use super::{Base, GroupTimeRefused, Settings, group_time};
use crate::panel::Panel;
use crate::uncertainty::Estimate;

/// The mean effect ([`simple`](super::simple)) of starts that are made up, `n_steps` of exposure earlier, over the time
/// before the true ones.
///
/// - `panel`, `settings`: those that the true effects are found with; `n_steps` is at least one. The steps in which an
///   effect is allowed for before the true start are not looked at.
/// - Returns an estimate in the outcome's unit: under the method's own assumptions it is off 0 by chance alone. Units
///   with no period before the made-up start are left out.
///
/// It is the effect on [`Panel::pretend`]'s panel by another route, which needs no panel with gaps: what stood at those
/// exposures, measured from the last period before the first of them, the mean weighted by the starts' units.
///
/// Misleads as a proof: what began with the start it cannot see.
/// Source of the idea: Abadie, Diamond and Hainmueller (2015), AJPS 59(2), 495-510, section "placebo studies".
pub fn made_up_starts(
    panel: &Panel,
    settings: &Settings,
    n_steps: u32,
) -> Result<Estimate, GroupTimeRefused> {
    let ahead = settings.anticipation + n_steps;
    let found = group_time(panel, &Settings { anticipation: ahead, base: Base::Universal, ..*settings })?;
    let between = -i64::from(ahead)..-i64::from(settings.anticipation);
    let cells: Vec<usize> =
        (0..found.cells.len()).filter(|cell| between.contains(&found.cells[*cell].exposure)).collect();
    if cells.is_empty() {
        return Err(GroupTimeRefused::NothingComparable { compare: settings.compare });
    }
    let (value, combination) = weighted_by_share(&found, &cells);
    Ok(found.estimate(value, &combination))
}
