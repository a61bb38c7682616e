//! The effect on users: what it must collapse into, and what it rules out.

use super::*;

fn contest() -> (Panel, Vec<Wave>) {
    let y = |i: usize, t: usize| {
        ((i * 5 + t) as f64 * 0.9).sin() + i as f64 + if i < 5 && t >= 2 { 3.0 } else { 0.0 }
    };
    let outcomes: Vec<Vec<f64>> = (0..12).map(|i| (0..4).map(|t| y(i, t)).collect()).collect();
    let starts: Vec<Option<i64>> = (0..12).map(|row| (row < 5).then_some(2)).collect();
    (panel(&outcomes), lists(&[1; 12], &starts, &[2]))
}

/// Four periods, used from one on, or never.
fn used_from(first: usize, is_used: bool) -> Vec<f64> {
    (0..4).map(|t| f64::from(u8::from(is_used && t >= first))).collect()
}

#[test]
fn where_everybody_granted_uses_it_the_effect_on_users_is_that_of_being_granted() {
    let (panel, waves) = contest();
    let uses: Vec<Vec<f64>> = (0..12).map(|row| used_from(2, row < 5)).collect();
    let found = on_users(&panel, &waves, &uses, &RiskSetSettings::change_since_last()).unwrap();
    let granted = found.granted.interval().unwrap();
    assert!((found.effect.value - found.granted.value).abs() < 1e-12);
    assert!((found.effect.interval().unwrap().se - granted.se).abs() < 1e-12);
    let WeakInterval::Between { low, high } = found.not_ruled_out else { panic!("{found:?}") };
    assert!((low - granted.low).abs() < 1e-9 && (high - granted.high).abs() < 1e-9);
    assert!((found.difference_in_use.value - 1.0).abs() < 1e-12);
}

/// Brute force: every effect on a grid is held against the test of outcome less effect times use.
#[test]
fn what_is_not_ruled_out_is_what_the_test_passes() {
    let (panel, waves) = contest();
    let settings = RiskSetSettings::change_since_last();
    // Users of the winners and of the losers; the last two differ in use so little that far effects stay possible.
    let cases: [(&[usize], &[usize]); 4] =
        [(&[0, 1, 2, 3], &[]), (&[0, 1, 2, 4], &[7]), (&[0, 1], &[5, 6]), (&[0, 1, 2], &[5, 6, 7, 8])];
    let mut kinds = std::collections::BTreeSet::new();
    for (winners, losers) in cases {
        let uses: Vec<Vec<f64>> =
            (0..12).map(|row| used_from(2, winners.contains(&row) || losers.contains(&row))).collect();
        let found = on_users(&panel, &waves, &uses, &settings).unwrap();
        let granted = found.granted.interval().unwrap();
        let reach = (granted.high - granted.low) / 2.0 / granted.se;
        for x in (-400..=400).map(|x| f64::from(x) * 0.1) {
            let change = |i: usize| {
                let mean = |a: usize, b: usize| {
                    (a..b).map(|t| panel.outcome(i, t).unwrap()).sum::<f64>() / (b - a) as f64
                };
                mean(2, 4) - mean(1, 2) - uses[i][3] * x
            };
            let side = |units: std::ops::Range<usize>| {
                let n = units.len() as f64;
                let mean = units.clone().map(change).sum::<f64>() / n;
                (mean, units.map(|i| (change(i) - mean).powi(2)).sum::<f64>() / (n - 1.0) / n)
            };
            let ((won, v1), (lost, v0)) = (side(0..5), side(5..12));
            let distance = (won - lost).abs() / (v1 + v0).sqrt();
            if (distance - reach).abs() < 1e-6 {
                continue;
            }
            let held = match found.not_ruled_out {
                WeakInterval::Between { low, high } => (low..=high).contains(&x),
                WeakInterval::Outside { below, above } => x <= below || x >= above,
                WeakInterval::Everything => true,
            };
            assert_eq!(held, distance < reach, "{x} in {:?}", found.not_ruled_out);
        }
        kinds.insert(format!("{:?}", found.not_ruled_out).split_whitespace().next().unwrap().to_owned());
    }
    assert!(kinds.contains("Between") && kinds.len() > 1, "{kinds:?}");
}

/// Half of the window used is half a use: the effect on users is twice that of being granted a slot.
#[test]
fn shares_count_as_such_and_units_of_unknown_use_are_left_out() {
    let (panel, waves) = contest();
    let settings = RiskSetSettings::change_since_last();
    let shares = |used: &[f64]| {
        (0..12).map(|row| if row < 5 { used.to_vec() } else { vec![0.0; 4] }).collect::<Vec<_>>()
    };
    let half = on_users(&panel, &waves, &shares(&[0.0, 0.0, 1.0, 0.0]), &settings).unwrap();
    assert!((half.effect.value - 2.0 * half.granted.value).abs() < 1e-12);
    let ratio = half.effect.interval().unwrap().se / half.granted.interval().unwrap().se;
    assert!((ratio - 2.0).abs() < 1e-12, "{ratio}");
    let same = on_users(&panel, &waves, &shares(&[0.0, 0.0, 0.25, 0.75]), &settings).unwrap();
    assert!((same.effect.value - half.effect.value).abs() < 1e-12);
    // What is not known of one period is not guessed; a unit of which nothing is known is as if it had not been seen.
    let known = on_users(&panel, &waves, &shares(&[0.0, 0.0, f64::NAN, 0.5]), &settings).unwrap();
    assert!((known.effect.value - half.effect.value).abs() < 1e-12);
    let mut unknown = shares(&[0.0, 0.0, 1.0, 0.0]);
    unknown[11] = vec![f64::NAN; 4];
    let fewer = on_users(&panel, &waves, &unknown, &settings).unwrap();
    assert!((fewer.granted.value - half.granted.value).abs() > 1e-6);
    assert!((fewer.difference_in_use.value - 0.5).abs() < 1e-12);
}

#[test]
fn without_a_difference_in_use_nothing_is_said_of_users() {
    let (panel, waves) = contest();
    let refused = |uses: &[Vec<f64>]| {
        on_users(&panel, &waves, uses, &RiskSetSettings::change_since_last()).unwrap_err()
    };
    assert_eq!(refused(&vec![vec![0.0; 4]; 12]), RiskSetRefused::NoDifferenceInUse);
    assert_eq!(refused(&vec![vec![0.0; 4]; 3]), RiskSetRefused::OtherUnits { n: 3, n_units: 12 });
    assert_eq!(refused(&vec![vec![0.0; 3]; 12]), RiskSetRefused::OtherPeriods { n: 3, n_periods: 4 });
    assert_eq!(refused(&vec![vec![2.0; 4]; 12]), RiskSetRefused::NotAShare(2.0));
}
