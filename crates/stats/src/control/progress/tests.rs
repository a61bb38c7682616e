use super::*;
use crate::control::reference::{close, number, numbers, read};

/// Reference: polarity.json, kind stuck. Its 15 degrees of freedom are no whole number of ranges (24.19), so the bound
/// is compared through the t quantile of 24 ranges: upper - slope scales with it.
#[test]
fn the_pace_equals_the_reference() {
    let Some(file) = read("polarity.json") else { return };
    let cases: Vec<_> =
        file["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == "stuck").collect();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let expect = &case["expected"];
        let freedom = number(&case["nu"]);
        let noise = Noise { sigma: number(&case["sigma"]), n_ranges_kept: (freedom / 0.62).round() as usize };
        let target = Target {
            level: number(&case["target"]),
            periods_left: case["periods_left"].as_u64().unwrap() as u32,
            ceiling: None,
        };
        let window = case["w"].as_u64().unwrap() as usize;
        let found = progress(&numbers(&case["y"]), noise, Improve::Up, target, window).unwrap();
        close("level", found.level, number(&expect["level"]));
        close("slope", found.slope, number(&expect["slope"]));
        close("required", found.required, number(&expect["required"]));
        let reach = (found.slope_at_most - found.slope) / student::upper_5_percent(noise.freedom()).unwrap();
        let reach = reach * student::upper_5_percent(freedom).unwrap();
        close("upper95", found.slope + reach, number(&expect["upper95"]));
        let pace = match found.pace {
            Pace::AtTarget => "at_target",
            Pace::OnTrack => "on_track",
            Pace::Stuck => "stuck",
            Pace::Unclear => "unclear",
            Pace::Saturated => "saturated",
        };
        assert_eq!(expect["state"], pace);
    }
}

const SOME_NOISE: Noise = Noise { sigma: 0.1, n_ranges_kept: 20 };

#[track_caller]
fn check(readings: &[f64], improve: Improve, target: Target, pace: Pace) {
    assert_eq!(progress(readings, SOME_NOISE, improve, target, 8).unwrap().pace, pace);
}

#[test]
fn near_the_ceiling_a_flat_series_is_saturated_not_stuck() {
    let target = Target { level: 60.0, periods_left: 4, ceiling: None };
    check(&[50.0; 8], Improve::Up, target, Pace::Stuck);
    check(&[50.0; 8], Improve::Up, Target { ceiling: Some(55.0), ..target }, Pace::Saturated);
    check(&[50.0; 8], Improve::Up, Target { ceiling: Some(60.0), ..target }, Pace::Stuck);
}

#[test]
fn where_less_is_better_a_fall_is_progress() {
    let falling: Vec<f64> = (0..8).map(|at| 50.0 - f64::from(at)).collect();
    let target = Target { level: 35.0, periods_left: 12, ceiling: None };
    check(&falling, Improve::Down, target, Pace::OnTrack);
    check(&falling, Improve::Up, Target { level: 60.0, ..target }, Pace::Stuck);
}

/// The promise behind the windows: a flat series with the window's noise is called stuck four times in five. The
/// bound's distance is t * sigma / sqrt(w (w^2 - 1) / 12); one standard error times 0.84 must still fit below the
/// required rate (0.06 of slack: the windows are whole numbers).
#[test]
fn windows_give_four_chances_in_five() {
    for (rate, window) in WINDOW_BY_RATE {
        let w = window as f64;
        let error = (12.0 / (w * (w * w - 1.0))).sqrt();
        let room = rate / error - 1.645 - 0.8416;
        assert!((-0.06..0.75).contains(&room), "{rate}: {room}");
    }
    assert_eq!([0.7, 0.5, 0.12, 0.09].map(window_needed), [Some(7), Some(7), Some(20), None]);
}

#[test]
fn a_pace_needs_readings_time_and_noise() {
    let target = Target { level: 1.0, periods_left: 1, ceiling: None };
    let asked = |n: usize, noise, target| progress(&vec![0.0; n], noise, Improve::Up, target, 8).unwrap_err();
    assert_eq!(asked(7, SOME_NOISE, target), ProgressRefused::TooFew { n: 7, needed: 8 });
    assert_eq!(asked(8, SOME_NOISE, Target { periods_left: 0, ..target }), ProgressRefused::NoTimeLeft);
    assert_eq!(asked(8, Noise { sigma: 0.0, n_ranges_kept: 0 }, target), ProgressRefused::NoNoise);
}
