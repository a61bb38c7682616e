//! From the files that `--out` wrote to the same bytes once more.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use traction_domain::contend::draw::{Entrants, Entry, Heading, Place, Record, Secret, Slots, Terms};

use super::*;
use crate::prove::evidence::commands::of_table;
use crate::prove::evidence::record::UnitOrder;

/// A folder with a table of 24 wards over six months, a draw's record, and what `--out` writes.
struct Folder(tempfile::TempDir);

const COLUMNS: [&str; 8] = ["--unit", "ward", "--period", "month", "--outcome", "hours", "--start", "since"];

/// Twenty of the wards contended for eight slots from April on; four others started in May, some lack a month.
fn record() -> Record {
    let entry = |unit| Entry { unit, band: 1, layer: 0, place: Place::Open, parent: None };
    let entrants = Entrants::new((0..20).map(|n| entry(format!("ward, {n:02}"))).collect()).unwrap();
    let terms = Terms { slots: Slots(8), cap: None };
    let secret = Secret::from_bytes([7; 32]);
    Record::new(Heading::default(), secret, Vec::new(), &entrants, &BTreeSet::new(), terms).unwrap()
}

impl Folder {
    fn new() -> Self {
        let (record, folder) = (record(), tempfile::tempdir().unwrap());
        let mut table = String::from("ward,month,hours,since,unit,beds,house,used\n");
        for n in 0..24_i32 {
            let ward = format!("ward, {n:02}");
            let start = match n {
                23 => Some(9),
                20.. => Some(5),
                _ => record.granted.contains(&ward).then_some(4),
            };
            for month in (1..=6_i32).filter(|month| n % 7 != 3 || *month != 2) {
                let on = start.is_some_and(|start| month >= start);
                let used = f64::from(u8::from(on && n % 5 != 0));
                let wobble = f64::sin(f64::from(n * n * 7 + month * month * 3));
                let age = f64::cos(f64::from(n * 5));
                let hours = 10.0 - 3.0 * used + wobble + 0.3 * age * f64::from(month);
                let since = start.map(|start| format!("2026-{start:02}")).unwrap_or_default();
                let (beds, house) = (1 + n % 3, n / 2);
                writeln!(table, "\"{ward}\",2026-{month:02},{hours},{since},{age},{beds},h{house},{used}")
                    .unwrap();
            }
        }
        std::fs::write(folder.path().join("wards.csv"), table).unwrap();
        std::fs::write(folder.path().join("drawn.json"), record.to_json()).unwrap();
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes the record that these options make; where.
    fn out(&self, more: &[&str]) -> PathBuf {
        let (table, out) = (self.path("wards.csv"), self.path("out"));
        let words = [table.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let words = [
            &words[..],
            if more.contains(&"--repeated-cross-sections") { &COLUMNS[2..] } else { &COLUMNS },
            more,
        ];
        let options = Kept::try_parse_from(words.concat()).unwrap().options;
        match of_table(&options, Output::Json) {
            Ok(Done) | Err(Stop::No) => out,
            Err(other) => panic!("{other:?}"),
        }
    }
}

fn held(out: &Path) -> Held {
    let then = Then::read(out).unwrap();
    Held::of(out, &then.again().unwrap(), &then.record).unwrap()
}

#[track_caller]
fn check(more: &[&str]) {
    let folder = Folder::new();
    let out = folder.out(more);
    let names =
        || std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let held = held(&out).json();
    assert_eq!(held["holds"], true, "{more:?}: {held}");
    // No file goes without being looked at.
    let mut same: Vec<&str> =
        held["files"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap()).collect();
    let mut there: Vec<String> = names().collect();
    same.sort_unstable();
    there.sort_unstable();
    assert_eq!(same, there, "{more:?}");
}

#[test]
fn a_record_made_again_from_its_files_is_the_same_to_the_last_byte() {
    check(&[]);
    check(&[
        "--worth",
        "1",
        "--direction",
        "down",
        "--name",
        "Hours lost",
        "--measure",
        "hours a bed",
        "--level",
        "0.9",
    ]);
    check(&["--unbalanced", "drop", "--sensitivity", "--shown", "2026-05"]);
    check(&["--covariate", "unit", "--adjust", "ipw", "--weight", "beds", "--cluster", "house"]);
    check(&["--inference", "bootstrap", "--draws", "199", "--seed", "7"]);
    check(&["--method", "interaction", "--inference", "bootstrap", "--draws", "199", "--second"]);
    check(&[
        "--assignment",
        "random",
        "--inference",
        "permutation",
        "--draws",
        "199",
        "--unbalanced",
        "drop",
    ]);
    check(&["--repeated-cross-sections", "--compare", "not-yet", "--base", "universal", "--shown", "none"]);
    check(&["--method", "two-way", "--anticipation", "1"]);
    check(&["--method", "synthetic"]);
    check(&[
        "--also",
        "unit",
        "--also",
        "used",
        "--by",
        "house",
        "--covariate",
        "used",
        "--method",
        "group-time",
    ]);
}

#[test]
fn with_a_draw_its_record_and_the_uses_are_among_the_files() {
    let folder = Folder::new();
    let drawn = format!("2026-04={}", folder.path("drawn.json").display());
    let out = folder.out(&["--draw", &drawn, "--used", "used", "--direction", "down"]);
    let kept = std::fs::read_to_string(out.join("draw-1.json")).unwrap();
    assert_eq!(kept, record().to_json());
    let panel = std::fs::read_to_string(out.join("panel.csv")).unwrap();
    assert!(panel.starts_with("unit,period,outcome,start,used\n\"ward, "), "{panel}");
    assert!(panel.contains("\n\"ward, 00\",2026-01,"), "{panel}");
    let record: EvidenceJson =
        serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    assert_eq!(record.design.method, "risk-set");
    let users = record.on_users.unwrap();
    let (granted, effect) = (users.granted.unwrap().estimate, users.effect.unwrap().estimate);
    assert!(effect < granted && granted < 0.0, "{granted} {effect}");
    assert!(
        users.says.contains("In units that use a slot because they got one, hours moved by"),
        "{}",
        users.says
    );
    assert!(matches!(run(&out, Output::Json), Ok(Done)));
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    let shown = [
        "In units that used it",
        "traction prove again FOLDER",
        ">--used=used<",
        ">--draw=2026-04=draw-1.json<",
    ];
    shown.iter().for_each(|words| assert!(report.contains(words), "{words}"));
    for picture in ["event-study", "draws", "by-lot"] {
        assert!(out.join(format!("{picture}.svg")).exists(), "{picture}");
    }
}

/// Records from before there was a choice say nothing of it: they were made by the change since the last period before.
#[test]
fn a_record_from_before_there_was_a_choice_of_baseline_is_made_again_as_it_was() {
    let folder = Folder::new();
    let drawn = format!("2026-04={}", folder.path("drawn.json").display());
    let kept = |out: &Path| -> EvidenceJson {
        serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap()
    };
    let usual = kept(&folder.out(&["--draw", &drawn, "--used", "used"]));
    let plain = ["--draw", &drawn, "--used", "used", "--baseline", "1", "--efficient-beta", "1"];
    let asked = kept(&folder.out(&plain));
    let (table, out) = (folder.path("wards.csv"), folder.path("out"));
    let words = [&[table.to_str().unwrap(), "--out", out.to_str().unwrap()], &COLUMNS[..], &plain[..4]];
    let mut options = Kept::try_parse_from(words.concat()).unwrap().options;
    options.baseline = Before::Formerly;
    of_table(&options, Output::Json).unwrap();
    let formerly = kept(&out);
    assert!(held(&out).holds(), "{}", held(&out).says());
    // To the bit what the same is today, asked for by name.
    assert_eq!((&formerly.overall, &formerly.sets), (&asked.overall, &asked.sets));
    assert_eq!((&formerly.on_users, &formerly.by_exposure), (&asked.on_users, &asked.by_exposure));
    assert_ne!(formerly.overall, usual.overall);
    assert_eq!((formerly.design.baseline.as_deref(), formerly.design.beta), (None, None));
    assert!(formerly.design.why.contains("each by the change since just before"), "{}", formerly.design.why);
    // What is printed to type today gives its numbers today.
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    for word in [">--baseline=1<", ">--efficient-beta=1<"] {
        assert!(report.contains(word), "{word}");
    }
}

/// Records from before units were put in order say nothing of it: chance dealt over them as their rows came.
#[test]
fn a_record_from_before_units_were_put_in_order_is_made_again_as_it_was() {
    let folder = Folder::new();
    let kept = |out: &Path| std::fs::read_to_string(out.join("evidence.json")).unwrap();
    let bootstrap = ["--inference", "bootstrap", "--draws", "199"];
    let today = kept(&folder.out(&bootstrap));
    assert!(today.contains("\"order\": \"content\""), "{today}");
    let (table, out) = (folder.path("wards.csv"), folder.path("out"));
    let words = [&[table.to_str().unwrap(), "--out", out.to_str().unwrap()], &COLUMNS[..], &bootstrap];
    let mut options = Kept::try_parse_from(words.concat()).unwrap().options;
    options.order = UnitOrder::AsItCame;
    of_table(&options, Output::Json).unwrap();
    let formerly = kept(&out);
    assert!(!formerly.contains("\"order\""), "{formerly}");
    assert!(held(&out).holds(), "{}", held(&out).says());
    let numbers = |record: &str| -> EvidenceJson { serde_json::from_str(record).unwrap() };
    let [was, is] = [numbers(&formerly), numbers(&today)];
    assert_ne!(was.by_exposure, is.by_exposure, "bands are dealt otherwise");
    // What was made then, said to be made in order, does not hold.
    let said = formerly.replacen("\"came\": {", "\"order\": \"content\", \"came\": {", 1);
    std::fs::write(out.join("evidence.json"), said).unwrap();
    assert!(!held(&out).holds());
}

#[test]
fn what_winners_and_losers_are_held_against_is_asked_for_and_kept() {
    let folder = Folder::new();
    let drawn = format!("2026-04={}", folder.path("drawn.json").display());
    for (more, baseline, says) in [
        (&[][..], "auto", "times the mean of as many periods before as are compared after"),
        (&["--baseline", "2"], "2", "times the mean of the last 2 periods before"),
        (&["--baseline", "1"], "1", "times just before, the multiple that the units themselves show"),
        (
            &["--baseline", "2", "--efficient-beta", "1"],
            "2",
            "each by the change since the mean of the last 2 periods before",
        ),
        (&["--efficient-beta", "0"], "auto", "by what was seen after alone"),
    ] {
        let out = folder.out(&[&["--draw", &drawn][..], more].concat());
        let record: EvidenceJson =
            serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
        assert_eq!(record.design.baseline.as_deref(), Some(baseline), "{more:?}");
        assert!(record.design.why.contains(says), "{more:?}: {}", record.design.why);
        let beta = record.design.beta.unwrap();
        match more.last() {
            Some(&"0") => assert_eq!(beta, 0.0),
            Some(&"1") if more.len() == 4 => assert_eq!(beta, 1.0),
            _ => assert!(beta != 0.0 && beta != 1.0, "{more:?}: {beta}"),
        }
        let kept = &record.settings.as_ref().unwrap().arguments;
        assert!(kept.contains(&format!("--baseline={baseline}")), "{kept:?}");
        assert!(held(&out).holds(), "{more:?}: {}", held(&out).says());
    }
}

#[test]
fn a_record_that_was_changed_does_not_hold() {
    let folder = Folder::new();
    let out = folder.out(&["--sensitivity"]);
    assert!(
        held(&out).says().starts_with("The record holds: made again with its own settings, report.html,")
    );
    for name in ["evidence.json", "report.html", "event-study.svg", "by-start.svg"] {
        let file = out.join(name);
        let text = std::fs::read_to_string(&file).unwrap();
        let place = text.rfind(|c: char| c.is_ascii_digit()).unwrap();
        let digit = if &text[place..=place] == "1" { "2" } else { "1" };
        std::fs::write(&file, format!("{}{digit}{}", &text[..place], &text[place + 1..])).unwrap();
        assert!(matches!(run(&out, Output::Table), Err(Stop::No)), "{name}");
        let line = 1 + text[..place].matches('\n').count();
        let says = held(&out).says();
        let differs = match name {
            // What stands at its end is a count, which is told at its beginning too.
            "evidence.json" => "Made again, evidence.json differs from line ".to_owned(),
            name => format!("Made again, {name} differs from line {line} on."),
        };
        assert!(says.contains(&differs), "{says}");
        std::fs::write(&file, text).unwrap();
    }
    let panel = std::fs::read_to_string(out.join("panel.csv")).unwrap();
    std::fs::write(out.join("panel.csv"), panel.replacen("2026-01,1", "2026-01,2", 1)).unwrap();
    assert!(matches!(run(&out, Output::Table), Err(Stop::No)));
    let says = Held::on_changed("panel.csv".into()).says();
    assert!(says.contains("The SHA-256 of panel.csv is not the one that the record names"), "{says}");
}

#[test]
fn counts_of_what_was_left_out_are_made_again_and_not_taken_over() {
    let folder = Folder::new();
    let out = folder.out(&["--unbalanced", "drop"]);
    let file = out.join("evidence.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("some period is lacking", "no period is lacking", 1)).unwrap();
    assert!(matches!(run(&out, Output::Table), Err(Stop::No)));
}

#[test]
fn a_draws_record_that_was_changed_where_nobody_looks_does_not_pass() {
    let folder = Folder::new();
    let drawn = format!("2026-04={}", folder.path("drawn.json").display());
    let out = folder.out(&["--draw", &drawn, "--direction", "down"]);
    let file = out.join("draw-1.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n")).unwrap();
    assert!(matches!(run(&out, Output::Table), Err(Stop::No)));
}

#[test]
fn what_is_not_there_is_said_and_what_is_of_another_record_does_not_pass() {
    let folder = Folder::new();
    let out = folder.out(&[]);
    std::fs::remove_file(out.join("report.html")).unwrap();
    let says = held(&out).says();
    assert!(says.contains("Not in the folder, so not looked at: report.html."), "{says}");
    assert!(says.contains("The table that the panel was read from is not among the files"), "{says}");
    std::fs::write(out.join("twin.svg"), "<svg/>").unwrap();
    assert!(!held(&out).holds());
    assert!(held(&out).says().contains("The record has no twin.svg"));
    folder.out(&[]);
    assert!(held(&out).holds() && !out.join("twin.svg").exists(), "a folder holds one record");
}

#[test]
fn what_is_no_record_or_keeps_no_settings_is_named() {
    let folder = Folder::new();
    let out = folder.out(&[]);
    let file = out.join("evidence.json");
    let refused = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let Err(Stop::Input(sentence)) = run(&out, Output::Table) else { panic!("{text}") };
        sentence
    };
    let mut record: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    record.as_object_mut().unwrap().remove("settings");
    assert!(refused(&record.to_string()).contains("it does not say what it was made with"));
    assert!(refused("{}").contains("it is no evidence record"));
    let Err(Stop::Input(sentence)) = run(&folder.path("nowhere"), Output::Table) else { panic!() };
    assert!(sentence.contains("cannot be read"), "{sentence}");
}
