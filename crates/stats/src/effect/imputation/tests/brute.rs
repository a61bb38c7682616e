//! The same from dummies of every unit and period, on panels with gaps, weights, clusters and covariates.

use faer::Mat;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::linear::least_squares::root_of_inverse;
use crate::panel::{Beside, PanelBuilder, Row, Unbalanced};

struct Kind {
    n_units: usize,
    covariates: &'static [&'static str],
    weights: bool,
    clusters: Option<usize>,
}

fn play(kind: &Kind, seed: u64) -> Panel {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut builder = PanelBuilder::with_covariates(kind.covariates);
    for i in 0..kind.n_units {
        let start = [None, Some(3), Some(4), Some(6), Some(1)][i % 5].map(Period::Number);
        let (level, weight) = (5.0 * chance.random::<f64>(), 0.5 + chance.random::<f64>());
        let cluster = kind.clusters.map(|n| (i % n).to_string());
        for t in 1..=6 {
            let x: Vec<_> = kind.covariates.iter().map(|_| Some(3.0 * chance.random::<f64>())).collect();
            let noise = chance.random::<f64>();
            if chance.random::<f64>() < 0.15 {
                continue;
            }
            let slope: f64 = x.iter().zip([1.5, -0.5]).map(|(x, slope)| x.unwrap() * slope).sum();
            let outcome = level + 0.4 * f64::from(t * t) + slope + noise;
            let (unit, period) = (i.to_string(), Period::Number(i64::from(t)));
            let row = Row { line: 0, unit: &unit, period, outcome, start };
            let weight = kind.weights.then_some(weight);
            let beside = Beside { weight, cluster: cluster.as_deref(), covariates: &x, treated: None };
            builder.push_beside(row, &beside).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

struct Cell {
    unit: usize,
    start: Option<i64>,
    t: usize,
    y: f64,
    row: Vec<f64>,
}

/// The overall effect and its variance, and the leads with theirs, from one matrix with a column for everything.
fn dense(panel: &Panel, average: Average) -> (f64, f64, Vec<(f64, f64)>) {
    let (n_units, n_periods) = (panel.units().len(), panel.periods().len());
    let mut start_of = vec![None; n_units];
    for cohort in panel.cohorts() {
        let Period::Number(start) = cohort.start else { panic!() };
        cohort.units.iter().for_each(|&unit| start_of[unit] = Some(start));
    }
    let mut cells = Vec::new();
    for unit in 0..n_units {
        let seen: Vec<usize> = (0..n_periods).filter(|&t| panel.outcome(unit, t).is_some()).collect();
        let before = |t: usize| start_of[unit].is_none_or(|start| (t as i64) < start - 1);
        if !seen.iter().any(|&t| before(t)) {
            continue;
        }
        for t in seen {
            let mut row = vec![0.0; n_units + n_periods];
            (row[unit], row[n_units + t]) = (1.0, 1.0);
            row.extend((0..panel.covariates().len()).map(|k| panel.covariate(k, unit, t).unwrap()));
            cells.push(Cell { unit, start: start_of[unit], t, y: panel.outcome(unit, t).unwrap(), row });
        }
    }
    let (before, after): (Vec<Cell>, Vec<Cell>) =
        cells.into_iter().partition(|cell| cell.start.is_none_or(|start| (cell.t as i64) < start - 1));
    let weights: Vec<f64> = (0..n_units).map(|unit| panel.weight(unit)).collect();
    let cluster = |unit: usize| panel.clusters().map_or(unit, |clusters| clusters[unit]);
    let (fitted, inverse) = least_squares(&before, &weights);
    let say = |cell: &Cell| cell.row.iter().zip(&fitted).map(|(x, b)| x * b).sum::<f64>();
    let total: f64 = after.iter().map(|cell| weights[cell.unit]).sum();
    let effect: f64 = after.iter().map(|cell| weights[cell.unit] / total * (cell.y - say(cell))).sum();
    // Weights of untreated outcomes: - Z0 (Z0' Z0)^-1 Z1' w.
    let p = fitted.len();
    let mut target = vec![0.0; p];
    for cell in &after {
        cell.row.iter().zip(&mut target).for_each(|(x, sum)| *sum += weights[cell.unit] / total * x);
    }
    let stand: Vec<f64> = (0..p).map(|i| (0..p).map(|j| inverse[(i, j)] * target[j]).sum()).collect();
    let mut moved = vec![0.0; n_units];
    for cell in &before {
        let weight: f64 = cell.row.iter().zip(&stand).map(|(x, b)| x * b).sum();
        moved[cluster(cell.unit)] -= weights[cell.unit] * weight * (cell.y - say(cell));
    }
    for cell in &after {
        let others = after.iter().filter(|other| (other.start, other.t) == (cell.start, cell.t));
        let others = others.filter(|other| average == Average::All || other.unit != cell.unit);
        let (sum, size) = others.fold((0.0, 0.0), |(sum, size), other| {
            let twice = weights[other.unit].powi(2);
            (sum + twice * (other.y - say(other)), size + twice)
        });
        moved[cluster(cell.unit)] += weights[cell.unit] / total * (cell.y - say(cell) - sum / size);
    }
    (effect, moved.iter().map(|moved| moved * moved).sum(), leads(before, &weights, &cluster))
}

fn leads(mut before: Vec<Cell>, weights: &[f64], cluster: &dyn Fn(usize) -> usize) -> Vec<(f64, f64)> {
    for cell in &mut before {
        let exposure = cell.start.map(|start| cell.t as i64 + 1 - start);
        cell.row.extend((-5..-1).map(|lead| f64::from(u8::from(exposure == Some(lead)))));
    }
    let (fitted, inverse) = least_squares(&before, weights);
    let p = fitted.len();
    let mut scores = vec![vec![0.0; p]; weights.len()];
    for cell in &before {
        let rest = cell.y - cell.row.iter().zip(&fitted).map(|(x, b)| x * b).sum::<f64>();
        let score = &mut scores[cluster(cell.unit)];
        score.iter_mut().zip(&cell.row).for_each(|(sum, x)| *sum += weights[cell.unit] * x * rest);
    }
    let variance = |k: usize| {
        let moved = scores.iter().map(|score| (0..p).map(|j| inverse[(k, j)] * score[j]).sum::<f64>());
        moved.map(|moved| moved * moved).sum::<f64>()
    };
    (p - 4..p).map(|k| (fitted[k], variance(k))).collect()
}

fn least_squares(cells: &[Cell], weights: &[f64]) -> (Vec<f64>, Mat<f64>) {
    let p = cells[0].row.len();
    let mut products = Mat::<f64>::zeros(p, p);
    let mut with_outcome = vec![0.0; p];
    for cell in cells {
        for i in 0..p {
            let x = weights[cell.unit] * cell.row[i];
            with_outcome[i] += x * cell.y;
            (0..p).for_each(|j| products[(i, j)] += x * cell.row[j]);
        }
    }
    let root = root_of_inverse(&products).unwrap();
    let inverse = &root * root.transpose();
    let fitted = (0..p).map(|i| (0..p).map(|j| inverse[(i, j)] * with_outcome[j]).sum()).collect();
    (fitted, inverse)
}

/// Both are exact but for rounding; the pseudo-inverse of dummies loses some digits.
#[track_caller]
fn check(kind: &Kind, seed: u64) {
    let panel = play(kind, seed);
    for average in [Average::All, Average::LeaveOut] {
        let settings = ImputationSettings { average, ..ImputationSettings::default() };
        let found = imputation(&panel, &settings).unwrap();
        let (effect, variance, leads) = dense(&panel, average);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-8 * (1.0 + b.abs()), "{a} is not {b}");
        near(found.overall.value, effect);
        near(found.overall.se().unwrap(), variance.sqrt());
        assert_eq!(found.leads.iter().map(|part| part.at).collect::<Vec<_>>(), [-5, -4, -3, -2]);
        for (part, (value, variance)) in found.leads.iter().zip(leads) {
            near(part.effect.value, value);
            near(part.effect.se().unwrap(), (variance * found.small_sample.factor()).sqrt());
        }
        assert_eq!(found.left_out.n_without_before, panel.units().len() - found.n_units);
    }
}

#[test]
fn a_matrix_of_dummies_says_the_same_of_a_panel_with_gaps() {
    check(&Kind { n_units: 30, covariates: &[], weights: false, clusters: None }, 1);
    check(&Kind { n_units: 60, covariates: &[], weights: false, clusters: None }, 2);
}

#[test]
fn a_matrix_of_dummies_says_the_same_with_weights_clusters_and_covariates() {
    check(&Kind { n_units: 40, covariates: &["x", "z"], weights: true, clusters: Some(13) }, 3);
    check(&Kind { n_units: 60, covariates: &["x"], weights: true, clusters: None }, 4);
    check(&Kind { n_units: 90, covariates: &["x", "z"], weights: false, clusters: Some(45) }, 5);
}
