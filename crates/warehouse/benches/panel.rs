//! A panel of 10⁵ units × 24 periods from one Parquet file by SQL, to the last row, as text:
//!
//! ```sh
//! cargo bench -p traction-warehouse --features engine --bench panel
//! ```
//!
//! What is measured is the whole of a query: the look at the folder, the plan, the reading, and every cell in memory.
//! Beside it, in the same run, the file's rows read and counted by the same engine, which is the least that can be done.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use datafusion::parquet::arrow::ArrowWriter;
use jiff::tz::TimeZone;
use traction_domain::measure::source::answer::Limits;
use traction_warehouse::{Asked, Engine, Place, columns_of};

const N_UNITS: usize = 100_000;
const N_PERIODS: usize = 24;
const N_ROUNDS: usize = 7;

const COUNTED: &str = "SELECT 'all' AS unit, '2026' AS period, count(ward) + count(month) AS numerator,
  sum(falls) + sum(bed_days) AS denominator FROM cells";
const AS_IT_STANDS: &str =
    "SELECT ward AS unit, month AS period, falls AS numerator, bed_days AS denominator FROM cells";
const SUMMED: &str =
    "SELECT ward AS unit, month AS period, sum(falls) AS numerator, sum(bed_days) AS denominator
  FROM cells GROUP BY ward, month";

fn write(file: &Path) {
    let mut writer: Option<ArrowWriter<File>> = None;
    for period in 0..N_PERIODS {
        let wards: Vec<String> = (0..N_UNITS).map(|unit| format!("ward-{unit:06}")).collect();
        let month = 19_724 + 30 * i32::try_from(period).unwrap();
        let number = |of: usize| move |unit: usize| ((unit * 31 + period * of) % 977) as f64 / 4.0;
        let column =
            |of: usize| Arc::new(Float64Array::from_iter_values((0..N_UNITS).map(number(of)))) as ArrayRef;
        let batch = RecordBatch::try_from_iter([
            ("ward", Arc::new(StringArray::from(wards)) as ArrayRef),
            ("month", Arc::new(Date32Array::from(vec![month; N_UNITS]))),
            ("falls", column(7)),
            ("bed_days", column(11)),
        ])
        .unwrap();
        let writer = writer.get_or_insert_with(|| {
            ArrowWriter::try_new(File::create(file).unwrap(), batch.schema(), None).unwrap()
        });
        writer.write(&batch).unwrap();
    }
    writer.unwrap().close().unwrap();
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cells.parquet");
    write(&file);
    let megabytes = file.metadata().unwrap().len() >> 20;
    println!("{N_UNITS} units × {N_PERIODS} periods, {megabytes} MB of Parquet; median of {N_ROUNDS} rounds");
    let (place, connection) = (Place::try_from(folder.path()).unwrap(), "EXPORTS".parse().unwrap());
    let limits = Limits { n_rows: N_UNITS * N_PERIODS, n_bytes: 1 << 30, n_seconds: 60 };
    let mut least = None;
    for (name, query, n_rows) in [
        ("counted", COUNTED, 1),
        ("panel as it stands", AS_IT_STANDS, N_UNITS * N_PERIODS),
        ("panel summed by unit and period", SUMMED, N_UNITS * N_PERIODS),
    ] {
        let mut seconds = Vec::new();
        for _ in 0..N_ROUNDS {
            let asked = Asked { connection: &connection, place: &place, query, zone: &TimeZone::UTC, limits };
            let begun = Instant::now();
            let (columns, _) = columns_of(&Engine::Embedded, asked).await.unwrap();
            seconds.push(begun.elapsed().as_secs_f64());
            assert_eq!(columns.n_rows(), n_rows);
        }
        seconds.sort_by(f64::total_cmp);
        let median = seconds[N_ROUNDS / 2];
        let least = *least.get_or_insert(median);
        println!(
            "{name}: {median:.3} s ({:.3} to {:.3}), {:.1} times counting",
            seconds[0],
            seconds[N_ROUNDS - 1],
            median / least
        );
    }
}
