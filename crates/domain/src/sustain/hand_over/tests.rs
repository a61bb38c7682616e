use jiff::civil::date;

use super::*;
use crate::id::Id;

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

fn id<T: Id>(n: u8) -> T {
    T::made(at("2026-03-01T08:00:00Z"), [n; 10])
}

fn coach() -> PersonId {
    id(1)
}

fn owner() -> PersonId {
    id(2)
}

fn ground() -> Ground {
    Ground { slot: id(3), unit: id(4), holding: Holding::Held, owner: Belongs::ToTheUnit, other: None }
}

fn wish() -> Wish<'static> {
    Wish {
        from: coach(),
        owner: owner(),
        transferred: "the weekly huddle\n\n the run chart ",
        support_ends: date(2026, 4, 1),
    }
}

#[track_caller]
fn refused(wish: Wish<'_>, ground: Ground, expect: HandOverRefused) {
    assert_eq!(propose(wish, ground, at("2026-03-01T08:00:00Z")), Err(expect));
}

#[test]
fn what_was_transferred_is_kept_line_by_line() {
    let proposed = propose(wish(), ground(), at("2026-03-01T08:00:00Z")).unwrap();
    assert_eq!(proposed.transferred, ["the weekly huddle", "the run chart"]);
    assert_eq!((proposed.slot, proposed.owner, proposed.support_ends), (id(3), owner(), date(2026, 4, 1)));
}

#[test]
fn only_a_unit_that_holds_the_slot_can_take_it_over() {
    refused(wish(), Ground { holding: Holding::NotHeld, ..ground() }, HandOverRefused::NotHeld);
}

#[test]
fn the_owner_belongs_to_the_unit_and_is_not_whoever_hands_over() {
    refused(wish(), Ground { owner: Belongs::Elsewhere, ..ground() }, HandOverRefused::OwnerElsewhere);
    refused(Wish { owner: coach(), ..wish() }, ground(), HandOverRefused::ToHimself);
}

#[test]
fn something_must_be_handed_over() {
    refused(Wish { transferred: " \n\n", ..wish() }, ground(), HandOverRefused::NothingTransferred);
    let endless = "x".repeat(201);
    let expect = TextRefused::TooLong {
        field: "transferred",
        what: "a thing that was transferred",
        n_characters: 201,
        limit: 200,
    };
    refused(Wish { transferred: &endless, ..wish() }, ground(), expect.into());
}

#[test]
fn support_ends_today_at_the_earliest() {
    let yesterday = date(2026, 2, 28);
    let expect = HandOverRefused::SupportEnded { support_ends: yesterday };
    assert_eq!(
        expect.to_string(),
        "support cannot have ended on 2026-02-28, before today; give today or a later day"
    );
    refused(Wish { support_ends: yesterday, ..wish() }, ground(), expect);
    let today = Wish { support_ends: date(2026, 3, 1), ..wish() };
    assert!(propose(today, ground(), at("2026-03-01T23:00:00Z")).is_ok());
}

#[test]
fn a_slot_is_handed_over_once_but_can_be_proposed_again_after_a_no() {
    let other = |state| Ground { other: Some((id(9), state)), ..ground() };
    refused(wish(), other(State::Proposed), HandOverRefused::ProposedAlready { hand_over: id(9) });
    refused(wish(), other(State::Accepted), HandOverRefused::AcceptedAlready { hand_over: id(9) });
    for state in [State::Declined, State::Withdrawn] {
        assert!(propose(wish(), other(state), at("2026-03-01T08:00:00Z")).is_ok());
    }
}

fn standing(state: State) -> Standing {
    Standing { from: coach(), owner: owner(), state }
}

#[test]
fn only_the_named_owner_answers() {
    let open = standing(State::Proposed);
    assert_eq!(accept(open, owner()), Ok(()));
    assert_eq!(accept(open, coach()), Err(HandOverRefused::NotTheOwner));
    assert_eq!(decline(open, owner(), " no time before May "), Ok("no time before May".into()));
    assert_eq!(decline(open, coach(), "no"), Err(HandOverRefused::NotTheOwner));
    assert!(matches!(decline(open, owner(), " "), Err(HandOverRefused::Text(_))));
}

#[test]
fn only_whoever_proposed_takes_it_back() {
    assert_eq!(withdraw(standing(State::Proposed), coach()), Ok(()));
    assert_eq!(withdraw(standing(State::Proposed), owner()), Err(HandOverRefused::NotTheProposer));
}

#[test]
fn an_answer_is_given_once() {
    for state in [State::Accepted, State::Declined, State::Withdrawn] {
        let closed = HandOverRefused::Closed { state };
        assert_eq!(accept(standing(state), owner()), Err(closed.clone()));
        assert_eq!(decline(standing(state), owner(), "no"), Err(closed.clone()));
        assert_eq!(withdraw(standing(state), coach()), Err(closed));
        assert_eq!(State::of(state.word()), Some(state));
    }
}
