//! `traction draw run` and `traction draw verify`, as a stranger runs them.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const SIX: &str = "unit,band,layer\noak,2,0\nash,1,0\nbirch,1,1\ncedar,1,1\nelm,1,1\nfir,1,1\n";
const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// What a run of the program left behind.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// A folder of one's own.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_traction"))
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may stop before it has read its input; that is not this test's question.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The record of six trees and three slots.
    fn record(&self) -> Value {
        self.put("six.csv", SIX);
        let ran = self.run(&["draw", "run", "six.csv", "--slots", "3", "--secret", SECRET]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        serde_json::from_str(&ran.out).unwrap()
    }

    #[track_caller]
    fn verify(&self, record: &Value) -> Ran {
        self.put("draw.json", record.to_string());
        self.run(&["draw", "verify", "draw.json"])
    }
}

#[test]
fn a_list_is_drawn_and_the_record_verifies() {
    let desk = Desk::new();
    let record = desk.record();
    assert_eq!(record["granted"], json!(["ash", "elm", "cedar"]));
    assert_eq!(record["probability"]["birch"], json!(0.5));
    let verified = desk.verify(&record);
    assert_eq!(verified.code, 0);
    let (list_hash, seed) = (record["list_hash"].as_str().unwrap(), record["seed"].as_str().unwrap());
    assert_eq!(seed, "69bb2052b1c218bf52986560202124b6360f950c720ba1f4a92ea3ce2b8ecadf");
    assert_eq!(verified.out, format!("verified\nlist hash  {list_hash}\nseed       {seed}\n"));
    assert!(!desk.0.path().join("traction-data").exists(), "a draw needs no database");
}

/// The second program, in another language, agrees on hashes, order, grants and every probability, with and without a cap.
#[test]
fn a_program_of_another_language_agrees() {
    let desk = Desk::new();
    let python = |file: &str| {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/methods/draw_check.py");
        Command::new("python3").args([program, file]).current_dir(desk.0.path()).output()
    };
    if python("nothing").is_err() {
        return eprintln!("SKIPPED: python3 is not installed");
    }
    let mut list = "unit,band,layer,place,parent\n".to_owned();
    for n in 0..40 {
        let place = if n % 17 == 3 { "protected" } else { "open" };
        list += &format!("unit-{n},{},{},{place},{}\n", n % 3, n % 2, ["north", "south", ""][n % 3]);
    }
    desk.put("list.csv", list);
    for more in [&["--cap", "4"][..], &["--public", "lottery=3 9 14", "--public", "weather=4.2 °C"]] {
        let ran = desk.run(&[&["draw", "run", "list.csv", "--slots", "12"], more].concat());
        desk.put("draw.json", &ran.out);
        assert_eq!(String::from_utf8(python("draw.json").unwrap().stdout).unwrap(), "holds\n", "{more:?}");
        desk.put("draw.json", ran.out.replacen("\"slots\": 12", "\"slots\": 11", 1));
        assert!(!python("draw.json").unwrap().status.success(), "{more:?}");
    }
}

/// What no hash binds is found beside the record as it was published.
#[test]
fn a_record_is_compared_with_the_published_one() {
    let desk = Desk::new();
    let record = desk.record();
    desk.put("published.json", record.to_string());
    let mut other = record.clone();
    other["wave"] = json!("2");
    desk.put("other.json", other.to_string());
    assert_eq!(desk.run(&["draw", "verify", "other.json"]).code, 0, "no hash binds the wave's number");
    let ran = desk.run(&["draw", "verify", "other.json", "--published", "published.json"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (1, "not verified: `wave` is not what the published record says\n")
    );
    let ran = desk.run(&["draw", "verify", "published.json", "--published", "published.json"]);
    assert!(ran.code == 0 && ran.out.starts_with("verified\n"), "{}", ran.out);
    assert_eq!(desk.run(&["draw", "verify", "other.json", "--published", "nowhere.json"]).code, 2);
}

#[test]
fn a_draw_flows_through_pipes() {
    let desk = Desk::new();
    let drawn = desk.run_with(&["draw", "run", "-", "--slots", "2"], SIX);
    assert_eq!(drawn.code, 0);
    let verified = desk.run_with(&["draw", "verify", "-", "--json"], &drawn.out);
    let says: Value = serde_json::from_str(&verified.out).unwrap();
    assert_eq!((verified.code, &says["verified"]), (0, &json!(true)));
}

#[test]
fn without_a_secret_one_is_made_each_time() {
    let desk = Desk::new();
    desk.put("six.csv", SIX);
    let run = || desk.run(&["draw", "run", "six.csv", "--slots", "3"]).out;
    assert_ne!(run(), run());
}

#[test]
fn public_sources_enter_the_seed_in_their_order() {
    let desk = Desk::new();
    desk.put("six.csv", SIX);
    let public = "national lottery=2026-12-01: 3 9 14 27 33 41";
    let ran = desk.run(&["draw", "run", "six.csv", "--slots", "3", "--secret", SECRET, "--public", public]);
    let record: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(record["seed"], "3c616040c8306a720f3174e6b51118da8740dde2c5316d1759281cd0231ad5fb");
    assert_eq!(desk.verify(&record).code, 0);
    let bad = desk.run(&["draw", "run", "six.csv", "--slots", "3", "--public", "lottery"]);
    assert_eq!(bad.code, 2);
    assert!(bad.err.contains("has no `=`"), "{}", bad.err);
}

#[test]
fn a_changed_record_is_named_and_the_answer_is_no() {
    let desk = Desk::new();
    let mut record = desk.record();
    record["granted"][2] = json!("birch");
    let ran = desk.verify(&record);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out, "not verified: `granted`: place 3 has `birch`, but should have `cedar`\n");
    desk.put("draw.json", record.to_string());
    let ran = desk.run(&["draw", "verify", "draw.json", "--json"]);
    let says: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &says["verified"]), (1, &json!(false)));
}

#[test]
fn what_is_no_record_is_told_with_file_line_and_column() {
    let desk = Desk::new();
    desk.put("draw.json", "{\n  \"schema\": 7\n}");
    let ran = desk.run(&["draw", "verify", "draw.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("In draw.json, line 2, column 13:"), "{}", ran.err);
    let ran = desk.run(&["draw", "verify", "nowhere.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("Cannot read nowhere.json"), "{}", ran.err);
}

#[test]
fn what_is_no_list_is_told_with_file_line_and_column() {
    let desk = Desk::new();
    desk.put("list.csv", "unit,band,layer\nash,1,0\nelm,first,0\n");
    let ran = desk.run(&["draw", "run", "list.csv", "--slots", "3"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("line 3, column `band`: `first` is not a whole number"), "{}", ran.err);
    let ran = desk.run(&["draw", "run", "list.csv", "--slots", "3", "--secret", "00ff"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("64 digits"), "{}", ran.err);
}

#[test]
fn more_protected_places_than_slots_are_a_no() {
    let desk = Desk::new();
    desk.put("list.csv", "unit,band,layer,place\nash,1,0,protected\nelm,1,0,protected\n");
    let ran = desk.run(&["draw", "run", "list.csv", "--slots", "1"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("fewer slots (1) than protected places (2)"), "{}", ran.err);
}

#[test]
fn a_cap_holds_back_who_has_enough() {
    let desk = Desk::new();
    desk.put("list.csv", "unit,band,layer,parent\na,1,0,north\nb,1,0,north\nc,2,0,south\n");
    let ran = desk.run(&["draw", "run", "list.csv", "--slots", "2", "--cap", "1"]);
    let record: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(record["granted"][1], "c");
    assert_eq!((&record["cap"], &record["list"][0]["parent"]), (&json!(1), &json!("north")));
    assert_eq!(desk.verify(&record).code, 0);
    let ran = desk.run(&["draw", "run", "list.csv", "--slots", "2"]);
    assert!(ran.err.contains("the column `parent` is not used without --cap"), "{}", ran.err);
    assert!(!ran.out.contains("north"));
}
