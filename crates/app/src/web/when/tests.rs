//! How moments, spans and days are said.

use super::*;

#[test]
fn spans_are_said_in_the_largest_unit_of_which_there_are_two() {
    #[track_caller]
    fn check(seconds: i64, words: &str) {
        let now: Moment = "2026-11-22T09:30:00Z".parse().unwrap();
        let at = now.after(jiff::SignedDuration::from_secs(seconds));
        assert_eq!(in_words(at, now), words);
    }
    check(0, "just now");
    check(-59, "just now");
    check(1, "in less than a minute");
    check(59, "in less than a minute");
    check(90, "in 1 minute");
    check(-3_600, "60 minutes ago");
    check(14 * 3_600, "in 14 hours");
    check(47 * 3_600, "in 47 hours");
    check(-10 * 86_400, "10 days ago");
    check(-80 * 86_400, "2 months ago");
}

#[test]
fn a_sentence_tells_its_moments_in_the_zone_of_the_page() {
    let vienna = TimeZone::get("Europe/Vienna").unwrap();
    let at = |text: &str| text.parse::<Moment>().unwrap().told();
    let sentence = |winter: &str, summer: &str| {
        format!("closed on {winter}; wave 2 is open until {summer}: contend there, not in UTC")
    };
    let said = sentence(&at("2026-11-22T19:58:00Z"), &at("2027-07-01T22:30:00Z"));
    let retold_there = sentence("22 November 2026, 20:58 CET", "2 July 2027, 00:30 CEST");
    assert_eq!(retold(&said, &vienna), retold_there);
    assert_eq!(retold(&said, &TimeZone::UTC), said);
    assert_eq!(retold("30 November 2026, 17:00 UTC", &vienna), "30 November 2026, 18:00 CET");
}

#[test]
fn a_period_that_is_a_date_is_read_as_dates_are_and_others_as_they_stand() {
    for (written, read) in [
        ("2026-11-09", "9 Nov 2026"),
        ("2026-11", "2026-11"),
        ("2026-W46", "2026-W46"),
        ("2026-13-09", "2026-13-09"),
        ("Ward 7", "Ward 7"),
        ("élan-élan", "élan-élan"),
    ] {
        assert_eq!(period(written), read);
    }
}

#[test]
fn a_countdown_is_said_in_its_two_largest_units() {
    #[track_caller]
    fn check(minutes: i64, words: &str) {
        let now: Moment = "2026-11-22T09:30:00Z".parse().unwrap();
        let at = now.after(jiff::SignedDuration::from_mins(minutes));
        assert_eq!(left_in_words(n_minutes_until(at, now)), words);
    }
    check(4 * 1_440 + 60, "4 days, 1 hour");
    check(4 * 1_440 + 5, "4 days");
    check(14 * 60 + 5, "14 hours, 5 minutes");
    check(61, "1 hour, 1 minute");
    check(1, "1 minute");
    check(-5, "0 minutes");
}
