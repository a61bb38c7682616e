//! What a friction's metric says of a remedy: worked numbers, what must not matter, and how often it is wrong.

use super::*;

#[track_caller]
fn check(before: &[f64], after: &[f64], says: Says) {
    assert_eq!(read_off(before, after, Less::IsBetter).says, says);
}

/// Worked in docs/methods/diagnosis.md: of the 35 ways to pick three of seven, only the one seen is as low.
#[test]
fn a_backlog_that_fell_to_a_third_is_gone_and_one_that_stayed_is_there() {
    let before = [30.0, 34.0, 28.0, 32.0];
    let reading = read_off(&before, &[12.0, 9.0, 9.0], Less::IsBetter);
    assert_eq!((reading.before, reading.after), (level_of(4, 31.0), level_of(3, 10.0)));
    assert_eq!(reading.says, Says::Became(Outcome::Gone));
    check(&before, &[31.0, 29.0, 33.0], Says::Became(Outcome::Stayed));
    // A little better is not gone: more than half of it is left, and clearly so.
    check(&before, &[24.0, 22.0, 25.0], Says::Became(Outcome::Stayed));
    // About half of it is left: neither.
    check(&before, &[16.0, 17.0, 15.0], Says::CannotTell);
}

fn level_of(n_values: usize, mean: f64) -> Level {
    Level { n_values, mean: Some(mean) }
}

#[test]
fn with_too_few_values_nothing_is_read() {
    check(&[30.0, 34.0, 28.0], &[1.0, 1.0, 1.0], Says::TooFew);
    check(&[30.0, 34.0, 28.0, 31.0], &[1.0, 1.0], Says::TooFew);
    check(&[], &[], Says::TooFew);
    assert_eq!(read_off(&[], &[], Less::IsBetter).before.mean, None);
}

#[test]
fn a_metric_of_which_more_is_better_and_one_that_was_nothing_before_tell_nothing() {
    let reading = read_off(&[40.0, 41.0, 39.0, 40.0], &[90.0, 91.0, 92.0], Less::IsWorse);
    assert_eq!((reading.says, reading.after.mean), (Says::CannotTell, Some(91.0)));
    check(&[0.0, 0.0, 0.0, 0.0], &[0.0, 0.0, 0.0], Says::CannotTell);
    check(&[-3.0, -2.0, -3.0, -2.0], &[-9.0, -9.0, -9.0], Says::CannotTell);
}

/// One low week among wild ones is chance: the mean has halved, and more than one in twenty picks is as low.
#[test]
fn what_chance_does_is_not_read_as_gone() {
    check(&[2.0, 90.0, 3.0, 60.0, 1.0], &[4.0, 5.0, 6.0], Says::CannotTell);
    // Of 35 picks 4 are as low: 11 of 100, more than one in twenty.
    check(&[2.0, 90.0, 60.0, 50.0], &[4.0, 5.0, 6.0], Says::CannotTell);
}

#[test]
fn the_latest_before_and_the_first_since_count() {
    let old = [100.0; 9];
    let before: Vec<f64> = old.into_iter().chain([30.0, 34.0, 28.0, 32.0, 31.0, 30.0, 33.0, 32.0]).collect();
    let after: Vec<f64> = [30.0; 8].into_iter().chain([1.0; 12]).collect();
    let reading = read_off(&before, &after, Less::IsBetter);
    assert_eq!((reading.before.n_values, reading.after.n_values), (reading::MOST, reading::MOST));
    assert_eq!((reading.before.mean, reading.after.mean), (Some(31.25), Some(30.0)));
}

#[test]
fn the_unit_of_measure_and_the_order_within_do_not_matter() {
    let (before, after) = ([30.0, 34.0, 28.0, 32.0, 29.0], [12.0, 9.0, 10.0]);
    let says = read_off(&before, &after, Less::IsBetter).says;
    for scale in [0.001, 60.0] {
        let scaled = |values: &[f64]| values.iter().rev().map(|value| value * scale).collect::<Vec<_>>();
        check(&scaled(&before), &scaled(&after), says);
    }
}

/// 2,000 series each, log-normal with a spread of 0.3, six values before and four since, seed 5. Nothing is said to be
/// gone of what is there in more than one of twenty, nothing to be there of what is at most half left in more than one of
/// twenty; four standard errors of 2,000 are 2 points.
#[test]
fn it_is_seldom_wrong_and_mostly_sees_what_is_clear() {
    let mut dice = dice(5);
    // Twelve uniform numbers less six are as good as normal here.
    let mut value = || (3.0 + 0.3 * ((0..12).map(|_| dice.random::<f64>()).sum::<f64>() - 6.0)).exp();
    let mut shares = |left: f64| {
        let mut n = [0.0; 3];
        for _ in 0..2_000 {
            let before: Vec<f64> = (0..6).map(|_| value()).collect();
            let after: Vec<f64> = (0..4).map(|_| left * value()).collect();
            match read_off(&before, &after, Less::IsBetter).says {
                Says::Became(Outcome::Gone) => n[0] += 1.0 / 2_000.0,
                Says::Became(Outcome::Stayed) => n[1] += 1.0 / 2_000.0,
                Says::TooFew | Says::CannotTell => n[2] += 1.0 / 2_000.0,
            }
        }
        println!("{left:.2} is left: gone {:.3}, stayed {:.3}, asked {:.3}", n[0], n[1], n[2]);
        n
    };
    let unchanged = shares(1.0);
    assert!(unchanged[0] <= 0.05 + 0.02 && unchanged[1] >= 0.8, "{unchanged:?}");
    let half = shares(0.5);
    assert!(half[1] <= 0.05 + 0.02, "{half:?}");
    let fifth = shares(0.2);
    assert!(fifth[0] >= 0.9 && fifth[1] == 0.0, "{fifth:?}");
}
