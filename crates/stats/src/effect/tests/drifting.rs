//! What a straight drift does, and starts that are made up.

use super::*;
use crate::panel::{Pretence, Until};
use crate::uncertainty::Level;

fn roll_out() -> RollOut {
    RollOut {
        starts: vec![(Some(3), 40), (Some(4), 30), (Some(6), 50), (None, 80)],
        n_periods: 7,
        effect: 2.0,
    }
}

/// The same rows with a drift of `slope` a period put on the started units.
fn drifting(rows: &[Made], slope: f64) -> Vec<Made> {
    let drifted = |(unit, period, y, start): &Made| {
        let by = if start.is_some() { slope * *period as f64 } else { 0.0 };
        (unit.clone(), *period, y + by, *start)
    };
    rows.iter().map(drifted).collect()
}

/// Against never-started units everything is linear in the outcome: what the drift adds is known to the last digit.
#[test]
fn the_shift_is_what_a_drift_adds_to_the_effect() {
    let rows = roll_out().play(3);
    for settings in [
        Settings::default(),
        Settings { base: Base::Universal, ..Settings::default() },
        Settings { anticipation: 1, ..Settings::default() },
    ] {
        let panel = panel_of(&rows);
        let found = group_time(&panel, &settings).unwrap();
        let moved = group_time(&panel_of(&drifting(&rows, 0.7)), &settings).unwrap();
        let shift = simple(&moved).value - simple(&found).value;
        let each = pre_trends_and_drift(&panel, &found).unwrap();
        let by_exposure = pre_trends_and_drift_by_exposure(&panel, &found).unwrap();
        assert_eq!((Ok(each.0), Ok(by_exposure.0)), (pre_trends(&found), pre_trends_by_exposure(&found)));
        for (_, drift) in [each, by_exposure] {
            assert!((shift - 0.7 * drift.shift).abs() < 1e-10, "{shift} {}", drift.shift);
        }
    }
}

/// Brute force: 1,000 panels of 200 units with a drift that half (four fifths) of the tests are to notice; within four
/// Monte Carlo errors and 0.03, by which the test with so few units is off itself. The drift is planned in a panel of
/// ten times as many units, whose covariance is nearly the true one, and errors shrink by the root of ten.
#[test]
fn a_drift_is_noticed_as_often_as_is_said() {
    let large = RollOut {
        starts: roll_out().starts.iter().map(|(start, n)| (*start, 10 * n)).collect(),
        ..roll_out()
    };
    let large = panel_of(&large.play(1));
    let (_, planned) =
        pre_trends_and_drift(&large, &group_time(&large, &Settings::default()).unwrap()).unwrap();
    for share in [0.5, 0.8] {
        let slope = 10.0_f64.sqrt() * planned.noticed(Level::new(share).unwrap());
        let noticed = |seed: &u64| {
            let panel = panel_of(&drifting(&roll_out().play(1_000 + seed), slope));
            pre_trends(&group_time(&panel, &Settings::default()).unwrap()).unwrap().p < 0.05
        };
        let n = 1_000;
        let found = (0..n).filter(noticed).count() as f64 / n as f64;
        let error = (share * (1.0 - share) / n as f64).sqrt();
        println!("slope {slope}: noticed {found}");
        assert!((found - share).abs() < 4.0 * error + 0.03, "{share}: {found}");
    }
}

#[test]
fn few_units_notice_less() {
    let noticed = |n: usize| {
        let starts = vec![(Some(4), n), (None, n)];
        let panel = panel_of(&RollOut { starts, n_periods: 6, effect: 0.0 }.play(5));
        let found = group_time(&panel, &Settings::default()).unwrap();
        pre_trends_and_drift(&panel, &found).unwrap().1.noticed(Level::EIGHTY)
    };
    assert!(noticed(6) > 1.5 * noticed(60), "{} {}", noticed(6), noticed(60));
}

#[test]
fn where_nothing_can_be_tested_nothing_is_said_of_drifts() {
    let panel =
        panel_of(&RollOut { starts: vec![(Some(2), 8), (None, 8)], n_periods: 4, effect: 0.0 }.play(5));
    let found = group_time(&panel, &Settings::default()).unwrap();
    assert_eq!(pre_trends_and_drift(&panel, &found), Err(crate::uncertainty::WaldRefused::Nothing));
}

/// By the panel that ends with the true starts, and without it: two routes to one estimate, error and interval.
#[test]
fn made_up_starts_are_found_without_a_panel_of_their_own() {
    let with = |compare, anticipation| Settings { compare, anticipation, ..Settings::default() };
    let all_start =
        RollOut { starts: vec![(Some(4), 20), (Some(5), 20), (Some(7), 20)], n_periods: 8, effect: 2.0 };
    for (rollout, settings) in [
        (roll_out(), with(Compare::Never, 0)),
        (roll_out(), with(Compare::NotYet, 0)),
        (roll_out(), with(Compare::NotYet, 1)),
        (all_start, with(Compare::NotYet, 0)),
    ] {
        let panel = panel_of(&rollout.play(9));
        let pretence = Pretence { n_steps: 2, anticipation: settings.anticipation, until: Until::OwnStart };
        let (pretended, _) = panel.pretend(&pretence).unwrap();
        let slow = simple(&group_time(&pretended, &Settings { anticipation: 0, ..settings }).unwrap());
        let quick = made_up_starts(&panel, &settings, 2).unwrap();
        let (slow_interval, quick_interval) = (slow.interval().unwrap(), quick.interval().unwrap());
        same(
            &[slow.value, slow_interval.se, slow_interval.p],
            &[quick.value, quick_interval.se, quick_interval.p],
        );
        assert!(quick_interval.p > 0.001);
    }
    let panel = panel_of(&roll_out().play(9));
    assert!(made_up_starts(&panel, &Settings::default(), 6).is_err());
}
