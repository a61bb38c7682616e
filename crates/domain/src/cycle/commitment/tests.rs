use super::*;

fn day(n: i64) -> Moment {
    Moment::from_milliseconds(0).unwrap().after_days(n)
}

#[test]
fn a_commitment_is_due_within_the_next_month() {
    let due = |at| commit("No late results", "Ring the lab at 8", at, day(10)).map(|made| made.due_at);
    assert_eq!(due(day(17)), Ok(day(17)));
    assert_eq!(due(day(41)), Ok(day(41)));
    assert_eq!(due(day(42)), Err(CommitmentRefused::Due));
    assert_eq!(due(day(10)), Err(CommitmentRefused::Due));
}

#[test]
fn an_account_says_what_was_learnt_whether_it_was_met_or_not() {
    for outcome in [Outcome::Met, Outcome::NotMet] {
        assert_eq!(outcome.word().parse(), Ok(outcome));
        let refused = account(outcome, " ", "").unwrap_err();
        assert_eq!(refused.field(), Some("learnt"));
    }
    assert_eq!(account(Outcome::Met, "It works", "").unwrap().next_step, None);
}

#[test]
fn what_is_closed_stays_closed() {
    assert_eq!(must_be_open(Some(day(1))), Err(CommitmentRefused::Closed { at: day(1) }));
    assert_eq!(must_be_open(None), Ok(()));
}
