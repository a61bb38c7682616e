use super::*;
use crate::uncertainty::{Law, Level};

fn eighty() -> Share {
    Level::new(0.8).unwrap()
}

/// What is smallest is detected with the power asked for, but for the far tail.
#[test]
fn the_smallest_effect_has_the_power_asked_for() {
    for law in [Law::Normal, Law::Student { df: 10.0 }, Law::Student { df: 3.0 }] {
        let test = Test { level: Level::NINETY_FIVE, law };
        for power in [0.3, 0.5, 0.8, 0.9] {
            let effect = test.smallest_effect(2.5, Level::new(power).unwrap());
            let far = test.power(effect, 2.5) - power;
            assert!((0.0..0.01).contains(&(far + 1e-9)), "{law:?} {power}: {far}");
        }
    }
}

/// Reference: tables; 2.160 and 0.870 are the 97.5 % and 80 % points of Student's law at 13 degrees.
#[test]
fn few_units_need_larger_effects() {
    let few = Test::of_units(15, Level::NINETY_FIVE).unwrap();
    assert!((few.smallest_effect(1.0, eighty()) - (2.160 + 0.870)).abs() < 1e-3);
    assert_eq!(Test::of_units(40, Level::NINETY_FIVE), Some(Test::by_normal(Level::NINETY_FIVE)));
    assert!(few.power(1.0, 0.5) < Test::by_normal(Level::NINETY_FIVE).power(1.0, 0.5));
    assert_eq!(Test::of_units(2, Level::NINETY_FIVE), None);
}

#[test]
fn without_an_effect_power_is_the_false_alarms_share() {
    for n in [5, 12, 100] {
        let test = Test::of_units(n, Level::NINETY_FIVE).unwrap();
        assert!((test.power(0.0, 3.0) - 0.05).abs() < 1e-9, "{n}");
    }
}

#[test]
fn shares_out_of_range_are_refused() {
    assert_eq!(Variance::of_shares(0.0, 0.1, 1.0, 0.0), Err(SharesRefused::Total(0.0)));
    assert!(matches!(Variance::of_shares(1.0, 1.0, 1.0, 0.0), Err(SharesRefused::Share { value: 1.0, .. })));
    assert!(Variance::of_decay(1.0, 0.1, 1.2).unwrap_err().to_string().contains("between 0 and 1"));
    assert!(Variance::of_shares(1.0, f64::NAN, 1.0, 0.0).is_err());
}

#[test]
fn waves_are_added_and_left_out_with_the_time_that_belongs_to_them() {
    let timing = Timing::new(vec![3, 5, 8], 12).unwrap();
    assert_eq!(timing.with_one_more(), Timing { starts: vec![3, 5, 8, 11], n_periods: 15 });
    assert_eq!(timing.first(2), Timing { starts: vec![3, 5], n_periods: 9 });
    assert_eq!(timing.first(9), timing);
    assert_eq!((timing.n_since(), timing.n_waves()), (9, 3));
    let even = Timing::even(2, 3, 2).unwrap();
    assert_eq!(even.with_one_more(), Timing::even(2, 3, 3).unwrap());
    assert_eq!(even.with_one_more().first(2), even);
    assert!(matches!(Timing::new(vec![4], 4), Err(TimingRefused::Start { wave: 1, start: 5, n_periods: 4 })));
}
