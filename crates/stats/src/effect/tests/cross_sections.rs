//! Other people each time: what few rows a period tell is counted by the period.

use rayon::prelude::*;

use super::*;
use crate::uncertainty::Estimate;

const EITHER: Settings = Settings {
    compare: Compare::Never,
    anticipation: 0,
    base: Base::Varying,
    adjust: Adjust::Dr,
    seen: Seen::InEither,
    level: crate::uncertainty::Level::NINETY_FIVE,
};

/// How a survey is taken.
#[derive(Clone, Copy, Debug)]
struct Survey {
    /// Rows a period of units that start, and of others.
    rows: (usize, usize),
    n_periods: i64,
    start: i64,
    /// For how many periods each person answers.
    stays: i64,
}

impl Survey {
    /// No effect; a person's answers have a level in common.
    fn play(self, seed: u64) -> Vec<Made> {
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut normal = || {
            let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
            (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
        };
        let mut rows = Vec::new();
        for place in 0..self.rows.0 + self.rows.1 {
            let start = (place < self.rows.0).then_some(self.start);
            let mut level = 0.0;
            for period in 1..=self.n_periods {
                let wave = (period + place as i64) / self.stays;
                if (period + place as i64) % self.stays == 0 || period == 1 {
                    level = normal();
                }
                rows.push((format!("{place}/{wave}"), period, level + normal(), start));
            }
        }
        rows
    }

    /// The share of so many surveys in which something is claimed.
    fn claims(self, n: u64, claims: impl Fn(&GroupTime) -> bool + Sync) -> f64 {
        let found =
            |seed: &u64| claims(&group_time(&panel_of(&self.play(5_200_000 + seed)), &EITHER).unwrap());
        (0..n).into_par_iter().filter(found).count() as f64 / n as f64
    }
}

fn is_off(estimate: &Estimate) -> bool {
    estimate.interval().is_some_and(|interval| interval.low > 0.0 || interval.high < 0.0)
}

/// A figure is uncertain by 0.011. Of 800 panels of eight periods 5.2, 4.6, 3.5 and 6.5 in 100 claim something with 2, 3, 5
/// and 10 rows of 50.
#[test]
fn few_rows_a_period_claim_no_more_than_they_say() {
    let long = |n| Survey { rows: (n, 50 - n), n_periods: 4, start: 3, stays: 1 };
    let short = Survey { n_periods: 2, start: 2, ..long(3) };
    let small = Survey { rows: (2, 6), ..long(2) };
    for survey in [long(2), short, small] {
        let share = survey.claims(400, |found| is_off(&simple(found)));
        println!("{survey:?}: false claims {share:.3}");
        assert!((0.01..=0.09).contains(&share), "{survey:?}: {share}");
    }
}

#[test]
fn few_rows_a_period_seldom_seem_to_part_before_the_start() {
    let survey = Survey { rows: (10, 40), n_periods: 4, start: 4, stays: 1 };
    let share = survey.claims(400, |found| pre_trends(found).is_ok_and(|test| test.p <= 0.05));
    println!("{survey:?}: parted {share:.3}");
    assert!(share <= 0.09, "{survey:?}: {share}");
}

/// Everybody is asked each time: rows of a unit are no more independent than in a panel.
#[test]
fn rows_of_the_same_people_are_not_counted_twice() {
    let panel = panel_of(&Survey { rows: (3, 47), n_periods: 2, start: 2, stays: 1000 }.play(1));
    let law = |seen| {
        let found = group_time(&panel, &Settings { seen, ..EITHER }).unwrap();
        simple(&found).interval().unwrap().law
    };
    let (crate::uncertainty::Law::Student { df: either }, crate::uncertainty::Law::Student { df: both }) =
        (law(Seen::InEither), law(Seen::InBoth))
    else {
        panic!("normal with three that start")
    };
    assert!((either - both).abs() < 1e-6, "{either} is not {both}");
}

/// By hand: two periods, other people in each: the difference of two differences of means, and the variances of the four
/// means, each from its own few rows less one.
#[test]
fn four_cells_of_other_people_are_known_as_well_as_their_rows_are_many() {
    let rows = Survey { rows: (3, 7), n_periods: 2, start: 2, stays: 1 }.play(4);
    let cell = |period: i64, starts: bool| -> (f64, f64) {
        let own: Vec<f64> =
            rows.iter().filter(|row| row.1 == period && row.3.is_some() == starts).map(|row| row.2).collect();
        let n = own.len() as f64;
        let mean = own.iter().sum::<f64>() / n;
        (mean, own.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n - 1.0) / n)
    };
    let [started, before, others, others_before] =
        [(2, true), (1, true), (2, false), (1, false)].map(|(t, g)| cell(t, g));
    let found = simple(&group_time(&panel_of(&rows), &EITHER).unwrap());
    let interval = found.interval().unwrap();
    assert!((found.value - (started.0 - before.0 - others.0 + others_before.0)).abs() < 1e-12);
    let variance = started.1 + before.1 + others.1 + others_before.1;
    assert!((interval.se_used.powi(2) / variance - 1.0).abs() < 1e-9, "{interval:?} {}", variance.sqrt());
}
