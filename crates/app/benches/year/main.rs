//! A year of 10⁸ usage events: what the pages that look at use cost the server then, and the work behind them.
//!
//! `cargo bench -p traction --bench year` makes an embedded database of a large organisation by plain SQL, in the folder
//! that `TRACTION_YEAR` names (some 20 GB; a folder that holds one is used again), else in one that is removed. Of the year
//! the use by person and day is there, as it is kept, and of its last `TRACTION_YEAR_DAYS` days (70) every event.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod asked;
mod made;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use asked::Served;

/// How often each page is asked for; the one in the middle counts.
const N_TIMES: usize = 21;

fn main() {
    let throwaway = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("TRACTION_YEAR").map_or(throwaway.path().to_owned(), PathBuf::from);
    if !folder.join("traction.db").exists() {
        made::make(&folder);
    }
    println!("| command | took |");
    println!("|---|---|");
    for arguments in [&["uptake", "count"][..], &["prove", "change", "rounds"]] {
        let began = Instant::now();
        says(&folder, arguments);
        println!("| `traction {}` | {:.1} s |", arguments.join(" "), began.elapsed().as_secs_f64());
    }
    let link = says(&folder, &["user", "link", "ada@example.org"]);
    let server = Served::start(&folder, link.trim());
    // What it does by itself at its start is over.
    server.is_calm();
    println!("\n| page | in the middle | at most |");
    println!("|---|---|---|");
    for path in [
        "/changes/rounds/uptake",
        "/uptake",
        "/usage",
        "/watches",
        "/watches/unit-000/rounds",
        "/sources",
        "/evidence",
        "/changes/rounds/evidence",
        "/changes/rounds",
        "/",
        "/me/usage",
    ] {
        let mut took: Vec<Duration> = (0..N_TIMES).map(|_| server.asked(path)).collect();
        took.sort();
        let ms = |took: Duration| took.as_secs_f64() * 1_000.0;
        println!("| `{path}` | {:.1} ms | {:.1} ms |", ms(took[N_TIMES / 2]), ms(took[N_TIMES - 1]));
    }
    println!("\nThe server holds {} MB.", server.memory());
}

/// The program, on the folder.
fn traction(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_traction"));
    command.args(arguments).arg("--data").arg(folder);
    command.env_remove("TRACTION_DATABASE").env("TRACTION_LOG", "warn");
    command
}

/// What a command says that must succeed.
fn says(folder: &Path, arguments: &[&str]) -> String {
    let output = traction(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
