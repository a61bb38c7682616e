//! Options that exclude each other, or that no method uses: refused, or said.

use super::*;

#[test]
fn bands_are_pointwise_or_simultaneous_as_asked() {
    let table = Table::of(&full());
    let width = |more: &[&str]| {
        let record = table.record(&[&["--draws", "499", "--method", "group-time"], more].concat());
        let part = &record["by_exposure"]["each"][2];
        (part["high"].as_f64().unwrap() - part["low"].as_f64().unwrap(), record["design"].clone())
    };
    let (analytic, _) = width(&[]);
    let (each, design) = width(&["--inference", "bootstrap", "--band", "pointwise"]);
    assert_eq!(
        (&design["inference"], &design["band"], &design["draws"]),
        (&"bootstrap".into(), &"pointwise".into(), &499.into())
    );
    let (together, design) = width(&["--inference", "bootstrap", "--band", "simultaneous"]);
    assert_eq!(design["band"], "simultaneous");
    assert_eq!(width(&["--inference", "bootstrap"]).0, together);
    assert_eq!(width(&["--band", "simultaneous"]).0, together);
    assert!(analytic <= each && each < together, "{analytic} {each} {together}");
    assert_eq!(width(&["--band", "pointwise"]).0, analytic);
    let sentence = table.refusal(&["--inference", "permutation", "--band", "simultaneous"]);
    assert!(sentence.contains("`--band simultaneous` needs `--inference bootstrap`"), "{sentence}");
    assert!(table.refusal(&["--inference", "analytic", "--band", "simultaneous"]).contains("leave out one"));
}

#[test]
fn settings_that_moved_nothing_are_named() {
    let table = Table::of(&full());
    let left_out = |more: &[&str]| {
        let record = table.record(more);
        let left = record["data"]["left_out"].as_array().unwrap().iter();
        left.filter(|left| left["what"].as_str().unwrap().starts_with("setting"))
            .map(|left| (left["count"].as_u64().unwrap(), left["why"].as_str().unwrap().to_owned()))
            .next()
    };
    assert_eq!(
        left_out(&[
            "--method",
            "imputation",
            "--compare",
            "never",
            "--base",
            "universal",
            "--efficient-beta",
            "0"
        ]),
        Some((3, "compare, base and efficient-beta moved nothing with the method imputation".to_owned()))
    );
    assert_eq!(
        left_out(&["--method", "group-time", "--baseline", "3"]),
        Some((1, "baseline moved nothing with the method group-time".to_owned()))
    );
    assert_eq!(
        left_out(&["--method", "group-time", "--seed", "7"]),
        Some((1, "seed moved nothing with the method group-time".to_owned()))
    );
    assert_eq!(left_out(&["--method", "efficient", "--compare", "never", "--efficient-beta", "1"]), None);
    assert_eq!(left_out(&["--inference", "bootstrap", "--seed", "7", "--draws", "199"]), None);
    let draw = left_out(&["--method", "interaction", "--inference", "bootstrap", "--band", "simultaneous"]);
    assert!(draw.unwrap().1.starts_with("band"));
}

#[test]
fn a_column_serves_as_one_thing() {
    let table = Table::of(&full());
    for (column, serves) in [("y", "outcome"), ("unit", "unit"), ("when", "period"), ("start", "start")] {
        for role in ["covariate", "also", "weight"] {
            let sentence = table.refusal(&[&format!("--{role}"), column]);
            assert!(
                sentence.contains(&format!(
                    "`{column}` is the column of `--{serves}` and cannot serve as `--{role}`"
                )),
                "{sentence}"
            );
        }
    }
    for (column, serves) in [("y", "outcome"), ("when", "period"), ("start", "start")] {
        for role in ["by", "cluster"] {
            let sentence = table.refusal(&[&format!("--{role}"), column]);
            let expect = format!("`{column}` is the column of `--{serves}` and cannot serve as `--{role}`");
            assert!(sentence.contains(&expect), "{sentence}");
        }
    }
    assert!(table.refusal(&["--covariate", "age", "--covariate", "age"]).contains("is given twice"));
    // A column may tell units apart in several ways, and a further outcome may be adjusted for.
    table.record(&["--cluster", "house", "--covariate", "age", "--also", "age"]);
    table.record(&["--cluster", "unit"]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let table = Table::of(&full());
    let sentence = table.refusal(&["--shown", "none", "--shown", "4"]);
    assert!(sentence.contains("`--shown none` and `--shown 4` cannot both be"), "{sentence}");
}

#[test]
fn a_showcase_in_a_period_that_the_table_does_not_have_is_refused() {
    let table = Table::of(&full());
    for at in ["99", "2024-03"] {
        let sentence = table.refusal(&["--shown", "4", "--shown", at]);
        let expect = format!(
            "`--shown {at}`: the table has no period {at}; give one that it has (from 1 to 6), or `--shown none`"
        );
        assert_eq!(sentence, expect);
    }
    table.record(&["--shown", "4", "--shown", "1"]);
}

#[test]
fn names_without_words_are_refused() {
    for option in ["--name", "--measure"] {
        for nothing in ["", "  "] {
            let words = [&["prove", "f"], &COLUMNS[..], &[option, nothing]].concat();
            let error = Prove::try_parse_from(words).unwrap_err().to_string();
            assert!(error.contains(option) && error.contains("or leave the option out"), "{error}");
        }
    }
}

/// A band that holds 0 may stand beside a p-value below 0.05; who reads both is told why.
#[test]
fn bands_are_said_to_hold_all_together() {
    let table = Table::of(&full());
    let read = |more: &[&str]| -> (String, String) {
        let out = table.folder.path().join("out");
        table.prove(&[&["--out", out.to_str().unwrap(), "--method", "group-time"], more].concat()).unwrap();
        let record = std::fs::read(out.join("evidence.json")).unwrap();
        let report = std::fs::read_to_string(out.join("report.html")).unwrap();
        (super::super::show::text(&serde_json::from_slice(&record).unwrap()), report)
    };
    let says = "are bands: those of one kind hold all together, 90 % of the time";
    let (text, report) = read(&["--inference", "bootstrap", "--level", "0.9"]);
    assert!(text.contains(says) && report.contains(says), "{text}");
    for each_alone in [&["--inference", "bootstrap", "--band", "pointwise"][..], &[]] {
        let (text, report) = read(each_alone);
        assert!(!text.contains("bands") && !report.contains("are bands"), "{text}");
    }
}

#[test]
fn outcomes_that_are_missing_are_absent_cells_and_counted() {
    let text = full();
    let table = Table::of(&text);
    let whole = table.record(&["--method", "group-time"]);
    for nothing in ["", "NA", ".", "NULL"] {
        let missing: Vec<String> = text
            .lines()
            .map(|line| match line.starts_with("u20,2,") {
                true => {
                    let mut cells: Vec<&str> = line.split(',').collect();
                    cells[2] = nothing;
                    cells.join(",")
                }
                false => line.to_owned(),
            })
            .collect();
        let gappy = Table::of(&(missing.join("\n") + "\n")).record(&["--method", "group-time"]);
        assert_eq!(gappy["data"]["rows"], whole["data"]["rows"]);
        let left = &gappy["data"]["left_out"][0];
        assert_eq!((&left["what"], &left["count"]), (&"row without an outcome".into(), &1.into()));
        let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("u20,2,")).collect();
        let without = Table::of(&(without.join("\n") + "\n")).record(&["--method", "group-time"]);
        assert_eq!(gappy["overall"], without["overall"]);
    }
}

#[test]
fn who_asks_how_far_trends_may_part_is_told_why_nothing_shows() {
    let table = Table::of(&full());
    let says = |more: &[&str]| {
        let record = table.record(&[more, &["--sensitivity"]].concat());
        let checks = record["checks"].as_array().unwrap().clone();
        let check = checks.into_iter().find(|check| check["name"] == "sensitivity").unwrap();
        (check["holds"].as_bool(), check["says"].as_str().unwrap().to_owned())
    };
    let (holds, said) = says(&["--method", "imputation"]);
    assert!(
        holds.is_none() && said.contains("the methods group-time and interaction alone can tell"),
        "{said}"
    );
    let (holds, said) = says(&["--worth", "1000"]);
    assert!(holds.is_none() && said.starts_with("Nothing is claimed"), "{said}");
    let record = table.record(&["--sensitivity=where-possible", "--method", "imputation"]);
    assert!(record["checks"].as_array().unwrap().iter().all(|check| check["name"] != "sensitivity"));
}

#[test]
fn the_comparison_with_those_that_never_start_is_told_as_that() {
    let table = Table::of(&full());
    let says = |more: &[&str]| table.record(more)["verdict"]["says"].as_str().unwrap().to_owned();
    let never = says(&["--method", "efficient", "--compare", "never"]);
    assert!(never.contains("compared with the 8 units that never started"), "{never}");
    let later = says(&["--method", "efficient"]);
    assert!(later.contains("compared with units that started later or never (8)"), "{later}");
}

/// The error that is printed is the one that the interval beside it rests on.
#[test]
fn the_table_prints_the_error_of_its_interval() {
    let table = Table::of(&full());
    let out = table.folder.path().join("out");
    table.prove(&["--out", out.to_str().unwrap()]).unwrap();
    let record: EvidenceJson =
        serde_json::from_slice(&std::fs::read(out.join("evidence.json")).unwrap()).unwrap();
    let overall = record.overall.as_ref().unwrap();
    let (se, used) = (overall.se.unwrap(), overall.se_used.unwrap());
    assert!(used > se * 1.01, "{se} {used}");
    let shown = super::super::show::numbers(overall);
    let printed: f64 = shown[1].parse().unwrap();
    assert!((printed / used - 1.0).abs() < 0.005, "{shown:?} {used}");
    let text = super::super::show::text(&record);
    assert!(text.contains("Errors are those that interval and p-value rest on"), "{text}");
}
