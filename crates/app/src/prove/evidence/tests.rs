//! The command's contract: what comes out, what is refused, and with which exit.

mod bad;
mod contract;
mod further;
mod order;
mod refused;

use clap::Parser;
use serde_json::Value;
use traction_domain::prove::Material;

use super::commands::ProveOptions;
use super::record::EvidenceJson;
use crate::commands::{Output, Stop};

#[derive(Debug, Parser)]
struct Prove {
    #[command(flatten)]
    options: ProveOptions,
}

const COLUMNS: [&str; 8] = ["--unit", "unit", "--period", "when", "--outcome", "y", "--start", "start"];

/// A table in a folder that goes with it.
struct Table {
    folder: tempfile::TempDir,
}

impl Table {
    fn of(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("table.csv"), text).unwrap();
        Table { folder }
    }

    fn prove(&self, more: &[&str]) -> Result<(), Stop> {
        self.run(&[&COLUMNS[..], more].concat())
    }

    fn run(&self, options: &[&str]) -> Result<(), Stop> {
        let file = self.folder.path().join("table.csv");
        let words = [&["prove", file.to_str().unwrap()], options].concat();
        super::commands::of_table(&Prove::try_parse_from(words).unwrap().options, Output::Json).map(drop)
    }

    #[track_caller]
    fn refusal(&self, more: &[&str]) -> String {
        match self.prove(more) {
            Err(Stop::Input(sentence)) => sentence,
            other => panic!("expected bad input, got {other:?}"),
        }
    }
}

/// Ten units that start in period 3 and gain 4, and twelve that never do; a wobble stands for chance.
fn roll_out(starts: impl Fn(usize) -> &'static str) -> String {
    let mut text = String::from("unit,when,y,start\n");
    for unit in 0..22 {
        for period in 1..=5 {
            let start = starts(unit);
            let gain = if start.parse().is_ok_and(|start: i32| period >= start) { 4.0 } else { 0.0 };
            let wobble = f64::sin((unit * unit * 7 + period as usize * period as usize * 3) as f64);
            text.push_str(&format!("u{unit},{period},{},{start}\n", 10.0 + gain + wobble));
        }
    }
    text
}

fn ten_start(unit: usize) -> &'static str {
    if unit < 10 { "3" } else { "never" }
}

#[test]
fn the_record_is_written_with_the_panel_and_the_hash_of_the_file() {
    let table = Table::of(&roll_out(ten_start));
    let out = table.folder.path().join("a/b");
    table.prove(&["--out", out.to_str().unwrap(), "--worth", "1"]).unwrap();
    let record: Value = serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    assert_eq!(record["schema"], "traction.evidence/1");
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(roll_out(ten_start).as_bytes()));
    assert_eq!(record["data"]["sha256"], Value::from(hash));
    assert_eq!(record["data"]["cohorts"], serde_json::json!([{"start": "3", "units": 10}]));
    assert_eq!(record["design"]["compare"], "never");
    assert_eq!(record["verdict"]["kind"], "works");
    assert_eq!(record["by_exposure"]["each"][0]["exposure"], -1);
    assert!(
        record["overall"]["low"].as_f64().unwrap() > 1.0 && record["overall"]["df"].as_f64().unwrap() > 5.0
    );
    let panel = std::fs::read_to_string(out.join("panel.csv")).unwrap();
    assert_eq!(panel.lines().count(), 111);
    assert!(panel.starts_with("unit,period,outcome,start\n"), "{panel}");
    assert!(panel.contains("\nu0,1,10.141120008059866,3\n"), "{panel}");
}

#[test]
fn the_report_stands_alone_with_verdict_picture_and_escaped_names() {
    let table = Table::of(&roll_out(ten_start).replace("unit,when,y,start", "unit,when,<b>,start"));
    let out = table.folder.path().join("out");
    let columns = COLUMNS.map(|word| if word == "y" { "<b>" } else { word });
    table.run(&[&columns[..], &["--out", out.to_str().unwrap()]].concat()).unwrap();
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(
        report.contains("<p class=\"verdict works\"><strong>It works</strong> &lt;b&gt; rose by"),
        "{report}"
    );
    assert!(
        report.contains("<svg")
            && !report.contains("<b>")
            && !report.contains("src=")
            && !report.contains("<link")
    );
    let svg = std::fs::read_to_string(out.join("event-study.svg")).unwrap();
    assert!(svg.contains("<svg") && svg.contains("Effect on &lt;b&gt;"), "{svg}");
}

/// Whoever starts rises by half a point more each period, before and after; nothing comes of the start.
#[test]
fn a_headline_says_so_where_checks_speak_against_the_verdict() {
    let mut text = String::from("unit,when,y,start\n");
    for unit in 0..26_usize {
        for period in 1..=8_usize {
            // As good as chance: the far digits of a sine.
            let wobble = (((unit * 97 + period * 389) as f64).sin() * 43_758.545_3).fract();
            let drift = if unit < 12 { 0.9 * period as f64 } else { 0.0 };
            let start = if unit < 12 { "5" } else { "never" };
            text.push_str(&format!("u{unit},{period},{},{start}\n", 10.0 + wobble + drift));
        }
    }
    let table = Table::of(&text);
    let out = table.folder.path().join("out");
    table.prove(&["--out", out.to_str().unwrap()]).unwrap();
    let record: Value = serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    assert_eq!(
        record["verdict"]["kind"], "works",
        "the contract's kind stays: {}",
        record["verdict"]["says"]
    );
    assert_eq!(record["verdict"]["doubts"], serde_json::json!(["pre_trends", "placebo_starts", "second"]));
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    let headline =
        "<p class=\"verdict doubted\"><strong>It seems to work, but the checks speak against it</strong>";
    assert!(report.contains(headline) && !report.contains("It works"), "{report}");
    let shown = super::show::text(&serde_json::from_value::<EvidenceJson>(record).unwrap());
    assert!(shown.contains("speak for sides that differed anyway"), "{shown}");
}

/// Periods that run through 0, and units that start in 0: the contract takes them for never.
#[test]
fn a_start_written_0_where_0_is_a_period_gets_a_word_and_nowhere_else() {
    let table = |first: i32, starts: fn(usize) -> &'static str| {
        let mut text = String::from("unit,when,y,start\n");
        for unit in 0..30_usize {
            for period in first..first + 9 {
                let wobble = f64::sin((unit * unit * 7) as f64 + f64::from(period * period * 3));
                text.push_str(&format!("u{unit},{period},{wobble},{}\n", starts(unit)));
            }
        }
        Table::of(&text)
    };
    let left_out = |table: &Table| {
        let out = table.folder.path().join("out");
        table.prove(&["--out", out.to_str().unwrap()]).unwrap();
        let record: EvidenceJson =
            serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
        let found = record.data.left_out.iter().find(|one| one.what.contains("written 0")).cloned();
        let report = std::fs::read_to_string(out.join("report.html")).unwrap();
        let text = super::show::text(&record);
        let says = "0 says never, so the unit counts among those that never start";
        assert_eq!(
            (report.contains(says), text.contains(says)),
            (found.is_some(), found.is_some()),
            "{text}"
        );
        assert!(matches!(super::again::run(&out, Output::Json), Ok(crate::commands::Done)));
        found
    };
    let some_0 = |unit| {
        if unit < 12 {
            "0"
        } else if unit < 20 {
            "2"
        } else {
            "never"
        }
    };
    let found = left_out(&table(-4, some_0)).unwrap();
    assert_eq!((found.what.as_str(), found.count), ("starts written 0", 12));
    assert!(found.why.contains("count periods and starts from 1 on"), "{}", found.why);
    assert_eq!(left_out(&table(0, some_0)).map(|found| found.count), Some(12), "0 may be the first period");
    assert_eq!(left_out(&table(1, some_0)), None);
    assert_eq!(left_out(&table(-4, |unit| if unit < 12 { "1" } else { "never" })), None);
}

#[test]
fn the_universal_base_is_listed_with_estimate_0_and_no_error() {
    let table = Table::of(&roll_out(ten_start));
    let out = table.folder.path().join("out");
    table.prove(&["--out", out.to_str().unwrap(), "--base", "universal"]).unwrap();
    let record: Value = serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    let base = &record["group_time"][1];
    assert_eq!(
        (base["period"].as_str(), base["estimate"].as_f64(), base.get("se")),
        (Some("2"), Some(0.0), None)
    );
}

#[test]
fn a_refusal_to_claim_is_written_and_the_answer_is_no() {
    let table = Table::of(&roll_out(|_| "3"));
    let out = table.folder.path().join("out");
    assert!(matches!(table.prove(&["--out", out.to_str().unwrap()]), Err(Stop::No)));
    let record: Value = serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    assert_eq!(record["verdict"]["kind"], "refused");
    assert!(record["verdict"]["says"].as_str().unwrap().contains("hold some units back"));
    assert!(record.get("overall").is_none());
}

#[test]
fn bad_input_names_file_line_and_column() {
    let table = Table::of("unit,when,y,start\na,1,1,\na,2,many,\n");
    let sentence = table.refusal(&[]);
    assert!(
        sentence.contains("table.csv`: line 3, column `y`: `many` cannot be read; give a number"),
        "{sentence}"
    );
    let table = Table::of("unit,time,y,start\n");
    assert!(
        table
            .refusal(&[])
            .ends_with("there is no column `when`; the columns are `unit`, `time`, `y`, `start`")
    );
    let table = Table::of("PAR1....");
    assert!(table.refusal(&[]).contains("Parquet"), "{}", table.refusal(&[]));
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let table = Table::of(&roll_out(ten_start));
    let file = table.folder.path().join("table.csv");
    assert!(
        table.refusal(&["--out", file.to_str().unwrap()]).ends_with("name a folder that you may write to")
    );
}

/// Starts in periods 3 and 4 with eight units each, and eight that never do; with all columns that options name.
fn full() -> String {
    let mut text = String::from("unit,when,y,start,on,age,size,house\n");
    for unit in 0..24_i32 {
        let start = [3, 4, 99][(unit / 8) as usize];
        for period in 1..=6_i32 {
            let on = i32::from(period >= start);
            let wobble = f64::sin(f64::from(unit * unit * 7 + period * period * 3));
            let age = f64::cos(f64::from(unit * 5));
            let first = if start == 99 { "never".to_owned() } else { start.to_string() };
            let y = 10.0 + 4.0 * f64::from(on) + wobble + age * f64::from(period);
            text.push_str(&format!("u{unit},{period},{y},{first},{on},{age},{},h{unit}\n", 1 + unit % 3));
        }
    }
    text
}

impl Table {
    /// The record that these options make.
    fn record(&self, more: &[&str]) -> Value {
        let out = self.folder.path().join("out");
        let _ = self.prove(&[&["--out", out.to_str().unwrap()], more].concat());
        serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap()
    }
}

#[test]
fn every_method_of_the_contract_answers_by_its_word() {
    let table = Table::of(&full());
    for method in ["group-time", "imputation", "efficient", "interaction", "two-way"] {
        let record = table.record(&["--method", method]);
        assert_eq!(record["design"]["method"], method);
        assert!(record["overall"]["se"].as_f64().unwrap() > 0.0, "{method}");
        assert!(record.get("second").is_none(), "{method}");
    }
    assert_eq!(table.record(&["--method", "two-way"])["two_by_two"].as_array().unwrap().len(), 4);
    for method in ["synthetic", "synthetic-control", "interrupted", "risk-set"] {
        let record = table.record(&["--method", method]);
        assert_eq!(
            (record["design"]["method"].as_str(), &record["verdict"]["kind"]),
            (Some(method), &"refused".into())
        );
    }
}

#[test]
fn options_reach_the_record() {
    let table = Table::of(&full());
    let auto = table.record(&[]);
    assert_eq!(auto["second"]["method"], "imputation");
    let random = table.record(&["--assignment", "random"]);
    assert_eq!(
        (&random["design"]["method"], &random["second"]["method"]),
        (&"efficient".into(), &"group-time".into())
    );
    let covariate = table.record(&["--covariate", "age", "--adjust", "reg"]);
    assert_eq!(covariate["design"]["covariates"], serde_json::json!(["age"]));
    assert_eq!(covariate["design"]["adjust"], "reg");
    assert_ne!(covariate["overall"], auto["overall"]);
    let unused = table.record(&["--covariate", "age", "--method", "interaction"]);
    assert_eq!(unused["data"]["left_out"][0]["what"], "covariate");
    assert_ne!(table.record(&["--weight", "size"])["overall"], auto["overall"]);
    let clustered = table.record(&["--cluster", "house"])["overall"]["estimate"].as_f64().unwrap();
    assert!((clustered - auto["overall"]["estimate"].as_f64().unwrap()).abs() < 1e-12);
    let by_means = table.record(&["--repeated-cross-sections"]);
    assert!(by_means["overall"]["se"].as_f64() > auto["overall"]["se"].as_f64());
    let sensitive = table.record(&["--sensitivity"]);
    assert_eq!(sensitive["sensitivity"][0]["kind"], "relative_magnitudes");
    let banded = table.record(&["--inference", "bootstrap", "--draws", "499"]);
    assert_eq!((&banded["design"]["inference"], &banded["overall"]), (&"bootstrap".into(), &auto["overall"]));
    let width = |record: &Value| {
        let part = &record["by_exposure"]["each"][2];
        part["high"].as_f64().unwrap() - part["low"].as_f64().unwrap()
    };
    assert!(width(&banded) > width(&auto));
    let permuted = table.record(&[
        "--method",
        "efficient",
        "--inference",
        "permutation",
        "--draws",
        "199",
        "--seed",
        "7",
    ]);
    assert_eq!(
        (&permuted["design"]["inference"], &permuted["design"]["seed"]),
        (&"permutation".into(), &7.into())
    );
    assert!((permuted["overall"]["p"].as_f64().unwrap() * 200.0).fract() < 1e-9);
    let beta =
        |beta: &str| table.record(&["--method", "efficient", "--efficient-beta", beta])["overall"].clone();
    assert_ne!(beta("0"), beta("1"));
}

#[test]
fn a_column_that_says_when_it_was_on_serves_instead_of_starts() {
    let table = Table::of(&full());
    let out = table.folder.path().join("on");
    let words = [
        "--unit",
        "unit",
        "--period",
        "when",
        "--outcome",
        "y",
        "--treated",
        "on",
        "--out",
        out.to_str().unwrap(),
    ];
    table.run(&words).unwrap();
    let on: Value = serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    let by_start = table.record(&[]);
    assert_eq!((&on["overall"], &on["data"]), (&by_start["overall"], &by_start["data"]));
}

#[test]
fn a_draws_record_that_is_none_is_named() {
    let table = Table::of(&full());
    let file = table.folder.path().join("table.csv");
    let sentence = table.refusal(&["--draw", &format!("3={}", file.display())]);
    assert!(sentence.contains("table.csv"), "{sentence}");
    let bad = Prove::try_parse_from([&["prove", "t.csv"], &COLUMNS[..], &["--draw", "3"]].concat());
    assert!(
        bad.unwrap_err().to_string().contains("give the first period with the slots and the draw's file")
    );
}

#[test]
fn a_change_is_asked_for_by_its_short_name_and_takes_no_options_of_a_table() {
    let parse = |words: &[&str]| Prove::try_parse_from([&["prove"], words].concat());
    let options = parse(&["change", "early-rounds"]).unwrap().options;
    assert_eq!(options.change().unwrap(), Some("early-rounds"));
    let table = parse(&[&["change"][..], &COLUMNS].concat()).unwrap().options;
    assert_eq!(table.change().unwrap(), None, "a file may be called `change`");
    let both = parse(&["wards.csv", "early-rounds"]).unwrap().options;
    let Err(Stop::Input(sentence)) = both.change() else { panic!("two files are none") };
    assert!(
        sentence.starts_with("`early-rounds` follows the file; write `traction prove change"),
        "{sentence}"
    );
    let all =
        [&COLUMNS[..], &["--worth", "1", "--compare", "never", "--level", "0.9", "--base", "universal"]];
    for option in all.concat().chunks(2) {
        assert!(parse(&["change", "early-rounds", option[0], option[1]]).is_err(), "{option:?}");
    }
    assert!(parse(&["wards.csv"]).is_err(), "a table needs its columns");
}

#[test]
fn a_record_is_read_as_it_was_written_and_the_truth_stands_beside_it() {
    let columns = traction_stats::panel::Columns {
        unit: "unit",
        period: "when",
        outcome: "y",
        start: "start",
        ..Default::default()
    };
    let table = roll_out(ten_start);
    let panel = traction_stats::panel::read(table.as_bytes(), &columns, Default::default()).unwrap();
    let question = traction_domain::prove::Question {
        outcome: "y".into(),
        measure: Some("hours".into()),
        good: Default::default(),
        worth: 1.0,
    };
    let evidence = traction_domain::prove::prove(&Material::of(&panel), "", &Default::default(), &question);
    let record = EvidenceJson::of(&evidence, &question);
    let text = serde_json::to_string_pretty(&record).unwrap();
    let back: EvidenceJson = serde_json::from_str(&text).unwrap();
    assert_eq!((&back.data, &back.design, &back.verdict), (&record.data, &record.design, &record.verdict));
    // Numbers come back to the last digit but one.
    let effects = |record: &EvidenceJson| -> Vec<f64> {
        record.group_time.iter().flatten().map(|cell| cell.effect.estimate).collect()
    };
    for (read, written) in effects(&back).into_iter().zip(effects(&record)) {
        assert!((read - written).abs() < 1e-12, "{read} is not {written}");
    }
    assert_eq!(effects(&back).len(), 4);
    let body =
        |truth| super::report::body(&back, truth, &|_| crate::web::charts::Downloads::None).into_string();
    assert!(!body(None).contains("simulated"));
    assert!(body(Some(4.0)).contains("the effect put in is 4 hours; the interval holds it."));
    assert!(body(Some(-4.25)).contains("the effect put in is \u{2212}4.25 hours"));
    assert!(body(Some(40.0)).contains("the effect put in is 40 hours; the interval misses it"));
}

#[test]
fn levels_and_worths_that_make_no_sense_are_refused_by_name() {
    for (option, value) in [("--level", "95"), ("--level", "1"), ("--worth", "-1"), ("--worth", "inf")] {
        let words = [&["prove", "f"], &COLUMNS[..], &[option, value]].concat();
        let error = Prove::try_parse_from(words).unwrap_err().to_string();
        assert!(error.contains(option) && error.contains("give a "), "{error}");
    }
}

/// Reference: R did 2.5.1 on its minimum-wage panel, to six significant digits, through the command's own reading.
#[test]
fn the_command_gives_the_reference_numbers() {
    let beside = || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, Into::into);
    let Ok(expect) = std::fs::read(folder.join("mpdta_did_nevertreated_nocov.json")) else {
        println!("SKIPPED: no folder of reference results beside the project");
        return;
    };
    let expect: Value = serde_json::from_slice(&expect).unwrap();
    let bytes = std::fs::read(folder.join("../data/mpdta.csv")).unwrap();
    let columns = traction_stats::panel::Columns {
        unit: "countyreal",
        period: "year",
        outcome: "lemp",
        start: "first.treat",
        ..Default::default()
    };
    let panel = traction_stats::panel::read(bytes.as_slice(), &columns, Default::default()).unwrap();
    let question = traction_domain::prove::Question {
        outcome: "lemp".into(),
        measure: None,
        good: Default::default(),
        worth: 0.0,
    };
    let evidence = traction_domain::prove::prove(&Material::of(&panel), "", &Default::default(), &question);
    let found = serde_json::to_value(EvidenceJson::of(&evidence, &question)).unwrap();
    let close = |found: &Value, expect: &Value| {
        let (found, expect) = (found.as_f64().unwrap(), expect.as_f64().unwrap());
        assert!((found - expect).abs() <= 5e-7 * expect.abs(), "{found} is not {expect}");
    };
    close(&found["overall"]["estimate"], &expect["simple"]["overall_att"]);
    close(&found["overall"]["se"], &expect["simple"]["overall_se"]);
    for (ours, theirs) in [("by_start", "group"), ("by_period", "calendar"), ("by_exposure", "dynamic")] {
        close(&found[ours]["overall"]["estimate"], &expect[theirs]["overall_att"]);
        for (found, expect) in
            found[ours]["each"].as_array().unwrap().iter().zip(expect[theirs]["by"].as_array().unwrap())
        {
            close(&found["estimate"], &expect["att"]);
            close(&found["se"], &expect["se"]);
        }
    }
    close(&found["checks"][0]["statistic"], &expect["W"][0][0]);
    assert_eq!(found["verdict"]["kind"], "harms");
}

/// Reference: R did 2.5.1 with an unbalanced panel, to six significant digits, and with repeated cross-sections, where every
/// county is there in every year; through the command line.
#[test]
fn the_command_line_gives_the_reference_of_units_that_come_and_go() {
    let beside = || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder: std::path::PathBuf = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, Into::into);
    for (data, file) in [
        ("mpdta_unbalanced.csv", "mpdta_unbalanced_did_nevertreated_nocov.json"),
        ("mpdta.csv", "mpdta_did_nevertreated_nocov_rcs.json"),
    ] {
        let Ok(expect) = std::fs::read(folder.join(file)) else {
            println!("SKIPPED: no folder of reference results beside the project");
            return;
        };
        let expect: Value = serde_json::from_slice(&expect).unwrap();
        let table = Table::of(&std::fs::read_to_string(folder.join("../data").join(data)).unwrap());
        let out = table.folder.path().join("out");
        let columns =
            ["--unit", "countyreal", "--period", "year", "--outcome", "lemp", "--start", "first.treat"];
        let more = ["--repeated-cross-sections", "--method", "group-time", "--out", out.to_str().unwrap()];
        table.run(&[&columns[..], &more].concat()).unwrap();
        let found: Value =
            serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
        let close = |found: &Value, expect: &Value| {
            let (found, expect) = (found.as_f64().unwrap(), expect.as_f64().unwrap());
            assert!((found - expect).abs() <= 5e-7 * expect.abs(), "{data}: {found} is not {expect}");
        };
        close(&found["overall"]["estimate"], &expect["simple"]["overall_att"]);
        close(&found["overall"]["se"], &expect["simple"]["overall_se"]);
        for (ours, theirs) in [("by_start", "group"), ("by_period", "calendar"), ("by_exposure", "dynamic")] {
            let (found, expect) = (&found[ours]["each"], &expect[theirs]["by"]);
            let (found, expect) = (found.as_array().unwrap(), expect.as_array().unwrap());
            assert_eq!(found.len(), expect.len());
            for (found, expect) in found.iter().zip(expect) {
                close(&found["estimate"], &expect["att"]);
                close(&found["se"], &expect["se"]);
            }
        }
        let named = found["settings"]["arguments"].as_array().unwrap().contains(&"--unit=unit".into());
        assert_eq!(named, data == "mpdta_unbalanced.csv");
        assert!(super::again::run(&out, Output::Json).is_ok());
    }
}
