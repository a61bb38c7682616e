use traction_stats::uncertainty::Law;

use super::*;

pub(super) fn finding(value: f64, reach: f64) -> Finding {
    let se = reach / 1.96;
    let p = if value.abs() > reach { 0.001 } else { 0.5 };
    let interval = Interval { se, se_used: se, law: Law::Normal, low: value - reach, high: value + reach, p };
    Finding {
        value,
        interval,
        level: Level::NINETY_FIVE,
        comparison: Comparison::Never { n_never: 31 },
        n_units: 60,
        counted: Counted::Units,
        n_clusters: None,
        n_periods: 18,
        doubts: Doubts { before: BeforeStart::Alike, ..Doubts::default() },
        roll: None,
        lots: None,
    }
}

pub(super) fn question(good: Good, worth: f64) -> Question {
    Question { outcome: "Sickness absence".into(), measure: Some("days a month".into()), good, worth }
}

#[track_caller]
fn check(finding: Finding, question: &Question, kind: Kind, says: &str) {
    let verdict = verdict(&finding, question);
    assert_eq!(verdict.says, says);
    assert_eq!(verdict.kind, kind);
}

#[test]
fn beyond_what_was_hoped_for_it_works() {
    check(
        finding(-1.4, 0.6),
        &question(Good::Down, 0.5),
        Kind::Works,
        "Sickness absence fell by 1.40 days a month in the units that started (95 % interval 0.80 to 2.00), compared \
         with the 31 units that never started (60 units, 18 periods), provided that both would have changed alike \
         without it; at least 0.5 days a month was hoped for.",
    );
}

#[test]
fn without_a_worth_any_sure_gain_works() {
    let plain = Question { outcome: "lemp".into(), measure: None, good: Good::Up, worth: 0.0 };
    check(
        Finding { comparison: Comparison::NotYet { n_never: 4 }, ..finding(123.4, 60.0) },
        &plain,
        Kind::Works,
        "lemp rose by 123 in the units that started (95 % interval 63 to 183), compared with units that started later \
         or never (4) (60 units, 18 periods), provided that both would have changed alike without it.",
    );
}

#[test]
fn on_the_bad_side_it_harms_and_a_parting_before_weakens_it() {
    check(
        Finding {
            doubts: Doubts { before: BeforeStart::Parted { p: 0.0123 }, ..Doubts::default() },
            ..finding(1.4, 0.6)
        },
        &question(Good::Down, 0.5),
        Kind::Harms,
        "Sickness absence got worse: it rose by 1.40 days a month in the units that started (95 % interval 0.80 to \
         2.00), compared with the 31 units that never started (60 units, 18 periods), provided that both would have \
         changed alike without it, which is doubtful because they had parted before the start (p = 0.012).",
    );
}

#[test]
fn within_what_does_not_matter_there_is_no_worthwhile_effect() {
    check(
        Finding {
            doubts: Doubts { before: BeforeStart::Untested, ..Doubts::default() },
            ..finding(-0.1, 0.3)
        },
        &question(Good::Down, 0.5),
        Kind::NoWorthwhileEffect,
        "Sickness absence changed by less than the 0.5 days a month that would be worth it: it moved by \u{2212}0.10 \
         days a month in the units that started (95 % interval \u{2212}0.40 to 0.20), compared with the 31 units that \
         never started (60 units, 18 periods), provided that both would have changed alike without it, which nothing \
         before the start could test.",
    );
}

#[test]
fn an_interval_that_is_known_to_be_too_short_carries_no_claim() {
    let twin = Comparison::Twin { n_started: 1, n_donors: 30 };
    let doubts = Doubts { before: BeforeStart::Unlike(Unlike::Twin), ..Doubts::default() };
    check(
        Finding { comparison: twin, doubts, ..finding(-1.4, 0.6) },
        &question(Good::Down, 0.0),
        Kind::CannotTell,
        "Whether Sickness absence changed cannot be told: it fell by 1.40 days a month in the unit that started (95 % \
         interval 0.80 to 2.00), compared with a twin put together from 30 units that never started (60 units, 18 \
         periods), provided that the twin would have gone on like it, which is doubtful because the twin was not like \
         it before the start either; units to compare with that were more like it before the start would settle it.",
    );
    let doubts = Doubts { before: BeforeStart::Unlike(Unlike::Line), ..Doubts::default() };
    let alone = Comparison::Itself { n_before: 24 };
    let verdict =
        verdict(&Finding { comparison: alone, doubts, ..finding(-1.4, 0.6) }, &question(Good::Down, 0.0));
    assert_eq!(verdict.kind, Kind::CannotTell);
    assert!(
        verdict.says.contains("so that the interval is too short; units to compare with"),
        "{}",
        verdict.says
    );
}

/// The error is 0.51, and an effect of 0.5 is found four times in five with one of 0.5 / 2.80: (0.51 x 2.80 / 0.5)^2
/// times 60 units are 431 more, told as 450.
#[test]
fn what_cannot_be_told_says_how_many_more_units_would_find_what_is_worth_having() {
    check(
        Finding { comparison: Comparison::NotYet { n_never: 0 }, ..finding(-1.2, 1.0) },
        &question(Good::Down, 0.5),
        Kind::CannotTell,
        "Whether Sickness absence changed by a worthwhile 0.5 days a month cannot be told: it fell by 1.20 days a month \
         in the units that started (95 % interval 0.20 to 2.20), compared with units that started later (60 units, 18 \
         periods), provided that both would have changed alike without it; about 450 more units like these would find \
         an effect of 0.5 days a month four times in five.",
    );
}

#[track_caller]
fn settles(finding: Finding, worth: f64, says: &str) {
    let verdict = verdict(&finding, &question(Good::Down, worth));
    assert_eq!(verdict.kind, Kind::CannotTell);
    let settling = verdict.says.rsplit("; ").next().unwrap();
    assert_eq!(settling, says, "{}", verdict.says);
}

/// With an error of 0.1 an effect of 0.5 is found nearly always; to be clear of it by 0.1 takes an error of 0.1 / 2.80:
/// 7.9 times the 60 units.
#[test]
fn where_the_worth_would_be_found_already_the_distance_from_the_line_decides() {
    let se = 0.1;
    settles(
        finding(-0.6, 1.96 * se),
        0.5,
        "about 450 more units like these would settle it four times in five, if it is what it looks like.",
    );
    settles(
        finding(-0.5001, 1.96 * se),
        0.5,
        "it lies too near the line for more units like these to settle it.",
    );
    settles(
        finding(-0.3, 1.0),
        0.0,
        "about 1500 more units like these would settle it four times in five, if it is what it looks like.",
    );
}

/// As 431 units more were to 60, 43 clusters are to 6; how badly six know their error asks for somewhat more.
#[test]
fn where_chance_is_dealt_to_clusters_clusters_would_settle_it() {
    let few = |finding: Finding| {
        let interval = Interval { law: Law::Student { df: 4.0 }, ..finding.interval };
        Finding { n_clusters: Some(6), interval, ..finding }
    };
    let clustered = few(finding(-1.2, 1.0));
    settles(
        clustered.clone(),
        0.5,
        "about 50 more clusters like these would find an effect of 0.5 days a month four times in five.",
    );
    let says = verdict(&clustered, &question(Good::Down, 0.5)).says;
    assert!(says.contains("(60 units in 6 clusters, 18 periods)"), "{says}");
    settles(
        few(finding(-0.5001, 0.196)),
        0.5,
        "it lies too near the line for more clusters like these to settle it.",
    );
}

#[test]
fn a_lone_unit_is_told_that_waiting_does_not_help_and_a_twins_unit_how_many_like_it_would() {
    let lone = Comparison::Itself { n_before: 24 };
    settles(Finding { comparison: lone, ..finding(-1.2, 1.0) }, 0.5, "units to compare with would.");
    let twin = Comparison::Twin { n_started: 1, n_donors: 59 };
    settles(
        Finding { comparison: twin, ..finding(-0.9, 1.0) },
        0.5,
        "about 8 more units that start like it would find an effect of 0.5 days a month four times in five.",
    );
}

#[test]
fn the_kind_follows_the_interval_and_the_good_direction() {
    let kind = |value, reach, good, worth| verdict(&finding(value, reach), &question(good, worth)).kind;
    assert_eq!(kind(1.0, 0.4, Good::Up, 0.5), Kind::Works);
    assert_eq!(kind(1.0, 0.5, Good::Up, 0.5), Kind::CannotTell);
    assert_eq!(kind(1.0, 0.4, Good::Down, 0.5), Kind::Harms);
    assert_eq!(kind(-0.2, 0.1, Good::Up, 0.5), Kind::Harms);
    assert_eq!(kind(0.2, 0.1, Good::Up, 0.5), Kind::NoWorthwhileEffect);
    assert_eq!(kind(0.0, 0.1, Good::Up, 0.0), Kind::CannotTell);
    assert_eq!(kind(-1.0, 0.4, Good::Up, 0.0), Kind::Harms);
}

/// An interval by formula and a p-value from dealing the lots again may part: what chance shows too often is no effect.
#[test]
fn what_dealing_again_does_not_bear_out_is_not_claimed() {
    for good in [Good::Up, Good::Down] {
        let mut open = finding(-1.4, 0.6);
        open.interval.p = 0.08;
        let verdict = verdict(&open, &question(good, 0.0));
        assert_eq!(verdict.kind, Kind::CannotTell, "{}", verdict.says);
        assert!(verdict.says.contains("lots dealt again show as much too often"), "{}", verdict.says);
        assert!(verdict.says.contains("(p = 0.080)"), "{}", verdict.says);
    }
    let mut sure = finding(-1.4, 0.6);
    sure.interval.p = 0.05;
    assert_eq!(verdict(&sure, &question(Good::Down, 0.0)).kind, Kind::Works);
}

#[test]
fn a_refusal_is_one_sentence() {
    let verdict = refused(&traction_stats::effect::StartsRefused::EveryoneAtOnce { n_units: 7 });
    assert_eq!(verdict.kind, Kind::Refused);
    assert_eq!(
        verdict.says,
        "No claim can be made: all 7 units start at once, so nothing tells the effect from whatever else happened then; \
         hold some units back, or add units that never start."
    );
}

#[track_caller]
fn grounded(comparison: Comparison, doubts: Doubts, part: &str) {
    let finding = Finding { comparison, doubts, ..finding(-1.4, 0.6) };
    let says = verdict(&finding, &question(Good::Down, 0.5)).says;
    assert!(says.contains(part), "{says}");
}

#[test]
fn each_comparison_says_what_must_be_believed_and_a_draw_needs_no_belief() {
    let sure = Doubts::default;
    grounded(
        Comparison::Draw { n_draws: 3, n_at_risk: 25 },
        sure(),
        "in the units that got a slot (95 % interval 0.80 to 2.00), compared with units that stood equal in the same draw \
         and had no slot yet (25 units in 3 draws, of 60, 18 periods); at least 0.5",
    );
    grounded(
        Comparison::Expected { n_never: 31 },
        sure(),
        "compared with what units that started later or never (31) lead one to expect (60 units, 18 periods), provided \
         that both would have changed alike without it;",
    );
    grounded(
        Comparison::Timing { n_never: 0, compare: traction_stats::effect::Compare::NotYet },
        sure(),
        "compared with units that started later (60 units, 18 periods), provided that who started when was as good as \
         drawn by lot;",
    );
    grounded(
        Comparison::Twin { n_started: 1, n_donors: 38 },
        sure(),
        "in the unit that started (95 % interval 0.80 to 2.00), compared with a twin put together from 38 units that \
         never started (60 units, 18 periods), provided that the twin would have gone on like it;",
    );
    grounded(
        Comparison::Itself { n_before: 24 },
        sure(),
        "compared with its own course over the 24 periods before, carried on (60 units, 18 periods), provided that \
         nothing else changed at that time, which nothing here can test;",
    );
}

#[test]
fn a_second_method_that_disagrees_and_an_early_break_down_weaken_the_sentence() {
    let never = Comparison::Never { n_never: 31 };
    let secondly = Some(Secondly { method: "imputation", value: 0.31 });
    grounded(
        never,
        Doubts { secondly, ..Doubts::default() },
        "changed alike without it; a second method (imputation) disagrees and finds 0.31 days a month; at least",
    );
    let breaks = |at| Doubts { breaks_down_at: Some(at), ..Doubts::default() };
    grounded(
        never,
        breaks(0.3),
        "without it, and it breaks down once they part by 0.3 times what they did before;",
    );
    grounded(never, breaks(0.0), "without it, and it breaks down once they part at all;");
    grounded(never, breaks(0.5), "without it; at least");
}

/// Rows of different people are no units, and nobody should read that so many were followed.
#[test]
fn rows_of_different_people_are_called_rows() {
    let rows = |comparison, value| {
        let finding = Finding { counted: Counted::Rows, comparison, n_units: 180, ..finding(value, 0.6) };
        verdict(&finding, &question(Good::Down, 0.5)).says
    };
    let never = rows(Comparison::Never { n_never: 42 }, -1.4);
    assert!(never.contains(" in those that started (95 % interval"), "{never}");
    assert!(never.contains("compared with the 42 rows of those that never started (180 rows, "), "{never}");
    let open = rows(Comparison::NotYet { n_never: 7 }, -0.8);
    assert!(open.contains("those that started later or never (the latter 7 rows) (180 rows, "), "{open}");
    assert!(open.contains("more rows like these"), "{open}");
    assert!(!never.contains("unit") && !open.contains("unit"), "{never} {open}");
}

#[test]
fn a_draw_whose_slots_are_to_come_is_told_in_the_sentence() {
    let doubts = Doubts { draw: GivenDraw::ToCome, ..Doubts::default() };
    let said = verdict(&Finding { doubts, ..finding(-1.4, 0.6) }, &question(Good::Down, 0.5)).says;
    assert!(
        said.contains("; no draw carries this, since the slots of those given start after the last period"),
        "{said}"
    );
    assert!(!verdict(&finding(-1.4, 0.6), &question(Good::Down, 0.5)).says.contains("no draw"));
}

#[test]
fn no_interval_is_said_to_hold_all_of_the_truth_and_no_number_takes_a_page() {
    use super::super::figures::in_percent;
    for (level, says) in [
        (0.95, "95"),
        (0.999, "99.9"),
        (0.999_999_999, "99.9999999"),
        (0.123_456_789, "12.3457"),
        (1e-9, "0.0000001"),
    ] {
        assert_eq!(in_percent(level), says);
    }
    let level = Level::new(1.0 - f64::EPSILON).unwrap();
    assert!(in_percent(level.share()).starts_with("99.99"), "{}", in_percent(level.share()));
    for (number, says) in [(1e300, "1e300"), (0.5, "0.5"), (0.0, "0"), (12_345.0, "12345"), (1e-9, "1e-9")] {
        assert_eq!(super::plain(number), says);
    }
}
