//! Cases that collapse into simpler ones, invariants, coverage, and refusals.

use super::*;

#[test]
fn trends_that_do_not_part_leave_the_usual_interval() {
    for (seed, weights) in [(1, vec![1.0]), (2, vec![0.5, 0.5]), (3, vec![0.0, 1.0, 2.0])] {
        let values: Vec<f64> = (0..3 + weights.len()).map(|i| 0.1 * i as f64).collect();
        let study = study_of(&values, 3, &weights, seed);
        let interval = robust(&study, Parting::RelativeMagnitudes(0.0), &exact()).unwrap();
        let reach = 1.959963984540054 * study.se();
        // Ends are sought to a millionth of a step.
        assert!((interval.low.value() - (study.estimate() - reach)).abs() < 1e-6 * study.se());
        assert!((interval.high.value() - (study.estimate() + reach)).abs() < 1e-6 * study.se());
    }
}

/// One time before and one after, straight lines only: the effect less the line through the two points before.
#[test]
fn a_straight_line_through_two_points_is_carried_on() {
    let covariance = vec![vec![0.04, 0.01], vec![0.01, 0.09]];
    let study = EventStudy::new(&[-0.5, 2.0], &covariance, &[1.0]).unwrap();
    let interval = robust(&study, Parting::Smoothness(0.0), &exact()).unwrap();
    let (centre, se) = (2.0 - 0.5, f64::sqrt(0.09 + 0.04 + 2.0 * 0.01));
    assert!((interval.low.value() - (centre - 1.959963984540054 * se)).abs() < 1e-9);
    assert!((interval.high.value() - (centre + 1.959963984540054 * se)).abs() < 1e-9);
}

#[test]
fn intervals_grow_with_the_parting_and_scale_with_the_outcome() {
    let values = [0.1, -0.2, 0.1, 1.0, 1.4];
    let study = study_of(&values, 3, &[0.5, 0.5], 4);
    let tenfold: Vec<Vec<f64>> =
        covariance(5, 4).iter().map(|row| row.iter().map(|entry| 100.0 * entry).collect()).collect();
    let scaled = EventStudy::new(&values.map(|value| -10.0 * value), &tenfold, &[0.5, 0.5]).unwrap();
    let mut last: Option<(f64, f64)> = None;
    for most in [0.0, 0.3, 0.6, 1.0, 2.0] {
        for (parting, other) in [
            (Parting::RelativeMagnitudes(most), Parting::RelativeMagnitudes(most)),
            (Parting::Smoothness(most), Parting::Smoothness(10.0 * most)),
        ] {
            let own = robust(&study, parting, &exact()).unwrap();
            let mirrored = robust(&scaled, other, &exact()).unwrap();
            assert!((own.low.value() + mirrored.high.value() / 10.0).abs() < 1e-6);
            assert!((own.high.value() + mirrored.low.value() / 10.0).abs() < 1e-6);
        }
        let own = robust(&study, Parting::RelativeMagnitudes(most), &exact()).unwrap();
        let (low, high) = (own.low.value(), own.high.value());
        assert!(last.is_none_or(|(last_low, last_high)| low < last_low && high > last_high));
        last = Some((low, high));
    }
}

/// 300 studies whose trend parts after the start exactly as far as allowed: an interval of 95 % may miss the truth in
/// at most 15, and 4 Monte Carlo errors (15) more; that it misses it at all says that it is no longer than it need be.
#[test]
fn the_truth_is_held_where_trends_part_as_far_as_allowed() {
    // A fifth of the usual noise, so that no other step could be the largest.
    let fifth = |rows: Vec<Vec<f64>>, by: f64| -> Vec<Vec<f64>> {
        rows.iter().map(|row| row.iter().map(|entry| by * entry).collect()).collect()
    };
    let (roots, covariance) = (fifth(roots(5, 6), 0.2), fifth(covariance(5, 6), 0.04));
    // Steps before: 0.5, -0.2, 0.4 to the base at 0; the largest is the first.
    let before = [-0.7, -0.2, -0.4];
    for (parting, after) in [
        (Parting::RelativeMagnitudes(1.0), [0.5, 1.0]),
        (Parting::RelativeMagnitudes(0.0), [0.0, 0.0]),
        // Bends: -0.7, 0.6 before, and 0.7 at the base and after.
        (Parting::Smoothness(0.7), [1.1, 2.9]),
    ] {
        let mut normals = Normals::new(12);
        let mut missed = 0;
        for _ in 0..300 {
            let noise: Vec<f64> = (0..5).map(|_| normals.next()).collect();
            let off = |i: usize| roots[i].iter().zip(&noise).map(|(a, b)| a * b).sum::<f64>();
            let truth = before.iter().chain(&after).zip([0.0, 0.0, 0.0, 3.0, 3.0]);
            let values: Vec<f64> =
                truth.enumerate().map(|(i, (trend, effect))| trend + effect + off(i)).collect();
            let study = EventStudy::new(&values, &covariance, &[0.5, 0.5]).unwrap();
            let interval = robust(&study, parting, &SensitivitySettings::default()).unwrap();
            missed += usize::from(interval.low.value() > 3.0 || interval.high.value() < 3.0);
        }
        println!("{parting:?}: missed {missed} of 300");
        assert!((1..=30).contains(&missed), "{parting:?}: {missed}");
    }
}

#[test]
fn the_break_down_value_says_where_it_is_beyond_all_or_nowhere() {
    let covariance: Vec<Vec<f64>> =
        (0..4).map(|i| (0..4).map(|j| if i == j { 0.01 } else { 0.0 }).collect()).collect();
    let of = |effect: f64, kind, bar| {
        let study = EventStudy::new(&[0.1, -0.1, effect, effect], &covariance, &[0.5, 0.5]).unwrap();
        break_down(&study, kind, bar, &SensitivitySettings::default()).unwrap()
    };
    let (times, bends) = (Parting::RelativeMagnitudes(0.0), Parting::Smoothness(0.0));
    assert_eq!(of(0.1, times, Bar::Above(0.0)), BreakDown::NotEvenAtZero);
    assert_eq!(of(2.0, times, Bar::Below(0.0)), BreakDown::NotEvenAtZero);
    let (BreakDown::At(worth), BreakDown::At(none)) =
        (of(2.0, times, Bar::Above(1.0)), of(2.0, times, Bar::Above(0.0)))
    else {
        panic!("found")
    };
    assert!(worth < none);
    assert_eq!(of(-2.0, times, Bar::Below(0.0)), BreakDown::At(none));
    let BreakDown::At(bend) = of(2.0, bends, Bar::Above(0.0)) else { panic!("found") };
    // A bend at the base and one after it shift the mean of two times by at most 1.5 + 0.5 bends.
    assert!((0.3..1.0).contains(&bend), "{bend}");
    assert!(matches!(of(1e6, times, Bar::Above(0.0)), BreakDown::MoreThan(_)));
}

#[track_caller]
fn refused(values: &[f64], covariance: &[Vec<f64>], weights: &[f64], expect: SensitivityRefused) {
    assert_eq!(EventStudy::new(values, covariance, weights).unwrap_err(), expect);
}

#[test]
fn numbers_that_do_not_make_a_study_are_refused() {
    let good = covariance(3, 1);
    refused(&[0.0; 4], &good, &[1.0], SensitivityRefused::Shapes { n_values: 4, n_weights: 1 });
    refused(&[0.0; 3], &good, &[1.0; 3], SensitivityRefused::NothingBefore);
    refused(&[0.0; 3], &good, &[0.0, 0.0], SensitivityRefused::NothingAfter);
    refused(&[0.0; 3], &good, &[], SensitivityRefused::NothingAfter);
    refused(&[0.0, f64::NAN, 0.0], &good, &[1.0], SensitivityRefused::NotFinite);
    let mut uneven = good.clone();
    uneven[0][1] += 0.01;
    refused(&[0.0; 3], &uneven, &[1.0], SensitivityRefused::NoCovariance);
    let mut flat = good.clone();
    flat[2] = vec![0.0; 3];
    flat.iter_mut().for_each(|row| row[2] = 0.0);
    refused(&[0.0; 3], &flat, &[1.0], SensitivityRefused::NoCovariance);
    let study = EventStudy::new(&[0.0; 3], &good, &[1.0]).unwrap();
    let why = robust(&study, Parting::Smoothness(-1.0), &SensitivitySettings::default()).unwrap_err();
    assert_eq!(why, SensitivityRefused::NotALimit);
}

#[test]
fn effects_by_exposure_are_split_at_the_missing_base() {
    let of = |exposures: &[i64], asked| {
        let n = exposures.len();
        let values: Vec<f64> = exposures.iter().map(|exposure| *exposure as f64).collect();
        EventStudy::at_exposures(exposures, &values, &covariance(n, 2), asked)
    };
    let mean = of(&[-3, -2, 0, 1, 2], Asked::Mean).unwrap();
    assert_eq!((mean.n_before(), mean.weights().len(), mean.estimate()), (2, 3, 1.0));
    assert_eq!(of(&[-3, -2, 0, 1, 2], Asked::First).unwrap().estimate(), 0.0);
    // One period of anticipation: the base is -2, and what lies between counts for nothing but may part.
    let early = of(&[-4, -3, -1, 0, 1], Asked::Mean).unwrap();
    assert_eq!((early.n_before(), early.weights()), (2, &[0.0, 0.5, 0.5][..]));
    assert_eq!(of(&[0, 1], Asked::Mean).unwrap_err(), SensitivityRefused::NothingBefore);
    assert_eq!(of(&[-3, -2], Asked::Mean).unwrap_err(), SensitivityRefused::NothingAfter);
    for gaps in [&[-3, -2, -1, 0, 1][..], &[-5, -3, -2, 0, 1], &[-2, 0, 2], &[-4, -2, -1, 1], &[-4, -1, 0]] {
        assert_eq!(of(gaps, Asked::Mean).unwrap_err(), SensitivityRefused::NoBase, "{gaps:?}");
    }
}
