//! The joint test of effects before the start.

use faer::Mat;

use super::fit::Fit;
use super::moves::Moves;
use crate::linear::{Clusters, Moved};
use crate::uncertainty::{Wald, WaldRefused, wald_alike, wald_by_clusters};

/// Whether all effects by exposure before the start are 0.
///
/// - `values`, `plain`: those effects, and their covariance as the fit left it.
/// - `concerns`: whether they weigh clusters of a kind, and starts of one unit.
pub(super) fn tested(
    (fit, moves, moved): (&Fit<'_>, &Moves, &Moved),
    (clusters, n_numbers): (&Clusters<'_>, usize),
    (values, plain): (&[f64], &Mat<f64>),
    (concerns, has_lone): (impl Fn(usize) -> bool, bool),
) -> Result<Wald, WaldRefused> {
    if !clusters.are_named() {
        let alike = moves.alike(fit, clusters, values.len());
        return wald_alike(values, plain, (&alike, clusters.members()), |outcomes| {
            for (group, part) in
                fit.groups.iter().flat_map(|group| group.parts.iter().map(move |p| (group, p)))
            {
                if outcomes.lends(|t| part.seen[t]) {
                    let kind = clusters.kind_of(part.cohort);
                    group.for_each_rest(fit.panel, part, |unit, rest| {
                        outcomes.add(kind, fit.panel.weight(unit), rest);
                    });
                }
            }
        });
    }
    let products = clusters.products(moved, (values.len(), n_numbers), concerns).filter(|_| !has_lone);
    let products = products.ok_or(WaldRefused::SpreadUnknown)?;
    let (n_started, n_compared) = clusters.sides(fit.compared());
    let (started, compared) = clusters.worth_of_sides(fit.compared(), fit.panel, fit.units());
    let sides = (n_started.min(n_compared), started.min(compared));
    wald_by_clusters(values, plain, (&products, clusters.n()), sides)
}
