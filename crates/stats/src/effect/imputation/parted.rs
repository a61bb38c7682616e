//! Whether units had parted before the start: all leads tested together.

use faer::{Mat, Scale};

use super::fit::Fit;
use super::leads::Leads;
use crate::linear::{Clusters, Moved};
use crate::uncertainty::{Wald, WaldRefused, wald_alike, wald_by_clusters};

/// Whether all partings before the start are 0.
///
/// - `plain`: their covariance as the fit left it. `factor`: by how much `moved` is raised. `concerns`: whether they weigh
///   clusters of a kind.
pub(super) fn tested(
    (fit, leads, plain): (&Fit<'_>, &Leads, &Mat<f64>),
    (moved, n_numbers, factor): (&Moved, usize, f64),
    clusters: &Clusters<'_>,
    concerns: impl Fn(usize) -> bool,
) -> Result<Wald, WaldRefused> {
    let values = &leads.values;
    if !clusters.are_named() {
        let alike = leads.alike(fit, clusters);
        let test = wald_alike(values, plain, (&alike, clusters.members()), |outcomes| {
            for part in &fit.parts {
                let kind = clusters.kind_of(part.pattern.cohort);
                if outcomes.lends(|t| part.before[t] || part.after[t]) {
                    fit.for_each_rest(part, |unit, rest, _| outcomes.add(kind, fit.panel.weight(unit), rest));
                }
            }
        })?;
        // How units weigh is known but for what covariates take: right where the fit's own covariance serves.
        let is_by_fit = test.df_denominator.is_none() || fit.covariates.is_empty();
        return if is_by_fit { Ok(test) } else { Err(WaldRefused::FewWithCovariates) };
    }
    let products = clusters.products(moved, (values.len(), n_numbers), concerns);
    let products: Vec<(Mat<f64>, f64)> = products
        .ok_or(WaldRefused::SpreadUnknown)?
        .into_iter()
        .map(|(product, df)| (product * Scale(factor.recip()), df))
        .collect();
    let n_on_a_side = match clusters.sides(None) {
        (n_started, 0) => n_started,
        (n_started, n_never) => n_started.min(n_never),
    };
    let worth = match clusters.worth_of_sides(None, fit.panel, fit.units()) {
        (started, 0.0) => started,
        (started, never) => started.min(never),
    };
    wald_by_clusters(values, plain, (&products, clusters.n()), (n_on_a_side, worth))
}
