use super::series::{Columns, Phases, Points, SeriesRefused, read};
use traction_domain::sustain::Period;

const COLUMNS: Columns<'static> = Columns { when: "week", value: "hours", phase: None };

fn points(text: &str) -> Result<Points, SeriesRefused> {
    read(text.as_bytes(), COLUMNS)
}

#[track_caller]
fn says(refused: SeriesRefused, sentence: &str) {
    assert_eq!(refused.to_string(), sentence);
}

#[test]
fn readings_are_put_in_order_and_empty_ones_left_out() {
    let found = points("week;hours\n2026-01-19;3\n2026-01-05;1\n2026-01-12;NA\n2026-01-26;\n").unwrap();
    let values: Vec<f64> = found.points.iter().map(|point| point.value).collect();
    assert_eq!((values, found.n_empty), (vec![1.0, 3.0], 2));
}

#[test]
fn a_bad_cell_is_named_by_line_and_column() {
    says(
        points("week,hours\n1,2\n2,two\n").unwrap_err(),
        "line 3, column `hours`: `two` cannot be read; give a number, or leave the cell empty",
    );
    says(
        points("week,hours\nsoon,2\n").unwrap_err(),
        "line 2, column `week`: `soon` cannot be read; give a whole number (2004), a year-month (2004-03) or a date \
         (2004-03-31)",
    );
    says(
        points("week,hours\n1,2\n2,3\n1,4\n").unwrap_err(),
        "line 4, column `week`: 1 stands on line 2 already; leave one row for each period",
    );
    says(
        points("week,hours\n1,2\n2026-01,3\n").unwrap_err(),
        "line 3, column `week`: 2026-01 is not one of the whole numbers before it; write all periods in one way",
    );
    says(
        points("week,hours\n").unwrap_err(),
        "there is no reading in column `hours`; give at least two before and two after the change",
    );
}

fn ten() -> Points {
    let rows: Vec<String> = (1..=10).map(|week| format!("{week},{week}")).collect();
    points(&format!("week,hours\n{}\n", rows.join("\n"))).unwrap()
}

#[test]
fn a_split_counts_the_readings_before_the_change() {
    let frozen_at = Some("8".parse().unwrap());
    assert_eq!(
        ten().phases_at(4, frozen_at, "week"),
        Ok(Phases { before: 0..4, gained: 4..7, watched: 7..10 })
    );
    assert_eq!(ten().phases_at(4, None, "week"), Ok(Phases { before: 0..4, gained: 4..10, watched: 10..10 }));
}

#[test]
fn a_split_outside_the_series_or_a_freeze_before_it_is_refused() {
    let refused =
        |split, frozen_at: &str| ten().phases_at(split, frozen_at.parse().ok(), "week").unwrap_err();
    says(
        refused(10, ""),
        "--split 10 leaves nothing on one side of it: there are 10 readings; give a number from 1 to 9",
    );
    says(refused(4, "5"), "--frozen-at 5 does not lie after the change at 5; give a later period");
    says(
        refused(4, "2026-01"),
        "--frozen-at 2026-01 is not one of the whole numbers of column `week`; write it as the file does",
    );
}

#[test]
fn a_column_can_name_the_phases() {
    let columns = Columns { phase: Some("phase"), ..COLUMNS };
    let named = |phases: &[&str]| {
        let rows: Vec<String> =
            phases.iter().enumerate().map(|(week, phase)| format!("{week},1,{phase}")).collect();
        let text = format!("week,hours,phase\n{}\n", rows.join("\n"));
        read(text.as_bytes(), columns).unwrap().phases_named("phase")
    };
    assert_eq!(named(&["a", "a", "b", "c"]), Ok(Phases { before: 0..2, gained: 2..3, watched: 3..4 }));
    assert_eq!(named(&["a", "b", "b"]), Ok(Phases { before: 0..1, gained: 1..3, watched: 3..3 }));
    says(
        named(&["a", "b", "a"]).unwrap_err(),
        "column `phase` must name two or three phases, one after the other (before, with, since); it names `a`, `b`, \
         `a`",
    );
}

#[test]
fn what_a_reading_covers_is_told_from_the_dates() {
    let period = |rows: &str| points(&format!("week,hours\n{rows}")).unwrap().period();
    assert_eq!(period("2026-01-05,1\n2026-01-12,1\n2026-01-26,1\n"), Period::Week);
    assert_eq!(period("2026-01,1\n2026-02,1\n"), Period::Month);
    assert_eq!(period("2026-01-31,1\n2026-04-30,1\n"), Period::Quarter);
    assert_eq!(period("1,1\n2,1\n"), Period::Period);
    assert_eq!(period("2004,1\n2005,1\n"), Period::Year);
}
