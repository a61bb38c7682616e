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

#[test]
fn where_everybody_granted_uses_it_the_effect_on_users_is_that_of_being_granted() {
    let (panel, waves) = contest();
    let uses: Vec<Option<Period>> = (0..12).map(|row| (row < 5).then_some(number(2))).collect();
    let found = on_users(&panel, &waves, &uses, &RiskSetSettings::default()).unwrap();
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
    let settings = RiskSetSettings::default();
    // Users of the winners and of the losers; the last two differ in use so little that far effects stay possible.
    let cases: [(&[usize], &[usize]); 4] =
        [(&[0, 1, 2, 3], &[]), (&[0, 1, 2, 4], &[7]), (&[0, 1], &[5, 6]), (&[0, 1, 2], &[5, 6, 7, 8])];
    let mut kinds = std::collections::BTreeSet::new();
    for (winners, losers) in cases {
        let uses: Vec<Option<Period>> = (0..12)
            .map(|row| (winners.contains(&row) || losers.contains(&row)).then_some(number(2)))
            .collect();
        let found = on_users(&panel, &waves, &uses, &settings).unwrap();
        let granted = found.granted.interval().unwrap();
        let reach = (granted.high - granted.low) / 2.0 / granted.se;
        for x in (-400..=400).map(|x| f64::from(x) * 0.1) {
            let change = |i: usize| {
                let mean = |a: usize, b: usize| {
                    (a..b).map(|t| panel.outcome(i, t).unwrap()).sum::<f64>() / (b - a) as f64
                };
                mean(2, 4) - mean(1, 2) - if uses[i].is_some() { x } else { 0.0 }
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

#[test]
fn without_a_difference_in_use_nothing_is_said_of_users() {
    let (panel, waves) = contest();
    let refused =
        |uses: &[Option<Period>]| on_users(&panel, &waves, uses, &RiskSetSettings::default()).unwrap_err();
    assert_eq!(refused(&[None; 12]), RiskSetRefused::NoDifferenceInUse);
    assert_eq!(refused(&[None; 3]), RiskSetRefused::OtherUnits { n: 3, n_units: 12 });
}
