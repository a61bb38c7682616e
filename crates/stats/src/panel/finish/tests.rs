//! Cells in which nothing was observed.

use super::super::*;

const COLUMNS: Columns<'_> = Columns {
    unit: "unit",
    period: "when",
    outcome: "y",
    start: "start",
    treated: None,
    weight: None,
    cluster: None,
    covariates: &["age"],
};

#[track_caller]
fn panel(columns: &Columns<'_>, rows: &str, unbalanced: Unbalanced) -> Panel {
    read(format!("unit,when,y,start,on,age\n{rows}").as_bytes(), columns, unbalanced).unwrap()
}

#[test]
fn a_row_without_an_outcome_is_an_absent_cell_and_counted() {
    for nothing in ["", "NA", "NaN", "nan", ".", "NULL", "None", "n/a"] {
        let rows = format!("a,1,1,2,,5\na,2,{nothing},2,,6\nb,1,3,,,7\nb,2,4,,,7\n");
        let panel = panel(&COLUMNS, &rows, Unbalanced::Keep);
        assert_eq!((panel.outcome(0, 1), panel.outcome(1, 1)), (None, Some(4.0)), "{nothing}");
        assert_eq!((panel.n_rows(), panel.n_absent(), panel.n_with_gaps()), (4, 1, 1));
    }
    let rows = "a,1,1,2,,5\na,2,,2,,6\nb,1,3,,,7\nb,2,4,,,7\n";
    let dropped = panel(&COLUMNS, rows, Unbalanced::Drop);
    assert_eq!(*dropped.units(), ["b"]);
    assert_eq!(dropped.n_dropped(), 1);
}

/// The cell that is absent is as one whose row never came.
#[test]
fn units_and_periods_without_any_outcome_are_left_out_with_all_that_stood_beside_them() {
    let rows = "z,1,,,,9\na,0,,2,,1\na,1,1,2,,5\na,2,2,2,,6\nb,1,3,,,7\nb,2,4,,,7\nc,3,,,,8\n";
    let found = panel(&COLUMNS, rows, Unbalanced::Keep);
    assert_eq!(*found.units(), ["a", "b"]);
    assert_eq!(found.periods(), [Period::Number(1), Period::Number(2)]);
    assert_eq!((found.n_rows(), found.n_absent(), found.n_unseen(), found.n_with_gaps()), (7, 3, 2, 0));
    assert_eq!((found.cohorts()[0].units.as_slice(), found.never()), (&[0][..], &[1][..]));
    let ages = |unit| [0, 1].map(|period| found.covariate(0, unit, period));
    assert_eq!((ages(0), ages(1)), ([Some(5.0), Some(6.0)], [Some(7.0), Some(7.0)]));
}

/// What the row says of its unit holds although nothing was observed then.
#[test]
fn a_treatment_that_was_on_unobserved_started_then() {
    let columns = Columns { treated: Some("on"), covariates: &[], ..COLUMNS };
    let rows = "a,1,1,,0,\na,2,NA,,1,\na,3,5,,1,\nb,1,1,,0,\nb,2,1,,0,\nb,3,1,,0,\n";
    let found = panel(&columns, rows, Unbalanced::Keep);
    assert_eq!(found.cohorts(), [Cohort { start: Period::Number(2), units: vec![0] }]);
}

#[test]
fn an_absent_cell_is_not_given_twice_either() {
    let rows = "unit,when,y,start\na,1,,\na,1,3,\n";
    let columns = Columns { covariates: &[], ..COLUMNS };
    let refused = read(rows.as_bytes(), &columns, Unbalanced::Keep).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "line 3: `a` has a row for 1 already on line 2; keep one row per unit and period"
    );
}
