use super::*;
use crate::control::reference::{close, number, numbers, read};

/// Reference: polarity.json, kind momentum.
#[test]
fn momentum_equals_the_reference() {
    let Some(file) = read("polarity.json") else { return };
    let cases: Vec<_> =
        file["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == "momentum").collect();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let spans = Spans { n_readings: case["h"].as_u64().unwrap() as usize, cut: number(&case["c"]) };
        let (y, expect) = (numbers(&case["y"]), &case["expected"]);
        let found = momentum(&y, number(&case["sigma"]), Improve::Up, spans).unwrap();
        close("recent", found.recent, number(&expect["recent"]));
        close("previous", found.previous, number(&expect["previous"]));
        close("z", found.standardised, number(&expect["z"]));
        let drift = match found.drift {
            Drift::Gaining => "gaining",
            Drift::Flat => "flat",
            Drift::Losing => "losing",
        };
        assert_eq!(expect["state"], drift);
        let upside_down: Vec<f64> = y.iter().map(|reading| -reading).collect();
        let mirrored = momentum(&upside_down, number(&case["sigma"]), Improve::Down, spans).unwrap();
        assert_eq!((mirrored.standardised, mirrored.drift), (found.standardised, found.drift));
    }
}

/// With six against six and noise 1, a change of 2.75 * sqrt(2/6) = 1.5877 is the least that counts.
#[test]
fn a_drift_is_called_one_at_the_cut() {
    let drift = |step: f64| {
        let series: Vec<f64> = [vec![0.0; 6], vec![step; 6]].concat();
        momentum(&series, 1.0, Improve::Up, SIX_AGAINST_SIX).unwrap().drift
    };
    assert_eq!(
        [1.5878, 1.5877, -1.5877, -1.5878].map(drift),
        [Drift::Gaining, Drift::Flat, Drift::Flat, Drift::Losing]
    );
}

#[test]
fn two_spans_must_fit_and_there_must_be_noise() {
    assert_eq!(
        momentum(&[1.0; 11], 1.0, Improve::Up, SIX_AGAINST_SIX),
        Err(MomentumRefused::TooFew { n: 11, needed: 12 })
    );
    assert_eq!(momentum(&[1.0; 12], 0.0, Improve::Up, SIX_AGAINST_SIX), Err(MomentumRefused::NoNoise));
}
