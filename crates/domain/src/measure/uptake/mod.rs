//! Uptake: is the solution used by those who have it. Each number with its definition, to be printed beside it.
//!
//! It counts; what of the counts may be shown is for `suppression`. Days are UTC days. No number here is about one
//! person.

mod adoption;
mod course;
mod definition;
mod depth;
mod history;
mod home;
mod released;
#[cfg(test)]
mod tests;
mod unit_week;

pub use adoption::{Adoption, Stay, Step, adoption, rogers};
pub use course::{CourseRefused, N_WEEKS_FEWEST, course};
pub use definition::{
    ACTIVATION, BREADTH, CURVE, DEFINITIONS, DEPTH, Definition, FREQUENCY, LIFECYCLE, REACH, RETENTION,
    STICKINESS, TIME_TO_ADOPT, UTILISATION, WEEKLY_ACTIVE,
};
pub use depth::{Doing, breadth, effective, events_each, percentile};
pub use history::{Detail, Histories, Lifecycle, N_DAYS_MONTH, Retention, UseDay, active};
pub use home::{Home, UsedIn, home_in, homes};
pub use released::{Beside, Month, Released, is_untold, months};
pub use unit_week::{Access, Count, count, first_weeks, stays};

/// Days after access within which somebody must have used the solution to count as activated.
pub const N_DAYS_ACTIVATION: u32 = 14;
