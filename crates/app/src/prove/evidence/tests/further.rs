//! Further looks and checks, from the command line to the record.

use super::*;

/// Twenty-four units, of which sixteen start in periods 4 and 5 and gain 4; a further outcome that nothing moves and
/// that is not always known, and a house that gains all of it.
fn houses() -> String {
    let mut text = String::from("unit,when,y,start,errors,house,age\n");
    for unit in 0..24_i32 {
        let start = [4, 5, 99][(unit / 8) as usize];
        let house = if unit % 2 == 0 { "east" } else { "west" };
        for period in 1..=8_i32 {
            // As good as chance: the far digits of a sine.
            let wobble =
                |salt: i32| (f64::sin(f64::from(unit * 97 + period * 389 + salt)) * 43_758.545_3).fract();
            let gain = if period >= start && unit % 2 == 0 { 8.0 } else { 0.0 };
            let first = if start == 99 { String::new() } else { start.to_string() };
            let errors = if unit == 3 && period == 2 { String::new() } else { wobble(11).to_string() };
            text.push_str(&format!(
                "u{unit},{period},{},{first},{errors},{house},{period}\n",
                10.0 + gain + wobble(0)
            ));
        }
    }
    text
}

#[test]
fn further_outcomes_and_parts_are_listed_with_p_values_that_allow_for_all() {
    let table = Table::of(&houses());
    let alone = table.record(&[]);
    let record = table.record(&["--also", "errors", "--by", "house"]);
    assert_eq!(
        (&record["verdict"], &record["overall"], &record["checks"]),
        (&alone["verdict"], &alone["overall"], &alone["checks"])
    );
    assert_eq!(record["design"]["covariates"], serde_json::json!([]), "a further outcome is no covariate");
    let looks = record["exploratory"].as_array().unwrap();
    let named: Vec<_> =
        looks.iter().map(|look| (look["of"].as_str().unwrap(), look["value"].as_str())).collect();
    assert_eq!(named, [("errors", None), ("house", Some("east")), ("house", Some("west"))]);
    let number = |look: usize, name: &str| looks[look]["overall"][name].as_f64().unwrap();
    assert!((number(1, "estimate") - 8.0).abs() < 1.5 && number(2, "estimate").abs() < 1.5, "{record}");
    assert_eq!(looks[1]["p_holm"].as_f64().unwrap(), 3.0 * number(1, "p"));
    let report = std::fs::read_to_string(table.folder.path().join("out/report.html")).unwrap();
    assert!(report.contains("Further looks") && report.contains("house: east (12 units)"), "{report}");
    let reversed = table.record(&["--also", "age", "--also", "errors", "--covariate", "age"]);
    let names: Vec<_> =
        reversed["exploratory"].as_array().unwrap().iter().map(|look| look["of"].clone()).collect();
    assert_eq!(names, ["age", "errors"]);
}

#[test]
fn columns_that_part_nobody_or_everybody_are_refused() {
    let table = Table::of(&houses());
    assert!(table.refusal(&["--by", "age"]).contains("line 3: `u0` has another `age` here than on line 2"));
    let sentence = table.refusal(&["--by", "unit"]);
    assert!(
        sentence.ends_with("`unit` has 24 different values; part the units by a column of at most 20"),
        "{sentence}"
    );
    let empty = Table::of(&houses().replace("east", "").replace("west", ""));
    assert!(empty.refusal(&["--by", "house"]).contains("`house` is empty on all rows"));
    assert!(
        table.refusal(&["--also", "house"]).contains("column `house`: `east` cannot be read; give a number")
    );
    assert!(table.refusal(&["--also", "nothing"]).contains("there is no column `nothing`"));
}

#[test]
fn placebo_starts_and_the_power_of_the_test_before_are_among_the_checks() {
    let table = Table::of(&houses());
    let record = table.record(&[]);
    let check = |name: &str| {
        record["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap().clone()
    };
    let placebo = check("placebo_starts");
    assert_eq!(placebo["holds"], true, "{placebo}");
    let number = |name: &str| placebo[name].as_f64().unwrap();
    assert!(number("low") < number("estimate") && number("estimate") < number("high") && number("p") > 0.05);
    let power = check("pre_test_power");
    assert!(
        power["says"]
            .as_str()
            .unwrap()
            .starts_with("The test before the start would notice a straight drift of"),
        "{power}"
    );
}

#[test]
fn effects_refused_for_their_covariates_are_counted() {
    // In the units that start in 5 the covariate never varies; in the others it does.
    let text: Vec<String> = houses()
        .lines()
        .enumerate()
        .map(|(line, row)| match (line, row.split(',').next()) {
            (0, _) => format!("{row},z"),
            (_, Some(unit)) => {
                let unit: i32 = unit[1..].parse().unwrap();
                let z = if (8..16).contains(&unit) { 50.0 } else { f64::from(unit * 37 % 11) };
                format!("{row},{z}")
            }
            _ => unreachable!(),
        })
        .collect();
    let table = Table::of(&(text.join("\n") + "\n"));
    let never = table.record(&["--covariate", "z", "--method", "group-time", "--compare", "never"]);
    let says = never["verdict"]["says"].as_str().unwrap();
    assert!(
        says.contains("(16 units, 8 periods)"),
        "the sentence counts the units its numbers rest on: {says}"
    );
    let record = table.record(&["--covariate", "z", "--method", "group-time"]);
    let left_out = record["data"]["left_out"].to_string();
    assert!(left_out.contains("none are alike") || left_out.contains("do not vary enough"), "{record}");
}
