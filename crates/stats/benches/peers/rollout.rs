//! The roll-outs that are timed: 24 periods, 12 starts, one unit in thirteen never starting. The same seed, the same
//! numbers, whether they are written to a file or go straight into a panel.

use std::fmt::Write as _;
use std::io::{self, Write};

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction_stats::panel::{Beside, Panel, PanelBuilder, PanelRefused, Period, Row, Unbalanced};

const N_PERIODS: i64 = 24;
const N_STARTS: i64 = 12;
const FIRST_START: i64 = 7;

/// Whether the two covariates come along.
#[derive(Clone, Copy, PartialEq)]
pub enum Covariates {
    None,
    Both,
}

struct Seen {
    unit: usize,
    period: i64,
    outcome: f64,
    start: Option<i64>,
    x: [f64; 2],
}

/// Rows unit by unit: the first covariate bends a unit's trend, noise drifts, and the effect grows from 1 by a tenth
/// a period. Numbers have six decimals, as tables have.
fn play<E>(n_units: usize, mut show: impl FnMut(&Seen) -> Result<(), E>) -> Result<(), E> {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(5);
    for unit in 0..n_units {
        let group = (unit as i64) % (N_STARTS + 1);
        let start = (group < N_STARTS).then_some(FIRST_START + group);
        let x = [chance.random::<f64>(), chance.random::<f64>() - 0.5].map(rounded);
        let mut drift = 0.0;
        for period in 1..=N_PERIODS {
            drift = 0.5 * drift + chance.random::<f64>() - 0.5;
            let since = start.map_or(-1, |start| period - start);
            let effect = if since >= 0 { 1.0 + 0.1 * since as f64 } else { 0.0 };
            let outcome = rounded(10.0 + x[0] * period as f64 * 0.1 + drift + effect);
            show(&Seen { unit, period, outcome, start, x })?;
        }
    }
    Ok(())
}

fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// Writes them as CSV: a start of 0 is never, which all that read the file understand.
pub fn write(n_units: usize, file: &mut impl Write) -> io::Result<()> {
    writeln!(file, "unit,period,y,start,x,z")?;
    play(n_units, |Seen { unit, period, outcome, start, x: [x, z] }| {
        writeln!(file, "{},{period},{outcome},{},{x},{z}", unit + 1, start.unwrap_or(0))
    })
}

/// The panel itself, without a file.
pub fn panel(n_units: usize, covariates: Covariates) -> Result<Panel, PanelRefused> {
    let mut builder = match covariates {
        Covariates::None => PanelBuilder::new(),
        Covariates::Both => PanelBuilder::with_covariates(&["x", "z"]),
    };
    let (mut line, mut label) = (1, String::new());
    play(n_units, |seen| {
        line += 1;
        label.clear();
        let _ = write!(label, "{}", seen.unit + 1);
        let (period, start) = (Period::Number(seen.period), seen.start.map(Period::Number));
        let row = Row { line, unit: &label, period, outcome: seen.outcome, start };
        let values = seen.x.map(Some);
        let covariates: &[Option<f64>] = if covariates == Covariates::None { &[] } else { &values };
        builder.push_beside(row, &Beside { covariates, ..Beside::default() })
    })?;
    builder.finish(Unbalanced::Keep)
}
