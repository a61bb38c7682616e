//! What treated observations add up to, by start and period.

use super::fit::{Fit, Part};
use crate::effect::shares::Shares;

/// Of the treated observations of one start in one period.
#[derive(Clone, Debug)]
pub(super) struct Treated {
    pub n: usize,
    /// Sums of effects and of covariates (unit and period effects taken out), weighted once.
    pub effects: f64,
    pub covariates: Vec<f64>,
    /// Sums of effects and of ones, weighted twice.
    pub effects_twice: f64,
    pub twice: f64,
}

/// Effects summed by start and period, and over all.
pub(super) struct Sums {
    pub cells: Vec<Treated>,
    pub all: Treated,
    /// By start and period, the place of its cell.
    places: Vec<Option<usize>>,
}

impl Sums {
    pub fn of(fit: &Fit<'_>, shares: &Shares) -> Self {
        let n_periods = fit.panel.periods().len();
        let none = Treated {
            n: 0,
            effects: 0.0,
            covariates: vec![0.0; fit.covariates.len()],
            effects_twice: 0.0,
            twice: 0.0,
        };
        let mut places = vec![None; fit.panel.cohorts().len() * n_periods];
        for (place, cell) in shares.cells.iter().enumerate() {
            places[cell.cohort * n_periods + cell.at] = Some(place);
        }
        let mut sums = Sums { cells: vec![none.clone(); shares.cells.len()], all: none, places };
        for part in fit.parts.iter().filter(|part| part.after.contains(&true)) {
            let places = sums.places_of(part);
            sums.all.n += part.pattern.units.len();
            fit.for_each_rest(part, |unit, rest, covariates| {
                let weight = fit.panel.weight(unit);
                for &(t, place) in &places {
                    let cell = &mut sums.cells[place];
                    cell.n += 1;
                    cell.effects += weight * rest[t];
                    for (sum, covariate) in cell.covariates.iter_mut().zip(covariates.chunks_exact(n_periods))
                    {
                        *sum += weight * covariate[t];
                    }
                    cell.effects_twice += weight * weight * rest[t];
                    cell.twice += weight * weight;
                }
            });
        }
        for cell in &sums.cells {
            sums.all.effects_twice += cell.effects_twice;
            sums.all.twice += cell.twice;
        }
        sums
    }

    /// The mean effect of each cell.
    pub fn effects(&self, shares: &Shares) -> Vec<f64> {
        self.cells.iter().zip(&shares.cells).map(|(sum, cell)| sum.effects / cell.size).collect()
    }

    /// How many observations each cell rests on.
    pub fn n_treated(&self) -> impl Iterator<Item = usize> {
        self.cells.iter().map(|cell| cell.n)
    }

    /// Whether a single unit has all the effects there are.
    pub fn is_of_one_unit(&self) -> bool {
        self.all.n < 2
    }

    /// The treated periods of a part, each with the place of its cell.
    pub fn places_of(&self, part: &Part) -> Vec<(usize, usize)> {
        let n_periods = part.after.len();
        let of_start = part.pattern.cohort.map_or(&[][..], |cohort| &self.places[cohort * n_periods..]);
        let treated = of_start.iter().zip(&part.after).enumerate();
        treated.filter(|(_, (_, after))| **after).filter_map(|(t, (place, _))| Some((t, (*place)?))).collect()
    }
}
