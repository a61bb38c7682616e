//! Partings before the start, told by untreated observations only.

use std::collections::{BTreeMap, BTreeSet};

use faer::Mat;

use super::fit::{Fit, Part};
use crate::linear::{Clusters, least_squares, take_effects};
use crate::uncertainty::{Alike, Contributions, Rows};

/// Below this share of its own, what earlier leads leave of a lead is rounding.
const NOTHING: f64 = 1e-9;

/// The regression of untreated outcomes on exposure before the start, beside all that the fit holds.
pub(super) struct Leads {
    /// Ascending.
    pub exposures: Vec<i64>,
    /// Those that cannot be told apart from trends of starts.
    pub dropped: Vec<i64>,
    pub values: Vec<f64>,
    /// Leads x leads: inverse products of their designs.
    pub spread: Mat<f64>,
    /// Covariates x leads: what covariates say of the leads.
    pub tied: Mat<f64>,
    /// By part: periods x leads, row by row, unit and period effects taken out.
    pub designs: Vec<Vec<f64>>,
}

impl Leads {
    /// The leads before the last exposure without the treatment.
    pub fn of(fit: &Fit<'_>) -> Self {
        let n_periods = fit.panel.periods().len();
        let mut all = BTreeSet::new();
        for part in &fit.parts {
            (0..n_periods).for_each(|t| all.extend(exposure(fit, part, t)));
        }
        // The last exposure before the start is what the others are measured from.
        all.pop_last();
        // The nearest first: where not all can be told, the farthest are left out.
        let asked: Vec<i64> = all.into_iter().rev().collect();
        let designs = designs(fit, &asked);
        let products = Products::of(fit, &designs, &asked);
        let kept = products.independent();
        let place = |of_kept: usize| kept[kept.len() - 1 - of_kept];
        let n = kept.len();
        let spread = Mat::from_fn(n, n, |i, j| products.own[(place(i), place(j))]);
        let spread = least_squares::inverse(&spread).unwrap_or_else(|| Mat::zeros(n, n));
        let value = |i: usize| (0..n).map(|j| spread[(i, j)] * products.outcome[place(j)]).sum();
        let designs = designs.iter().map(|rows| {
            let rows = rows.chunks_exact(asked.len().max(1));
            rows.flat_map(|row| (0..n).map(|i| row[place(i)])).collect()
        });
        Leads {
            exposures: (0..n).map(|i| asked[place(i)]).collect(),
            dropped: (0..asked.len()).rev().filter(|k| !kept.contains(k)).map(|k| asked[k]).collect(),
            values: (0..n).map(value).collect(),
            tied: Mat::from_fn(fit.covariates.len(), n, |k, i| products.tied[(k, place(i))]),
            designs: designs.collect(),
            spread,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.exposures.len()
    }

    /// By period, what the leads say of the outcomes of a part's units.
    pub fn fitted(&self, part: usize, n_periods: usize) -> Vec<f64> {
        if self.values.is_empty() {
            return vec![0.0; n_periods];
        }
        let rows = self.designs[part].chunks_exact(self.len());
        rows.map(|row| row.iter().zip(&self.values).map(|(design, value)| design * value).sum()).collect()
    }

    /// By covariate, what the leads take from its slope.
    pub fn taken(&self) -> Vec<f64> {
        let taken = |k| (0..self.len()).map(|i| self.tied[(k, i)] * self.values[i]).sum();
        (0..self.tied.nrows()).map(taken).collect()
    }

    /// How the units of each pattern weigh in the leads, but for what covariates take.
    pub fn alike(&self, fit: &Fit<'_>, clusters: &Clusters<'_>) -> Vec<Alike> {
        let (n, n_periods) = (self.len(), fit.panel.periods().len());
        let alike = |(part, designs): (&Part, &Vec<f64>)| {
            let design = |t: usize, l: usize| designs[t * n + l];
            let weight = |k: usize, t: usize| (0..n).map(|l| design(t, l) * self.spread[(l, k)]).sum::<f64>();
            let units = part.pattern.units.iter();
            Alike {
                kind: clusters.kind_of(part.pattern.cohort),
                squares: units.map(|&unit| fit.panel.weight(unit).powi(2)).sum(),
                weights: Mat::from_fn(n, n_periods, weight),
            }
        };
        fit.parts.iter().zip(&self.designs).map(alike).collect()
    }

    /// What few clusters contribute to the regression.
    pub fn few(&self, fit: &Fit<'_>, clusters: &Clusters<'_>) -> Option<Contributions> {
        let n_columns = fit.panel.periods().len() + self.len() + fit.covariates.len();
        Contributions::of(n_columns, &self.rows(fit, |unit| clusters.cluster(unit)))
    }

    /// The weights on the coefficients that [`few`](Self::few) knows which give a lead.
    pub fn weights_of(&self, fit: &Fit<'_>, lead: usize) -> Vec<f64> {
        let n_periods = fit.panel.periods().len();
        let n_columns = n_periods + self.len() + fit.covariates.len();
        (0..n_columns).map(|k| f64::from(u8::from(k == n_periods + lead))).collect()
    }

    /// The regression's rows by cluster: periods, leads and covariates, each unit's mean taken out.
    fn rows(&self, fit: &Fit<'_>, cluster_of: impl Fn(usize) -> usize) -> Vec<Rows> {
        let (n_periods, n_leads) = (fit.panel.periods().len(), self.len());
        let n_columns = n_periods + n_leads + fit.covariates.len();
        let taken = self.taken();
        let mut rows = Vec::new();
        for (place, part) in fit.parts.iter().enumerate() {
            let before: Vec<usize> = (0..n_periods).filter(|&t| part.before[t]).collect();
            let fitted = self.fitted(place, n_periods);
            let entry = |covariates: &[f64], t: usize, k: usize| match k {
                _ if k < n_periods => {
                    f64::from(u8::from(k == t)) - f64::from(u8::from(part.before[k])) / part.n_before
                }
                _ if k < n_periods + n_leads => self.designs[place][t * n_leads + k - n_periods],
                _ => covariates[(k - n_periods - n_leads) * n_periods + t],
            };
            // Without covariates, units of one pattern and cluster are alike in their rows.
            let mut alike = BTreeMap::<usize, Rows>::new();
            fit.for_each_rest(part, |unit, rest, covariates| {
                let (cluster, weight) = (cluster_of(unit), fit.panel.weight(unit));
                let of_covariates = taken.iter().zip(covariates.chunks_exact(n_periods));
                let left = |t: usize| {
                    let tied: f64 = of_covariates.clone().map(|(taken, x)| taken * x[t]).sum();
                    weight * (rest[t] - fitted[t] + tied)
                };
                let own = || Rows {
                    cluster,
                    design: Mat::from_fn(before.len(), n_columns, |i, k| entry(covariates, before[i], k)),
                    weight: 0.0,
                    residuals: vec![0.0; before.len()],
                };
                let key = if taken.is_empty() { cluster } else { unit };
                let sum = alike.entry(key).or_insert_with(own);
                sum.weight += weight;
                sum.residuals.iter_mut().zip(&before).for_each(|(sum, &t)| *sum += left(t));
            });
            rows.extend(alike.into_values());
        }
        rows
    }
}

/// The exposure of a part's units in a period in which they are without the treatment.
fn exposure(fit: &Fit<'_>, part: &Part, t: usize) -> Option<i64> {
    let start = fit.panel.cohorts()[part.pattern.cohort?].start;
    part.before[t].then(|| fit.panel.exposure(t, start))
}

/// By part: periods x leads, row by row, with unit and period effects taken out.
fn designs(fit: &Fit<'_>, asked: &[i64]) -> Vec<Vec<f64>> {
    let (n_periods, n) = (fit.panel.periods().len(), asked.len());
    let design = |part: &Part| {
        let mut design = vec![0.0; n_periods * n];
        for t in 0..n_periods {
            let place = exposure(fit, part, t).and_then(|at| asked.iter().position(|lead| *lead == at));
            place.into_iter().for_each(|k| design[t * n + k] = 1.0);
        }
        design
    };
    let mut designs: Vec<Vec<f64>> = fit.parts.iter().map(design).collect();
    let cells: Vec<_> = fit.parts.iter().map(|part| (&part.before[..], part.weight)).collect();
    take_effects(&fit.untreated, &cells, &mut designs, n);
    designs
}

/// Products of leads' designs, less what covariates say of them.
struct Products {
    /// By lead, the sum of the weights of its observations.
    sizes: Vec<f64>,
    own: Mat<f64>,
    outcome: Vec<f64>,
    tied: Mat<f64>,
}

impl Products {
    fn of(fit: &Fit<'_>, designs: &[Vec<f64>], asked: &[i64]) -> Self {
        let n = asked.len();
        let size = |exposures: i64| -> f64 {
            let own = |part: &Part| {
                (0..part.before.len()).filter(|&t| exposure(fit, part, t) == Some(exposures)).count()
            };
            fit.parts.iter().map(|part| part.weight * own(part) as f64).sum()
        };
        let sizes = asked.iter().map(|&exposure| size(exposure)).collect();
        let (n_periods, n_covariates) = (fit.panel.periods().len(), fit.covariates.len());
        let mut own = Mat::<f64>::zeros(n, n);
        let mut outcome = vec![0.0; n];
        let mut crossed = Mat::<f64>::zeros(n_covariates, n);
        for (part, design) in fit.parts.iter().zip(designs) {
            let mut rests = vec![0.0; n_periods];
            let mut covariate_sums = vec![0.0; n_periods * n_covariates];
            fit.for_each_rest(part, |unit, rest, covariates| {
                let weight = fit.panel.weight(unit);
                rests.iter_mut().zip(rest).for_each(|(sum, x)| *sum += weight * x);
                covariate_sums.iter_mut().zip(covariates).for_each(|(sum, x)| *sum += weight * x);
            });
            for (t, row) in design.chunks_exact(n.max(1)).enumerate().filter(|(t, _)| part.before[*t]) {
                for k in 0..n {
                    (0..n).for_each(|l| own[(l, k)] += part.weight * row[k] * row[l]);
                    outcome[k] += row[k] * rests[t];
                    (0..n_covariates)
                        .for_each(|c| crossed[(c, k)] += covariate_sums[c * n_periods + t] * row[k]);
                }
            }
        }
        let tied = &fit.slopes_spread * &crossed;
        own -= crossed.transpose() * &tied;
        Products { sizes, own, outcome, tied }
    }

    /// Leads that those before them do not make up, in order.
    fn independent(&self) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::new();
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for k in 0..self.own.nrows() {
            let mut row: Vec<f64> = Vec::new();
            for (place, &l) in kept.iter().enumerate() {
                let before: f64 = row.iter().zip(&rows[place]).map(|(a, b)| a * b).sum();
                row.push((self.own[(k, l)] - before) / rows[place][place]);
            }
            let left = self.own[(k, k)] - row.iter().map(|x| x * x).sum::<f64>();
            if left > NOTHING * self.sizes[k] {
                row.push(left.sqrt());
                rows.push(row);
                kept.push(k);
            }
        }
        kept
    }
}
