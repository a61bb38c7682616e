//! Unit and period effects (and covariates) on untreated observations, and what they leave of all others.

use std::collections::BTreeMap;

use faer::Mat;

use super::ImputationRefused;
use crate::linear::{Pattern, UnitPeriod, for_each_unit, least_squares, patterns};
use crate::panel::{Panel, Period};

/// Units alike in start and in the periods they were seen in.
pub(super) struct Part {
    pub pattern: Pattern,
    /// By period, whether they were seen without the treatment.
    pub before: Vec<bool>,
    /// By period, whether they were seen with it and can be imputed.
    pub after: Vec<bool>,
    pub n_before: f64,
    /// The sum of their weights.
    pub weight: f64,
}

/// The model of untreated outcomes.
pub(super) struct Fit<'a> {
    pub panel: &'a Panel,
    pub parts: Vec<Part>,
    pub untreated: UnitPeriod,
    /// Places of the covariates used.
    pub covariates: Vec<usize>,
    /// Places of covariates that say nothing beside unit and period effects.
    pub silent: Vec<usize>,
    /// Of the outcome and of each covariate: periods x (1 + covariates).
    period_effects: Mat<f64>,
    /// The covariates' coefficients.
    slopes: Vec<f64>,
    /// Inverse products of the covariates, less unit and period effects.
    pub slopes_spread: Mat<f64>,
    /// Units never seen without the treatment.
    pub n_without_before: usize,
    /// Treated observations that cannot be imputed: places of start and period, and how many.
    lost: Vec<(usize, usize, usize)>,
}

impl<'a> Fit<'a> {
    /// - `first_on`: by start's place, the first period that may show an effect.
    pub fn of(panel: &'a Panel, first_on: &[usize]) -> Result<Self, ImputationRefused> {
        let varying: Vec<usize> =
            (0..panel.covariates().len()).filter(|&place| panel.covariates()[place].varies()).collect();
        let silent = (0..panel.covariates().len()).filter(|place| !varying.contains(place)).collect();
        let mut fit = Fit::without_slopes(panel, first_on, varying);
        fit.silent = silent;
        fit.find_slopes()?;
        Ok(fit)
    }

    fn without_slopes(panel: &'a Panel, first_on: &[usize], covariates: Vec<usize>) -> Self {
        let n_periods = panel.periods().len();
        let (mut parts, mut n_without_before, mut lost) = (Vec::new(), 0, Vec::new());
        for pattern in patterns(panel, &covariates) {
            let on = pattern.cohort.map_or(n_periods, |cohort| first_on[cohort]);
            let before: Vec<bool> = (0..n_periods).map(|t| t < on && pattern.seen[t]).collect();
            let n_before = before.iter().filter(|used| **used).count();
            if n_before == 0 {
                n_without_before += pattern.units.len();
                continue;
            }
            let weight = pattern.units.iter().map(|&unit| panel.weight(unit)).sum();
            let after = (0..n_periods).map(|t| t >= on && pattern.seen[t]).collect();
            parts.push(Part { pattern, before, after, n_before: n_before as f64, weight });
        }
        let untreated =
            UnitPeriod::of(n_periods, parts.iter().map(|part: &Part| (&part.before[..], part.weight)));
        for part in &mut parts {
            let own = (0..n_periods).find(|&t| part.before[t]).and_then(|t| untreated.component(t));
            for t in (0..n_periods).filter(|&t| untreated.component(t) != own) {
                if std::mem::replace(&mut part.after[t], false) {
                    lost.extend(part.pattern.cohort.map(|cohort| (cohort, t, part.pattern.units.len())));
                }
            }
        }
        let n_columns = 1 + covariates.len();
        let mut fit = Fit {
            panel,
            parts,
            untreated,
            covariates,
            silent: Vec::new(),
            period_effects: Mat::zeros(n_periods, n_columns),
            slopes: vec![0.0; n_columns - 1],
            slopes_spread: Mat::zeros(n_columns - 1, n_columns - 1),
            n_without_before,
            lost,
        };
        let mut sums = Mat::<f64>::zeros(n_periods, n_columns);
        for part in &fit.parts {
            // With no period effects yet, what is left is the outcome less its unit's mean.
            fit.for_each_left(part, |unit, left| {
                let weight = panel.weight(unit);
                for (k, column) in left.chunks_exact(n_periods).enumerate() {
                    for t in (0..n_periods).filter(|&t| part.before[t]) {
                        sums[(t, k)] += weight * column[t];
                    }
                }
            });
        }
        fit.untreated.solve(&mut sums);
        fit.period_effects = sums;
        fit
    }

    /// Treated observations that cannot be imputed, by start and period.
    pub fn not_imputed(&self) -> Vec<(Period, Period, usize)> {
        let mut counts = BTreeMap::new();
        for &(cohort, t, n) in &self.lost {
            let place = (self.panel.cohorts()[cohort].start, self.panel.periods()[t]);
            *counts.entry(place).or_insert(0) += n;
        }
        counts.into_iter().map(|((start, period), n)| (start, period, n)).collect()
    }

    /// The units that count, each with the place of its start.
    pub fn units(&self) -> impl Iterator<Item = (usize, Option<usize>)> {
        let patterns = self.parts.iter().map(|part| &part.pattern);
        patterns.flat_map(|pattern| pattern.units.iter().map(|&unit| (unit, pattern.cohort)))
    }

    fn find_slopes(&mut self) -> Result<(), ImputationRefused> {
        let (n, n_periods) = (self.covariates.len(), self.panel.periods().len());
        if n == 0 {
            return Ok(());
        }
        let mut products = Mat::<f64>::zeros(n, n + 1);
        let mut sizes = vec![0.0; n];
        for part in &self.parts {
            self.for_each_left(part, |unit, left| {
                let weight = self.panel.weight(unit);
                let column = |k: usize| &left[k * n_periods..][..n_periods];
                for t in (0..n_periods).filter(|&t| part.before[t]) {
                    for k in 0..n {
                        let x = weight * column(k + 1)[t];
                        (0..n).for_each(|l| products[(k, l)] += x * column(l + 1)[t]);
                        products[(k, n)] += x * column(0)[t];
                    }
                }
            });
            for_each_unit(self.panel, &self.covariates, &part.pattern.units, |unit, values| {
                for (k, size) in sizes.iter_mut().enumerate() {
                    let x = &values[(k + 1) * n_periods..][..n_periods];
                    let squares = (0..n_periods).filter(|&t| part.before[t]).map(|t| x[t] * x[t]);
                    *size += self.panel.weight(unit) * squares.sum::<f64>();
                }
            });
        }
        let name = |k: usize| self.panel.covariates()[self.covariates[k]].name.clone();
        // Beside unit and period effects nothing but rounding is left of a covariate that they make up.
        if let Some(k) = (0..n).find(|&k| products[(k, k)] <= 1e-20 * sizes[k]) {
            return Err(ImputationRefused::SilentCovariate { name: name(k) });
        }
        let gram = products.subcols(0, n).to_owned();
        let Some(inverse) = least_squares::inverse(&gram) else {
            return Err(ImputationRefused::RepeatedCovariates { names: (0..n).map(name).collect() });
        };
        self.slopes = (0..n).map(|k| (0..n).map(|l| inverse[(k, l)] * products[(l, n)]).sum()).collect();
        self.slopes_spread = inverse;
        Ok(())
    }

    /// Shows each unit of a part with what the effects of unit and period leave of its outcome, by period, and after
    /// it of each covariate; 0 where the unit was not seen or cannot be imputed.
    pub fn for_each_left(&self, part: &Part, mut show: impl FnMut(usize, &[f64])) {
        let (n_periods, n_columns) = (self.panel.periods().len(), 1 + self.covariates.len());
        let mut left = vec![0.0; n_periods * n_columns];
        for_each_unit(self.panel, &self.covariates, &part.pattern.units, |unit, values| {
            for (k, (left, values)) in
                left.chunks_exact_mut(n_periods).zip(values.chunks_exact(n_periods)).enumerate()
            {
                let mut sum = 0.0;
                for (t, left) in left.iter_mut().enumerate() {
                    let used = part.before[t] || part.after[t];
                    *left = if used { values[t] - self.period_effects[(t, k)] } else { 0.0 };
                    sum += if part.before[t] { *left } else { 0.0 };
                }
                let mean = sum / part.n_before;
                for (t, left) in left.iter_mut().enumerate() {
                    *left -= if part.before[t] || part.after[t] { mean } else { 0.0 };
                }
            }
            show(unit, &left);
        });
    }

    /// Shows each unit of a part with its residuals (untreated) and effects (treated) by period, and with what unit and
    /// period effects leave of each covariate; 0 where it was not seen or cannot be imputed.
    pub fn for_each_rest(&self, part: &Part, mut show: impl FnMut(usize, &[f64], &[f64])) {
        let n_periods = self.panel.periods().len();
        let mut rest = vec![0.0; n_periods];
        self.for_each_left(part, |unit, left| {
            let (outcome, covariates) = left.split_at(n_periods);
            rest.copy_from_slice(outcome);
            for (slope, covariate) in self.slopes.iter().zip(covariates.chunks_exact(n_periods)) {
                rest.iter_mut().zip(covariate).for_each(|(y, x)| *y -= slope * x);
            }
            show(unit, &rest, covariates);
        });
    }
}
