//! How long the methods for single units and the sensitivity analysis take: `cargo bench -p traction-stats --bench single`.
//!
//! Each is timed five times on one thread; the median is printed.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction_stats::effect::{
    Bar, EventStudy, InterruptedSettings, Parting, SensitivityRefused, SensitivitySettings, Solver,
    SyntheticSettings, break_down, interrupted, robust, synthetic,
};
use traction_stats::panel::{Panel, PanelBuilder, Period, Row, Unbalanced};

/// One unit that starts four fifths through, and donors that each follow two common movements in their own way.
fn panel(n_donors: usize, n_periods: i64) -> Panel {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut builder = PanelBuilder::new();
    for i in 0..=n_donors {
        let start = (i == 0).then(|| Period::Number(1 + n_periods * 4 / 5));
        let (unit, a, b) = (i.to_string(), chance.random::<f64>(), chance.random::<f64>());
        for t in 1..=n_periods {
            let movement = a * (t as f64 * 0.3).sin() + b * 0.1 * t as f64;
            let outcome = 10.0 + movement + 0.3 * chance.random::<f64>();
            let row = Row { line: 0, unit: &unit, period: Period::Number(t), outcome, start };
            if let Err(refused) = builder.push(row) {
                panic!("{refused}");
            }
        }
    }
    match builder.finish(Unbalanced::Keep) {
        Ok(panel) => panel,
        Err(refused) => panic!("{refused}"),
    }
}

/// Effects at so many times before and after, neighbours correlated by a half.
fn study(n_before: usize, n_after: usize) -> Result<EventStudy, SensitivityRefused> {
    let n = n_before + n_after;
    let values: Vec<f64> = (0..n).map(|i| if i < n_before { 0.02 * (i % 3) as f64 } else { 1.0 }).collect();
    let entry = |i: usize, j: usize| 0.01 * 0.5_f64.powi(i.abs_diff(j) as i32);
    let covariance: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
    EventStudy::new(&values, &covariance, &vec![1.0 / n_after as f64; n_after])
}

/// Four limits of either kind, and both break-down values.
fn analysis(study: &EventStudy) -> Result<(), SensitivityRefused> {
    let settings = SensitivitySettings::default();
    for most in [0.5, 1.0, 1.5, 2.0] {
        std::hint::black_box(robust(study, Parting::RelativeMagnitudes(most), &settings)?);
        std::hint::black_box(robust(study, Parting::Smoothness(0.1 * most), &settings)?);
    }
    for kind in [Parting::RelativeMagnitudes(0.0), Parting::Smoothness(0.0)] {
        std::hint::black_box(break_down(study, kind, Bar::Above(0.0), &settings)?);
    }
    Ok(())
}

fn time<T>(name: &str, size: &str, run: impl Fn() -> T) {
    let mut seconds: Vec<f64> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(run());
            begun.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{name:<42} {size:<26} {:>9.1} ms", 1000.0 * seconds[2]);
}

fn main() -> Result<(), SensitivityRefused> {
    for (n_before, n_after) in [(4, 4), (12, 12), (24, 24)] {
        let study = study(n_before, n_after)?;
        let size = format!("{n_before} before, {n_after} after");
        time("sensitivity, 8 limits and break-down values", &size, || analysis(&study));
    }
    for (n_donors, n_periods) in [(38, 30), (200, 60)] {
        let panel = panel(n_donors, n_periods);
        let size = format!("{n_donors} donors, {n_periods} periods");
        for solver in [Solver::Iterate, Solver::Exact] {
            let settings = SyntheticSettings { solver, ..SyntheticSettings::default() };
            time(&format!("synthetic, all placebos, {solver:?}"), &size, || synthetic(&panel, &settings));
        }
    }
    for n_periods in [36, 365] {
        let panel = panel(0, n_periods);
        let size = format!("{n_periods} periods");
        time("interrupted", &size, || interrupted(&panel, &InterruptedSettings::default()));
    }
    Ok(())
}
