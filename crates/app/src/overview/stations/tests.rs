use traction_domain::prove::Doubted;

use super::*;

fn day(n: i64) -> Moment {
    "2026-03-02T08:00:00Z".parse::<Moment>().unwrap().after_days(n)
}

#[track_caller]
fn check(counts: &Counts, now: i64, stage: Stage, flow: Flow, says: &str) {
    let all = stations(counts, day(now));
    assert_eq!(all.iter().map(|station| station.stage).collect::<Vec<_>>(), Stage::ALL);
    let one = &all[stage as usize];
    assert_eq!((one.flow, one.says.as_str()), (flow, says));
}

#[test]
fn a_wave_that_nobody_draws_is_stuck_after_three_days() {
    let wave = WaveCounts { n: 1, n_slots: 4, n_contenders: 9, closes_at: day(7), drawn_at: None };
    let counts = Counts { wave: Some(wave), ..Counts::default() };
    let pull = "More units contend than there are slots: that is the pull.";
    check(&counts, 6, Stage::Contend, Flow::Flows, pull);
    check(&counts, 8, Stage::Contend, Flow::Waits, "Applications are closed; the draw comes next.");
    check(&counts, 11, Stage::Contend, Flow::Stuck, "Applications closed days ago and nobody has drawn.");
}

#[test]
fn a_change_that_is_used_without_numbers_is_stuck_at_measure_and_with_them_at_prove() {
    let counts = Counts { n_slots: 4, first_start: Some(day(0)), ..Counts::default() };
    check(&counts, 9, Stage::Measure, Flow::Stuck, "Units have it, and no number comes in.");
    check(&counts, -1, Stage::Measure, Flow::Quiet, "Nothing to measure yet.");
    let counts = Counts { last_outcome_at: Some(day(8)), ..counts };
    check(&counts, 9, Stage::Measure, Flow::Flows, "Numbers come in.");
    check(&counts, 9, Stage::Prove, Flow::Stuck, "The data are there and nobody has asked them.");
}

#[test]
fn a_result_that_nobody_shows_is_stuck_after_two_weeks_unless_it_is_none() {
    let proof = |kind: &str, doubted| Proof { kind: kind.to_owned(), doubted, made_at: day(0) };
    let counts = Counts { evidence: Some(proof("works", Doubted::No)), ..Counts::default() };
    check(&counts, 3, Stage::Publish, Flow::Waits, "A result waits to be shown.");
    check(&counts, 15, Stage::Publish, Flow::Stuck, "A result lies there for weeks and nobody sees it.");
    let counts = Counts { evidence: Some(proof("cannot_tell", Doubted::No)), ..Counts::default() };
    check(&counts, 15, Stage::Publish, Flow::Quiet, "There is no result to show yet.");
}

#[test]
fn a_result_that_is_doubted_is_not_said_to_be_shown() {
    for (doubted, says) in [
        (Doubted::No, "Its effect is shown, beyond what was hoped for."),
        (Doubted::Somewhat, "An effect is seen; the record says what is doubtful."),
        (Doubted::Strongly, "The checks speak against what was found; the record says which."),
    ] {
        let proof = Proof { kind: "works".to_owned(), doubted, made_at: day(0) };
        check(&Counts { evidence: Some(proof), ..Counts::default() }, 3, Stage::Prove, Flow::Flows, says);
    }
}

#[test]
fn the_next_step_is_the_first_that_is_stuck_then_the_first_that_waits() {
    let new = Counts::default();
    let step = next_step(&stations(&new, day(0)), &new, "huddle");
    assert_eq!(step, Some(("/changes/huddle/prediction".into(), "Lock the prediction")));
    let locked = Counts { predicted_at: Some(day(0)), ..new };
    let step = next_step(&stations(&locked, day(0)), &locked, "huddle");
    assert_eq!(step, Some(("/changes/huddle/waves/new".into(), "Announce a wave")));
}

#[test]
fn where_the_data_lie_unasked_the_next_step_asks_them() {
    let counts = Counts {
        predicted_at: Some(day(0)),
        n_waves: 1,
        n_slots: 4,
        first_start: Some(day(0)),
        n_cycles: 2,
        last_outcome_at: Some(day(8)),
        ..Counts::default()
    };
    let step = next_step(&stations(&counts, day(9)), &counts, "huddle");
    assert_eq!(step, Some(("/changes/huddle/evidence".into(), "Ask the data")));
}

#[test]
fn what_slips_leads_to_the_cycle_that_wins_it_back_while_it_runs() {
    use traction_domain::id::Id;
    let cycle = CycleId::made(day(0), [7; 10]);
    let slips = Counts { n_handed_over: 1, n_alarms: 1, winning_back: Some(cycle), ..Counts::default() };
    let standings = stations(&slips, day(9));
    let expected = format!("/cycles/{cycle}");
    let step = unstuck(&standings, &slips, "huddle");
    assert_eq!(step, Some((expected.clone(), "Win back what slips")));
    assert_eq!(placed(&standings, &slips, "huddle")[Stage::Sustain as usize].href, expected);
    let closed = Counts { winning_back: None, ..slips };
    assert_eq!(unstuck(&stations(&closed, day(9)), &closed, "huddle"), None);
    assert_eq!(placed(&standings, &closed, "huddle")[Stage::Sustain as usize].href, Stage::Sustain.href());
}

#[test]
fn frictions_are_those_of_its_units_or_said_to_be_anywhere() {
    let figure = |frictions| stations(&Counts { frictions, ..Counts::default() }, day(0))[0].figure.clone();
    assert_eq!(figure(Frictions::Anywhere(57)), "57 open frictions anywhere");
    assert_eq!(figure(Frictions::Concerned(1)), "1 open friction");
}

#[test]
fn measure_counts_units() {
    let figure = |n_measured, n_using| {
        let counts = Counts { n_measured, n_using, ..Counts::default() };
        stations(&counts, day(0))[Stage::Measure as usize].figure.clone()
    };
    assert_eq!(figure(0, 0), "no data");
    assert_eq!(figure(0, 1), "1 unit uses it");
    assert_eq!(figure(24, 12), "24 units measured");
}
