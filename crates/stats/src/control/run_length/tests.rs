use super::*;
use crate::control::reference::{close, number, read};

/// Reference: runs_rules_exact.json, a Markov chain over rules, gains and how much of the gain is lost. It was solved
/// with subtractions that lose a digit for each digit of the mean (1e-16 of it, relative), as exact rational arithmetic
/// shows; our way around loses none, see the next test.
#[test]
fn every_run_length_equals_the_reference() {
    let Some(file) = read("runs_rules_exact.json") else { return };
    let rows = file["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 210);
    for row in rows {
        let count = |key: &str| row[key].as_u64().unwrap() as usize;
        let rule = Rule { window: count("w"), needed: count("k") };
        let run = RunLength { rule, past: number(&row["p_past"]) };
        let (mean, expect) = (run.mean().unwrap(), number(&row["arl"]));
        let tolerance = f64::max(1e-9, 1e-16 * expect);
        assert!((mean / expect - 1.0).abs() < tolerance, "{row}: {mean}");
        for (n_readings, chance) in row["p_signal_by"].as_object().unwrap() {
            close(n_readings, run.chance_by(n_readings.parse().unwrap()), number(chance));
        }
    }
}

/// Exact rational arithmetic, rounded once at the end. Tolerance: a few roundings.
#[test]
fn a_mean_of_a_thousand_million_readings_keeps_its_digits() {
    let past = 0.022_750_131_948_179_195;
    let run = |window| RunLength { rule: Rule::all_but_one(window), past };
    assert!((run(7).mean().unwrap() / 1_263_636_933.023_705_2 - 1.0).abs() < 1e-14);
}

/// Every sequence of nine readings is tried.
#[test]
fn chances_equal_the_count_of_all_sequences() {
    for (window, needed) in [(3, 2), (5, 4), (4, 4), (2, 1)] {
        let rule = Rule { window, needed };
        let past = 0.3_f64;
        let brute: f64 = (0..1_u32 << 9)
            .filter(|bits| {
                let sequence: Vec<bool> = (0..9).map(|at| bits >> at & 1 == 1).collect();
                rule.first_fired(&sequence).is_some()
            })
            .map(|bits| past.powi(bits.count_ones() as i32) * (1.0 - past).powi(9 - bits.count_ones() as i32))
            .sum();
        assert!((RunLength { rule, past }.chance_by(9) - brute).abs() < 1e-12);
    }
}

#[test]
fn a_reading_that_is_always_past_fires_as_soon_as_enough_are_seen() {
    let run = RunLength { rule: Rule::all_but_one(5), past: 1.0 };
    assert_eq!((run.mean(), run.median(10)), (Some(4.0), Some(4)));
}

#[test]
fn a_reading_that_is_never_past_never_fires() {
    let run = RunLength { rule: Rule::all_but_one(3), past: 0.0 };
    assert_eq!((run.mean(), run.median(10)), (None, None));
}
