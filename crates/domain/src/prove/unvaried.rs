//! An outcome that is the same in every row: it can show nothing, whatever the method.

use traction_stats::panel::Panel;

/// Why no claim can be made of it; `None` where something varies.
pub(super) fn unvaried(panel: &Panel, outcome: &str) -> Option<String> {
    let units = || 0..panel.units().len();
    let mut seen =
        (0..panel.periods().len()).flat_map(|t| units().filter_map(move |unit| panel.outcome(unit, t)));
    let first = seen.next()?;
    seen.all(|value| value == first).then(|| {
        format!("{outcome} is {first} in every row, which shows nothing; check that it is the column that was meant")
    })
}
