//! What of the covariates was not used, counted.

use traction_stats::panel::Panel;

use super::evidence::LeftOut;
use super::wish::Method;

/// Covariates that the method does not allow for; where it does, units of which one is not always known.
pub(super) fn left_out(panel: &Panel, method: Method) -> Option<LeftOut> {
    let n_covariates = panel.covariates().len();
    let allows_for_them = matches!(method, Method::GroupTime | Method::Imputation);
    if n_covariates == 0 {
        return None;
    }
    if !allows_for_them {
        return Some(LeftOut {
            what: "covariates",
            count: n_covariates,
            why: format!("the method {} does not allow for them; group-time does", method.word()),
        });
    }
    let unknown = |unit: usize, period: usize| {
        panel.outcome(unit, period).is_some()
            && (0..n_covariates).any(|covariate| panel.covariate(covariate, unit, period).is_none())
    };
    let is_unknown = |unit: &usize| (0..panel.periods().len()).any(|period| unknown(*unit, period));
    let count = (0..panel.units().len()).filter(is_unknown).count();
    (count > 0).then(|| LeftOut {
        what: "units with covariates that are not always known",
        count,
        why: "they do not count in the comparisons for which one is missing".to_owned(),
    })
}
