use super::retention::UsageRetention;
use super::*;

fn at(time: &str) -> Moment {
    format!("2026-03-02T{time}Z").parse().unwrap()
}

#[test]
fn a_wrong_clock_at_the_client_does_not_move_an_event() {
    #[track_caller]
    fn check(sent: Option<&str>, stamped: Option<&str>, occurred_at: &str) {
        let occurred = occurred(at("12:00:00"), sent.map(at), stamped.map(at));
        assert_eq!(occurred, at(occurred_at));
    }
    // An hour fast, and ten minutes before the sending.
    check(Some("13:00:00"), Some("12:50:00"), "11:50:00");
    // Right, and on the way for two seconds: the way is not known, so it counts as before the event.
    check(Some("11:59:58"), Some("11:00:00"), "11:00:02");
    // Stamped after it was sent: never in the future.
    check(Some("11:00:00"), Some("11:30:00"), "12:00:00");
    check(None, Some("11:30:00"), "11:30:00");
    check(None, Some("12:30:00"), "12:00:00");
    check(Some("11:00:00"), None, "12:00:00");
    check(None, None, "12:00:00");
}

#[test]
fn an_event_of_long_ago_is_refused_unless_only_the_clock_is_wrong() {
    let received = at("12:00:00");
    let a_year_ago = received.after_days(-365);
    assert_eq!(happened(received, None, Some(a_year_ago)), Err(EventRefused::LongAgo { n_days: 365 }));
    // A clock a year slow, or a year fast, in both of its stamps.
    assert_eq!(happened(received, Some(a_year_ago), Some(a_year_ago)), Ok(received));
    let a_year_on = received.after_days(365);
    assert_eq!(
        happened(received, Some(a_year_on), Some(a_year_on.after_days(-1))),
        Ok(received.after_days(-1))
    );
    assert_eq!(happened(received, None, Some(a_year_on)), Ok(received));
    let late = received.after_days(-N_DAYS_LATE);
    assert_eq!(happened(received, None, Some(late)), Ok(late));
}

#[test]
fn an_event_needs_an_id_a_name_and_somebody() {
    let whole = Sent { id: "m-1", event: "opened", person: Some("jo"), unit: None, value: None };
    assert_eq!(check(&whole), Ok(()));
    assert_eq!(check(&Sent { person: None, unit: Some("ward-7"), ..whole.clone() }), Ok(()));
    assert_eq!(check(&Sent { id: " ", ..whole.clone() }), Err(EventRefused::NoId));
    assert_eq!(check(&Sent { event: "", ..whole.clone() }), Err(EventRefused::NoName));
    assert_eq!(check(&Sent { person: None, ..whole.clone() }), Err(EventRefused::Nobody));
    let long = "é".repeat(N_CHARACTERS_MOST + 1);
    let too_long = EventRefused::TooLong { what: "the id", n_characters: N_CHARACTERS_MOST + 1 };
    assert_eq!(check(&Sent { id: &long, ..whole.clone() }), Err(too_long));
    assert_eq!(check(&Sent { event: "a\0b", ..whole }), Err(EventRefused::Unkeepable { what: "the name" }));
}

#[test]
fn each_kind_has_a_word_of_its_own_by_which_it_is_found() {
    for kind in Kind::ALL {
        assert_eq!(Kind::of(kind.word()), Some(kind));
    }
    assert_eq!(Kind::of("Too-large"), None);
    assert_eq!(EventRefused::TooLarge { n_bytes: 33_000, most: 32_768 }.kind(), Kind::TooLarge);
}

/// Reference: RFC 4231, test case 2 has a four-byte key; padded to 32 bytes with zeros HMAC gives the same.
#[test]
fn a_person_is_found_by_the_keyed_hash_of_his_external_id() {
    let mut key = [0; 32];
    key[..4].copy_from_slice(b"Jefe");
    assert_eq!(
        SubjectKey::new(key).hash("what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn a_retention_is_long_enough_for_what_is_sent_again_and_ends_with_a_day() {
    let check = |n_days: u32, expect: Option<&str>| {
        let at = "2026-12-01T13:30:00Z".parse().unwrap();
        let from = UsageRetention::days(n_days).ok().and_then(|kept| kept.kept_from(at));
        assert_eq!(from, expect.map(|from| from.parse().unwrap()), "{n_days}");
    };
    check(219, None);
    check(220, Some("2026-04-25T00:00:00Z"));
    check(365, Some("2025-12-01T00:00:00Z"));
    assert_eq!(UsageRetention::Forever.kept_from("2026-12-01T13:30:00Z".parse().unwrap()), None);
    assert!(UsageRetention::days(30).unwrap_err().to_string().contains("say 220 at least"));
}

#[test]
fn an_address_is_one_name_in_whatever_letters_and_any_other_name_is_as_it_is_written() {
    for writing in ["Anna@Example.org", " anna@example.ORG ", "anna@example.org"] {
        assert_eq!(one_writing(writing), "anna@example.org");
    }
    for other in ["Anna", " P5", "a@B@C", "A b@C", "anonymous:A@B"] {
        assert_eq!(one_writing(other), other);
    }
}
