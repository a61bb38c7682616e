use traction_stats::control::Phase;

use super::*;

const WEEKLY: Manner =
    Manner { period: Period::Week, improve: Improve::Down, rules: Rules::HalfWay, figures: Figures::Plain };

/// Twelve weeks around `level`.
fn around(level: f64) -> Vec<f64> {
    (0..12).map(|at| if at % 2 == 0 { level + 1.0 } else { level - 1.0 }).collect()
}

/// The shares and their intervals in these sentences were computed apart from this code, by the formula on paper.
#[track_caller]
fn check(watched: &[f64], manner: Manner, kind: Kind, says: &str) {
    let series = Series { before: around(16.0), gained: around(12.0), watched: watched.to_vec() };
    let judged = judge(&series, manner);
    assert_eq!((judged.kind, judged.says.as_str()), (kind, says));
}

#[test]
fn a_slip_is_told_by_counting_weeks() {
    check(
        &[12.0, 15.0, 16.0, 12.5, 16.0, 15.5],
        WEEKLY,
        Kind::Slipping,
        "Slipping: four of the last five weeks were closer to the old level (16.00) than to the new one (12.00). Of \
         the gain, 38 % (-2 to 74 %) is left.",
    );
}

#[test]
fn a_relapse_is_told_as_one() {
    check(
        &[16.0, 16.5, 16.0, 17.0, 16.0, 16.0],
        WEEKLY,
        Kind::Slipping,
        "Slipping: the last five weeks were all closer to the old level (16.00) than to the new one (12.00). Nothing of the \
         gain is left: -6 % (-55 to 30 %). More than half of it is certainly gone by now.",
    );
}

#[test]
fn an_alarm_that_has_passed_stands_and_says_when_it_was() {
    check(
        &[16.0, 16.0, 16.0, 16.0, 12.0, 12.0, 12.0],
        WEEKLY,
        Kind::Slipping,
        "Slipping: four of four weeks, 3 weeks ago, were closer to the old level (16.00) than to the new one (12.00). \
         It has been better since, but an alarm is not taken back. Of the gain, 43 % (6 to 78 %) is left.",
    );
}

#[test]
fn holding_says_how_much_is_there() {
    check(
        &[12.0; 8],
        WEEKLY,
        Kind::Holding,
        "Holding: after 8 weeks, 100 % (68 to 144 %) of the gain is there, certainly more than half.",
    );
}

#[test]
fn silence_is_too_early_and_not_holding() {
    check(&[], WEEKLY, Kind::TooEarly, "Too early to say: no week is over since the hand-over.");
    check(
        &[13.5],
        WEEKLY,
        Kind::TooEarly,
        "Too early to say: after 1 week, 63 % (-20 to 148 %) of the gain is there, which shows neither that it is held \
         nor that it slips.",
    );
}

#[test]
fn without_a_gain_there_is_nothing_to_hold() {
    check(
        &[16.0],
        Manner { improve: Improve::Up, ..WEEKLY },
        Kind::NoGain,
        "No proven gain, so there is nothing to hold: 16.00 before the change and 12.00 with it, which is not better.",
    );
}

#[test]
fn the_sharper_rule_has_its_own_sentence() {
    check(
        &[16.0, 16.0, 16.0, 16.0],
        Manner { rules: Rules::Cusum, ..WEEKLY },
        Kind::Slipping,
        "Slipping: by week 4 after the hand-over, the shortfalls from the new level (12.00) had added up to 6.8 times \
         the noise of a reading, over the limit of 6.1. Nothing of the gain is left: 0 % (-54 to 42 %). More than half of it is \
         certainly gone by now.",
    );
}

#[test]
fn too_few_readings_are_said_in_words() {
    let series = Series { before: vec![], gained: around(12.0), watched: vec![12.0] };
    let judged = judge(&series, WEEKLY);
    assert_eq!(judged.kind, Kind::Nothing);
    assert_eq!(
        judged.says,
        "Nothing can be said yet: there are no weeks before the change; 2 are the least, and 12 make it reliable."
    );
    assert_eq!(
        judged.watched,
        Err(WatchRefused::Phases(PhasesRefused::TooFew { phase: Phase::Before, n: 0, needed: 2 }))
    );
}

#[test]
fn the_rates_of_the_rule_are_stated() {
    let series = Series { before: around(16.0), gained: around(12.0), watched: vec![] };
    let judged = judge(&series, WEEKLY);
    assert_eq!(
        judged.promises.as_deref(),
        Some(
            "While a gain like this is held, expect about one false alarm in 8 years; of full relapses, half are noticed \
             within 4 weeks."
        )
    );
    assert!(judged.cautions.is_empty());
    let unknown = judge(&series, Manner { period: Period::Period, ..WEEKLY });
    assert_eq!((unknown.promise, unknown.promises), (None, None));
}

#[test]
fn what_weakens_a_verdict_is_said_beside_it() {
    let series = Series { before: around(16.0)[..5].to_vec(), gained: around(12.0), watched: vec![12.0] };
    assert_eq!(
        judge(&series, WEEKLY).cautions,
        [
            "Provisional: the old level rests on 5 weeks and the new one on 12 weeks; 12 of each make them reliable."
        ]
    );
    let smooth: Vec<f64> = (0..24).map(|at| f64::from(at / 6 % 2)).collect();
    let far: Vec<f64> = smooth.iter().map(|value| value - 9.0).collect();
    let together = judge(&Series { before: smooth, gained: far, watched: vec![] }, WEEKLY);
    assert_eq!(
        (together.promise, together.promises),
        (None, None),
        "what is frequent is not promised to be rare"
    );
    let cautions = together.cautions;
    assert_eq!(cautions.len(), 1);
    assert!(
        cautions[0].starts_with("Neighbouring weeks move together (autocorrelation 0.71)"),
        "{cautions:?}"
    );
    let long = |level: f64| [level, level + 1.128].repeat(40);
    let small = judge(&Series { before: long(0.9), gained: long(0.0), watched: vec![] }, WEEKLY).cautions;
    assert!(
        small.iter().any(|caution| caution.starts_with("The gain is smaller than the noise")),
        "{small:?}"
    );
}

fn week(n: i64, value: f64) -> Reading {
    let monday: Moment = "2026-01-05T00:00:00Z".parse().unwrap();
    Reading { from: monday.after_days(7 * n), until: monday.after_days(7 * n + 7), value }
}

#[test]
fn weeks_in_which_something_began_belong_to_no_phase() {
    let weeks: Vec<Reading> = (0..8).rev().map(|n| week(n, n as f64)).collect();
    let began = weeks[5].from.after_days(3); // In week 2.
    let handed_over = week(5, 0.0).from; // Between weeks 4 and 5.
    assert_eq!(
        cut(&weeks, began, handed_over),
        Series { before: vec![0.0, 1.0], gained: vec![3.0, 4.0], watched: vec![5.0, 6.0, 7.0] }
    );
    let within = cut(&weeks, began, handed_over.after_days(1));
    assert_eq!((within.gained, within.watched), (vec![3.0, 4.0], vec![6.0, 7.0]));
}

#[test]
fn a_reading_that_is_no_number_is_left_out() {
    let weeks = [week(0, 1.0), week(1, f64::NAN), week(2, 3.0)];
    let after = week(3, 0.0).from;
    assert_eq!(cut(&weeks, after, after.after_days(7)).before, [1.0, 3.0]);
}

#[test]
fn kinds_read_what_they_write() {
    for kind in [Kind::Holding, Kind::Slipping, Kind::TooEarly, Kind::NoGain, Kind::Nothing] {
        assert_eq!(Kind::of(kind.word()), Some(kind));
    }
}

#[test]
fn uptake_is_watched_above_nothing_and_written_as_a_share() {
    let gained: Vec<f64> = (0..12).map(|at| if at % 2 == 0 { 0.62 } else { 0.58 }).collect();
    let share = Manner { improve: Improve::Up, figures: Figures::Share, ..WEEKLY };
    let series = Series { before: vec![], gained, watched: vec![0.2; 3] };
    let judged = judge_above(0.0, &series, share);
    assert_eq!(
        judged.says,
        "Slipping: the last three weeks were all closer to the old level (0 %) than to the new one (60 %). Of the gain, \
         33 % (27 to 40 %) is left. More than half of it is certainly gone by now."
    );
    assert!(judged.cautions.is_empty());
}

#[test]
fn where_it_would_tell_of_too_few_people_no_figure_is_in_the_sentence() {
    for (watched, kind) in
        [(vec![16.0; 6], Kind::Slipping), (vec![12.0; 8], Kind::Holding), (vec![13.5], Kind::TooEarly)]
    {
        let series = Series { before: around(16.0), gained: around(12.0), watched };
        let judged = judge(&series, Manner { figures: Figures::Withheld, ..WEEKLY });
        assert_eq!(judged.kind, kind);
        assert!(!judged.says.contains('%') && !judged.says.contains("12"), "{}", judged.says);
    }
}

#[track_caller]
fn covers(periods: &[&str], expect: &[Option<(&str, &str)>]) {
    let periods: Vec<traction_stats::panel::Period> =
        periods.iter().map(|period| period.parse().unwrap()).collect();
    let midnight = |date: &str| format!("{date}T00:00:00Z").parse::<Moment>().unwrap();
    let expect: Vec<Option<(Moment, Moment)>> =
        expect.iter().map(|span| span.map(|(from, until)| (midnight(from), midnight(until)))).collect();
    assert_eq!(spans(&periods), expect);
}

#[test]
fn periods_cover_their_step() {
    covers(&["2026-02"], &[Some(("2026-02-01", "2026-03-01"))]);
    covers(&["2004", "2006"], &[Some(("2004-01-01", "2005-01-01")), Some(("2006-01-01", "2007-01-01"))]);
    covers(&["7", "8"], &[None, None]);
    covers(
        &["2026-01-05", "2026-01-12", "2026-01-26"],
        &[
            Some(("2026-01-05", "2026-01-12")),
            Some(("2026-01-12", "2026-01-19")),
            Some(("2026-01-26", "2026-02-02")),
        ],
    );
    covers(
        &["2026-01-31", "2026-02-28"],
        &[Some(("2026-01-01", "2026-02-01")), Some(("2026-02-01", "2026-03-01"))],
    );
}
