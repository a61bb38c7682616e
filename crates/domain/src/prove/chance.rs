//! What chance is dealt to: units, or the clusters whose units share their fate.

use traction_stats::panel::Panel;

use super::answer::Answer;
use super::verdict::Lots;
use super::wish::{Inference, Method};

/// In how many clusters the units are, where there are any and the method looks at them; `None` where each unit stands for
/// itself.
pub(super) fn n_clusters(panel: &Panel, method: Method) -> Option<usize> {
    let clusters = panel.clusters().filter(|_| method.looks_at_clusters())?;
    clusters.iter().max().map(|last| last + 1)
}

/// The lots by which the answer's interval was found, where it was.
pub(super) fn lots(panel: &Panel, method: Method, answer: &Answer) -> Option<Lots> {
    match method {
        _ if answer.inference != Inference::Permutation.word() => None,
        Method::RiskSet => Lots::of(answer.effects.sets.iter().map(|set| (set.n_winners, set.n_losers))),
        _ => Lots::of_starts(panel),
    }
}
