//! Who has the treatment when, and how many people stand behind each number.

use super::ScheduleRefused;
use crate::power::Timing;

/// Units by periods: how much of the treatment each unit has, period by period.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    n_periods: usize,
    /// Unit by unit. `None`: not observed.
    rows: Vec<Vec<Option<f64>>>,
}

/// Waves of slots for units that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waves {
    /// How many units there are.
    pub n_units: usize,
    /// How many slots each wave has. What is more than the units left stays empty.
    pub slots: Vec<usize>,
    /// When the waves start.
    pub timing: Timing,
}

/// How many people a unit's number of one period is the mean of.
#[derive(Clone, Debug, PartialEq)]
pub enum People {
    /// As many everywhere; 1 where the outcome is the unit's own.
    Same(f64),
    /// Unit by unit.
    ByUnit(Vec<f64>),
}

impl Schedule {
    /// The schedule of these rows, one a unit: shares of treatment from 0 to 1, `None` where nothing will be observed.
    pub fn of_rows(rows: Vec<Vec<Option<f64>>>) -> Result<Self, ScheduleRefused> {
        let n_periods = rows.first().map_or(0, Vec::len);
        if rows.len() < 2 || n_periods < 2 {
            return Err(ScheduleRefused::TooSmall { n_units: rows.len(), n_periods });
        }
        for (unit, row) in rows.iter().enumerate() {
            if row.len() != n_periods {
                return Err(ScheduleRefused::Ragged {
                    unit: unit + 1,
                    found: row.len(),
                    expected: n_periods,
                });
            }
            let bad = |cell: &Option<f64>| cell.is_some_and(|share| !(0.0..=1.0).contains(&share));
            if let Some(period) = row.iter().position(bad) {
                let share = row[period].unwrap_or(f64::NAN);
                return Err(ScheduleRefused::NotAShare { unit: unit + 1, period: period + 1, share });
            }
        }
        Ok(Schedule { n_periods, rows })
    }

    /// The schedule of these waves; units are interchangeable, so the first ones start first.
    pub fn of_waves(waves: &Waves) -> Result<Self, ScheduleRefused> {
        let Waves { slots, timing, .. } = waves;
        if slots.len() != timing.n_waves() {
            return Err(ScheduleRefused::Slots { found: slots.len(), expected: timing.n_waves() });
        }
        if slots.iter().sum::<usize>() == 0 {
            return Err(ScheduleRefused::NobodyStarts);
        }
        let row =
            |start: usize| (0..timing.n_periods).map(|t| Some(if t >= start { 1.0 } else { 0.0 })).collect();
        let starts = waves.starts().into_iter();
        Schedule::of_rows(
            starts.map(|wave| row(wave.map_or(timing.n_periods, |wave| timing.starts[wave]))).collect(),
        )
    }

    /// The textbook's stepped wedge: all start, `n_per_step` units at each of `n_steps` steps, one period before the first.
    ///
    /// ```
    /// use traction_stats::power::stepped_wedge::Schedule;
    ///
    /// let schedule = Schedule::of_steps(3, 1)?;
    /// assert_eq!((schedule.n_units(), schedule.n_periods()), (3, 4));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_steps(n_steps: usize, n_per_step: usize) -> Result<Self, ScheduleRefused> {
        let timing = Timing::even(1, 1, n_steps)?;
        Schedule::of_waves(&Waves { n_units: n_steps * n_per_step, slots: vec![n_per_step; n_steps], timing })
    }

    /// How many units.
    pub fn n_units(&self) -> usize {
        self.rows.len()
    }

    /// How many periods.
    pub fn n_periods(&self) -> usize {
        self.n_periods
    }

    /// Each unit's shares of treatment, period by period; `None` where nothing will be observed.
    pub fn rows(&self) -> &[Vec<Option<f64>>] {
        &self.rows
    }
}

impl Waves {
    /// The wave each unit starts in, the first units first; `None` for those no slot is left for.
    pub fn starts(&self) -> Vec<Option<usize>> {
        let mut starts: Vec<Option<usize>> =
            self.slots.iter().enumerate().flat_map(|(wave, &k)| std::iter::repeat_n(Some(wave), k)).collect();
        starts.resize(self.n_units, None);
        starts
    }
}

impl People {
    /// The people of each of `n_units` units.
    pub(super) fn of_units(&self, n_units: usize) -> Result<Vec<f64>, ScheduleRefused> {
        let people = match self {
            People::Same(n) => vec![*n; n_units],
            People::ByUnit(people) => people.clone(),
        };
        match people.iter().find(|n| !(**n > 0.0 && n.is_finite())) {
            Some(bad) => Err(ScheduleRefused::People(bad.to_string())),
            None if people.len() != n_units => {
                Err(ScheduleRefused::People(format!("given for {} of {n_units} units", people.len())))
            }
            None => Ok(people),
        }
    }
}
