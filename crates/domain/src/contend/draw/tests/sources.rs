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

#[test]
fn a_value_is_put_right_before_the_draw_only_and_a_source_given_up_only_once_it_is_late() {
    let source = |value: Option<&str>| {
        PublicSource::new("lottery".into(), Some(at(12).to_string()), value.map(String::from)).unwrap()
    };
    let entered = source(Some("3 9"));
    assert_eq!(may_correct(&entered, "3 8", None), Ok(()));
    assert_eq!(may_correct(&entered, "3 9", None), Err(DrawRefused::SameValue));
    assert_eq!(may_correct(&entered, "3 8", Some(at(13))), Err(DrawRefused::DrawnAlready { drawn: at(13) }));
    for nothing in [source(None), source(None).failed()] {
        assert_eq!(may_correct(&nothing, "3", None), Err(DrawRefused::NoValueYet { name: "lottery".into() }));
    }
    assert_eq!(may_give_up(&source(None), at(12)), Ok(()));
    assert!(may_give_up(&source(None), at(11)).is_err());
    assert!(may_give_up(&entered, at(13)).is_err());
    assert!(!source(None).failed().has_spoken() && entered.has_spoken());
}

#[test]
fn a_source_has_an_address_that_a_browser_opens() {
    assert_eq!(link(" https://lottery.example/6of45 "), Ok("https://lottery.example/6of45".into()));
    for text in ["", "lottery", "https://", "javascript:alert(1)", "https://a b.c", "ftp://lottery.example"] {
        assert_eq!(link(text), Err(DrawRefused::NoLink), "{text}");
    }
}

#[test]
fn a_draw_without_a_source_that_failed_verifies_and_says_so_by_an_empty_value() {
    let entrants = Entrants::new(six()).unwrap();
    let failed = PublicSource::new("lottery".into(), None, None).unwrap().failed();
    let public = vec![failed, PublicSource::new("weather".into(), None, Some("12.4".into())).unwrap()];
    let none = BTreeSet::new();
    let record = Record::new(Heading::default(), secret(1), public, &entrants, &none, slots(3)).unwrap();
    let read = Record::parse(&record.to_json()).unwrap();
    assert!(verify(&read).is_ok());
    assert_eq!(read.public[0].value.as_deref(), Some(""));
}
