//! Killed while a large file is taken in: all of it is there, or nothing of it.

use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;

use super::{count, kill, n_rounds, opened, run, traction};

const N_UNITS: usize = 100;
const N_DAYS: i64 = 300;
const N_ROWS: usize = N_UNITS * N_DAYS as usize;

/// What is written so far lies beside the database until it is part of it.
fn n_bytes_written(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("traction.db-wal")).map_or(0, |file| file.len())
}

/// Fails unless an import, killed at some moment, leaves all of its rows or none, and can be made again at last.
///
/// - `n_before`: how many files were taken in before.
async fn leaves_all_or_nothing(folder: &Path, import: &[&str], table: &str, n_before: usize) {
    let mut n_in_the_midst = 0;
    for round in 0..n_rounds(3) {
        let mut importing =
            traction(folder, import).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let enough = n_bytes_written(folder) + 100_000 + 500_000 * u64::try_from(round).unwrap();
        while n_bytes_written(folder) < enough && importing.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let was_under_way = importing.try_wait().unwrap().is_none();
        kill(importing);
        let store = opened(folder).await;
        let kept = (count(&store, table).await, count(&store, "taken_in").await);
        assert!([(0, n_before), (N_ROWS, n_before + 1)].contains(&kept), "half of it is there: {kept:?}");
        n_in_the_midst += usize::from(was_under_way && kept.0 == 0);
    }
    assert!(n_in_the_midst > 0, "no import was killed in the midst of it");

    run(folder, import);
    run(folder, import);
    let store = opened(folder).await;
    assert_eq!((count(&store, table).await, count(&store, "taken_in").await), (N_ROWS, n_before + 1));
}

/// A file with a row for each unit and day, and the units taken in.
fn written(folder: &Path, header: &str, row: impl Fn(usize, jiff::civil::Date) -> String) -> String {
    let (units, file) = (folder.join("units.csv"), folder.join("rows.csv"));
    let (mut unit_rows, mut rows) = ("unit,name,members\n".to_owned(), format!("{header}\n"));
    let first: jiff::civil::Date = "2025-01-01".parse().unwrap();
    for unit in 0..N_UNITS {
        writeln!(unit_rows, "ward-{unit},Ward {unit},20").unwrap();
        for day in 0..N_DAYS {
            writeln!(rows, "{}", row(unit, first.saturating_add(jiff::Span::new().days(day)))).unwrap();
        }
    }
    std::fs::write(&units, unit_rows).unwrap();
    std::fs::write(&file, rows).unwrap();
    run(folder, &["import", "units", units.to_str().unwrap()]);
    file.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_import_that_is_killed_leaves_all_or_nothing_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = written(folder, "unit,period,value", |unit, day| format!("ward-{unit},{day},{}", day.day()));
    run(folder, &["metric", "add", "Days absent", "--measure", "days", "--better", "down"]);
    let import = ["import", "outcomes", &file, "--metric", "days-absent"];
    leaves_all_or_nothing(folder, &import, "outcome", 1).await;
}

#[tokio::test]
async fn an_import_of_usage_that_is_killed_leaves_all_or_nothing_and_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = written(folder, "unit,at,event", |unit, day| format!("ward-{unit},{day}T08:00:00Z,opened"));
    leaves_all_or_nothing(folder, &["import", "usage", &file], "usage_event", 1).await;
}
