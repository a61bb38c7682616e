//! One comparison: how much more some units changed between two periods than others did.

use super::sample::WhyNoCell;
use crate::panel::Panel;
use crate::uncertainty::{Groups, Influence};

/// A difference of mean changes.
pub(super) struct TwoByTwo {
    pub value: f64,
    pub influence: Influence,
    pub n_treated: usize,
    pub n_compared: usize,
}

/// Mean change of `treated` from `base` to `at` less that of `compared`, over units seen in both periods.
///
/// - `base`, `at`: places of the periods. `treated`, `compared`: rows of the panel.
/// - `groups`: all units of the analysis by start.
///
/// A side of one unit says nothing of its own spread. It is taken to vary as units that share a start do: the
/// deviations of all such units' changes from their own start's mean, divided by the root of their degrees of
/// freedom, stand for it. If no two units share a start, its influence is marked as unknown.
pub(super) fn two_by_two(
    panel: &Panel,
    (base, at): (usize, usize),
    treated: &[usize],
    compared: &[usize],
    groups: &Groups,
) -> Result<TwoByTwo, WhyNoCell> {
    let change = Change { before: panel.column(base), after: panel.column(at) };
    let (n_treated, mean_treated) = change.mean(treated).ok_or(WhyNoCell::NoTreated)?;
    let (n_compared, mean_compared) = change.mean(compared).ok_or(WhyNoCell::NoComparison)?;
    let n = groups.n_units() as f64;
    let mut influence = Influence::none(panel.units().len());
    for (units, n_seen, mean, sign) in
        [(treated, n_treated, mean_treated, 1.0), (compared, n_compared, mean_compared, -1.0)]
    {
        let scale = sign * n / n_seen as f64;
        for (unit, difference) in change.seen(units) {
            if n_seen == 1 {
                influence.borrow_for(unit, change.deviations(groups, scale));
            } else {
                influence.add_to_unit(unit, scale * (difference - mean));
            }
        }
    }
    Ok(TwoByTwo { value: mean_treated - mean_compared, influence, n_treated, n_compared })
}

/// Outcomes of all units in two periods; NaN where nothing was observed.
struct Change<'a> {
    before: &'a [f64],
    after: &'a [f64],
}

impl Change<'_> {
    /// The changes of those of `units` that were seen in both periods.
    fn seen<'b>(&'b self, units: &'b [usize]) -> impl Iterator<Item = (usize, f64)> + 'b {
        units
            .iter()
            .map(|&unit| (unit, self.after[unit] - self.before[unit]))
            .filter(|(_, change)| !change.is_nan())
    }

    /// How many of `units` were seen in both periods, and their mean change.
    fn mean(&self, units: &[usize]) -> Option<(usize, f64)> {
        let (n, sum) = self.seen(units).fold((0, 0.0), |(n, sum), (_, change)| (n + 1, sum + change));
        (n > 0).then(|| (n, sum / n as f64))
    }

    /// By unit, `scale` times the deviation from its start's mean change, over the root of the degrees of freedom.
    fn deviations(&self, groups: &Groups, scale: f64) -> Option<Vec<f64>> {
        let mut deviations = vec![0.0; self.before.len()];
        let mut df = 0;
        for members in groups.members() {
            let Some((n, mean)) = self.mean(members) else { continue };
            df += n - 1;
            self.seen(members).for_each(|(unit, change)| deviations[unit] = scale * (change - mean));
        }
        deviations.iter_mut().for_each(|deviation| *deviation /= f64::sqrt(df as f64));
        (df > 0).then_some(deviations)
    }
}
