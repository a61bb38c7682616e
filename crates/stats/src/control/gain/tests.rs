use super::*;

fn phases<'a>(before: &'a [f64], gained: &'a [f64]) -> Phases<'a> {
    Phases { before, gained, watched: &[] }
}

#[test]
fn less_is_a_gain_when_down_is_better() {
    let found = Gain::between(&phases(&[9.0, 10.0, 11.0], &[4.0, 5.0, 6.0]), Improve::Down).unwrap();
    assert_eq!((found.size(), found.half_line, found.proof()), (5.0, 7.5, Proof::Proven));
    let worse = Gain::between(&phases(&[9.0, 10.0, 11.0], &[4.0, 5.0, 6.0]), Improve::Up).unwrap();
    assert_eq!((worse.size(), worse.proof()), (-5.0, Proof::NotProven));
}

/// Noise 1/1.128 and standard error of the difference 0.8865 * sqrt(2 / n).
#[test]
fn a_gain_under_two_standard_errors_is_not_proven() {
    let before = [0.0, 1.0, 0.0, 1.0];
    let just_under: Vec<f64> = before.iter().map(|reading| reading + 1.25).collect();
    let just_over: Vec<f64> = before.iter().map(|reading| reading + 1.26).collect();
    let proof = |gained: &[f64]| Gain::between(&phases(&before, gained), Improve::Up).unwrap().proof();
    assert_eq!((proof(&just_under), proof(&just_over)), (Proof::NotProven, Proof::Proven));
}

#[test]
fn phases_under_twelve_readings_are_provisional() {
    let standing = |n_before: usize, n_gained: usize| {
        let series = [1.0, 2.0].repeat(12);
        Gain::between(&phases(&series[..n_before], &series[..n_gained]), Improve::Up).unwrap().standing()
    };
    assert_eq!(standing(12, 12), Standing::Settled);
    assert_eq!(standing(11, 12), Standing::Provisional);
    assert_eq!(standing(12, 11), Standing::Provisional);
}

#[test]
fn neighbours_that_move_together_ask_for_longer_periods() {
    let smooth: Vec<f64> = (0..24).map(|at| f64::from(at / 6 % 2)).collect();
    let jumpy: Vec<f64> = (0..24).map(|at| f64::from(at % 2)).collect();
    let smoothness =
        |series: &[f64]| Gain::between(&phases(series, series), Improve::Up).unwrap().smoothness();
    assert_eq!(smoothness(&smooth), Smoothness::AggregateFirst);
    assert_eq!(smoothness(&jumpy), Smoothness::Fit);
}

/// By hand: residuals -1, 1, 0 and -1, 0, 1: products -1 + 0 + 0 + 0 over squares 2 + 2.
#[test]
fn autocorrelation_is_pooled_within_the_phases() {
    let found = Gain::between(&phases(&[1.0, 3.0, 2.0], &[11.0, 12.0, 13.0]), Improve::Up).unwrap();
    assert_eq!(found.autocorrelation, Some(-0.25));
}

/// 0.1 summed a hundred times is not 10: the levels differ by rounding alone.
#[test]
fn a_constant_series_has_no_gain_and_a_clean_step_has_one() {
    let flat = Gain::between(&phases(&[0.1; 100], &[0.1; 7]), Improve::Up).unwrap();
    assert_eq!((flat.sigmas, flat.z, flat.autocorrelation), (None, None, None));
    assert_eq!(flat.proof(), Proof::NotProven);
    assert_eq!(Gain::between(&phases(&[0.1; 12], &[0.9; 12]), Improve::Up).unwrap().proof(), Proof::Proven);
}

/// Noise 2 / 1.128 from the gained phase alone; the old level has no error, so z is d times the root of 12.
#[test]
fn a_known_old_level_adds_no_noise_and_no_error() {
    let gained = [9.0, 11.0].repeat(6);
    let found = Gain::above(0.0, &gained, &[], Improve::Up).unwrap();
    assert_eq!((found.level_gained, found.half_line, found.n_before), (10.0, 5.0, None));
    assert!((found.sigmas.unwrap() - 5.64).abs() < 1e-12);
    assert!((found.z.unwrap() - 5.64 * 12.0_f64.sqrt()).abs() < 1e-12);
    assert_eq!((found.standing(), found.proof()), (Standing::Settled, Proof::Proven));
    assert_eq!(
        Gain::above(0.0, &[1.0], &[], Improve::Up),
        Err(PhasesRefused::TooFew { phase: Phase::Gained, n: 1, needed: 2 })
    );
}

#[test]
fn phases_without_a_moving_range_are_refused() {
    assert_eq!(
        Gain::between(&phases(&[1.0], &[1.0, 2.0]), Improve::Up),
        Err(PhasesRefused::TooFew { phase: Phase::Before, n: 1, needed: 2 })
    );
    assert_eq!(
        Gain::between(&phases(&[1.0, 2.0], &[]), Improve::Up),
        Err(PhasesRefused::TooFew { phase: Phase::Gained, n: 0, needed: 2 })
    );
}

#[test]
fn what_is_no_number_is_refused_by_its_place() {
    let refused = Gain::between(
        &Phases { before: &[1.0, 2.0], gained: &[1.0, 2.0], watched: &[3.0, f64::NAN] },
        Improve::Up,
    );
    assert_eq!(refused, Err(PhasesRefused::NotANumber { phase: Phase::Watched, place: 2 }));
}
