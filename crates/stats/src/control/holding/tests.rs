use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::control::gain::Standing;
use crate::control::reference::{close, number, numbers, read, slice};
use crate::control::{Improve, Phase};

fn series(phases: [&[f64]; 3], improve: Improve, rules: Rules) -> Watched {
    let [before, gained, watched] = phases;
    watch(&Phases { before, gained, watched }, improve, rules).unwrap()
}

/// Twelve readings around `level`, half of them `noise` above.
fn around(level: f64, noise: f64) -> Vec<f64> {
    (0..12).map(|at| level + if at % 2 == 0 { noise } else { 0.0 }).collect()
}

/// Reference: slipping.json, 69 real A-B-A-B and before-after series; limits to 1e-9, flags and counts exactly.
#[test]
fn every_watched_series_equals_the_reference() {
    let Some(file) = read("slipping.json") else { return };
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 69);
    cases.iter().for_each(compare);
}

#[track_caller]
fn compare(case: &Value) {
    let name = case["name"].as_str().unwrap();
    let (y, expect) = (numbers(&case["y"]), &case["expected"]);
    let improve = if case["direction"] == 1 { Improve::Up } else { Improve::Down };
    let [before, gained, watched] = ["baseline", "post", "monitor"].map(|phase| slice(&y, &case[phase]));
    let phases = [before.as_slice(), &gained, &watched];
    let found = series(phases, improve, Rules::HalfWay);
    let gain = &found.gain;
    let same = |what: &str, got: f64| close(&format!("{name}: {what}"), got, number(&expect[what]));
    same("mu0", gain.level_before);
    same("mu1", gain.level_gained);
    same("half_line", gain.half_line);
    same("sigma", gain.noise.sigma);
    same("gain_sigma", gain.sigmas.unwrap());
    same("gain_z", gain.z.unwrap());
    same("t_quantile", student::upper_5_percent(gain.noise.freedom()).unwrap());
    assert_eq!(expect["n0"], gain.n_before.unwrap());
    assert_eq!(expect["n1"], gain.n_gained);
    assert_eq!(expect["n_mr_kept"], gain.noise.n_ranges_kept);
    assert_eq!(expect["n_mon"], found.past.len());
    assert_eq!(expect["provisional"], gain.standing() == Standing::Provisional);
    let rule = found.half_way.map(|rule| serde_json::json!({"k": rule.needed, "w": rule.window}));
    assert_eq!(expect["rule"], serde_json::json!(rule), "{name}");
    assert_eq!(expect["past_half"], serde_json::json!(found.past), "{name}");
    assert_eq!(expect["red_at"], serde_json::json!(found.fired_at.map(|at| at + 1)), "{name}");
    let verdict = match found.verdict {
        Verdict::NoGain => "no_gain",
        Verdict::Slipping { .. } => "slipping",
        Verdict::Holding => "holding",
        Verdict::TooEarly => "too_early",
    };
    assert_eq!(expect["verdict"], verdict, "{name}");

    let retained = found.retained.unwrap();
    same("retained", retained.share);
    same("lower_test_t", retained.above_half.unwrap());
    match (retained.interval, expect["retained_ci90"].as_array()) {
        (Some(interval), Some(bounds)) => {
            close(name, interval.low, number(&bounds[0]));
            close(name, interval.high, number(&bounds[1]));
        }
        (interval, bounds) => assert!(interval.is_none() && bounds.is_none(), "{name}: {interval:?}"),
    }

    let summed = series(phases, improve, Rules::Cusum).cusum.unwrap();
    same("cusum_k", summed.tuning.reference);
    same("cusum_h", summed.tuning.limit);
    same("cusum_h_factor", summed.tuning.widening);
    same("cusum_increment_cap", summed.tuning.cap);
    let sums = numbers(&expect["cusum"]);
    assert_eq!(summed.sums.len(), sums.len());
    summed.sums.iter().zip(&sums).for_each(|(got, sum)| close(name, *got, *sum));
    assert_eq!(expect["cusum_alarm_at"], serde_json::json!(summed.fired_at.map(|at| at + 1)), "{name}");
}

#[test]
fn without_readings_it_is_too_early_and_nothing_is_retained_yet() {
    let found = series([&around(0.0, 1.0), &around(5.0, 1.0), &[]], Improve::Up, Rules::HalfWay);
    assert_eq!((found.verdict, found.retained), (Verdict::TooEarly, None));
}

#[test]
fn a_quiet_rule_alone_is_not_called_holding() {
    let found = series([&around(0.0, 1.0), &around(1.5, 1.0), &[1.2]], Improve::Up, Rules::HalfWay);
    assert_eq!(found.verdict, Verdict::TooEarly);
}

#[test]
fn a_full_relapse_is_told_from_a_partial_slip() {
    let (before, gained) = (around(0.0, 1.0), around(5.0, 1.0));
    let verdict = |watched: &[f64]| series([&before, &gained, watched], Improve::Up, Rules::HalfWay).verdict;
    assert_eq!(verdict(&[0.0; 6]), Verdict::Slipping { fired_at: 1, depth: Depth::Relapsed });
    assert_eq!(verdict(&[2.9; 6]), Verdict::Slipping { fired_at: 1, depth: Depth::Partly });
}

#[test]
fn an_alarm_stays_raised_after_a_recovery() {
    let (before, gained) = (around(0.0, 1.0), around(5.0, 1.0));
    let found = series([&before, &gained, &[0.0, 0.0, 6.0, 6.0, 6.0, 6.0]], Improve::Up, Rules::HalfWay);
    assert!(matches!(found.verdict, Verdict::Slipping { fired_at: 1, .. }));
}

#[test]
fn a_gain_under_one_sigma_gets_no_verdict_by_single_readings_but_can_be_held() {
    let (before, gained) = ([0.0, 1.128].repeat(40), [0.9, 2.028].repeat(40));
    let found = series([&before, &gained, &gained], Improve::Up, Rules::HalfWay);
    assert_eq!((found.half_way, found.fired_at, found.verdict), (None, None, Verdict::Holding));
}

/// Nothing varies: the levels are exact, the shortest window serves, and the sum has no unit.
#[test]
fn a_clean_step_is_watched_by_the_shortest_window() {
    let clean = |watched: &[f64]| series([&[0.0; 12], &[1.0; 12], watched], Improve::Up, Rules::HalfWay);
    let held = clean(&[1.0; 3]);
    assert_eq!((held.half_way, held.verdict), (Some(Rule::all_but_one(3)), Verdict::Holding));
    assert_eq!(held.retained.unwrap().interval, Some(Interval { low: 1.0, high: 1.0 }));
    let lost = Verdict::Slipping { fired_at: 1, depth: Depth::Relapsed };
    assert_eq!(clean(&[0.0; 3]).verdict, lost);
    let phases = Phases { before: &[0.0; 12], gained: &[1.0; 12], watched: &[1.0] };
    assert_eq!(watch(&phases, Improve::Up, Rules::Cusum), Err(WatchRefused::NothingVaries));
}

#[test]
fn a_series_that_never_moved_has_no_gain() {
    let found = series([&[0.1; 100], &[0.1; 12], &[0.1; 3]], Improve::Up, Rules::HalfWay);
    assert_eq!((found.verdict, found.retained), (Verdict::NoGain, None));
}

/// A thousand readings of the old level leave it hardly any error: the known level is their limit.
#[test]
fn a_known_old_level_is_the_limit_of_many_readings() {
    let (before, gained, watched) = ([-1.0, 1.0].repeat(50_000), [8.0, 10.0].repeat(12), [7.0, 8.0, 9.0]);
    let many = series([&before, &gained, &watched], Improve::Up, Rules::HalfWay);
    let gain = Gain::above(0.0, &gained, &watched, Improve::Up).unwrap();
    let known = watch_gain(gain, &watched, Rules::HalfWay).unwrap();
    let (many, known) = (many.retained.unwrap(), known.retained.unwrap());
    assert!((many.share - known.share).abs() < 1e-9);
    let width = |retained: &Retained| retained.interval.map(|interval| interval.high - interval.low).unwrap();
    // The t quantile of many ranges against that of 23: 1.645 against 1.757.
    assert!((width(&known) / width(&many) - 1.068).abs() < 2e-3, "{known:?} {many:?}");
}

#[test]
fn phases_that_cannot_be_compared_are_refused() {
    let phases = Phases { before: &[], gained: &[1.0, 2.0], watched: &[] };
    assert_eq!(
        watch(&phases, Improve::Up, Rules::HalfWay),
        Err(PhasesRefused::TooFew { phase: Phase::Before, n: 0, needed: 2 }.into())
    );
}

/// Three phases whose readings are eighths, so that shifting and scaling them by eighths rounds nothing.
fn three_phases() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<f64>)> {
    let eighths = |n| prop::collection::vec((-80_i32..80).prop_map(|n| f64::from(n) / 8.0), n);
    (eighths(4..20), eighths(4..20), eighths(0..20))
}

type ThreePhases = (Vec<f64>, Vec<f64>, Vec<f64>);

fn mapped((before, gained, watched): &ThreePhases, change: impl Fn(f64) -> f64 + Copy) -> ThreePhases {
    let each = |readings: &Vec<f64>| readings.iter().copied().map(change).collect();
    (each(before), each(gained), each(watched))
}

fn answer(
    phases: &ThreePhases,
    improve: Improve,
    rules: Rules,
) -> Option<(Verdict, Option<usize>, Vec<bool>)> {
    let (before, gained, watched) = phases;
    let found = watch(&Phases { before, gained, watched }, improve, rules).ok()?;
    Some((found.verdict, found.fired_at, found.past))
}

proptest! {
    /// Whether hours or minutes are counted, from zero or from a hundred, and whether more or less is better, is
    /// nothing to the verdict.
    #[test]
    fn shift_scale_and_direction_change_nothing(phases in three_phases()) {
        for rules in [Rules::HalfWay, Rules::Cusum] {
            let plain = answer(&phases, Improve::Up, rules);
            prop_assert_eq!(&plain, &answer(&mapped(&phases, |y| y + 128.0), Improve::Up, rules));
            prop_assert_eq!(&plain, &answer(&mapped(&phases, |y| y * 0.25), Improve::Up, rules));
            prop_assert_eq!(&plain, &answer(&mapped(&phases, |y| -y), Improve::Down, rules));
        }
    }

    /// Nothing but an alarm or the end of the gain itself stands between a verdict and a later reading: readings
    /// after the alarm never take it back.
    #[test]
    fn later_readings_never_unfind_an_alarm(phases in three_phases()) {
        let (before, gained, watched) = &phases;
        for rules in [Rules::HalfWay, Rules::Cusum] {
            let all = answer(&phases, Improve::Up, rules).and_then(|(_, fired_at, _)| fired_at);
            for n in 0..watched.len() {
                let part = (before.clone(), gained.clone(), watched[..n].to_vec());
                if let Some((_, Some(fired_at), _)) = answer(&part, Improve::Up, rules) {
                    prop_assert_eq!(Some(fired_at), all);
                }
            }
        }
    }

    /// Fieller's bounds and the direct test agree on whether more than half is certainly left.
    #[test]
    fn the_interval_and_the_test_of_half_agree(phases in three_phases()) {
        let (before, gained, watched) = &phases;
        let Ok(found) = watch(&Phases { before, gained, watched }, Improve::Up, Rules::HalfWay) else {
            return Ok(());
        };
        let Some(Retained { interval: Some(interval), above_half: Some(above_half), .. }) = found.retained else {
            return Ok(());
        };
        if found.gain.size() > 0.0 {
            let t = student::upper_5_percent(found.gain.noise.freedom()).unwrap();
            prop_assume!((above_half.abs() - t).abs() > 1e-9);
            prop_assert_eq!(interval.low > 0.5, above_half > t);
            prop_assert_eq!(interval.high < 0.5, above_half < -t);
        }
    }
}
