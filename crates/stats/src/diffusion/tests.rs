use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn reference() -> Option<Value> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(beside, PathBuf::from);
    match std::fs::read_to_string(folder.join("bass.json")) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            println!("SKIPPED: no file bass.json beside the project");
            None
        }
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[track_caller]
fn near(got: f64, expect: &Value, relative: f64, what: &str) {
    let expect = expect.as_f64().unwrap();
    assert!((got - expect).abs() <= relative * expect.abs(), "{what}: {got} is not {expect}");
}

/// Reference: bass.json, evaluated independently. Tolerance: the last digits of a few exponentials.
#[test]
fn the_curve_equals_the_reference() {
    let Some(reference) = reference() else { return };
    let pure = &reference["pure"];
    let curve = Bass { market: 1000.0, innovation: 0.03, imitation: 0.38 };
    for (t, (share, rise)) in (1..).zip(numbers(&pure["F"]).iter().zip(numbers(&pure["increment"]))) {
        let t = f64::from(t);
        assert!((curve.share(t) - share).abs() < 1e-14);
        assert!((curve.rise(t) - rise).abs() < 1e-10);
    }
    near(curve.peak().unwrap(), &pure["peak_time"], 1e-14, "peak");
    near(curve.share(curve.peak().unwrap()), &pure["F_at_peak"], 1e-13, "share at the peak");
}

/// Reference: bass.json (R's nls, scipy; the published fit of the video recorders to its printed digits). Tolerance:
/// two ways down agree to nine digits of the parameters; of the errors, seven.
#[test]
fn fits_equal_the_reference_in_every_form() {
    let Some(reference) = reference() else { return };
    let forms = [
        (Form::Slope, "nls_density"),
        (Form::Rise, "nls_increment_srinivasan_mason"),
        (Form::Height, "nls_cumulative"),
    ];
    for case in reference["fits"].as_array().unwrap() {
        let new = numbers(&case["sales"]);
        let rough = fit_by_lines(&new).unwrap();
        for (name, got) in [("m", rough.market), ("p", rough.innovation), ("q", rough.imitation)] {
            near(got, &case["ols_bass1969"][name], 1e-9, name);
        }
        near(rough.peak().unwrap(), &case["ols_bass1969"]["peak_time"], 1e-9, "peak");
        for (form, name) in forms {
            let expect = &case[name];
            let fitted = fit(&new, Market::Fitted, form).unwrap();
            near(fitted.curve.market, &expect["m"], 3e-7, name);
            near(fitted.curve.innovation, &expect["p"], 3e-7, name);
            near(fitted.curve.imitation, &expect["q"], 3e-7, name);
            near(fitted.errors.0.unwrap(), &expect["se_m"], 3e-6, name);
            near(fitted.errors.1, &expect["se_p"], 3e-6, name);
            near(fitted.errors.2, &expect["se_q"], 3e-6, name);
            near(fitted.sigma, &expect["sigma"], 1e-8, name);
        }
    }
}

/// Reference: bass.json, netdiffuseR's form: heights of shares, the market known. Tolerance: as above.
#[test]
fn a_known_market_is_not_fitted() {
    let Some(reference) = reference() else { return };
    for case in reference["cumulative_fits_netdiffuseR_form"].as_array().unwrap() {
        let heights = numbers(&case["cumulative_proportion"]);
        let before = std::iter::once(&0.0).chain(&heights);
        let new: Vec<f64> = heights.iter().zip(before).map(|(now, before)| now - before).collect();
        let fitted = fit(&new, Market::Known(1.0), Form::Height).unwrap();
        near(fitted.curve.innovation, &case["p"], 1e-6, "p");
        near(fitted.curve.imitation, &case["q"], 1e-6, "q");
        near(fitted.errors.1, &case["se_p"], 1e-5, "error of p");
        near(fitted.errors.2, &case["se_q"], 1e-5, "error of q");
        near(fitted.sigma, &case["sigma"], 1e-7, "sigma");
        assert_eq!((fitted.curve.market, fitted.errors.0), (1.0, None));
    }
}

#[test]
fn too_few_numbers_and_none_at_all_give_no_curve() {
    assert_eq!(fit(&[1.0; 4], Market::Fitted, Form::Rise), Err(BassRefused::TooFew { n: 4 }));
    assert_eq!(fit(&[0.0; 9], Market::Known(10.0), Form::Rise), Err(BassRefused::NoFit));
    assert_eq!(fit_by_lines(&[0.0; 9]), None);
}

#[test]
fn without_imitation_most_begin_at_the_start() {
    let curve = Bass { market: 10.0, innovation: 0.2, imitation: 0.0 };
    assert_eq!(curve.peak(), None);
    // Without imitation it is the exponential law.
    assert!((curve.share(3.0) - (1.0 - (-0.6_f64).exp())).abs() < 1e-15);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    /// Recovery: numbers that lie on a curve give that curve back, in every form. Tolerance: what is left is rounding.
    #[test]
    fn numbers_on_a_curve_give_the_curve(
        innovation in 0.005..0.08_f64, imitation in 0.15..0.8_f64, market in 50.0..5000.0_f64,
    ) {
        let truth = Bass { market, innovation, imitation };
        let n = (2.0 * truth.peak().unwrap()).ceil().max(12.0) as u32;
        let new: Vec<f64> = (1..=n).map(|t| truth.rise(f64::from(t))).collect();
        for form in [Form::Rise, Form::Height] {
            for market in [Market::Fitted, Market::Known(market)] {
                let fitted = fit(&new, market, form).unwrap();
                prop_assert!((fitted.curve.innovation / innovation - 1.0).abs() < 1e-5, "{fitted:?}");
                prop_assert!((fitted.curve.imitation / imitation - 1.0).abs() < 1e-5, "{fitted:?}");
            }
        }
    }
}
