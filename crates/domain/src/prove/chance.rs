//! What chance is dealt to: units, or the clusters whose units share their fate.

use traction_stats::panel::Panel;

use super::wish::Method;

/// In how many clusters the units are, where there are any and the method looks at them; `None` where each unit stands for
/// itself.
pub(super) fn n_clusters(panel: &Panel, method: Method) -> Option<usize> {
    let clusters = panel.clusters().filter(|_| method.looks_at_clusters())?;
    clusters.iter().max().map(|last| last + 1)
}
