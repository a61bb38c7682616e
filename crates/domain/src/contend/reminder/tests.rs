use super::*;

fn at(day: i64) -> Moment {
    "2026-11-01T17:00:00Z".parse::<Moment>().unwrap().after_days(day)
}

/// A wave that is open from day 10 until day 20.
#[track_caller]
fn check(asked: i64, now: i64, tells: Option<Due>) {
    assert_eq!(due(at(asked), at(10), at(20), at(now)), tells, "asked on day {asked}, now day {now}");
}

#[test]
fn who_asked_before_the_opening_is_told_of_it_and_of_the_closing() {
    check(5, 9, None);
    check(5, 10, Some(Due::Opened));
    check(5, 17, Some(Due::Opened));
    check(5, 18, Some(Due::ClosesSoon));
    check(5, 20, None);
}

#[test]
fn who_asked_while_it_was_open_is_told_two_days_before_it_closes() {
    check(10, 12, None);
    check(12, 17, None);
    check(12, 18, Some(Due::ClosesSoon));
    check(19, 19, Some(Due::ClosesSoon));
}

#[test]
fn after_closing_there_is_nothing_to_be_reminded_of() {
    assert_eq!(ask(at(20), at(19)), Ok(()));
    assert_eq!(
        ask(at(20), at(20)).unwrap_err().to_string(),
        "applications closed on 21 November 2026, 17:00 UTC; ask to be reminded of the next wave"
    );
}
