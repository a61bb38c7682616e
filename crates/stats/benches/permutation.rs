//! How long the tests by drawing again take, on one thread: `cargo bench -p traction-stats --bench permutation`.
//!
//! The panels have the shape of the police training panel: 7,785 units, 72 months, 48 starts; in one, as there, 3 in
//! 1,000 cells are not 0, in the other all differ.

use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction_stats::effect::risk_set::{Admission, Entrant, Lot, RiskSetSettings, Tier, Wave, permute_draw};
use traction_stats::effect::{EfficientSettings, Estimand, efficient, permute_starts, permuted_reach};
use traction_stats::panel::{Panel, PanelBuilder, Period, Row, Unbalanced};
use traction_stats::uncertainty::permutation::Redraws;

const REDRAWS: Redraws = Redraws { n: 20_000, seed: 1 };

/// Units x periods, with the share of cells that are not 0; starts from period 13 on, `n_starts` of them.
fn panel(n_units: usize, n_periods: i64, n_starts: usize, filled: f64) -> Panel {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut builder = PanelBuilder::new();
    for i in 0..n_units {
        let (unit, start) = (i.to_string(), Some(Period::Number(13 + (i % n_starts) as i64)));
        for t in 1..=n_periods {
            let outcome = if chance.random::<f64>() < filled { chance.random() } else { 0.0 };
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

/// Two waves of one tier: half of the units win in the first, half of the others in the second.
fn waves(n_units: usize) -> Vec<Wave> {
    let tier = Tier { band: 1, layer: 0 };
    let wave = |at: i64, units: std::ops::Range<usize>| {
        let n_won = units.len() / 2;
        let entrant = |(place, unit)| Entrant {
            unit: Some(unit),
            tier,
            admission: Admission::Open,
            lot: if place < n_won { Lot::Won } else { Lot::Lost },
            probability: None,
        };
        Wave { at: Period::Number(at), entrants: units.enumerate().map(entrant).collect(), until: None }
    };
    vec![wave(13, 0..n_units), wave(19, n_units / 2..n_units)]
}

#[expect(clippy::disallowed_methods, reason = "time is what a benchmark is about")]
fn time<T, E: std::fmt::Display>(name: &str, run: impl Fn() -> Result<T, E>) {
    let mut seconds: Vec<f64> = (0..3)
        .map(|_| {
            let begun = Instant::now();
            if let Err(refused) = std::hint::black_box(run()) {
                panic!("{refused}");
            }
            begun.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{name:<52} {:>9.1} ms", 1000.0 * seconds[1]);
}

fn all() {
    let settings = EfficientSettings::default();
    for (what, filled) in [("3 in 1,000 cells not 0", 0.003), ("all cells differ", 1.0)] {
        let police = panel(7_785, 72, 48, filled);
        time(&format!("efficient, {what}"), || efficient(&police, &settings));
        let test = || permute_starts(&police, &settings, Estimand::Simple, REDRAWS);
        time(&format!("20,000 deals of its starts, {what}"), test);
        let reach = || permuted_reach(&police, &settings, (Estimand::Simple, 0.0), REDRAWS);
        time(&format!("the effects they let stand, {what}"), reach);
    }
    let wide = panel(100_000, 24, 12, 1.0);
    time("efficient, 100,000 units, 24 periods", || efficient(&wide, &settings));
    for n_units in [40, 1_000] {
        let (pool, waves) = (panel(n_units, 24, 12, 1.0), waves(n_units));
        let test = || permute_draw(&pool, &waves, &RiskSetSettings::default(), REDRAWS);
        time(&format!("20,000 times two draws among {n_units} units"), test);
    }
}

fn main() {
    match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(one) => one.install(all),
        Err(broken) => panic!("{broken}"),
    }
}
