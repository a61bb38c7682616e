//! The series and the numbers that describe its line, its seasons and the break in it.

use super::seasons::Seasons;
use super::{InterruptedLeftOut, InterruptedRefused};
use crate::panel::{Cohort, Panel, Period};

/// With fewer periods after the start than this, a bend cannot be told from chance: only a step is sought.
const FEWEST_FOR_A_BEND: usize = 3;

/// A series with one start.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub start: Period,
    /// Rows of the panel.
    pub units: Vec<usize>,
    periods: Vec<Period>,
    exposures: Vec<i64>,
    outcomes: Vec<f64>,
    seasons: Seasons,
}

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Step,
    StepAndBend,
}

impl Series {
    /// The mean of the units of the panel's one start, in periods in which all were seen.
    ///
    /// - `season`: periods in a season, where one is to be allowed for if enough of them were seen.
    pub(super) fn of(
        panel: &Panel,
        season: Option<usize>,
    ) -> Result<(Self, InterruptedLeftOut), InterruptedRefused> {
        let has_before = |cohort: &&Cohort| panel.exposure(0, cohort.start) < 0;
        let (cohorts, always): (Vec<&Cohort>, Vec<&Cohort>) = panel.cohorts().iter().partition(has_before);
        let cohort = match &cohorts[..] {
            [] if always.is_empty() => return Err(InterruptedRefused::NobodyStarts),
            [] => return Err(InterruptedRefused::TooFewBefore { n_before: 0 }),
            [one] => *one,
            several => return Err(InterruptedRefused::SeveralStarts { n_starts: several.len() }),
        };
        let n = cohort.units.len() as f64;
        let mean = |period: usize| -> Option<f64> {
            let seen = cohort.units.iter().map(|&unit| panel.outcome(unit, period));
            seen.sum::<Option<f64>>().map(|sum| sum / n)
        };
        let mut series = Series {
            start: cohort.start,
            units: cohort.units.clone(),
            periods: Vec::new(),
            exposures: Vec::new(),
            outcomes: Vec::new(),
            seasons: Seasons::None,
        };
        for (place, &period) in panel.periods().iter().enumerate() {
            if let Some(outcome) = mean(place) {
                series.periods.push(period);
                series.exposures.push(panel.exposure(place, cohort.start));
                series.outcomes.push(outcome);
            }
        }
        let before: Vec<i64> = series.exposures.iter().copied().filter(|exposure| *exposure < 0).collect();
        series.seasons = Seasons::of(&before, season);
        let left_out = InterruptedLeftOut {
            n_never: panel.never().len(),
            n_already_started: always.iter().map(|cohort| cohort.units.len()).sum(),
            n_periods_with_gaps: panel.periods().len() - series.periods.len(),
        };
        Ok((series, left_out))
    }

    /// Periods before the start, and from it on.
    pub(super) fn n_periods(&self) -> (usize, usize) {
        let before = self.exposures.iter().filter(|exposure| **exposure < 0).count();
        (before, self.exposures.len() - before)
    }

    pub(super) fn exposures(&self) -> &[i64] {
        &self.exposures
    }

    pub(super) fn outcomes(&self) -> &[f64] {
        &self.outcomes
    }

    fn shape(&self) -> Shape {
        if self.n_periods().1 < FEWEST_FOR_A_BEND { Shape::Step } else { Shape::StepAndBend }
    }

    /// How seasons are allowed for.
    pub(super) fn seasons(&self) -> Seasons {
        self.seasons
    }

    /// One row a period: 1, time in spans of the series, the season; then whether it has started, exposure since.
    pub(super) fn rows(&self) -> Vec<Vec<f64>> {
        self.exposures.iter().map(|&exposure| self.row(exposure)).collect()
    }

    fn row(&self, exposure: i64) -> Vec<f64> {
        let effect = if exposure < 0 { vec![0.0; self.n_numbers()] } else { self.effect_at(exposure as f64) };
        let line = self.line(exposure);
        let n = line.len();
        line.into_iter().chain(effect.into_iter().skip(n)).collect()
    }

    /// What the course without a break is made of: 1, time, the season.
    fn line(&self, exposure: i64) -> Vec<f64> {
        [1.0, self.time(exposure)].into_iter().chain(self.seasons.terms(exposure)).collect()
    }

    /// How many numbers are fitted.
    pub(super) fn n_numbers(&self) -> usize {
        match self.shape() {
            Shape::Step => 3 + self.seasons.n_terms(),
            Shape::StepAndBend => 4 + self.seasons.n_terms(),
        }
    }

    /// What the effect at some exposure is made of, in terms of the fitted numbers.
    pub(super) fn effect_at(&self, exposure: f64) -> Vec<f64> {
        let mut effect = vec![0.0; 2 + self.seasons.n_terms()];
        match self.shape() {
            Shape::Step => effect.push(1.0),
            Shape::StepAndBend => effect.extend([1.0, exposure]),
        }
        effect
    }

    /// What the change of slope is, in terms of the fitted numbers; `None` where none is sought.
    pub(super) fn bend(&self) -> Option<Vec<f64>> {
        (self.shape() == Shape::StepAndBend).then(|| {
            let mut bend = vec![0.0; self.n_numbers()];
            bend[self.n_numbers() - 1] = 1.0;
            bend
        })
    }

    /// Period, outcome, and what the line without a break is made of there.
    pub(super) fn points(&self) -> impl Iterator<Item = (Period, f64, Vec<f64>)> {
        self.periods
            .iter()
            .zip(&self.outcomes)
            .zip(&self.exposures)
            .map(|((period, outcome), exposure)| (*period, *outcome, self.line(*exposure)))
    }

    /// Time in spans of the series, so that the fitted numbers are of one size.
    fn time(&self, exposure: i64) -> f64 {
        let first = self.exposures.first().copied().unwrap_or(0);
        let last = self.exposures.last().copied().unwrap_or(0);
        exposure as f64 / (last - first).max(1) as f64
    }
}
