//! Whether the course of uptake lets itself be described by the curve of Bass, and the curve if it does.
//!
//! It refuses where a fit would say more than the numbers know: the curve is told by its bend.

use traction_stats::diffusion::{self, Bass, Form, Market};

use crate::measure::suppression::N_FEWEST;
use crate::refusal::Refusal;

/// The fewest weeks from which a curve is told.
pub const N_WEEKS_FEWEST: usize = 12;

/// The fewest people who must have begun: four times as many as are shown together.
const N_BEGUN_FEWEST: u32 = 4 * N_FEWEST;

/// Why no curve is shown. Each reason says what would bring it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CourseRefused {
    /// Not followed for long enough.
    #[error(
        "no unit has been followed for {N_WEEKS_FEWEST} weeks yet; the longest so far is {n_weeks}. Look again then"
    )]
    TooShort {
        /// The weeks of the longest.
        n_weeks: usize,
    },
    /// Too few people began to tell a course from chance, or from persons.
    #[error("too few people have begun to tell a course from; look again when {N_BEGUN_FEWEST} have")]
    TooFew,
    /// More began than there are members.
    #[error(
        "more people have begun than are known as members, so nobody knows how many are left to begin; bring the list of members up to date"
    )]
    NoMarket,
    /// The fastest week may be yet to come.
    #[error(
        "uptake has not passed its fastest week for certain, so the numbers do not hold yet how it goes on; look again some weeks after it slows down"
    )]
    BeforePeak,
    /// Numbers of another shape.
    #[error("the numbers have not the shape of such a curve; read them as they are")]
    OtherShape,
}

impl Refusal for CourseRefused {}

/// The curve of Bass through first uses by week since access.
///
/// - `new`: by week since access, how many people used it first in it, of units that were all followed for all of
///   these weeks.
/// - `n_eligible`: all members of these units. They are the market: inside an organisation it is known.
///
/// Refused on fewer than twelve weeks, and before the fastest week is over: there the fit's parts are not told apart.
/// Misleads where a wave of training or a mandate made a peak that nobody's example made.
pub fn course(new: &[u32], n_eligible: u32) -> Result<Bass, CourseRefused> {
    if new.len() < N_WEEKS_FEWEST {
        return Err(CourseRefused::TooShort { n_weeks: new.len() });
    }
    let n_begun: u32 = new.iter().sum();
    if n_begun < N_BEGUN_FEWEST {
        return Err(CourseRefused::TooFew);
    }
    if n_eligible < n_begun {
        return Err(CourseRefused::NoMarket);
    }
    let numbers: Vec<f64> = new.iter().map(|n| f64::from(*n)).collect();
    let fitted = diffusion::fit(&numbers, Market::Known(f64::from(n_eligible)), Form::Rise)
        .map_err(|_| CourseRefused::OtherShape)?;
    let curve = fitted.curve;
    if curve.imitation < 0.0 {
        return Err(CourseRefused::OtherShape);
    }
    // Twice the error beyond the peak: a single late week must not make a peak.
    let n_weeks = numbers.len() as f64;
    let late = Bass { imitation: (curve.imitation - 2.0 * fitted.errors.2).max(0.0), ..curve };
    let is_past = |curve: Bass| curve.peak().is_none_or(|peak| peak < n_weeks - 1.0);
    let third = new.len() / 3;
    let slows = new[new.len() - third..].iter().sum::<u32>() < *sums(new, third).iter().max().unwrap_or(&0);
    if is_past(curve) && is_past(late) && slows { Ok(curve) } else { Err(CourseRefused::BeforePeak) }
}

/// The sums over every stretch of `length` weeks.
fn sums(new: &[u32], length: usize) -> Vec<u32> {
    new.windows(length).map(|stretch| stretch.iter().sum()).collect()
}
