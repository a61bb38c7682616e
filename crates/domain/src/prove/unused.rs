//! What the method does not use of what was given to it, counted.

use traction_stats::panel::Panel;

use super::evidence::LeftOut;
use super::wish::{Method, Wish};

/// All of it.
pub(super) fn left_out(panel: &Panel, method: Method, wish: &Wish) -> Vec<LeftOut> {
    let row = |what, count, why: &str| LeftOut {
        what,
        count,
        why: format!("the method {} {why}; group-time does", method.word()),
    };
    let looks_at_sums = matches!(
        method,
        Method::RiskSet | Method::Synthetic | Method::SyntheticControl | Method::Interrupted
    );
    let n_units = |given: bool| if given && looks_at_sums { panel.units().len() } else { 0 };
    let n_ahead = if method.allows_for_anticipation() { 0 } else { wish.anticipation as usize };
    let unused = [
        row("weights of units", n_units(panel.has_weights()), "counts each unit alike"),
        row("units' clusters", n_units(panel.clusters().is_some()), "knows no clusters"),
        row("periods of anticipation", n_ahead, "allows for no effect before the start"),
    ];
    unused.into_iter().filter(|unused| unused.count > 0).chain(covariates(panel, method)).collect()
}

/// Covariates that the method does not allow for; where it does, units of which one is not always known.
fn covariates(panel: &Panel, method: Method) -> Option<LeftOut> {
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
