use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

use super::*;
use crate::measure::suppression::Part;

mod released;

/// The folder `name` beside the reference numbers; `None`, saying SKIPPED, where the file is absent.
fn shared(name: &str) -> Option<String> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(name));
    if text.is_err() {
        println!("SKIPPED: no file {name} beside the project");
    }
    text.ok()
}

fn reference() -> Option<Value> {
    shared("usage_metrics.json").map(|text| serde_json::from_str(&text).unwrap())
}

/// The purchases of 2,357 customers, as days of use; day 0 is 1 January 1997.
fn cdnow() -> Option<Vec<UseDay>> {
    let text = shared("../data/cdnow_sample_events.csv")?;
    let day_0: jiff::civil::Date = "1997-01-01".parse().unwrap();
    let mut people = HashMap::new();
    let uses = text.lines().skip(1).map(|line| {
        let mut cells = line.split(',');
        let (person, date) = (cells.next().unwrap(), cells.next().unwrap());
        let date: jiff::civil::Date = date.parse().unwrap();
        let n_people = people.len() as u32;
        let person = *people.entry(person.to_owned()).or_insert(n_people);
        UseDay { person, day: date.duration_since(day_0).as_hours() / 24 }
    });
    Some(uses.collect())
}

/// Reference: usage_metrics.json (counted independently). Counts are whole, ratios equal to the last digit but one.
#[test]
fn active_people_and_stickiness_equal_the_reference() {
    let (Some(reference), Some(uses)) = (reference(), cdnow()) else { return };
    let histories = Histories::of(&uses);
    assert_eq!(u64::from(histories.n_people()), reference["n_users"].as_u64().unwrap());
    for expect in reference["active"].as_array().unwrap() {
        let day = expect["day"].as_i64().unwrap();
        let counted = |n_days| u64::from(histories.active(day, n_days));
        for (name, n_days) in [("dau", 1), ("wau_7d", 7), ("mau_28d", 28), ("mau_30d", 30)] {
            assert_eq!(counted(n_days), expect[name].as_u64().unwrap(), "{name} on day {day}");
        }
        let sticky = histories.stickiness(day);
        assert_eq!((u64::from(sticky.count), u64::from(sticky.of)), (counted(7), counted(28)));
        let mean = histories.mean_daily_share(day).unwrap();
        let expected = expect["mean_dau_28d_over_mau28"].as_f64().unwrap();
        assert!((mean - expected).abs() < 1e-14, "{mean} is not {expected}");
        let ratio = counted(1) as f64 / counted(30) as f64;
        assert!((ratio - expect["dau_over_mau30"].as_f64().unwrap()).abs() < 1e-15);
    }
}

/// Reference: usage_metrics.json: five meanings of coming back, for the same cohorts.
#[test]
fn retention_equals_the_reference_in_each_of_its_meanings() {
    let (Some(reference), Some(uses)) = (reference(), cdnow()) else { return };
    let end = reference["last_day_index"].as_i64().unwrap();
    let all = Histories::of(&uses);
    let mut n_compared = 0;
    for cohort in reference["retention"].as_array().unwrap() {
        let week = cohort["cohort_week"].as_i64().unwrap();
        let own = all.begun_in(7 * week..7 * (week + 1));
        assert_eq!(u64::from(own.n_people()), cohort["size"].as_u64().unwrap());
        for word in ["bounded_week", "unbounded_week", "calendar_week", "n_day", "bracket"] {
            for (key, expect) in cohort[word].as_object().unwrap() {
                let number = || key.parse::<u32>().unwrap();
                let how = match word {
                    "bounded_week" => Retention::Bounded { n_days: 7, k: number() },
                    "unbounded_week" => Retention::OnOrAfter { n_days: 7, k: number() },
                    "calendar_week" => Retention::Calendar { n_days: 7, k: number() },
                    "n_day" => Retention::Day { k: number() },
                    _ => {
                        let (from, to) = key.split_once('-').unwrap();
                        Retention::Bracket { from: from.parse().unwrap(), to: to.parse().unwrap() }
                    }
                };
                let got = own.retained(how, end);
                let expect = |name: &str| expect[name].as_u64().unwrap();
                assert_eq!(
                    (u64::from(got.count), u64::from(got.of)),
                    (expect("retained"), expect("eligible")),
                    "{word} {key} of week {week}"
                );
                n_compared += 1;
            }
        }
    }
    assert!(n_compared >= 60, "{n_compared}");
}

/// Who began too late to be followed does not count as gone. In the first stretch everybody is there.
#[test]
fn only_those_who_were_followed_long_enough_are_eligible() {
    let uses = [(0, 0), (0, 8), (1, 5), (2, 13)].map(|(person, day)| UseDay { person, day });
    let own = Histories::of(&uses);
    let retained = |how| own.retained(how, 13);
    assert_eq!(retained(Retention::Bounded { n_days: 7, k: 1 }), Part { count: 1, of: 1 });
    assert_eq!(retained(Retention::Bounded { n_days: 7, k: 0 }), Part { count: 2, of: 2 });
    assert_eq!(retained(Retention::OnOrAfter { n_days: 7, k: 1 }), Part { count: 1, of: 1 });
    assert_eq!(retained(Retention::Day { k: 8 }), Part { count: 1, of: 2 });
    assert_eq!(retained(Retention::Bracket { from: 0, to: 0 }), Part { count: 3, of: 3 });
}

/// Reference: usage_metrics.json, periods of 30 days.
#[test]
fn the_lifecycle_equals_the_reference_and_adds_up() {
    let (Some(reference), Some(uses)) = (reference(), cdnow()) else { return };
    let histories = Histories::of(&uses);
    let mut before = histories.lifecycle(30, 0).active();
    for expect in reference["lifecycle_30d"].as_array().unwrap() {
        let number = |name: &str| expect[name].as_i64().unwrap();
        let got = histories.lifecycle(30, number("period"));
        assert_eq!(i64::from(got.new), number("new"));
        assert_eq!(i64::from(got.returning), number("returning"));
        assert_eq!(i64::from(got.resurrecting), number("resurrecting"));
        assert_eq!(-i64::from(got.dormant), number("dormant"));
        assert_eq!(i64::from(got.active()), number("active"));
        assert_eq!(before, got.returning + got.dormant, "those of the period before came or did not");
        before = got.active();
    }
}

/// Reference: usage_metrics.json, days of use among 28.
#[test]
fn the_frequency_equals_the_reference() {
    let (Some(reference), Some(uses)) = (reference(), cdnow()) else { return };
    let mut histogram = BTreeMap::<String, u64>::new();
    for n_days in Histories::of(&uses).frequency(179) {
        *histogram.entry(n_days.to_string()).or_default() += 1;
    }
    let expect = reference["l28_at_day179"].as_object().unwrap();
    let expect = expect.iter().map(|(days, n)| (days.clone(), n.as_u64().unwrap())).collect();
    assert_eq!(histogram, expect);
}

/// Brute force: whatever follows from sorted days is counted again from a plain set of them.
#[test]
fn what_is_counted_from_histories_is_counted_from_plain_sets() {
    let mut chance = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(5);
    for _ in 0..200 {
        let uses: Vec<UseDay> = (0..chance.random_range(0..40))
            .map(|_| UseDay { person: chance.random_range(0..6), day: chance.random_range(0..40) })
            .collect();
        let set: BTreeSet<(u32, i64)> = uses.iter().map(|used| (used.person, used.day)).collect();
        let was = |person: u32, from: i64, to: i64| (from..=to).any(|day| set.contains(&(person, day)));
        let own = Histories::of(&uses);
        for last in [0, 9, 27, 39] {
            let plain = (0..6).filter(|person| was(*person, last - 6, last)).count();
            assert_eq!(own.active(last, 7) as usize, plain);
        }
        let cycle = own.lifecycle(10, 2);
        let group = |is: fn(bool, bool, bool) -> bool| {
            (0..6).filter(|person| is(was(*person, 20, 29), was(*person, 10, 19), was(*person, 0, 9))).count()
                as u32
        };
        assert_eq!(cycle.new, group(|now, before, ever| now && !before && !ever));
        assert_eq!(cycle.returning, group(|now, before, _| now && before));
        assert_eq!(cycle.resurrecting, group(|now, before, ever| now && !before && ever));
        assert_eq!(cycle.dormant, group(|now, before, _| !now && before));
    }
}

/// Reference: usage_metrics.json, survival to the second day of use; the tolerance is that of a product of 365 doubles.
#[test]
fn the_time_to_adopt_equals_the_reference() {
    let (Some(reference), Some(uses)) = (reference(), cdnow()) else { return };
    let expect = &reference["time_to_second_active_day_km"];
    let end = reference["last_day_index"].as_i64().unwrap();
    let mut days = BTreeMap::<u32, BTreeSet<i64>>::new();
    uses.iter().for_each(|used| {
        days.entry(used.person).or_default().insert(used.day);
    });
    let stays: Vec<Stay> = days
        .values()
        .map(|days| {
            let mut days = days.iter();
            let first = days.next().unwrap();
            match days.next() {
                Some(second) => Stay::Adopted { days: (second - first) as f64 },
                None => Stay::Waiting { days: (end - first) as f64 },
            }
        })
        .collect();
    let n_events = stays.iter().filter(|stay| matches!(stay, Stay::Adopted { .. })).count();
    assert_eq!(n_events as u64, expect["events"].as_u64().unwrap());
    let adoption = adoption(&stays);
    assert_eq!(adoption.n as u64, expect["n"].as_u64().unwrap());
    for (day, survival) in expect["survival"].as_object().unwrap() {
        let got = 1.0 - adoption.share_at(day.parse().unwrap());
        assert!((got - survival.as_f64().unwrap()).abs() < 1e-12, "day {day}: {got} is not {survival}");
    }
    assert_eq!((adoption.days_to(0.5), adoption.median()), (None, None));
}

/// Published: 21 patients on 6-MP (Freireich and others 1963; printed in Collett and by Stata's manual for this data):
/// share without relapse, Greenwood's error, and the log-log band. Tolerance: the printed digits.
#[test]
fn the_band_equals_the_printed_one() {
    let relapse = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
    let without = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
    let stays: Vec<Stay> = (relapse.into_iter().map(|days| Stay::Adopted { days }))
        .chain(without.into_iter().map(|days| Stay::Waiting { days }))
        .collect();
    let adoption = adoption(&stays);
    let printed = [
        (6.0, 0.8571, 0.0764, 0.6197, 0.9516),
        (7.0, 0.8067, 0.0869, 0.5631, 0.9228),
        (10.0, 0.7529, 0.0963, 0.5032, 0.8894),
        (13.0, 0.6902, 0.1068, 0.4316, 0.8491),
        (16.0, 0.6275, 0.1141, 0.3675, 0.8049),
        (22.0, 0.5378, 0.1282, 0.2678, 0.7468),
        (23.0, 0.4482, 0.1346, 0.1881, 0.6801),
    ];
    assert_eq!(adoption.steps.len(), printed.len());
    for (step, (days, without, error, low, high)) in adoption.steps.iter().zip(printed) {
        let (begun_low, begun_high) = step.band.unwrap();
        assert_eq!(step.days, days);
        for (got, expect) in [
            (1.0 - step.begun, without),
            (step.error.unwrap(), error),
            (1.0 - begun_high, low),
            (1.0 - begun_low, high),
        ] {
            assert!((got - expect).abs() < 5.1e-5, "day {days}: {got} is not {expect}");
        }
    }
    assert_eq!((adoption.days_to(0.5), adoption.range_to(0.5)), (Some(23.0), (Some(13.0), None)));
}

fn stays_of(days: &[f64], n_waiting: usize, horizon: f64) -> Vec<Stay> {
    let begun = days.iter().map(|days| Stay::Adopted { days: *days });
    begun.chain((0..n_waiting).map(|_| Stay::Waiting { days: horizon })).collect()
}

/// Special case: without anybody waiting, the curve is the share itself.
#[test]
fn without_waiting_the_curve_is_the_share() {
    let adoption = adoption(&stays_of(&[3.0, 1.0, 1.0, 8.0], 0, 0.0));
    let steps: Vec<(f64, f64)> = adoption.steps.iter().map(|step| (step.days, step.begun)).collect();
    assert_eq!(steps, [(1.0, 0.5), (3.0, 0.75), (8.0, 1.0)]);
    assert_eq!(adoption.steps[2].band, None);
    assert!((adoption.steps[0].error.unwrap() - 0.25).abs() < 1e-15);
}

const TOY: Access = Access { begins: 0, ends: None, n_members: 10, n_ever: 0 };

/// The ten people of usage_metrics.json: first uses.
fn toy() -> Histories {
    let firsts = [1, 2, 2, 5, 9, 14, 20, 41];
    let uses: Vec<UseDay> = (0..).zip(firsts).map(|(person, day)| UseDay { person, day }).collect();
    Histories::of(&uses)
}

/// Reference: the ten people of usage_metrics.json, worked by hand there.
#[test]
fn a_small_adoption_equals_the_one_worked_by_hand() {
    let Some(reference) = reference() else { return };
    let toy_case = &reference["adoption_toy"];
    let expect = |name: &str| toy_case["expected"][name].as_f64().unwrap();
    let curve = adoption(&stays(TOY, &toy(), 60));
    assert_eq!(f64::from(toy().n_people()) / 10.0, expect("adopted_share"));
    assert_eq!(curve.days_to(0.5), Some(expect("time_to_50pct")));
    assert_eq!(curve.days_to(0.8), Some(expect("time_to_80pct")));
    assert_eq!(curve.median(), Some(expect("time_to_adopt_median_all_eligible")));
    assert_eq!(curve.days_to(0.9), None);
    let active = Part { count: toy_case["active_last_28d"].as_array().unwrap().len() as u32, of: 10 };
    assert_eq!(f64::from(active.count) / 10.0, expect("utilisation"));
    assert!((f64::from(toy().n_people() - active.count) / 10.0 - expect("ever_but_lapsed")).abs() < 1e-15);
    let passed = toy_case["proficiency_pass"].as_object().unwrap().values();
    let n_passed = passed.filter(|pass| pass.as_u64() == Some(1)).count() as u32;
    assert!((effective(active, n_passed).unwrap() - expect("effective_adoption")).abs() < 1e-15);
    let mut doings = Vec::new();
    for (person, n_kinds) in (0..).zip(toy_case["features_used_last_28d"].as_object().unwrap().values()) {
        let n_kinds = n_kinds.as_u64().unwrap() as u32;
        doings.extend((0..n_kinds).map(|kind| Doing { person, kind, n_events: 2 }));
    }
    assert_eq!(breadth(&doings), Some(expect("breadth_mean_features_per_active")));
    assert_eq!(
        breadth(&doings).unwrap() / toy_case["features_total"].as_f64().unwrap(),
        expect("breadth_share")
    );
    assert_eq!(events_each(&doings), [2, 4, 6, 8, 12, 16]);
}

#[test]
fn a_percentile_is_a_number_that_somebody_has() {
    let each: Vec<u32> = (1..=10).collect();
    for (share, expect) in [(0.0, 1), (0.5, 5), (0.9, 9), (0.91, 10), (1.0, 10)] {
        assert_eq!(percentile(&each, share), Some(expect), "{share}");
    }
    assert_eq!((percentile(&[], 0.5), breadth(&[])), (None, None));
    assert_eq!(effective(Part { count: 0, of: 9 }, 0), None);
}

#[test]
fn activation_waits_until_every_one_has_had_his_days() {
    assert_eq!(count(TOY, &toy(), &toy(), 12).activated, None);
    // The one of day 14 came too late: 14 days are over then.
    assert_eq!(count(TOY, &toy(), &toy(), 13).activated, Some(5));
    assert_eq!(count(TOY, &toy(), &toy(), 6).active_before, None);
    let counted = count(TOY, &toy(), &toy(), 20);
    assert_eq!((counted.active_before, counted.active, counted.of), (Some(5), 2, 10));
}

#[test]
fn more_users_than_members_make_a_unit_larger_by_fives() {
    let unit = Access { n_members: 3, ..TOY };
    assert_eq!(count(unit, &toy(), &toy(), 60).of, 10);
    assert_eq!(stays(unit, &toy(), 60).len(), 10);
    // One who was counted there is counted elsewhere now, of eleven.
    assert_eq!(count(Access { n_ever: 11, ..unit }, &toy(), &toy(), 60).of, 15);
}

#[test]
fn use_before_access_counts_as_begun_at_once() {
    let unit = Access { begins: 10, ends: None, n_members: 2, n_ever: 0 };
    let own = Histories::of(&[UseDay { person: 0, day: 3 }]);
    let curve = adoption(&stays(unit, &own, 12));
    assert_eq!((curve.steps[0].days, curve.steps[0].begun), (0.0, 0.5));
}

#[test]
fn what_happened_later_is_not_known_before() {
    assert_eq!(toy().until(9).n_people(), 5);
    assert_eq!(toy().until(0), Histories::default());
    assert_eq!(toy().until(41), toy());
}

#[test]
fn of_nobody_there_is_no_curve() {
    assert_eq!(adoption(&[]), Adoption { steps: vec![], n: 0 });
    assert_eq!(active(&[], 0, 7), 0);
    assert_eq!(rogers(&[]), None);
}

/// By hand: days 0 to 8 and one of 40; mean 7.6, standard deviation 11.7.
#[test]
fn rogers_bands_describe_complete_adoptions_only() {
    let days: Vec<f64> = (0..9).map(f64::from).chain([40.0]).collect();
    assert_eq!(rogers(&stays_of(&days, 0, 0.0)), Some([0, 0, 8, 1, 1]));
    assert_eq!(rogers(&stays_of(&days, 1, 60.0)), None);
    assert_eq!(rogers(&stays_of(&[3.0, 3.0], 0, 0.0)), None);
}

/// A unit that had it for fewer weeks than the longest half does not shorten their course.
#[test]
fn the_course_is_of_those_who_were_followed_longest() {
    let late = Access { begins: 56, ends: None, n_members: 5, n_ever: 0 };
    let left = Access { begins: 0, ends: Some(13), n_members: 5, n_ever: 0 };
    let (own, whole) = (Histories::of(&[UseDay { person: 9, day: 57 }]), toy());
    let followed = [(late, &own), (left, &own), (TOY, &whole)];
    for n in 2..=3 {
        let (new, n_eligible) = first_weeks(&followed[3 - n..], 69);
        assert_eq!((new, n_eligible), (vec![4, 1, 2, 0, 0, 1, 0, 0, 0, 0], 10));
    }
}

/// By hand: ten people of whom five begin by day 9; the unit has it for 13 days. Later ones are not waited for, and it is
/// the last who hold the share down.
#[test]
fn a_unit_is_followed_until_its_access_ends() {
    let left = Access { ends: Some(12), ..TOY };
    let stayed = stays(left, &toy(), 60);
    let waiting = stayed.iter().filter(|stay| **stay == Stay::Waiting { days: 12.0 }).count();
    assert_eq!((stayed.len(), waiting), (10, 5));
    assert_eq!(adoption(&stayed).days_to(0.5), Some(9.0));
    // Two units of ten, one of which left before anybody of it began: from then on ten are followed, not twenty.
    let gone = Access { ends: Some(6), ..TOY };
    let both: Vec<Stay> =
        stays(gone, &Histories::default(), 60).into_iter().chain(stays(TOY, &toy(), 60)).collect();
    let curve = adoption(&both);
    let expect = 1.0 - (1.0 - 4.0 / 20.0) * (1.0 - 1.0 / 6.0) * (1.0 - 1.0 / 5.0);
    assert!((curve.share_at(14.0) - expect).abs() < 1e-12, "{curve:?}");
    // Thirteen days are no fourteen.
    assert_eq!(count(left, &toy(), &toy(), 20).activated, None);
    assert_eq!(count(Access { ends: Some(13), ..TOY }, &toy(), &toy(), 20).activated, Some(5));
}

fn rises(innovation: f64, imitation: f64, n_weeks: u32) -> Vec<u32> {
    let curve = traction_stats::diffusion::Bass { market: 1000.0, innovation, imitation };
    (1..=n_weeks).map(|week| curve.rise(f64::from(week)).round() as u32).collect()
}

/// Recovery: whole people on a curve whose peak is in week 6.2. Tolerance: rounding to people.
#[test]
fn a_course_past_its_peak_is_told() {
    let curve = course(&rises(0.03, 0.38, 20), 1000).unwrap();
    assert!((curve.innovation - 0.03).abs() < 2e-4 && (curve.imitation - 0.38).abs() < 2e-3, "{curve:?}");
}

#[test]
fn a_course_is_refused_before_its_peak_and_on_too_little() {
    assert_eq!(course(&rises(0.03, 0.38, 11), 1000), Err(CourseRefused::TooShort { n_weeks: 11 }));
    // The peak is in week 19.
    assert_eq!(course(&rises(0.002, 0.26, 14), 1000), Err(CourseRefused::BeforePeak));
    assert_eq!(course(&[1; 14], 1000), Err(CourseRefused::TooFew));
    assert_eq!(course(&[9; 14], 20), Err(CourseRefused::NoMarket));
    assert_eq!(course(&[9; 20], 1000), Err(CourseRefused::BeforePeak));
}

#[test]
fn definitions_have_words_of_their_own() {
    let words: BTreeSet<&str> = DEFINITIONS.iter().map(|definition| definition.word).collect();
    assert_eq!(words.len(), DEFINITIONS.len());
}
