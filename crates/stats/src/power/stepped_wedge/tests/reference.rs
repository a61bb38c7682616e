//! Equality with swCRTdesign 4.0, swdpwr 1.11 and published tables.
//!
//! One case is left out: swdpwr's logistic model by maximum likelihood (`binomial_conditional_logit`). Shares are planned
//! here on their own scale.

use std::path::PathBuf;

use serde_json::Value;

use super::*;

/// The reference file, if there is one.
fn file(name: &str) -> Option<Value> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("SKIPPED: no folder of reference results beside the project");
        return None;
    }
    Some(serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap())
}

fn number(case: &Value, key: &str) -> f64 {
    case[key].as_f64().unwrap_or_else(|| panic!("{key} in {case}"))
}

fn maybe(case: &Value, key: &str) -> f64 {
    case[key].as_f64().unwrap_or_default()
}

/// The schedule of a case that names sequences and clusters, or has its rows.
fn schedule(case: &Value) -> Schedule {
    if let Some(rows) = case["design"].as_array() {
        let row = |row: &Value| row.as_array().unwrap().iter().map(Value::as_f64).collect();
        return Schedule::of_rows(rows.iter().map(row).collect()).unwrap();
    }
    let size = |key: &str| number(case, key) as usize;
    let schedule = Schedule::of_steps(size("sequences"), size("clusters_per_sequence")).unwrap();
    assert!(case["periods"].is_null() || schedule.n_periods() == size("periods"));
    schedule
}

/// With the spread of a person's own outcome given instead of the total.
fn shares_of_own(own: f64, icc: f64, cac: f64, iac: f64) -> Variance {
    Variance::of_shares(own / ((1.0 - icc) * (1.0 - iac)), icc, cac, iac).unwrap()
}

#[test]
fn swcrtdesign_gives_the_same_variance_and_power() {
    let Some(expect) = file("stepped_wedge_R.json") else { return };
    let cases = expect["swCRTdesign"].as_array().unwrap();
    assert_eq!(cases.len(), 60);
    for case in cases {
        let (icc, cac, iac) = (number(case, "icc"), number(case, "cac"), number(case, "iac"));
        let (schedule, n) = (schedule(case), number(case, "n_per_cluster_period"));
        let variance = shares_of_own(number(case, "sigma_error").powi(2), icc, cac, iac);
        let found = constant(&schedule, &variance, n);
        close(found, number(case, "var"), "variance");
        close(test().power(number(case, "effect"), found.sqrt()), number(case, "power"), "power");
        // The block-exchangeable form covers all of these.
        let total = variance.lasting + variance.passing + variance.person + variance.own;
        let correlations = (icc, icc * cac, icc * cac + iac * (1.0 - icc));
        close(block_exchangeable(&schedule, (total, n), correlations).unwrap(), found, "closed form");
    }
}

#[test]
fn swcrtdesigns_documented_examples_come_out() {
    let Some(expect) = file("stepped_wedge_R.json") else { return };
    let of_waves = Schedule::of_steps(4, 6).unwrap();
    let own = Variance::of_share(0.05, 0.035);
    let unequal = People::ByUnit(vec![10.0, 20.0, 15.0, 30.0, 12.0, 18.0]);
    let first = Variance { lasting: 1e-4, own, ..Variance::default() };
    let plans = [
        (of_waves.clone(), first, People::Same(120.0), 0.015),
        (of_waves.clone(), Variance { effect: 0.0045_f64.powi(2), ..first }, People::Same(120.0), 0.015),
        (of_waves, Variance { passing: 1e-4, ..first }, People::Same(120.0), 0.015),
        (
            schedule(&expect["swCRTdesign_examples"][3]),
            Variance { lasting: 0.04, passing: 0.01, own: 1.0, ..Variance::default() },
            unequal,
            0.4,
        ),
    ];
    for ((schedule, variance, people, effect), case) in
        plans.iter().zip(expect["swCRTdesign_examples"].as_array().unwrap())
    {
        let found =
            variance_of_effect(schedule, variance, people, &Estimand::Constant, Periods::Free).unwrap();
        close(found, number(case, "var"), "variance");
        close(test().power(*effect, found.sqrt()), number(case, "power"), "power");
    }
}

/// swdpwr prints three decimals.
#[track_caller]
fn three_decimals(found: f64, expect: f64) {
    assert!((found - expect).abs() <= 5.1e-4, "{found} is not {expect}");
}

#[test]
fn swdpwr_gives_the_same_power_to_its_three_decimals() {
    let Some(expect) = file("stepped_wedge_R.json") else { return };
    let cases = expect["swdpwr"].as_array().unwrap();
    assert_eq!(cases.len(), 36);
    for case in cases {
        let between = number(case, "alpha1_between_period");
        let person = case["alpha2_within_individual"].as_f64().unwrap_or(between);
        let correlations = (number(case, "alpha0_within_period"), between, person);
        let size = (number(case, "total_variance"), number(case, "K"));
        let found = block_exchangeable(&schedule(case), size, correlations).unwrap();
        three_decimals(test().power(number(case, "effect"), found.sqrt()), number(case, "power"));
    }
}

#[test]
fn swdpwrs_examples_with_and_without_common_movement_come_out() {
    let Some(expect) = file("steppedwedge_swdpwr.json") else { return };
    let mut n_checked = 0;
    for case in expect["examples"].as_object().unwrap().values() {
        let given = &case["args"];
        if given["family"] != "gaussian" {
            continue;
        }
        let (alpha_0, alpha_1) = (number(given, "alpha0"), number(given, "alpha1"));
        let (alpha_2, total) = (given["alpha2"].as_f64().unwrap_or(alpha_1), number(given, "sigma2"));
        let variance = Variance {
            lasting: total * alpha_1,
            passing: total * (alpha_0 - alpha_1),
            person: total * (alpha_2 - alpha_1),
            own: total * (1.0 - alpha_2 - (alpha_0 - alpha_1)),
            ..Variance::default()
        };
        let ends = |key| given[key].as_f64();
        let effect = ends("effectsize_beta")
            .unwrap_or_else(|| number(given, "meanresponse_end1") - number(given, "meanresponse_end0"));
        let periods = if ends("meanresponse_end0").is_some() { Periods::Free } else { Periods::Still };
        let people = People::Same(number(given, "K"));
        let found =
            variance_of_effect(&schedule(given), &variance, &people, &Estimand::Constant, periods).unwrap();
        let says = case["text"][1].as_str().unwrap();
        let printed = says.split("scenario is ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        three_decimals(test().power(effect, found.sqrt()), printed.parse().unwrap());
        n_checked += 1;
    }
    assert_eq!(n_checked, 3);
}

#[test]
fn swpwrs_examples_come_out_with_random_effects_fractions_and_unequal_waves() {
    let Some(expect) = file("steppedwedge_swPwr.json") else { return };
    let mut n_checked = 0;
    for (name, case) in expect["examples"].as_object().unwrap() {
        if case["design"].is_null() {
            continue;
        }
        let given = &case["args"];
        let (without, with) = (number(given, "mu0"), number(given, "mu1"));
        let own = match given["sigma"].as_f64() {
            Some(sigma) => sigma * sigma,
            None => Variance::of_share(without, with),
        };
        let variance = match given["icc"].as_f64() {
            Some(icc) => shares_of_own(own, icc, number(given, "cac"), maybe(given, "iac")),
            None => Variance {
                lasting: maybe(given, "tau").powi(2),
                passing: maybe(given, "gamma").powi(2),
                own,
                effect: maybe(given, "eta").powi(2),
                effect_with_level: maybe(given, "rho"),
                ..Variance::default()
            },
        };
        let estimand = match given["H"].as_array() {
            Some(weights) => {
                Estimand::ByExposure(weights.iter().map(|weight| weight.as_f64().unwrap()).collect())
            }
            None => Estimand::Constant,
        };
        let people = People::Same(number(given, "n"));
        let found =
            variance_of_effect(&schedule(case), &variance, &people, &estimand, Periods::Free).unwrap();
        close(found, number(case, "var.theta.WLS"), name);
        close(test().power(with - without, found.sqrt()), number(case, "power"), name);
        if let Some(closed) = case["hussey_hughes_closed_form"].as_object() {
            let closed = Value::Object(closed.clone());
            let again = hussey_hughes(&schedule(case), variance.lasting, own / number(given, "n")).unwrap();
            close(again, number(&closed, "var"), name);
            let smallest = test().smallest_effect(again.sqrt(), Level::new(0.8).unwrap());
            close(smallest, number(&closed, "mde80"), "smallest effect");
        }
        n_checked += 1;
    }
    assert_eq!(n_checked, 12);
}

#[test]
fn effects_by_time_since_the_start_equal_the_reference() {
    let Some(expect) = file("stepped_wedge_eti.json") else { return };
    for case in expect["cases"].as_array().unwrap() {
        let steps = number(case, "sequences") as usize;
        let only = |at: usize| (0..steps).map(|k| f64::from(k == at)).collect();
        let estimand = match case["estimand"].as_str().unwrap() {
            "IT" => Estimand::Constant,
            "ETI_equal" => Estimand::MeanByExposure,
            "ETI_first" => Estimand::ByExposure(only(0)),
            _ => Estimand::ByExposure(only(steps - 1)),
        };
        let own = number(case, "sigma_error").powi(2);
        let variance = shares_of_own(own, number(case, "icc"), number(case, "cac"), 0.0);
        let people = People::Same(number(case, "n"));
        let found =
            variance_of_effect(&schedule(case), &variance, &people, &estimand, Periods::Free).unwrap();
        close(found, number(case, "var"), "variance");
        close(test().power(number(case, "effect"), found.sqrt()), number(case, "power"), "power");
    }
}

#[test]
fn fading_correlation_and_the_published_table_equal_the_reference() {
    let Some(expect) = file("stepped_wedge.json") else { return };
    let cases = expect["gls_cases"].as_array().unwrap();
    assert_eq!(cases.len(), 11);
    for case in cases {
        let (total, icc) = (number(case, "total_variance"), number(case, "icc"));
        let variance = match case["decay_r_per_period"].as_f64() {
            Some(kept) => Variance::of_decay(total, icc, kept).unwrap(),
            None => Variance::of_shares(total, icc, number(case, "cac"), number(case, "iac")).unwrap(),
        };
        let found = constant(&schedule(case), &variance, number(case, "n_per_cluster_period"));
        close(found, number(case, "var"), "variance");
        for (effect, power) in case["power"].as_object().unwrap() {
            close(test().power(effect.parse().unwrap(), found.sqrt()), power.as_f64().unwrap(), "power");
        }
    }
    for case in expect["published_kristunas_2017_table2"].as_array().unwrap() {
        let (n, steps, icc) = (number(case, "n"), number(case, "steps") as usize, number(case, "icc"));
        close(design_effect(icc, n, steps, (1, 1)), number(case, "design_effect"), "design effect");
        let schedule = Schedule::of_steps(steps, number(case, "clusters") as usize / steps).unwrap();
        let found = hussey_hughes(&schedule, icc, (1.0 - icc) / n).unwrap();
        close(test().power(number(case, "effect_sd"), found.sqrt()), number(case, "power_hh"), "power");
        three_decimals(
            test().power(number(case, "effect_sd"), found.sqrt()),
            number(case, "power_published"),
        );
    }
}
