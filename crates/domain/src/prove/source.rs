//! The data an evidence record rests on.

use traction_stats::panel::{Calendar, Panel, Period};

use super::came::Came;
use super::effective::Effective;
use super::evidence::LeftOut;
use super::wish::{Method, Wish};

/// The data an evidence record rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// SHA-256 of the data's bytes, in hexadecimal, as the door computed it.
    pub sha256: String,
    /// Rows that came.
    pub n_rows: usize,
    /// Units that came.
    pub n_units: usize,
    /// Distinct periods.
    pub n_periods: usize,
    /// How time since the start is counted.
    pub calendar: Calendar,
    /// Covariates, by name.
    pub covariates: Vec<String>,
    /// Units that never start within them.
    pub n_never: usize,
    /// Starts, ascending, with their units.
    pub cohorts: Vec<(Period, usize)>,
    /// How many of like weight all these are worth; see [`Effective`].
    pub effective: Effective,
    /// What was not used.
    pub left_out: Vec<LeftOut>,
}

impl Source {
    /// What came, and what it is worth.
    pub(super) fn of(panel: &Panel, came: &Came, wish: &Wish, sha256: &str) -> Source {
        Source {
            sha256: sha256.to_owned(),
            n_rows: came.n_rows,
            n_units: panel.units().len() + came.n_units_left_out(),
            n_periods: panel.periods().len(),
            calendar: panel.calendar(),
            covariates: panel.covariates().iter().map(|covariate| covariate.name.clone()).collect(),
            n_never: panel.never().len(),
            cohorts: panel.cohorts().iter().map(|cohort| (cohort.start, cohort.units.len())).collect(),
            effective: Effective::of(panel, Method::GroupTime),
            left_out: came.left_out(wish.seen).collect(),
        }
    }
}
