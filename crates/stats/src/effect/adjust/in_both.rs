//! The comparison of changes, of units seen in both periods.

use super::fit::Sides;
use super::linear::times;
use crate::effect::Adjust;
use crate::effect::cell::{Comparison, Odds, Span, Terms};
use crate::effect::sample::WhyNoCell;
use crate::effect::scatter::Value;
use crate::panel::Panel;

/// The effect, and what each unit's influence on it is made of.
pub fn fit(
    panel: &Panel,
    sides: &Sides,
    spans: &[Span],
    adjust: Adjust,
) -> Result<(Value, Comparison), WhyNoCell> {
    let (treated, compared, span) = (&sides.treated[0], &sides.compared[0], &spans[0]);
    let (y_treated, y_compared) = (treated.values(panel, span), compared.values(panel, span));
    let n = sides.n_units;
    let mut of_treated = Terms { scale: n / treated.total, ..Terms::default() };
    let mut of_compared = Terms::default();
    let (mut score, mut logit) = (Vec::new(), Vec::new());
    let beta = sides.inverses.first().map_or(Vec::new(), |inverse| compared.regress(inverse, &y_compared));
    let left_treated = treated.residuals(&y_treated, &beta);
    of_treated.center = treated.mean(&left_treated);
    let mut value = of_treated.center;
    let mut toward = treated.mean_x();
    if sides.inverses.is_empty() && sides.logit.is_none() {
        let mean = compared.mean(&y_compared);
        of_compared = Terms { scale: -n / compared.total, center: mean, ..Terms::default() };
        value -= mean;
    }
    if let Some(fitted) = &sides.logit {
        let weighted = &sides.by_odds[0];
        let left = compared.residuals(&y_compared, &beta);
        let mean = weighted.mean(&left);
        value -= mean;
        let scale = -n / weighted.total;
        of_compared =
            Terms { scale, odds: Odds::Count, center: mean, beta: beta.clone(), ..Terms::default() };
        score = times(&fitted.inverse, &weighted.mean_products(&left, mean));
        score.iter_mut().for_each(|score| *score *= -n);
        logit.clone_from(&fitted.coefficients);
        toward.iter_mut().zip(weighted.mean_x()).for_each(|(toward, x)| *toward -= x);
    }
    if adjust != Adjust::Ipw
        && let Some(inverse) = sides.inverses.first()
    {
        of_compared.fitted = times(inverse, &toward);
        of_compared.fitted.iter_mut().for_each(|fitted| *fitted *= -n);
        of_compared.fitted_beta.clone_from(&beta);
    }
    of_treated.beta = beta;
    // A side of one unit or cluster deviates from its own mean by nothing: its spread is borrowed, by this much of a
    // change.
    let lone = [(treated, n), (compared, -n)].into_iter().filter(|(rows, _)| rows.are_one(panel));
    let comparison = Comparison {
        spans: spans.to_vec(),
        lone: lone.map(|(rows, scale)| (rows.units[0], scale)).collect(),
        treated: vec![of_treated],
        compared: vec![of_compared],
        unknown: None,
        logit,
        score,
    };
    Ok((Value { value, n_treated: treated.units.len(), n_compared: compared.units.len() }, comparison))
}
