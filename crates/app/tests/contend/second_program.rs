//! Draws recomputed by programs that share no code with ours: `docs/methods/draw_check.py`, and the module that readers'
//! browsers run, here run by Node. Ten thousand random lists; and whatever is tampered with is found by the module.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::{Command, Output};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Value, json};
use traction_domain::contend::draw::{
    Cap, Entrants, Entry, Heading, Place, PublicSource, Record, Secret, Slots, Terms,
};

const N_LISTS: usize = 10_000;
/// Every so many lists has a cap; its probabilities take 10,000 draws.
const CAPPED: usize = 250;

/// Chance that is the same in every run.
struct Chance(Xoshiro256PlusPlus);

impl Chance {
    fn below(&mut self, n: u32) -> u32 {
        (self.0.next_u64() % u64::from(n)) as u32
    }

    fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A unit's name: mostly short names as they are typed, sometimes with letters that JSON or sorting may trip over.
    fn name(&mut self) -> String {
        const ODD: [&str; 8] = ["é", "ß", "\u{1F600}", "\u{FFFD}", "\"", "\\", "\u{7f}", "\u{1}\n"];
        let mut name = format!("unit-{}", self.below(60));
        if self.happens(10) {
            let at = self.below(8) as usize;
            name = if self.happens(50) { format!("{}{name}", ODD[at]) } else { format!("{name}{}", ODD[at]) };
        }
        name
    }

    fn record(&mut self, is_capped: bool) -> Record {
        let n_most = if is_capped { 10 } else { 30 };
        let n_entries = 1 + self.below(n_most);
        let names: BTreeSet<String> = (0..n_entries).map(|_| self.name()).collect();
        let cap = is_capped.then(|| Cap(NonZeroU32::new(1 + self.below(3)).unwrap()));
        let mut entries = Vec::new();
        for unit in names {
            let parent = (is_capped && self.happens(80)).then(|| format!("parent-{}", self.below(3)));
            let place = if self.happens(5) { Place::Protected } else { Place::Open };
            entries.push(Entry { unit, band: self.below(3), layer: self.below(3), place, parent });
        }
        let mut withdrawn = BTreeSet::new();
        for entry in &entries {
            if self.happens(10) {
                withdrawn.insert(entry.unit.clone());
            }
        }
        let n_protected = entries.iter().filter(|entry| entry.place == Place::Protected).count();
        let slots = Slots(u32::try_from(n_protected).unwrap() + self.below(n_most + 2));
        let public = (0..self.below(3)).map(|n| {
            let value = format!("{} {} °", self.below(49), self.below(49));
            PublicSource::new(format!("lottery {n}"), None, Some(value)).unwrap()
        });
        let public = public.collect();
        let mut secret = [0; 32];
        self.0.fill_bytes(&mut secret);
        let entrants = Entrants::new(entries).unwrap();
        let terms = Terms { slots, cap };
        Record::new(Heading::default(), Secret::from_bytes(secret), public, &entrants, &withdrawn, terms)
            .unwrap()
    }
}

fn line(record: &Record) -> String {
    serde_json::from_str::<Value>(&record.to_json()).unwrap().to_string()
}

fn records() -> Vec<Record> {
    let mut chance = Chance(Xoshiro256PlusPlus::seed_from_u64(3797));
    (0..N_LISTS).map(|n| chance.record(n % CAPPED == 0)).collect()
}

fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What the program says; `None`, and said so, where the machine has none.
fn ran(program: &str, command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(_) => {
            println!("SKIPPED: {program} is not installed");
            None
        }
    }
}

#[test]
fn ten_thousand_random_lists_are_drawn_alike_by_a_program_in_python() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("records");
    std::fs::write(&lines, records().iter().map(|record| line(record) + "\n").collect::<String>()).unwrap();
    let mut python = Command::new("python3");
    python.arg(here("../../docs/methods/draw_check.py")).arg("--lines").arg(&lines);
    let Some(output) = ran("python3", &mut python) else { return };
    let says = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "10000 hold\n", "{says}");
}

/// Reads pairs of a record and the published one, and says of each what the module finds.
const PAGE: &str = r#"
import { readFileSync } from "node:fs";
import { read, readKept, verify } from "./verify.js";
for (const line of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const { record, published } = JSON.parse(line);
  try {
    await verify(read(JSON.stringify(record)), () => {}, undefined, readKept(JSON.stringify(published)));
    console.log("holds");
  } catch (error) {
    console.log(JSON.stringify(error.message));
  }
}
"#;

/// What the module says of each pair, in its order.
fn module_says(pairs: impl Iterator<Item = (Value, Value)>) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let lines =
        pairs.map(|(record, published)| json!({"record": record, "published": published}).to_string());
    std::fs::write(file("pairs"), lines.collect::<Vec<_>>().join("\n")).unwrap();
    for asset in ["verify.js", "count.js"] {
        std::fs::copy(here(&format!("assets/{asset}")), file(asset)).unwrap();
    }
    std::fs::write(file("package.json"), r#"{"type": "module"}"#).unwrap();
    std::fs::write(file("page.mjs"), PAGE).unwrap();
    let output = ran("node", Command::new("node").arg(file("page.mjs")).arg(file("pairs")))?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect())
}

fn value(record: &Record) -> Value {
    serde_json::from_str(&record.to_json()).unwrap()
}

#[test]
fn random_lists_are_drawn_alike_by_the_module_of_the_page() {
    // A browser takes seconds for a list with a cap: a few of them.
    let is_taken = |(n, _): &(usize, Record)| n % CAPPED != 0 || n % 2_500 == 0;
    let records: Vec<_> = records().into_iter().enumerate().filter(is_taken).map(|(_, one)| one).collect();
    let Some(says) = module_says(records.iter().map(|record| (value(record), value(record)))) else { return };
    assert_eq!(says.len(), records.len());
    let wrong = says.iter().zip(&records).find(|(says, _)| *says != "holds");
    assert!(wrong.is_none(), "{:?}", wrong.map(|(says, record)| (says, record.to_json())));
}

#[test]
fn whatever_is_changed_in_a_record_the_module_finds() {
    let mut chance = Chance(Xoshiro256PlusPlus::seed_from_u64(8785));
    let mut pairs = Vec::new();
    for n in 0..1_500 {
        let published = value(&chance.record(n % 300 == 0));
        let mut changed = published.clone();
        let mut places = Vec::new();
        leaves(&changed, String::new(), &mut places);
        let place = places[chance.below(u32::try_from(places.len()).unwrap()) as usize].clone();
        let at = changed.pointer_mut(&place).unwrap();
        *at = match at.take() {
            Value::String(text) if text == "open" => json!("protected"),
            Value::String(text) if text == "protected" => json!("open"),
            Value::String(text) if text.len() == 64 => json!(text.chars().rev().collect::<String>()),
            Value::String(text) => json!(text + "x"),
            Value::Number(number) if number.is_u64() => json!(number.as_u64().unwrap() + 1),
            Value::Number(number) => json!(number.as_f64().unwrap() / 2.0 + 0.01),
            _ => json!("2026-11-22T09:00:00Z"),
        };
        if changed != published {
            pairs.push((place, changed, published));
        }
    }
    let given = pairs.iter().map(|(_, changed, published)| (changed.clone(), published.clone()));
    let Some(says) = module_says(given) else { return };
    assert_eq!(says.len(), pairs.len());
    for ((place, changed, _), says) in pairs.iter().zip(says) {
        assert_ne!(says, "holds", "{place} was changed: {changed}");
    }
}

fn leaves(json: &Value, place: String, places: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            for (key, inner) in map {
                leaves(inner, format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                leaves(inner, format!("{place}/{at}"), places);
            }
        }
        _ if place != "/schema" => places.push(place),
        _ => {}
    }
}

#[test]
fn the_module_holds_a_draw_against_what_was_kept_of_its_opening_and_closing() {
    let record = Chance(Xoshiro256PlusPlus::seed_from_u64(6962)).record(false);
    let drawn = value(&record);
    let sources: Vec<Value> =
        record.public.iter().map(|source| json!({"name": source.name, "when": source.when})).collect();
    let mut opening = json!({ "schema": "traction.draw.opening/1", "public": sources });
    for key in ["change", "wave", "opened", "closed", "commitment", "slots"] {
        opening[key] = drawn[key].clone();
    }
    let mut closing = opening.clone();
    closing["schema"] = json!("traction.draw.closing/1");
    closing["list_hash"] = drawn["list_hash"].clone();
    let mut listed = closing.clone();
    listed["list"] = drawn["list"].clone();
    let with = |prior: &Value, key: &str, other: Value| {
        let mut prior = prior.clone();
        prior[key] = other;
        prior
    };
    let other = json!("ab".repeat(32));
    let cases = [
        (opening.clone(), None),
        (closing.clone(), None),
        (listed.clone(), None),
        (with(&opening, "commitment", other.clone()), Some("commitment")),
        (with(&closing, "list_hash", other), Some("list_hash")),
        (with(&listed, "list", json!([])), Some("list")),
        (with(&opening, "slots", json!(99)), Some("slots")),
        (with(&opening, "public", json!([{"name": "another", "when": null}])), Some("public")),
        (with(&opening, "cap", json!(1)), Some("cap")),
    ];
    let given = cases.iter().map(|(prior, _)| (drawn.clone(), prior.clone()));
    let Some(says) = module_says(given) else { return };
    for ((prior, differs), says) in cases.iter().zip(says) {
        let expect = differs.map_or("holds".to_owned(), |key| {
            json!(format!("“{key}” is not what was published before the draw.")).to_string()
        });
        assert_eq!(says, expect, "{prior}");
    }
}
