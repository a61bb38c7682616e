//! A cluster of workers: two processes on loopback share a query, one is killed under way, and the panel is the same.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::demo::PROGRAM;

const SECRET: &str = "kingfisher-kingfisher-kingfisher";
const N_UNITS: usize = 40;
const N_MONTHS: usize = 24;
const N_FILES: usize = 4;
/// So many rows a file has for each unit and month: so many bytes that both workers have a part.
const N_ROWS_EACH: usize = 40;

/// A worker's process; it ends with the story.
struct Worker {
    process: Child,
    address: String,
}

impl Worker {
    fn start(folder: &Path, secret: &str) -> Worker {
        let mut process = Command::new(PROGRAM)
            .args(["warehouse", "worker", "--listen", "127.0.0.1:0", "--folder"])
            .arg(folder)
            .env("TRACTION_WAREHOUSE_SECRET", secret)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(process.stderr.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.split("listens on ").nth(1).and_then(|rest| rest.split(',').next());
        Worker { address: format!("http://{}", address.expect(&said)), process }
    }

    /// How long it has computed, in ticks of the system's clock: a hundredth of a second each.
    fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // After the name, which ends with the last bracket; then utime and stime are the twelfth and thirteenth.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// SIGKILL.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An installation with a folder of files.
struct Installation {
    folder: tempfile::TempDir,
}

impl Installation {
    fn new() -> Installation {
        let installation = Installation { folder: tempfile::tempdir().unwrap() };
        let cells = installation.exports().join("cells");
        std::fs::create_dir_all(&cells).unwrap();
        for nth in 0..N_FILES {
            let mut file =
                std::io::BufWriter::new(std::fs::File::create(cells.join(format!("{nth}.csv"))).unwrap());
            writeln!(file, "ward,month,hours,note").unwrap();
            for at in 0..N_UNITS * N_MONTHS * N_ROWS_EACH {
                let (unit, month) = (at % N_UNITS, at / N_UNITS % N_MONTHS);
                let hours = ((at * 7 + nth * 13) % 1_000) as f64 / 8.0;
                writeln!(
                    file,
                    "ward-{unit},{}-{:02}-01,{hours},{}",
                    2024 + month / 12,
                    month % 12 + 1,
                    "some words ".repeat(2)
                )
                .unwrap();
            }
        }
        let units: String = (0..N_UNITS).map(|unit| format!("ward-{unit},Ward {unit}\n")).collect();
        std::fs::write(installation.folder.path().join("units.csv"), format!("unit,name\n{units}")).unwrap();
        installation.traction("import units units.csv", None);
        installation
    }

    fn exports(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("exports")
    }

    fn command(&self, line: &str, workers: Option<&str>) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .env("TRACTION_SOURCE_EXPORTS", format!("files://{}", self.exports().display()))
            .env("TRACTION_WAREHOUSE_SECRET", SECRET)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(workers) = workers {
            command.env("TRACTION_WAREHOUSE", workers);
        }
        command
    }

    fn traction(&self, line: &str, workers: Option<&str>) -> String {
        let output = self.command(line, workers).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{line}: {out} {err}");
        out.into_owned()
    }

    /// A metric with a source that fills it by this query.
    fn source(&self, name: &str, query: &str) {
        std::fs::write(self.folder.path().join("query.sql"), query).unwrap();
        self.traction(&format!("metric add {name} --measure hours --better up"), None);
        self.traction(
            &format!("source add {name} --metric {name} --connection EXPORTS --query-file query.sql"),
            None,
        );
    }

    /// What came of a run.
    fn ran(&self, source: &str, workers: &str) -> Value {
        let output = self.command(&format!("source run {source} --json"), Some(workers)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&said)
            .unwrap_or_else(|_| panic!("{said} {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// All values of a metric, by unit and month.
    fn panel(&self, metric: &str) -> Vec<(String, f64)> {
        let shown = self.traction(&format!("outcome list {metric} --json"), None);
        let rows: Vec<Value> = serde_json::from_str(&shown).unwrap();
        let cell =
            |row: &Value| format!("{} {}", row["unit"].as_str().unwrap(), row["period"].as_str().unwrap());
        let mut panel: Vec<(String, f64)> =
            rows.iter().map(|row| (cell(row), row["value"].as_str().unwrap().parse().unwrap())).collect();
        panel.sort_by(|one, other| one.0.cmp(&other.0));
        panel
    }
}

/// A sum over a folder of files, and something beside it that takes a while and changes nothing.
const SLOW: &str = "SELECT ward AS unit, month AS period,
    sum(hours) + 0 * max(levenshtein(repeat(note, @), repeat(ward, @))) AS value
  FROM cells GROUP BY ward, month";

#[track_caller]
fn same(one: &[(String, f64)], other: &[(String, f64)]) {
    assert_eq!(one.len(), N_UNITS * N_MONTHS);
    assert_eq!(one.len(), other.len());
    for ((cell, value), (of, other)) in one.iter().zip(other) {
        assert_eq!(cell, of);
        // Parts are added in whichever order they come: the last digits differ.
        assert!((value - other).abs() <= 1e-9 * value.abs().max(1.0), "{cell}: {value} and {other}");
    }
}

#[test]
fn a_query_goes_on_with_the_workers_that_are_left_and_gives_the_same_panel() {
    if std::env::var_os("TRACTION_LONG").is_none() {
        eprintln!("SKIPPED: set TRACTION_LONG=1 to start two workers and kill one (./check --long does)");
        return;
    }
    let installation = Installation::new();
    let exports = installation.exports();
    for name in ["alone", "both", "lost"] {
        installation.source(name, &SLOW.replace('@', if name == "lost" { "3" } else { "1" }));
    }
    installation.traction("source run alone", None);
    let alone = installation.panel("alone");

    let (mut first, second) = (Worker::start(&exports, SECRET), Worker::start(&exports, SECRET));
    let cluster = format!("workers:{},{}", first.address, second.address);
    let before = (first.ticks(), second.ticks());
    let both = installation.ran("both", &cluster);
    assert_eq!((both["state"].as_str(), both["remark"].as_str()), (Some("taken"), None), "{both}");
    assert!(first.ticks() > before.0 && second.ticks() > before.1, "both had a part");
    same(&installation.panel("both"), &alone);

    // One is killed while it computes.
    let before = first.ticks();
    let mut under_way = installation.command("source run lost --json", Some(&cluster)).spawn().unwrap();
    while first.ticks() < before + 30 {
        assert!(
            under_way.try_wait().unwrap().is_none(),
            "it is done before the worker has computed for a while"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    first.kill();
    assert!(under_way.try_wait().unwrap().is_none(), "the run is under way when its worker is killed");
    let output = under_way.wait_with_output().unwrap();
    let ended: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(ended["state"], "taken", "{ended}");
    assert_eq!(ended["remark"], "Worker 1 of 2 was lost under way; the query was asked again of the others.");
    same(&installation.panel("lost"), &alone);
    let shown = installation.traction("source show lost --json", None);
    assert!(shown.contains("was lost under way"), "the run keeps it: {shown}");

    // From the beginning.
    let ended = installation.ran("lost", &cluster);
    assert_eq!(ended["remark"], "Worker 1 of 2 did not answer; the others were asked.");
    drop(second);
    let ended = installation.ran("lost", &cluster);
    assert_eq!(ended["state"], "nothing came", "{ended}");
    assert!(
        ended["why"].as_str().unwrap().starts_with("none of the 2 workers in TRACTION_WAREHOUSE answers")
    );
}

#[test]
fn a_worker_takes_no_work_of_strangers_and_reads_its_own_folders_alone() {
    let installation = Installation::new();
    installation.source("hours", &SLOW.replace('@', "1"));
    let exports = installation.exports();
    let stranger = Worker::start(&exports, "another-secret-of-other-people");
    let ended = installation.ran("hours", &format!("workers:{}", stranger.address));
    assert_eq!(ended["state"], "refused", "{ended}");
    let why = ended["why"].as_str().unwrap();
    assert!(
        why.starts_with(
            "worker 1 in TRACTION_WAREHOUSE does not take this server's TRACTION_WAREHOUSE_SECRET"
        ),
        "{why}"
    );
    assert!(!why.contains("kingfisher") && !why.contains("another"), "{why}");

    let elsewhere = tempfile::tempdir().unwrap();
    let (one, two) = (Worker::start(elsewhere.path(), SECRET), Worker::start(elsewhere.path(), SECRET));
    let ended = installation.ran("hours", &format!("workers:{},{}", one.address, two.address));
    assert_eq!(ended["state"], "nothing came", "{ended}");
    assert!(
        ended["why"].as_str().unwrap().contains("a file could not be read to its end, here or by a worker"),
        "{ended}"
    );

    for (line, says) in [
        ("warehouse worker --listen 127.0.0.1:0", "--folder"),
        ("warehouse worker --listen 127.0.0.1:0 --folder exports", "folder is named from the root on"),
        ("warehouse worker --listen 127.0.0.1:0 --folder /srv/../etc", "without `..`"),
        (
            "warehouse worker --listen 127.0.0.1:0 --folder /srv/no/such/folder",
            "/srv/no/such/folder cannot be read",
        ),
    ] {
        let output = installation.command(line, None).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(says), "{said}");
    }
    let without = installation
        .command(&format!("warehouse worker --listen 127.0.0.1:0 --folder {}", exports.display()), None)
        .env_remove("TRACTION_WAREHOUSE_SECRET")
        .output()
        .unwrap();
    assert_eq!(without.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&without.stderr)
            .contains("TRACTION_WAREHOUSE_SECRET has fewer than 24 characters")
    );
}
