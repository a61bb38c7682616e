//! What an answer costs, as a ratio: the door's CPU time per request beside that of a bare axum server and of bare hyper,
//! which parse a body and give it back, and beside serialising a hundred flags afresh; in the same run, each server
//! pinned to the first core and asked from the second.
//!
//! `cargo bench -p traction --bench access` prints the table of `docs/guide/access.md`. Needs Linux (`/proc`, `taskset`).
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod ask;
mod organisation;
mod serve;
mod streams;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use ask::{Asked, Load};
use organisation::Size;

/// The variable that makes this program a server, of the kind that it names.
const SERVES: &str = "TRACTION_BENCH_SERVES";

/// How often each load is repeated; the median counts, of ratios that of the ratios within a round.
const N_ROUNDS: usize = 201;

/// A server that runs by itself on the first core.
pub struct Server {
    child: Child,
    /// What it said when it was ready.
    pub said: Value,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server of a kind, and waits until it is ready.
    pub fn start(kind: &str) -> Server {
        let mut child = Command::new("taskset")
            .args(["--cpu-list", "0"])
            .arg(std::env::current_exe().unwrap())
            .env(SERVES, kind)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Server { said: serde_json::from_str(&line).unwrap(), child }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.said["address"].as_str().unwrap()
    }

    /// CPU time that it used so far, on all its threads, in nanoseconds.
    pub fn cpu(&self) -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let used = |task: std::fs::DirEntry| {
            let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        };
        tasks.filter_map(|task| used(task.unwrap())).sum()
    }

    /// Memory that it holds, in kilobytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

fn main() {
    if let Ok(kind) = std::env::var(SERVES) {
        return serve::run(&kind);
    }
    pin_to_second_core();
    let [hyper, axum, afresh] = ["hyper", "axum", "afresh"].map(Server::start);
    let small = Server::start(Size::SMALL.word);
    let large = Server::start(Size::LARGE.word);
    let mut loads = vec![
        Load::plain("bare hyper, parse and give back", &hyper, "/"),
        Load::plain("bare axum, parse and give back", &axum, "/"),
        Load::plain("a hundred flags as structs, serialised afresh", &afresh, "/structs"),
        Load::plain("a hundred flags as `serde_json::Value`, afresh", &afresh, "/values"),
    ];
    for (server, size) in [(&small, Size::SMALL), (&large, Size::LARGE)] {
        loads.push(Load::of_door(server, size, Asked::One));
        loads.push(Load::of_door(server, size, Asked::All));
        loads.push(Load::of_door(server, size, Asked::AllPacked));
        loads.push(Load::of_door(server, size, Asked::AllUnchanged));
    }
    // By turns, so that whatever else the machine does meanwhile meets all of them.
    for _ in 0..N_ROUNDS {
        loads.iter_mut().for_each(Load::round);
    }
    println!("| what | CPU per request | beside bare axum | beside structs afresh |");
    println!("|---|---|---|---|");
    for load in &loads {
        println!(
            "| {} | {:.1} µs | {:.2} | {:.2} |",
            load.title,
            load.median() / 1_000.0,
            load.beside(&loads[1]),
            load.beside(&loads[2])
        );
    }
    for (server, size) in [(&small, Size::SMALL), (&large, Size::LARGE)] {
        println!(
            "{}: {} MB held; read in {} ms; seen after {} ms that a slot is switched, after {} ms that somebody joined a unit",
            size.title,
            server.memory() / 1_024,
            server.said["read_ms"],
            server.said["switch_ms"],
            server.said["join_ms"],
        );
        let [door, structs] =
            ["door_ns", "structs_ns"].map(|name| server.said[name].as_f64().unwrap() / 1_000.0);
        println!(
            "{}, without a socket: all of 100 flags {door:.2} µs, as structs afresh {structs:.2} µs, {:.1} times as much",
            size.title,
            structs / door
        );
    }
    drop(loads);
    drop((hyper, afresh, large));
    streams::measure(&small);
}

fn pin_to_second_core() {
    let id = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", "1", &id]).output();
    assert!(pinned.unwrap().status.success(), "needs two cores, and taskset");
}
