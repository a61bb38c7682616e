//! With few units: by which law, by which bootstrap, and what the record says of it.

use traction_stats::effect::Parting;
use traction_stats::uncertainty::{Interval, Law};

use super::super::sensitivity::Study;
use super::*;

fn says(found: &Evidence, name: CheckName) -> String {
    let checks = found.checks.iter().filter(|check| check.name == name);
    checks.map(|check| check.says.clone()).collect::<Vec<_>>().join(" ")
}

fn asked(groups: &[(Option<i64>, usize, f64)], method: Method, inference: Inference) -> Evidence {
    let wish = Wish { method: Some(method), inference, n_draws: 199, seed: 7, ..Wish::default() };
    record(groups, &wish)
}

const FEW: [(Option<i64>, usize, f64); 3] = [(Some(3), 6, -4.0), (Some(5), 6, -4.0), (None, 8, 0.0)];
const MANY: [(Option<i64>, usize, f64); 3] = [(Some(3), 15, -4.0), (Some(5), 15, -4.0), (None, 20, 0.0)];

#[test]
fn below_40_units_a_record_names_its_law_and_how_often_such_intervals_held_the_truth() {
    for (method, held) in [
        (Method::GroupTime, "95.8 % of cases with 20 units."),
        (Method::Imputation, "95.2 % of cases with 20 units."),
        (Method::Interaction, "94.8 % of cases with 20 units."),
        (Method::TwoWay, "95 % of cases with 20 units."),
        (Method::Efficient, "94 % of cases with 20 units."),
    ] {
        let found = says(&asked(&FEW, method, Inference::Analytic), CheckName::FewUnits);
        assert!(
            found.starts_with("With 20 units, intervals follow Student's law with "),
            "{method:?}: {found}"
        );
        assert!(found.ends_with(held), "{method:?}: {found}");
        let many = says(&asked(&MANY, method, Inference::Analytic), CheckName::FewUnits);
        assert_eq!(many, "", "{method:?}");
    }
}

#[test]
fn regressions_of_few_units_are_drawn_for_by_whole_clusters() {
    for method in [Method::Interaction, Method::TwoWay] {
        let found = asked(&FEW, method, Inference::Bootstrap);
        let analytic = asked(&FEW, method, Inference::Analytic);
        assert_eq!(found.inference, "bootstrap");
        let (drawn, formula) = (found.effects.clone().unwrap().overall, analytic.effects.unwrap().overall);
        let (drawn, formula) = (drawn.interval().unwrap(), formula.interval().unwrap());
        assert!(
            (drawn.p * 200.0 - (drawn.p * 200.0).round()).abs() < 1e-9,
            "a share of 199 draws and the one that happened"
        );
        assert_ne!((drawn.low, drawn.high), (formula.low, formula.high));
        assert_eq!(drawn.se_used, formula.se_used);
        let says = says(&found, CheckName::FewUnits);
        assert!(says.contains("wild cluster bootstrap (Webb's weights, 199 draws, seed 7)"), "{says}");
    }
}

/// Ten numbers before four starts of two units each are too many for twelve units; six by time until the start are not.
#[test]
fn a_test_before_the_start_says_when_units_are_too_few_for_all_of_it() {
    let pairs =
        [(Some(3), 2, -4.0), (Some(4), 2, -4.0), (Some(5), 2, -4.0), (Some(6), 2, -4.0), (None, 5, 0.0)];
    let few = says(&asked(&pairs, Method::GroupTime, Inference::Analytic), CheckName::PreTrends);
    assert!(few.contains("Tested were the effects by time until the start, all starts together"), "{few}");
    let enough = says(&asked(&MANY, Method::GroupTime, Inference::Analytic), CheckName::PreTrends);
    assert!(!enough.contains("Tested were"), "{enough}");
}

#[test]
fn where_whole_clusters_cannot_be_drawn_for_the_record_says_why() {
    let many: [(Option<i64>, usize, f64); 3] = [(Some(3), 22, -4.0), (Some(5), 22, -4.0), (None, 30, 0.0)];
    let many = asked(&many, Method::Interaction, Inference::Bootstrap);
    assert_eq!(many.inference, "analytic");
    assert!(says(&many, CheckName::Inference).starts_with("Errors are analytic: 74 clusters are enough"));
    let two = asked(&[(Some(4), 2, -4.0), (None, 48, 0.0)], Method::Interaction, Inference::Bootstrap);
    let says_of_two = says(&two, CheckName::Inference);
    assert!(says_of_two.starts_with("Errors are analytic: only 2 of 50 clusters started"), "{says_of_two}");
    let imputed = asked(&FEW, Method::Imputation, Inference::Bootstrap);
    assert_eq!(
        says(&imputed, CheckName::Inference),
        "Errors are analytic: the method imputation knows no bootstrap."
    );
}

/// Student's distance with 5 degrees of freedom is 2.5706, the normal one 1.9600; the error used is 3, that of the
/// covariance the root of 2. The plain error, which lacks what a lone unit borrows, does not count.
#[test]
fn intervals_for_parted_trends_are_raised_as_few_units_raise_the_methods_own() {
    let study = || Study {
        exposures: vec![-2, 0],
        values: vec![0.1, 2.0],
        covariance: vec![vec![4.0, 1.0], vec![1.0, 2.0]],
        base: -1,
    };
    let interval = |law| Interval { se: 2.0, se_used: 3.0, law, low: 0.0, high: 1.0, p: 0.5 };
    let level = Wish::default().level;
    let few = study().stretched(Some(interval(Law::Student { df: 5.0 })), level);
    let factor = 9.0 / 2.0 * (2.570_581_8_f64 / 1.959_964).powi(2);
    assert!((few.covariance[0][0] - 4.0 * factor).abs() < 1e-5, "{few:?}");
    assert!((few.covariance[0][1] - factor).abs() < 1e-5, "{few:?}");
    let lone = study().stretched(Some(Interval { se: 0.1, ..interval(Law::Normal) }), level);
    assert!((lone.covariance[1][1] - 9.0).abs() < 1e-9, "{lone:?}");
    let same = Interval { se_used: 2.0_f64.sqrt(), ..interval(Law::Normal) };
    assert_eq!(study().stretched(Some(same), level), study());
    assert_eq!(study().stretched(None, level), study());
}

/// A wish for sensitivity reaches it: with few units the interval with no parting at all is longer than by the normal law.
#[test]
fn a_records_intervals_for_parted_trends_allow_for_few_units() {
    let wish = Wish { sensitivity: Further::Asked, method: Some(Method::GroupTime), ..Wish::default() };
    let found = record(&[(Some(4), 6, -4.0), (None, 8, 0.0)], &wish);
    let mean = &found.effects.unwrap().by_exposure.unwrap().overall;
    let row = &found.sensitivity.unwrap().rows[0];
    assert_eq!(row.parting, Parting::RelativeMagnitudes(0.0));
    let by_normal_law = 2.0 * 1.96 * mean.se().unwrap();
    assert!(row.high.value() - row.low.value() > 1.05 * by_normal_law, "{row:?} {mean:?}");
}
