use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::physical_plan::displayable;
use tempfile::TempDir;

use super::*;
use crate::{Read, read};

/// A name that must never be seen in a refusal.
const PERSON: &str = "Jo Smith";

fn parquet(file: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(file).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// Two wards in one folder, as CSV, as Parquet, and month by month.
fn exports() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let header = "ward,day,falls,bed_days,patient\n";
    let (first, second) = (
        format!("ward-1,2026-02-16,1,35.25,{PERSON}\nward-1,2026-02-17,1,35.25,{PERSON}\n"),
        format!("007,2026-02-16,0,64,{PERSON}\n007,2026-02-23,,,{PERSON}\n"),
    );
    fs::write(at("falls.csv"), format!("{header}{first}{second}")).unwrap();
    fs::create_dir(at("by_month")).unwrap();
    fs::write(at("by_month/1.csv"), format!("{header}{first}")).unwrap();
    fs::write(at("by_month/2.csv"), format!("{header}{second}")).unwrap();
    let text = |of: [&str; 4]| Arc::new(StringArray::from(of.to_vec())) as ArrayRef;
    parquet(
        &at("parquet_falls.parquet"),
        vec![
            ("ward", text(["ward-1", "ward-1", "007", "007"])),
            ("day", text(["2026-02-16", "2026-02-17", "2026-02-16", "2026-02-23"])),
            ("falls", Arc::new(Int64Array::from(vec![Some(1), Some(1), Some(0), None]))),
            ("bed_days", Arc::new(Float64Array::from(vec![Some(35.25), Some(35.25), Some(64.0), None]))),
            ("patient", text([PERSON; 4])),
        ],
    );
    // Half past midnight of the first of September in Vienna.
    let moment = TimestampMicrosecondArray::from(vec![1_788_215_400_000_000]).with_timezone("UTC");
    parquet(&at("moments.parquet"), vec![("at", Arc::new(moment))]);
    fs::write(at("broken.parquet"), PERSON).unwrap();
    fs::write(at("short.csv"), format!("a,b\n{PERSON}\n")).unwrap();
    folder
}

const LIMITS: Limits = Limits { n_rows: 1_000, n_bytes: 1 << 20, n_seconds: 60 };

async fn ask_within(folder: &Path, query: &str, zone: &str, limits: Limits) -> Result<Read, RunRefused> {
    let (place, connection) = (Place::try_from(folder).unwrap(), "EXPORTS".parse().unwrap());
    let zone = TimeZone::get(zone).unwrap();
    let asked = Asked { connection: &connection, place: &place, query, zone: &zone, limits };
    read(&Engine::Embedded, asked).await
}

async fn ask(folder: &TempDir, query: &str) -> Result<Vec<String>, RunRefused> {
    let read = ask_within(folder.path(), query, "UTC", LIMITS).await?;
    assert_eq!(read.remark, None);
    Ok(read.answer.rows.iter().map(|(_, cells)| cells.join("|")).collect())
}

#[tokio::test]
async fn the_same_query_gives_the_same_of_a_file_of_a_folder_and_of_parquet() {
    let folder = exports();
    for table in ["falls", "Falls", "by_month", "parquet_falls", "\"falls\""] {
        let query = format!(
            "SELECT ward AS unit, date_trunc('week', day::date)::date AS period,
               sum(falls) AS numerator, sum(bed_days) AS denominator FROM {table} GROUP BY 1, 2"
        );
        let rows = ask(&folder, &query).await.unwrap();
        assert_eq!(
            rows,
            ["007|2026-02-16|0|64.0", "007|2026-02-23||", "ward-1|2026-02-16|2|70.5"],
            "{table}"
        );
        let ordered = ask(&folder, &format!("{query} ORDER BY unit DESC, period DESC")).await.unwrap();
        assert_eq!(ordered.first().unwrap(), "ward-1|2026-02-16|2|70.5", "{table}: its own order is kept");
    }
    let file = folder.path().join("falls.csv");
    let query = "SELECT ward AS unit, 2026 AS period, avg(falls) AS value FROM falls GROUP BY ward";
    let read = ask_within(&file, query, "UTC", LIMITS).await.unwrap();
    assert_eq!(
        read.answer.rows,
        [
            (1, vec!["007".to_owned(), "2026".into(), "0.0".into()]),
            (2, vec!["ward-1".to_owned(), "2026".into(), "1.0".into()]),
        ]
    );
    assert_eq!(read.answer.header, ["unit", "period", "value"]);
}

#[tokio::test]
async fn days_are_those_of_the_zone() {
    let folder = exports();
    for query in [
        "SELECT 'a' AS unit, date_trunc('month', at)::date AS period, 1 AS value FROM moments",
        "SELECT 'a' AS unit, date_trunc('month', at::date)::date AS period, 1 AS value FROM moments",
        "SELECT 'a' AS unit, date_trunc('month', TIMESTAMPTZ '2026-08-31T22:30:00Z')::date AS period, 1 AS value",
    ] {
        for (zone, month) in [("Europe/Vienna", "2026-09-01"), ("UTC", "2026-08-01")] {
            let read = ask_within(folder.path(), query, zone, LIMITS).await.unwrap();
            assert_eq!(read.answer.rows[0].1[1], month, "{zone}: {query}");
        }
    }
}

#[tokio::test]
async fn whatever_is_wrong_is_told_in_plain_words_that_name_nobody() {
    let folder = exports();
    let good = "SELECT ward AS unit, day AS period";
    for (query, says) in [
        (format!("{good}, falls AS value FROM nothing"), "the table `nothing` cannot be read: no CSV or Parquet file and no folder is called so; there is `broken`, `by_month`, `falls`"),
        (format!("{good}, falls AS value FROM short"), "the table `short` cannot be read: short.csv: line 2 has 1 cells"),
        (format!("{good}, falls AS value FROM broken"), "the table `broken` cannot be read: broken.parquet: it is no Parquet file"),
        (format!("{good} FROM falls"), "the query gives `unit`, `period`; it must give unit, period, and value"),
        (format!("{good}, falls AS value, patient FROM falls"), "the query gives a column `patient`"),
        (format!("{good}, nothing AS value FROM falls"), "the database says: No field named nothing."),
        (format!("{good}, falls / 0 AS value FROM falls"), "the database stumbled over a value while it computed the answer (SQLSTATE 22012)"),
        (format!("{good}, CAST(patient AS INT) AS value FROM falls"), "the database stumbled over a value while it computed the answer (SQLSTATE 22000)"),
        (format!("{good}, sum(patient) AS value FROM falls GROUP BY 1, 2"), "the database says: "),
        (format!("{good}, falls AS value FROM falls WHERE false"), "the answer has no rows"),
        (format!("{good}, falls AS value FROM falls WHERE"), "the database says: "),
        ("SELECT 'a' AS unit, value AS period, 1 AS value FROM generate_series(1, 1001)".into(), "the answer has more than 1000 rows"),
        ("SELECT repeat('x', 10000) AS unit, value AS period, 1 AS value FROM generate_series(1, 200)".into(), "the answer is larger than 1 MB"),
        ("SELECT 'a' AS unit, 1 AS period, count(*) AS value FROM generate_series(1, 4000000000) a, generate_series(1, 1000) b".into(), "the query took longer than 2 seconds"),
        ("SELECT 'a' AS unit, 1 AS period, length(string_agg(repeat('x', 1000), '')) AS value FROM generate_series(1, 100000000)".into(), "the query"),
    ] {
        let limits = Limits { n_seconds: 2, ..LIMITS };
        let why = ask_within(folder.path(), &query, "UTC", limits).await.unwrap_err().to_string();
        assert!(why.starts_with(says), "{query}\n{why}\nis not\n{says}");
        assert!(!why.contains("Smith") && !why.contains(folder.path().to_str().unwrap()), "{why}");
    }
    let none = ask_within(&folder.path().join("none"), good, "UTC", LIMITS).await.unwrap_err().to_string();
    assert!(none.starts_with("the folder of `EXPORTS` cannot be read (entity not found)"), "{none}");
}

/// Led through one thread, a panel of millions of cells takes more than its second, and is counted with many times its memory.
#[tokio::test]
async fn only_a_sorted_answer_is_led_through_one_thread() {
    let folder = exports();
    let sums = "SELECT ward AS unit, day AS period, sum(falls) AS value FROM by_month GROUP BY 1, 2";
    let steps = async |query: String| {
        let place = Place::try_from(folder.path()).unwrap();
        let job = Job { place, query, limits: LIMITS, ..Job::for_tests() };
        let planned = planned(&job, &Shares::Nobody).await.unwrap();
        displayable(planned.physical.as_ref()).indent(false).to_string()
    };
    let unsorted = steps(sums.to_owned()).await;
    assert!(!unsorted.contains("Coalesce") && !unsorted.contains("fetch=1001"), "{unsorted}");
    let sorted = steps(format!("{sums} ORDER BY unit")).await;
    assert!(sorted.contains("fetch=1001"), "{sorted}");
}

/// What somebody would write who wants more than the tables of the folder, or something changed.
#[tokio::test]
async fn a_query_reads_the_folder_s_tables_and_nothing_else_and_changes_nothing() {
    let (folder, elsewhere) = (exports(), tempfile::tempdir().unwrap());
    let secret = elsewhere.path().join("secret.csv");
    fs::write(&secret, "ward,day,falls\nTREASURE,2026-01-01,1\n").unwrap();
    std::os::unix::fs::symlink(&secret, folder.path().join("linked.csv")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("all")).unwrap();
    let (inside, outside) = (folder.path().display(), elsewhere.path().display());
    let all = "SELECT ward AS unit, day AS period, falls AS value FROM";
    let before: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let deep = format!("{all} falls WHERE {}1=1{}", "(".repeat(5_000), ")".repeat(5_000));
    // As long as a query may be.
    let wide = format!("{all} falls WHERE falls = 1{}", " OR falls + 1 = 2".repeat(1_100));
    for query in [
        format!("{all} linked"),
        format!("{all} \"all\""),
        format!("{all} '{outside}/secret.csv'"),
        format!("{all} \"{outside}/secret.csv\""),
        format!("{all} \"file://{outside}/secret.csv\""),
        format!("{all} \"../{}/secret\"", elsewhere.path().file_name().unwrap().to_string_lossy()),
        format!("{all} \"all/secret\""),
        format!("{all} falls UNION ALL {all} linked"),
        format!("WITH t AS ({all} linked) SELECT * FROM t"),
        format!("{all} falls WHERE ward IN (SELECT ward FROM linked)"),
        "SELECT ward AS unit, day AS period, (SELECT max(falls) FROM linked) AS value FROM falls".into(),
        format!("{all} datafusion.public.falls"),
        format!("{all} read_csv('{outside}/secret.csv')"),
        format!("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{outside}/secret.csv'"),
        format!("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{outside}/secret.csv'; {all} t"),
        format!("{all} falls; CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{outside}/secret.csv'"),
        format!("CREATE TABLE t AS {all} falls"),
        format!("CREATE VIEW t AS {all} falls"),
        format!("COPY (SELECT * FROM falls) TO '{inside}/new.csv'"),
        format!("COPY falls TO '{outside}/new.parquet'"),
        "INSERT INTO falls VALUES ('x', '2026-01-01', 1, 1, 'y')".into(),
        "DELETE FROM falls".into(),
        "UPDATE falls SET falls = 9".into(),
        "DROP TABLE falls".into(),
        "SET datafusion.catalog.information_schema = true".into(),
        "SHOW TABLES".into(),
        "SELECT table_name AS unit, 1 AS period, 1 AS value FROM information_schema.tables".into(),
        format!("EXPLAIN {all} falls"),
        format!("EXPLAIN ANALYZE {all} falls"),
        "DESCRIBE falls".into(),
        "SELECT @@version AS unit, 1 AS period, 1 AS value".into(),
        "BEGIN".into(),
        deep,
    ] {
        let refused = ask(&folder, &query).await;
        let why = refused.as_ref().map_err(ToString::to_string).expect_err(&query);
        assert!(!why.contains("TREASURE") && !why.contains("Smith"), "{query}: {why}");
    }
    // Long is not deep, and does not break the process.
    ask(&folder, &wide).await.unwrap();
    let after: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(before, after);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(&secret).unwrap(), "ward,day,falls\nTREASURE,2026-01-01,1\n");
}
