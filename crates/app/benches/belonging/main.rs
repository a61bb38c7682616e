//! Who belongs to several units, and how many to each, asked for in an organisation of a million people: as it is kept,
//! beside looking through all roles.
//!
//! `cargo bench -p traction --bench belonging` makes an embedded database of 20,000 units with a million people, of whom
//! one in fifty belongs to two; one change has slots in 400 units, another in all.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::{Duration, Instant};

use traction::measure::uptake::store::holding;
use traction::org::unit;
use traction::store::{Place, Sql, Store};
use traction_domain::id::ChangeId;

/// How often each is asked for; the one in the middle counts.
const N_TIMES: usize = 11;

/// As it was asked before there was a list: people with roles in several units are looked for among all.
const LOOKED_FOR: &str =
    "SELECT r.person_id AS person_id, r.unit_id AS unit_id, MIN(r.given_at) AS given_at FROM role r
     WHERE r.unit_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
       AND r.person_id IN (SELECT o.person_id FROM role o WHERE o.unit_id IS NOT NULL
         GROUP BY o.person_id HAVING MIN(o.unit_id) <> MAX(o.unit_id))
     GROUP BY r.person_id, r.unit_id ORDER BY r.person_id, MIN(r.given_at), r.unit_id";

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Place::Throwaway(folder.path().to_owned())).await.unwrap();
    fill(store.read()).await;
    let sql = store.read();
    let [few, all] = ["6", "7"].map(|n| id(n, "0").parse::<ChangeId>().unwrap());
    let looked_for = middle(async || sql.all(LOOKED_FOR, vec![]).await.unwrap().len()).await;
    println!("| asked for | lines | ms | ratio to looking through all |");
    println!("|---|---|---|---|");
    let line = |what: &str, (n, took): (usize, Duration), beside: Duration| {
        let ratio = took.as_secs_f64() / beside.as_secs_f64();
        println!("| {what} | {n} | {:.1} | {ratio:.3} |", took.as_secs_f64() * 1_000.0);
    };
    line("who belongs to several units, looked for among all roles", looked_for, looked_for.1);
    for (what, change) in [("the 400 units of a change", few), ("all 20,000", all)] {
        let listed = middle(async || holding::of_several(sql, change).await.unwrap().len()).await;
        line(&format!("as it is kept, of {what}"), listed, looked_for.1);
    }
    let every = middle(async || unit::store::all(sql).await.unwrap().len()).await;
    line("every unit and how many belong to it", every, every.1);
    let units = middle(async || holding::units(sql, few).await.unwrap().len()).await;
    line("the same of the 400 units of a change", units, every.1);
}

/// The lines of an answer, and how long it takes.
async fn middle(ask: impl AsyncFn() -> usize) -> (usize, Duration) {
    let mut took = Vec::new();
    let mut n_lines = 0;
    for _ in 0..N_TIMES {
        let began = Instant::now();
        n_lines = ask().await;
        took.push(began.elapsed());
    }
    took.sort();
    (n_lines, took[N_TIMES / 2])
}

/// An id of a table's number and a row's.
fn id(table: &str, row: &str) -> String {
    format!("00000000-0000-700{table}-8000-{row:0>12}")
}

/// Writes it by plain SQL.
async fn fill(sql: &Sql) {
    let id = |table: &str, row: &str| format!("printf('00000000-0000-700{table}-8000-%012x', {row})");
    let count = |n: usize, every: usize| {
        format!(
            "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + {every} FROM numbers WHERE n + {every} < {n})"
        )
    };
    let role = |table: &str, own: &str, every: usize| {
        format!(
            "{} INSERT INTO role (id, person_id, unit_id, word, given_at) SELECT {}, {}, {}, 'member', 0 FROM numbers",
            count(1_000_000, every),
            id(table, "n"),
            id("2", "n"),
            id("1", own)
        )
    };
    let texts = [
        format!(
            "{} INSERT INTO unit (id, slug, name, added_at) SELECT {}, 'unit-' || n, 'Unit ' || n, 0 FROM numbers",
            count(20_000, 1),
            id("1", "n")
        ),
        format!(
            "{} INSERT INTO person (id, name, added_at) SELECT {}, 'P', 0 FROM numbers",
            count(1_000_000, 1),
            id("2", "n")
        ),
        role("3", "n / 50", 1),
        role("8", "(n / 50 + 7001) % 20000", 50),
        "INSERT INTO role_of_several (role_id, person_id, unit_id, given_at)
         SELECT r.id, r.person_id, r.unit_id, r.given_at FROM role r WHERE r.person_id IN
           (SELECT o.person_id FROM role o GROUP BY o.person_id HAVING COUNT(DISTINCT o.unit_id) > 1)"
            .to_owned(),
        format!(
            "INSERT INTO metric (id, slug, name, unit_of_measure, better, defined_at)
             VALUES ({}, 'metric', 'M', 'm', 'up', 0)",
            id("4", "0")
        ),
        format!(
            "INSERT INTO goal (id, title, metric_id, target, set_at) VALUES ({}, 'G', {}, 1, 0)",
            id("5", "0"),
            id("4", "0")
        ),
    ];
    let changes = [("6", 50), ("7", 1)].into_iter().flat_map(|(table, every)| {
        let change = id(table, "0");
        [
            format!(
                "INSERT INTO change (id, slug, name, promise, goal_id, metric_id, worth, flag_key, opened_at)
                 VALUES ({change}, 'change-{table}', 'C', 'P', {}, {}, 1, 'flag-{table}', 0)",
                id("5", "0"),
                id("4", "0")
            ),
            format!(
                "{} INSERT INTO slot (id, change_id, unit_id, asked, not_before, granted_at)
                 SELECT 's{table}' || n, {change}, {}, 'pull', 0, 0 FROM numbers",
                count(20_000, every),
                id("1", "n")
            ),
        ]
    });
    for text in texts.into_iter().chain(changes) {
        sql.run(&text, vec![]).await.unwrap();
    }
}
