use jiff::civil::date;
use traction_stats::panel::Period;

use super::board::{self, Contest, Doable};
use super::consent::{self, Consent, ConsentRefused, ConsentWish};
use super::demand::{Around, Demand, Side, demand};
use super::gap::{self, Gap, Likeness, Reading, Started};
use super::showcase::{
    self, Ground, Release, Running, ShowcaseRefused, ShowcaseWish, Standing, Subject, standing,
};
use crate::id::{Id, ShowcaseId, UnitId};
use crate::offer::metric::Better;
use crate::prove::Kind;
use crate::refusal::Refusal;
use crate::time::Moment;

fn day(n: i64) -> Moment {
    "2026-03-02T08:00:00Z".parse::<Moment>().unwrap().after_days(n)
}

fn unit(n: u8) -> UnitId {
    UnitId::made(day(0), [n; 10])
}

const WISH: ShowcaseWish =
    ShowcaseWish { title: "Fewer falls", story: "We moved the beds.", quotes: "", release: Release::Now };

const CHANGE: Ground =
    Ground { kind: Kind::Works, subject: Subject::Change, consent: None, live: None, running: &[] };

#[test]
fn any_verdict_is_published_but_a_refused_one_claims_nothing() {
    for kind in [Kind::Works, Kind::Harms, Kind::NoWorthwhileEffect, Kind::CannotTell] {
        let published = showcase::publish(&Ground { kind, ..CHANGE }, &WISH, "").unwrap();
        assert_eq!(published.held_until, None, "{kind:?}");
    }
    let refused = showcase::publish(&Ground { kind: Kind::Refused, ..CHANGE }, &WISH, "");
    assert_eq!(refused, Err(ShowcaseRefused::NoClaim));
}

#[test]
fn a_units_own_story_needs_its_consent_and_the_change_as_a_whole_does_not() {
    #[track_caller]
    fn check(consent: Option<Consent>, is_taken: bool) {
        let ground = Ground { subject: Subject::Unit(unit(1)), consent, ..CHANGE };
        let published = showcase::publish(&ground, &WISH, "Ward 7");
        assert_eq!(published.is_ok(), is_taken, "{published:?}");
        if let Err(refused) = published {
            assert_eq!(refused, ShowcaseRefused::NoConsent { unit: "Ward 7".into() });
            assert_eq!(refused.field(), Some("unit"));
        }
    }
    check(Some(Consent::Given), true);
    for consent in [None, Some(Consent::Asked), Some(Consent::Declined), Some(Consent::Withdrawn)] {
        check(consent, false);
    }
    assert!(showcase::publish(&CHANGE, &WISH, "").is_ok());
}

#[test]
fn a_result_is_held_back_until_the_last_running_wave_ends() {
    let running = [Running { n: 1, ends: Some(day(30)) }, Running { n: 2, ends: Some(day(10)) }];
    let wish = ShowcaseWish { release: Release::AfterWaves, ..WISH };
    let held = showcase::publish(&Ground { running: &running, ..CHANGE }, &wish, "").unwrap();
    assert_eq!(held.held_until, Some(day(30)));
    let endless = [running[0], Running { n: 3, ends: None }];
    let refused = showcase::publish(&Ground { running: &endless, ..CHANGE }, &wish, "");
    assert_eq!(refused, Err(ShowcaseRefused::NoEnd { n: 3 }));
    assert_eq!(showcase::publish(&CHANGE, &wish, ""), Err(ShowcaseRefused::NoWaveRuns));

    assert_eq!(standing(day(0), Some(day(30)), None, day(29)), Standing::Held { until: day(30) });
    assert_eq!(standing(day(0), Some(day(30)), None, day(30)), Standing::Shown { since: day(30) });
    assert_eq!(standing(day(0), None, None, day(0)), Standing::Shown { since: day(0) });
    assert_eq!(standing(day(0), None, Some(day(5)), day(9)), Standing::Down { at: day(5) });
}

#[test]
fn the_same_result_is_published_once_and_quotes_are_few() {
    let live = ShowcaseId::made(day(0), [1; 10]);
    let refused = showcase::publish(&Ground { live: Some(live), ..CHANGE }, &WISH, "");
    assert_eq!(refused, Err(ShowcaseRefused::PublishedAlready { showcase: live }));
    let wish = ShowcaseWish { quotes: "It just works.\n\n  I sleep again. \n", ..WISH };
    let published = showcase::publish(&CHANGE, &wish, "").unwrap();
    assert_eq!(published.quotes, ["It just works.", "I sleep again."]);
    let wish = ShowcaseWish { quotes: "a\nb\nc\nd\ne\nf", ..WISH };
    assert_eq!(showcase::publish(&CHANGE, &wish, ""), Err(ShowcaseRefused::TooManyQuotes { n: 6 }));
}

#[test]
fn a_unit_is_asked_once_and_can_take_its_consent_back() {
    use Consent::{Asked, Declined, Given, Withdrawn};
    #[track_caller]
    fn check(consent: Option<Consent>, wish: ConsentWish, then: Result<Consent, ConsentRefused>) {
        assert_eq!(consent::say(consent, wish), then);
    }
    check(None, ConsentWish::Ask, Ok(Asked));
    check(Some(Asked), ConsentWish::Ask, Err(ConsentRefused::AskedAlready));
    check(Some(Declined), ConsentWish::Ask, Err(ConsentRefused::SaidNo));
    check(Some(Withdrawn), ConsentWish::Ask, Err(ConsentRefused::SaidNo));
    check(None, ConsentWish::Give, Ok(Given));
    check(Some(Declined), ConsentWish::Give, Ok(Given));
    check(Some(Given), ConsentWish::Give, Err(ConsentRefused::GivenAlready));
    check(Some(Asked), ConsentWish::Decline, Ok(Declined));
    check(None, ConsentWish::Decline, Err(ConsentRefused::NotAsked));
    check(Some(Given), ConsentWish::Decline, Ok(Withdrawn));
    check(Some(Given), ConsentWish::Withdraw, Ok(Withdrawn));
    check(Some(Asked), ConsentWish::Withdraw, Err(ConsentRefused::NotGiven));
    for consent in Consent::ALL {
        assert_eq!(consent.word().parse(), Ok(consent));
    }
}

#[test]
fn a_reader_is_pointed_to_the_contest_that_closes_first() {
    let contest =
        |opens, closes| Contest { n_slots: 4, n_contenders: 11, opens: day(opens), closes: day(closes) };
    let contests = vec![(contest(0, 9), "later"), (contest(0, 5), "over"), (contest(6, 8), "next")];
    let (next, name) = board::next(contests, day(5)).unwrap();
    assert_eq!((name, next.doable(day(5))), ("next", Doable::Wait { opens: day(6) }));
    assert_eq!(next.doable(day(6)), Doable::Apply { closes: day(8) });
    assert_eq!(next.in_words(), "11 units contend for 4 slots, 2.8 a slot");
    assert_eq!(Contest { n_contenders: 0, ..next }.in_words(), "4 slots, and nobody contends yet");
    assert_eq!(board::next(vec![(contest(0, 5), ())], day(5)), None);
}

#[test]
fn demand_is_counted_in_equal_windows_on_both_sides() {
    let applied = [day(-11), day(-9), day(0), day(1), day(9), day(10)];
    let around = Around { applied: &applied, reported: &[day(-1)], open: &[(day(-2), day(4))] };
    let counted = demand(&around, day(0), day(10)).unwrap();
    assert_eq!(
        counted,
        Demand {
            days: 10,
            before: Side { n_applications: 1, n_frictions: 1, days_open: 2.0 },
            after: Side { n_applications: 3, n_frictions: 0, days_open: 4.0 },
        }
    );
    assert_eq!(counted.in_words(), "In the 10 days after, 3 units applied (1 in the 10 days before).");
    assert_eq!(demand(&around, day(0), day(90)).unwrap().days, 28);
    assert_eq!(demand(&around, day(0), day(0)), None);
}

fn monthly(values: &[f64]) -> Vec<Reading> {
    let months = (1..).map(|month| Period::Month { year: 2026, month });
    values.iter().zip(months).map(|(value, period)| Reading { period, value: *value }).collect()
}

fn started(n: u8, parent: u8, values: &[f64]) -> Started {
    Started { unit: unit(n), parent: Some(unit(parent)), on: date(2026, 3, 10), readings: monthly(values) }
}

#[test]
fn a_gap_is_what_is_missing_now_and_how_much_less_than_at_first() {
    let readings = monthly(&[6.0, 5.0, 4.0]);
    let expect = Gap { last: readings[2], missing: 1.5, closed: 2.0 };
    assert_eq!(gap::gap(&readings, 2.5, Better::Down), Some(expect));
    assert_eq!(gap::gap(&[], 2.5, Better::Down), None);
}

/// Gains 1, 2, 3 (the month of the start counts on neither side): mean 2, standard error 1/√3, and Student's 97.5 %
/// point with 2 degrees of freedom is 4.302653 in printed tables.
#[test]
fn what_like_units_gained_is_a_mean_with_its_interval() {
    let siblings = [
        started(2, 9, &[5.0, 7.0, 99.0, 5.0]),
        started(3, 9, &[6.0, 6.0, 99.0, 4.0]),
        started(4, 9, &[6.0, 6.0, 99.0, 2.0, 4.0]),
    ];
    let (likeness, gained) = gap::gained_by_like(unit(1), Some(unit(9)), &siblings, Better::Down).unwrap();
    assert_eq!((likeness, gained.n_units, gained.mean), (Likeness::SameParent, 3, 2.0));
    let reach = 4.302_653 / 3f64.sqrt();
    assert!((gained.low - (2.0 - reach)).abs() < 1e-6 && (gained.high - (2.0 + reach)).abs() < 1e-6);

    let turned = gap::gained(siblings.iter(), Better::Up).unwrap();
    assert_eq!((turned.mean, turned.low), (-2.0, -gained.high));
}

#[test]
fn nobodys_figures_can_be_read_off_and_the_unit_itself_is_not_among_the_like() {
    let own = started(1, 9, &[5.0, 5.0, 5.0, 1.0]);
    let sibling = started(2, 9, &[5.0, 5.0, 5.0, 4.0]);
    let cousins = [started(3, 8, &[5.0, 5.0, 5.0, 3.0]), started(4, 8, &[5.0, 5.0, 5.0, 2.0])];
    let few = [own.clone(), sibling.clone(), cousins[0].clone()];
    assert_eq!(gap::gained_by_like(unit(1), Some(unit(9)), &few, Better::Down), None);
    let all = [own, sibling, cousins[0].clone(), cousins[1].clone()];
    let (likeness, gained) = gap::gained_by_like(unit(1), Some(unit(9)), &all, Better::Down).unwrap();
    assert_eq!((likeness, gained.n_units, gained.mean), (Likeness::Others, 3, 2.0));
    let too_young = started(5, 9, &[5.0, 5.0]);
    assert_eq!(gap::gained([too_young.clone(), too_young.clone(), too_young].iter(), Better::Down), None);
}
