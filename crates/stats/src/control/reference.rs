//! Where the reference numbers lie, for the tests of this module.

use std::path::PathBuf;

use serde_json::Value;

/// The reference file `name`; `None`, saying SKIPPED, when the folder does not stand beside the project.
pub(crate) fn read(name: &str) -> Option<Value> {
    let folder = std::env::var_os("TRACTION_REFERENCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        PathBuf::from,
    );
    match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            println!("SKIPPED: no reference file {name} beside the project");
            None
        }
    }
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// The readings of `series` in the half-open range `at`.
pub(crate) fn slice(series: &[f64], at: &Value) -> Vec<f64> {
    series[at[0].as_u64().unwrap() as usize..at[1].as_u64().unwrap() as usize].to_vec()
}

/// Equal to 1e-9 of the larger, the tolerance of the reference files (doubles, differently summed); values that
/// cancel to nearly nothing may differ by 1e-12.
#[track_caller]
pub(crate) fn close(what: &str, got: f64, expect: f64) {
    let scale = got.abs().max(expect.abs());
    assert!((got - expect).abs() <= (1e-9 * scale).max(1e-12), "{what}: {got} is not {expect}");
}
