//! The overall effect alone, for those who ask many times over.

use super::effect::{Judge, Kept};
use super::seen::{Look, Looking};
use super::waves::{Lists, Wave};
use super::{RiskSetRefused, RiskSetSettings};
use crate::effect::risk_set::compare::Weighed;
use crate::panel::Panel;
use crate::uncertainty::Estimate;

/// The overall effect of [`risk_set`](super::risk_set), and nothing else of it: many times quicker where there are many periods.
pub fn overall(
    panel: &Panel,
    waves: &[Wave],
    settings: &RiskSetSettings,
) -> Result<Estimate, RiskSetRefused> {
    let lists = Lists::of(panel, waves)?;
    let looking = Looking { panel, lists: &lists, settings, uses: None, look: Look::Window };
    let kept = Kept::of(&looking)?;
    let weighed = Weighed::of(&kept.sides, settings.weights);
    let beta = weighed.multiple(settings);
    let along = [1.0, -beta.value, 0.0];
    let judge = Judge::of(panel, settings.level);
    Ok(judge.estimate(weighed.line(along), (&weighed, along), beta))
}
