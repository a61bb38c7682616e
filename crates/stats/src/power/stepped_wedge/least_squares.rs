//! Variance of the effect by generalised least squares: any schedule, any variance, one effect or one a time since the start.

use std::collections::HashMap;

use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

use super::{People, Schedule, ScheduleRefused};
use crate::power::Variance;

/// A normal matrix whose scaled Cholesky pivots fall below this says the same thing twice.
const SINGULAR: f64 = 1e-10;

/// Which effect the plan is for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Estimand {
    /// One effect, the same from the first period on.
    #[default]
    Constant,
    /// A free effect for every period since the start, and their plain mean: what an effect that grows or fades needs.
    MeanByExposure,
    /// A free effect for every period since the start, and their sum weighted so; one weight each, adding up to 1.
    ByExposure(Vec<f64>),
}

/// What is known of the movement all units share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Periods {
    /// Nothing: each period has its own level.
    #[default]
    Free,
    /// That there is none.
    Still,
}

/// Variance of the effect's estimate by generalised least squares, all variances known.
///
/// - `schedule`: units x periods; unobserved cells are left out.
/// - `people`: how many people each unit's number of a period is the mean of.
/// - Returns the variance in the outcome's unit squared.
///
/// Assumes the variance given is the true one. With [`Estimand::Constant`] it misleads where effects grow or fade since
/// the start: it then promises power for an effect nobody has. Sources: Hussey and Hughes (2007), Contemporary Clinical
/// Trials 28(2), 182-191; by time since the start, Kenny, Voldal, Xia, Heagerty and Hughes (2022), Statistics in Medicine
/// 41(22), 4311-4339.
///
/// ```
/// use traction_stats::power::stepped_wedge::{Estimand, People, Periods, Schedule, hussey_hughes, variance_of_effect};
/// use traction_stats::power::Variance;
///
/// let schedule = Schedule::of_steps(3, 1)?;
/// let variance = Variance { lasting: 0.05, own: 0.1, ..Variance::default() };
/// let found = variance_of_effect(&schedule, &variance, &People::Same(1.0), &Estimand::Constant, Periods::Free)?;
/// assert!((found - 0.1).abs() < 1e-12);
/// assert!((found - hussey_hughes(&schedule, 0.05, 0.1)?).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn variance_of_effect(
    schedule: &Schedule,
    variance: &Variance,
    people: &People,
    estimand: &Estimand,
    periods: Periods,
) -> Result<f64, ScheduleRefused> {
    let weights = match estimand {
        Estimand::Constant => vec![1.0],
        Estimand::MeanByExposure => {
            let n = n_exposures(schedule)?;
            vec![1.0 / n as f64; n]
        }
        Estimand::ByExposure(weights) => {
            let expected = n_exposures(schedule)?;
            if weights.len() != expected || (weights.iter().sum::<f64>() - 1.0).abs() > 1e-9 {
                return Err(ScheduleRefused::Weights { found: weights.len(), expected });
            }
            weights.clone()
        }
    };
    let n_levels = match periods {
        Periods::Free => schedule.n_periods(),
        Periods::Still => 1,
    };
    let columns = Columns { n_levels, n_effects: weights.len() };
    let normal = normal_matrix(schedule, variance, &people.of_units(schedule.n_units())?, columns)?;
    let weighed = Mat::from_fn(columns.len(), 1, |row, _| match row.checked_sub(n_levels) {
        Some(effect) => weights[effect],
        None => 0.0,
    });
    let solved = solve_scaled(&normal, &weighed)?;
    let found: f64 = (0..columns.len()).map(|row| weighed[(row, 0)] * solved[(row, 0)]).sum();
    if found > 0.0 && found.is_finite() { Ok(found) } else { Err(ScheduleRefused::NothingCompared) }
}

/// How many columns the model has: levels of the periods, then effects.
#[derive(Clone, Copy)]
struct Columns {
    n_levels: usize,
    n_effects: usize,
}

impl Columns {
    fn len(self) -> usize {
        self.n_levels + self.n_effects
    }
}

/// Sum over units of Z' V^-1 Z, units of equal rows and people taken together.
fn normal_matrix(
    schedule: &Schedule,
    variance: &Variance,
    people: &[f64],
    columns: Columns,
) -> Result<Mat<f64>, ScheduleRefused> {
    let mut alike = HashMap::<(Vec<Option<u64>>, u64), (usize, f64)>::new();
    for (unit, row) in schedule.rows().iter().enumerate() {
        let key = (row.iter().map(|cell| cell.map(f64::to_bits)).collect(), people[unit].to_bits());
        alike.entry(key).or_insert((unit, 0.0)).1 += 1.0;
    }
    // In the units' order, so that sums come out the same every time.
    let mut alike: Vec<(usize, f64)> = alike.into_values().collect();
    alike.sort_unstable_by_key(|(unit, _)| *unit);
    let mut normal = Mat::<f64>::zeros(columns.len(), columns.len());
    for (unit, n_alike) in alike {
        let row = &schedule.rows()[unit];
        let at: Vec<usize> = (0..row.len()).filter(|&t| row[t].is_some()).collect();
        let shares: Vec<f64> = row.iter().flatten().copied().collect();
        if at.is_empty() {
            continue;
        }
        let design =
            Mat::from_fn(at.len(), columns.len(), |r, column| match column.checked_sub(columns.n_levels) {
                None if columns.n_levels == 1 => 1.0,
                None => f64::from(at[r] == column),
                Some(_) if columns.n_effects == 1 => shares[r],
                Some(exposure) => f64::from(exposure_at(row, at[r]) == Some(exposure)),
            });
        let covariance = variance.covariance(&shares, &at, people[unit]);
        let factor = covariance.llt(Side::Lower).map_err(|_| ScheduleRefused::NoVariation)?;
        let solved = factor.solve(&design);
        normal += faer::Scale(n_alike) * (design.transpose() * solved);
    }
    Ok(normal)
}

/// Solves for `right` after scaling to a unit diagonal, so that the test for singularity knows no unit of measure.
fn solve_scaled(normal: &Mat<f64>, right: &Mat<f64>) -> Result<Mat<f64>, ScheduleRefused> {
    let n = normal.nrows();
    let scale: Vec<f64> = (0..n).map(|k| normal[(k, k)].sqrt()).collect();
    if scale.iter().any(|scale| *scale <= 0.0 || scale.is_nan()) {
        return Err(ScheduleRefused::NothingCompared);
    }
    let scaled = Mat::from_fn(n, n, |r, c| normal[(r, c)] / (scale[r] * scale[c]));
    let factor = scaled.llt(Side::Lower).map_err(|_| ScheduleRefused::NothingCompared)?;
    if (0..n).any(|k| factor.L()[(k, k)].powi(2) < SINGULAR) {
        return Err(ScheduleRefused::NothingCompared);
    }
    let solved = factor.solve(Mat::from_fn(n, right.ncols(), |r, c| right[(r, c)] / scale[r]));
    Ok(Mat::from_fn(n, right.ncols(), |r, c| solved[(r, c)] / scale[r]))
}

/// Periods since the start at place `t`; `None` before it.
fn exposure_at(row: &[Option<f64>], t: usize) -> Option<usize> {
    let start = row.iter().position(|cell| *cell == Some(1.0))?;
    t.checked_sub(start)
}

/// How many periods since the start are seen at most; refused where the treatment is partial or ends.
fn n_exposures(schedule: &Schedule) -> Result<usize, ScheduleRefused> {
    let mut most = 0;
    for (unit, row) in schedule.rows().iter().enumerate() {
        let seen: Vec<f64> = row.iter().flatten().copied().collect();
        let whole = seen.iter().all(|share| *share == 0.0 || *share == 1.0) && seen.is_sorted();
        if !whole {
            return Err(ScheduleRefused::NotByExposure { unit: unit + 1 });
        }
        let mut exposures = (0..row.len()).filter(|&t| row[t].is_some()).filter_map(|t| exposure_at(row, t));
        most = most.max(exposures.next_back().map_or(0, |last| last + 1));
    }
    if most == 0 { Err(ScheduleRefused::NothingCompared) } else { Ok(most) }
}
