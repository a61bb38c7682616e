use super::*;

/// Two groups; influences as a difference of their means has them.
fn difference(treated: &[f64], others: &[f64]) -> (f64, Moments) {
    let (n1, n0) = (treated.len(), others.len());
    let n = (n1 + n0) as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let treated_part = treated.iter().map(|y| n / n1 as f64 * (y - mean(treated)));
    let others_part = others.iter().map(|y| -n / n0 as f64 * (y - mean(others)));
    let influence: Vec<f64> = treated_part.chain(others_part).collect();
    let double = influence.iter().map(|x| 2.0 * x).collect();
    let groups = [(0..n1).collect(), (n1..n1 + n0).collect()];
    (mean(treated) - mean(others), Moments::of_influences(&groups, &[influence, double]))
}

/// Reference: Welch's test as its textbook formula gives it, by hand: variances 1 and 5/3 over 3 and 4 units. Where
/// nothing is known of how the influences weigh outcomes, its degrees of freedom are those of the variances found.
#[test]
fn two_small_groups_collapse_to_welchs_test() {
    let (value, moments) = difference(&[1.0, 2.0, 3.0], &[5.0, 6.0, 7.0, 8.0]);
    let interval = moments.estimate(value, &Combination::of(0), Level::NINETY_FIVE, 0.0).interval().unwrap();
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
        let (value, moments) = difference(&wave(n / 2), &wave(n - n / 2));
        moments.estimate(value, &Combination::of(0), Level::NINETY_FIVE, 0.0).interval().unwrap().law
    };
    assert_eq!(law(40), Law::Normal);
    assert!(matches!(law(39), Law::Student { .. }));
}

#[test]
fn an_estimate_without_variation_has_no_spread() {
    let (value, moments) = difference(&[2.0, 2.0], &[1.0, 1.0]);
    let estimate = moments.estimate(value, &Combination::of(0), Level::NINETY_FIVE, 0.0);
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
    let (value, moments) = difference(&wave(30, 0.7), &wave(40, 1.1));
    let alone = moments.estimate(value, &Combination::of(0), Level::NINETY_FIVE, 0.0).interval().unwrap();
    let joint = wald(&[value], &[Combination::of(0)], &moments).unwrap();
    assert!((joint.p - alone.p).abs() < 1e-12, "{joint:?} {alone:?}");
    assert_eq!((joint.df, joint.df_denominator), (1, None));
}

/// Two small groups of unlike size and spread.
#[test]
fn of_one_number_with_few_units_the_joint_test_is_welchs() {
    let (value, moments) = difference(&[1.0, 2.0, 4.0], &[2.0, 5.0, 6.0, 9.0]);
    let joint = wald(&[value], &[Combination::of(0)], &moments).unwrap();
    let alone = moments.estimate(value, &Combination::of(0), Level::NINETY_FIVE, 0.0).interval().unwrap();
    assert!((joint.p - alone.p).abs() < 1e-9, "{joint:?} {alone:?}");
}

/// One start's units alone, equally many numbers: Hotelling's law with n - 1 degrees of freedom.
#[test]
fn of_one_group_the_joint_test_is_hotellings() {
    let columns = [[1.0, 2.0, 4.0, 3.0, 7.0], [2.0, 5.0, 1.0, 0.0, 3.0]];
    let means = columns.map(|column| column.iter().sum::<f64>() / 5.0);
    let centred: Vec<Vec<f64>> =
        columns.iter().zip(means).map(|(c, m)| c.iter().map(|y| y - m).collect()).collect();
    let moments = Moments::of_influences(&[(0..5).collect()], &centred);
    let joint = wald(&means, &[Combination::of(0), Combination::of(1)], &moments).unwrap();
    let product =
        |a: usize, b: usize| centred[a].iter().zip(&centred[b]).map(|(a, b)| a * b).sum::<f64>() / 4.0;
    let (a, b, c) = (product(0, 0), product(0, 1), product(1, 1));
    let [x, y] = means;
    let t_squared = 5.0 * (c * x * x - 2.0 * b * x * y + a * y * y) / (a * c - b * b);
    assert!((joint.statistic - t_squared).abs() < 1e-9 * t_squared, "{joint:?} {t_squared}");
    assert_eq!(joint.df_denominator.map(|df| (df * 1e6).round() / 1e6), Some(3.0));
}

#[test]
fn numbers_that_repeat_each_other_are_not_tested_together() {
    let wave = |n: usize, k: f64| (0..n).map(|i| (i as f64 * k).sin()).collect::<Vec<f64>>();
    let (value, moments) = difference(&wave(30, 0.7), &wave(40, 1.1));
    let both = [Combination::of(0), Combination::of(1)];
    let refused = wald(&[value, 2.0 * value], &both, &moments);
    assert_eq!(refused, Err(WaldRefused::Singular { n_numbers: 2 }));
    let (_, four) = difference(&[1.0, 2.0], &[3.0, 5.0]);
    let few = wald(&[1.0; 4], &vec![Combination::of(0); 4], &four);
    assert_eq!(few, Err(WaldRefused::TooFewUnits { n_units: 4, n_numbers: 4 }));
    assert_eq!(wald(&[], &[], &moments), Err(WaldRefused::Nothing));
}

/// The variance that shares add up to, and Satterthwaite's degrees of freedom from what is expected of them.
fn summed(shares: &[Portion]) -> (f64, f64) {
    let sum: f64 = shares.iter().map(|share| share.expected).sum();
    (variance(shares), sum * sum / shares.iter().map(|share| share.expected.powi(2) / share.df).sum::<f64>())
}

/// With each unit a cluster by itself, the variance from few clusters is Welch's, and its degrees of freedom are those
/// of the same squares before they are raised.
#[test]
fn clusters_of_one_unit_collapse_to_units() {
    let (treated, others): ([f64; 3], [f64; 4]) = ([1.0, 2.0, 3.0], [5.0, 6.0, 7.0, 8.0]);
    let rows = (0..7)
        .map(|unit| Held { cluster: unit, group: usize::from(unit > 2), n_units: 1, size: 1.0 })
        .collect();
    let clusters = FewClusters::new(rows, 7);
    let deviations = treated.iter().map(|y| (y - 2.0) / 3.0).chain(others.iter().map(|y| (6.5 - y) / 4.0));
    let (found, df) = summed(&clusters.shares(&deviations.enumerate().collect::<Vec<_>>(), &[]));
    let (a, b) = (1.0 / 3.0, 5.0 / 3.0 / 4.0);
    assert!((found - (a + b)).abs() < 1e-14, "{found}");
    let (c, d) = (a * 2.0 / 3.0, b * 3.0 / 4.0);
    assert!((df - (c + d) * (c + d) / (c * c / 2.0 + d * d / 3.0)).abs() < 1e-12, "{df}");
}

/// Pairs of one unit of either start, with equal spread in both: as many degrees of freedom as pairs less one.
#[test]
fn clusters_that_pair_two_starts_count_pairs() {
    let wave: Vec<f64> = (0..6).map(|i| (i as f64 * 1.3).sin()).collect();
    let mean = wave.iter().sum::<f64>() / 6.0;
    let rows = (0..12).map(|row| Held { cluster: row % 6, group: row / 6, n_units: 1, size: 1.0 }).collect();
    let weights = (0..12).map(|row| (row, (wave[row % 6] - mean) * if row < 6 { 1.0 } else { -0.5 }));
    let (found, df) = summed(&FewClusters::new(rows, 6).shares(&weights.collect::<Vec<_>>(), &[]));
    assert!((df - 5.0).abs() < 1e-12, "{df}");
    let squares: f64 = wave.iter().map(|y| (0.5 * (y - mean)).powi(2)).sum();
    assert!((found - squares * 6.0 / 5.0).abs() < 1e-14, "{found}");
}

/// Newton's steps against sure and slow bisection. Tolerance: what a tail's own rounding, 1e-14, moves the distance.
#[test]
fn quick_distances_of_students_law_equal_the_slow_ones() {
    for df in [0.5, 1.0, 1.3, 2.0, 3.7, 8.0, 22.0, 38.5, 400.0, 1e6] {
        for share in [0.05, 0.5, 0.8, 0.95, 0.99, 0.9999] {
            let (law, level) = (Law::Student { df }, Level::new(share).unwrap());
            let (quick, slow) = (law.reach(level), law.bisected(1.0 - share));
            assert!((quick / slow - 1.0).abs() < 1e-10, "{df} {share}: {quick} is not {slow}");
        }
    }
}
