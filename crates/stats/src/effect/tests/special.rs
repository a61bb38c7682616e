//! Special cases that must collapse, brute force, and what is refused or left unsaid.

use super::*;
use crate::uncertainty::{Law, Level, Spread, WaldRefused, WhyUnknown};

fn made(unit: &str, start: Option<i64>, outcomes: &[f64]) -> Vec<Made> {
    (1..).zip(outcomes).map(|(t, y)| (unit.to_owned(), t, *y, start)).collect()
}

/// By hand: changes -3, -1 against 2, 0, 1; means -2 and 1; squared deviations 2 and 2.
#[test]
fn one_start_and_two_periods_are_a_difference_in_differences() {
    let rows = [
        made("a", Some(2), &[10.0, 7.0]),
        made("b", Some(2), &[5.0, 4.0]),
        made("c", None, &[1.0, 3.0]),
        made("d", None, &[2.0, 2.0]),
        made("e", None, &[8.0, 9.0]),
    ]
    .concat();
    let found = group_time(&panel_of(&rows), &Settings::default()).unwrap();
    let [cell] = &found.cells[..] else { panic!("one cell") };
    assert_eq!((cell.n_treated, cell.n_compared, cell.exposure), (2, 3, 0));
    assert!((cell.effect.value + 3.0).abs() < 1e-14);
    let interval = cell.effect.interval().unwrap();
    assert!((interval.se - f64::sqrt(2.0 / 4.0 + 2.0 / 9.0)).abs() < 1e-14);
    // Welch: variances 2 / 2 and 1 / 3. Of two and three units, were they equally spread, the distance that one in
    // twenty exceeds lies between those of Student's law with one degree of freedom and with three.
    assert!((interval.se_used - f64::sqrt(1.0 + 1.0 / 3.0)).abs() < 1e-14);
    let Law::Student { df } = interval.law else { panic!("normal with five units") };
    assert!(df > 1.0 && df < 3.0, "{df}");
    let reach = interval.law.reach(Level::NINETY_FIVE) * interval.se_used;
    assert!((interval.low - (-3.0 - reach)).abs() < 1e-9 && (interval.high - (-3.0 + reach)).abs() < 1e-9);
    for overall in
        [simple(&found), by_start(&found).overall, by_period(&found).overall, by_exposure(&found).overall]
    {
        assert!((overall.value + 3.0).abs() < 1e-14 && (overall.se().unwrap() - interval.se).abs() < 1e-14);
    }
    assert_eq!(pre_trends(&found), Err(WaldRefused::Nothing));
}

/// The effect of one start and period by looking at each unit in turn, from the definition.
fn by_brute_force(panel: &Panel, cell: &Cell, settings: &Settings) -> (f64, f64) {
    let place = |wanted: i64| panel.periods().iter().position(|p| *p == Period::Number(wanted)).unwrap();
    let (Period::Number(g), Period::Number(t)) = (cell.start, cell.period) else { panic!() };
    let ahead = i64::from(settings.anticipation);
    let base = if t >= g || settings.base == Base::Universal { g - 1 - ahead } else { t - 1 };
    let mut changes = [Vec::new(), Vec::new()];
    for unit in 0..panel.units().len() {
        let cohort =
            panel.cohorts().iter().find(|cohort| cohort.units.contains(&unit)).map(|cohort| cohort.start);
        let side = match cohort {
            Some(start) if start == cell.start => 0,
            None => 1,
            Some(Period::Number(start))
                if settings.compare == Compare::NotYet && start > t.max(base) + ahead =>
            {
                1
            }
            Some(_) => continue,
        };
        if let (Some(before), Some(after)) = (panel.outcome(unit, place(base)), panel.outcome(unit, place(t)))
        {
            changes[side].push(after - before);
        }
    }
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let variance =
        |x: &[f64]| x.iter().map(|c| (c - mean(x)).powi(2)).sum::<f64>() / (x.len() as f64).powi(2);
    (mean(&changes[0]) - mean(&changes[1]), (variance(&changes[0]) + variance(&changes[1])).sqrt())
}

#[test]
fn units_with_gaps_count_wherever_both_periods_are_there() {
    let big = RollOut { starts: vec![(Some(3), 20), (Some(4), 15), (Some(6), 10), (None, 30)], ..small() };
    let mut rows = big.play(7);
    let mut row = 0;
    rows.retain(|_| {
        row += 1;
        row % 11 != 3
    });
    let panel = panel_of(&rows);
    assert!(panel.n_with_gaps() > 20);
    for compare in BOTH {
        for (base, anticipation) in
            [(Base::Varying, 0), (Base::Universal, 0), (Base::Varying, 1), (Base::Universal, 1)]
        {
            let settings = Settings { compare, base, anticipation, ..Settings::default() };
            let found = group_time(&panel, &settings).unwrap();
            for cell in found.cells.iter().filter(|cell| cell.effect.se().is_some()) {
                let (value, se) = by_brute_force(&panel, cell, &settings);
                assert!((cell.effect.value - value).abs() < 1e-12, "{cell:?}");
                assert!((cell.effect.se().unwrap() - se).abs() < 1e-12, "{cell:?}");
            }
        }
    }
}

/// The influence of the estimated shares, by removing each unit in turn (the jackknife): equal to first order.
#[test]
fn errors_of_summaries_agree_with_the_jackknife() {
    let big = RollOut { starts: vec![(Some(3), 60), (Some(4), 50), (Some(6), 40), (None, 80)], ..small() };
    // Effects that grow make the shares matter.
    let grown: Vec<Made> = big
        .play(8)
        .into_iter()
        .map(|(u, t, y, g)| {
            (u, t, y + g.map_or(0.0, |g| if t >= g { 4.0 * (t - g + 10 - g) as f64 } else { 0.0 }), g)
        })
        .collect();
    let summaries = |rows: &[Made]| {
        let found = group_time(&panel_of(rows), &Settings::default()).unwrap();
        [simple(&found), by_start(&found).overall, by_period(&found).overall, by_exposure(&found).overall]
    };
    let all = summaries(&grown);
    let without: Vec<[f64; 4]> = (0..230)
        .map(|unit| {
            let rows: Vec<Made> = [&grown[..6 * unit], &grown[6 * unit + 6..]].concat();
            summaries(&rows).map(|estimate| estimate.value)
        })
        .collect();
    for (k, estimate) in all.iter().enumerate() {
        let mean = without.iter().map(|values| values[k]).sum::<f64>() / 230.0;
        let jackknife =
            (without.iter().map(|values| (values[k] - mean).powi(2)).sum::<f64>() * 229.0 / 230.0).sqrt();
        // The jackknife exceeds by about 1 / (2 x 40 units) at the smallest start.
        assert!(
            (jackknife / estimate.se().unwrap() - 1.0).abs() < 0.02,
            "{k}: {jackknife} {:?}",
            estimate.se()
        );
    }
}

/// A start of one unit borrows the spread of the others: with never-started units alone to lend, its error is that
/// of one new unit among them.
#[test]
fn a_start_of_one_unit_borrows_its_spread() {
    let changes = [1.0, 2.0, 4.0, 5.0];
    let mut rows = made("one", Some(2), &[0.0, 8.0]);
    for (i, change) in changes.iter().enumerate() {
        rows.extend(made(&format!("other {i}"), None, &[3.0, 3.0 + change]));
    }
    let found = group_time(&panel_of(&rows), &Settings::default()).unwrap();
    assert_eq!(found.sample.lone_starts().collect::<Vec<_>>(), [Period::Number(2)]);
    let interval = found.cells[0].effect.interval().unwrap();
    let variance: f64 = 10.0 / 3.0;
    assert!((interval.se_used - (variance * (1.0 + 1.0 / 4.0)).sqrt()).abs() < 1e-12, "{interval:?}");
    // By the definition, a lone unit adds nothing: the root of the others' squared deviations, 10, over four squared.
    assert!((interval.se - f64::sqrt(10.0) / 4.0).abs() < 1e-12, "{interval:?}");
    let Law::Student { df } = interval.law else { panic!() };
    // Four lenders have three degrees of freedom, however often they lend.
    assert!((df - 3.0).abs() < 1e-12, "{df}");
}

#[test]
fn without_two_units_of_one_start_the_spread_is_unknown_and_says_why() {
    let rows = [
        made("a", Some(2), &[1.0, 5.0, 6.0]),
        made("b", Some(3), &[1.0, 2.0, 5.0]),
        made("c", None, &[0.0, 1.0, 3.0]),
    ];
    let found = group_time(&panel_of(&rows.concat()), &Settings::default()).unwrap();
    for cell in &found.cells {
        assert_eq!(cell.effect.spread, Spread::Unknown(WhyUnknown::OneUnitEach));
    }
    assert_eq!(simple(&found).spread, Spread::Unknown(WhyUnknown::OneUnitEach));
    assert_eq!(pre_trends(&found), Err(WaldRefused::SpreadUnknown));
}

#[test]
fn where_nobody_never_starts_the_last_serve_until_they_do() {
    let rollout =
        RollOut { starts: vec![(Some(3), 4), (Some(5), 4), (Some(6), 4)], n_periods: 7, effect: 2.0 };
    let panel = panel_of(&rollout.play(9));
    let found = group_time(&panel, &Settings { compare: Compare::NotYet, ..Settings::default() }).unwrap();
    assert_eq!(found.sample.last.as_ref().map(|last| last.start), Some(Period::Number(6)));
    let cells: Vec<(Period, Period)> = found.cells.iter().map(|cell| (cell.start, cell.period)).collect();
    let number = Period::Number;
    let expect = [(3, 2), (3, 3), (3, 4), (3, 5), (5, 2), (5, 3), (5, 4), (5, 5)];
    assert_eq!(cells, expect.map(|(g, t)| (number(g), number(t))));
    let absent: Vec<_> = [(3, 6), (3, 7), (5, 6), (5, 7)]
        .map(|(g, t)| (number(g), number(t), WhyNoCell::NoComparison))
        .to_vec();
    assert_eq!(found.left_out.cells, absent);
    let refused = group_time(&panel, &Settings::default());
    assert_eq!(refused.unwrap_err(), GroupTimeRefused::NoNever);
}

#[test]
fn what_the_data_cannot_carry_is_refused() {
    let refused = |rows: &[Vec<Made>], settings: Settings| {
        group_time(&panel_of(&rows.concat()), &settings).unwrap_err()
    };
    let plain = Settings::default();
    let a = || made("a", Some(2), &[1.0, 2.0]);
    assert_eq!(
        refused(&[made("a", Some(1), &[1.0]), made("b", None, &[1.0])], plain),
        StartsRefused::TooFewPeriods.into()
    );
    assert_eq!(refused(&[a()], plain), StartsRefused::TooFewUnits.into());
    assert_eq!(
        refused(&[made("a", None, &[1.0, 2.0]), made("b", None, &[1.0, 2.0])], plain),
        StartsRefused::NobodyStarts.into()
    );
    let all = refused(&[a(), made("b", Some(2), &[1.0, 2.0])], plain);
    assert_eq!(all, StartsRefused::EveryoneAtOnce { n_units: 2 }.into());
    let early = refused(&[made("b", Some(1), &[1.0, 2.0]), made("c", None, &[1.0, 2.0])], plain);
    assert_eq!(early, StartsRefused::NothingBefore { n_units: 1, anticipation: 0 }.into());
    let anticipated = refused(&[a(), made("c", None, &[1.0, 2.0])], Settings { anticipation: 1, ..plain });
    assert_eq!(anticipated, StartsRefused::NothingBefore { n_units: 1, anticipation: 1 }.into());
    let mut gap = made("c", None, &[1.0, 2.0]);
    gap.pop();
    let never = refused(&[a(), gap], plain);
    assert_eq!(never, GroupTimeRefused::NothingComparable { compare: Compare::Never });
    for unseen in [0, 1] {
        let mut one_side = a();
        one_side.remove(unseen);
        let others = [made("b", None, &[1.0, 2.0]), made("c", None, &[2.0, 1.0])];
        let found = refused(&[&[one_side], &others[..]].concat(), plain);
        assert_eq!(found, GroupTimeRefused::StartedOnOneSide);
    }
    let once = |unit: &'static str, start, kept: usize| {
        let both = made(unit, start, &[1.0, 2.0]);
        vec![both[kept].clone()]
    };
    let others = [once("a", Some(2), 0), once("b", Some(2), 1), once("c", None, 0), once("d", None, 1)];
    assert_eq!(refused(&others, plain), StartsRefused::NobodySeenTwice.into());
}

#[test]
fn more_periods_before_the_start_than_units_can_carry_are_not_tested_cell_by_cell() {
    let rollout =
        RollOut { starts: vec![(Some(8), 5), (Some(10), 5), (None, 6)], n_periods: 11, effect: 1.0 };
    let found = group_time(&panel_of(&rollout.play(10)), &Settings::default()).unwrap();
    assert_eq!(pre_trends(&found), Err(WaldRefused::TooFewUnits { n_units: 16, n_numbers: 14 }));
    let test = pre_trends_by_exposure(&found).unwrap();
    assert_eq!(test.df, 8);
    // Hotelling's law for all eight together would have 13 - 8 + 1; not all rest on the same starts.
    assert!(test.df_denominator.is_some_and(|df| (6.0..30.0).contains(&df)), "{test:?}");
}

/// Brute force, 520 periods: more than 256 units are then taken in several stretches. Errors are those of two means.
#[test]
fn a_panel_too_long_to_be_taken_at_once_is_taken_whole() {
    let starts = vec![(Some(400), 150), (None, 200), (Some(500), 150)];
    let panel = panel_of(&RollOut { starts, n_periods: 520, effect: 1.0 }.play(31));
    let found = group_time(&panel, &Settings::default()).unwrap();
    let place = |period: i64| period as usize - 1;
    for cell in found.cells.iter().filter(|cell| [-1, 0, 19].contains(&cell.exposure)) {
        let (Period::Number(start), Period::Number(at)) = (cell.start, cell.period) else { panic!() };
        let base = if at < start { at - 1 } else { start - 1 };
        let cohort = panel.cohorts().iter().find(|cohort| cohort.start == cell.start).unwrap();
        let of = |units: &[usize]| {
            let change = |unit: &usize| {
                panel.outcome(*unit, place(at)).unwrap() - panel.outcome(*unit, place(base)).unwrap()
            };
            let n = units.len() as f64;
            let mean = units.iter().map(change).sum::<f64>() / n;
            (mean, units.iter().map(|unit| (change(unit) - mean).powi(2)).sum::<f64>() / (n * n))
        };
        let ((there, its), (elsewhere, theirs)) = (of(&cohort.units), of(panel.never()));
        let (value, se) = (cell.effect.value, cell.effect.interval().unwrap().se);
        assert!((value - (there - elsewhere)).abs() < 1e-10, "{value} is not {}", there - elsewhere);
        assert!((se / (its + theirs).sqrt() - 1.0).abs() < 1e-10, "{se} is not {}", (its + theirs).sqrt());
    }
}
