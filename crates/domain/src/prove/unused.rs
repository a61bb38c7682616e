//! What the method does not use of what was given to it or asked of it, counted and named.

use traction_stats::effect::{Beta, Seen};
use traction_stats::panel::Panel;

use super::design::Design;
use super::evidence::LeftOut;
use super::wish::{Assignment, Band, Before, Further, Inference, Method, Wish};
use crate::words::{Noun, listed};

/// All of it.
///
/// - `inference`: how errors were found after all. `n_draws`: how many draws' records were given.
pub(super) fn left_out(panel: &Panel, design: &Design, inference: &str, n_draws: usize) -> Vec<LeftOut> {
    let (method, wish) = (design.method, &design.wish);
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
    let looks_at_draws = method == Method::RiskSet || design.second == Some(Method::RiskSet);
    let draws = LeftOut {
        what: Noun::of("draw's record", "draws' records"),
        count: if looks_at_draws { 0 } else { n_draws },
        why: format!("the method {} does not look at who won or lost; risk-set does", method.word()),
    };
    let unused = [
        row(
            Noun::of("unit's weight", "weights of units"),
            n_units(panel.has_weights()),
            "counts each unit alike and does not weigh it",
        ),
        row(
            Noun::of("unit's cluster", "units' clusters"),
            n_units(panel.clusters().is_some()),
            "does not look at clusters",
        ),
        row(
            Noun::of("period of anticipation", "periods of anticipation"),
            n_ahead,
            "does not allow for an effect before the start",
        ),
        draws,
        settings(panel, design, inference),
    ];
    unused.into_iter().filter(|unused| unused.count > 0).chain(covariates(panel, method)).collect()
}

/// Settings other than the usual ones that moved nothing.
fn settings(panel: &Panel, design: &Design, inference: &str) -> LeftOut {
    let Design { method, second, wish, .. } = design;
    let (method, usual) = (*method, Wish::default());
    let asks = |one: Method| method == one || *second == Some(one);
    let compares_starts = asks(Method::GroupTime);
    let draws_chance = inference != Inference::Analytic.word();
    let is_chosen_by_itself = wish.method.is_none() && wish.seen == Seen::InBoth;
    let unused = [
        (
            "assignment",
            wish.assignment == Assignment::Random && !is_chosen_by_itself && !asks(Method::Efficient),
        ),
        ("second", wish.second == Further::Asked && second.is_none()),
        ("compare", wish.compare.is_some() && !compares_starts && !asks(Method::Efficient)),
        ("base", wish.base != usual.base && !compares_starts),
        ("adjust", wish.adjust != usual.adjust && (panel.covariates().is_empty() || !compares_starts)),
        ("baseline", matches!(wish.baseline, Before::Last(_)) && !asks(Method::RiskSet)),
        (
            "efficient-beta",
            wish.efficient_beta != Beta::Best && !asks(Method::Efficient) && !asks(Method::RiskSet),
        ),
        ("band", wish.band == Some(Band::Simultaneous) && !has_bands(method, inference)),
        ("draws", wish.n_draws != usual.n_draws && !draws_chance),
        ("seed", wish.seed != usual.seed && !draws_chance),
    ];
    let unused: Vec<String> =
        unused.iter().filter(|(_, is_unused)| *is_unused).map(|(word, _)| (*word).to_owned()).collect();
    LeftOut {
        what: Noun::of("setting", "settings"),
        count: unused.len(),
        why: format!("{} moved nothing with the method {}", listed(&unused), method.word()),
    }
}

/// Whether intervals of parts hold all together.
fn has_bands(method: Method, inference: &str) -> bool {
    method == Method::GroupTime && inference == Inference::Bootstrap.word()
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
            what: Noun::of("covariate", "covariates"),
            count: n_covariates,
            why: format!("the method {} does not allow for any; group-time does", method.word()),
        });
    }
    let unknown = |unit: usize, period: usize| {
        panel.outcome(unit, period).is_some()
            && (0..n_covariates).any(|covariate| panel.covariate(covariate, unit, period).is_none())
    };
    let is_unknown = |unit: &usize| (0..panel.periods().len()).any(|period| unknown(*unit, period));
    let count = (0..panel.units().len()).filter(is_unknown).count();
    (count > 0).then(|| LeftOut {
        what: Noun::of(
            "unit with covariates that are not always known",
            "units with covariates that are not always known",
        ),
        count,
        why: "where one is missing, the comparison goes without the unit".to_owned(),
    })
}
