use super::*;
use crate::panel::{Beside, PanelBuilder, Period, Row, Unbalanced};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A unit's row: unit, period, outcome, start, weight, cluster, covariate.
type Cell = (usize, i64, Option<f64>, Option<i64>, f64, usize, f64);

/// Sixty units of few kinds, so that many are alike; some lack periods, some never start.
fn rows(rng: &mut Xoshiro256PlusPlus) -> Vec<Cell> {
    let mut rows = Vec::new();
    for unit in 0..60 {
        let start = [None, Some(3), Some(5), Some(9)][unit % 4];
        let (weight, age) = (1.0 + (unit % 3) as f64, f64::from(rng.random_range(0..2)));
        let cluster = rng.random_range(0..12);
        for period in 1..=6 {
            let seen = rng.random_range(0..10) > 0;
            let outcome = f64::from(rng.random_range(-1..2)) / 3.0;
            rows.push((
                unit,
                period,
                seen.then_some(outcome),
                start,
                weight,
                cluster,
                age + (period / 4) as f64,
            ));
        }
    }
    rows
}

fn panel(rows: &[Cell], unit: impl Fn(usize) -> String, cluster: impl Fn(usize) -> String) -> Panel {
    let mut builder = PanelBuilder::with_covariates(&["age"]);
    for (line, &(label, period, outcome, start, weight, of, age)) in (2..).zip(rows) {
        let (unit, of) = (unit(label), cluster(of));
        let row = Row {
            line,
            unit: &unit,
            period: Period::Number(period),
            outcome: outcome.unwrap_or(f64::NAN),
            start: start.map(Period::Number),
        };
        let covariates = [Some(age)];
        let beside =
            Beside { weight: Some(weight), cluster: Some(&of), covariates: &covariates, ..Beside::default() };
        match outcome {
            Some(_) => builder.push_beside(row, &beside).unwrap(),
            None => builder.push_absent(row, &beside).unwrap(),
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

/// All that a panel says, but for labels; to the bit.
fn content(panel: &Panel) -> String {
    let units = 0..panel.units().len();
    let cells = |unit: usize| {
        (0..panel.periods().len())
            .map(|t| {
                (
                    panel.outcome(unit, t).map(f64::to_bits),
                    panel.outcome(unit, t).and(panel.covariate(0, unit, t)),
                )
            })
            .collect::<Vec<_>>()
    };
    let rows: Vec<_> = units.map(|unit| (cells(unit), panel.weight(unit))).collect();
    format!("{rows:?} {:?} {:?} {:?}", panel.clusters(), panel.cohorts(), panel.never())
}

#[test]
fn neither_the_order_of_rows_nor_names_move_a_panel_in_order_of_content() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    for _ in 0..20 {
        let mut rows = rows(&mut rng);
        let plain = panel(&rows, |unit| format!("u{unit}"), |of| format!("c{of}"));
        let first = plain.clone().in_order_of_content();
        let labels: Vec<&str> = first.units().iter().collect();
        rows.shuffle(&mut rng);
        let shuffled = panel(&rows, |unit| format!("u{unit}"), |of| format!("c{of}"));
        assert_ne!(content(&shuffled), content(&plain), "or shuffling does nothing");
        let shuffled = shuffled.in_order_of_content();
        assert_eq!(content(&shuffled), content(&first));
        assert_eq!(shuffled.units().iter().collect::<Vec<_>>(), labels);
        let mut names: Vec<usize> = (0..100).collect();
        names.shuffle(&mut rng);
        let renamed = panel(&rows, |unit| format!("{}", names[unit]), |of| format!("{}", names[of]));
        assert_eq!(content(&renamed.in_order_of_content()), content(&first));
    }
}

#[test]
fn each_unit_keeps_what_is_known_of_it() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let rows = rows(&mut rng);
    let plain = panel(&rows, |unit| format!("u{unit}"), |of| format!("c{of}"));
    let ordered = plain.clone().in_order_of_content();
    let (before, after) = (plain.clusters().unwrap(), ordered.clusters().unwrap());
    for (row, label) in ordered.units().iter().enumerate() {
        let was = plain.units().iter().position(|unit| unit == label).unwrap();
        assert_eq!(plain.weight(was), ordered.weight(row));
        for t in 0..plain.periods().len() {
            assert_eq!(plain.outcome(was, t), ordered.outcome(row, t), "{label}");
            assert_eq!(plain.covariate(0, was, t), ordered.covariate(0, row, t), "{label}");
        }
        for (other, label) in ordered.units().iter().enumerate() {
            let there = plain.units().iter().position(|unit| unit == label).unwrap();
            assert_eq!(before[was] == before[there], after[row] == after[other]);
        }
        let start =
            |panel: &Panel, row| panel.cohorts().iter().find(|g| g.units.contains(&row)).map(|g| g.start);
        assert_eq!(start(&plain, was), start(&ordered, row));
    }
    assert_eq!(content(&ordered.clone().in_order_of_content()), content(&ordered));
}

/// Started units first, by start; then by the first period that parts them.
#[test]
fn the_order_is_by_start_then_by_outcomes() {
    let mut builder = PanelBuilder::new();
    let units = [
        ("d", None, [1.0, -2.0]),
        ("c", Some(2), [4.0, 0.0]),
        ("b", None, [-3.0, 9.0]),
        ("a", None, [1.0, -5.0]),
    ];
    for (line, (unit, start, outcomes)) in units.into_iter().enumerate() {
        for (period, outcome) in (1..).zip(outcomes) {
            let (line, start) = (line as u64, start.map(Period::Number));
            builder.push(Row { line, unit, period: Period::Number(period), outcome, start }).unwrap();
        }
    }
    let panel = builder.finish(Unbalanced::Keep).unwrap().in_order_of_content();
    assert_eq!(*panel.units(), ["c", "b", "a", "d"]);
    assert_eq!((panel.cohorts()[0].units.as_slice(), panel.never()), (&[0][..], &[1, 2, 3][..]));
}
