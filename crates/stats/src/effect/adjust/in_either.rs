//! The comparison of means in two periods, of whoever was seen in each: repeated cross-sections.

use super::fit::Sides;
use super::linear::{add, times};
use super::rows::Rows;
use crate::effect::Adjust;
use crate::effect::cell::{Comparison, Odds, Span, Terms, dot};
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
    let n = sides.n_units;
    let mut found = Comparison {
        spans: spans.to_vec(),
        treated: Vec::new(),
        compared: Vec::new(),
        logit: sides.logit.as_ref().map_or(Vec::new(), |logit| logit.coefficients.clone()),
        score: vec![0.0; sides.logit.as_ref().map_or(0, |logit| logit.coefficients.len())],
        lone: Vec::new(),
        unknown: None,
    };
    let mut value = 0.0;
    let mut betas = Vec::new();
    for (p, span) in spans.iter().enumerate() {
        let (treated, compared) = (&sides.treated[p], &sides.compared[p]);
        let (y_treated, y_compared) = (treated.values(panel, span), compared.values(panel, span));
        let regressed = sides.inverses.get(p).map(|inverse| compared.regress(inverse, &y_compared));
        let beta = regressed.clone().unwrap_or_default();
        // Outcome regression takes the starting units' outcomes as they are.
        let taken_off = if adjust == Adjust::Dr { beta.clone() } else { Vec::new() };
        let center = treated.mean(&treated.residuals(&y_treated, &taken_off));
        value += span.sign * center;
        let scale = span.sign * n / treated.total;
        found.treated.push(Terms { scale, center, beta: taken_off.clone(), ..Terms::default() });
        let mut of_compared = Terms::default();
        if let Some(logit) = &sides.logit {
            let weighted = &sides.by_odds[p];
            let left = compared.residuals(&y_compared, &taken_off);
            let mean = weighted.mean(&left);
            value -= span.sign * mean;
            let scale = -span.sign * n / weighted.total;
            of_compared =
                Terms { scale, odds: Odds::Count, center: mean, beta: taken_off, ..Terms::default() };
            let products = times(&logit.inverse, &weighted.mean_products(&left, mean));
            add(&mut found.score, -span.sign * n, &products);
        } else if regressed.is_none() {
            let mean = compared.mean(&y_compared);
            value -= span.sign * mean;
            of_compared = Terms { scale: -span.sign * n / compared.total, center: mean, ..Terms::default() };
        }
        of_compared.fitted_beta.clone_from(&beta);
        found.compared.push(of_compared);
        betas.push(beta);
    }
    match (adjust, sides.inverses.is_empty()) {
        (Adjust::Reg, false) => value += regression(sides, spans, &betas, &mut found),
        (Adjust::Dr, false) => value += doubly_robust(panel, sides, spans, &betas, &mut found)?,
        _ => {}
    }
    let n_of = |sides: &[Rows]| sides.iter().map(|rows| rows.units.len()).min().unwrap_or(0);
    Ok((Value { value, n_treated: n_of(&sides.treated), n_compared: n_of(&sides.compared) }, found))
}

/// The starting units of both periods together: total weight, and mean covariates.
fn all_treated(sides: &Sides) -> (f64, Vec<f64>) {
    let total: f64 = sides.treated.iter().map(|rows| rows.total).sum();
    let mut mean = vec![0.0; sides.treated[0].n];
    sides.treated.iter().for_each(|rows| add(&mut mean, rows.total / total, &rows.mean_x()));
    (total, mean)
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn scaled(factor: f64, vector: &[f64]) -> Vec<f64> {
    vector.iter().map(|x| factor * x).collect()
}

/// Takes off the change that the comparison units' regressions give all starting units; returns what it adds.
fn regression(sides: &Sides, spans: &[Span], betas: &[Vec<f64>], found: &mut Comparison) -> f64 {
    let n = sides.n_units;
    let (total, mean) = all_treated(sides);
    let change = difference(&betas[0], &betas[1]);
    let expected = dot(&change, &mean);
    for terms in &mut found.treated {
        terms.linear = scaled(-n / total, &change);
        terms.shift = n / total * expected;
    }
    for (p, span) in spans.iter().enumerate() {
        found.compared[p].fitted = scaled(-span.sign * n, &times(&sides.inverses[p], &mean));
    }
    -expected
}

/// The locally efficient part: outcome regressions of the starting units as well; returns what it adds.
fn doubly_robust(
    panel: &Panel,
    sides: &Sides,
    spans: &[Span],
    betas: &[Vec<f64>],
    found: &mut Comparison,
) -> Result<f64, WhyNoCell> {
    let n = sides.n_units;
    let (total, mean_all) = all_treated(sides);
    let mut added = 0.0;
    let mut linear = vec![0.0; mean_all.len()];
    let mut shift = 0.0;
    for (p, span) in spans.iter().enumerate() {
        let treated = &sides.treated[p];
        let inverse = treated.inverse().ok_or(WhyNoCell::CovariatesRepeat)?;
        let beta = treated.regress(&inverse, &treated.values(panel, span));
        let gap = difference(&beta, &betas[p]);
        let mean_here = treated.mean_x();
        let (of_all, of_here) = (dot(&gap, &mean_all), dot(&gap, &mean_here));
        added += span.sign * (of_all - of_here);
        add(&mut linear, span.sign * n / total, &gap);
        shift -= span.sign * n / total * of_all;
        let terms = &mut found.treated[p];
        terms.linear = scaled(-span.sign * n / treated.total, &gap);
        terms.shift = span.sign * n / treated.total * of_here;
        let toward = difference(&mean_all, &mean_here);
        terms.fitted = scaled(span.sign * n, &times(&inverse, &toward));
        terms.fitted_beta = beta;
        // The odds make the compared units' covariates like those of the starting ones, so that in large samples the
        // second part vanishes, whichever its sign; in small ones the reference's is taken, which is the same for
        // both periods.
        let mut toward_compared = scaled(span.sign, &toward);
        add(&mut toward_compared, 1.0, &difference(&mean_here, &sides.by_odds[p].mean_x()));
        found.compared[p].fitted = scaled(-n, &times(&sides.inverses[p], &toward_compared));
    }
    for terms in &mut found.treated {
        add(&mut terms.linear, 1.0, &linear);
        terms.shift += shift;
    }
    Ok(added)
}
