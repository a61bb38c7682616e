use traction_stats::panel::{PanelBuilder, Period, Row, Unbalanced};

use super::*;
use crate::prove::{Good, Kind, Question, prove};

/// Twelve units that start in period 4 and gain what is put in for their house, and twelve that never do.
fn panel(gain: impl Fn(usize) -> f64) -> Panel {
    let mut builder = PanelBuilder::new();
    for unit in 0..24 {
        for period in 1..=6 {
            let start = (unit < 12).then_some(Period::Number(4));
            let on = start.is_some() && period >= 4;
            let wobble = ((unit * unit * 13 + period * period * 5) as f64 * 0.61).sin();
            let outcome = 10.0 + wobble + if on { gain(unit) } else { 0.0 };
            let row = Row {
                line: 1,
                unit: &format!("u{unit}"),
                period: Period::Number(period as i64),
                outcome,
                start,
            };
            builder.push(row).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

fn outcome<'a>(name: &str, panel: &'a Panel) -> Look<'a> {
    let at = Looked::Outcome { name: name.to_owned(), measure: Some("points".to_owned()) };
    Look { at, material: Material::of(panel) }
}

fn evidence(panel: &Panel) -> Evidence {
    let question = Question { outcome: "Waiting".into(), measure: None, good: Good::Up, worth: 0.0 };
    prove(&Material::of(panel), "", &Wish::default(), &question)
}

#[test]
fn further_outcomes_are_found_as_the_main_one_is_and_leave_the_verdict_alone() {
    let (main, more, same) = (panel(|_| 3.0), panel(|_| 0.0), panel(|_| 3.0));
    let mut found = evidence(&main);
    let before = found.clone();
    explore(&mut found, &[outcome("errors", &more), outcome("again", &same)], None);
    assert_eq!(found.verdict, before.verdict);
    assert_eq!(found.verdict.kind, Kind::Works);
    let main = found.effects.as_ref().unwrap().overall.clone();
    assert_eq!(found.exploratory[1].overall.as_ref(), Some(&main));
    let p: Vec<f64> =
        found.exploratory.iter().map(|look| look.overall.as_ref().unwrap().interval().unwrap().p).collect();
    let adjusted: Vec<f64> = found.exploratory.iter().map(|look| look.p_adjusted.unwrap()).collect();
    assert_eq!(adjusted, holm(&p));
    assert!(adjusted[1] == 2.0 * p[1] && p[0] > 0.05, "{p:?} {adjusted:?}");
    let says = &found.exploratory[0].says;
    assert!(
        says.starts_with("errors: ")
            && says.contains(" points (")
            && says.ends_with("allowing for all 2 looks."),
        "{says}"
    );
}

#[test]
fn parts_of_the_units_are_looked_at_apart() {
    let whole = panel(|unit| if unit % 2 == 0 { 6.0 } else { 0.0 });
    let houses =
        (0..24).map(|unit| (format!("u{unit}"), if unit % 2 == 0 { "east" } else { "west" }.to_owned()));
    let parts = groups(&whole, &houses.collect());
    assert_eq!(
        parts.iter().map(|(value, part)| (value.as_str(), part.units().len())).collect::<Vec<_>>(),
        [("east", 12), ("west", 12)]
    );
    let mut found = evidence(&whole);
    let looks: Vec<Look<'_>> = parts
        .iter()
        .map(|(value, part)| Look {
            at: Looked::Group { by: "house".into(), value: value.clone(), n_units: part.units().len() },
            material: Material::of(part),
        })
        .collect();
    explore(&mut found, &looks, Some("hours"));
    let value = |look: usize| found.exploratory[look].overall.as_ref().unwrap().value;
    assert!((value(0) - 6.0).abs() < 1.0 && value(1).abs() < 1.0, "{} {}", value(0), value(1));
    assert!(
        found.exploratory[0].says.starts_with("Where house is east (12 units): "),
        "{}",
        found.exploratory[0].says
    );
}

/// A look that gives no answer proves nothing, and makes the others prove no less.
#[test]
fn a_look_without_an_answer_says_why_and_is_not_counted() {
    let (main, more) = (panel(|_| 3.0), panel(|_| 1.0));
    let started = main.of_units(|unit| unit < 12).unwrap();
    let mut found = evidence(&main);
    explore(&mut found, &[outcome("alone", &started), outcome("errors", &more)], None);
    let [alone, errors] = &found.exploratory[..] else { panic!() };
    assert!(alone.overall.is_none() && alone.p_adjusted.is_none());
    assert!(
        alone.says.starts_with("alone: no answer, because ") && alone.says.contains("never start"),
        "{}",
        alone.says
    );
    assert_eq!(errors.p_adjusted, errors.overall.as_ref().unwrap().interval().map(|interval| interval.p));
}

#[test]
fn one_look_alone_allows_for_no_others() {
    let (main, more) = (panel(|_| 3.0), panel(|_| 0.0));
    let mut found = evidence(&main);
    explore(&mut found, &[outcome("errors", &more)], None);
    let says = &found.exploratory[0].says;
    assert!(says.starts_with("errors: ") && !says.contains("allowing for"), "{says}");
}
