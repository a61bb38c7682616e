use super::*;
use crate::id::Id;
use proptest::prelude::*;

fn at(day: i64) -> Moment {
    "2026-11-01T00:00:00Z".parse::<Moment>().unwrap().after_days(day)
}

fn days(from: i64, until: i64) -> Span {
    Span { from: at(from), until: Some(at(until)) }
}

fn slot(number: u8) -> SlotId {
    SlotId::made(at(0), [number; 10])
}

fn key(targeting_key: &str) -> Context<'_> {
    Context { targeting_key, unit: None }
}

/// Two changes; `ward-1` has the first from day 10 to 20 and from 30 on, `ward-2` the second, which is paused. Jo is in
/// both wards, Kim in the second, Lou in none, and somebody is called `ward-1`.
fn hospital() -> Snapshot {
    let mut members = MembersBuilder::default();
    let [ward_1, ward_2] = ["ward-1", "ward-2"].map(|slug| members.unit(slug));
    members.unit("ward-3");
    members.member("jo", ward_1);
    members.member("jo", ward_2);
    members.member("kim", ward_2);
    members.member("ward-3", ward_1);
    members.person("lou");
    let mut builder = Builder::new(7, Arc::new(members.build()));
    let second = builder.flag("late-rounds", "rounds", Running::Paused);
    let first = builder.flag("early-blood", "blood", Running::Yes);
    let wave = WaveId::made(at(0), [9; 10]);
    builder.grant(first, ward_1, Span { from: at(30), until: None }, slot(2), None);
    builder.grant(first, ward_1, days(10, 20), slot(1), Some(wave));
    builder.grant(second, ward_2, days(0, 90), slot(3), Some(wave));
    builder.build()
}

#[track_caller]
fn check(context: Context<'_>, flag: &str, day: i64, expect: Option<(Reason, Option<u8>)>) {
    let snapshot = hospital();
    let answer = snapshot.evaluate(flag, &context, at(day));
    let short = answer.map(|answer| (answer.reason, answer.grant.map(|grant| grant.slot)));
    assert_eq!(short, expect.map(|(reason, number)| (reason, number.map(slot))));
}

const OFF: Option<(Reason, Option<u8>)> = Some((Reason::Default, None));

fn on(number: u8) -> Option<(Reason, Option<u8>)> {
    Some((Reason::TargetingMatch, Some(number)))
}

#[test]
fn a_person_has_it_when_any_of_his_units_does() {
    check(key("jo"), "early-blood", 15, on(1));
    check(key("kim"), "early-blood", 15, OFF);
    check(key("lou"), "early-blood", 15, OFF);
}

#[test]
fn a_unit_can_be_asked_about_by_its_slug() {
    check(key("ward-1"), "early-blood", 15, on(1));
    check(key("ward-2"), "early-blood", 15, OFF);
}

#[test]
fn a_grant_counts_from_its_first_moment_until_just_before_its_last() {
    for (day, expect) in [(9, OFF), (10, on(1)), (19, on(1)), (20, OFF), (29, OFF), (30, on(2)), (999, on(2))]
    {
        check(key("ward-1"), "early-blood", day, expect);
    }
}

#[test]
fn the_attribute_unit_settles_who_is_meant() {
    check(Context { targeting_key: "jo", unit: Some("ward-2") }, "early-blood", 15, OFF);
    check(Context { targeting_key: "kim", unit: Some("ward-1") }, "early-blood", 15, on(1));
    check(Context { targeting_key: "jo", unit: Some("nowhere") }, "early-blood", 15, OFF);
}

#[test]
fn somebody_called_like_a_unit_is_meant_before_the_unit() {
    check(key("ward-3"), "early-blood", 15, on(1));
    check(Context { targeting_key: "x", unit: Some("ward-3") }, "early-blood", 15, OFF);
}

#[test]
fn a_paused_change_is_off_for_everybody_and_says_so() {
    check(key("kim"), "late-rounds", 15, Some((Reason::Disabled, None)));
    check(key("nobody"), "late-rounds", 15, Some((Reason::Disabled, None)));
}

#[test]
fn an_unknown_flag_is_not_answered_and_an_unknown_person_is_off() {
    check(key("jo"), "no-such-flag", 15, None);
    check(key("nobody"), "early-blood", 15, OFF);
    check(key(""), "early-blood", 15, OFF);
}

#[test]
fn all_flags_come_sorted_and_with_those_that_are_off() {
    let snapshot = hospital();
    let answers: Vec<_> = snapshot
        .evaluate_all(&key("jo"), at(15))
        .map(|answer| (&*answer.flag.key, answer.variant(), answer.reason.word(), answer.is_on()))
        .collect();
    assert_eq!(
        answers,
        [("early-blood", "on", "TARGETING_MATCH", true), ("late-rounds", "off", "DISABLED", false)]
    );
}

#[test]
fn the_next_change_is_that_of_the_subjects_own_units_and_none_while_paused() {
    let snapshot = hospital();
    let next = |context: Context<'_>, day| snapshot.subject(&context).next_change(at(day));
    assert_eq!(next(key("jo"), 0), Some(at(10)));
    assert_eq!(next(key("ward-1"), 10), Some(at(20)));
    assert_eq!(next(key("ward-1"), 30), None);
    assert_eq!(next(key("kim"), 30), None, "the end of a paused change's slot shows nobody anything");
    assert_eq!(next(key("lou"), 0), None);
}

#[test]
fn it_is_known_who_is_meant_and_by_which_units() {
    let snapshot = hospital();
    #[track_caller]
    fn check(snapshot: &Snapshot, context: Context<'_>, known: Known, units: &[&str]) {
        let subject = snapshot.subject(&context);
        assert_eq!((subject.known(), subject.unit_slugs().collect::<Vec<_>>()), (known, units.to_vec()));
    }
    check(&snapshot, key("jo"), Known::Person, &["ward-1", "ward-2"]);
    check(&snapshot, key("lou"), Known::Person, &[]);
    check(&snapshot, key("ward-2"), Known::Unit, &["ward-2"]);
    check(&snapshot, key("nobody"), Known::Nobody, &[]);
}

#[test]
fn a_snapshot_of_nothing_answers() {
    let snapshot = Builder::new(0, Arc::new(MembersBuilder::default().build())).build();
    assert!(snapshot.evaluate("any", &key("jo"), at(0)).is_none());
    assert_eq!(snapshot.evaluate_all(&key("jo"), at(0)).len(), 0);
    assert_eq!((snapshot.version(), snapshot.flags().len()), (0, 0));
}

/// As many names as make the table grow several times, among them such as differ in one letter only.
#[test]
fn every_name_is_found_again_under_its_number() {
    let mut names = Names::new();
    let all: Vec<String> = (0..5_000).map(|number| format!("p{number}")).collect();
    for name in &all {
        names.add(name);
    }
    for (number, name) in (0..).zip(&all) {
        assert_eq!(names.find(name), Some(number));
        assert_eq!(names.add(name), number);
    }
    assert_eq!((names.len(), names.find("p5000"), names.find("")), (5_000, None, None));
}

/// A small organisation: memberships, and grants as (flag, unit, first day, days).
type Organisation = (Vec<(u8, u8)>, Vec<(u8, u8, i64, i64)>, [bool; 3]);

fn organisations() -> impl Strategy<Value = Organisation> {
    let grant = (0..3_u8, 0..5_u8, 0..20_i64, 1..15_i64);
    (
        prop::collection::vec((0..6_u8, 0..5_u8), 0..12),
        prop::collection::vec(grant, 0..12),
        any::<[bool; 3]>(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The compact snapshot against the sentence it stands for, word by word.
    #[test]
    fn answers_are_what_the_sentence_says((members, grants, paused) in organisations(), day in 0..40_i64) {
        let snapshot = snapshot_of(&members, &grants, paused);
        let has = |unit: u8, flag: u8, day: i64| {
            grants.iter().any(|(f, u, from, n_days)| {
                (*f, *u) == (flag, unit) && *from <= day && day < from + n_days
            })
        };
        for person in 0..6_u8 {
            let id = format!("person-{person}");
            let mine = || members.iter().filter(|(p, _)| *p == person).map(|(_, unit)| *unit);
            for (flag, answer) in (0..3_u8).zip(snapshot.evaluate_all(&key(&id), at(day))) {
                let is_paused = paused[usize::from(flag)];
                let expect = !is_paused && mine().any(|unit| has(unit, flag, day));
                prop_assert_eq!(answer.is_on(), expect);
                prop_assert_eq!(answer.reason == Reason::Disabled, is_paused);
                let single = snapshot.evaluate(&format!("flag-{flag}"), &key(&id), at(day));
                prop_assert_eq!(single, Some(answer));
            }
            // Until the next change every answer stays, and then one differs; without one, all stay.
            let subject = snapshot.subject(&key(&id));
            let answers = |day: i64| snapshot.evaluate_all(&key(&id), at(day)).collect::<Vec<_>>();
            let next = (day + 1..60).find(|later| answers(*later) != answers(day));
            prop_assert_eq!(subject.next_change(at(day)), next.map(at));
            // What is in force says all: it differs exactly where the answers do.
            let in_force = |day: i64| {
                let mut slots: Vec<_> = subject.in_force(at(day)).map(|grant| grant.slot).collect();
                slots.sort();
                slots
            };
            for later in 0..60 {
                prop_assert_eq!(in_force(day) == in_force(later), answers(day) == answers(later));
            }
        }
    }
}

fn snapshot_of(members: &[(u8, u8)], grants: &[(u8, u8, i64, i64)], paused: [bool; 3]) -> Snapshot {
    let mut known = MembersBuilder::default();
    let units: Vec<_> = (0..5).map(|n| known.unit(&format!("unit-{n}"))).collect();
    (0..6).for_each(|n| known.person(&format!("person-{n}")));
    for (person, unit) in members {
        known.member(&format!("person-{person}"), units[usize::from(*unit)]);
    }
    let mut builder = Builder::new(1, Arc::new(known.build()));
    let running = |paused| if paused { Running::Paused } else { Running::Yes };
    let flags =
        [2_usize, 0, 1].map(|n| (n, builder.flag(&format!("flag-{n}"), "change", running(paused[n]))));
    for (number, (flag, unit, from, n_days)) in (0..).zip(grants) {
        let flag = flags.iter().find(|(n, _)| *n == usize::from(*flag)).unwrap().1;
        builder.grant(flag, units[usize::from(*unit)], days(*from, from + n_days), slot(number), None);
    }
    builder.build()
}
