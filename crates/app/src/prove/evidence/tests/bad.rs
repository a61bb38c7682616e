//! Tables that cannot carry a claim, or are none: one clear sentence each, whichever method is asked.

use super::*;

const METHODS: [&str; 10] = [
    "auto",
    "group-time",
    "imputation",
    "efficient",
    "interaction",
    "two-way",
    "synthetic",
    "synthetic-control",
    "interrupted",
    "risk-set",
];

/// Twenty-four units over sixteen periods, of which twelve start in 13; `change` makes a row bad or leaves it out.
fn table(n_units: usize, change: impl Fn(usize, i64, [String; 4]) -> Option<[String; 4]>) -> String {
    let mut text = String::from("unit,when,y,start\n");
    for unit in 0..n_units {
        for period in 1..=16_i64 {
            let gain = if unit < 12 && period >= 13 { 4.0 } else { 0.0 };
            let outcome = 10.0 + gain + ((unit * 97) as f64 + (period * 389) as f64).sin();
            let start = if unit < 12 { "13" } else { "" };
            let row = [format!("u{unit}"), period.to_string(), outcome.to_string(), start.to_owned()];
            text.extend(change(unit, period, row).map(|row| row.join(",") + "\n"));
        }
    }
    text
}

fn with_outcome(y: &'static str) -> String {
    table(24, move |unit, period, [name, when, outcome, start]| {
        let outcome = if (unit, period) == (2, 3) { y.to_owned() } else { outcome };
        Some([name, when, outcome, start])
    })
}

/// What the command says: of bad input the refusal, of a record its verdict.
fn said(table: &Table, method: &str) -> String {
    let out = table.folder.path().join("out");
    match table.prove(&["--method", method, "--out", out.to_str().unwrap()]) {
        Err(Stop::Input(sentence)) => sentence,
        Ok(()) | Err(Stop::No) => {
            let record = std::fs::read(out.join("evidence.json")).unwrap();
            let record: Value = serde_json::from_slice(&record).unwrap();
            record["verdict"]["says"].as_str().unwrap().to_owned()
        }
        Err(other) => panic!("{method}: {other:?}"),
    }
}

#[track_caller]
fn check(text: &str, part: &str) {
    let table = Table::of(text);
    for method in METHODS {
        let said = said(&table, method);
        assert!(said.len() < 450 && !said.contains("NaN") && !said.contains('\n'), "{method}: {said}");
        assert!(said.contains(part), "{method}: {said}");
    }
}

#[test]
fn rows_that_cannot_be_read_are_named_with_line_and_cure() {
    let whole = with_outcome("1");
    let line = whole.lines().nth(5).unwrap();
    check(
        &format!("{whole}{line}\n"),
        "line 386: `u0` has a row for 5 already on line 6; keep one row per unit and period",
    );
    check(&with_outcome("many"), "line 36, column `y`: `many` cannot be read; give a number");
    check(&with_outcome("inf"), "line 36, column `y`: `inf` cannot be read; give a number");
    check(&with_outcome("1e300"), "line 36, column `y`: `u2` has a number beyond 10^70 in 3");
    check(
        &with_outcome("1,5").replace("u2,3,1,5", "u2,3,\"1,5\""),
        "line 36, column `y`: `1,5` has a decimal comma; write 1.5",
    );
    check(&whole.replace(",13\n", ",True\n"), "column `start`: `True` cannot be read; that is no period");
    check(&whole[..whole.len() / 2], "and whether the file was cut off there");
    check("", "the table is empty");
    check("unit,when,y,start\n", "there are no rows below the header");
}

#[test]
fn what_no_comparison_can_be_made_of_says_what_would_help() {
    let late = table(24, |_, _, [name, when, outcome, start]| {
        Some([name, when, outcome, start.replace("13", "99")])
    });
    for method in METHODS.iter().filter(|method| **method != "risk-set") {
        let said = said(&Table::of(&late), method);
        assert!(said.contains("check the starts, or wait for the first"), "{method}: {said}");
    }
    let expect = [
        // Everybody at once, and one unit.
        ["hold some units back", "12 periods"],
        ["hold some units back", "at least one that starts and one to compare it with"],
        ["hold some units back", "at least one that starts and one to compare it with"],
        ["hold some units back", "at least one that starts and one to compare it with"],
        ["hold some units back", "at least one that starts and one to compare it with"],
        ["hold some units back", "at least one that starts and one to compare it with"],
        ["add units that never start", "add units that never start"],
        ["add units that never start", "add units that never start"],
        ["its own course", "its own course"],
        ["give the draw's record", "give the draw's record"],
    ];
    let (at_once, one) =
        (Table::of(&table(12, |_, _, row| Some(row))), Table::of(&table(1, |_, _, row| Some(row))));
    for (method, [of_all, of_one]) in METHODS.iter().zip(expect) {
        let (all, one) = (said(&at_once, method), said(&one, method));
        assert!(all.contains(of_all), "{method}: {all}");
        assert!(one.contains(of_one), "{method}: {one}");
    }
}

#[test]
fn an_outcome_that_never_moves_proves_nothing() {
    let flat =
        Table::of(&table(24, |_, _, [name, when, _, start]| Some([name, when, "5".to_owned(), start])));
    let one_starts = |unit: usize, [name, when, _, start]: [String; 4]| {
        Some([name, when, "5".to_owned(), if unit == 0 { start } else { String::new() }])
    };
    let twin = Table::of(&table(24, |unit, _, row| one_starts(unit, row)));
    for method in METHODS {
        let said = said(if method.starts_with("synthetic") { &twin } else { &flat }, method);
        assert!(said.starts_with("No claim can be made: "), "{method}: {said}");
        assert!(said.contains(" is 5 in every row, which shows nothing"), "{method}: {said}");
    }
}

/// Whatever is missing, what is there is used, and what a method cannot use is counted.
#[test]
fn gaps_stay_gaps() {
    let gappy =
        table(24, |unit, period, row| (!(unit * 7 + period as usize * 3).is_multiple_of(11)).then_some(row));
    let table = Table::of(&gappy);
    for method in ["group-time", "imputation", "interaction"] {
        let said = said(&table, method);
        assert!(
            said.starts_with("y rose by ") && said.contains("(24 units, 16 periods)"),
            "{method}: {said}"
        );
    }
}

/// A million columns, of which four are asked for.
#[test]
fn a_very_wide_table_is_read() {
    let wide = |first: &str, fill: &str| {
        let mut line = String::from(first);
        (0..1_000_000).for_each(|column| line.push_str(&fill.replace('#', &column.to_string())));
        line + "\n"
    };
    let mut text = wide("unit,when,y,start", ",c#");
    for (unit, period) in [("a", 1), ("a", 2), ("b", 1), ("b", 2)] {
        text.push_str(&wide(&format!("{unit},{period},{period},"), ","));
    }
    let sentence = said(&Table::of(&text), "auto");
    assert!(sentence.contains("no unit starts within the observed periods"), "{sentence}");
}
