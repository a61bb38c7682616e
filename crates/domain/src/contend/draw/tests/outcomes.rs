//! What a unit is told, and when a wave may be drawn.

use super::*;

#[track_caller]
fn check(record: &Record, unit: &str, expect: Option<Outcome>) {
    assert_eq!(record.outcome(unit), expect);
}

#[test]
fn each_unit_learns_what_it_got_and_why() {
    let mut entries = six();
    entries.push(protected("yew"));
    let secret = Secret::from_bytes(std::array::from_fn(|index| u8::try_from(index).unwrap()));
    let record = record(entries, &units(["fir"]), slots(4), secret).unwrap();
    let lottery = Why::Lottery { n_equal: 3, n_slots: 2 };
    assert_eq!(lottery.to_string(), "3 units stood equal for 2 slots, and the lottery decided");
    let loser = record.waiting[0].clone();
    check(&record, "yew", Some(Outcome::Granted { why: Why::Protected }));
    check(&record, "ash", Some(Outcome::Granted { why: Why::Certain }));
    check(&record, &record.granted[2].clone(), Some(Outcome::Granted { why: lottery.clone() }));
    check(&record, &loser, Some(Outcome::Waiting { place: 1, why: lottery }));
    check(&record, "oak", Some(Outcome::Waiting { place: 2, why: Why::Behind { n_protected: 1 } }));
    check(&record, "fir", Some(Outcome::Withdrawn));
    check(&record, "nobody", None);
}

#[test]
fn under_a_cap_the_chance_itself_is_told() {
    let entries = vec![below("north", "a"), below("north", "b"), below("south", "c")];
    let record = record(entries, &BTreeSet::new(), capped(2, 1), secret(1)).unwrap();
    let chance = record.probability["a"];
    let Some(Outcome::Granted { why } | Outcome::Waiting { why, .. }) = record.outcome("a") else {
        panic!("a is on the list");
    };
    assert_eq!(why, Why::CappedLottery { chance });
    // One of `a` and `b` got none, so it is not said that there was a slot for every unit beside it.
    check(&record, "c", Some(Outcome::Granted { why: Why::CappedCertain }));
}

#[test]
fn whom_the_cap_leaves_no_room_is_not_told_that_others_stood_before_it() {
    let mut entries =
        vec![below("north", "a"), below("north", "b"), below("south", "c"), below("south", "d")];
    entries[1].place = Place::Protected;
    let late = Entry { band: 2, ..below("west", "late") };
    entries.push(late);
    let drawn = record(entries.clone(), &BTreeSet::new(), capped(2, 1), secret(1)).unwrap();
    let why = Why::Capped { parent: "north".into(), n: 1 };
    assert_eq!(why.to_string(), "units under north have as many slots as one parent may have (1)");
    let place = |unit: &str| drawn.waiting.iter().position(|waits| waits == unit).unwrap() + 1;
    check(&drawn, "a", Some(Outcome::Waiting { place: place("a"), why: why.clone() }));
    let why_late = Why::Behind { n_protected: 1 };
    assert!(why_late.to_string().ends_with("before its own, or to protected places"));
    check(&drawn, "late", Some(Outcome::Waiting { place: 3, why: why_late }));
    // With slots to spare nobody stood before it either.
    let spare = record(entries, &BTreeSet::new(), capped(5, 1), secret(1)).unwrap();
    let Some(Outcome::Waiting { why: spared, .. }) = spare.outcome("a") else { panic!("{spare:?}") };
    assert_eq!(spared, why);
    check(&spare, "late", Some(Outcome::Granted { why: Why::Certain }));
}

#[test]
fn a_wave_is_drawn_once_and_after_closing() {
    let at = |text: &str| text.parse::<Moment>().unwrap();
    let (before, closes, after) =
        (at("2026-11-30T16:59:59Z"), at("2026-11-30T17:00:00Z"), at("2026-12-01T09:00:00Z"));
    assert_eq!(may_run(closes, None, None, before), Err(DrawRefused::StillOpen { until: closes }));
    assert_eq!(may_run(closes, None, None, closes), Ok(()));
    assert_eq!(may_run(closes, Some(after), None, after), Err(DrawRefused::Over { ended: after }));
    assert_eq!(may_run(closes, None, Some(after), after), Err(DrawRefused::DrawnAlready { drawn: after }));
}
