//! When a public source may be named, and its value entered.

use super::*;

fn at(day: i64) -> Moment {
    "2026-11-01T00:00:00Z".parse::<Moment>().unwrap().after_days(day)
}

/// Applications close on day 10.
#[track_caller]
fn check_named(applied: Applied, due: i64, now: i64, expect: Result<(), DrawRefused>) {
    assert_eq!(may_name(applied, at(10), at(due), at(now)), expect);
}

#[test]
fn a_source_is_named_before_anybody_applies_for_a_value_after_closing() {
    check_named(Applied::Nobody, 11, 9, Ok(()));
    check_named(Applied::Nobody, 10, 9, Err(DrawRefused::SourceTooSoon { closes: at(10) }));
    check_named(Applied::Nobody, 9, 5, Err(DrawRefused::SourceTooSoon { closes: at(10) }));
    check_named(Applied::Somebody, 12, 5, Err(DrawRefused::AppliedAlready));
    check_named(Applied::Nobody, 12, 10, Err(DrawRefused::Frozen { frozen: at(10) }));
}

#[test]
fn a_value_is_entered_once_and_from_its_moment_on() {
    let source = |when: Option<String>, value: Option<&str>| {
        PublicSource::new("lottery".into(), when, value.map(String::from)).unwrap()
    };
    let due = Some(at(12).to_string());
    let early = DrawRefused::ValueTooSoon { name: "lottery".into(), due: at(12) };
    assert_eq!(may_enter(&source(due.clone(), None), at(11)), Err(early));
    assert_eq!(may_enter(&source(due.clone(), None), at(12)), Ok(()));
    let entered = DrawRefused::ValueEntered { name: "lottery".into() };
    assert_eq!(may_enter(&source(due, Some("3 9")), at(13)), Err(entered));
    assert_eq!(may_enter(&source(Some("next Sunday".into()), None), at(1)), Ok(()), "said in words only");
}
