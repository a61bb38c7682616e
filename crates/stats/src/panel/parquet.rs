//! A panel from a Parquet file: strings, numbers, decimals, dates and truth values, each read as a text table would be.
//!
//! Only the columns that are asked for are read. Nulls, and numbers that are none, are empty cells. It opens no file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use parquet::basic::{Compression, LogicalType, TimeUnit};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::{Type, TypePtr};

use super::read::Reader;
use super::{Columns, Panel, PanelRefused, Unbalanced};
use crate::table::{Column, Row, TableRefused};

/// A refusal repeats no more letters of the reader's own words than this.
const LETTERS_REPEATED: usize = 120;
const NANOSECONDS_A_DAY: i64 = 86_400_000_000_000;

/// Reads a panel from a Parquet file with one row per unit and period.
///
/// - `file`: the whole file. Refusals count rows from 1.
pub fn read_parquet(
    file: Vec<u8>,
    columns: &Columns<'_>,
    unbalanced: Unbalanced,
) -> Result<Panel, PanelRefused> {
    let reader = each_row(file, &TimeZone::UTC, |find| Reader::of(columns, find), Reader::take)?;
    reader.builder.finish(unbalanced).map_err(PanelRefused::in_rows)
}

/// Reads the rows of a Parquet file one by one.
///
/// - `zone`: a moment that is midnight there is that day.
/// - `open`: finds the columns it wants by the function it is given, and makes what `take` then puts each row into.
pub(super) fn each_row<T>(
    file: impl Into<Bytes>,
    zone: &TimeZone,
    open: impl FnOnce(&mut dyn FnMut(&str) -> Result<Column, TableRefused>) -> Result<T, TableRefused>,
    take: impl FnMut(&mut T, Row<'_>) -> Result<(), PanelRefused>,
) -> Result<T, PanelRefused> {
    not_stopped(|| each_row_of(file.into(), zone, open, take))
}

/// What comes of reading a file, a refusal where its reader stops in the midst: some damaged files it takes for whole, until
/// a length is below zero.
fn not_stopped<T>(read: impl FnOnce() -> Result<T, PanelRefused>) -> Result<T, PanelRefused> {
    let damaged = || TableRefused::NotParquet { why: "it is damaged".into() };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged().into()))
}

fn each_row_of<T>(
    file: Bytes,
    zone: &TimeZone,
    open: impl FnOnce(&mut dyn FnMut(&str) -> Result<Column, TableRefused>) -> Result<T, TableRefused>,
    mut take: impl FnMut(&mut T, Row<'_>) -> Result<(), PanelRefused>,
) -> Result<T, PanelRefused> {
    let opened = SerializedFileReader::new(file).map_err(not_parquet)?;
    let schema = opened.metadata().file_metadata().schema();
    let present = schema.get_fields();
    let mut wanted: Vec<TypePtr> = Vec::new();
    let mut taken = open(&mut |name| {
        let field = find(present, name)?;
        let known = wanted.iter().position(|other| other.name() == name);
        let place = known.unwrap_or_else(|| {
            wanted.push(Arc::clone(field));
            wanted.len() - 1
        });
        Ok(Column::at(place, name))
    })?;
    let chunks = opened.metadata().row_groups().iter().flat_map(|group| group.columns());
    if let Some(codec) = chunks.filter_map(|chunk| not_unpacked(chunk.compression())).next() {
        return Err(TableRefused::PackedBy { codec }.into());
    }
    let moments: Vec<Moments> = wanted.iter().map(|field| Moments::of(field, zone)).collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(wanted.clone()).build();
    let rows = opened.get_row_iter(Some(projection.map_err(not_parquet)?)).map_err(not_parquet)?;
    let mut record = csv::ByteRecord::new();
    for (line, row) in (1..).zip(rows) {
        record.clear();
        for ((_, field), moments) in row.map_err(not_parquet)?.get_column_iter().zip(&moments) {
            record.push_field(text(field, moments).as_bytes());
        }
        take(&mut taken, Row::of(line, &record)).map_err(PanelRefused::in_rows)?;
    }
    Ok(taken)
}

/// What a row costs besides its text.
const N_BYTES_ROW: usize = 16;

/// A Parquet file as text: the names of its columns, and each row's number from 1 with a cell for each of them. Columns that
/// hold columns are passed over.
///
/// - `zone`: a moment that is midnight there is that day; without one of its own it is as it stands.
/// - `n_bytes_most`: as text, parted by commas, it may be no larger, with 16 bytes more for each row; a small file can hold a
///   large table, also one of nothing but rows.
pub fn read_cells_parquet(
    file: Vec<u8>,
    zone: &TimeZone,
    n_bytes_most: Option<usize>,
) -> Result<Cells, PanelRefused> {
    let file = Bytes::from(file);
    let mut n_bytes_left = n_bytes_most.unwrap_or(usize::MAX);
    let too_large = || TableRefused::TooLarge { n_bytes: n_bytes_most.unwrap_or(usize::MAX) };
    let header: Vec<String> = not_stopped(|| {
        let opened = SerializedFileReader::new(file.clone()).map_err(not_parquet)?;
        let chunks = opened.metadata().row_groups().iter().flat_map(|group| group.columns());
        let n_bytes: i128 = chunks.map(|chunk| i128::from(chunk.uncompressed_size())).sum();
        if n_bytes_most.is_some_and(|most| n_bytes > most as i128) {
            return Err(too_large().into());
        }
        let present = opened.metadata().file_metadata().schema().get_fields();
        let names = present.iter().filter(|field| field.is_primitive()).map(|field| field.name().to_owned());
        Ok(names.collect())
    })?;
    let found = |find: &mut dyn FnMut(&str) -> Result<Column, TableRefused>| {
        let columns = header.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
        Ok((columns, Vec::new()))
    };
    let (_, rows) = each_row(file, zone, found, |(columns, rows), row| {
        let cells: Vec<String> = columns.iter().map(|column| row.text(column).to_owned()).collect();
        let n_bytes = N_BYTES_ROW + cells.iter().map(|cell| cell.len() + 1).sum::<usize>();
        n_bytes_left = n_bytes_left.checked_sub(n_bytes).ok_or_else(too_large)?;
        rows.push((row.line, cells));
        Ok(())
    })?;
    Ok((header, rows))
}

/// The names of a table's columns, and its rows, each with its number.
pub type Cells = (Vec<String>, Vec<(u64, Vec<String>)>);

/// The name of a way of packing that is not read here.
fn not_unpacked(packed: Compression) -> Option<&'static str> {
    match packed {
        Compression::LZO => Some("LZO"),
        Compression::BROTLI(_) => Some("brotli"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("LZ4"),
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => None,
    }
}

fn find<'a>(present: &'a [TypePtr], name: &str) -> Result<&'a TypePtr, TableRefused> {
    let mut of_name = present.iter().filter(|field| field.name() == name);
    match (of_name.next(), of_name.next()) {
        (Some(field), None) => Ok(field),
        (Some(_), Some(_)) => Err(TableRefused::NamedTwice { column: name.to_owned() }),
        (None, _) => Err(TableRefused::NoColumn {
            column: name.to_owned(),
            present: present.iter().map(|field| field.name().to_owned()).collect(),
        }),
    }
}

/// How a column keeps moments: in which unit, and in which zone they are days.
struct Moments {
    unit: Option<TimeUnit>,
    zone: TimeZone,
}

impl Moments {
    fn of(field: &Type, zone: &TimeZone) -> Moments {
        match field.get_basic_info().logical_type_ref() {
            Some(LogicalType::Timestamp(timestamp)) if !timestamp.is_adjusted_to_u_t_c => {
                Moments { unit: Some(timestamp.unit), zone: TimeZone::UTC }
            }
            Some(LogicalType::Timestamp(timestamp)) => {
                Moments { unit: Some(timestamp.unit), zone: zone.clone() }
            }
            _ => Moments { unit: None, zone: zone.clone() },
        }
    }
}

fn not_parquet(error: ParquetError) -> TableRefused {
    let words = error.to_string().replace('\n', " ");
    let end = words.char_indices().nth(LETTERS_REPEATED).map_or(words.len(), |(end, _)| end);
    TableRefused::NotParquet { why: words[..end].to_owned() }
}

/// A cell as a text table would have it.
fn text(field: &Field, moments: &Moments) -> String {
    let moment = |at: i64| moment(at, &moments.zone);
    match field {
        Field::Null => String::new(),
        Field::Bool(truth) => u8::from(*truth).to_string(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Float(number) if number.is_nan() => String::new(),
        Field::Float(number) => number.to_string(),
        Field::Double(number) if number.is_nan() => String::new(),
        Field::Double(number) => number.to_string(),
        Field::Date(days) => utc(i64::from(*days) * NANOSECONDS_A_DAY),
        Field::TimestampMillis(at) => moment(at.saturating_mul(1_000_000)),
        Field::TimestampMicros(at) => moment(at.saturating_mul(1_000)),
        Field::Long(at) if moments.unit == Some(TimeUnit::NANOS) => moment(*at),
        other => other.to_string(),
    }
}

/// A moment as its day, if it is midnight there, or in UTC.
fn moment(nanoseconds: i64, zone: &TimeZone) -> String {
    let there = Timestamp::from_nanosecond(i128::from(nanoseconds)).map(|at| zone.to_datetime(at));
    match there {
        Ok(there) if there.time() == Time::midnight() => there.date().to_string(),
        _ => utc(nanoseconds),
    }
}

/// A moment as its day, if it is midnight in UTC; else in words that are no period.
fn utc(nanoseconds: i64) -> String {
    let epoch = Date::constant(1970, 1, 1);
    let days = nanoseconds.div_euclid(NANOSECONDS_A_DAY);
    let day = epoch.checked_add(jiff::SignedDuration::from_hours(24 * days));
    match day {
        Ok(day) if nanoseconds.rem_euclid(NANOSECONDS_A_DAY) == 0 => day.to_string(),
        Ok(day) => format!("{day} with a time of day"),
        Err(_) => format!("{nanoseconds} ns"),
    }
}

#[cfg(test)]
mod tests;
