//! Known effects are found, and their intervals hold them as often as they say.

use rayon::prelude::*;

use super::*;
use crate::effect::{
    EfficientSettings, ImputationSettings, InteractionSettings, efficient, imputation, interaction,
};
use crate::uncertainty::Estimate;

/// How often the 95 % interval of the simple summary held the truth, and the mean estimate.
fn coverage(rollout: &RollOut, compare: Compare, n_panels: u64, seed: u64) -> (f64, f64, f64) {
    let settings = Settings { compare, ..Settings::default() };
    let (mut held, mut values) = (0, Vec::new());
    for panel in 0..n_panels {
        let found = group_time(&panel_of(&rollout.play(seed * 100_000 + panel)), &settings).unwrap();
        let estimate = simple(&found);
        let interval = estimate.interval().unwrap();
        held += usize::from(interval.low <= rollout.effect && rollout.effect <= interval.high);
        values.push(estimate.value);
    }
    let n = n_panels as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    (held as f64 / n, mean, sd / n.sqrt())
}

/// True effect 2.0; seeds fixed; the mean may stray 4 Monte Carlo standard errors, and the 95 % interval must hold the
/// truth in `least` to `most` of the panels.
#[track_caller]
fn check(starts: &[(Option<i64>, usize)], (least, most): (f64, f64)) {
    let rollout = RollOut { starts: starts.to_vec(), n_periods: 6, effect: 2.0 };
    for compare in BOTH {
        let (held, mean, error) = coverage(&rollout, compare, 500, 11);
        println!("{compare:?} {starts:?}: coverage {held:.3}, mean {mean:.3}");
        assert!((mean - 2.0).abs() <= 4.0 * error, "{compare:?}: mean {mean} +- {error}");
        assert!((least..=most).contains(&held), "{compare:?}: coverage {held}");
    }
}

/// 4 Monte Carlo standard errors of 0.95 in 500 panels, either way.
const FOUR_ERRORS: (f64, f64) = (0.91, 0.99);

#[test]
fn a_known_effect_and_its_uncertainty_are_recovered_with_120_units() {
    check(&[(Some(3), 30), (Some(4), 30), (Some(5), 20), (None, 40)], FOUR_ERRORS);
}

#[test]
fn a_known_effect_and_its_uncertainty_are_recovered_with_40_units() {
    check(&[(Some(3), 10), (Some(4), 10), (Some(5), 8), (None, 12)], FOUR_ERRORS);
}

#[test]
fn a_known_effect_and_its_uncertainty_are_recovered_with_20_units() {
    check(&[(Some(3), 5), (Some(4), 5), (Some(5), 4), (None, 6)], FOUR_ERRORS);
}

#[test]
fn a_known_effect_and_its_uncertainty_are_recovered_with_12_units() {
    check(&[(Some(3), 3), (Some(4), 3), (Some(5), 2), (None, 4)], FOUR_ERRORS);
}

#[test]
fn a_known_effect_and_its_uncertainty_are_recovered_with_8_units() {
    check(&[(Some(3), 2), (Some(5), 2), (None, 4)], FOUR_ERRORS);
}

/// How a method is asked for its overall effect.
type Asked = fn(&Panel) -> Estimate;

/// All methods whose overall effect is the mean over starts and periods from the start on, each start by its units.
const METHODS: [(&str, Asked); 8] = [
    ("by start and period, not yet", |panel| by_start_and_period(panel, Compare::NotYet, Adjust::Dr)),
    ("by start and period, never", |panel| by_start_and_period(panel, Compare::Never, Adjust::Dr)),
    ("imputation", |panel| imputation(panel, &ImputationSettings::default()).unwrap().overall),
    ("interaction-weighted", |panel| interaction(panel, &InteractionSettings::default()).unwrap().overall),
    ("efficient", |panel| efficient(panel, &EfficientSettings::default()).unwrap().simple.effect),
    ("doubly robust", |panel| by_start_and_period(panel, Compare::NotYet, Adjust::Dr)),
    ("by regression", |panel| by_start_and_period(panel, Compare::NotYet, Adjust::Reg)),
    ("by odds", |panel| by_start_and_period(panel, Compare::NotYet, Adjust::Ipw)),
];

/// How many of them take no covariate.
const WITHOUT: usize = 5;

fn by_start_and_period(panel: &Panel, compare: Compare, adjust: Adjust) -> Estimate {
    simple(&group_time(panel, &Settings { compare, adjust, ..Settings::default() }).unwrap())
}

/// True effects that differ by start and grow with time; 2,000 panels of 200 units; the mean may stray 4 Monte Carlo
/// standard errors, and the 95 % interval must hold the truth in 93 to 97 % of them (4 again). Methods that take a
/// covariate are given one that goes with the start and with how outcomes change.
#[test]
fn effects_that_differ_by_start_and_time_are_recovered_with_200_units() {
    let starts = vec![(Some(3), 50), (Some(4), 50), (Some(5), 40), (None, 60)];
    let effect = |g: i64, t: i64| if t < g { 0.0 } else { 1.0 + 0.5 * (t - g) as f64 + 0.3 * (g - 3) as f64 };
    let cells =
        || [(3, 50.0), (4, 50.0), (5, 40.0)].into_iter().flat_map(|(g, n)| (g..=6).map(move |t| (g, t, n)));
    let truth =
        cells().map(|(g, t, n)| n * effect(g, t)).sum::<f64>() / cells().map(|(.., n)| n).sum::<f64>();
    let rollout = RollOut { starts, n_periods: 6, effect: 0.0 };
    let play = |seed: u64| -> Vec<Estimate> {
        let mut rows = rollout.play(2_300_000 + seed);
        rows.iter_mut().for_each(|(_, t, y, g)| *y += g.map_or(0.0, |g| effect(g, *t)));
        let panel = panel_of(&rows);
        // Units that start are more often those of a kind that changes faster; a number from their name tells which.
        let kind = |row: &Made| {
            let place =
                row.0.bytes().fold(seed, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
            let spread = (place.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / (1u64 << 24) as f64;
            f64::from(u8::from(spread < if row.3.is_some() { 0.6 } else { 0.4 }))
        };
        let with: Vec<Made> = rows
            .iter()
            .map(|row| (row.0.clone(), row.1, row.2 + 0.4 * kind(row) * row.1 as f64, row.3))
            .collect();
        let with = panel_with(&with, &["kind"], |row| Besides {
            covariates: vec![Some(kind(row))],
            ..Besides::default()
        });
        let ask =
            |(place, (_, ask)): (usize, &(&str, Asked))| ask(if place < WITHOUT { &panel } else { &with });
        METHODS.iter().enumerate().map(ask).collect()
    };
    let played: Vec<Vec<Estimate>> = (0..2000).into_par_iter().map(play).collect();
    for (method, (name, _)) in METHODS.iter().enumerate() {
        let estimates = || played.iter().map(|estimates| &estimates[method]);
        let interval = |estimate: &&Estimate| {
            estimate.interval().is_some_and(|interval| interval.low <= truth && truth <= interval.high)
        };
        let held = estimates().filter(interval).count() as f64 / 2000.0;
        let mean = estimates().map(|estimate| estimate.value).sum::<f64>() / 2000.0;
        let squares: f64 = estimates().map(|estimate| (estimate.value - mean).powi(2)).sum();
        let error = (squares / 1999.0 / 2000.0).sqrt();
        println!("{name}, 200 units: coverage {held:.4}, mean {mean:.4} of {truth:.4}, error {error:.4}");
        assert!((mean - truth).abs() <= 4.0 * error, "{name}: {mean} +- {error}, not {truth}");
        assert!((0.93..=0.97).contains(&held), "{name}: coverage {held}");
    }
}

/// Too long is allowed here: the shares of starts of one unit are weights as uncertain as their effects, and the
/// influence of estimated shares then counts the noise of the effects once more.
#[test]
fn starts_of_one_unit_do_not_shorten_the_interval() {
    check(&[(Some(3), 1), (Some(4), 1), (Some(5), 1), (None, 9)], (0.91, 1.0));
}

/// Of 500 panels without any parting before the start, 5 in 100 are to be suspected; 4 Monte Carlo standard errors.
/// Where units are too few to test all starts and periods together, exposures are tested.
#[test]
fn the_test_of_what_was_before_suspects_no_more_panels_than_it_says() {
    let small = |start| (Some(start), 5);
    for (starts, n_periods) in [
        (vec![(Some(4), 6), (Some(5), 6), (None, 8)], 6),
        (vec![(Some(4), 40), (Some(5), 40), (None, 50)], 6),
        (vec![small(5), small(6), small(7), small(8), small(9), small(10), (None, 30)], 10),
        // Seven small starts among many: 21 numbers, of which chi-square suspects 3 in 4 panels.
        (
            [20, 15, 12, 10, 14, 9, 8]
                .into_iter()
                .zip(2..)
                .map(|(n, start)| (Some(start), n))
                .chain([(None, 300)])
                .collect(),
            8,
        ),
    ] {
        let rollout = RollOut { starts, n_periods, effect: 2.0 };
        let suspected = (0..500).filter(|panel| {
            let found =
                group_time(&panel_of(&rollout.play(1_700_000 + panel)), &Settings::default()).unwrap();
            pre_trends(&found).or_else(|_| pre_trends_by_exposure(&found)).unwrap().p < 0.05
        });
        let share = suspected.count() as f64 / 500.0;
        println!("{:?}: suspected {share}", rollout.starts);
        assert!((0.01..=0.09).contains(&share), "{share}");
    }
}
