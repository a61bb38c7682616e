//! What lots can show at best, by how many ways they had to fall.

use traction_stats::panel::Panel;

/// The lots that an interval was found by: of each draw that chance decided, winners and losers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lots(Vec<(usize, usize)>);

impl Lots {
    /// Lots of so many winners and losers each; `None` of none.
    pub fn of(sides: impl IntoIterator<Item = (usize, usize)>) -> Option<Self> {
        let sides: Vec<_> = sides.into_iter().collect();
        (!sides.is_empty()).then_some(Lots(sides))
    }

    /// The lots by which all starts of a panel were as good as drawn: each among those that had not started.
    pub fn of_starts(panel: &Panel) -> Option<Self> {
        let first = panel.periods().first();
        let drawn: Vec<usize> = panel
            .cohorts()
            .iter()
            .filter(|cohort| Some(&cohort.start) > first)
            .map(|cohort| cohort.units.len())
            .collect();
        let mut waiting = drawn.iter().sum::<usize>() + panel.never().len();
        let sides = drawn.into_iter().map(|won| {
            waiting -= won;
            (won, waiting)
        });
        Lots::of(sides.filter(|(_, lost)| *lost > 0).collect::<Vec<_>>())
    }

    /// The smallest p that such lots can show with `times` as many units in each, and so many further draws like the last:
    /// what happened is one of all the ways to fall, and its mirror image another, where winners and losers are as many.
    pub(super) fn smallest_p(&self, times: f64, n_waves: usize) -> f64 {
        let grown = |n: usize| (n as f64 * times + 1e-9).floor() as usize;
        let further = self.0.last().into_iter().cycle().take(n_waves);
        let sides = self.0.iter().chain(further).map(|(won, lost)| (grown(*won), grown(*lost)));
        let (mut ways, mut has_mirror) = (1.0, true);
        for (won, lost) in sides {
            ways *= (1..=won.min(lost)).map(|k| (won.max(lost) + k) as f64 / k as f64).product::<f64>();
            has_mirror &= won == lost;
        }
        (if has_mirror { 2.0 } else { 1.0 }) / ways
    }
}
