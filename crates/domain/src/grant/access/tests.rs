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
    let mut members = Members::default();
    let [ward_1, ward_2] = ["ward-1", "ward-2"].map(|slug| members.add_unit(slug));
    members.add_unit("ward-3");
    members.settle("jo", vec![ward_2, ward_1, ward_2]);
    members.settle("kim", vec![ward_2]);
    members.settle("ward-3", vec![ward_1]);
    members.settle("lou", vec![]);
    let mut builder = Builder::new(7, Arc::new(members));
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
fn a_digest_is_told_from_the_units_alone_while_they_are_as_they_were_and_no_flag_is_held_twice() {
    let mut members = Members::default();
    let [ash, elm, yew] = ["ash", "elm", "yew"].map(|slug| members.add_unit(slug));
    let mut builder = Builder::new(7, Arc::new(members));
    let [blood, rounds] = ["blood", "rounds"].map(|change| builder.flag(change, change, Running::Yes));
    builder.grant(blood, ash, days(10, 20), slot(1), None);
    builder.grant(rounds, elm, days(0, 90), slot(2), None);
    builder.grant(blood, yew, days(0, 90), slot(3), None);
    let known = InForce::of(&builder.build(), at(12));
    let is_told = |units: &[UnitNumber], day| known.sum(units, at(day)).is_some();
    assert!(is_told(&[ash], 12) && is_told(&[ash], 19) && is_told(&[ash, elm], 15) && is_told(&[], 15));
    assert!(!is_told(&[ash], 11), "it may have been otherwise before");
    assert!(!is_told(&[ash], 20) && is_told(&[elm], 20), "what one of them holds has ended");
    assert!(!is_told(&[ash, yew], 15), "of two that hold the same, one counts");
    assert!(known.is_whole_at(at(19)) && !known.is_whole_at(at(20)) && !known.is_whole_at(at(11)));
}

#[test]
fn a_snapshot_of_nothing_answers() {
    let snapshot = Builder::new(0, Arc::default()).build();
    assert!(snapshot.evaluate("any", &key("jo"), at(0)).is_none());
    assert_eq!(snapshot.evaluate_all(&key("jo"), at(0)).len(), 0);
    assert_eq!((snapshot.version(), snapshot.flags().len()), (0, 0));
}

/// As many names as make the tables grow several times, among them such as differ in one letter only, short ones and such
/// as are longer than their places.
#[test]
fn every_name_is_found_again_under_its_number_and_every_person_where_he_belongs() {
    let mut names = names::Names::new();
    let mut people = people::People::default();
    let all: Vec<String> =
        (0..20_000).map(|number| format!("p{number}{}", "-".repeat(number % 31))).collect();
    let units_of = |number: u32| match number % 4 {
        0 => vec![],
        1 => vec![UnitNumber(number)],
        n_units => (0..n_units).map(UnitNumber).collect(),
    };
    for (number, name) in (0..).zip(&all) {
        names.add(name);
        people.settle(name, &units_of(number));
    }
    for (number, name) in (0..).zip(&all) {
        assert_eq!(names.find(name), Some(number));
        assert_eq!(names.add(name), number);
        assert_eq!(people.find(name).unwrap().units(), units_of(number));
    }
    assert_eq!((names.len(), names.find("p20000"), names.find("")), (20_000, None, None));
    assert_eq!((people.len(), people.iter().count()), (20_000, 20_000));
    assert!(people.find("p20000").is_none() && people.find("").is_none());
    for number in (0..20_000).step_by(7) {
        people.settle(&all[number as usize], &units_of(number + 1));
    }
    for (number, name) in (0..).zip(&all) {
        let expect = units_of(if number % 7 == 0 { number + 1 } else { number });
        assert_eq!(people.find(name).unwrap().units(), expect, "{name}");
    }
    assert_eq!(people.len(), 20_000, "who moves is not somebody new");
}

#[test]
fn a_copy_does_not_hear_of_who_moves_later() {
    let mut members = Members::default();
    let ward = members.add_unit("ward");
    members.settle("jo", vec![ward]);
    let before = members.clone();
    members.settle("jo", vec![]);
    members.settle("kim", vec![ward]);
    assert_eq!(before.person("jo").unwrap().units(), [ward]);
    assert!(before.person("kim").is_none() && !members.are(&before));
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
    fn answers_are_what_the_sentence_says(
        (members, grants, paused) in organisations(), day in 0..40_i64, looked_at in 0..40_i64,
    ) {
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
            // So does its digest, taken from what was looked at on some day as from the grants themselves.
            let known = InForce::of(&snapshot, at(looked_at));
            let digest = |day: i64| subject.digest(&known, at(day));
            for later in 0..60 {
                prop_assert_eq!(in_force(day) == in_force(later), answers(day) == answers(later));
                prop_assert_eq!(digest(day) == digest(later), answers(day) == answers(later));
                prop_assert_eq!(digest(later), subject.digest(&InForce::default(), at(later)));
                prop_assert_eq!(digest(later) == [0; 16], in_force(later).is_empty());
            }
        }
    }
}

/// Something that moves: a person, a slot's time, a change, or a unit comes.
#[derive(Clone, Debug)]
enum Move {
    Person(u8, Vec<u8>),
    Slot(u8, u8, u8, i64),
    SlotOver(u8),
    Change(u8, bool),
    Unit(u8),
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        (0..6_u8, prop::collection::vec(0..5_u8, 0..4))
            .prop_map(|(person, units)| Move::Person(person, units)),
        (0..8_u8, 0..3_u8, 0..5_u8, 0..20_i64)
            .prop_map(|(slot, flag, unit, day)| Move::Slot(slot, flag, unit, day)),
        (0..8_u8).prop_map(Move::SlotOver),
        (0..3_u8, any::<bool>()).prop_map(|(change, is_paused)| Move::Change(change, is_paused)),
        (0..5_u8).prop_map(Move::Unit),
    ]
}

/// What is so after some moves, each noted where it stands.
#[derive(Default)]
struct Ground {
    people: std::collections::BTreeMap<u8, Vec<u8>>,
    slots: std::collections::BTreeMap<u8, (u8, u8, i64)>,
    changes: std::collections::BTreeMap<u8, Running>,
    units: std::collections::BTreeSet<u8>,
}

impl Ground {
    /// Read all at once; numbers go by another order than that in which units came.
    fn read(&self, version: u64) -> Snapshot {
        let mut members = Members::default();
        for unit in self.units.iter().rev() {
            members.add_unit(&format!("unit-{unit}"));
        }
        for (person, units) in &self.people {
            settle(&mut members, *person, units);
        }
        let mut builder = Builder::new(version, Arc::new(members.clone()));
        for (change, running) in &self.changes {
            builder.flag(&format!("flag-{change}"), &format!("change-{change}"), *running);
        }
        for (number, slot) in &self.slots {
            grant(&mut builder, &members, *number, slot);
        }
        builder.build()
    }

    /// Notes a move, and lays it over what was known.
    fn moved(&mut self, before: &Snapshot, moved: &Move) -> Snapshot {
        let mut members = (**before.members()).clone();
        let needed = match moved {
            Move::Person(_, units) => units.clone(),
            Move::Slot(_, _, unit, _) | Move::Unit(unit) => vec![*unit],
            Move::SlotOver(_) | Move::Change(..) => vec![],
        };
        for unit in needed {
            self.units.insert(unit);
            members.add_unit(&format!("unit-{unit}"));
        }
        if let Move::Person(person, units) = moved {
            self.people.insert(*person, units.clone());
            settle(&mut members, *person, units);
        }
        let members = Arc::new(members);
        let mut builder = Builder::from_before(before, before.version() + 1, members.clone());
        match moved {
            Move::Person(..) | Move::Unit(_) => {}
            Move::Slot(number, flag, unit, day) => {
                let slot_now = (*flag, *unit, *day);
                self.changes.entry(*flag).or_insert(Running::Yes);
                self.slots.insert(*number, slot_now);
                builder.forget(&[slot(*number)].into());
                let change = format!("change-{flag}");
                if builder.flag_of(&change).is_none() {
                    builder.flag(&format!("flag-{flag}"), &change, Running::Yes);
                }
                grant(&mut builder, &members, *number, &slot_now);
            }
            Move::SlotOver(number) => {
                self.slots.remove(number);
                builder.forget(&[slot(*number)].into());
            }
            Move::Change(change, is_paused) => {
                let running = if *is_paused { Running::Paused } else { Running::Yes };
                self.changes.insert(*change, running);
                builder.flag(&format!("flag-{change}"), &format!("change-{change}"), running);
            }
        }
        builder.build()
    }
}

fn settle(members: &mut Members, person: u8, units: &[u8]) {
    let units = units.iter().map(|unit| members.unit(&format!("unit-{unit}")).unwrap()).collect();
    members.settle(&format!("person-{person}"), units);
}

fn grant(builder: &mut Builder, members: &Members, number: u8, (flag, unit, day): &(u8, u8, i64)) {
    let flag = builder.flag_of(&format!("change-{flag}")).unwrap();
    let unit = members.unit(&format!("unit-{unit}")).unwrap();
    builder.grant(flag, unit, days(*day, day + 10), slot(number), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Move after move laid over what was known, against all read at once.
    #[test]
    fn what_is_changed_where_somebody_moved_is_what_is_read_at_once(moves in prop::collection::vec(moves(), 1..30)) {
        let mut ground = Ground::default();
        let mut snapshot = ground.read(0);
        let mut in_force = InForce::of(&snapshot, at(0));
        for (day, moved) in (0..).zip(&moves) {
            let before = snapshot;
            snapshot = ground.moved(&before, moved);
            let read = ground.read(snapshot.version());
            in_force = in_force.laid_over(&before, &snapshot, at(day));
            prop_assert!(snapshot.answers_as(&read) && read.answers_as(&snapshot), "after {:?}", moved);
            for person in 0..7_u8 {
                for day in [0, 5, 12, 25] {
                    let id = format!("person-{person}");
                    let answers = |snapshot: &Snapshot| {
                        snapshot.evaluate_all(&key(&id), at(day)).map(|answer| format!("{answer:?}")).collect::<Vec<_>>()
                    };
                    prop_assert_eq!(answers(&snapshot), answers(&read));
                    let (one, other) = (snapshot.subject(&key(&id)), read.subject(&key(&id)));
                    let expect = other.digest(&InForce::default(), at(day));
                    prop_assert_eq!(one.digest(&in_force, at(day)), expect);
                }
            }
        }
    }
}

fn snapshot_of(members: &[(u8, u8)], grants: &[(u8, u8, i64, i64)], paused: [bool; 3]) -> Snapshot {
    let mut known = Members::default();
    let units: Vec<_> = (0..5).map(|n| known.add_unit(&format!("unit-{n}"))).collect();
    for n in 0..6 {
        let mine = members.iter().filter(|(person, _)| *person == n);
        known.settle(&format!("person-{n}"), mine.map(|(_, unit)| units[usize::from(*unit)]).collect());
    }
    let mut builder = Builder::new(1, Arc::new(known));
    let running = |paused| if paused { Running::Paused } else { Running::Yes };
    let flags = [2_usize, 0, 1]
        .map(|n| (n, builder.flag(&format!("flag-{n}"), &format!("change-{n}"), running(paused[n]))));
    for (number, (flag, unit, from, n_days)) in (0..).zip(grants) {
        let flag = flags.iter().find(|(n, _)| *n == usize::from(*flag)).unwrap().1;
        builder.grant(flag, units[usize::from(*unit)], days(*from, from + n_days), slot(number), None);
    }
    builder.build()
}

#[test]
fn a_grant_fills_one_line_of_a_cache_a_person_half_of_one_and_so_does_what_a_unit_has_in_force() {
    assert_eq!((size_of::<Grant>(), align_of::<Grant>()), (64, 64));
    assert_eq!((people::SIZE_OF_A_PLACE, in_force::SIZE_OF_A_UNIT, size_of::<Holds>()), (32, 32, 16));
}
