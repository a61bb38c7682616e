use jiff::civil::date;

use super::*;
use crate::id::Id;

fn person(n: u8) -> PersonId {
    PersonId::made("2026-01-05T00:00:00Z".parse().unwrap(), [n; 10])
}

fn unit() -> UnitId {
    UnitId::made("2026-01-05T00:00:00Z".parse().unwrap(), [1; 10])
}

const EXPERT: u8 = 1;
const SPONSOR: u8 = 2;
const NURSE: u8 = 3;

fn engagement() -> Engagement {
    engage(Expert::Known(person(EXPERT)), unit(), person(SPONSOR), date(2026, 2, 1), None).unwrap()
}

#[test]
fn nobody_engages_himself() {
    let refused = engage(Expert::Known(person(2)), unit(), person(2), date(2026, 2, 1), None);
    assert_eq!(refused, Err(EngagementRefused::Himself));
    assert!(matches!(named(" "), Err(EngagementRefused::Text(_))));
    assert_eq!(named(" Ada "), Ok(Expert::Named("Ada".into())));
}

#[test]
fn an_engagement_ends_once_and_not_before_it_began() {
    let (from, to) = (date(2026, 2, 1), date(2026, 1, 31));
    assert_eq!(end(&engagement(), to), Err(EngagementRefused::EndsBeforeItBegins { from, to }));
    let ended = end(&engagement(), from).unwrap();
    assert_eq!(end(&ended, date(2026, 3, 1)), Err(EngagementRefused::Ended { to: from }));
    let refused = engage(Expert::Named("Ada".into()), unit(), person(2), from, Some(to));
    assert_eq!(refused, Err(EngagementRefused::EndsBeforeItBegins { from, to }));
}

#[track_caller]
fn refused(by: u8, reviewer: Reviewer, n_written: usize, today: Date, expect: ReviewRefused) {
    let engagement = engagement();
    let ground = Ground { engagement: &engagement, by: person(by), reviewer, n_written, today };
    assert_eq!(review(ground, scores([5; 4]).unwrap(), ""), Err(expect));
}

#[test]
fn only_people_who_were_helped_review_and_only_once() {
    let today = date(2026, 3, 1);
    refused(EXPERT, Reviewer::Served, 0, today, ReviewRefused::TheExpert);
    refused(SPONSOR, Reviewer::Served, 0, today, ReviewRefused::WhoEngaged);
    refused(NURSE, Reviewer::NotServed, 0, today, ReviewRefused::NotServed);
    refused(NURSE, Reviewer::Served, 1, today, ReviewRefused::Already);
    let from = date(2026, 2, 1);
    refused(NURSE, Reviewer::Served, 0, date(2026, 1, 31), ReviewRefused::NotBegun { from });
}

#[test]
fn a_nurse_who_was_helped_reviews() {
    let engagement = engagement();
    let ground = Ground {
        engagement: &engagement,
        by: person(NURSE),
        reviewer: Reviewer::Served,
        n_written: 0,
        today: date(2026, 2, 1),
    };
    let taken = review(ground, scores([1, 2, 3, 4]).unwrap(), " too fast for us ").unwrap();
    assert_eq!((taken.scores.each(), taken.words.as_deref()), ([1, 2, 3, 4], Some("too fast for us")));
}

#[test]
fn a_score_is_a_whole_number_from_1_to_5() {
    for (given, dimension) in [
        ([0, 1, 1, 1], Dimension::Understood),
        ([5, 6, 1, 1], Dimension::LeftUsAble),
        ([5, 5, -1, 1], Dimension::KeptPromises),
        ([5, 5, 5, 300], Dimension::WorthOurTime),
    ] {
        assert_eq!(scores(given), Err(ReviewRefused::NotAScore { dimension }));
    }
    assert_eq!(
        ReviewRefused::NotAScore { dimension: Dimension::KeptPromises }.to_string(),
        "give \"kept promises\" a whole number from 1 (not at all) to 5 (entirely)"
    );
}

/// `n` reviews of one engagement, in the batches they came in.
fn batched(n: usize) -> Vec<Batched> {
    let review = Review { scores: scores([5, 4, 3, 1]).unwrap(), words: None };
    (0..n).map(|before| Batched { batch: next_batch(before), review: review.clone() }).collect()
}

#[test]
fn reviews_are_shown_from_five_on() {
    let of = |n: usize| rated([batched(n).as_slice()]);
    assert_eq!(of(4), Rated::Withheld { n_reviews: 4 });
    assert_eq!(
        of(4).says(),
        "4 reviews so far; shown from 5 of one engagement on, so that nobody's is pointed at."
    );
    assert_eq!(of(0).says(), "No reviews yet.");
    assert_eq!(of(5), Rated::Shown { n_reviews: 5, n_waiting: 0, means: [5.0, 4.0, 3.0, 1.0] });
    assert_eq!(of(5).says(), "3.2 of 5 in 5 reviews by people who were helped.");
    assert_eq!(of(4).overall(), None);
}

#[test]
fn a_sixth_review_cannot_be_told_from_how_the_mean_moves() {
    let mut six = batched(5);
    let harsh = Review { scores: scores([1; 4]).unwrap(), words: Some("never again".into()) };
    six.push(Batched { batch: next_batch(5), review: harsh });
    let found = rated([six.as_slice()]);
    assert_eq!(found, Rated::Shown { n_reviews: 5, n_waiting: 1, means: [5.0, 4.0, 3.0, 1.0] });
    assert_eq!(
        found.says(),
        "3.2 of 5 in 5 reviews by people who were helped. 1 more wait until five can be shown together."
    );
    assert!(shown(&six).iter().all(|review| review.words.is_none()));
    assert_eq!(shown(&batched(10)).len(), 10);
}

#[test]
fn two_engagements_together_show_no_more_than_each_alone() {
    let (five, four) = (batched(5), batched(4));
    let found = rated([five.as_slice(), &four]);
    assert_eq!(found, Rated::Shown { n_reviews: 5, n_waiting: 4, means: [5.0, 4.0, 3.0, 1.0] });
    assert_eq!(rated([four.as_slice(), &four]), Rated::Withheld { n_reviews: 8 });
}

fn measured(effect: f64, standard_error: f64) -> Measured {
    Measured { effect, standard_error }
}

/// By hand: spread = (9 - 1 + 1 - 1) / 2 = 4, kept 4 / 5 and 4 / 5.
#[test]
fn effects_are_drawn_towards_zero_by_what_chance_explains() {
    let shrunk = shrink(&[measured(3.0, 1.0), measured(-1.0, 1.0)]);
    assert_eq!(shrunk[0].kept, 0.8);
    assert!((shrunk[0].effect - 2.4).abs() < 1e-12 && (shrunk[1].effect + 0.8).abs() < 1e-12);
    assert!((shrunk[0].standard_error - 0.8_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn an_effect_from_few_units_is_drawn_further() {
    let shrunk = shrink(&[measured(3.0, 0.5), measured(3.0, 2.5)]);
    assert!(shrunk[0].kept > 0.9 && shrunk[1].kept < 0.5, "{shrunk:?}");
}

#[test]
fn effects_within_their_errors_are_drawn_to_nothing() {
    let shrunk = shrink(&[measured(0.5, 1.0), measured(-0.8, 1.0)]);
    assert!(shrunk.iter().all(|one| one.effect == 0.0 && one.standard_error == 0.0));
    assert_eq!(shrink(&[]), []);
}

/// By hand: (3 * 2 + 1 * 6) / 4 = 3, and the root of (0.75 * 1)^2 + (0.25 * 2)^2.
#[test]
fn groups_count_by_the_units_served() {
    let found = combined(&[(measured(2.0, 1.0), 3), (measured(6.0, 2.0), 1)]).unwrap();
    assert_eq!(found.effect, 3.0);
    assert!((found.standard_error - 0.8125_f64.sqrt()).abs() < 1e-12);
    assert_eq!(combined(&[]), None);
}
