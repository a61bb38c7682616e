//! Who takes part, by start, and which mean outcomes each effect is the difference of.
//!
//! Weights only: it looks at no outcome, except that units with gaps are left out.

use std::collections::BTreeSet;

use super::super::Compare;
use super::{EfficientLeftOut, EfficientRefused};
use crate::effect::{StartsRefused, starts};
use crate::panel::{Panel, Period};

/// The most numbers that covariances by start may take: 800 megabytes of them.
const MOST_NUMBERS: usize = 100_000_000;

/// The units of one start.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    /// `None` for those that never start.
    pub start: Option<Period>,
    pub units: Vec<usize>,
    /// The place of the first period on or after the start; the number of periods if there is none.
    pub first: usize,
}

/// All units that take part, by start, ascending; those that never start come last.
#[derive(Clone, Debug)]
pub(super) struct Arms {
    pub arms: Vec<Arm>,
    pub n_units: usize,
    pub n_periods: usize,
}

/// The units of one start in one period, by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub arm: usize,
    pub period: usize,
}

/// An effect as a weighted sum of mean outcomes, and the same sum taken where nothing can have happened yet.
#[derive(Clone, Debug)]
pub(super) struct Contrast {
    /// Arms x periods.
    pub after: Vec<f64>,
    /// Arms x periods: the same units compared in the last period before each start.
    pub before: Vec<f64>,
}

impl Arms {
    /// The arms of a panel, and what is left out.
    pub fn of(panel: &Panel) -> Result<(Self, EfficientLeftOut), EfficientRefused> {
        let n_periods = panel.periods().len();
        if panel.has_weights() {
            return Err(EfficientRefused::Weighted);
        }
        if panel.clusters().is_some() {
            return Err(EfficientRefused::Clustered);
        }
        starts::of_units_are_there(panel)?;
        let mut left_out = EfficientLeftOut::default();
        let mut arms = Vec::new();
        for cohort in panel.cohorts() {
            let on = |&t: &usize| panel.exposure(t, cohort.start) >= 0;
            let first = (0..n_periods).find(on).unwrap_or(n_periods);
            if first == 0 {
                left_out.n_already_started += cohort.units.len();
            } else {
                arms.push(Arm { start: Some(cohort.start), units: cohort.units.clone(), first });
            }
        }
        if arms.is_empty() {
            return Err(StartsRefused::NothingBefore {
                n_units: left_out.n_already_started,
                anticipation: 0,
            }
            .into());
        }
        arms.push(Arm { start: None, units: panel.never().to_vec(), first: n_periods });
        let n_before: usize = arms.iter().map(|arm| arm.units.len()).sum();
        let n_never = panel.never().len();
        let firsts =
            |arms: &[Arm]| arms.iter().filter(|arm| !arm.units.is_empty()).map(|arm| arm.first).collect();
        let told_apart = BTreeSet::len(&firsts(&arms)) > 1;
        let mut complete = vec![true; panel.units().len()];
        for period in 0..n_periods {
            let column = panel.column(period).iter();
            complete.iter_mut().zip(column).for_each(|(complete, y)| *complete &= !y.is_nan());
        }
        arms.iter_mut().for_each(|arm| arm.units.retain(|&unit| complete[unit]));
        arms.retain(|arm| !arm.units.is_empty());
        let n_units = arms.iter().map(|arm| arm.units.len()).sum();
        left_out.n_with_gaps = n_before - n_units;
        let n_starts = arms.len();
        let n_numbers = n_periods.saturating_mul(n_periods).saturating_mul(n_starts);
        if n_numbers > MOST_NUMBERS || n_starts > usize::from(u16::MAX) {
            return Err(EfficientRefused::TooManyPeriods { n_starts, n_periods });
        }
        match arms.first() {
            None => Err(EfficientRefused::AllHaveGaps { n_units: n_before }),
            Some(first) if told_apart && arms.iter().all(|arm| arm.first == first.first) => {
                let n_starting = n_before - n_never;
                Err(EfficientRefused::GapsLeaveOneStart {
                    n_starting,
                    n_never,
                    n_left: n_units,
                    left: first.start,
                })
            }
            Some(first) if arms.iter().all(|arm| arm.first == first.first) => match first.start {
                Some(_) => Err(StartsRefused::EveryoneAtOnce { n_units }.into()),
                None => Err(StartsRefused::NobodyStarts.into()),
            },
            Some(_) => Ok((Arms { arms, n_units, n_periods }, left_out)),
        }
    }

    /// How many units an arm has.
    pub fn n(&self, arm: usize) -> f64 {
        self.arms[arm].units.len() as f64
    }

    /// The first period with the treatment of the units that start first.
    pub fn first(&self) -> usize {
        self.arms.iter().map(|arm| arm.first).min().unwrap_or(0)
    }

    /// Every start and period that has somebody to be compared with.
    pub fn places(&self, compare: Compare) -> Vec<Place> {
        let starting = (0..self.arms.len()).filter(|&arm| self.arms[arm].start.is_some());
        let all = starting.flat_map(|arm| (0..self.n_periods).map(move |period| Place { arm, period }));
        all.filter(|place| self.compared(*place, compare).next().is_some()).collect()
    }

    /// The arms that `place` is compared with: those that start after its period, and after its own last period before.
    pub fn compared(&self, place: Place, compare: Compare) -> impl Iterator<Item = usize> {
        let later = place.period.max(self.arms[place.arm].first - 1);
        let last = self.arms.iter().map(|arm| arm.first).max().unwrap_or(0);
        let serves = move |arm: &Arm| match compare {
            Compare::NotYet => arm.first > later,
            Compare::Never => arm.first > later && arm.first == last,
        };
        (0..self.arms.len()).filter(move |&arm| arm != place.arm && serves(&self.arms[arm]))
    }

    /// How many units `place` is compared with.
    pub fn n_compared(&self, place: Place, compare: Compare) -> usize {
        self.compared(place, compare).map(|arm| self.arms[arm].units.len()).sum()
    }

    /// The weighted sum of the effects at `places`.
    pub fn contrast(&self, places: &[(Place, f64)], compare: Compare) -> Contrast {
        let n_cells = self.arms.len() * self.n_periods;
        let mut contrast = Contrast { after: vec![0.0; n_cells], before: vec![0.0; n_cells] };
        for &(place, weight) in places {
            let base = self.arms[place.arm].first - 1;
            let n_compared = self.n_compared(place, compare) as f64;
            let mut add = |arm: usize, weight: f64| {
                contrast.after[arm * self.n_periods + place.period] += weight;
                contrast.before[arm * self.n_periods + base] += weight;
            };
            add(place.arm, weight);
            self.compared(place, compare).for_each(|arm| add(arm, -weight * self.n(arm) / n_compared));
        }
        contrast
    }

    /// Units less the starts whose means they give.
    pub fn spare(&self) -> f64 {
        (self.n_units - self.arms.len()) as f64
    }

    /// The degrees of freedom that the variance of a sum of mean outcomes has, were all outcomes independent and equally
    /// spread: Satterthwaite's, of parts by start. No outcome decides it.
    pub fn degrees(&self, weights: &[f64]) -> f64 {
        let (mut all, mut squares) = (0.0_f64, 0.0);
        for arm in 0..self.arms.len() {
            let part = self.row(weights, arm).iter().map(|weight| weight * weight).sum::<f64>() / self.n(arm);
            let df = if self.n(arm) > 1.0 { self.n(arm) - 1.0 } else { self.spare() };
            all += part;
            squares += part * part / df;
        }
        if squares > 0.0 { (all * all / squares).min(self.spare()) } else { self.spare() }
    }

    /// The row of an arm in weights that are arms x periods.
    pub fn row<'a>(&self, weights: &'a [f64], arm: usize) -> &'a [f64] {
        &weights[arm * self.n_periods..][..self.n_periods]
    }
}
