//! A load that lasts: more senders than the server takes at once, and meanwhile somebody who asks for access.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::N_EVENTS;
use super::served::{Served, body};

/// More than there are places.
const N_SENDERS: usize = 96;
/// How often access is asked for.
const APART: Duration = Duration::from_millis(5);
/// Rounds of events that no other part of the benchmark sends.
const FIRST_ROUND: usize = 5_000;

/// What came of it.
#[derive(Default)]
struct Seen {
    n_taken: AtomicUsize,
    n_told_to_come_again: AtomicUsize,
    n_hung_up: AtomicUsize,
    is_over: AtomicBool,
}

/// Loads the server, and prints what it did.
pub fn measure(server: &Served) {
    let n_seconds = std::env::var("TRACTION_LOAD_SECONDS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let before = server.n_events();
    let idle = asked(server, || false, Duration::from_secs(3));
    let seen = Seen::default();
    let (memory, access) = std::thread::scope(|scope| {
        for sender in 0..N_SENDERS {
            let seen = &seen;
            scope.spawn(move || sends(server, sender, seen));
        }
        let memory = scope.spawn(|| {
            let mut memory = Vec::new();
            for _ in 0..n_seconds {
                std::thread::sleep(Duration::from_secs(1));
                memory.push(server.memory());
            }
            seen.is_over.store(true, Ordering::SeqCst);
            memory
        });
        let access = asked(server, || seen.is_over.load(Ordering::SeqCst), Duration::MAX);
        (memory.join().unwrap(), access)
    });
    let n = |of: &AtomicUsize| of.load(Ordering::SeqCst);
    let kept = server.n_events() - before;
    assert!(kept >= n(&seen.n_taken) * N_EVENTS, "what was acknowledged is there");
    println!(
        "\n{N_SENDERS} senders for {n_seconds} s: {:.0} events/s; {} batches taken, {} answered 429, {} hung up on while they sent; none waited ten seconds",
        kept as f64 / n_seconds as f64,
        n(&seen.n_taken),
        n(&seen.n_told_to_come_again),
        n(&seen.n_hung_up),
    );
    let tenth = memory.len() / 10;
    println!(
        "memory: {} MB after a tenth of the time, {} MB after half, {} MB at the end, {} MB at most",
        memory[tenth],
        memory[memory.len() / 2],
        memory[memory.len() - 1],
        memory.iter().max().unwrap()
    );
    for (what, took) in [("before", idle), ("meanwhile", access)] {
        let at = |share: f64| took[(took.len() as f64 * share) as usize].as_secs_f64() * 1_000.0;
        println!(
            "access {what}: {:.2} ms in the middle, {:.2} ms for 99 of 100, {:.2} ms at most",
            at(0.5),
            at(0.99),
            at(0.9999)
        );
    }
}

fn sends(server: &Served, sender: usize, seen: &Seen) {
    let mut line = server.line();
    let mut batch = 0;
    while !seen.is_over.load(Ordering::SeqCst) {
        let request = server.request("/v1/batch", &body(FIRST_ROUND + sender, batch));
        match line.sends(&request) {
            200 => {
                seen.n_taken.fetch_add(1, Ordering::SeqCst);
                batch += 1;
            }
            429 => {
                seen.n_told_to_come_again.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_secs(1));
            }
            0 => {
                seen.n_hung_up.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_secs(1));
            }
            other => panic!("an answer of another kind: {other}"),
        }
    }
}

/// Asks for access until it is over; how long each answer took, the shortest first.
fn asked(server: &Served, is_over: impl Fn() -> bool, at_most: Duration) -> Vec<Duration> {
    let request = server.request("/ofrep/v1/evaluate/flags", r#"{"context":{"targetingKey":"ward-1"}}"#);
    let mut line = server.line();
    let mut took = Vec::new();
    let began = Instant::now();
    while !is_over() && began.elapsed() < at_most {
        let asked = Instant::now();
        assert_eq!(line.sends(&request), 200);
        took.push(asked.elapsed());
        std::thread::sleep(APART);
    }
    took.sort_unstable();
    took
}
