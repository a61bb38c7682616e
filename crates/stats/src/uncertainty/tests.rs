use super::*;

/// Two groups; influences as a difference of their means has them.
fn difference(treated: &[f64], others: &[f64]) -> (f64, Influence, Groups) {
    let (n1, n0) = (treated.len(), others.len());
    let n = (n1 + n0) as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let mut influence = Influence::none(n1 + n0);
    for (i, y) in treated.iter().enumerate() {
        influence.add_to_unit(i, n / n1 as f64 * (y - mean(treated)));
    }
    for (i, y) in others.iter().enumerate() {
        influence.add_to_unit(n1 + i, -n / n0 as f64 * (y - mean(others)));
    }
    let groups = Groups::new(vec![(0..n1).collect(), (n1..n1 + n0).collect()]);
    (mean(treated) - mean(others), influence, groups)
}

/// Reference: Welch's test as its textbook formula gives it, by hand: variances 1 and 5/3 over 3 and 4 units.
#[test]
fn two_small_groups_collapse_to_welchs_test() {
    let (value, influence, groups) = difference(&[1.0, 2.0, 3.0], &[5.0, 6.0, 7.0, 8.0]);
    let interval = Estimate::of(value, &influence, &groups, Level::NINETY_FIVE, 0.0).interval().unwrap();
    let (a, b) = (1.0 / 3.0, 5.0 / 3.0 / 4.0);
    let Law::Student { df } = interval.law else { panic!("normal below 40 units") };
    assert!((interval.se_used - f64::sqrt(a + b)).abs() < 1e-14);
    assert!((df - (a + b) * (a + b) / (a * a / 2.0 + b * b / 3.0)).abs() < 1e-12);
    assert!((interval.se - f64::sqrt(a * 2.0 / 3.0 + b * 3.0 / 4.0)).abs() < 1e-14);
    assert!(
        (interval.high - value - Law::Student { df }.reach(Level::NINETY_FIVE) * interval.se_used).abs()
            < 1e-12
    );
}

#[test]
fn forty_units_are_many_and_thirty_nine_are_not() {
    let wave = |n: usize| (0..n).map(|i| (i as f64 * 0.7).sin()).collect::<Vec<f64>>();
    let law = |n: usize| {
        let (value, influence, groups) = difference(&wave(10), &wave(n - 10));
        Estimate::of(value, &influence, &groups, Level::NINETY_FIVE, 0.0).interval().unwrap().law
    };
    assert_eq!(law(40), Law::Normal);
    assert!(matches!(law(39), Law::Student { .. }));
}

#[test]
fn an_estimate_without_variation_has_no_spread() {
    let (value, influence, groups) = difference(&[2.0, 2.0], &[1.0, 1.0]);
    let estimate = Estimate::of(value, &influence, &groups, Level::NINETY_FIVE, 0.0);
    assert_eq!(estimate.spread, Spread::Unknown(WhyUnknown::NoVariation));
}

/// Reference: tables of Student's law; 4.303 at 2 degrees, 2.042 at 30; printed digits.
#[test]
fn quantiles_equal_the_tables() {
    let reach = |df| Law::Student { df }.reach(Level::NINETY_FIVE);
    assert!((reach(2.0) - 4.303).abs() < 5e-4 && (reach(30.0) - 2.042).abs() < 5e-4);
    assert!((Law::Normal.reach(Level::new(0.99).unwrap()) - 2.5758293035489004).abs() < 1e-13);
    assert!((Law::Normal.beyond(1.959963984540054) - 0.05).abs() < 1e-15);
}

/// A joint test of one number is the two-sided test of it.
#[test]
fn a_joint_test_of_one_number_collapses_to_its_own() {
    let wave = |n: usize, k: f64| (0..n).map(|i| (i as f64 * k).sin()).collect::<Vec<f64>>();
    let (value, influence, groups) = difference(&wave(30, 0.7), &wave(40, 1.1));
    let alone = Estimate::of(value, &influence, &groups, Level::NINETY_FIVE, 0.0).interval().unwrap();
    let joint = wald(&[value], &[&influence], &groups).unwrap();
    assert!((joint.p - alone.p).abs() < 1e-12, "{joint:?} {alone:?}");
    assert_eq!((joint.df, joint.df_denominator), (1, None));
}

/// With two groups of equal size the joint test of one number is the classical two-sample t-test squared.
#[test]
fn with_few_units_the_joint_test_is_hotellings() {
    let (value, influence, groups) = difference(&[1.0, 2.0, 4.0], &[2.0, 5.0, 6.0]);
    let joint = wald(&[value], &[&influence], &groups).unwrap();
    let pooled: f64 = ((14.0 / 3.0) + (26.0 / 3.0)) / 4.0;
    let t = value / (pooled * 2.0 / 3.0).sqrt();
    assert!((joint.p - Law::Student { df: 4.0 }.beyond(t)).abs() < 1e-9, "{joint:?}");
}

#[test]
fn numbers_that_repeat_each_other_are_not_tested_together() {
    let wave = |n: usize, k: f64| (0..n).map(|i| (i as f64 * k).sin()).collect::<Vec<f64>>();
    let (value, influence, groups) = difference(&wave(30, 0.7), &wave(40, 1.1));
    let mut double = Influence::none(70);
    double.add(2.0, &influence);
    let refused = wald(&[value, 2.0 * value], &[&influence, &double], &groups);
    assert_eq!(refused, Err(WaldRefused::Singular { n_numbers: 2 }));
    let few = wald(&[1.0; 4], &[&influence; 4], &Groups::new(vec![vec![0, 1], vec![2, 3]]));
    assert_eq!(few, Err(WaldRefused::TooFewUnits { n_units: 4, n_numbers: 4 }));
    assert_eq!(wald(&[], &[], &groups), Err(WaldRefused::Nothing));
}
