use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use serde_json::Value;

use super::*;

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
    for expect in reference["active"].as_array().unwrap() {
        let day = expect["day"].as_i64().unwrap();
        for (name, n_days) in [("dau", 1), ("wau_7d", 7), ("mau_28d", 28), ("mau_30d", 30)] {
            assert_eq!(
                u64::from(active(&uses, day, n_days)),
                expect[name].as_u64().unwrap(),
                "{name} on day {day}"
            );
        }
        let sticky = stickiness(&uses, day);
        assert_eq!(u64::from(sticky.count), expect["wau_7d"].as_u64().unwrap());
        assert_eq!(u64::from(sticky.of), expect["mau_28d"].as_u64().unwrap());
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
    let adoption = adoption(&stays);
    assert_eq!(adoption.n as u64, expect["n"].as_u64().unwrap());
    for (day, survival) in expect["survival"].as_object().unwrap() {
        let got = 1.0 - adoption.share_at(day.parse().unwrap());
        assert!((got - survival.as_f64().unwrap()).abs() < 1e-12, "day {day}: {got} is not {survival}");
    }
    assert_eq!(adoption.days_to(0.5), None);
}

fn at(day: f64) -> Moment {
    let start: Moment = "2026-03-02T00:00:00Z".parse().unwrap();
    start.after(jiff::SignedDuration::try_from_secs_f64(day * 86_400.0).unwrap())
}

/// Reference: the ten people of usage_metrics.json, worked by hand.
fn toy() -> UnitUse {
    let first_uses = [1.0, 2.0, 2.0, 5.0, 9.0, 14.0, 20.0, 41.0].map(at).to_vec();
    UnitUse { n_members: 10, begins: at(0.0), first_uses }
}

#[test]
fn reach_and_time_to_adopt_are_of_all_the_eligible() {
    let unit = toy();
    assert_eq!(unit.reach(), Part { count: 8, of: 10 });
    let adoption = adoption(&unit.stays(at(60.0)).collect::<Vec<_>>());
    assert_eq!(
        (adoption.days_to(0.5), adoption.days_to(0.8), adoption.days_to(0.9)),
        (Some(9.0), Some(41.0), None)
    );
}

#[test]
fn activation_waits_until_every_one_has_had_his_days() {
    let unit = toy();
    assert_eq!(unit.activation(at(13.9)), None);
    // The one of day 14 came too late: 14 days are over then.
    assert_eq!(unit.activation(at(14.0)), Some(Part { count: 5, of: 10 }));
}

#[test]
fn more_users_than_members_count_as_eligible() {
    let unit = UnitUse { n_members: 3, ..toy() };
    assert_eq!(unit.reach(), Part { count: 8, of: 8 });
    assert_eq!(unit.stays(at(60.0)).count(), 8);
}

#[test]
fn use_before_access_counts_as_begun_at_once() {
    let unit = UnitUse { n_members: 2, begins: at(10.0), first_uses: vec![at(3.0)] };
    let adoption = adoption(&unit.stays(at(12.0)).collect::<Vec<_>>());
    assert_eq!(adoption.steps, [(0.0, 0.5)]);
}

#[test]
fn of_nobody_there_is_no_curve() {
    assert_eq!(adoption(&[]), Adoption { steps: vec![], n: 0 });
    assert_eq!(active(&[], 0, 7), 0);
}
