//! Nothing that is published turns on how the rows of a table stand, nor, without a draw's record, on how its units are called.

use std::collections::BTreeSet;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction_domain::contend::draw::{Entrants, Entry, Heading, Place, Record, Secret, Slots, Terms};

use super::super::record::UnitOrder;
use super::*;

const N_UNITS: usize = 26;

/// Twenty wards contended for eight slots from period 9 on.
fn drawn() -> Record {
    let entry = |unit| Entry { unit, band: 1, layer: 0, place: Place::Open, parent: None };
    let entrants = Entrants::new((0..20).map(|n| entry(format!("u{n}"))).collect()).unwrap();
    let terms = Terms { slots: Slots(8), cap: None };
    let secret = Secret::from_bytes([7; 32]);
    Record::new(Heading::default(), secret, Vec::new(), &entrants, &BTreeSet::new(), terms).unwrap()
}

/// Wards over twelve periods with whatever may stand beside an outcome; sparse outcomes, so that many wards are alike.
fn lines() -> Vec<String> {
    let granted = drawn().granted;
    let mut lines = Vec::new();
    for n in 0..N_UNITS {
        let unit = format!("u{n}");
        let start = match n {
            20..=22 => Some(11),
            _ => granted.contains(&unit).then_some(9),
        };
        for period in (1..=12).filter(|period| n % 9 != 5 || *period != 2) {
            let wobble = f64::sin((n * n * 7 + period * period * 3) as f64);
            let on = start.is_some_and(|start| period >= start);
            let y = if n % 6 == 4 {
                3.0 + (period / 4) as f64
            } else {
                3.0 + wobble + 0.9 * f64::from(u8::from(on))
            };
            let start = start.map_or("never".to_owned(), |start| start.to_string());
            let (beds, house, used) = (1 + n % 3, n / 2, u8::from(on && n % 5 != 0));
            let age = f64::cos((n * 5) as f64);
            lines.push(format!("{unit},{period},{y},{start},{beds},h{house},{age},{used},{}", n % 2));
        }
    }
    lines
}

fn table(lines: &[String]) -> Table {
    Table::of(&format!("unit,when,y,start,beds,house,age,used,floor\n{}\n", lines.join("\n")))
}

/// The record but for the hash of the file, without names where those were changed.
fn record(lines: &[String], order: UnitOrder, more: &[&str]) -> Value {
    let table = table(lines);
    let (file, out) = (table.folder.path().join("table.csv"), table.folder.path().join("out"));
    let drawn_file = table.folder.path().join("drawn.json");
    std::fs::write(&drawn_file, drawn().to_json()).unwrap();
    let more: Vec<String> =
        more.iter().map(|word| word.replace("drawn.json", drawn_file.to_str().unwrap())).collect();
    let mut words = vec!["prove", file.to_str().unwrap(), "--out", out.to_str().unwrap()];
    if more.iter().any(|word| word == "--repeated-cross-sections") {
        words.extend(&COLUMNS[2..]);
    } else {
        words.extend(COLUMNS);
    }
    words.extend(more.iter().map(String::as_str));
    let mut options = Prove::try_parse_from(words).unwrap().options;
    options.order = order;
    match super::super::commands::of_table(&options, Output::Json) {
        Ok(_) | Err(Stop::No) => {}
        Err(other) => panic!("{other:?}"),
    }
    let mut record: Value =
        serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    record["data"].as_object_mut().unwrap().remove("sha256");
    record
}

fn without_names(mut record: Value) -> Value {
    record["settings"].as_object_mut().unwrap().remove("panel_sha256");
    for weight in record.get_mut("weights").and_then(Value::as_array_mut).into_iter().flatten() {
        weight.as_object_mut().unwrap().remove("unit");
    }
    record
}

fn shuffled(seed: u64) -> Vec<String> {
    let mut lines = lines();
    lines.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    lines
}

fn renamed(lines: &[String]) -> Vec<String> {
    let mut names: Vec<usize> = (0..N_UNITS).collect();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
    let salt = rng.next_u64();
    names.shuffle(&mut rng);
    let name = |line: &String| {
        let (unit, rest) = line.split_once(',').unwrap();
        let n: usize = unit[1..].parse().unwrap();
        format!("{}-{salt},{rest}", names[n])
    };
    lines.iter().map(name).collect()
}

/// The ways in which something is dealt by chance, and the option that says so.
const DEALT: [&[&str]; 8] = [
    &["--method", "group-time", "--inference", "bootstrap"],
    &[
        "--method",
        "group-time",
        "--inference",
        "bootstrap",
        "--weight",
        "beds",
        "--cluster",
        "house",
        "--covariate",
        "age",
    ],
    &["--method", "imputation", "--inference", "bootstrap", "--cluster", "house"],
    &["--method", "interaction", "--inference", "bootstrap"],
    &["--method", "two-way", "--inference", "bootstrap", "--weight", "beds"],
    &["--assignment", "random", "--inference", "permutation", "--unbalanced", "drop"],
    &["--method", "synthetic", "--unbalanced", "drop"],
    &["--repeated-cross-sections", "--inference", "bootstrap"],
];

#[test]
fn what_is_dealt_by_chance_comes_out_the_same_to_the_bit_however_rows_stand_and_units_are_called() {
    for more in DEALT {
        let more = [more, &["--draws", "199"]].concat();
        let first = record(&lines(), UnitOrder::Content, &more);
        assert_ne!(first["verdict"]["kind"], "refused", "{more:?}: {}", first["verdict"]["says"]);
        assert_eq!(first, record(&shuffled(1), UnitOrder::Content, &more), "{more:?}");
        let renamed = record(&renamed(&shuffled(2)), UnitOrder::Content, &more);
        assert_eq!(without_names(first), without_names(renamed), "{more:?}");
    }
}

/// What nothing is dealt in is a sum, which rounds as it is ordered.
#[test]
fn what_is_reckoned_by_formula_comes_out_the_same_to_the_bit_too() {
    for more in [
        &["--second", "--sensitivity", "--also", "used", "--by", "floor", "--covariate", "age"][..],
        &["--method", "imputation", "--cluster", "house", "--also", "used"],
        &["--method", "interaction", "--weight", "beds"],
        &["--assignment", "random", "--unbalanced", "drop"],
        &["--repeated-cross-sections", "--by", "floor"],
    ] {
        let first = record(&lines(), UnitOrder::Content, more);
        assert_eq!(first, record(&shuffled(3), UnitOrder::Content, more), "{more:?}");
        let renamed = record(&renamed(&lines()), UnitOrder::Content, more);
        assert_eq!(without_names(first), without_names(renamed), "{more:?}");
    }
}

/// A draw's list stands in its record, under names.
#[test]
fn lots_are_dealt_by_the_draws_list_and_not_by_the_tables_rows() {
    let more = ["--draw", "9=drawn.json", "--used", "used", "--draws", "199"];
    let first = record(&lines(), UnitOrder::Content, &more);
    assert_eq!(first["design"]["method"], "risk-set");
    assert_eq!(first, record(&shuffled(4), UnitOrder::Content, &more));
    let asked = [&more[..], &["--second", "--by", "floor", "--also", "age"]].concat();
    assert_eq!(
        record(&lines(), UnitOrder::Content, &asked),
        record(&shuffled(5), UnitOrder::Content, &asked)
    );
}

/// Were the rows left as they came, one of these at least would show it.
#[test]
fn rows_left_as_they_came_would_move_what_is_dealt() {
    let moved = |more: &&[&str]| {
        let more = [*more, &["--draws", "199"]].concat();
        let [first, other] = [lines(), shuffled(1)].map(|lines| record(&lines, UnitOrder::AsItCame, &more));
        without_names(first) != without_names(other)
    };
    assert!(DEALT.iter().filter(|more| moved(more)).count() >= 5);
}
