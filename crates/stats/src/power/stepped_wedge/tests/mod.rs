mod reference;
mod special;

use super::*;
use crate::power::{Test, Variance};
use crate::uncertainty::Level;

fn test() -> Test {
    Test::by_normal(Level::NINETY_FIVE)
}

/// One effect, free periods.
fn constant(schedule: &Schedule, variance: &Variance, n_people: f64) -> f64 {
    variance_of_effect(schedule, variance, &People::Same(n_people), &Estimand::Constant, Periods::Free)
        .unwrap()
}

#[track_caller]
fn close(found: f64, expect: f64, what: &str) {
    assert!((found - expect).abs() <= 1e-8 * expect.abs(), "{what}: {found} is not {expect}");
}
