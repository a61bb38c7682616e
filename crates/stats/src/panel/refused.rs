//! Why rows do not make a panel, each with its line and what to do.

use super::{Kind, Period};
use crate::table::{Place, TableRefused};

/// Numbers up to this power of ten are taken: sums of their fourth powers are still numbers.
pub(super) const EXPONENT_MOST: i32 = 70;

/// Why no panel was made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PanelRefused {
    /// The table itself cannot be read.
    #[error(transparent)]
    Table(#[from] TableRefused),
    /// A header and nothing below.
    #[error("there are no rows below the header; give one row per unit and period")]
    NoRows,
    /// Rows, and nothing observed in any.
    #[error("none of the {n_rows} rows has an outcome; name the column that holds it")]
    NoOutcome {
        /// Rows.
        n_rows: usize,
    },
    /// An outcome that is not a finite number.
    #[error(
        "{at}: the outcome of `{unit}` in {period} is not a finite number; leave the row out if nothing was observed"
    )]
    NotFinite {
        /// Where.
        at: Place,
        /// Whose.
        unit: String,
        /// When.
        period: Period,
    },
    /// A number whose square, or the sum of some, is beyond what a computer counts.
    #[error(
        "{at}, {number}: `{unit}` has a number beyond 10^{EXPONENT_MOST} in {period}, which cannot be reckoned with; \
         check it, or give it in a larger unit of measure"
    )]
    TooLarge {
        /// Where.
        at: Place,
        /// What it is.
        number: Number,
        /// Whose.
        unit: String,
        /// When.
        period: Period,
    },
    /// All outcomes too small for their squares.
    #[error(
        "all outcomes lie within 10^-{EXPONENT_MOST} of 0, which is too near to be reckoned with; check them, or give them in \
         a smaller unit of measure"
    )]
    TooSmall,
    /// One unit twice in one period.
    #[error("{at}: `{unit}` has a row for {period} already {first_at:#}; keep one row per unit and period")]
    Twice {
        /// The later row.
        at: Place,
        /// The earlier row.
        first_at: Place,
        /// Whose.
        unit: String,
        /// When.
        period: Period,
    },
    /// One unit with two starts.
    #[error(
        "{at}: `{unit}` starts {} here but {} {first_at:#}; give all rows of a unit the same start{}",
        start_words(found),
        start_words(first),
        on_and_off(found, first)
    )]
    StartChanged {
        /// The later row.
        at: Place,
        /// The earlier row.
        first_at: Place,
        /// Whose.
        unit: String,
        /// The later row's start.
        found: Option<Period>,
        /// The earlier row's start.
        first: Option<Period>,
    },
    /// One unit in two clusters.
    #[error(
        "{at}: `{unit}` is in another cluster here than {first_at:#}; give all rows of a unit the same cluster"
    )]
    ClusterChanged {
        /// The later row.
        at: Place,
        /// The unit's first row.
        first_at: Place,
        /// Whose.
        unit: String,
    },
    /// One unit with two labels.
    #[error(
        "{at}: `{unit}` has another `{column}` here than {first_at:#}; give all rows of a unit the same, \
         or name a column that does not change"
    )]
    LabelChanged {
        /// The later row.
        at: Place,
        /// The unit's first row.
        first_at: Place,
        /// Whose.
        unit: String,
        /// Of which column.
        column: String,
    },
    /// A weight that cannot be one.
    #[error("{at}: the weight of `{unit}` is not a number above 0; leave out rows that should not count")]
    BadWeight {
        /// Where.
        at: Place,
        /// Whose.
        unit: String,
    },
    /// A covariate that is not a finite number.
    #[error(
        "{at}: `{covariate}` of `{unit}` is not a finite number; leave the cell empty if it is not known"
    )]
    CovariateNotFinite {
        /// Where.
        at: Place,
        /// Whose.
        unit: String,
        /// Which covariate.
        covariate: String,
    },
    /// A treatment that ends.
    #[error(
        "{at}: `{unit}` is without the treatment in {off}, which it has since {on}; \
         once on, it must stay on: leave out the periods after it was given up, or the unit"
    )]
    TurnedOff {
        /// Where.
        at: Place,
        /// Whose.
        unit: String,
        /// The first period with it.
        on: Period,
        /// The last period without it.
        off: Period,
    },
    /// Dates among numbers, or the like.
    #[error(
        "{at}: {found} is not of one kind with the periods before it, which are {expected}; write all periods and starts alike"
    )]
    MixedPeriods {
        /// Where.
        at: Place,
        /// What stands there.
        found: Period,
        /// The kind of the first period.
        expected: Kind,
    },
    /// Hardly any cell is filled.
    #[error(
        "{n_rows} rows spread over {n_units} units and {n_periods} periods leave nearly all cells empty; \
         use coarser periods, say months instead of days"
    )]
    TooSparse {
        /// Rows.
        n_rows: usize,
        /// Units.
        n_units: usize,
        /// Distinct periods.
        n_periods: usize,
    },
    /// Dropping incomplete units left none.
    #[error("every unit lacks some period, so none is left after dropping; keep units with gaps instead")]
    AllDropped,
}

impl PanelRefused {
    /// The same of a file that has no lines.
    pub(super) fn in_rows(mut self) -> Self {
        match &mut self {
            PanelRefused::Table(refused) => return refused.clone().in_rows().into(),
            PanelRefused::Twice { at, first_at, .. }
            | PanelRefused::StartChanged { at, first_at, .. }
            | PanelRefused::ClusterChanged { at, first_at, .. }
            | PanelRefused::LabelChanged { at, first_at, .. } => {
                (*at, *first_at) = (at.in_rows(), first_at.in_rows());
            }
            PanelRefused::NotFinite { at, .. }
            | PanelRefused::TooLarge { at, .. }
            | PanelRefused::BadWeight { at, .. }
            | PanelRefused::CovariateNotFinite { at, .. }
            | PanelRefused::TurnedOff { at, .. }
            | PanelRefused::MixedPeriods { at, .. } => *at = at.in_rows(),
            PanelRefused::NoRows
            | PanelRefused::NoOutcome { .. }
            | PanelRefused::TooSmall
            | PanelRefused::TooSparse { .. }
            | PanelRefused::AllDropped => {}
        }
        self
    }
}

/// Which of a row's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number {
    /// Its outcome.
    Outcome,
    /// Its weight.
    Weight,
    /// Of the column, or the covariate, of that name.
    Named(String),
}

impl std::fmt::Display for Number {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Number::Outcome => to.write_str("outcome"),
            Number::Weight => to.write_str("weight"),
            Number::Named(column) => write!(to, "column `{column}`"),
        }
    }
}

/// A column of 0 and 1 reads as never and as a start in period 1.
fn on_and_off(found: &Option<Period>, first: &Option<Period>) -> &'static str {
    match (found, first) {
        (Some(Period::Number(1)), None) | (None, Some(Period::Number(1))) => {
            "; if the column says with 1 and 0 in which periods it is on, name it as the one that does"
        }
        _ => "",
    }
}

fn start_words(start: &Option<Period>) -> String {
    start.map_or_else(|| "never".to_owned(), |start| format!("in {start}"))
}
