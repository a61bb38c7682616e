//! What each cluster moves imputed effects by, and the errors that follow.
//!
//! Every number is a weighted sum of outcomes: the treated with the weights asked for, the untreated with those by
//! which they stand in for them. A unit moves it by its weights times what is left of its outcomes: residuals where
//! untreated, effects less the mean of their start and period where treated.

use faer::Mat;

use super::Average;
use super::fit::{Fit, Part};
use super::leads::Leads;
use super::sums::Sums;
use crate::effect::shares::Shares;
use crate::linear::{Clusters, Coefficients, Collector, Moved};

/// What the effect of a unit that is alone in its start and period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alone {
    /// The mean of all other units' effects.
    Borrows,
    /// Itself, so that nothing is left.
    IsItsMean,
}

/// What clusters move the leads and then the numbers of `shares` by; of those, leads and effects by exposure jointly.
pub(super) fn moved(
    fit: &Fit<'_>,
    (shares, sums, leads): (&Shares, &Sums, &Leads),
    (clusters, raise): (&Clusters<'_>, f64),
    (average, alone): (Average, Alone),
) -> Moved {
    let n_joint = leads.len() + shares.exposures().len();
    let n_features = 2 * (fit.panel.periods().len() + fit.covariates.len());
    let counts = (n_features, leads.len() + shares.numbers.len(), n_joint);
    let mut collector = Collector::new(counts, fit.panel.clusters(), clusters.keep());
    let weights = Weights::of(fit, shares, sums);
    for (place, part) in fit.parts.iter().enumerate() {
        let coefficients = weights.coefficients((part, place), leads, raise);
        let (fitted, taken) = (leads.fitted(place, fit.panel.periods().len()), leads.taken());
        let own = Own { fit, part, sums, fitted, taken, average, alone };
        let counts = (part.pattern.units.len(), clusters.kind_of(part.pattern.cohort));
        collector.add(&coefficients, counts, |show| own.features(show));
    }
    collector.finish()
}

/// By number and kind of clusters, what its variance would be, were outcomes independent and equally spread.
pub(super) fn expected(
    fit: &Fit<'_>,
    (shares, sums, leads): (&Shares, &Sums, &Leads),
    clusters: &Clusters<'_>,
    raise: f64,
) -> Vec<Vec<f64>> {
    let half = fit.panel.periods().len() + fit.covariates.len();
    let mut expected = vec![vec![0.0; clusters.n_blocks()]; leads.len() + shares.numbers.len()];
    let weights = Weights::of(fit, shares, sums);
    for (place, part) in fit.parts.iter().enumerate() {
        let coefficients = weights.coefficients((part, place), leads, raise);
        let held = clusters.held(fit.panel, part.pattern.cohort, part.pattern.units.iter());
        for (number, squares) in coefficients.squares(|feature| feature % half < fit.panel.periods().len()) {
            expected[number].iter_mut().zip(&held).for_each(|(sum, held)| *sum += squares * held);
        }
    }
    expected
}

/// The numbers as weights on observations.
struct Weights {
    n_periods: usize,
    n_numbers: usize,
    /// By start, its treated periods, the number, and the weight of one observation.
    treated: Vec<Vec<(usize, usize, f64)>>,
    /// Periods x numbers: period effects of the weights of untreated observations.
    periods: Mat<f64>,
    /// Covariates x numbers: their slopes.
    slopes: Mat<f64>,
}

impl Weights {
    fn of(fit: &Fit<'_>, shares: &Shares, sums: &Sums) -> Self {
        let (n_periods, n_numbers) = (fit.panel.periods().len(), shares.numbers.len());
        let n_covariates = fit.covariates.len();
        let mut treated = vec![Vec::new(); fit.panel.cohorts().len()];
        let mut periods = Mat::<f64>::zeros(n_periods, n_numbers);
        let mut covariates = Mat::<f64>::zeros(n_covariates, n_numbers);
        for (number, weights) in shares.numbers.iter().enumerate() {
            for &(place, weight) in weights {
                let cell = &shares.cells[place];
                treated[cell.cohort].push((cell.at, number, weight / cell.size));
                periods[(cell.at, number)] += weight;
                for (k, sum) in sums.cells[place].covariates.iter().enumerate() {
                    covariates[(k, number)] += weight / cell.size * sum;
                }
            }
        }
        let mut weights = Weights {
            n_periods,
            n_numbers,
            treated,
            periods: Mat::zeros(0, 0),
            slopes: &fit.slopes_spread * covariates,
        };
        for part in &fit.parts {
            let own = weights.sums_of(part);
            for t in (0..n_periods).filter(|&t| part.before[t]) {
                for (number, sum) in own.iter().enumerate().filter(|(_, sum)| **sum != 0.0) {
                    periods[(t, number)] -= part.weight * sum / part.n_before;
                }
            }
        }
        fit.untreated.solve(&mut periods);
        weights.periods = periods;
        weights
    }

    /// By number, the sum of the weights of a unit's treated observations.
    fn sums_of(&self, part: &Part) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_numbers];
        for &(t, number, weight) in part.pattern.cohort.map_or(&[][..], |cohort| &self.treated[cohort]) {
            sums[number] += if part.after[t] { weight } else { 0.0 };
        }
        sums
    }

    /// Features x (leads and numbers), row by row: see [`Own::features`].
    fn coefficients(&self, (part, place): (&Part, usize), leads: &Leads, raise: f64) -> Coefficients {
        let (n_leads, n_covariates) = (leads.len(), self.slopes.nrows());
        let width = n_leads + self.n_numbers;
        let mut all = vec![0.0; 2 * (self.n_periods + n_covariates) * width];
        let mut level = self.sums_of(part);
        for t in (0..self.n_periods).filter(|&t| part.before[t]) {
            level.iter_mut().enumerate().for_each(|(k, level)| *level -= self.periods[(t, k)]);
        }
        let mut rows = all.chunks_exact_mut(width);
        for (t, row) in rows.by_ref().take(self.n_periods).enumerate().filter(|(t, _)| part.before[*t]) {
            for (k, weight) in row[n_leads..].iter_mut().enumerate() {
                *weight = -(level[k] / part.n_before + self.periods[(t, k)]);
            }
        }
        for (covariate, row) in rows.by_ref().take(n_covariates).enumerate() {
            row[n_leads..]
                .iter_mut()
                .enumerate()
                .for_each(|(k, weight)| *weight = -self.slopes[(covariate, k)]);
        }
        let designs = leads.designs[place].chunks_exact(n_leads.max(1));
        for (design, row) in designs.zip(rows.by_ref().take(self.n_periods)) {
            let spread = |k| (0..n_leads).map(|l| design[l] * leads.spread[(l, k)]).sum::<f64>();
            (0..n_leads).for_each(|k| row[k] = raise * spread(k));
        }
        let rows = all.chunks_exact_mut(width).skip(2 * self.n_periods + n_covariates);
        for (covariate, row) in rows.enumerate() {
            let tied =
                |k| (0..n_leads).map(|l| leads.tied[(covariate, l)] * leads.spread[(l, k)]).sum::<f64>();
            (0..n_leads).for_each(|k| row[k] = -raise * tied(k));
        }
        for &(t, number, weight) in part.pattern.cohort.map_or(&[][..], |cohort| &self.treated[cohort]) {
            all[t * width + n_leads + number] = if part.after[t] { weight } else { 0.0 };
        }
        Coefficients::new((0..width).collect(), all)
    }
}

/// What the units of a part move numbers with.
struct Own<'a> {
    fit: &'a Fit<'a>,
    part: &'a Part,
    sums: &'a Sums,
    /// By period, what the leads say.
    fitted: Vec<f64>,
    /// By covariate, what the leads take from its slope.
    taken: Vec<f64>,
    average: Average,
    alone: Alone,
}

impl Own<'_> {
    /// Shows each unit's features: by period what chance made of its outcome; by covariate the product with it; and
    /// the same of untreated outcomes with the leads fitted too. All times the unit's weight.
    fn features(&self, show: &mut dyn FnMut(usize, &[f64])) {
        let (fit, part) = (self.fit, self.part);
        let (n_periods, n_covariates) = (fit.panel.periods().len(), fit.covariates.len());
        let places = self.sums.places_of(part);
        let mut features = vec![0.0; 2 * (n_periods + n_covariates)];
        fit.for_each_rest(part, |unit, rest, covariates| {
            features.fill(0.0);
            let weight = fit.panel.weight(unit);
            let (effects, leads) = features.split_at_mut(n_periods + n_covariates);
            for t in (0..n_periods).filter(|&t| part.before[t]) {
                let of_covariates = self.taken.iter().zip(covariates.chunks_exact(n_periods));
                let tied: f64 = of_covariates.map(|(taken, x)| taken * x[t]).sum();
                effects[t] = weight * rest[t];
                leads[t] = weight * (rest[t] - self.fitted[t] + tied);
                for (k, covariate) in covariates.chunks_exact(n_periods).enumerate() {
                    effects[n_periods + k] += effects[t] * covariate[t];
                    leads[n_periods + k] += leads[t] * covariate[t];
                }
            }
            let own: f64 = places.iter().map(|&(t, _)| weight * weight * rest[t]).sum();
            for &(t, place) in &places {
                effects[t] = weight * self.chance(place, (rest[t], weight), (own, places.len()));
            }
            show(unit, &features);
        });
    }

    /// An effect less the mean that stands for what its start and period have in common.
    ///
    /// - `of_unit`: the sum of the unit's effects, weighted twice, and their number.
    fn chance(&self, place: usize, (effect, weight): (f64, f64), of_unit: (f64, usize)) -> f64 {
        let (cell, all, twice) = (&self.sums.cells[place], &self.sums.all, weight * weight);
        let (sum, size) = match self.average {
            // Alone in its start and period, an effect would be its own mean: that of all other units' serves.
            _ if cell.n < 2 && self.alone == Alone::IsItsMean => return 0.0,
            _ if cell.n < 2 => (all.effects_twice - of_unit.0, all.twice - twice * of_unit.1 as f64),
            Average::All => (cell.effects_twice, cell.twice),
            Average::LeaveOut => (cell.effects_twice - twice * effect, cell.twice - twice),
        };
        if size > 0.0 { effect - sum / size } else { 0.0 }
    }
}
