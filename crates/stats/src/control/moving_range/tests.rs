use super::*;

#[track_caller]
fn check(phases: &[&[f64]], sigma: f64, n_ranges_kept: usize) {
    let found = noise(phases).unwrap();
    assert!((found.sigma - sigma).abs() < 1e-12, "{found:?}");
    assert_eq!(found.n_ranges_kept, n_ranges_kept);
}

#[test]
fn noise_is_the_mean_moving_range_over_1_128() {
    check(&[&[1.0, 2.0, 4.0, 3.0]], (1.0 + 2.0 + 1.0) / 3.0 / 1.128, 3);
}

#[test]
fn a_range_is_never_taken_across_the_border_of_two_phases() {
    check(&[&[1.0, 2.0], &[101.0, 102.0]], 1.0 / 1.128, 2);
}

/// Ranges 1, 1, 1, 1 and 50: the mean is 10.8 and 50 is beyond 3.267 of them. One pass only.
#[test]
fn a_jump_is_screened_out() {
    check(&[&[0.0, 1.0, 0.0, 1.0, 0.0, 50.0]], 1.0 / 1.128, 4);
}

/// Screening is strict: 0 < 3.267 * 0 is false and would leave no range at all.
#[test]
fn a_constant_series_has_no_noise_and_keeps_its_ranges() {
    check(&[&[5.0, 5.0, 5.0]], 0.0, 2);
}

#[test]
fn phases_of_one_reading_have_no_noise_to_tell() {
    assert_eq!(noise(&[&[1.0], &[2.0]]), None);
}
