//! Twins: what they are made of, when they are none, and how many stand-ins a claim takes.

use super::methods::wish;
use super::*;

#[test]
fn one_started_unit_is_compared_with_a_twin_and_the_record_says_what_of() {
    let found = prove(&Material::of(&long(1, 6, 9)), "", &Wish::default(), &question());
    assert_eq!(found.design.method, Method::Synthetic);
    assert_eq!(found.inference, "placebo");
    let weights = found.effects.unwrap().weights;
    assert_eq!(weights.len(), 6);
    assert!((weights.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(found.checks.iter().any(|check| check.name == CheckName::Placebo));
}

/// The unit swings six times as far as those its twin is made of; nothing was done.
#[test]
fn a_twin_that_was_unlike_its_unit_carries_no_claim() {
    let claims = |far: f64| {
        (0..20_i64).filter(move |seed| {
            let mut builder = PanelBuilder::new();
            for unit in 0..25_i64 {
                for period in 1..=14_i64 {
                    let wobble = (((unit + 1) * 7919 + period * 104_729 + seed * 1_299_709) as f64).sin();
                    let outcome = wobble * if unit == 0 { far } else { 1.0 };
                    let start = (unit == 0).then_some(Period::Number(11));
                    let (unit, period) = (format!("u{unit}"), Period::Number(period));
                    builder.push(Row { line: 0, unit: &unit, period, outcome, start }).unwrap();
                }
            }
            let panel = builder.finish(Unbalanced::Keep).unwrap();
            let found = prove(&Material::of(&panel), "", &Wish::default(), &question());
            matches!(found.verdict.kind, Kind::Works | Kind::Harms)
        })
    };
    assert!(claims(6.0).count() <= 2, "{}", claims(6.0).count());
}

/// Twenty-four donors about 10; one unit starts in 13, from a height of its own, and gains `effect`.
fn twin_of(height: f64, effect: f64) -> Evidence {
    let mut builder = PanelBuilder::new();
    for unit in 0..25_i64 {
        for period in 1..=16_i64 {
            let wobble = (((unit * 97 + period * 389) as f64).sin() * 43_758.545_3).fract();
            let start = (unit == 0).then_some(13);
            let gain = if start.is_some_and(|start| period >= start) { effect } else { 0.0 };
            let outcome = if unit == 0 { height } else { 10.0 } + wobble + gain;
            let (unit, period) = (format!("u{unit}"), Period::Number(period));
            let start = start.map(Period::Number);
            builder.push(Row { line: 0, unit: &unit, period, outcome, start }).unwrap();
        }
    }
    let panel = builder.finish(Unbalanced::Keep).unwrap();
    prove(&Material::of(&panel), "", &wish(Method::SyntheticControl), &question())
}

/// However large an effect: whether the twin was like the unit is a question of the time before.
#[test]
fn no_effect_is_so_large_that_a_twin_becomes_like_its_unit() {
    for effect in [-3.0, -30.0, -3000.0] {
        let (like, unlike) = (twin_of(10.0, effect), twin_of(14.0, effect));
        assert_eq!(like.verdict.kind, Kind::Works, "{effect}: {}", like.verdict.says);
        assert_eq!(unlike.verdict.kind, Kind::CannotTell, "{effect}: {}", unlike.verdict.says);
        let fit = |found: &Evidence| {
            found.checks.iter().find(|check| check.name == CheckName::Fit).unwrap().clone()
        };
        assert_eq!((fit(&like).held, fit(&unlike).held), (Held::Yes, Held::No), "{}", fit(&unlike).says);
        assert!(fit(&unlike).says.contains("much more than twins of units that never start are"));
    }
}

/// Eight stand-ins: beyond all of them is one in nine.
#[test]
fn few_stand_ins_carry_no_claim_and_the_record_says_how_many_would() {
    let found = prove(&Material::of(&long(1, 8, 20)), "", &Wish::default(), &question());
    assert_eq!(found.verdict.kind, Kind::Refused);
    assert!(
        found.verdict.says.contains("with 8 stand-ins") && found.verdict.says.contains("with 19 or more"),
        "{}",
        found.verdict.says
    );
    let check = found.checks.iter().find(|check| check.name == CheckName::PlaceboStarts).unwrap();
    assert_eq!(check.held, Held::Untested);
    assert!(check.says.contains("with 19 or more it could"), "{}", check.says);
}
