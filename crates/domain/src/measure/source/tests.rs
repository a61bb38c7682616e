use jiff::tz::TimeZone;

use super::answer::{self, RunRefused};
use super::freshness::stale_at;
use super::schedule::Schedule;
use super::tries::{Due, Ended, Try, due};
use super::*;
use crate::id::Id;
use crate::measure::outcome::calendar::Calendar;
use crate::time::Moment;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn vienna() -> TimeZone {
    TimeZone::get("Europe/Vienna").unwrap()
}

const MONDAYS: &str = "0 6 * * 1";

#[test]
fn a_schedule_is_in_the_zone_of_the_installation_also_when_the_clocks_change() {
    let mondays: Schedule = MONDAYS.parse().unwrap();
    // The clocks go forward on 29 March 2026.
    assert_eq!(mondays.next(at("2026-03-23T05:00:00Z"), &vienna()), Some(at("2026-03-30T04:00:00Z")));
    assert_eq!(mondays.next(at("2026-03-23T04:59:59Z"), &vienna()), Some(at("2026-03-23T05:00:00Z")));
    assert_eq!(mondays.last(at("2026-03-30T04:00:00Z"), &vienna()), Some(at("2026-03-30T04:00:00Z")));
    assert_eq!(mondays.last(at("2026-03-30T03:59:59Z"), &vienna()), Some(at("2026-03-23T05:00:00Z")));
    assert_eq!(mondays.days_apart(at("2026-06-01T12:00:00Z"), &vienna()), 7.0);
    assert_eq!(mondays.to_string(), MONDAYS);
    assert!(mondays.told().contains("Monday"), "{}", mondays.told());
    // An hour that is skipped is made up for, and one that comes twice counts once.
    let nightly: Schedule = "30 2 * * *".parse().unwrap();
    let night = nightly.next(at("2026-03-28T12:00:00Z"), &vienna()).unwrap();
    assert_eq!(night.date().to_string(), "2026-03-29");
    let once = nightly.next(at("2026-10-24T12:00:00Z"), &vienna()).unwrap();
    let then = nightly.next(once, &vienna()).unwrap();
    assert!(then.days_since(once) > 0.9, "{once} then {then}");
}

#[test]
fn what_is_no_schedule_is_refused_with_an_example() {
    for text in ["monday", "0 6 * *", "61 6 * * 1", "* * * * * *", "0 6 * * 1 2027", "0 6 * * mox"] {
        let refused = text.parse::<Schedule>().unwrap_err().to_string();
        assert!(refused.starts_with(&format!("`{text}` is not a schedule (")), "{refused}");
        assert!(refused.contains("like `0 6 * * 1`"), "{refused}");
    }
    assert!(matches!("0 6 30 2 *".parse::<Schedule>(), Err(ScheduleRefused::Never { .. })));
    assert!("@daily".parse::<Schedule>().is_ok());
    assert!("0 6 29 2 *".parse::<Schedule>().is_ok(), "a leap day comes");
}

#[test]
fn a_source_that_cannot_be_kept_is_refused_beside_its_entry() {
    let good =
        SourceWritten { name: "Absence", connection: "WAREHOUSE", query: "SELECT 1;\n; ", schedule: MONDAYS };
    let metric = MetricId::made(Moment::from_milliseconds(0).unwrap(), [0; 10]);
    let proposed = propose(good, metric).unwrap();
    assert_eq!((proposed.slug.as_str(), proposed.asks.query.as_str()), ("absence", "SELECT 1"));
    assert_eq!(asks(SourceWritten { schedule: " ", ..good }).unwrap().schedule, None);
    for query in [
        "with a as (select 1) select * from a",
        "-- mine\n/* and\nhis */ (SELECT 1)",
        "VALUES (1)",
        "TABLE x",
    ] {
        assert!(asks(SourceWritten { query, ..good }).is_ok(), "{query}");
    }
    let long = "SELECT ".to_owned() + &"x".repeat(20_000);
    for (written, field, says) in [
        (SourceWritten { name: " ", ..good }, "name", "please fill in the source's name"),
        (SourceWritten { name: "…", ..good }, "name", "`…` has no letter or digit"),
        (SourceWritten { connection: "", ..good }, "connection", "`` cannot name a connection"),
        (
            SourceWritten { connection: "postgres://u:p@h/d", ..good },
            "connection",
            "`postgres://u:p@h/d` cannot",
        ),
        (SourceWritten { connection: "PATH=x", ..good }, "connection", "`PATH=x` cannot"),
        (SourceWritten { query: "", ..good }, "query", "please fill in the query"),
        (SourceWritten { query: "DELETE FROM x", ..good }, "query", "the query begins with `DELETE`"),
        (SourceWritten { query: "-- SELECT", ..good }, "query", "the query begins with ``"),
        (
            SourceWritten { query: "SELECT\0", ..good },
            "query",
            "the query contains a character that cannot be read",
        ),
        (SourceWritten { query: &long, ..good }, "query", "the query is 20007 characters long"),
        (SourceWritten { schedule: "soon", ..good }, "schedule", "`soon` is not a schedule"),
    ] {
        let refused = propose(written, metric).unwrap_err();
        assert!(refused.to_string().starts_with(says), "{refused}");
        assert_eq!(refused.field(), Some(field), "{refused}");
    }
    assert_eq!("TRACTION_SOURCE_LAB_2".parse::<ConnectionName>().unwrap().as_str(), "LAB_2");
}

/// A try: when it was due, the how manieth, when it began, and how and when it ended.
type Tried<'a> = (&'a str, i64, &'a str, Option<(Ended, &'a str)>);

/// 2026-03-02 is a Monday; the schedule holds since the Friday before.
fn due_at(last: Option<Tried<'_>>, now: &str) -> Option<(String, i64)> {
    let last = last.map(|(due, n, started, ended)| Try {
        due_at: at(due),
        n,
        started_at: at(started),
        ended: ended.map(|(ended, when)| (ended, at(when))),
    });
    let since = at("2026-02-27T12:00:00Z");
    let due = due(&MONDAYS.parse().unwrap(), &TimeZone::UTC, since, last.as_ref(), at(now));
    due.map(|Due { due_at, n }| (due_at.to_string(), n))
}

#[test]
fn a_source_is_asked_at_each_moment_once_and_again_only_where_nothing_came() {
    use Ended::{NothingCame, Refused, Taken};
    let first = "2026-03-02T06:00:00Z";
    let one = |n| Some((first.to_owned(), n));
    assert_eq!(due_at(None, "2026-03-02T05:59:59Z"), None, "what was before it was made is not made up for");
    assert_eq!(due_at(None, first), one(1));
    assert_eq!(due_at(None, "2026-03-04T06:00:00Z"), one(1), "made up for after the server was down");
    assert_eq!(
        due_at(None, "2026-03-30T06:00:01Z"),
        Some(("2026-03-30T06:00:00Z".into(), 1)),
        "four went by: one run"
    );
    let ended = |ended, n| Some((first, n, first, Some((ended, "2026-03-02T06:01:00Z"))));
    for how in [Taken, Refused] {
        assert_eq!(due_at(ended(how, 1), "2026-03-08T00:00:00Z"), None);
        assert_eq!(due_at(ended(how, 1), "2026-03-09T06:00:00Z"), Some(("2026-03-09T06:00:00Z".into(), 1)));
    }
    assert_eq!(due_at(ended(NothingCame, 1), "2026-03-02T06:05:59Z"), None);
    assert_eq!(due_at(ended(NothingCame, 1), "2026-03-02T06:06:00Z"), one(2));
    assert_eq!(due_at(ended(NothingCame, 2), "2026-03-02T06:16:00Z"), one(3));
    assert_eq!(due_at(ended(NothingCame, 3), "2026-03-02T07:01:00Z"), one(4));
    assert_eq!(
        due_at(ended(NothingCame, 4), "2026-03-08T07:01:00Z"),
        None,
        "then the next moment is waited for"
    );
    let open = |n| Some((first, n, first, None));
    assert_eq!(due_at(open(1), "2026-03-02T06:09:59Z"), None, "it is under way");
    assert_eq!(due_at(open(1), "2026-03-02T06:10:00Z"), one(2), "it was lost with its server");
    assert_eq!(due_at(open(4), "2026-03-08T06:10:00Z"), None);
}

#[test]
fn a_source_is_stale_after_twice_the_time_it_should_take_and_a_day() {
    let since = at("2026-03-02T06:00:00Z");
    for (pattern, calendar, expect) in [
        (MONDAYS, Some(Calendar::Week), "2026-03-17T06:00:00Z"),
        ("0 6 * * *", Some(Calendar::Week), "2026-03-17T06:00:00Z"),
        ("0 6 * * *", Some(Calendar::Day), "2026-03-05T06:00:00Z"),
        ("0 6 * * *", None, "2026-03-05T06:00:00Z"),
        (MONDAYS, Some(Calendar::Day), "2026-03-17T06:00:00Z"),
        ("0 6 * * *", Some(Calendar::Month), "2026-05-04T06:00:00Z"),
    ] {
        let schedule = pattern.parse().unwrap();
        assert_eq!(stale_at(Some(&schedule), &TimeZone::UTC, calendar, since), Some(at(expect)), "{pattern}");
    }
    assert_eq!(stale_at(None, &TimeZone::UTC, Some(Calendar::Day), since), None, "nobody expects anything");
}

#[test]
fn an_answer_has_the_columns_that_were_asked_for_and_no_other() {
    let read = |names: &str| {
        let header: Vec<String> =
            names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        answer::columns(&header)
    };
    assert!(read("unit,period,value").is_ok() && read("denominator,unit,numerator,period").is_ok());
    let unknown = |column: &str| Err(RunRefused::UnknownColumn { column: column.into() });
    assert_eq!(read("unit,period,value,patient_name"), unknown("patient_name"));
    assert_eq!(read("unit,period,value,?column?"), unknown("?column?"));
    assert_eq!(read("Unit,period,value"), unknown("Unit"));
    assert_eq!(read("unit,unit,period,value"), Err(RunRefused::ColumnTwice { column: "unit".into() }));
    for names in ["", "unit,period", "unit,value", "period,value", "unit,period,numerator"] {
        assert!(matches!(read(names), Err(RunRefused::ColumnsMissing { .. })), "{names}");
    }
    assert_eq!(
        read("unit,value").unwrap_err().to_string(),
        "the query gives `unit`, `value`; it must give unit, period, and value or numerator and denominator"
    );
}
