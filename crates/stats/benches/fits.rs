//! How long the methods by least squares take on a roll-out of 24 periods and 12 starts: `cargo bench -p traction-stats --bench fits`.
//!
//! Each is timed five times on one thread; the median is printed. Panels with gaps are timed too, because there no two
//! units need share the periods they were seen in.

use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction_stats::effect::{
    ImputationSettings, InteractionSettings, bacon, imputation, interaction, two_way,
};
use traction_stats::panel::{Panel, PanelBuilder, Period, Row, Unbalanced};
use traction_stats::uncertainty::Level;

fn panel(n_units: usize, gaps: f64) -> Panel {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut builder = PanelBuilder::new();
    for i in 0..n_units {
        // A third never starts; the others in periods 7 to 18.
        let start = (i % 3 > 0).then(|| Period::Number(7 + (i / 3 % 12) as i64));
        let (unit, level) = (i.to_string(), 10.0 * chance.random::<f64>());
        for t in 1..=24 {
            let period = Period::Number(t);
            let effect = if start.is_some_and(|start| period >= start) { 1.0 } else { 0.0 };
            let outcome = level + 0.3 * t as f64 + effect + chance.random::<f64>();
            if chance.random::<f64>() < gaps {
                continue;
            }
            let row = Row { line: 0, unit: &unit, period, outcome, start };
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

#[expect(clippy::disallowed_methods, reason = "a stopwatch is what a benchmark is")]
fn time<T>(name: &str, n_units: usize, run: impl Fn() -> T) {
    let mut seconds: Vec<f64> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(run());
            begun.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{name:<28} {n_units:>7} units  {:>9.1} ms", 1000.0 * seconds[2]);
}

fn main() {
    for n_units in [10_000, 100_000] {
        let full = panel(n_units, 0.0);
        time("imputation", n_units, || imputation(&full, &ImputationSettings::default()));
        time("interaction-weighted", n_units, || interaction(&full, &InteractionSettings::default()));
        time("two-way", n_units, || two_way(&full, Level::NINETY_FIVE));
        time("two-way, taken apart", n_units, || bacon(&full));
    }
    let gaps = panel(10_000, 0.05);
    time("imputation, gaps", 10_000, || imputation(&gaps, &ImputationSettings::default()));
    time("interaction-weighted, gaps", 10_000, || interaction(&gaps, &InteractionSettings::default()));
    time("two-way, gaps", 10_000, || two_way(&gaps, Level::NINETY_FIVE));
}
