use super::*;

const COLUMNS: Columns<'_> = Columns {
    unit: "unit",
    period: "when",
    outcome: "y",
    start: "start",
    treated: None,
    weight: None,
    cluster: None,
    covariates: &[],
};

#[track_caller]
fn panel(rows: &str) -> Panel {
    read(format!("unit,when,y,start\n{rows}").as_bytes(), &COLUMNS, Unbalanced::Keep).unwrap()
}

#[track_caller]
fn refused(rows: &str) -> String {
    read(format!("unit,when,y,start\n{rows}").as_bytes(), &COLUMNS, Unbalanced::Keep).unwrap_err().to_string()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// Exposures of the periods on the calendar they make, for a start.
#[track_caller]
fn exposures(periods: &str, start: &str) -> Vec<i64> {
    let periods: Vec<Period> = periods.split(' ').map(period).collect();
    periods.iter().map(|at| Calendar::of(&periods).exposure(*at, period(start))).collect()
}

#[test]
fn never_is_written_in_many_ways() {
    let panel = panel(
        "a,2003.0,1,\nb,2003,1,0\nc,2003,1,Inf\nd,2003,1,NA\ne,2003,1,never\nf,2003,1,2003.0\ng,2003,2,0.0\n",
    );
    assert_eq!(panel.never(), [0, 1, 2, 3, 4, 6]);
    assert_eq!(panel.cohorts(), [Cohort { start: Period::Number(2003), units: vec![5] }]);
}

#[test]
fn words_for_nothing_are_never_too() {
    for word in ["NaN", "nan", ".", "NULL", "null", "None", "none", "<NA>", "NaT", "n/a"] {
        let panel = panel(&format!("a,2003,1,{word}\nb,2003,1,2003\n"));
        assert_eq!(panel.never(), [0], "{word}");
    }
    assert!(refused("a,2003,1,no\n").contains("`no` cannot be read"));
}

#[test]
fn whole_numbers_that_are_year_and_month_in_one_count_months() {
    assert_eq!(exposures("202011 202012 202101 202103", "202012"), [-1, 0, 1, 3]);
    // A start that was not observed, and numbers that only look alike.
    assert_eq!(exposures("202011 202012 202101", "202103"), [-4, -3, -2]);
    assert_eq!(exposures("202001 202002 202003", "202002"), [-1, 0, 1]);
    assert_eq!(exposures("202011 202012 202013 202101", "202012"), [-1, 0, 1, 89]);
    assert_eq!(exposures("1112 1201", "1201"), [-89, 0]);
    assert_eq!(
        panel("a,202012,1,\na,202101,1,\n").periods(),
        [Period::Number(202012), Period::Number(202101)]
    );
}

#[test]
fn whole_numbers_that_are_dates_in_one_count_as_dates_do() {
    assert_eq!(exposures("20240131 20240229 20240331", "20240229"), [-1, 0, 1], "month ends");
    assert_eq!(exposures("20231201 20240101 20240401", "20240101"), [-1, 0, 3], "first days");
    assert_eq!(exposures("20240122 20240129 20240205", "20240205"), [-2, -1, 0], "weeks");
    // Within a month they count alike, as numbers or as days; what no calendar knows is a number.
    assert_eq!(exposures("20240101 20240108 20240109", "20240108"), [-7, 0, 1]);
    assert_eq!(exposures("20240131 20240132 20240201", "20240132"), [-1, 0, 69]);
    assert_eq!(exposures("10000101 10000102 10000103", "10000102"), [-1, 0, 1]);
    assert_eq!(panel("a,20240131,1,\na,20240229,1,\n").periods()[1], Period::Number(20240229));
}

#[test]
fn midnights_are_dates_and_other_times_are_not() {
    for text in ["2020-01-05T00:00:00", "2020-01-05 00:00:00", "2020-01-05T00:00", "2020-01-05T00:00:00.000Z"]
    {
        assert_eq!(text.parse(), Ok(period("2020-01-05")), "{text}");
    }
    for text in [
        "2020-01-05T00:00:01",
        "2020-01-05T",
        "2020-01-05 12:00:00",
        "2020-01-05T00:00:00.5",
        "2020-01-0\u{e9}T",
    ] {
        assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
    }
}

#[test]
fn periods_ascend_whatever_the_order_of_rows_and_cells_follow_them() {
    let panel = panel("a,10,1,9\na,9,2,9\nb,9,3,\nb,10,4,\n");
    assert_eq!(panel.periods(), [Period::Number(9), Period::Number(10)]);
    assert_eq!((panel.outcome(0, 0), panel.outcome(0, 1)), (Some(2.0), Some(1.0)));
    assert_eq!((panel.outcome(1, 0), panel.outcome(1, 1)), (Some(3.0), Some(4.0)));
}

#[test]
fn units_with_gaps_are_kept_or_dropped_and_counted() {
    let rows = "unit,when,y,start\na,1,1,2\na,2,2,2\nb,1,3,\n";
    let kept = read(rows.as_bytes(), &COLUMNS, Unbalanced::Keep).unwrap();
    assert_eq!((kept.units().len(), kept.n_with_gaps(), kept.n_dropped()), (2, 1, 0));
    assert_eq!(kept.outcome(1, 1), None);
    let dropped = read(rows.as_bytes(), &COLUMNS, Unbalanced::Drop).unwrap();
    assert_eq!(*dropped.units(), ["a"]);
    assert_eq!((dropped.n_with_gaps(), dropped.n_dropped()), (1, 1));
    assert_eq!(dropped.outcome(0, 1), Some(2.0));
}

#[test]
fn a_start_after_the_last_period_counts_as_never_and_is_counted() {
    let panel = panel("a,1,1,3\na,2,2,3\nb,1,3,2\nb,2,3,2\n");
    assert_eq!((panel.never(), panel.n_start_after_end()), (&[0][..], 1));
}

#[test]
fn gaps_between_whole_numbers_stay_gaps() {
    assert_eq!(exposures("2001 2003 2007", "2003"), [-2, 0, 4]);
    assert_eq!(exposures("2001 2003 2007", "2002"), [-1, 1, 5]);
}

#[test]
fn year_months_count_months() {
    assert_eq!(exposures("2023-10 2024-01 2024-04", "2024-01"), [-3, 0, 3]);
}

#[test]
fn dates_count_by_their_common_step() {
    assert_eq!(exposures("2024-01-01 2024-01-08 2024-01-22", "2024-01-08"), [-1, 0, 2]);
    assert_eq!(exposures("2024-01-01 2024-01-08 2024-01-18", "2024-01-08"), [-7, 0, 10]);
    assert_eq!(exposures("2024-01-15 2024-02-15 2024-04-15", "2024-02-15"), [-1, 0, 2]);
    assert_eq!(exposures("2024-01-31 2024-02-29 2024-03-31", "2024-01-31"), [0, 1, 2]);
    assert_eq!(exposures("2022-12-31 2023-12-31 2024-12-31", "2023-12-31"), [-1, 0, 1]);
}

#[test]
fn a_start_between_two_steps_counts_downwards() {
    assert_eq!(exposures("2024-01-01 2024-01-08 2024-01-15", "2024-01-05"), [-1, 0, 1]);
    assert_eq!(exposures("2024-01-31 2024-02-29 2024-03-31", "2024-02-10"), [-1, 0, 1]);
    assert_eq!(exposures("2024-01-01 2024-02-01 2024-03-01", "2024-01-15"), [-1, 0, 1]);
}

#[test]
fn what_is_no_period_is_no_period() {
    for text in ["2004.5", "2004-13", "2004-02-30", "March", "", "1e300", "2004-3", "2004-03-01T00:01"] {
        assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
    }
    assert_eq!(period("2004.0"), Period::Number(2004));
    assert_eq!(period("-3"), Period::Number(-3));
    assert_eq!(period("2004-03").to_string(), "2004-03");
    assert_eq!(period("2004-03-09").to_string(), "2004-03-09");
}

#[test]
fn faults_name_line_and_remedy() {
    assert_eq!(refused(""), "there are no rows below the header; give one row per unit and period");
    assert_eq!(
        refused("a,1,1,\na,2,2,\na,1,3,\n"),
        "line 4: `a` has a row for 1 already on line 2; keep one row per unit and period"
    );
    assert_eq!(
        refused("a,1,1,\na,2,2,2\n"),
        "line 3: `a` starts in 2 here but never on line 2; give all rows of a unit the same start"
    );
    assert_eq!(
        refused("a,1,,\nb,1,NA,\n"),
        "none of the 2 rows has an outcome; name the column that holds it"
    );
    assert_eq!(
        refused("a,1,1,0\na,2,1,1\n"),
        "line 3: `a` starts in 1 here but never on line 2; give all rows of a unit the same start; if the column says with 1 \
         and 0 in which periods it is on, name it as the one that does"
    );
    assert_eq!(
        refused("a,2024Q1,1,2024Q2\n"),
        "line 2, column `when`: `2024Q1` cannot be read; give a whole number (2004), a year-month (2004-03) or a date \
         (2004-03-31)"
    );
    assert_eq!(
        refused("a,1,many,\n"),
        "line 2, column `y`: `many` cannot be read; give a number, or leave it empty if nothing was observed"
    );
    assert_eq!(
        refused("a,1,1,True\n"),
        "line 2, column `start`: `True` cannot be read; that is no period; give the unit's first period with the treatment, \
         or name the column as the one that says in which periods it is on"
    );
    assert_eq!(
        refused("a,1,1,soon\n"),
        "line 2, column `start`: `soon` cannot be read; give the first period with the treatment, written like the \
         periods, or leave it empty, or write never, for units without"
    );
    assert_eq!(
        refused("a,1,1,\na,2024-01,1,\n"),
        "line 3: 2024-01 is not of one kind with the periods before it, which are whole numbers; write all periods \
         and starts alike"
    );
    assert_eq!(
        refused("a,x,1,\n"),
        "line 2, column `when`: `x` cannot be read; give a whole number (2004), a year-month (2004-03) or a date \
         (2004-03-31)"
    );
    assert_eq!(refused(",1,1,\n"), "line 2, column `unit`: nothing is there; name the unit on every row");
}

#[test]
fn a_column_of_moments_instead_of_periods_is_refused_before_it_fills_the_memory() {
    let mut builder = PanelBuilder::new();
    let refused = (0..5000).find_map(|line| {
        let unit = line.to_string();
        let row = Row { line, unit: &unit, period: Period::Number(line as i64), outcome: 1.0, start: None };
        builder.push(row).err()
    });
    // A column of period n ends with unit n: ten million cells stand after the root of twenty million rows.
    assert_eq!(refused, Some(PanelRefused::TooSparse { n_rows: 4471, n_units: 4472, n_periods: 4472 }));
}

#[track_caller]
fn with(columns: &Columns<'_>, header: &str, rows: &str) -> Result<Panel, PanelRefused> {
    read(format!("unit,when,y,start,{header}\n{rows}").as_bytes(), columns, Unbalanced::Keep)
}

#[track_caller]
fn refused_with(columns: &Columns<'_>, header: &str, rows: &str) -> String {
    with(columns, header, rows).unwrap_err().to_string()
}

#[test]
fn a_unit_counts_by_the_weight_of_its_earliest_row() {
    let columns = Columns { weight: Some("w"), ..COLUMNS };
    let panel = with(&columns, "w", "a,2,1,,5\na,1,1,,2.5\na,3,1,,4\nb,2,1,,1e3\n").unwrap();
    assert!(panel.has_weights());
    assert_eq!((panel.weight(0), panel.weight(1)), (2.5, 1000.0));
    assert!(!super::tests::panel("a,1,1,\n").has_weights());
    assert_eq!(
        refused_with(&columns, "w", "a,1,1,,0\n"),
        "line 2, column `w`: `0` cannot be read; give a number above 0, or leave out rows that should not count"
    );
    let mut builder = PanelBuilder::new();
    let row = Row { line: 7, unit: "a", period: Period::Number(1), outcome: 1.0, start: None };
    let refused = builder.push_beside(row, &Beside { weight: Some(f64::NAN), ..Beside::default() });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "line 7: the weight of `a` is not a number above 0; leave out rows that should not count"
    );
}

#[test]
fn clusters_are_numbered_as_they_come_and_hold_whole_units() {
    let columns = Columns { cluster: Some("c"), ..COLUMNS };
    let panel = with(&columns, "c", "a,1,1,,x\nb,1,1,,y\nb,2,1,,y\nc,1,1,,x\n").unwrap();
    assert_eq!(panel.clusters(), Some(&[0, 1, 0][..]));
    assert_eq!(
        refused_with(&columns, "c", "a,1,1,,x\na,2,1,,y\n"),
        "line 3: `a` is in another cluster here than on line 2; give all rows of a unit the same cluster"
    );
    assert_eq!(
        refused_with(&columns, "c", "a,1,1,,\n"),
        "line 2, column `c`: nothing is there; name the cluster on every row"
    );
    let only_complete = Columns { cluster: Some("c"), ..COLUMNS };
    let rows = "unit,when,y,start,c\na,1,1,,x\nb,1,1,,y\nb,2,1,,y\nc,1,1,,z\nc,2,1,,z\n";
    let dropped = read(rows.as_bytes(), &only_complete, Unbalanced::Drop).unwrap();
    assert_eq!(dropped.clusters(), Some(&[0, 1][..]));
}

#[test]
fn covariates_are_fixed_until_a_value_changes() {
    let columns = Columns { covariates: &["age", "load"], ..COLUMNS };
    let rows = "a,2,1,,30,True\na,1,1,,30,2\nb,1,1,,NA,3\nb,2,1,,nan,.\nc,3,1,,41,5\n";
    let panel = with(&columns, "load,age", rows).unwrap();
    // The header names them the other way round: columns go by name.
    let names: Vec<&str> = panel.covariates().iter().map(|covariate| covariate.name.as_str()).collect();
    assert_eq!(names, ["age", "load"]);
    let panel = with(&columns, "age,load", rows).unwrap();
    let of =
        |covariate, unit| (0..3).map(|period| panel.covariate(covariate, unit, period)).collect::<Vec<_>>();
    assert!(!panel.covariates()[0].varies());
    assert_eq!((of(0, 0), of(0, 1)), (vec![Some(30.0); 3], vec![None; 3]));
    assert!(panel.covariates()[1].varies());
    assert_eq!(of(1, 0), [Some(2.0), Some(1.0), None]);
    assert_eq!(of(1, 1), [Some(3.0), None, None]);
    assert_eq!(of(1, 2), [None, None, Some(5.0)]);
    assert_eq!(
        refused_with(&columns, "age,load", "a,1,1,,old,1\n"),
        "line 2, column `age`: `old` cannot be read; give a number, or leave it empty if it is not known"
    );
}

#[test]
fn a_column_that_says_who_has_it_gives_the_start() {
    let columns = Columns { start: "not there", treated: Some("on"), ..COLUMNS };
    let rows = "a,3,1,,True\na,2,1,,1.0\na,1,1,,false\nb,1,1,,FALSE\nb,3,1,,0\nc,1,1,,1\n";
    let panel = with(&columns, "on", rows).unwrap();
    let starts: Vec<_> = panel.cohorts().iter().map(|cohort| (cohort.start, cohort.units.clone())).collect();
    assert_eq!(starts, [(Period::Number(1), vec![2]), (Period::Number(2), vec![0])]);
    assert_eq!(panel.never(), [1]);
    assert_eq!(
        refused_with(&columns, "on", "b,1,1,,0\na,2,1,,1\na,3,1,,0\n"),
        "line 4: `a` is without the treatment in 3, which it has since 2; once on, it must stay on: leave out the \
         periods after it was given up, or the unit"
    );
    assert_eq!(
        refused_with(&columns, "on", "a,1,1,,yes\n"),
        "line 2, column `on`: `yes` cannot be read; give 1 in periods with the treatment and 0 in those without"
    );
}

/// Squares of 10^155 are no numbers any more: an effect on them would look as if nothing varied.
#[test]
fn numbers_too_large_to_be_squared_are_refused() {
    let with = |outcome: &str, size: &str| {
        let text = format!("unit,period,outcome,start,size\na,1,2,,1\na,2,{outcome},,{size}\n");
        let columns = Columns {
            unit: "unit",
            period: "period",
            outcome: "outcome",
            start: "start",
            covariates: &["size"],
            ..Columns::default()
        };
        read(text.as_bytes(), &columns, Unbalanced::Keep).map(drop).map_err(|refused| refused.to_string())
    };
    let says = |column: &str| {
        format!(
            "line 3, column `{column}`: `a` has a number beyond 10^70 in 2, which cannot be reckoned with; check it, or give \
             it in a larger unit of measure"
        )
    };
    assert_eq!(with("-1e155", "1"), Err(says("outcome")));
    assert_eq!(with("1", "1e155"), Err(says("size")));
    assert_eq!(with("1e70", "-1e70"), Ok(()));
}

/// Squares of 10^-160 are 0: all units would seem to change by the same.
#[test]
fn outcomes_too_small_to_be_squared_are_refused() {
    let with = |outcome: f64| {
        let mut builder = PanelBuilder::new();
        let row = Row { line: 2, unit: "a", period: Period::Number(1), outcome, start: None };
        builder.push(row).unwrap();
        builder.finish(Unbalanced::Keep).map(drop).map_err(|refused| refused.to_string())
    };
    let says = "all outcomes lie within 10^-70 of 0, which is too near to be reckoned with; check them, or give them in a \
                smaller unit of measure";
    assert_eq!(with(-1e-160), Err(says.to_owned()));
    assert_eq!((with(0.0), with(1e-69)), (Ok(()), Ok(())));
}
