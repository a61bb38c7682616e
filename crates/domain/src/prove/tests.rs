//! From panel to evidence record.

mod draws;
mod few;
pub(super) mod methods;
mod refused;
mod starts;
mod twins;
mod weakened;

use traction_stats::effect::Compare;
use traction_stats::panel::{Beside, Panel, PanelBuilder, Period, Row, Unbalanced};

use super::*;

/// A panel of `groups`: start, units, effect; six periods, and a wobble of each unit's own that chance could have made.
fn panel(groups: &[(Option<i64>, usize, f64)]) -> Panel {
    let mut builder = PanelBuilder::new();
    let mut line = 0;
    for (group, (start, n, effect)) in groups.iter().enumerate() {
        for unit in 0..*n {
            for period in 1..=6 {
                line += 1;
                let on = start.is_some_and(|start| period >= start);
                let wobble = ((line * line) as f64 * 0.37).sin();
                let outcome = 10.0 + wobble + if on { *effect } else { 0.0 };
                let unit = format!("{group}-{unit}");
                let start = start.map(Period::Number);
                builder
                    .push(Row { line, unit: &unit, period: Period::Number(period), outcome, start })
                    .unwrap();
            }
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

fn question() -> Question {
    Question { outcome: "Waiting".into(), measure: Some("hours".into()), good: Good::Down, worth: 1.0 }
}

fn record(groups: &[(Option<i64>, usize, f64)], wish: &Wish) -> Evidence {
    prove(&Material::of(&panel(groups)), "ab12", wish, &question())
}

#[track_caller]
fn compared(groups: &[(Option<i64>, usize, f64)], wish: &Wish, compare: Compare, why: &str) {
    let found = record(groups, wish);
    assert_eq!(found.compare, Some(compare));
    assert!(found.design.why.ends_with(why), "{}", found.design.why);
}

#[test]
fn the_comparison_follows_the_number_of_never_started_units_unless_it_is_asked_for() {
    let auto = Wish::default();
    let asked = Wish { compare: Some(Compare::Never), ..auto };
    compared(
        &[(Some(3), 3, 0.0), (None, 10, 0.0)],
        &auto,
        Compare::Never,
        "compared with the 10 units that never start, which are enough.",
    );
    compared(
        &[(Some(3), 3, 0.0), (None, 9, 0.0)],
        &auto,
        Compare::NotYet,
        "as well, because only 9 never start.",
    );
    compared(
        &[(Some(3), 3, 0.0), (None, 1, 0.0)],
        &auto,
        Compare::NotYet,
        "as well, because only 1 never starts.",
    );
    compared(
        &[(Some(3), 3, 0.0), (Some(5), 2, 0.0)],
        &auto,
        Compare::NotYet,
        "because every unit starts in the end.",
    );
    compared(
        &[(Some(3), 3, 0.0), (None, 1, 0.0)],
        &asked,
        Compare::Never,
        "As asked, they are compared with units that never start.",
    );
}

/// A panel of `n_before` periods before the one start, and three from it on.
fn long(n_started: usize, n_never: usize, n_before: i64) -> Panel {
    let mut builder = PanelBuilder::new();
    for unit in 0..n_started + n_never {
        for period in 1..=n_before + 3 {
            let start = (unit < n_started).then_some(Period::Number(n_before + 1));
            let outcome = ((unit as i64 * 7 + period * period) as f64 * 0.37).sin();
            let unit = format!("u{unit}");
            let period = Period::Number(period);
            builder.push(Row { line: 0, unit: &unit, period, outcome, start }).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

#[track_caller]
fn chosen(panel: &Panel, drawn: Drawn, wish: Wish, method: Method, second: Option<Method>) {
    let design = Design::choose(panel, drawn, &wish);
    assert_eq!((design.method, design.second), (method, second), "{}", design.why);
}

#[test]
fn the_method_follows_from_what_is_known_about_who_started_when() {
    use Method::*;
    let auto = Wish::default();
    let random = Wish { assignment: Assignment::Random, ..auto };
    let many = long(6, 12, 3);
    chosen(&many, Drawn::InDraws(2), auto, RiskSet, Some(GroupTime));
    chosen(&many, Drawn::InDraws(2), random, RiskSet, Some(Efficient));
    chosen(&many, Drawn::InDraws(0), auto, GroupTime, Some(Imputation));
    chosen(&many, Drawn::No, random, Efficient, Some(GroupTime));
    chosen(&many, Drawn::No, auto, GroupTime, Some(Imputation));
    chosen(&long(2, 5, 8), Drawn::No, auto, Synthetic, Some(SyntheticControl));
    chosen(&long(3, 5, 8), Drawn::No, auto, GroupTime, Some(Imputation));
    chosen(&long(2, 4, 8), Drawn::No, auto, Synthetic, Some(SyntheticControl));
    chosen(&long(2, 5, 7), Drawn::No, auto, Synthetic, Some(SyntheticControl));
    chosen(&long(1, 0, 12), Drawn::No, auto, Interrupted, None);
}

#[test]
fn a_method_asked_for_answers_alone_unless_a_second_opinion_is_asked_for_too() {
    let alone = Wish { method: Some(Method::Imputation), ..Wish::default() };
    let both = Wish { second: Further::Asked, ..alone };
    chosen(&long(6, 12, 3), Drawn::No, alone, Method::Imputation, None);
    chosen(&long(6, 12, 3), Drawn::No, both, Method::Imputation, Some(Method::GroupTime));
}

#[test]
fn a_record_counts_what_came_and_what_was_left_out() {
    let evidence = record(
        &[(Some(1), 2, 0.0), (Some(3), 6, -4.0), (Some(4), 1, -4.0), (None, 12, 0.0)],
        &Wish::default(),
    );
    let source = &evidence.source;
    assert_eq!((source.n_rows, source.n_units, source.n_periods, source.n_never), (126, 21, 6, 12));
    assert_eq!(source.cohorts, [(1, 2), (3, 6), (4, 1)].map(|(start, n)| (Period::Number(start), n)));
    let left_out: Vec<_> = source.left_out.iter().map(|left| (left.what(), left.count)).collect();
    assert_eq!(left_out, [("units that had started already", 2)]);
    let effects = evidence.effects.as_ref().unwrap();
    assert_eq!(effects.n_units, 19);
    assert_eq!(
        effects.by_exposure.as_ref().unwrap().each.iter().map(|part| part.at).collect::<Vec<_>>(),
        [-2, -1, 0, 1, 2, 3]
    );
    assert_eq!(evidence.verdict.kind, Kind::Works);
    assert!(
        evidence.verdict.says.contains("the 12 units that never started (19 units, 6 periods)"),
        "{evidence:?}"
    );
}

#[test]
fn a_start_of_one_unit_is_said_aloud() {
    let evidence = record(&[(Some(3), 6, -4.0), (Some(4), 1, -4.0), (None, 12, 0.0)], &Wish::default());
    let check = evidence.checks.iter().find(|check| check.name == CheckName::UnitsPerStart).unwrap();
    assert_eq!(check.held, Held::No);
    assert!(check.says.starts_with("One unit alone started in 4;"), "{}", check.says);
}

#[test]
fn the_verdict_is_weakened_when_the_sides_parted_before_the_start() {
    let mut parted = panel(&[(Some(3), 8, 0.0), (None, 12, 0.0)]);
    let before = prove(&Material::of(&parted), "", &Wish::default(), &question());
    assert_eq!(before.checks[0].held, Held::Yes);
    assert!(!before.verdict.says.contains("doubtful"));
    // An effect one period early is a parting when no anticipation is allowed for.
    parted = early(panel(&[(Some(2), 8, -4.0), (None, 12, 0.0)]));
    let after = prove(&Material::of(&parted), "", &Wish::default(), &question());
    assert_eq!(after.checks[0].held, Held::No);
    assert!(
        after
            .verdict
            .says
            .contains("which is doubtful because they had parted before the start (p below 0.001)"),
        "{after:?}"
    );
}

/// The same outcomes with all starts told one period late.
fn early(panel: Panel) -> Panel {
    let mut builder = PanelBuilder::new();
    for (unit, label) in panel.units().iter().enumerate() {
        let start =
            panel.cohorts().iter().find(|cohort| cohort.units.contains(&unit)).map(|cohort| cohort.start);
        let late =
            start.map(|start| if let Period::Number(g) = start { Period::Number(g + 1) } else { start });
        for (place, period) in panel.periods().iter().enumerate() {
            let outcome = panel.outcome(unit, place).unwrap();
            builder.push(Row { line: 0, unit: label, period: *period, outcome, start: late }).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

#[test]
fn what_the_data_cannot_carry_is_a_record_that_refuses() {
    let evidence = record(&[(Some(3), 7, -4.0)], &Wish::default());
    assert_eq!(evidence.verdict.kind, Kind::Refused);
    assert!(evidence.verdict.says.contains("hold some units back"), "{}", evidence.verdict.says);
    assert!(evidence.effects.is_none() && evidence.checks.is_empty());
}

#[test]
fn units_that_all_start_alone_are_refused_with_what_would_help() {
    let alone: Vec<_> = (3..6).map(|start| (Some(start), 1, -4.0)).chain([(None, 1, 0.0)]).collect();
    let evidence = record(&alone, &Wish::default());
    assert_eq!(evidence.verdict.kind, Kind::Refused);
    assert!(evidence.verdict.says.contains("start two or more units together"), "{}", evidence.verdict.says);
}

#[test]
fn one_or_two_started_units_need_a_twin_and_without_one_no_claim_is_made() {
    for (panel, says) in [
        (long(1, 4, 9), "4 units never start and were seen in every period, and a twin needs at least 5"),
        (long(2, 6, 7), "7 periods were seen before the start, and a twin needs at least 8"),
    ] {
        let found = prove(&Material::of(&panel), "", &Wish::default(), &question());
        assert_eq!(found.verdict.kind, Kind::Refused, "{}", found.verdict.says);
        assert!(found.verdict.says.contains(says), "{}", found.verdict.says);
        assert!(
            found.verdict.says.contains("or wait until more units have started"),
            "{}",
            found.verdict.says
        );
    }
}

#[test]
fn units_that_had_started_from_the_first_do_not_count_as_started() {
    let mut builder = PanelBuilder::new();
    let twin = long(1, 6, 9);
    for (unit, label) in twin.units().iter().enumerate() {
        for (place, period) in twin.periods().iter().enumerate() {
            let start = match unit {
                0 => Some(Period::Number(10)),
                1 | 2 => Some(Period::Number(1)),
                _ => None,
            };
            let outcome = twin.outcome(unit, place).unwrap();
            builder.push(Row { line: 0, unit: label, period: *period, outcome, start }).unwrap();
        }
    }
    let always = builder.finish(Unbalanced::Keep).unwrap();
    chosen(&always, Drawn::No, Wish::default(), Method::Synthetic, Some(Method::SyntheticControl));
}

#[test]
fn figures_bear_two_digits_of_the_error() {
    let say = |number, se| Figures::of(se).say(number);
    assert_eq!(say(-0.0399512, 0.0120340), "\u{2212}0.040");
    assert_eq!(say(0.0399512, 0.0996), "0.04");
    assert_eq!(say(1234.5, 120.0), "1230");
    assert_eq!(say(12.345, 9.99), "12");
    assert_eq!(say(-0.0001, 0.2), "0.00");
    assert_eq!(say(0.5, 0.25), "0.50");
}
