use super::*;
use crate::id::Id;

fn at(day: i64) -> Moment {
    "2026-11-01T17:00:00Z".parse::<Moment>().unwrap().after_days(day)
}

fn id<T: Id>() -> T {
    T::made(at(0), [1; 10])
}

fn wave(wave: usize, opens: i64, closes: i64) -> Next {
    Next { wave, opens: at(opens), closes: at(closes) }
}

/// Opens on day 0, closes on day 29 (30 November); the next wave opens on day 60.
fn window() -> Window {
    Window { opens: at(0), closes: at(29), next: Some(wave(4, 60, 90)) }
}

fn lead_of_a_ready_unit() -> Standing {
    Standing { asker: Asker::Lead, live: None, slot: None, ineligible: None }
}

#[track_caller]
fn check(standing: Standing, day: i64, expect: Result<(), &str>) {
    let answer = apply(&standing, &window(), at(day)).map_err(|refused| refused.to_string());
    assert_eq!(answer, expect.map_err(String::from));
}

#[test]
fn a_lead_applies_from_the_opening_until_just_before_closing() {
    check(lead_of_a_ready_unit(), 0, Ok(()));
    check(lead_of_a_ready_unit(), 28, Ok(()));
    check(lead_of_a_ready_unit(), -1, Err("applications open on 1 November 2026, 17:00 UTC; come back then"));
}

#[test]
fn an_application_after_closing_is_refused_and_told_when_the_next_wave_opens() {
    let closed =
        "applications closed on 30 November 2026, 17:00 UTC; wave 4 opens on 31 December 2026, 17:00 UTC";
    check(lead_of_a_ready_unit(), 29, Err(closed));
    let closed = "applications closed on 30 November 2026, 17:00 UTC; wave 4 is open until 30 January 2027, 17:00 UTC: contend there";
    check(lead_of_a_ready_unit(), 60, Err(closed));
    let last = Window { next: None, ..window() };
    let refused = apply(&lead_of_a_ready_unit(), &last, at(30)).unwrap_err();
    assert!(refused.to_string().ends_with("tell the change lead that your unit wants one"));
}

#[test]
fn the_next_wave_is_the_open_one_that_closes_first_else_the_one_that_opens_first() {
    #[track_caller]
    fn check(day: i64, expect: Option<usize>) {
        let waves = [wave(1, 0, 20), wave(2, 30, 50), wave(3, 5, 10), wave(4, 25, 60)];
        assert_eq!(Next::of(waves, at(day)).map(|next| next.wave), expect);
    }
    check(-1, Some(1));
    check(6, Some(3));
    check(10, Some(1));
    check(20, Some(4));
    check(40, Some(2));
    check(50, Some(4));
    check(60, None);
}

#[test]
fn who_does_not_lead_the_unit_is_sent_to_who_does() {
    let standing = Standing { asker: Asker::Other, ..lead_of_a_ready_unit() };
    check(standing, 1, Err("only a lead of the unit can do this for it; ask one of them"));
}

#[test]
fn a_unit_applies_once_a_wave() {
    let standing = Standing { live: Some(id()), ..lead_of_a_ready_unit() };
    let refused = ApplicationRefused::AppliedAlready { application: id(), closes: at(29) };
    assert_eq!(apply(&standing, &window(), at(1)), Err(refused));
}

#[test]
fn a_unit_with_a_slot_has_nothing_to_contend_for() {
    let standing = Standing { slot: Some(id()), ..lead_of_a_ready_unit() };
    assert_eq!(apply(&standing, &window(), at(1)), Err(ApplicationRefused::HoldsSlot { slot: id() }));
}

#[test]
fn a_unit_that_the_policy_keeps_out_learns_why() {
    let standing = Standing { ineligible: Some(Ineligible::NoPulse), ..lead_of_a_ready_unit() };
    let refused = ApplicationRefused::Ineligible(Ineligible::NoPulse);
    assert_eq!(apply(&standing, &window(), at(1)), Err(refused));
}

#[test]
fn all_four_texts_are_needed() {
    let written = |texts: [&str; 4]| Application::written(texts[0], texts[1], texts[2], texts[3]);
    let full = ["late blood tests", "before nine", "Jo", "an hour a week"];
    assert_eq!(written(full).unwrap().pledge, "an hour a week");
    for (index, field) in ["pain", "aim", "owner", "pledge"].into_iter().enumerate() {
        let mut texts = full;
        texts[index] = "  ";
        assert_eq!(written(texts).unwrap_err().field(), Some(field));
        let long = "x".repeat(1_001);
        texts[index] = &long;
        assert!(matches!(written(texts), Err(TextRefused::TooLong { .. })), "{field}");
    }
}

#[test]
fn an_application_can_be_changed_until_closing() {
    assert_eq!(change(Asker::Lead, None, &window(), at(28)), Ok(()));
    assert!(matches!(change(Asker::Lead, None, &window(), at(29)), Err(ApplicationRefused::Closed { .. })));
    assert_eq!(change(Asker::Lead, Some(at(3)), &window(), at(4)), Err(ApplicationRefused::WithdrawnAlready));
    assert_eq!(change(Asker::Other, None, &window(), at(4)), Err(ApplicationRefused::NotALead));
}

#[test]
fn what_a_withdrawal_does_depends_on_when_it_comes() {
    for (reached, expect) in [
        (Reached::Open, Ok(Withdrawn::NotListed)),
        (Reached::Frozen, Ok(Withdrawn::KeepsNumber)),
        (Reached::Drawn, Ok(Withdrawn::LeavesWaiting)),
        (Reached::Granted(id()), Err(ApplicationRefused::GotSlot { slot: id() })),
    ] {
        assert_eq!(withdraw(Asker::Lead, None, reached), expect);
    }
    assert_eq!(withdraw(Asker::Deputy, None, Reached::Open), Ok(Withdrawn::NotListed));
    for reached in [Reached::Frozen, Reached::Drawn] {
        assert_eq!(
            withdraw(Asker::Deputy, None, reached),
            Err(ApplicationRefused::OnlyItsLead),
            "{reached:?}"
        );
    }
    assert_eq!(withdraw(Asker::Other, None, Reached::Open), Err(ApplicationRefused::NotALead));
    assert_eq!(withdraw(Asker::Lead, Some(at(1)), Reached::Open), Err(ApplicationRefused::WithdrawnAlready));
}

#[test]
fn a_draft_is_kept_before_the_opening_too_and_until_closing() {
    let keep = |standing: Standing, day| draft::keep(&standing, &window(), at(day));
    assert_eq!(keep(lead_of_a_ready_unit(), -5), Ok(()));
    assert_eq!(keep(lead_of_a_ready_unit(), 28), Ok(()));
    let late = keep(lead_of_a_ready_unit(), 29).unwrap_err();
    assert!(late.to_string().starts_with("applications closed on 30 November 2026"));
    let other = Standing { asker: Asker::Other, ..lead_of_a_ready_unit() };
    assert_eq!(keep(other, 1), Err(ApplicationRefused::NotALead));
    let applied = Standing { live: Some(id()), ..lead_of_a_ready_unit() };
    assert_eq!(
        keep(applied, 1),
        Err(ApplicationRefused::AppliedAlready { application: id(), closes: at(29) })
    );
}

#[test]
fn a_draft_may_lack_anything_but_not_everything() {
    let begun = draft::Draft::written(" Late results ", "", "", "").unwrap();
    assert_eq!((begun.pain.as_str(), begun.aim.as_str()), ("Late results", ""));
    let nothing = draft::Draft::written(" ", "", "", "An hour a week").unwrap_err();
    assert_eq!(nothing.to_string(), "please fill in something, then it can be kept");
}
