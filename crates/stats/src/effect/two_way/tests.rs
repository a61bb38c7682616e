use serde_json::Value;

use super::*;
use crate::effect::StartsRefused;
use crate::effect::tests::dense::{Dense, Traits, play};
use crate::effect::tests::reference::{folder, mpdta};
use crate::effect::tests::{Made, RollOut, panel_of};
use crate::effect::{Settings, group_time, simple};
use crate::uncertainty::{Spread, WhyUnknown};

fn plain(rows: &[Made]) -> TwoWay {
    two_way(&panel_of(rows), Level::NINETY_FIVE).unwrap()
}

/// Reference: R fixest 0.14.2 (feols, clustered by county). It demeans iteratively; 1e-7 for its errors.
#[test]
fn the_coefficient_and_its_clustered_error_equal_the_reference() {
    let Some(folder) = folder() else {
        println!("SKIPPED: no folder of reference results beside the project");
        return;
    };
    let expect: Value =
        serde_json::from_slice(&std::fs::read(folder.join("mpdta_twfe_static.json")).unwrap()).unwrap();
    let expect = &expect["cluster_robust"][0];
    let found = two_way(&mpdta(&folder), Level::NINETY_FIVE).unwrap();
    let interval = found.coefficient.interval().unwrap();
    for (found, name) in [(found.coefficient.value, "estimate"), (interval.se, "se"), (interval.p, "p")] {
        let expect = expect[name].as_f64().unwrap();
        assert!((found - expect).abs() <= 1e-7 * expect.abs(), "{name}: {found} is not {expect}");
    }
    assert_eq!((found.small_sample.n_parameters, interval.se == interval.se_used), (6, true));
}

fn treated(start: Option<i64>, t: i64) -> Vec<f64> {
    vec![f64::from(u8::from(start.is_some_and(|start| t >= start)))]
}

const STARTS: &[Option<i64>] = &[None, Some(3), Some(4), Some(6), Some(1)];

/// Gaps, weights, clusters, units treated throughout: what a matrix of dummies says, says this.
#[test]
fn a_matrix_of_dummies_says_the_same() {
    for (n_units, has_weights, n_clusters) in [(20, false, None), (60, true, None), (50, true, Some(11))] {
        let panel = play(Traits { n_units, starts: STARTS, gaps: 0.1, has_weights, n_clusters }, 3);
        let found = two_way(&panel, Level::NINETY_FIVE).unwrap();
        let dense = Dense::of(&panel, |_, _| true, treated);
        assert!((found.coefficient.value - dense.value(&[1.0])).abs() < 1e-10);
        let se = (found.small_sample.factor() * dense.clustered(&[1.0])).sqrt();
        assert!((found.coefficient.se().unwrap() - se).abs() < 1e-10, "{found:?}");
        assert_eq!(found.small_sample.n_clusters, dense.n_clusters());
        // Unit effects do not count as parameters, the constant does.
        assert_eq!(found.small_sample.n_parameters, dense.rank - n_units + 1);
    }
}

/// Bias-reduced error and degrees of freedom, from observations by observations with all dummies in.
#[test]
fn with_few_clusters_the_error_is_the_bias_reduced_one() {
    for (n_units, n_clusters, gaps) in [(9, None, 0.0), (12, None, 0.15), (16, Some(5), 0.1)] {
        let panel = play(Traits { n_units, starts: STARTS, gaps, has_weights: false, n_clusters }, 5);
        let interval = two_way(&panel, Level::NINETY_FIVE).unwrap().coefficient.interval().unwrap();
        let (variance, expect) = Dense::of(&panel, |_, _| true, treated).cr2(&[1.0]);
        let Law::Student { df } = interval.law else { panic!("{interval:?}") };
        assert!((interval.se_used / variance.sqrt() - 1.0).abs() < 1e-8, "{interval:?} {variance}");
        assert!((df / expect - 1.0).abs() < 1e-7, "{df} is not {expect}");
    }
}

#[test]
fn one_start_and_two_periods_collapse_to_the_difference_of_mean_changes() {
    let rollout = RollOut { starts: vec![(Some(2), 7), (None, 9)], n_periods: 2, effect: 1.0 };
    let panel = panel_of(&rollout.play(1));
    let coefficient = two_way(&panel, Level::NINETY_FIVE).unwrap().coefficient;
    let compared = simple(&group_time(&panel, &Settings::default()).unwrap());
    assert!((coefficient.value - compared.value).abs() < 1e-12);
    // The bias-reduced error of a difference of two means is Welch's.
    let (a, b) = (coefficient.interval().unwrap(), compared.interval().unwrap());
    assert!((a.se_used - b.se_used).abs() < 1e-12, "{a:?} {b:?}");
}

/// Growing effects and nobody who never starts: late observations of early starts count with the wrong sign.
#[test]
fn negative_weights_are_counted() {
    let both = RollOut { starts: vec![(Some(2), 5), (Some(6), 5)], n_periods: 8, effect: 1.0 };
    assert!(plain(&both.play(2)).negative_share > 0.1);
    let one = RollOut { starts: vec![(Some(4), 5), (None, 5)], n_periods: 8, effect: 1.0 };
    assert_eq!(plain(&one.play(2)).negative_share, 0.0);
}

#[test]
fn what_has_no_coefficient_is_refused_or_says_so() {
    let made = |unit: &str, start: Option<i64>, outcomes: &[f64]| -> Vec<Made> {
        (1..).zip(outcomes).map(|(t, y)| (unit.to_owned(), t, *y, start)).collect()
    };
    let refused = |rows: &[Vec<Made>]| two_way(&panel_of(&rows.concat()), Level::NINETY_FIVE).unwrap_err();
    let a = || made("a", Some(2), &[1.0, 2.0]);
    assert_eq!(
        refused(&[made("a", Some(1), &[1.0]), made("b", None, &[1.0])]),
        StartsRefused::TooFewPeriods.into()
    );
    assert_eq!(refused(&[a()]), StartsRefused::TooFewUnits.into());
    assert_eq!(
        refused(&[made("a", None, &[1.0, 2.0]), made("b", None, &[1.0, 2.0])]),
        StartsRefused::NobodyStarts.into()
    );
    assert_eq!(refused(&[a(), made("b", Some(2), &[1.0, 3.0])]), TwoWayRefused::NothingToCompare);
    assert_eq!(
        refused(&[made("a", Some(1), &[1.0, 2.0]), made("b", None, &[1.0, 3.0])]),
        TwoWayRefused::NothingToCompare
    );
    let still = plain(&[a(), made("b", None, &[1.0, 1.0]), made("c", None, &[1.0, 1.0])].concat());
    assert_eq!(still.coefficient.spread, Spread::Unknown(WhyUnknown::OneUnitEach));
    let flat: Vec<Made> = [made("a", Some(2), &[1.0, 1.0]), made("d", Some(2), &[1.0, 1.0])].concat();
    let flat = plain(&[flat, made("b", None, &[1.0, 1.0]), made("c", None, &[1.0, 1.0])].concat());
    assert_eq!(flat.coefficient.spread, Spread::Unknown(WhyUnknown::NoVariation));
}

/// Shares of 500 panels with one effect for all, whose 95 % intervals hold it: by the bias-reduced error, and by the
/// wild bootstrap.
fn coverage(starts: &[(Option<i64>, usize)]) -> (f64, f64) {
    let rollout = RollOut { starts: starts.to_vec(), n_periods: 6, effect: 2.0 };
    let (mut held, mut held_wild) = (0, 0);
    for panel in 0..500 {
        let found = plain(&rollout.play(1_500_000 + panel));
        let interval = found.coefficient.interval().unwrap();
        held += usize::from(interval.low <= 2.0 && 2.0 <= interval.high);
        let drawn = found.wild(WildSettings { draws: 199, seed: panel });
        held_wild += drawn.map_or(0, |wild| {
            usize::from(wild.low.is_none_or(|low| low <= 2.0) && wild.high.is_none_or(|high| 2.0 <= high))
        });
    }
    (held as f64 / 500.0, held_wild as f64 / 500.0)
}

/// The figures of docs/methods/few-units.md; 4 Monte Carlo errors are 0.04. Too long is allowed with a handful of
/// units a start; the wild bootstrap is only printed.
#[test]
fn with_few_units_intervals_hold_at_least_as_often_as_they_say() {
    let cases: [&[(Option<i64>, usize)]; 4] = [
        &[(Some(3), 2), (Some(5), 2), (None, 4)],
        &[(Some(3), 3), (Some(4), 3), (Some(5), 2), (None, 4)],
        &[(Some(3), 5), (Some(4), 5), (Some(5), 4), (None, 6)],
        &[(Some(3), 10), (Some(4), 10), (Some(5), 8), (None, 12)],
    ];
    for starts in cases {
        let (held, held_wild) = coverage(starts);
        let n: usize = starts.iter().map(|(_, n)| n).sum();
        println!("two-way, {n} units: coverage {held:.3}, wild {held_wild:.3} (0: not used)");
        assert!((0.91..=1.0).contains(&held), "{n} units: {held}");
    }
}
