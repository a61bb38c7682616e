use std::collections::BTreeMap;

use proptest::prelude::*;
use traction_stats::panel::Period;

use super::calendar::{self, Calendar};
use super::columns::{ColumnsRefused, Matching, Part};
use super::compare::{Last, compare};
use super::numbers::{Point, Written, number};
use super::reading::{self, Choice, Flaw, Kept, Table};
use super::units::{UnitUnknown, Units};
use super::*;
use crate::id::{Id, UnitId};
use crate::time::Moment;

#[test]
fn an_outcome_is_a_value_or_parts_of_a_whole_that_agree() {
    let ratio = Measured::Ratio { numerator: 3.0, denominator: 4.0 };
    let both = OutcomeRefused::Both { value: 0.7, numerator: 3.0, denominator: 4.0 };
    for (value, numerator, denominator, expect) in [
        (Some(2.5), None, None, Ok(Measured::Value(2.5))),
        (None, Some(3.0), Some(4.0), Ok(ratio)),
        (Some(0.75), Some(3.0), Some(4.0), Ok(ratio)),
        (Some(0.7), Some(3.0), Some(4.0), Err(both)),
        (None, None, None, Ok(Measured::Nothing)),
        (None, None, Some(4.0), Ok(Measured::Nothing)),
        (None, None, Some(0.0), Ok(Measured::Nothing)),
        (None, Some(0.0), Some(0.0), Ok(Measured::Nothing)),
        (None, Some(0.0), Some(4.0), Ok(Measured::Ratio { numerator: 0.0, denominator: 4.0 })),
        (None, Some(3.0), None, Err(OutcomeRefused::NoDenominator)),
        (Some(1.0), Some(3.0), None, Err(OutcomeRefused::NoDenominator)),
        (Some(1.0), None, Some(4.0), Err(OutcomeRefused::NoNumerator)),
        (Some(1.0), Some(0.0), Some(0.0), Err(OutcomeRefused::OfNobody { value: 1.0 })),
        (None, Some(3.0), Some(0.0), Err(OutcomeRefused::SomeOfNobody { numerator: 3.0 })),
        (Some(1.0), Some(3.0), Some(-0.0), Err(OutcomeRefused::SomeOfNobody { numerator: 3.0 })),
        (None, None, Some(-4.0), Err(OutcomeRefused::Negative { denominator: -4.0 })),
        (None, Some(3.0), Some(-4.0), Err(OutcomeRefused::Negative { denominator: -4.0 })),
        (
            None,
            Some(1e300),
            Some(1e-300),
            Err(OutcomeRefused::Beyond { numerator: 1e300, denominator: 1e-300 }),
        ),
    ] {
        assert_eq!(measured(value, numerator, denominator), expect);
    }
    assert_eq!(ratio.value(), Some(0.75));
}

fn unit(n: u8) -> UnitId {
    UnitId::made(Moment::from_milliseconds(0).unwrap(), [n; 10])
}

fn units() -> Units {
    let known = [
        ("ward-1", "Ward 1", unit(1)),
        ("ward-2", "Ward 2", unit(2)),
        ("er", "Emergency", unit(3)),
        ("er-2", "Emergency", unit(4)),
    ];
    Units::of(known.into_iter())
}

/// Found by the fuzzer: a week of the year -400 was taken, and its Monday cannot be read again.
#[test]
fn a_week_is_written_in_digits_alone() {
    for written in ["-400W02", "-400-W02", "+026-W02", "2026-W+2", "0000-W02"] {
        assert!(calendar::read(written).is_err(), "{written}");
    }
    assert_eq!(calendar::read("0001-W01").map(|period| period.to_string()), Ok("0001-01-01".into()));
}

/// A database writes `date_trunc` of a date as midnight with the zone's offset, another one in summer than in winter.
#[test]
fn a_moment_at_local_midnight_is_that_day_and_another_is_told_apart_from_a_day() {
    let midnights = [
        "2026-09-07 00:00:00+02",
        "2026-09-07 00:00:00-03",
        "2026-09-07 00:00:00+05:30",
        "2026-09-07T00:00:00.000-0330",
        "2026-09-07 00:00:00 +02:00",
        "2026-09-07 00:00:00+01:05:21",
        "2026-09-07T00:00:00Z",
        "2026-09-07 00:00+00",
    ];
    for written in midnights {
        assert_eq!(calendar::read(written), Ok(Period::Day("2026-09-07".parse().unwrap())), "{written}");
        assert_eq!(Calendar::Week.read(written), calendar::read(written), "{written}");
    }
    for written in
        ["2026-09-06 22:00:00+00", "2026-09-06T22:00:00Z", "2026-09-07 00:00:01+02", "2026-09-07 01:00"]
    {
        let says = format!("`{written}` is a moment, not a day; write it as a date, in SQL `day::date`");
        assert_eq!(calendar::read(written).unwrap_err().to_string(), says);
        assert_eq!(Calendar::Day.read(written).unwrap_err().to_string(), says);
        let expect = format!("0 taken, 0 missing, 0 left out; line 2, column `period`: {says}");
        assert_eq!(told("unit,period,value", &[format!("ward-1,{written},1").as_str()], Kept::Open), expect);
    }
    for written in [
        "2026-09-07+02",
        "2026-09-07-13",
        "2026-09-07 00:00:00+ab",
        "2026-09-07 25:00:00",
        "2026-03-31-",
        "+",
        "2026-é9-07+02é",
    ] {
        assert!(
            matches!(calendar::read(written), Err(calendar::PeriodRefused::NoPeriod { .. })),
            "{written}"
        );
    }
}

#[test]
fn a_period_is_one_of_the_calendar_or_is_told_what_would_be_right() {
    use Calendar::{Day, Month, Week, Year};
    for (calendar, written, expect) in [
        (Day, "2026-03-04", Ok("2026-03-04")),
        (Day, "2026-03-04 00:00:00+00", Ok("2026-03-04")),
        (
            Day,
            "2026-03",
            Err("`2026-03` is a month, and this metric is kept by day; write each date, like 2026-03-31"),
        ),
        (Week, "2026-03-02", Ok("2026-03-02")),
        (Week, "2026-W10", Ok("2026-03-02")),
        (Week, "2026W01", Ok("2025-12-29")),
        (Week, "2020-W53", Ok("2020-12-28")),
        (
            Week,
            "2026-W54",
            Err(
                "`2026-W54` cannot be read; give a week by its Monday, like 2026-03-02, or by its number, like 2026-W10",
            ),
        ),
        (
            Week,
            "2026-03-04",
            Err(
                "`2026-03-04` is a Wednesday, and this metric is kept by week; write 2026-03-02, the Monday of its week, or 2026-W10",
            ),
        ),
        (
            Week,
            "2027-01-03",
            Err(
                "`2027-01-03` is a Sunday, and this metric is kept by week; write 2026-12-28, the Monday of its week, or 2026-W53",
            ),
        ),
        (
            Week,
            "10",
            Err(
                "`10` is a year, and this metric is kept by week; write each week's Monday, like 2026-03-02, or its number, like 2026-W10",
            ),
        ),
        (Month, "2026-03", Ok("2026-03")),
        (Month, "2026-03-01", Ok("2026-03")),
        (
            Month,
            "2026-W23",
            Err("`2026-W23` is a week, and this metric is kept by month; write each month, like 2026-03"),
        ),
        (
            Day,
            "2026-W10",
            Err("`2026-W10` is a week, and this metric is kept by day; write each date, like 2026-03-31"),
        ),
        (Month, "2026-03-02", Err("`2026-03-02` is a day, and this metric is kept by month; write 2026-03")),
        (
            Month,
            "2026",
            Err("`2026` is a year, and this metric is kept by month; write each month, like 2026-03"),
        ),
        (Month, "March", Err("`March` cannot be read; give a month, like 2026-03")),
        (Year, "2026", Ok("2026")),
        (Year, "2026-01-01", Ok("2026")),
        (Year, "2026-02", Err("`2026-02` is a month, and this metric is kept by year; write 2026")),
        (
            Year,
            "202603",
            Err("`202603` is a number, and this metric is kept by year; write each year, like 2026"),
        ),
        (
            Day,
            "2026-03-04 07:30:00",
            Err("`2026-03-04 07:30:00` is a moment, not a day; write it as a date, in SQL `day::date`"),
        ),
        (Day, "2026-02-30", Err("`2026-02-30` cannot be read; give a date, like 2026-03-31")),
    ] {
        let read =
            calendar.read(written).map(|period| period.to_string()).map_err(|refused| refused.to_string());
        assert_eq!(read.as_deref().map_err(String::as_str), expect, "{written} by {calendar}");
    }
}

#[test]
fn calendars_are_guessed_only_where_every_period_speaks_for_them() {
    for (written, expect) in [
        (&["2026-03-02", "2026-03-09"][..], Some(Calendar::Week)),
        (&["2026-03-02", "2026-03-10"], Some(Calendar::Day)),
        (&["2026-03", "2026-04"], Some(Calendar::Month)),
        (&["2004", "2005"], Some(Calendar::Year)),
        (&["1", "2", "3"], None),
        (&[], None),
    ] {
        let periods: Vec<Period> = written.iter().map(|text| calendar::read(text).unwrap()).collect();
        assert_eq!(Calendar::guessed(periods.iter().copied()), expect, "{written:?}");
    }
}

proptest! {
    /// Whatever is read is of the calendar, is read again from what it writes, and is followed by another of the calendar
    /// that begins when it ends.
    #[test]
    fn periods_of_a_calendar_follow_one_another_without_gaps(days in 0_i64..60_000, which in 0_usize..4) {
        let calendar = Calendar::ALL[which];
        let date = jiff::civil::date(1900, 1, 1).checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap();
        let period = match calendar {
            Calendar::Day => Period::Day(date),
            Calendar::Week => calendar.read(&format!("{}-W{:02}", date.iso_week_date().year(), date.iso_week_date().week())).unwrap(),
            Calendar::Month => Period::Month { year: date.year(), month: date.month() },
            Calendar::Year => Period::Number(i64::from(date.year())),
        };
        prop_assert!(calendar.has(period));
        prop_assert_eq!(calendar.read(&period.to_string()), Ok(period));
        let next = calendar.next(period).unwrap();
        prop_assert!(next > period && calendar.has(next));
        prop_assert_eq!(calendar.ends(period), crate::measure::panel::begins(next));
        prop_assert_eq!(calendar.span(period, next, 10), vec![period, next]);
        let length = calendar.ends(period).unwrap().days_since(crate::measure::panel::begins(period).unwrap());
        prop_assert!(length <= calendar.days() as f64);
    }
}

fn header(names: &str) -> Vec<String> {
    names.split(',').map(str::to_owned).collect()
}

#[test]
fn columns_are_guessed_by_their_names_then_by_what_is_in_them() {
    let knows = |label: &str| units().find(label).is_ok();
    for (names, row, expect) in [
        ("unit,period,value", "ward-1,2026-03,2", [Some(0), Some(1), Some(2), None, None]),
        ("Ward,Month,Rate", "ward-1,2026-03,2", [Some(0), Some(1), Some(2), None, None]),
        ("month,ward,cases,n", "2026-03,ward-1,2,10", [Some(1), Some(0), None, Some(2), Some(3)]),
        ("x1,x2,x3", "2026-03-02,7,Ward 2", [Some(2), Some(0), Some(1), None, None]),
        ("period,unit,value,n", "2026,er-2,1,9", [Some(1), Some(0), Some(2), None, None]),
        ("a,b", "x,y", [None; 5]),
    ] {
        let cells = header(row);
        let guessed = Matching::guessed(&header(names), &[&cells], knows);
        assert_eq!(Part::ALL.map(|part| guessed.of(part)), expect, "{names}");
    }
}

#[test]
fn columns_that_are_not_enough_are_refused_beside_their_entry() {
    let names = header("unit,period,value,numerator");
    let mut half = Matching::by_word(&names);
    assert_eq!(half.settled(&names), Err(ColumnsRefused::Half));
    half.numerator = None;
    assert!(half.settled(&names).is_ok());
    half.value = Some(0);
    let twice = ColumnsRefused::Twice { column: "unit".into(), first: Part::Unit, second: Part::Value };
    assert_eq!(half.settled(&names), Err(twice));
    half.value = None;
    assert_eq!(half.settled(&names), Err(ColumnsRefused::NothingMeasured));
    half.period = None;
    assert_eq!(
        half.settled(&names).unwrap_err().to_string(),
        "no column is said to hold the periods; the columns are `unit`, `period`, `value`, `numerator`"
    );
}

#[test]
fn a_label_means_a_unit_by_short_name_or_name_and_what_is_alike_is_only_proposed() {
    let units = units();
    for label in ["ward-1", "Ward 1", "WARD 1", "ward 1"] {
        assert_eq!(units.find(label), Ok(unit(1)), "{label}");
    }
    assert_eq!(
        units.find("Emergency"),
        Err(UnitUnknown::Several { label: "Emergency".into(), names: vec!["er".into(), "er-2".into()] })
    );
    let refused = units.find("Ward 12").unwrap_err();
    assert_eq!(
        refused,
        UnitUnknown::Nobody { label: "Ward 12".into(), nearest: vec!["ward-1".into(), "ward-2".into()] }
    );
    assert_eq!(
        refused.to_string(),
        "there is no unit `Ward 12`; perhaps `ward-1` or `ward-2` is meant; import units first, or correct the name"
    );
    assert_eq!(
        units.find("…").unwrap_err().to_string(),
        "there is no unit `…`; import units first, or correct the name"
    );
}

/// A table, read; what came of it, in one line.
fn told(names: &str, rows: &[&str], kept: Kept) -> String {
    let (header, rows) =
        (header(names), rows.iter().zip(2..).map(|(row, line)| (line, header(row))).collect::<Vec<_>>());
    let columns = Matching::by_word(&header).settled(&header).unwrap();
    let choices =
        BTreeMap::from([("old".to_owned(), Choice::LeaveOut), ("w1".to_owned(), Choice::Is(unit(1)))]);
    let read = reading::read(
        Table { header: &header, rows: &rows, point: Point::OfDecimals },
        columns,
        &units(),
        &choices,
        kept,
    );
    assert_eq!(
        read.rows.len() + read.bad.len() + read.empty.len() + read.n_left_out,
        rows.len(),
        "every row is something"
    );
    let bad: Vec<String> = read.bad.iter().map(ToString::to_string).collect();
    format!(
        "{} taken, {} missing, {} left out; {}",
        read.rows.len(),
        read.empty.len(),
        read.n_left_out,
        bad.join(" | ")
    )
}

#[test]
fn every_row_is_taken_missing_left_out_or_refused_with_its_line_and_reason() {
    let values = "unit,period,value";
    let parts = "unit,period,numerator,denominator";
    for (names, rows, kept, expect) in [
        (
            values,
            &["ward-1,2026-03,2.5", "Ward 2,2026-03,-1e3"][..],
            Kept::Open,
            "2 taken, 0 missing, 0 left out; ",
        ),
        (
            values,
            &["ward-1,2026-03,", "ward-2,2026-03,NA", "er,2026-03,0"],
            Kept::Open,
            "1 taken, 2 missing, 0 left out; ",
        ),
        (values, &["old,nonsense,nonsense", "w1,2026-03,1"], Kept::Open, "1 taken, 0 missing, 1 left out; "),
        (
            values,
            &["w1,2026-03,1", "ward-1,2026-03,1"],
            Kept::Open,
            "1 taken, 0 missing, 0 left out; line 3, column `period`: `ward-1` has a row for 2026-03 already on line 2; keep one of them",
        ),
        (
            values,
            &[",2026-03,1"],
            Kept::Open,
            "0 taken, 0 missing, 0 left out; line 2, column `unit`: nothing is there; name the unit on every row",
        ),
        (
            values,
            &["ward-1,,1"],
            Kept::Open,
            "0 taken, 0 missing, 0 left out; line 2, column `period`: nothing is there; give a year, a year-month or a date",
        ),
        (
            values,
            &["ward-1,2026-03,1", "ward-2,2026,1"],
            Kept::Open,
            "1 taken, 0 missing, 0 left out; line 3, column `period`: `2026` is not of one kind with line 2, which has year-months; write all periods alike",
        ),
        (
            values,
            &["ward-1,2026-03-02,1", "ward-2,2026-03-03,1"],
            Kept::By(Calendar::Week),
            "1 taken, 0 missing, 0 left out; line 3, column `period`: `2026-03-03` is a Tuesday, and this metric is kept by week; write 2026-03-02, the Monday of its week, or 2026-W10",
        ),
        (
            values,
            &["ward-1,2026-03,inf", "ward-2,2026-03,1 000"],
            Kept::Open,
            "0 taken, 0 missing, 0 left out; line 2, column `value`: `inf` is not a number; write it like 12 or 2.5, or leave it empty if nothing was observed | line 3, column `value`: `1 000` is not a number; write it like 12 or 2.5, or leave it empty if nothing was observed",
        ),
        (parts, &["ward-1,2026-03,1,4", "ward-2,2026-03,,"], Kept::Open, "1 taken, 1 missing, 0 left out; "),
        (
            parts,
            &["ward-1,2026-03,1,"],
            Kept::Open,
            "0 taken, 0 missing, 0 left out; line 2, column `denominator`: there is a numerator and no denominator; give both, or leave both empty if nothing was counted",
        ),
        (
            parts,
            &["ward-1,2026-03,0,0", "ward-2,2026-03,,140", "er,2026-03,0,140"],
            Kept::Open,
            "1 taken, 2 missing, 0 left out; ",
        ),
        (
            parts,
            &["ward-1,2026-03,1,-4", "ward-2,2026-03,3,0"],
            Kept::Open,
            "0 taken, 0 missing, 0 left out; line 2, column `denominator`: the denominator is -4; it must be above 0, or 0 where nobody was counted | line 3, column `denominator`: 3 of 0 cannot be; correct the denominator, or leave both empty if nobody was counted",
        ),
        (
            "unit,period,value,numerator,denominator",
            &["ward-1,2026-03,0.5,,4", "ward-2,2026-03,0.5,1,4", "ward-1,2026-04,1,0,0"],
            Kept::Open,
            "0 taken, 0 missing, 0 left out; line 2, column `numerator`: there is a value and a denominator, and no numerator; give all three, or leave the denominator empty | line 3, column `value`: the value 0.5 is not 1 of 4; give one or the other | line 4, column `value`: the denominator is 0, and yet the value is 1; leave the value empty if nobody was counted",
        ),
        (
            values,
            &["ward-1,2026-03,1", "ward-2,2026-03-02,1"],
            Kept::Like("2026-01".parse().unwrap()),
            "1 taken, 0 missing, 0 left out; line 3, column `period`: `2026-03-02` is not of one kind with what is known of this metric, which has 2026-01; write all periods alike",
        ),
    ] {
        assert_eq!(told(names, rows, kept), expect);
    }
}

/// What else the column holds says which of two readings is meant; where nothing does, neither is taken.
#[test]
fn a_mark_of_thousands_is_never_taken_for_one_of_decimals() {
    use Point::{OfDecimals, OfEither};
    let either = "`1.234` may mean 1234 or 1.234; write 1234, or 1.2340";
    let comma = "`1,234` may mean 1234 or 1.234; write 1234, or 1.2340";
    let thousands = |text: &str, plain: &str| format!("`{text}` has marks between thousands; write {plain}");
    let decimal = |text: &str, plain: &str| format!("`{text}` has a decimal comma; write {plain}");
    for (point, beside, text, expect) in [
        (OfDecimals, "", "1.234", Ok(1.234)),
        (OfEither, "", "1.234", Err(either.to_owned())),
        (
            OfEither,
            "7",
            "-12.345",
            Err("`-12.345` may mean -12345 or -12.345; write -12345, or -12.3450".into()),
        ),
        (OfEither, "0.5", "1.234", Ok(1.234)),
        (OfEither, "1.2340", "1.234", Ok(1.234)),
        (OfEither, "2.5e3", "1.234", Ok(1.234)),
        (OfEither, "0,5", "1.234", Err(thousands("1.234", "1234"))),
        (OfEither, "1.234,5", "1.234", Err(thousands("1.234", "1234"))),
        (OfEither, "1.234.567", "1.234", Err(thousands("1.234", "1234"))),
        (OfEither, "1,234.5", "1.234", Ok(1.234)),
        (OfEither, "", "0.125", Ok(0.125)),
        (OfEither, "", "1234.567", Ok(1234.567)),
        (OfEither, "", "12.34", Ok(12.34)),
        (OfDecimals, "", "1,234", Err(comma.to_owned())),
        (OfDecimals, "0.5", "1,234", Err(thousands("1,234", "1234"))),
        (OfEither, "0,5", "1,234", Err(decimal("1,234", "1.234"))),
        (OfDecimals, "0,5 0.5", "1,234", Err(comma.to_owned())),
        (OfDecimals, "", "1,5", Err(decimal("1,5", "1.5"))),
        (OfDecimals, "", "0,125", Err(decimal("0,125", "0.125"))),
        (OfDecimals, "", "1,234,567", Err(thousands("1,234,567", "1234567"))),
        (OfDecimals, "", "1,234.5", Err(thousands("1,234.5", "1234.5"))),
        (OfDecimals, "", "1.234,5", Err(thousands("1.234,5", "1234.5"))),
        (OfDecimals, "", "True", Ok(1.0)),
        (OfDecimals, "", "FALSE", Ok(0.0)),
    ] {
        let written = Written::of(beside.split(' ').chain([text]), point);
        assert_eq!(number(text, written), expect.map(Some), "{text} beside {beside}");
    }
    for text in ["1,23,4", "1.2.3", "1,2.3,4", ",", "..", "1,234e5", "$1,234", "1 234", "+", "-,"] {
        let refused = number(text, Written::default()).unwrap_err();
        assert!(refused.contains("is not a number; write it like 12 or 2.5, or leave it empty"), "{refused}");
    }
    assert_eq!(number("-", Written::default()), Ok(None));
}

#[test]
fn a_day_or_a_month_as_one_number_is_asked_about_unless_the_metric_is_kept_so() {
    let first = |number: i64| Kept::Like(Period::Number(number));
    let refused = |written: &str, meant: &str| {
        format!(
            "0 taken, 0 missing, 0 left out; line 2, column `period`: `{written}` may be {meant} as one number; write {meant}, or count periods from 1"
        )
    };
    let taken = "1 taken, 0 missing, 0 left out; ".to_owned();
    for (written, kept, expect) in [
        ("46023", Kept::Open, refused("46023", "2026-01-01")),
        ("46023", Kept::By(Calendar::Day), refused("46023", "2026-01-01")),
        ("46023", first(2026), refused("46023", "2026-01-01")),
        ("202601", Kept::Open, refused("202601", "2026-01")),
        ("202601", Kept::By(Calendar::Month), refused("202601", "2026-01")),
        ("20260131", Kept::Open, refused("20260131", "2026-01-31")),
        ("46023", first(45992), taken.clone()),
        ("202601", first(202512), taken.clone()),
        ("202613", Kept::Open, taken.clone()),
        ("20260230", Kept::Open, taken.clone()),
        ("2026", Kept::Open, taken.clone()),
        ("29999", Kept::Open, taken.clone()),
        ("-46023", Kept::Open, taken),
    ] {
        let row = format!("ward-1,{written},1");
        assert_eq!(told("unit,period,value", &[row.as_str()], kept), expect);
    }
}

/// However many names are unknown, only the first are looked at closely, and each once.
#[test]
fn names_alike_are_looked_for_a_bounded_number_of_times() {
    let header = header("unit,period,value");
    let row = |n: u64| (n, vec![format!("ward-1{}", 100 + n / 2), format!("{}", n % 2), "1".to_owned()]);
    let rows: Vec<(u64, Vec<String>)> = (0..400).map(row).collect();
    let columns = Matching::by_word(&header).settled(&header).unwrap();
    let table = Table { header: &header, rows: &rows, point: Point::OfDecimals };
    let read = reading::read(table, columns, &units(), &BTreeMap::new(), Kept::Open);
    let is_looked_for = |unknown: &&UnitUnknown| matches!(unknown, UnitUnknown::Nobody { nearest, .. } if !nearest.is_empty());
    let n_looked_for = read.unknown.iter().filter(is_looked_for).count();
    assert_eq!((read.bad.len(), read.unknown.len(), n_looked_for), (400, 200, 40));
}

#[test]
fn an_unknown_label_is_told_once_however_many_rows_it_has() {
    let (header, rows) =
        (header("unit,period,value"), [(2, header("Ward 7,2026-03,1")), (3, header("Ward 7,2026-04,1"))]);
    let columns = Matching::by_word(&header).settled(&header).unwrap();
    let read = reading::read(
        Table { header: &header, rows: &rows, point: Point::OfDecimals },
        columns,
        &units(),
        &BTreeMap::new(),
        Kept::Open,
    );
    assert_eq!((read.bad.len(), read.unknown.len()), (2, 1));
}

#[test]
fn a_correction_is_a_further_word_and_parts_are_compared_as_parts() {
    let march: Period = "2026-03".parse().unwrap();
    let outcome = |measured| Outcome { period: march, measured };
    let half = Measured::Ratio { numerator: 1.0, denominator: 2.0 };
    let known = BTreeMap::from([
        ((unit(1), march), Last { n: 1, measured: Measured::Value(0.5) }),
        ((unit(2), march), Last { n: 3, measured: half }),
    ]);
    let rows = [(unit(1), outcome(half)), (unit(2), outcome(half)), (unit(3), outcome(half))];
    let compared = compare(&rows, &known);
    assert_eq!((compared.n_new(), compared.corrected().count(), compared.n_same), (1, 1, 1));
    assert_eq!(
        (compared.words[0].n, compared.words[0].corrects),
        (2, Some(Measured::Value(0.5))),
        "half is not one of two"
    );
    assert_eq!((compared.words[1].n, compared.words[1].corrects), (1, None));
}

#[test]
fn no_value_takes_back_what_is_known_and_says_nothing_where_nothing_is() {
    let march: Period = "2026-03".parse().unwrap();
    let outcome = |measured| Outcome { period: march, measured };
    let last = |n, measured| Last { n, measured };
    let known = BTreeMap::from([
        ((unit(1), march), last(1, Measured::Value(900.0))),
        ((unit(2), march), last(2, Measured::Nothing)),
        ((unit(3), march), last(2, Measured::Nothing)),
    ]);
    let nothing = outcome(Measured::Nothing);
    let rows = [
        (unit(1), nothing),
        (unit(2), nothing),
        (unit(3), outcome(Measured::Value(9.0))),
        (unit(4), nothing),
    ];
    let compared = compare(&rows, &known);
    assert_eq!(
        (compared.n_new(), compared.n_taken_back(), compared.corrected().count(), compared.n_missing),
        (0, 1, 2, 2)
    );
    let words: Vec<_> =
        compared.words.iter().map(|word| (word.unit, word.n, word.measured, word.corrects)).collect();
    assert_eq!(
        words,
        [
            (unit(1), 2, Measured::Nothing, Some(Measured::Value(900.0))),
            (unit(3), 3, Measured::Value(9.0), Some(Measured::Nothing)),
        ]
    );
    assert_eq!(Measured::Nothing.value(), None);
}

#[test]
fn a_flaw_repeats_nothing_of_its_row() {
    for (row, flaw) in [
        ("Jo Smith,2026-03,1", Flaw::Unit),
        ("ward-1,Jo Smith,1", Flaw::Period),
        ("ward-1,2026-03,Jo Smith", Flaw::Number),
        ("ward-1,202603,1", Flaw::InOne),
    ] {
        let (header, rows) = (header("unit,period,value"), [(2, header(row))]);
        let columns = Matching::by_word(&header).settled(&header).unwrap();
        let read = reading::read(
            Table { header: &header, rows: &rows, point: Point::OfDecimals },
            columns,
            &units(),
            &BTreeMap::new(),
            Kept::Open,
        );
        assert_eq!(
            (read.bad[0].flaw, read.bad[0].why.contains("Jo Smith")),
            (flaw, flaw != Flaw::InOne),
            "{row}"
        );
        assert!(!flaw.to_string().contains("Smith"));
    }
}
