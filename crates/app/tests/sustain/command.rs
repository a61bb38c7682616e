//! `traction watch FILE`, run as an operator runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the program; its exit code, standard output and messages.
#[track_caller]
fn traction(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_traction")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Twelve weeks at sixteen hours, twelve at twelve, then `watched`; noise of about one.
fn file(folder: &Path, watched: &[f64]) -> PathBuf {
    let levels = [[16.0; 12].as_slice(), &[12.0; 12], watched].concat();
    let monday = jiff::civil::date(2026, 1, 5);
    let rows: Vec<String> = levels
        .iter()
        .enumerate()
        .map(|(week, level)| {
            let hours = level + if week % 2 == 0 { 1.0 } else { -1.0 };
            format!("{},{hours}", monday.saturating_add(jiff::Span::new().weeks(week as i64)))
        })
        .collect();
    let path = folder.join("ward-7.csv");
    std::fs::write(&path, format!("week,hours\n{}\n", rows.join("\n"))).unwrap();
    path
}

const OPTIONS: [&str; 10] =
    ["--when", "week", "--value", "hours", "--split", "12", "--frozen-at", "2026-06-22", "--improve", "down"];

#[test]
fn a_slip_is_told_in_a_sentence_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &[16.0; 6]);
    let path = path.to_str().unwrap();
    let (code, said, messages) = traction(&[&["watch", path], &OPTIONS[..]].concat());
    assert_eq!((code, messages.as_str()), (0, ""));
    assert!(
        said.starts_with("Slipping: the last five weeks were all closer to the old level (16.00) than"),
        "{said}"
    );

    for (rules, signal) in [("half-way", "half_way"), ("cusum", "cusum")] {
        let (code, said, _) =
            traction(&[&["watch", path, "--json", "--rules", rules], &OPTIONS[..]].concat());
        let answer: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(code, 0);
        assert_eq!(answer["schema"], "traction.watch/1");
        assert_eq!(answer["rules"], rules);
        assert_eq!(answer["verdict"]["kind"], "slipping");
        assert_eq!((&answer["phases"][1]["first"], &answer["phases"][1]["last"]), (&12.into(), &23.into()));
        assert_eq!(answer["phases"][1]["centre"], 12.0);
        assert_eq!(answer["points"][0]["kind"], "common");
        let last = &answer["points"][29];
        assert_eq!((&last["when"], &last["kind"]), (&"2026-07-27".into(), &"concern".into()));
        assert_eq!(last["signals"][0], signal);
        assert!(answer["gain"]["retained"].as_f64().unwrap().abs() < 1e-12);
        assert!(answer["gain"]["low"].as_f64().unwrap() < answer["gain"]["high"].as_f64().unwrap());
    }
}

#[test]
fn a_series_without_a_phase_before_is_a_no() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short.csv");
    std::fs::write(&path, "week,hours\n1,16\n2,12\n3,13\n").unwrap();
    let options = ["--when", "week", "--value", "hours", "--split", "1"];
    let (code, said, _) = traction(&[&["watch", path.to_str().unwrap()], &options[..]].concat());
    assert_eq!(code, 1);
    assert!(
        said.starts_with("Nothing can be said yet: there is 1 period before the change; 2 are the least"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_done_is_refused_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &[]);
    let path = path.to_str().unwrap();
    let columns = ["--when", "week", "--value", "hours"];
    for (options, says) in [
        (&["--rules", "anhoej"][..], "are not in this version; use --rules half-way or --rules cusum"),
        (&["--chart", "i"], "--chart belongs to control charts"),
        (&["--target", "3"], "--target belongs to control charts"),
        (&["--improve", "neutral"], "say --improve up or --improve down"),
        (&[], "say where the change began"),
        (&["--split", "4,9"], "--split 4,9 is not one whole number"),
        (&["--split", "12", "--frozen-at", "soon"], "--frozen-at soon cannot be read; give a whole number"),
        (&["--split", "12", "--each", "fortnight"], "`fortnight` is no period known here"),
    ] {
        let (code, said, messages) = traction(&[&["watch", path], &columns[..], options].concat());
        assert_eq!((code, said.as_str()), (2, ""), "{options:?}");
        assert!(messages.contains(says), "{options:?}: {messages}");
    }
    let (code, _, messages) = traction(&[&["watch", "nowhere.csv"], &OPTIONS[..]].concat());
    assert_eq!(code, 2);
    assert!(messages.starts_with("nowhere.csv cannot be read"), "{messages}");
}

#[test]
fn the_watches_of_a_change_are_asked_for_by_its_short_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let (code, _, messages) = traction(&["watch", "change", "bedside-tests", "--data", data]);
    assert_eq!(code, 2);
    assert!(messages.starts_with("There is no database at"), "{messages}");
    let (code, _, _) = traction(&["unit", "add", "ward-7", "Ward 7", "--data", data]);
    assert_eq!(code, 0);
    let (code, _, messages) = traction(&["watch", "change", "bedside-tests", "--data", data]);
    assert_eq!((code, messages.trim_end()), (2, "There is no such change; check its name or id."));
    let (code, _, messages) = traction(&["watch", "ward-7.csv", "bedside-tests"]);
    assert_eq!(code, 2);
    assert!(
        messages.contains("write traction watch FILE, or traction watch change bedside-tests"),
        "{messages}"
    );
    let (code, said, _) = traction(&["hand-over", "list", "--json", "--data", data]);
    assert_eq!((code, said.trim_end()), (0, "[]"));
}
