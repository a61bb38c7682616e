//! CPU seconds and peak memory of effects by start and period: `cargo bench -p traction-stats`.
//!
//! Panels of 24 periods and 12 starts, one unit in thirteen never starting. Seconds are the process's own, on all cores
//! together, so that they do not depend on what else the machine does; each row is one run.

use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction_stats::effect::{
    Adjust, Compare, Draws, Settings, bands, by_exposure, by_exposure_covariance, by_period, by_start,
    group_time, pre_trends, simple,
};
use traction_stats::panel::{self, Beside, Columns, Panel, PanelBuilder, Period, Row, Unbalanced};

const N_PERIODS: i64 = 24;
const N_STARTS: i64 = 12;
const FIRST_START: i64 = 7;

/// A unit's start, and a noise that drifts.
fn play(n_units: usize, mut show: impl FnMut(usize, i64, f64, Option<i64>, [f64; 2])) {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(5);
    for unit in 0..n_units {
        let group = (unit as i64) % (N_STARTS + 1);
        let start = (group < N_STARTS).then_some(FIRST_START + group);
        let x = [chance.random::<f64>(), chance.random::<f64>() - 0.5];
        let mut drift = 0.0;
        for period in 1..=N_PERIODS {
            drift = 0.5 * drift + chance.random::<f64>() - 0.5;
            let on = start.is_some_and(|start| period >= start);
            let outcome = 10.0 + x[0] * period as f64 * 0.1 + drift + if on { 1.0 } else { 0.0 };
            show(unit, period, outcome, start, x);
        }
    }
}

fn panel(n_units: usize, covariates: &[&str]) -> Panel {
    let mut builder = PanelBuilder::with_covariates(covariates);
    let (mut line, mut label) = (0, String::new());
    play(n_units, |unit, period, outcome, start, x| {
        line += 1;
        label.clear();
        let _ = write!(label, "unit {unit}");
        let (period, start) = (Period::Number(period), start.map(Period::Number));
        let covariates = x.map(Some);
        let beside = Beside { covariates: &covariates, ..Beside::default() };
        if let Err(refused) = builder.push_beside(Row { line, unit: &label, period, outcome, start }, &beside)
        {
            panic!("{refused}");
        }
    });
    builder.finish(Unbalanced::Keep).unwrap_or_else(|refused| panic!("{refused}"))
}

/// Effects, all summaries, the event study's covariance and the joint test, as a record asks for them.
fn all(panel: &Panel, settings: &Settings) -> f64 {
    let found = group_time(panel, settings).unwrap_or_else(|refused| panic!("{refused}"));
    let sum = simple(&found).value
        + by_start(&found).overall.value
        + by_period(&found).overall.value
        + by_exposure(&found).overall.value;
    let covariance = by_exposure_covariance(&found).map_or(0.0, |(_, covariance)| covariance.norm_l2());
    sum + covariance + pre_trends(&found).map_or(0.0, |test| test.p)
}

/// The process's CPU seconds so far, and its peak memory in MB, where the system tells.
fn used() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |place: usize| fields.get(place).and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    ((ticks(11) + ticks(12)) / 100.0, kilobytes.unwrap_or(f64::NAN) / 1024.0)
}

fn timed<T>(what: &str, n_units: usize, run: impl FnOnce() -> T) -> T {
    let (before, _) = used();
    let result = std::hint::black_box(run());
    let (after, peak) = used();
    println!("{n_units:>9}  {what:<52} {:>8.2} s {peak:>8.0} MB", after - before);
    result
}

fn main() {
    println!("    units  what                                                        CPU     peak so far");
    let dr = Settings { adjust: Adjust::Dr, ..Settings::default() };
    for n_units in [10_000, 100_000, 1_000_000] {
        let plain = timed("panel from rows", n_units, || panel(n_units, &[]));
        timed("effects and all summaries, never", n_units, || all(&plain, &Settings::default()));
        let not_yet = Settings { compare: Compare::NotYet, ..Settings::default() };
        timed("effects and all summaries, not yet", n_units, || all(&plain, &not_yet));
        if n_units > 100_000 {
            continue;
        }
        let found = group_time(&plain, &Settings::default()).unwrap_or_else(|refused| panic!("{refused}"));
        timed("999 draws, all bands", n_units, || bands(&plain, &found, &Draws::default()));
        drop(plain);
        let adjusted = panel(n_units, &["x", "z"]);
        timed("effects and all summaries, 2 covariates, dr", n_units, || all(&adjusted, &dr));
    }
    let mut text = String::from("unit,period,y,start\n");
    play(10_000, |unit, period, outcome, start, _| {
        let start = start.map_or(String::new(), |start| start.to_string());
        let _ = writeln!(text, "unit {unit},{period},{outcome},{start}");
    });
    let columns =
        Columns { unit: "unit", period: "period", outcome: "y", start: "start", ..Columns::default() };
    let read = || panel::read(text.as_bytes(), &columns, Unbalanced::Keep).map_or(0, |panel| panel.n_rows());
    assert_eq!(timed("panel from CSV", 10_000, read), 240_000);
}
