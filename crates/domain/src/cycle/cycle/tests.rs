use jiff::civil::date;

use super::*;

fn day(n: i64) -> Moment {
    "2026-03-02T08:00:00Z".parse::<Moment>().unwrap().after_days(n)
}

/// A cycle started and predicted on 2026-03-02.
fn record(dates: &[Date], closed_at: Option<Moment>, now: Moment) -> Record {
    Record {
        started_at: day(0),
        predicted_on: Some(date(2026, 3, 2)),
        dates: dates.to_vec(),
        n_do: 1,
        n_study: 1,
        n_neighbours: 0,
        closed_at,
        now,
    }
}

#[track_caller]
fn check(record: &Record, criterion: Criterion, expect: Held) {
    let found = fidelity(record).into_iter().find(|(each, _)| *each == criterion);
    assert_eq!(found, Some((criterion, expect)));
}

#[test]
fn pasted_points_may_be_parted_as_spreadsheets_part_them() {
    let today = date(2026, 3, 9);
    let expect =
        vec![Point { date: date(2026, 3, 2), value: 4.5 }, Point { date: date(2026, 3, 3), value: -1.0 }];
    for written in [
        "2026-03-02 4.5\n2026-03-03 -1",
        "2026-03-02\t4,5\r\n2026-03-03\t-1\r\n",
        "2026-03-02;4,5\n\n2026-03-03;-1",
        "2026-03-02,4.5\n2026-03-03, -1",
    ] {
        assert_eq!(points(written, today), Ok(expect.clone()), "{written:?}");
    }
}

#[test]
fn a_line_that_is_no_point_is_named() {
    let today = date(2026, 3, 9);
    assert_eq!(
        points("2026-03-02 4\nlate again", today),
        Err(CycleRefused::NotAPoint { line: 2, written: "late again".into() })
    );
    assert_eq!(
        points("2026-03-02", today),
        Err(CycleRefused::NotAPoint { line: 1, written: "2026-03-02".into() })
    );
    assert_eq!(
        points("2026-03-02 inf", today),
        Err(CycleRefused::NotAPoint { line: 1, written: "2026-03-02 inf".into() })
    );
    assert_eq!(points("2026-03-10 4", today), Err(CycleRefused::ToCome { line: 1, date: date(2026, 3, 10) }));
    assert_eq!(points(" \n", today), Err(CycleRefused::NoPoints));
}

/// Reference: Python's json.dumps (ensure_ascii off) and hashlib on the same four lines.
#[test]
fn the_lock_is_the_hash_of_aim_prediction_plan_and_moment() {
    let predicted = predict("Half as long", "One nurse, \"one\" shift\nthen two").unwrap();
    assert_eq!(lock("Shorter rounds", &predicted, day(0)), LOCK);
}
const LOCK: &str = "069605a3e540c4040660a8f048b8669f94b6c53f7eb70f87d9fe1211e6f6f92b";

#[test]
fn the_lock_differs_when_any_part_does() {
    let predicted = predict("Half as long", "One nurse").unwrap();
    let locked = lock("Shorter rounds", &predicted, day(0));
    assert_ne!(locked, lock("Shorter round", &predicted, day(0)));
    assert_ne!(locked, lock("Shorter rounds", &predicted, day(1)));
    assert_ne!(locked, lock("Shorter rounds", &predict("Half as long", "Two nurses").unwrap(), day(0)));
    assert_ne!(locked, lock("Shorter rounds", &predict("As long", "One nurse").unwrap(), day(0)));
}

#[test]
fn data_wait_for_the_prediction_and_nothing_follows_the_end() {
    let new = Standing { predicted_at: None, closed_at: None };
    assert_eq!(new.takes_data(), Err(CycleRefused::NotPredicted));
    assert_eq!(new.takes_prediction(), Ok(()));
    let predicted = Standing { predicted_at: Some(day(1)), ..new };
    assert_eq!(predicted.takes_data(), Ok(()));
    assert_eq!(predicted.takes_prediction(), Err(CycleRefused::PredictedAlready { at: day(1) }));
    let closed = Standing { closed_at: Some(day(2)), ..predicted };
    assert_eq!(closed.takes_data(), Err(CycleRefused::Closed { at: day(2) }));
    assert_eq!(closed.takes_prediction(), Err(CycleRefused::Closed { at: day(2) }));
}

#[test]
fn values_of_days_before_the_prediction_are_a_baseline_and_no_test_of_it() {
    let before = [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)];
    check(&record(&before, None, day(3)), Criterion::PredictionBeforeData, Held::NotYet);
    check(&record(&before, Some(day(3)), day(3)), Criterion::PredictionBeforeData, Held::No);
    check(&record(&before, Some(day(3)), day(3)), Criterion::DataOverTime, Held::No);
    check(&record(&[date(2026, 3, 2)], None, day(3)), Criterion::PredictionBeforeData, Held::Yes);
    let unpredicted = Record { predicted_on: None, ..record(&[date(2026, 3, 2)], None, day(3)) };
    check(&unpredicted, Criterion::PredictionBeforeData, Held::NotYet);
}

#[test]
fn data_over_time_needs_three_different_days() {
    let twice = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 3)];
    check(&record(&twice, None, day(3)), Criterion::DataOverTime, Held::NotYet);
    let thrice = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)];
    check(&record(&thrice, None, day(3)), Criterion::DataOverTime, Held::Yes);
}

#[test]
fn a_test_is_small_when_it_ended_within_four_weeks() {
    check(&record(&[], None, day(27)), Criterion::SmallScale, Held::NotYet);
    check(&record(&[], None, day(29)), Criterion::SmallScale, Held::No);
    check(&record(&[], Some(day(28)), day(90)), Criterion::SmallScale, Held::Yes);
    check(&record(&[], Some(day(29)), day(90)), Criterion::SmallScale, Held::No);
}

#[test]
fn a_record_is_written_down_when_it_says_what_was_done_seen_and_learnt() {
    check(&record(&[], Some(day(3)), day(3)), Criterion::WrittenDown, Held::Yes);
    check(&record(&[], None, day(3)), Criterion::WrittenDown, Held::NotYet);
    let unseen = Record { n_study: 0, ..record(&[], Some(day(3)), day(3)) };
    check(&unseen, Criterion::WrittenDown, Held::No);
}

#[test]
fn a_cycle_can_still_be_followed_after_it_was_closed() {
    check(&record(&[], Some(day(3)), day(9)), Criterion::SeveralCycles, Held::NotYet);
    let followed = Record { n_neighbours: 1, ..record(&[], Some(day(3)), day(9)) };
    check(&followed, Criterion::SeveralCycles, Held::Yes);
}

#[test]
fn the_middle_of_an_even_number_lies_between_the_two() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[3.0, 1.0, 9.0]), Some(3.0));
    assert_eq!(median(&[4.0, 1.0, 9.0, 2.0]), Some(3.0));
}

#[test]
fn a_result_seen_before_the_pain_was_written_down_took_no_time() {
    assert_eq!(days_to_first_result(day(3), Some(day(1))), Some(0.0));
    assert_eq!(days_to_first_result(day(3), Some(day(5))), Some(2.0));
    assert_eq!(days_to_first_result(day(3), None), None);
}
