//! What taking usage in costs, as ratios in one run: events through HTTP beside the same rows, indexes and commits put
//! into the same tables without HTTP; on PostgreSQL beside `COPY`. Then what a sustained load does to the server.
//!
//! `cargo bench -p traction --bench ingest`; PostgreSQL where `TRACTION_TEST_POSTGRES` names a server on which it may make
//! a database. `TRACTION_LOAD_SECONDS` says how long the load lasts (60). Needs Linux (`/proc`).
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod direct;
mod load;
mod served;

use std::time::{Duration, Instant};

use direct::Direct;
use served::{Served, Where};

/// Events of a batch, as Segment's clients send at most some hundreds.
pub const N_EVENTS: usize = 250;
/// Batches of a round.
const N_BATCHES: usize = 160;
/// How many senders at once.
pub const N_SENDERS: usize = 8;
/// People who do something.
pub const N_PEOPLE: usize = 2_000;
/// How often each way is taken, by turns; the median of the ratios counts.
const N_ROUNDS: usize = 9;

fn main() {
    println!("| database | through HTTP | without | ratio | aim |");
    println!("|---|---|---|---|---|");
    let folder = tempfile::tempdir().unwrap();
    let embedded = beside(
        "SQLite, beside the same rows and commits",
        &Where::Folder(folder.path().join("http")),
        &Where::Folder(folder.path().join("direct")),
    );
    match std::env::var("TRACTION_TEST_POSTGRES") {
        Ok(server) => {
            let (http, direct) = (Where::database(&server, "http"), Where::database(&server, "direct"));
            drop(beside("PostgreSQL, beside COPY", &http, &direct));
        }
        Err(_) => println!("PostgreSQL is left out: TRACTION_TEST_POSTGRES is not set."),
    }
    load::measure(&embedded);
}

/// Takes both ways by turns, and prints a line of the table; the server that was asked.
fn beside(title: &str, http: &Where, direct: &Where) -> Served {
    let served = Served::start(http);
    let mut direct = Direct::open(direct);
    // Whoever is new is linked once: that is no part of what is measured.
    let (mut ratios, mut through, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=N_ROUNDS {
        let bodies = (0..N_BATCHES).map(|batch| served::body(round, batch)).collect();
        let by_http = timed(|| served.takes(bodies));
        let rows = (0..N_BATCHES).map(|batch| direct::rows(round, batch)).collect();
        let directly = timed(|| direct.takes(rows));
        if round > 0 {
            ratios.push(directly.as_secs_f64() / by_http.as_secs_f64());
            through.push(per_second(by_http));
            without.push(per_second(directly));
        }
    }
    let n = (N_ROUNDS + 1) * N_BATCHES * N_EVENTS;
    assert_eq!((served.n_events(), direct.n_events()), (n, n), "both ways keep the same");
    println!(
        "| {title} | {:.0} events/s | {:.0} events/s | {:.2} | 0.60 |",
        median(through),
        median(without),
        median(ratios)
    );
    served
}

fn timed(does: impl FnOnce()) -> Duration {
    let began = Instant::now();
    does();
    began.elapsed()
}

fn per_second(took: Duration) -> f64 {
    (N_BATCHES * N_EVENTS) as f64 / took.as_secs_f64()
}

/// The one in the middle.
pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// The person of the `n`-th event.
pub fn person(n: usize) -> String {
    format!("staff-{:05}", n * 7_919 % N_PEOPLE)
}
