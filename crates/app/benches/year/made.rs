//! The organisation and its year, written by plain SQL into the tables of the program, with all their indexes.

use std::fmt::Write;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sea_orm::{ConnectOptions, ConnectionTrait, Database};

use super::says;

/// Units that have the solution, and others; so many people use it in each, of so many who belong to it.
const N_USING: usize = 400;
const N_OTHERS: usize = 100;
const N_PEOPLE: usize = 50;
const N_MEMBERS: usize = 60;
/// Of so many people one belongs to a second unit.
const ONE_OF: usize = 50;
const N_DAYS: i64 = 364;
/// What somebody does on a day on which he uses it: so often `opened`, and so often `ended`.
const N_OPENED: usize = 13;
const N_ENDED: usize = 6;
const DAY: i64 = 86_400_000;

/// Makes it in an empty folder.
pub fn make(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let n_kept: i64 = std::env::var("TRACTION_YEAR_DAYS").map_or(70, |n| n.parse().unwrap());
    let now: i64 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap();
    let began = Instant::now();
    roll_out(folder, now);
    says(folder, &["user", "add", "Ada", "--email", "ada@example.org", "--role", "administrator"]);
    says(
        folder,
        &["user", "add", "Kim", "--email", "kim@example.org", "--role", "lead", "--unit", "unit-000"],
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (n_events, n_raw) = runtime.block_on(fill(folder, now, n_kept));
    let size = std::fs::metadata(folder.join("traction.db")).unwrap().len();
    println!(
        "{n_events} events of {} people in a year, {n_raw} of them one by one; {:.1} GB, made in {:.0} s\n",
        N_USING * N_PEOPLE,
        size as f64 / 1e9,
        began.elapsed().as_secs_f64()
    );
}

/// A roll-out whose outcomes are known by month: two years, the solution in the second.
fn roll_out(folder: &Path, now: i64) {
    let begins = month(now - N_DAYS * DAY);
    let mut table = String::from("unit,month,hours,start\n");
    for unit in 0..N_USING + N_OTHERS {
        let start = if unit < N_USING { written(begins + (unit % 4) as i64) } else { String::new() };
        for month in begins - 12..begins + 11 {
            let has_it = unit < N_USING && month >= begins + (unit % 4) as i64;
            // What differs from unit to unit and month to month, by no rule that a method would find.
            let chance = (unit as i64 * 7_919 + month * 104_729) * 31 % 97;
            let hours = 40.0 + (unit * 7 % 13) as f64 + chance as f64 / 20.0 - if has_it { 3.0 } else { 0.0 };
            writeln!(table, "unit-{unit:03},{},{hours},{start}", written(month)).unwrap();
        }
    }
    let file = folder.join("rounds.csv");
    std::fs::write(&file, table).unwrap();
    let named = ["--unit", "unit", "--period", "month", "--outcome", "hours", "--start", "start"];
    says(
        folder,
        &[&["import", "rollout", file.to_str().unwrap(), "--change", "rounds"][..], &named].concat(),
    );
}

/// The month of a moment, counted from the year 0.
fn month(at: i64) -> i64 {
    let at = jiff::Timestamp::from_millisecond(at).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    i64::from(at.year()) * 12 + i64::from(at.month()) - 1
}

fn written(month: i64) -> String {
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

/// Everybody, each as a member of his unit, and some of the next one too.
fn members() -> [String; 5] {
    let n_people = (N_USING + N_OTHERS) * N_MEMBERS;
    let id = |table: u8| format!("printf('00000000-0000-700{table}-8000-%012x', n.i)");
    let role = |table: u8, further: usize| {
        format!(
            "INSERT INTO role (id, person_id, unit_id, word, given_at) SELECT {}, {}, u.id, 'member', {further}
             FROM number n JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY slug) - 1 AS place FROM unit) u
               ON u.place = (n.i / {N_MEMBERS} + {further}) % {} WHERE {further} = 0 OR n.i % {ONE_OF} = 0",
            id(table),
            id(2),
            N_USING + N_OTHERS
        )
    };
    [
        format!(
            "CREATE TEMP TABLE number AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {})
               SELECT i FROM n",
            n_people - 1
        ),
        format!(
            "INSERT INTO person (id, name, external_id, added_at) SELECT {}, 'P', 'person-' || n.i, 0 FROM number n",
            id(2)
        ),
        role(3, 0),
        role(4, 1),
        "INSERT INTO role_of_several (role_id, person_id, unit_id, given_at)
         SELECT r.id, r.person_id, r.unit_id, r.given_at FROM role r WHERE r.person_id IN
           (SELECT o.person_id FROM role o WHERE o.unit_id IS NOT NULL GROUP BY o.person_id
            HAVING COUNT(DISTINCT o.unit_id) > 1)"
            .to_owned(),
    ]
}

/// Fills in the use; how many events there were, and how many are there.
async fn fill(folder: &Path, now: i64, n_kept: i64) -> (u64, u64) {
    let mut options = ConnectOptions::new(format!("sqlite://{}", folder.join("traction.db").display()));
    options.max_connections(1).sqlx_logging(false);
    let sql = Database::connect(options).await.unwrap();
    let run = async |text: String| sql.execute_unprepared(&text).await.unwrap().rows_affected();
    run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -3000000; PRAGMA temp_store = MEMORY".into()).await;
    for text in members() {
        run(text).await;
    }
    let today = now / DAY;
    let (first, kept_from) = (today - N_DAYS, today - n_kept);
    run(format!(
        "CREATE TEMP TABLE who AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {})
           SELECT n.i AS i, printf('%08x%024x', (n.i * 2654435761) & 4294967295, n.i) AS subject, u.id AS unit_id,
             u.change_id AS change_id
           FROM n JOIN (SELECT u.id AS id, ROW_NUMBER() OVER (ORDER BY u.slug) - 1 AS place, s.change_id AS change_id
             FROM unit u JOIN slot s ON s.unit_id = u.id) u ON u.place = n.i / {N_PEOPLE}",
        N_USING * N_PEOPLE - 1
    ))
    .await;
    run(format!(
        "CREATE TEMP TABLE day AS WITH RECURSIVE n(d) AS (SELECT {first} UNION ALL SELECT d + 1 FROM n WHERE d < {})
           SELECT d FROM n",
        today - 1
    ))
    .await;
    run(format!("CREATE TEMP TABLE kind AS SELECT 'opened' AS event, {N_OPENED} AS n UNION ALL SELECT 'ended', {N_ENDED}")).await;
    // Somebody uses it on three days of four.
    let uses = "(w.i * 7 + d.d * 13) % 4 <> 0";
    let n_days = run(format!(
        "INSERT INTO use_day (change_id, unit_id, subject, occurred_day, event, day, n_events)
         SELECT w.change_id, w.unit_id, w.subject, d.d, k.event, d.d, k.n
         FROM who w CROSS JOIN day d CROSS JOIN kind k WHERE d.d < {kept_from} AND {uses}"
    ))
    .await;
    // The first event of all is there, as it would be if the weeks had been closed one by one.
    run(format!(
        "INSERT INTO usage_event (source, id, received_at, occurred_at, subject, unit_id, change_id, event, value)
         SELECT 'ward computers', 'first', {first} * {DAY}, {first} * {DAY}, w.subject, w.unit_id, w.change_id, 'opened', NULL
         FROM who w WHERE w.i = 0"
    ))
    .await;
    let mut n_raw = 0;
    let ends = now - now % 60_000;
    for day in kept_from..today {
        // Spread over the 24 hours that end at this hour of the day.
        let from = ends - (today - day) * DAY;
        n_raw += run(format!(
            "INSERT INTO usage_event (source, id, received_at, occurred_at, subject, unit_id, change_id, event, value)
             WITH RECURSIVE k(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM k WHERE k < {n_each} - 1)
             SELECT 'ward computers', printf('m-%06d-%02d-%06d', {day}, k.k, w.i), {at} + 1500, {at}, w.subject, w.unit_id,
               w.change_id, CASE WHEN k.k % 3 = 0 AND k.k < 3 * {N_ENDED} THEN 'ended' ELSE 'opened' END, NULL
             FROM k CROSS JOIN who w CROSS JOIN (SELECT {day} AS d) d WHERE {uses}",
            n_each = N_OPENED + N_ENDED,
            at = format_args!("({from} + (k.k * {n} + w.i) * {DAY} / ({} * {n}))", N_OPENED + N_ENDED, n = N_USING * N_PEOPLE)
        ))
        .await;
    }
    run(format!(
        "INSERT INTO usage_dropped (source, before, n_events, n_showings, n_letters, dropped_at, arrived_until)
         VALUES ('ward computers', {kept_from} * {DAY}, {}, 0, 0, {now}, NULL)",
        n_days / 2 * (N_OPENED + N_ENDED) as u64
    ))
    .await;
    run(format!(
        "INSERT INTO hand_over (id, slot_id, from_id, owner_id, transferred, support_ends, proposed_at)
         SELECT s.id, s.id, p.id, p.id, 'all of it', '2099-01-01', {now} - 90 * {DAY} FROM slot s
         JOIN unit u ON u.id = s.unit_id JOIN person p ON p.email = 'kim@example.org' WHERE u.slug < 'unit-040'"
    ))
    .await;
    run(format!(
        "INSERT INTO hand_over_answer (hand_over_id, state, reason, at)
         SELECT id, 'accepted', NULL, {now} - 80 * {DAY} FROM hand_over"
    ))
    .await;
    run("PRAGMA wal_checkpoint(TRUNCATE)".into()).await;
    (n_days / 2 * (N_OPENED + N_ENDED) as u64 + n_raw, n_raw)
}
