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
    check(&record, "oak", Some(Outcome::Waiting { place: 2, why: Why::Behind }));
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
    check(&record, "c", Some(Outcome::Granted { why: Why::Certain }));
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
