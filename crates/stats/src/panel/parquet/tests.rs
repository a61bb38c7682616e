use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::panel::{Period, read};

/// The columns of a small file: a, b and c, in three months; the start is null for c.
fn written(packed: Compression) -> Vec<u8> {
    let schema = "message rows {
        REQUIRED BYTE_ARRAY unit (UTF8);
        REQUIRED INT32 day (DATE);
        OPTIONAL DOUBLE y;
        OPTIONAL INT64 start (TIMESTAMP(NANOS,true));
        REQUIRED BOOLEAN on;
        REQUIRED INT64 other;
    }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(packed).build());
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let units: Vec<ByteArray> = (0..9).map(|row| ["a", "b", "c"][row / 3].into()).collect();
    let days = [19723, 19754, 19783].repeat(3);
    let y: Vec<f64> = (0..9).map(|row| 0.1 + f64::from(row)).collect();
    let starts = [19754 * NANOSECONDS_A_DAY; 6];
    let on: Vec<bool> = (0..9).map(|row| row < 6 && row % 3 > 0).collect();
    let known = [1, 1, 1, 1, 1, 1, 0, 0, 0];
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&units, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&days, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&y, Some(&[1; 9]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&starts, Some(&known), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<BoolType>().write_batch(&on, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[7; 9], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    file
}

const COLUMNS: Columns<'_> = Columns {
    unit: "unit",
    period: "day",
    outcome: "y",
    start: "start",
    treated: None,
    weight: None,
    cluster: None,
    covariates: &[],
};

#[test]
fn a_parquet_file_gives_the_panel_of_the_same_text() {
    let text = "unit,day,y,start\na,2024-01-01,0.1,2024-02-01\na,2024-02-01,1.1,2024-02-01\na,2024-03-01,2.1,2024-02-01\n\
                b,2024-01-01,3.1,2024-02-01\nb,2024-02-01,4.1,2024-02-01\nb,2024-03-01,5.1,2024-02-01\n\
                c,2024-01-01,6.1,\nc,2024-02-01,7.1,\nc,2024-03-01,8.1,\n";
    let expect = read(text.as_bytes(), &COLUMNS, Unbalanced::Keep).unwrap();
    use parquet::basic::{GzipLevel, ZstdLevel};
    for packed in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        for columns in [COLUMNS, Columns { treated: Some("on"), start: "", ..COLUMNS }] {
            let found = read_parquet(written(packed), &columns, Unbalanced::Keep).unwrap();
            assert_eq!(format!("{found:?}"), format!("{expect:?}"));
        }
    }
    let numbered = read_parquet(
        written(Compression::UNCOMPRESSED),
        &Columns { weight: Some("other"), covariates: &["y"], ..COLUMNS },
        Unbalanced::Keep,
    )
    .unwrap();
    assert_eq!((numbered.weight(2), numbered.covariate(0, 2, 1)), (7.0, Some(7.1)));
    assert_eq!(numbered.periods()[0], "2024-01-01".parse::<Period>().unwrap());
}

#[test]
fn what_is_no_whole_parquet_file_is_refused() {
    let whole = written(Compression::SNAPPY);
    let refused = |file: Vec<u8>, columns: &Columns<'_>| {
        read_parquet(file, columns, Unbalanced::Keep).unwrap_err().to_string()
    };
    for file in [whole[..whole.len() / 2].to_vec(), b"PAR1".to_vec(), Vec::new()] {
        let said = refused(file, &COLUMNS);
        assert!(said.starts_with("this Parquet file cannot be read") && said.len() < 400, "{said}");
    }
    assert_eq!(
        refused(whole.clone(), &Columns { outcome: "hours", ..COLUMNS }),
        "there is no column `hours`; the columns are `unit`, `day`, `y`, `start`, `on`, `other`"
    );
    assert_eq!(
        refused(whole, &Columns { outcome: "unit", ..COLUMNS }),
        "row 1, column `unit`: `a` cannot be read; give a number, or leave it empty if nothing was observed"
    );
}

/// No file packed like that can be written here; the number that says so stands in the file's last part, after the
/// column's name: field 4 of a struct (0x15), and twice the number.
#[test]
fn a_file_packed_in_a_way_that_is_not_read_says_how_to_pack_it() {
    for (number, name) in [(4, "brotli"), (3, "LZO"), (5, "LZ4"), (7, "LZ4")] {
        let mut file = written(Compression::SNAPPY);
        for column in ["unit", "day", "y", "start", "on", "other"] {
            let name = [&[column.len() as u8], column.as_bytes(), &[0x15, 0x02]].concat();
            let at = file.windows(name.len()).rposition(|bytes| bytes == name).unwrap();
            file[at + name.len() - 1] = 2 * number;
        }
        assert_eq!(
            read_parquet(file, &COLUMNS, Unbalanced::Keep).unwrap_err().to_string(),
            format!(
                "this Parquet file is packed with {name}, which is not read here; write it anew with zstd, snappy or gzip, \
                 or not packed at all, or as CSV"
            )
        );
    }
}

#[test]
fn labels_are_read_from_a_parquet_file_too() {
    let labels = |column| crate::panel::read_labels_parquet(written(Compression::SNAPPY), "unit", column);
    assert_eq!(labels("other").unwrap()["b"], "7");
    let changed = labels("day").unwrap_err().to_string();
    assert!(changed.starts_with("row 2: `a` has another `day` here than in row 1;"), "{changed}");
}

#[test]
fn every_cell_of_a_parquet_file_is_the_text_that_a_table_would_have() {
    let (header, rows) = crate::panel::read_cells_parquet(
        written(Compression::ZSTD(Default::default())),
        &TimeZone::UTC,
        None,
    )
    .unwrap();
    assert_eq!(header, ["unit", "day", "y", "start", "on", "other"]);
    assert_eq!(rows.len(), 9);
    assert_eq!(rows[1], (2, ["a", "2024-02-01", "1.1", "2024-02-01", "1", "7"].map(str::to_owned).to_vec()));
    assert_eq!(rows[8].1[3], "", "a null is an empty cell");
    assert!(crate::panel::read_cells_parquet(b"PAR1".to_vec(), &TimeZone::UTC, None).is_err());
}

/// As text the nine rows come to so many bytes, each cell with the comma or the end of the line behind it, and 16 a row.
#[test]
fn a_small_file_of_a_large_table_is_refused_before_it_is_held() {
    let file = written(Compression::ZSTD(Default::default()));
    let (_, rows) = read_cells_parquet(file.clone(), &TimeZone::UTC, None).unwrap();
    let text: usize = rows.iter().flat_map(|(_, cells)| cells).map(|cell| cell.len() + 1).sum();
    let n_bytes = text + 16 * rows.len();
    let unpacked = SerializedFileReader::new(Bytes::from(file.clone())).unwrap();
    let chunks = unpacked.metadata().row_groups().iter().flat_map(|group| group.columns());
    let in_file: i64 = chunks.map(|chunk| chunk.uncompressed_size()).sum();
    let enough = n_bytes.max(in_file as usize);
    assert!(read_cells_parquet(file.clone(), &TimeZone::UTC, Some(enough)).is_ok());
    for most in [0, n_bytes.min(in_file as usize) - 1] {
        let refused = read_cells_parquet(file.clone(), &TimeZone::UTC, Some(most)).unwrap_err().to_string();
        assert!(refused.contains("send it in parts"), "{refused}");
    }
}

/// The same fault is on a line of a text and in a row of a packed file; a text's header is a line too.
#[test]
fn a_fault_is_in_a_row_of_a_packed_file_and_on_a_line_of_a_text() {
    let start = Columns { unit: "on", period: "day", outcome: "y", start: "start", ..Columns::default() };
    let said = read_parquet(written(Compression::SNAPPY), &start, Unbalanced::Keep).unwrap_err().to_string();
    assert!(said.starts_with("row ") && said.contains(" in row "), "{said}");
    let text = "unit,day,y,start\na,1,2,\na,1,3,\n";
    let columns = Columns { unit: "unit", period: "day", outcome: "y", start: "start", ..Columns::default() };
    let said = crate::panel::read(text.as_bytes(), &columns, Unbalanced::Keep).unwrap_err().to_string();
    assert_eq!(said, "line 3: `a` has a row for 1 already on line 2; keep one row per unit and period");
}

/// The reader of the format takes some damaged files for whole, and stops in the midst of them.
#[test]
fn a_damaged_file_is_refused_or_read_and_stops_nobody() {
    let whole = written(Compression::UNCOMPRESSED);
    assert!(read_cells_parquet(whole.clone(), &TimeZone::UTC, None).is_ok());
    let mut n_refused = 0;
    for at in 0..whole.len() {
        for turned in [0x47, 0xff] {
            let mut file = whole.clone();
            file[at] ^= turned;
            n_refused +=
                usize::from(read_cells_parquet(file.clone(), &TimeZone::UTC, Some(1 << 20)).is_err());
            n_refused += usize::from(read_parquet(file, &COLUMNS, Unbalanced::Drop).is_err());
        }
    }
    assert!(n_refused > whole.len(), "{n_refused} of {} are refused", 4 * whole.len());
}

/// pandas writes local midnights as moments; a fraction kept in 32 bits is the shortest decimal that it is.
#[test]
fn a_moment_is_its_day_in_the_zone_and_a_small_float_is_what_was_written() {
    let schema = "message table {
        REQUIRED INT64 there (TIMESTAMP(MILLIS,true));
        REQUIRED INT64 plain (TIMESTAMP(MILLIS,false));
        REQUIRED FLOAT rate;
    }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, schema, Default::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    // Midnight in Vienna in winter and in summer, in UTC, and half past ten in the evening in UTC.
    let there =
        ["2026-02-28T23:00:00Z", "2026-06-30T22:00:00Z", "2026-03-01T00:00:00Z", "2026-03-01T22:30:00Z"];
    let there = there.map(|at| at.parse::<Timestamp>().unwrap().as_millisecond());
    let plain = ["2026-03-01T00:00:00Z"; 4].map(|at| at.parse::<Timestamp>().unwrap().as_millisecond());
    for moments in [there, plain] {
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&moments, None, None).unwrap();
        column.close().unwrap();
    }
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<FloatType>().write_batch(&[0.1, 2.5, 1e7, f32::NAN], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let vienna = TimeZone::get("Europe/Vienna").unwrap();
    let (_, rows) = read_cells_parquet(file.clone(), &vienna, None).unwrap();
    let rows: Vec<String> = rows.into_iter().map(|(_, cells)| cells.join(" ")).collect();
    let expect = [
        "2026-03-01 2026-03-01 0.1",
        "2026-07-01 2026-03-01 2.5",
        "2026-03-01 2026-03-01 10000000",
        "2026-03-01 with a time of day 2026-03-01 ",
    ];
    assert_eq!(rows, expect);
    let (_, rows) = read_cells_parquet(file, &TimeZone::UTC, None).unwrap();
    assert_eq!(rows[0].1[0], "2026-02-28 with a time of day");
}
