//! The check whether units that waited could learn from what others showed.

use traction_stats::panel::{Panel, Period};

use super::check::{Check, CheckName, Held};

/// Whether those who wait could see what others got: `None` where nobody keeps a journal of that.
pub(super) fn contamination(panel: &Panel, shown: Option<&[Period]>) -> Option<Check> {
    let (first, last) = (panel.cohorts().first()?.start, panel.periods().last()?);
    let within: Vec<&Period> = shown?.iter().filter(|at| first <= **at && *at <= last).collect();
    let (held, says) = match within.first() {
        None => (Held::Yes, "No showcase of it was published within the periods looked at.".to_owned()),
        Some(at) => {
            let says = format!(
                "A showcase of it was published in {at}, within the periods looked at: units still waiting may have \
                 learnt from it, which makes the effect look smaller than it is."
            );
            (Held::No, says)
        }
    };
    Some(Check { name: CheckName::Contamination, held, test: None, says })
}
