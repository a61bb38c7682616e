use super::change::{self, ChangeRefused, ChangeWords, PredictionRefused};
use super::goal;
use super::metric::{self, Better, MetricRefused};
use super::wave::{self, Prediction, WavePhase, WaveRefused, WaveTimes};
use crate::id::{GoalId, Id, MetricId};
use crate::org::slug::Slug;
use crate::time::Moment;

fn day(n: i64) -> Moment {
    "2026-03-02T08:00:00Z".parse::<Moment>().unwrap().after_days(n)
}

#[test]
fn a_gap_is_what_is_missing_whichever_way_is_better() {
    assert_eq!(goal::gap(80.0, 95.0, Better::Up), 15.0);
    assert_eq!(goal::gap(4.0, 2.5, Better::Down), 1.5);
    assert!(goal::gap(2.0, 2.5, Better::Down) < 0.0);
}

#[test]
fn a_metric_is_named_in_words_and_gets_a_short_name() {
    let metric = metric::propose("Days absent", "days a month", Better::Down).unwrap();
    assert_eq!(metric.slug.as_str(), "days-absent");
    assert_eq!(
        metric::propose("…", "days", Better::Up),
        Err(MetricRefused::NoShortName { name: "…".into() })
    );
}

#[test]
fn a_change_is_judged_by_an_effect_of_a_size() {
    let (goal, metric) = (GoalId::made(day(0), [1; 10]), MetricId::made(day(0), [2; 10]));
    let words = ChangeWords { name: "Bedside tests", promise: "Results in ten minutes", flag_key: "" };
    let change = change::propose(&words, None, goal, metric, 0.5).unwrap();
    assert_eq!((change.slug.as_str(), change.flag_key.as_str()), ("bedside-tests", "bedside-tests"));
    assert_eq!(change::propose(&words, None, goal, metric, -0.5), Err(ChangeRefused::Worth { given: -0.5 }));
}

#[test]
fn a_prediction_is_locked_once_and_before_the_first_slot_starts() {
    let change: Slug = "bedside-tests".parse().unwrap();
    let locked = change::lock(&change, "two days less", -2.0, None, Some(day(9)), day(1)).unwrap();
    assert_eq!(locked.hash.len(), 64);
    let other = change::lock(&change, "three days less", -3.0, None, Some(day(9)), day(1)).unwrap();
    assert_ne!(locked.hash, other.hash);
    let again = change::lock(&change, "x", 0.0, Some(day(1)), None, day(2));
    assert_eq!(again, Err(PredictionRefused::Locked { at: day(1) }));
    let late = change::lock(&change, "x", 0.0, None, Some(day(9)), day(9));
    assert_eq!(late, Err(PredictionRefused::TooLate { at: day(9) }));
}

#[test]
fn the_times_of_a_wave_follow_each_other() {
    #[track_caller]
    fn check(opens: i64, closes: i64, starts: i64, ends: Option<i64>, refused: Option<WaveRefused>) {
        let times = WaveTimes {
            opens_at: day(opens),
            closes_at: day(closes),
            starts_at: day(starts),
            ends_at: ends.map(day),
        };
        assert_eq!(
            wave::announce(4, times, "a lead an hour a week", Prediction::Locked, day(0)).err(),
            refused
        );
    }
    check(0, 7, 7, Some(90), None);
    check(2, 7, 9, None, None);
    check(7, 7, 9, None, Some(WaveRefused::ClosesTooEarly { closes: day(7) }));
    check(-1, 7, 9, None, Some(WaveRefused::OpensTooEarly { opens: day(-1) }));
    check(0, 7, 6, None, Some(WaveRefused::StartsTooEarly { starts: day(6), closes: day(7) }));
    check(0, 7, 9, Some(9), Some(WaveRefused::EndsTooEarly { ends: day(9) }));
}

#[test]
fn a_wave_needs_slots_and_a_locked_prediction() {
    let times = WaveTimes { opens_at: day(0), closes_at: day(7), starts_at: day(7), ends_at: None };
    assert_eq!(wave::announce(0, times, "x", Prediction::Locked, day(0)), Err(WaveRefused::NoSlots));
    let refused = wave::announce(10_001, times, "x", Prediction::Locked, day(0));
    assert_eq!(refused, Err(WaveRefused::TooManySlots { n_slots: 10_001 }));
    assert_eq!(wave::announce(4, times, "x", Prediction::Open, day(0)), Err(WaveRefused::PredictionOpen));
}

#[test]
fn a_wave_that_should_have_opened_while_its_form_was_filled_in_opens_now() {
    let now = day(0).after(jiff::SignedDuration::from_mins(50));
    let announce = |opens_at, closes_at| {
        let times = WaveTimes { opens_at, closes_at, starts_at: day(9), ends_at: None };
        wave::announce(4, times, "x", Prediction::Locked, now)
    };
    assert_eq!(announce(day(0), day(7)).unwrap().opens_at, now);
    assert_eq!(announce(day(0), now), Err(WaveRefused::ClosesTooEarly { closes: now }));
    let before = now.after(jiff::SignedDuration::from_mins(-61));
    assert_eq!(announce(before, day(7)), Err(WaveRefused::OpensTooEarly { opens: before }));
}

#[test]
fn a_wave_is_open_from_its_opening_until_its_closing() {
    let phase = |now| wave::phase(day(2), day(7), now);
    assert_eq!(phase(day(1)), WavePhase::Announced);
    assert_eq!(phase(day(2)), WavePhase::Open);
    assert_eq!(phase(day(7)), WavePhase::Closed);
}
