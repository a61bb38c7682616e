use super::*;
use crate::panel::{Columns, Unbalanced, read};

const COLUMNS: Columns<'_> =
    Columns { unit: "unit", period: "when", outcome: "y", start: "start", ..NOTHING };
const NOTHING: Columns<'_> = Columns {
    unit: "",
    period: "",
    outcome: "",
    start: "",
    treated: None,
    weight: None,
    cluster: None,
    covariates: &[],
};

/// Units a (starts in 4), b (starts in 6), c (never), periods 1 to 7; the outcome is 10 x unit + period.
fn table() -> String {
    let mut text = String::from("unit,when,y,start,size,house,z\n");
    for (place, (unit, start)) in [("a", "4"), ("b", "6"), ("c", "")].iter().enumerate() {
        for period in 1..=7 {
            let z =
                if place == 1 && period == 2 { String::new() } else { (100 * place + period).to_string() };
            text += &format!(
                "{unit},{period},{},{start},{},h{},{z}\n",
                10 * place + period,
                place + 1,
                place % 2
            );
        }
    }
    text
}

fn panel(columns: &Columns<'_>) -> Panel {
    read(table().as_bytes(), columns, Unbalanced::Keep).unwrap()
}

fn cells(panel: &Panel) -> Vec<(String, i64, f64)> {
    let period = |t: usize| if let Period::Number(at) = panel.periods()[t] { at } else { panic!() };
    let cell =
        |unit: usize, t: usize| Some((panel.units()[unit].to_owned(), period(t), panel.outcome(unit, t)?));
    let all = (0..panel.units().len()).flat_map(|unit| (0..panel.periods().len()).map(move |t| (unit, t)));
    all.filter_map(|(unit, t)| cell(unit, t)).collect()
}

#[test]
fn some_units_keep_what_was_theirs() {
    let whole =
        panel(&Columns { weight: Some("size"), cluster: Some("house"), covariates: &["z"], ..COLUMNS });
    let part = whole.of_units(|unit| unit > 0).unwrap();
    assert_eq!(*part.units(), ["b", "c"]);
    assert_eq!((part.weight(0), part.weight(1)), (2.0, 3.0));
    assert_eq!(part.clusters(), Some(&[0, 1][..]));
    assert_eq!(
        (part.covariate(0, 0, 0), part.covariate(0, 0, 1), part.covariate(0, 1, 6)),
        (Some(101.0), None, Some(207.0))
    );
    assert_eq!((part.cohorts().len(), part.never(), part.n_rows()), (1, &[1][..], 14));
    assert!(cells(&part).iter().all(|cell| cells(&whole).contains(cell)));
    assert!(whole.of_units(|_| false).is_none());
}

#[test]
fn the_last_covariate_becomes_an_outcome_where_it_is_known() {
    let (rest, other) = panel(&Columns { covariates: &["size", "z"], ..COLUMNS }).split_outcome();
    let (name, other) = other.unwrap();
    assert_eq!((name.as_str(), rest.covariates().len(), other.covariates().len()), ("z", 1, 1));
    assert_eq!((other.outcome(1, 0), other.outcome(1, 1), other.n_with_gaps()), (Some(101.0), None, 1));
    assert_eq!(rest.outcome(1, 1), Some(12.0));
    assert_eq!((other.cohorts(), other.n_rows()), (rest.cohorts(), 20));
    assert!(panel(&COLUMNS).split_outcome().1.is_none());
}

#[test]
fn made_up_starts_are_seen_up_to_the_true_ones() {
    let pretence = Pretence { n_steps: 2, anticipation: 0, until: Until::OwnStart };
    let (before, rows) = panel(&COLUMNS).pretend(&pretence).unwrap();
    assert_eq!(rows, [0, 1, 2]);
    let starts: Vec<_> = before.cohorts().iter().map(|cohort| (cohort.start, cohort.units.clone())).collect();
    assert_eq!(starts, [(Period::Number(2), vec![0]), (Period::Number(4), vec![1])]);
    let seen = |unit: &str| cells(&before).iter().filter(|cell| cell.0 == unit).map(|cell| cell.1).max();
    assert_eq!((seen("a"), seen("b"), seen("c")), (Some(3), Some(5), Some(5)));
    let (before, _) = panel(&COLUMNS).pretend(&Pretence { until: Until::FirstStart, ..pretence }).unwrap();
    assert_eq!((before.periods().len(), before.n_with_gaps()), (3, 0));
    // Unit b would start in period 4, of which nothing is left.
    assert_eq!((before.cohorts().len(), before.never()), (1, &[1, 2][..]));
}

#[test]
fn what_is_allowed_for_before_the_start_is_not_looked_at() {
    let pretence = Pretence { n_steps: 1, anticipation: 1, until: Until::OwnStart };
    let (before, _) = panel(&COLUMNS).pretend(&pretence).unwrap();
    assert_eq!(
        before.cohorts().iter().map(|cohort| cohort.start).collect::<Vec<_>>(),
        [2, 4].map(Period::Number)
    );
    assert_eq!(cells(&before).iter().filter(|cell| cell.0 == "a").map(|cell| cell.1).max(), Some(2));
}

#[test]
fn units_without_room_for_an_earlier_start_are_not_in_it() {
    let pretence = |n_steps| Pretence { n_steps, anticipation: 0, until: Until::OwnStart };
    let (before, rows) = panel(&COLUMNS).pretend(&pretence(3)).unwrap();
    assert_eq!(*before.units(), ["b", "c"]);
    assert_eq!(rows, [1, 2]);
    let (nobody, _) = panel(&COLUMNS).pretend(&pretence(9)).unwrap();
    assert!(nobody.cohorts().is_empty());
}
