//! Stage 1 on the command line: playbooks are read, checked, compared and taken over; a diagnosis is led or read.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Runs the program with these lines to read; its exit code, standard output and messages.
#[track_caller]
fn told(arguments: &[&str], lines: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_traction"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever has enough does not read on, and the rest has nowhere to go.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A file of this name and text, in a folder that goes when the test ends.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_guided_conversation_asks_explains_takes_back_and_ends_with_what_to_do_first() {
    let (code, said, asked) = told(&["diagnose", "internal-change"], "u\nw\n9\n2\nu\n1\nd\ne\n1\n");
    assert_eq!(code, 0, "{asked}");
    assert!(asked.contains("Nothing is answered yet."), "{asked}");
    assert!(asked.contains("It is the question that tells most now"), "{asked}");
    assert!(asked.contains("Write a number from 1 to"), "{asked}");
    let first_question = asked.lines().find(|line| line.starts_with("1. ")).unwrap();
    assert_eq!(asked.matches(first_question).count(), 2, "taken back, it is asked again");
    assert!(asked.contains("\n2. ") && asked.contains("\n3. ") && !asked.contains("\n4. "), "{asked}");
    assert!(said.contains("after 1 answer:") && said.contains("Do first: "), "{said}");
    assert!(said.contains("not tried here yet") && said.contains("Try it small, as a cycle of"), "{said}");
    assert!(!said.contains("> "), "questions are no result");
}

#[test]
fn a_conversation_asks_no_more_when_nothing_is_worth_asking() {
    let (code, said, asked) = told(&["diagnose", "buying", "--json"], &"1\n".repeat(40));
    assert_eq!(code, 0);
    assert!(asked.contains("No other question would tell enough to be worth asking."), "{asked}");
    let diagnosis: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(diagnosis["next"], Value::Null);
    let n_asked = diagnosis["answers"].as_object().unwrap().len();
    assert!((4..25).contains(&n_asked), "{n_asked} questions");
}

#[test]
fn a_diagnosis_is_read_from_a_file_and_from_what_it_printed() {
    let folder = tempfile::tempdir().unwrap();
    let answers = file(
        &folder,
        "answers.toml",
        "# the ward\nowner = \"nobody\"\nsteps = \"few\"\nmistake = \"unknown\"\n",
    );
    let (code, said, _) = told(&["diagnose", "internal-change", "--answers", &answers, "--json"], "");
    assert_eq!(code, 0);
    let diagnosis: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(diagnosis["schema"], "traction.diagnosis/1");
    assert_eq!(diagnosis["playbook"], "internal-change/1");
    assert_eq!(diagnosis["answers"]["mistake"], "unknown");
    let frictions = diagnosis["frictions"].as_array().unwrap();
    assert_eq!((frictions.len(), &frictions[0]["friction"]), (17, &"no-owner".into()));
    let all: f64 = frictions.iter().map(|friction| friction["probability"].as_f64().unwrap()).sum();
    assert!((all - 1.0).abs() < 1e-12);
    assert!(!diagnosis["next"]["ask"].as_str().unwrap().is_empty());
    assert_eq!(diagnosis["first"]["remedy"], diagnosis["remedies"][0]["remedy"]);
    assert_eq!(diagnosis["would_change"]["given"]["answers"].as_object().unwrap().len(), 1);

    let printed = file(&folder, "diagnosis.json", &said);
    let (_, again, _) = told(&["diagnose", "internal-change", "--answers", &printed, "--json"], "");
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["frictions"], diagnosis["frictions"]);
}

#[test]
fn what_remedies_did_here_moves_them_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let answers = file(&folder, "answers.toml", "owner = \"nobody\"\nwhen-owner-away = \"stops\"\n");
    let rows = "one-name,no-owner,stayed\n".repeat(9);
    let outcomes =
        file(&folder, "tried.csv", &format!("remedy,friction,outcome\n{rows}one-name,no-owner,gone\n"));
    let before = told(&["diagnose", "internal-change", "--answers", &answers], "").1;
    assert!(before.contains("Do first: One name on the wall"), "{before}");
    let with = ["diagnose", "internal-change", "--answers", &answers, "--outcomes", &outcomes];
    let (code, after, _) = told(&with, "");
    assert_eq!(code, 0);
    assert!(!after.contains("Do first: One name on the wall"), "{after}");
    let json = told(&[&with[..], &["--json"]].concat(), "").1;
    let diagnosis: Value = serde_json::from_str(&json).unwrap();
    let remedies = diagnosis["remedies"].as_array().unwrap();
    let works = &remedies.iter().find(|remedy| remedy["remedy"] == "one-name").unwrap()["works"][0];
    assert_eq!((&works["tried"], &works["gone"], &works["promised"]), (&10.into(), &1.into(), &0.6.into()));
}

#[test]
fn what_cannot_be_read_is_named_with_its_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str], says: &[&str]| {
        let (code, said, error) = told(arguments, "");
        assert_eq!((code, said.as_str()), (2, ""), "{error}");
        says.iter().for_each(|says| assert!(error.contains(says), "{error}"));
    };
    check(&["diagnose", "selling"], &["`selling` is no built-in playbook (internal-change, buying)"]);
    let answers = file(&folder, "answers.toml", "owner = \"nobody\"\nowners = \"nobody\"\n");
    check(
        &["diagnose", "buying", "--answers", &answers],
        &["answers.toml: line 1: the playbook has no sign `owner`"],
    );
    let answers = file(&folder, "other.toml", "playbook = \"buying/1\"\n[answers]\n");
    check(&["diagnose", "internal-change", "--answers", &answers], &["these are answers to `buying/1`"]);
    let tried = file(&folder, "tried.csv", "remedy,friction,outcome\none-name,no-owner,maybe\n");
    let with = ["diagnose", "internal-change", "--outcomes", &tried];
    check(&with, &["tried.csv: line 2, column `outcome`: `maybe` is neither gone nor stayed"]);
    let broken =
        told(&["playbook", "show", "buying", "--text"], "").1.replace("strength = 0.7,", "strength = 7,");
    let broken = file(&folder, "broken.toml", &broken);
    check(
        &["diagnose", &broken],
        &["broken.toml: line ", "`strength` is 7; it is a share above 0 and below 1"],
    );
}

#[test]
fn a_playbook_is_taken_over_changed_checked_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let (_, list, _) = told(&["playbook", "list", "--json"], "");
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!((&list[0]["playbook"], &list[1]["playbook"]), (&"internal-change".into(), &"buying".into()));

    let (code, forked, _) = told(&["playbook", "fork", "buying", "selling-to-schools"], "");
    assert_eq!(code, 0);
    let ours = file(&folder, "ours.toml", &forked);
    assert!(forked.contains("forked_from = \"buying/1\""));
    let (code, said, _) = told(&["playbook", "lint", &ours], "");
    assert_eq!(code, 0);
    assert!(said.starts_with("selling-to-schools/1 holds: 15 frictions, "), "{said}");
    let (_, same, _) = told(&["playbook", "diff", "buying", &ours], "");
    assert_eq!(same.trim(), "buying/1 and selling-to-schools/1 say the same.");

    let changed = forked
        .replace("common = 12", "common = 14")
        .replace("friction = \"rival-inside\"", "friction = \"rivals\"");
    let flawed = file(&folder, "flawed.toml", &changed);
    let (code, said, _) = told(&["playbook", "lint", &flawed], "");
    assert_eq!(code, 1);
    assert!(said.contains("flawed.toml: line ") && said.contains("there is no friction `rivals`"), "{said}");
    let (code, json, _) = told(&["playbook", "lint", &flawed, "--json"], "");
    let findings: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, findings.as_array().unwrap().len()), (1, said.lines().count()));

    let ours = file(&folder, "ours-too.toml", &forked.replace("common = 12", "common = 14"));
    let (_, differs, _) = told(&["playbook", "diff", "buying", &ours], "");
    assert_eq!(differs.trim(), "friction `status-quo`: `common` rises from 12 to 14");

    let (_, shown, _) = told(&["playbook", "show", "internal-change"], "");
    assert!(
        shown.contains("WHAT MAY HOLD IT UP") && shown.contains("One name on the wall [one-name]"),
        "{shown}"
    );
    let (_, json, _) = told(&["playbook", "show", "internal-change", "--json"], "");
    let shown: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(shown["signs"].as_array().unwrap().len(), 27);
}
