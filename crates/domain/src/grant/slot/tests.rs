use super::*;
use crate::contend::draw::{Cap, Entrants, Entry, Heading, Place, Record, Secret, Slots, Terms};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

fn at(day: i64) -> Moment {
    "2026-11-01T00:00:00Z".parse::<Moment>().unwrap().after_days(day)
}

fn days(from: i64, until: i64) -> Span {
    Span { from: at(from), until: Some(at(until)) }
}

fn without_end(from: i64) -> Span {
    Span { from: at(from), until: None }
}

/// Granted on day 0, from day 10 to day 50.
fn slot() -> Slot {
    Slot::granted(at(0), days(10, 50)).unwrap()
}

/// A state, the steps that lead to it, and a day on which the slot is in it.
type Way = (State, Vec<(Step, Moment)>, i64);

/// Ways to bring a slot into each state.
fn in_every_state() -> Vec<Way> {
    vec![
        (State::Granted, vec![], 5),
        (State::Started, vec![], 20),
        (State::Started, vec![(Step::Paused, at(12)), (Step::Resumed, at(14))], 20),
        (State::Paused, vec![(Step::Paused, at(12))], 20),
        (State::GivenBack, vec![(Step::GivenBack, at(5))], 20),
        (State::Lapsed, vec![(Step::Lapsed, at(15))], 20),
        (State::Ended, vec![(Step::Ended, at(15))], 20),
        (State::Ended, vec![], 50),
        (State::Ended, vec![(Step::Paused, at(12))], 50),
        (State::HandedOver, vec![(Step::HandedOver, at(40))], 60),
    ]
}

#[test]
fn words_read_what_they_write() {
    for step in Step::ALL {
        assert_eq!(step.word().parse(), Ok(step));
    }
    for asked in [Asked::Pull, Asked::Push, Asked::Unknown] {
        assert_eq!(asked.word().parse(), Ok(asked));
    }
    assert!("open".parse::<Step>().is_err() && "shove".parse::<Asked>().is_err());
}

#[test]
fn states_follow_facts_and_time() {
    for (state, steps, day) in in_every_state() {
        assert_eq!(slot().with(steps).unwrap().state(at(day)), state);
    }
    assert_eq!(slot().state(at(10)), State::Started);
}

#[test]
fn a_past_state_can_be_asked_for() {
    let slot = slot().with([(Step::Paused, at(20)), (Step::GivenBack, at(30))]).unwrap();
    for (day, state) in
        [(5, State::Granted), (19, State::Started), (20, State::Paused), (30, State::GivenBack)]
    {
        assert_eq!(slot.state(at(day)), state);
    }
}

#[test]
fn only_these_steps_can_follow() {
    let allowed = |state| match state {
        State::Granted => vec![Step::GivenBack, Step::Ended],
        State::Started => vec![Step::Paused, Step::GivenBack, Step::Lapsed, Step::Ended, Step::HandedOver],
        State::Paused => vec![Step::Resumed, Step::GivenBack, Step::Lapsed, Step::Ended],
        State::HandedOver => vec![Step::Ended],
        State::GivenBack | State::Lapsed | State::Ended => vec![],
    };
    for (state, steps, day) in in_every_state() {
        let slot = slot().with(steps).unwrap();
        for step in Step::ALL {
            let may = slot.may(step, at(day)).is_ok();
            assert_eq!(may, allowed(state).contains(&step), "{step} when {state}");
        }
    }
}

#[test]
fn a_refusal_says_what_can_be_done() {
    let says = |slot: Slot, step, day| slot.may(step, at(day)).unwrap_err().to_string();
    assert_eq!(
        says(slot(), Step::Paused, 5),
        "the slot is granted, and not started yet, so it cannot be paused; wait for its start, or give it back"
    );
    let paused = slot().with([(Step::Paused, at(12))]).unwrap();
    assert_eq!(
        says(paused, Step::HandedOver, 20),
        "the slot is paused, so it cannot be handed over; resume it first"
    );
}

#[test]
fn facts_are_put_one_after_the_other() {
    let slot = slot().with([(Step::Paused, at(20))]).unwrap();
    assert_eq!(slot.may(Step::Resumed, at(19)), Err(SlotRefused::BeforeTheLast { last: at(20) }));
}

#[test]
fn a_slot_ends_after_its_start_or_never() {
    let refused = SlotRefused::NoTime { starts: at(10), until: at(10) };
    assert_eq!(Slot::granted(at(0), days(10, 10)), Err(refused));
    assert_eq!(Slot::granted(at(0), without_end(10)).unwrap().state(at(9_999)), State::Started);
}

#[test]
fn access_is_what_the_facts_leave_of_the_time() {
    for (steps, access) in [
        (vec![], vec![days(10, 50)]),
        (vec![(Step::Paused, at(20)), (Step::Resumed, at(25))], vec![days(10, 20), days(25, 50)]),
        (vec![(Step::Paused, at(20))], vec![days(10, 20)]),
        (vec![(Step::GivenBack, at(5))], vec![]),
        (vec![(Step::GivenBack, at(30))], vec![days(10, 30)]),
        (vec![(Step::Paused, at(20)), (Step::Lapsed, at(30))], vec![days(10, 20)]),
        (vec![(Step::Ended, at(30))], vec![days(10, 30)]),
        (vec![(Step::HandedOver, at(40))], vec![without_end(10)]),
        (vec![(Step::HandedOver, at(40)), (Step::Ended, at(90))], vec![days(10, 90)]),
    ] {
        assert_eq!(slot().with(steps.clone()).unwrap().access(), access, "{steps:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a slot, the unit has the solution exactly while the slot is in use or its own.
    #[test]
    fn access_and_state_never_disagree(
        wishes in prop::collection::vec((0..6_usize, 0..15_i64), 0..8),
        has_end: bool,
    ) {
        let time = if has_end { days(10, 50) } else { without_end(10) };
        let mut slot = Slot::granted(at(0), time).unwrap();
        let mut day = 0;
        for (wish, later) in wishes {
            day += later;
            slot = slot.clone().stepped(Step::ALL[wish], at(day)).unwrap_or(slot);
        }
        let spans = slot.access();
        for day in 0..130 {
            let has = spans.iter().any(|span| span.holds(at(day)));
            let uses = matches!(slot.state(at(day)), State::Started | State::HandedOver);
            prop_assert_eq!(has, uses, "day {}, {:?}", day, slot);
        }
        prop_assert!(spans.windows(2).all(|pair| pair[0].until.is_some_and(|until| until <= pair[1].from)));
    }
}

#[test]
fn a_slot_given_back_before_the_start_goes_to_the_first_in_line() {
    let line = ["birch", "fir"].map(|unit| Waiting { unit, n_of_parent: None });
    assert_eq!(next_in_line(&line, None, at(10), at(9)), Some("birch"));
    assert_eq!(next_in_line(&line, None, at(10), at(10)), None);
    assert_eq!(next_in_line(&[], None, at(10), at(9)), None);
}

#[test]
fn the_first_in_line_waits_on_while_its_parent_is_full() {
    let line =
        [Waiting { unit: "birch", n_of_parent: Some(2) }, Waiting { unit: "fir", n_of_parent: Some(1) }];
    let cap = NonZeroU32::new(2).map(Cap);
    assert_eq!(next_in_line(&line, cap, at(10), at(9)), Some("fir"));
    assert_eq!(next_in_line(&line, None, at(10), at(9)), Some("birch"));
}

/// Four contended for two slots, which start on day 10.
fn drawn() -> Record {
    let open = |unit: &str| Entry { unit: unit.into(), band: 1, layer: 0, place: Place::Open, parent: None };
    let entrants = Entrants::new(["ash", "birch", "elm", "fir"].map(open).to_vec()).unwrap();
    let terms = Terms { slots: Slots(2), cap: None };
    let secret = Secret::from_bytes([3; 32]);
    Record::new(Heading::default(), secret, vec![], &entrants, &BTreeSet::new(), terms).unwrap()
}

/// A slot by the draw: taken, or free since a day.
fn of(unit: &str, freed: Option<i64>) -> Held {
    let takes = if freed.is_some() { Takes::Nothing } else { Takes::Place };
    Held { unit: unit.into(), asked: Asked::Pull, takes, freed: freed.map(at) }
}

#[track_caller]
fn check_moves_up(record: &Record, held: &[Held], out: &[&String], day: i64, expect: &[&String]) {
    let out = out.iter().map(ToString::to_string).collect();
    let line = Line { record, held, out: &out, starts: at(10) };
    assert_eq!(line.moves_up(at(day)), expect);
}

#[test]
fn one_moves_up_for_each_slot_that_became_free_before_the_start_whenever_that_is_looked_at() {
    let record = drawn();
    let ([one, two], [first, second]) = (&record.granted[..], &record.waiting[..]) else {
        panic!("{record:?}")
    };
    check_moves_up(&record, &[of(one, None), of(two, None)], &[], 5, &[]);
    check_moves_up(&record, &[of(one, Some(5)), of(two, None)], &[], 5, &[first]);
    check_moves_up(&record, &[of(one, Some(5)), of(two, Some(6))], &[], 6, &[first, second]);
    let passed_on = [of(one, Some(5)), of(two, None), of(first, None)];
    check_moves_up(&record, &passed_on, &[], 6, &[]);
    // Looked at late, after a server stood still: what became free after the start is nobody's.
    check_moves_up(&record, &[of(one, Some(5)), of(two, Some(12))], &[], 13, &[first]);
    check_moves_up(&record, &[of(one, Some(10)), of(two, Some(12))], &[], 13, &[]);
}

#[test]
fn who_cannot_take_one_is_passed_over_and_a_slot_that_is_never_taken_goes_on_until_the_start() {
    let record = drawn();
    let ([one, two], [first, second]) = (&record.granted[..], &record.waiting[..]) else {
        panic!("{record:?}")
    };
    check_moves_up(&record, &[of(one, Some(5)), of(two, None)], &[first], 5, &[second]);
    check_moves_up(&record, &[of(one, Some(5)), of(two, None)], &[first, second], 5, &[]);
    check_moves_up(&record, &[of(one, None)], &[two], 5, &[first]);
    check_moves_up(&record, &[of(one, None)], &[two], 10, &[]);
}

#[test]
fn what_was_taken_from_a_unit_moves_nobody_up() {
    let record = drawn();
    let [one, two] = &record.granted[..] else { panic!("{record:?}") };
    let taken = Held { freed: None, ..of(one, Some(5)) };
    check_moves_up(&record, &[taken, of(two, None)], &[], 5, &[]);
}

/// Two slots and at most one a parent: the protected one of `a` has the first, so that whoever else is under `a` has no chance.
fn capped() -> Record {
    let below = |parent: &str, unit: &str, place| Entry {
        unit: unit.into(),
        band: 1,
        layer: 0,
        place,
        parent: Some(parent.into()),
    };
    let entries = vec![
        below("a", "a1", Place::Open),
        below("a", "a2", Place::Open),
        below("a", "a3", Place::Protected),
        below("b", "b1", Place::Open),
        below("b", "b2", Place::Open),
        below("c", "c1", Place::Open),
    ];
    let entrants = Entrants::new(entries).unwrap();
    let terms = Terms { slots: Slots(2), cap: NonZeroU32::new(1).map(Cap) };
    let secret = Secret::from_bytes([4; 32]);
    Record::new(Heading::default(), secret, vec![], &entrants, &BTreeSet::new(), terms).unwrap()
}

#[test]
fn under_a_cap_a_turn_is_told_as_it_will_be_served() {
    let record = capped();
    let out = BTreeSet::new();
    let turns = Line { record: &record, held: &[], out: &out, starts: at(10) }.turns();
    let parent = |unit: &str| unit[..1].to_owned();
    let winner = record.granted[1].clone();
    assert_eq!(turns.len(), 4);
    let first = |turns: &BTreeMap<String, Turn>| {
        let mut in_line = turns.iter().filter(|(_, turn)| matches!(turn, Turn::InLine { place: 1, .. }));
        in_line.next().map(|(unit, _)| unit.clone()).unwrap()
    };
    let n_passed_over = turns.values().filter(|turn| matches!(turn, Turn::PassedOver { .. })).count();
    assert_eq!(n_passed_over, 3, "{turns:?}");
    let full = |unit: &str| match &turns[unit] {
        Turn::PassedOver { full, .. } => Some(*full),
        Turn::InLine { .. } => None,
    };
    assert_eq!([full("a1"), full("a2")], [Some(Full::Now); 2]);
    // Of two under a parent that has room for one, the second is passed over once the first moved up.
    let under_first =
        turns.keys().find(|unit| parent(unit) == parent(&first(&turns)) && **unit != first(&turns));
    assert!(under_first.is_none_or(|unit| full(unit) == Some(Full::OnceOthersMovedUp)), "{turns:?}");
    assert!(!["a".into(), parent(&winner)].contains(&parent(&first(&turns))), "{turns:?}, after {winner}");
    // The winner gives back: whoever is told the first place gets it, and nobody who is told that he is passed over for
    // another parent's sake.
    let held = [of("a3", None), of(&winner, Some(5))];
    let line = Line { record: &record, held: &held, out: &out, starts: at(10) };
    let up = line.moves_up(at(5));
    assert_eq!(up, [first(&line.turns())]);
    assert_ne!(parent(up[0]), "a");
}

#[test]
fn whoever_takes_a_slot_from_a_unit_says_why_and_the_unit_itself_need_not() {
    let other = Taker::Other { name: "Cleo".into() };
    for step in [Step::GivenBack, Step::Lapsed, Step::Ended] {
        assert_eq!(other.reason(step, None), Err(SlotRefused::NoReason));
        assert_eq!(other.reason(step, Some("moved".into())), Ok("moved".into()));
        assert_eq!(other.decides(step), Some("Cleo"));
        assert_eq!(Taker::Unit.reason(step, None), Ok(String::new()));
        assert_eq!((Taker::Unit.decides(step), Taker::Rule.decides(step)), (None, None));
    }
    assert_eq!(other.reason(Step::Paused, None), Ok(String::new()));
    assert_eq!(other.decides(Step::Paused), None);
}

#[test]
fn there_are_never_more_live_slots_than_the_wave_has() {
    assert_eq!(room(Slots(3), Slots(2)), Ok(()));
    for live in [3, 4] {
        assert_eq!(room(Slots(3), Slots(live)), Err(SlotRefused::Full { capacity: 3 }));
    }
    assert_eq!(room(Slots(0), Slots(0)), Err(SlotRefused::Full { capacity: 0 }));
}

#[test]
fn a_unit_holds_a_slot_until_it_is_given_back_lapsed_or_ended_and_keeps_it_when_it_is_handed_over() {
    for held in [State::Granted, State::Started, State::Paused, State::HandedOver] {
        assert!(held.is_held(), "{held:?}");
    }
    for gone in [State::GivenBack, State::Lapsed, State::Ended] {
        assert!(!gone.is_held(), "{gone:?}");
    }
}

mod lapsing {
    use super::*;

    const NOTHING: Used = Used { by_unit: None, by_anybody: None, runs_since: None, n_members: 12 };

    /// The slot of day 10, a rule of 14 days, others' use on the day itself.
    #[track_caller]
    fn check(used: Used, steps: &[(Step, Moment)], day: i64, expect: bool) {
        let used = Used { by_anybody: used.by_anybody.or(Some(at(day))), ..used };
        let slot = slot().with(steps.iter().copied()).unwrap();
        assert_eq!(LapseRule::after_days(14).unwrap().lapses(&slot, &used, at(day)), expect);
    }

    #[test]
    fn a_slot_lapses_after_the_stated_days_without_use_and_not_before() {
        check(NOTHING, &[], 9, false);
        check(NOTHING, &[], 23, false);
        check(NOTHING, &[], 24, true);
        check(NOTHING, &[], 51, false);
        check(Used { by_unit: Some(at(20)), ..NOTHING }, &[], 33, false);
        check(Used { by_unit: Some(at(20)), ..NOTHING }, &[], 34, true);
    }

    #[test]
    fn days_in_which_it_was_switched_off_do_not_count() {
        check(NOTHING, &[(Step::Paused, at(20))], 30, false);
        check(NOTHING, &[(Step::Paused, at(12)), (Step::Resumed, at(20))], 33, false);
        check(NOTHING, &[(Step::Paused, at(12)), (Step::Resumed, at(20))], 34, true);
        check(Used { runs_since: Some(at(21)), ..NOTHING }, &[], 34, false);
        check(Used { runs_since: Some(at(21)), ..NOTHING }, &[], 35, true);
    }

    #[test]
    fn where_no_use_is_known_at_all_or_few_people_are_nothing_lapses() {
        check(Used { by_anybody: Some(at(9)), ..NOTHING }, &[], 24, false);
        let rule = LapseRule::after_days(14).unwrap();
        assert!(!rule.lapses(&slot(), &NOTHING, at(24)));
        check(Used { n_members: 4, ..NOTHING }, &[], 24, false);
        check(Used { n_members: 5, ..NOTHING }, &[], 24, true);
    }

    #[test]
    fn a_rule_leaves_time_to_begin() {
        for days in [0, 6, 366] {
            assert_eq!(LapseRule::after_days(days), Err(LapseRefused::Days { days }));
        }
        assert_eq!(LapseRule::after_days(7).unwrap().days(), 7);
    }
}
