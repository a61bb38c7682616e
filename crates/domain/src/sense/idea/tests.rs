use super::*;
use crate::id::Id;
use crate::time::Moment;

fn unit(n: u8) -> UnitId {
    UnitId::made(Moment::from_milliseconds(1_000).unwrap(), [n; 10])
}

#[test]
fn every_state_reads_what_it_writes() {
    for state in IdeaState::ALL {
        assert_eq!(state.word().parse(), Ok(state));
    }
    assert!("spreading".parse::<IdeaState>().is_err());
}

#[test]
fn an_idea_is_dropped_only_with_a_reason_and_can_be_taken_up_again() {
    assert_eq!(moved(IdeaState::New, IdeaState::Dropped, "  "), Err(IdeaRefused::ReasonMissing));
    assert_eq!(moved(IdeaState::New, IdeaState::Dropped, " too dear "), Ok("too dear".into()));
    assert_eq!(moved(IdeaState::Dropped, IdeaState::BeingTried, ""), Ok(String::new()));
}

#[test]
fn nobody_moves_an_idea_to_spread_by_hand() {
    for state in IdeaState::ALL {
        assert_eq!(
            moved(state, IdeaState::Spread, "copied"),
            Err(IdeaRefused::NotFromHere { state, next: IdeaState::Spread })
        );
    }
}

#[test]
fn an_idea_is_copied_by_other_units_once_each_after_it_was_adopted() {
    let (home, other) = (unit(1), unit(2));
    assert_eq!(copied(IdeaState::Adopted, home, other, &[]), Ok(()));
    assert_eq!(copied(IdeaState::Spread, home, other, &[unit(3)]), Ok(()));
    assert_eq!(copied(IdeaState::Spread, home, other, &[other]), Err(IdeaRefused::CopiedAlready));
    assert_eq!(copied(IdeaState::Adopted, home, home, &[]), Err(IdeaRefused::OwnIdea));
    assert_eq!(
        copied(IdeaState::BeingTried, home, other, &[]),
        Err(IdeaRefused::NotAdoptedYet { state: IdeaState::BeingTried })
    );
}
