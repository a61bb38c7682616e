//! Released ADBC drivers, as their users install them: SQLite's on a file, PostgreSQL's on the tests' own server.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection, Database, Driver as _, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use jiff::tz::TimeZone;
use tempfile::TempDir;
use traction_domain::measure::source::answer::{Limits, RunRefused};
use traction_warehouse::{Asked, Driver, Read, read_by_driver};

/// A name that must never be seen in a refusal.
const PERSON: &str = "Jo Smith";
const LIMITS: Limits = Limits { n_rows: 100, n_bytes: 1 << 20, n_seconds: 30 };

/// The file of a released driver.
fn driver(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("TRACTION_ADBC_DRIVERS") else {
        eprintln!("SKIPPED: TRACTION_ADBC_DRIVERS is not set (./check --long installs drivers there)");
        return None;
    };
    let package = Path::new(&folder).join(format!("adbc_driver_{name}"));
    let file = package.join(format!("libadbc_driver_{name}.so"));
    assert!(file.is_file(), "{} is not there", file.display());
    Some(file.canonicalize().unwrap())
}

fn connected(file: &Path, uri: &str) -> ManagedConnection {
    let mut driver = ManagedDriver::load_dynamic_from_filename(file, None, AdbcVersion::V110).unwrap();
    let uri = [(OptionDatabase::Uri, OptionValue::from(uri))];
    driver.new_database_with_opts(uri).unwrap().new_connection().unwrap()
}

fn does(connection: &mut ManagedConnection, sql: &str) {
    let mut statement = connection.new_statement().unwrap();
    statement.set_sql_query(sql).unwrap();
    statement.execute_update().unwrap();
}

/// A table of falls in a file of SQLite's.
struct Sqlite {
    folder: TempDir,
    driver: PathBuf,
}

impl Sqlite {
    fn new() -> Option<Sqlite> {
        let sqlite = Sqlite { driver: driver("sqlite")?, folder: tempfile::tempdir().unwrap() };
        let mut connection = connected(&sqlite.driver, &sqlite.uri());
        does(&mut connection, "CREATE TABLE falls (ward, day, falls INTEGER, bed_days REAL, patient)");
        for row in [
            "('ward-1', '2026-02-16', 1, 35.25, 'Jo Smith')",
            "('ward-1', '2026-02-17', 1, 35.25, 'Jo Smith')",
            "('007', '2026-02-16', 0, 64, 'Jo Smith')",
            "('007', '2026-02-23', NULL, NULL, 'Jo Smith')",
        ] {
            does(&mut connection, &format!("INSERT INTO falls VALUES {row}"));
        }
        Some(sqlite)
    }

    fn uri(&self) -> String {
        format!("file:{}", self.folder.path().join("falls.db").display())
    }

    fn address(&self) -> String {
        format!("adbc:{}?uri={}", self.driver.display(), self.uri())
    }
}

async fn ask_within(address: &str, query: &str, zone: &str, limits: Limits) -> Result<Read, RunRefused> {
    let (driver, connection) = (address.parse::<Driver>().unwrap(), "LAKE".parse().unwrap());
    let zone = TimeZone::get(zone).unwrap();
    read_by_driver(Asked { connection: &connection, place: &driver, query, zone: &zone, limits }).await
}

async fn ask(address: &str, query: &str) -> Result<Vec<String>, RunRefused> {
    let read = ask_within(address, query, "UTC", LIMITS).await?;
    assert_eq!(read.remark, None);
    Ok(read.answer.rows.iter().map(|(_, cells)| cells.join("|")).collect())
}

#[tokio::test]
async fn a_file_of_sqlite_s_is_asked_by_its_own_sql() {
    let Some(sqlite) = Sqlite::new() else { return };
    let query = "SELECT ward AS unit, date(day, 'weekday 0', '-6 days') AS period, sum(falls) AS numerator,
      sum(bed_days) AS denominator FROM falls GROUP BY 1, 2";
    let rows = ask(&sqlite.address(), query).await.unwrap();
    assert_eq!(rows, ["007|2026-02-16|0|64.0", "007|2026-02-23||", "ward-1|2026-02-16|2|70.5"]);
    let ordered = ask(&sqlite.address(), &format!("{query} ORDER BY unit DESC;")).await.unwrap();
    assert_eq!(ordered[0], "ward-1|2026-02-16|2|70.5", "its own order is kept");
}

#[tokio::test]
async fn whatever_is_wrong_is_told_in_plain_words_that_name_nobody() {
    let Some(sqlite) = Sqlite::new() else { return };
    let good = "SELECT ward AS unit, day AS period";
    let endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT 20000000)
      SELECT 'a' AS unit, 1 AS period, count(*) AS value FROM t";
    for (query, says) in [
        (
            format!("{good} FROM falls"),
            "the query gives `unit`, `period`; it must give unit, period, and value",
        ),
        (format!("{good}, falls AS value, patient FROM falls"), "the query gives a column `patient`"),
        (format!("{good}, falls AS value FROM nowhere"), "the database says: no such table: nowhere"),
        (format!("{good}, falls AS value FROM falls WHERE"), "the database says: incomplete input"),
        (
            format!("{good}, json_extract(patient, '$.a') AS value FROM falls"),
            "the database broke off while it computed the answer",
        ),
        (format!("{good}, falls AS value FROM falls WHERE 0"), "the answer has no rows"),
        (
            format!("{good}, falls AS value FROM falls, (VALUES (1), (2), (3))"),
            "the answer has more than 10 rows",
        ),
        (
            format!("{good}, 1 AS value FROM falls UNION ALL SELECT hex(zeroblob(9000)), 1, 1"),
            "the answer is larger than 0 MB",
        ),
        ("DELETE FROM falls".into(), "the database says: begin with SELECT or WITH"),
        ("SELECT 1; DELETE FROM falls".into(), "the database says: one statement at a time"),
        (
            "WITH t AS (SELECT 1) INSERT INTO falls SELECT 'x', 'y', 1, 1, 'z' FROM t".into(),
            "the query would change something there",
        ),
        (
            "WITH t AS (SELECT 1) DELETE FROM falls WHERE 1 IN t".into(),
            "the query would change something there",
        ),
        (endless.into(), "the query took longer than 2 seconds"),
    ] {
        let limits = Limits { n_rows: 10, n_bytes: 10_000, n_seconds: 2 };
        let begun = Instant::now();
        let refused = ask_within(&sqlite.address(), &query, "UTC", limits).await;
        let why = refused.expect_err(&query).to_string();
        assert!(why.starts_with(says), "{query}\n{why}\nis not\n{says}");
        assert!(!why.contains(PERSON) && !why.contains(sqlite.folder.path().to_str().unwrap()), "{why}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{query} was waited for");
    }
    let still_there = ask(&sqlite.address(), &format!("{good}, falls AS value FROM falls")).await.unwrap();
    assert_eq!(still_there.len(), 4, "nothing was changed");
}

#[tokio::test]
async fn a_file_that_is_no_driver_is_told_as_what_it_is() {
    let Some(sqlite) = Sqlite::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let released = std::fs::read(&sqlite.driver).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file
    };
    // The machine's number is the nineteenth and twentieth byte.
    let mut of_another_machine = released.clone();
    of_another_machine[18..20].copy_from_slice(&[0xfe, 0xfe]);
    let library = std::fs::read_to_string("/proc/self/maps").unwrap();
    let library = library.split_whitespace().find(|word| word.contains("/libc.so")).unwrap().to_owned();
    for (file, says) in [
        (folder.path().join("none.so"), "is not there"),
        (folder.path().to_owned(), "is no file"),
        (file("notes.so", format!("{PERSON} took notes in a file").as_bytes()), "is no library"),
        (file("elsewhere.so", &of_another_machine), "is made for another kind of machine than this one"),
        (file("cut.so", &released[..1_000]), "cannot be loaded: it is broken"),
        (library.into(), "is a library, but no ADBC driver"),
    ] {
        let address = format!("adbc:{}?uri=file:/srv/{PERSON}", file.display());
        let why = ask(&address, "SELECT 1").await.unwrap_err().to_string();
        assert_eq!(why.split_once(" `LAKE` ").unwrap().0, "the driver of");
        assert!(why.contains(says), "{why}");
        assert!(!why.contains(PERSON) && !why.contains(folder.path().to_str().unwrap()), "{why}");
    }
    for (address, says) in [
        (
            format!("{}&treasure={PERSON}", sqlite.address()),
            "the driver of `LAKE` does not take what it is told after the `?`",
        ),
        (
            format!("adbc:{}?uri=file:/no/such/{PERSON}.db?mode=ro", sqlite.driver.display()),
            "the database of `LAKE` does not answer (its driver could not connect",
        ),
    ] {
        let why = ask(&address, "SELECT 1").await.unwrap_err().to_string();
        assert!(why.starts_with(says), "{why}");
        assert!(!why.contains("Smith") && !why.contains("treasure"), "{why}");
    }
}

/// The tests' server, as libpq is told, and the driver for it.
fn postgres() -> Option<(PathBuf, String)> {
    let driver = driver("postgresql")?;
    let Ok(server) = std::env::var("TRACTION_TEST_POSTGRES") else {
        eprintln!("SKIPPED: TRACTION_TEST_POSTGRES is not set (./check sets it)");
        return None;
    };
    Some((driver, server))
}

#[tokio::test]
async fn postgresql_by_its_driver_reads_alone_in_the_zone_and_ends_what_takes_too_long() {
    let Some((file, server)) = postgres() else { return };
    let address = format!("adbc:{}?uri={server}", file.display());
    let moment =
        "SELECT 'a' AS unit, date_trunc('month', TIMESTAMPTZ '2026-08-31T22:30:00Z')::date AS period,
      1.50::numeric AS value";
    for (zone, month) in [("Europe/Vienna", "2026-09-01"), ("UTC", "2026-08-01")] {
        let read = ask_within(&address, moment, zone, LIMITS).await.unwrap();
        assert_eq!(read.answer.rows[0].1, ["a".to_owned(), month.into(), "1.50".into()], "{zone}");
    }
    let at = "SELECT 'a' AS unit, TIMESTAMPTZ '2026-08-31T22:30:00Z' AS period, 1 AS value";
    let read = ask_within(&address, at, "Europe/Vienna", LIMITS).await.unwrap();
    assert_eq!(read.answer.rows[0].1[1], "2026-09-01T00:30:00+02:00");

    let table = format!("adbc_{}", std::process::id());
    let mut connection = connected(&file, &server);
    does(&mut connection, &format!("DROP TABLE IF EXISTS {table}"));
    does(&mut connection, &format!("CREATE TABLE {table} AS SELECT '{PERSON}' AS patient"));
    for (query, says) in [
        (
            format!(
                "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT 'a' AS unit, 1 AS period, 1 AS value FROM gone"
            ),
            "the query would change something there",
        ),
        (
            format!("SELECT 'a' AS unit, 1 AS period, 1 AS value INTO {table}_copy"),
            "the query would change something there",
        ),
        (
            format!("SELECT 'a' AS unit, 1 AS period, patient::int AS value FROM {table}"),
            "the database broke off while it computed the answer",
        ),
        (
            "SELECT 'a' AS unit, 1 AS period, 'many'::int AS value".into(),
            "the database stumbled over a value while it computed the answer (SQLSTATE 22P02)",
        ),
        (
            format!("SELECT 'a' AS unit, 1 AS period, nowhere AS value FROM {table}"),
            "the database says: column \"nowhere\" does not exist",
        ),
    ] {
        let why = ask(&address, &query).await.expect_err(&query).to_string();
        assert!(why.starts_with(says), "{query}: {why}");
        assert!(!why.contains(PERSON), "{why}");
    }

    let slow = format!(
        "SELECT 'a' AS unit, 1 AS period, 1 AS value, pg_sleep(60) /* {table} */ IS NULL AS numerator"
    );
    let limits = Limits { n_seconds: 2, ..LIMITS };
    let too_slow = ask_within(&address, &slow, "UTC", limits).await.unwrap_err();
    assert_eq!(too_slow, RunRefused::TooSlow { n_seconds: 2 });
    let still = format!(
        "SELECT 'a' AS unit, 1 AS period, count(*) AS value FROM pg_stat_activity
         WHERE state = 'active' AND query LIKE '%/* {table} */%' AND query NOT LIKE '%pg_stat_activity%'"
    );
    let begun = Instant::now();
    while ask(&address, &still).await.unwrap() != ["a|1|0"] {
        assert!(begun.elapsed() < Duration::from_secs(20), "the query goes on although nobody waits");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    does(&mut connection, &format!("DROP TABLE {table}"));

    let (_, at) = server.rsplit_once('@').unwrap();
    let host = at.split('/').next().unwrap();
    for (uri, says) in [
        (
            format!("postgresql://jo_smith:kingfisher@{host}/postgres"),
            "the database of `LAKE` does not let this user in",
        ),
        (
            server.replace(&format!("@{host}/postgres"), &format!("@{host}/jo_smith")),
            "the server of `LAKE` runs, but has no such database",
        ),
        (
            "postgresql://jo_smith:kingfisher@127.0.0.1:1/postgres".into(),
            "the database of `LAKE` does not answer (connection refused)",
        ),
        ("jo_smith".into(), "the database of `LAKE` does not answer (its driver could not connect"),
    ] {
        let why = ask(&format!("adbc:{}?uri={uri}", file.display()), moment).await.unwrap_err().to_string();
        assert!(why.starts_with(says), "{uri}: {why}");
        assert!(!why.contains("smith") && !why.contains("kingfisher"), "{why}");
    }
}
