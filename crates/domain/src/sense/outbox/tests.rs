use super::*;

fn at(minutes: i64) -> Moment {
    let monday: Moment = "2026-03-02T08:00:00Z".parse().unwrap();
    monday.after(SignedDuration::from_mins(minutes))
}

/// A letter wished for at minute 0 is tried next at `expect`, in minutes.
#[track_caller]
fn check(last: Option<Try>, expect: Option<i64>) {
    assert_eq!(next_try(at(0), last.as_ref()), expect.map(at));
}

fn ended(n: usize, became: Became) -> Option<Try> {
    Some(Try { n, begun_at: at(10), ended: Some((became, at(11))) })
}

#[test]
fn a_letter_is_tried_at_once_and_again_with_growing_waits_until_it_is_given_up() {
    check(None, Some(0));
    check(ended(1, Became::Again), Some(11 + 1));
    check(ended(2, Became::Again), Some(11 + 5));
    check(ended(6, Became::Again), Some(11 + 12 * 60));
    check(ended(7, Became::Again), None);
    let all: SignedDuration = WAITS.iter().sum();
    assert!(all < SignedDuration::from_hours(24), "{all}");
    assert!(WAITS.is_sorted());
}

#[test]
fn what_left_is_over_or_was_given_up_is_not_tried_again() {
    for became in [Became::Left, Became::Unsent, Became::Over] {
        check(ended(1, became), None);
    }
}

#[test]
fn a_try_that_was_lost_with_its_server_counts_as_failed_after_two_minutes() {
    check(Some(Try { n: 1, begun_at: at(10), ended: None }), Some(10 + 2 + 1));
    check(Some(Try { n: N_TRIES, begun_at: at(10), ended: None }), None);
}

#[test]
fn the_last_try_and_one_without_hope_are_given_up() {
    assert_eq!(failed(1, Hope::Some), Became::Again);
    assert_eq!(failed(N_TRIES - 1, Hope::Some), Became::Again);
    assert_eq!(failed(N_TRIES, Hope::Some), Became::Unsent);
    assert_eq!(failed(1, Hope::None), Became::Unsent);
}

#[test]
fn each_end_is_read_back_from_its_word() {
    for became in Became::EACH {
        assert_eq!(became.word().parse(), Ok(became));
    }
    assert!("sent".parse::<Became>().is_err());
}
