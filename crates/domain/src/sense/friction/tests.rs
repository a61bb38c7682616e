use super::*;

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

#[test]
fn the_cost_is_how_often_times_how_long_times_how_many() {
    let reported = burden(10.0, 30.0, 4.0).unwrap();
    let me_too = burden(5.0, 12.0, 1.0).unwrap();
    assert_eq!(reported.hours_per_week(), 20.0);
    assert_eq!(hours_per_week(&[reported, me_too]), 21.0);
    assert_eq!(hours_per_week(&[]), 0.0);
}

#[test]
fn numbers_no_week_can_hold_are_refused_beside_their_field() {
    #[track_caller]
    fn check(times: f64, minutes: f64, people: f64, field: &str, sentence: &str) {
        let refused = burden(times, minutes, people).unwrap_err();
        assert_eq!((refused.field(), refused.to_string().as_str()), (Some(field), sentence));
    }
    check(0.0, 5.0, 1.0, "times_per_week", "how often a week is 0; give a number from 0.01 to 1000");
    check(5.0, 9_000.0, 1.0, "minutes", "how many minutes each time is 9000; give a number from 0.1 to 2400");
    check(5.0, 5.0, f64::NAN, "people", "how many people is NaN; give a number from 1 to 100000");
}

#[test]
fn every_answer_is_in_words_and_a_closed_friction_stays_closed() {
    use FrictionState::*;
    assert_eq!(answer(New, Answered, " we look at it "), Ok((Answered, "we look at it".into())));
    assert_eq!(answer(New, New, "seen"), Ok((Answered, "seen".into())));
    assert_eq!(answer(Answered, Gone, " "), Err(FrictionRefused::AnswerMissing));
    assert_eq!(answer(Gone, Answered, "back?"), Err(FrictionRefused::Closed { state: Gone }));
}

#[test]
fn the_response_clock_stops_at_the_first_answer() {
    let reported = moment("2026-03-02T08:00:00Z");
    let now = moment("2026-03-05T20:00:00Z");
    assert_eq!(response_clock(reported, None, now), ResponseClock::Running { days: 3.5 });
    let answered = Some(moment("2026-03-03T08:00:00Z"));
    assert_eq!(response_clock(reported, answered, now), ResponseClock::Stopped { days: 1.0 });
}

#[test]
fn likeness_is_one_for_the_same_words_and_nothing_for_others() {
    assert_eq!(likeness("Late blood results", "results, BLOOD late"), 1.0);
    assert_eq!(likeness("Late blood results", "no beds"), 0.0);
    assert_eq!(likeness("", "no beds"), 0.0);
    let near = likeness("Blood results come late", "late blood result");
    let far = likeness("Blood results come late", "late trains");
    assert!(near > 0.6 && far < 0.3, "near {near}, far {far}");
}

#[test]
fn states_read_what_they_write() {
    for state in FrictionState::ALL {
        assert_eq!(state.word().parse(), Ok(state));
    }
    assert!("closed".parse::<FrictionState>().is_err());
}
