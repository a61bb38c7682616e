//! A file's rows as text, and refusals that name file, line, column and what would be right.

mod ndjson;

use std::fmt::Display;
use std::path::Path;
use std::str::FromStr;

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use traction_domain::measure::outcome::numbers::{Point, Written};
use traction_domain::measure::outcome::reading;
use traction_domain::refusal::Refusal;
use traction_stats::panel::read_cells_parquet;
use traction_stats::table::{Table, TableRefused};

/// The largest table that is taken through a door, as text.
pub const N_BYTES_SENT: usize = 32 << 20;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, for messages.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a file was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetRefused {
    /// It cannot be read.
    #[error("{file} cannot be read ({why}); check the path")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        why: String,
    },
    /// It is no table, or lacks a column.
    #[error("{file}: {why}")]
    Table {
        /// The file.
        file: String,
        /// What is wrong, with its line.
        why: String,
    },
    /// A header and nothing below.
    #[error("{file}: there are no rows below the header")]
    NoRows {
        /// The file.
        file: String,
    },
    /// A cell that does not fit.
    #[error("{file}: line {line}, column `{column}`: {why}")]
    Cell {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// The column.
        column: String,
        /// What is wrong, and what would be right.
        why: String,
    },
}

impl Refusal for SheetRefused {
    fn field(&self) -> Option<&'static str> {
        Some("rows")
    }
}

impl File {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<File, SheetRefused> {
        let file = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Ok(File { name: file, bytes }),
            Err(error) => Err(SheetRefused::Unreadable { file, why: error.to_string() }),
        }
    }

    /// SHA-256 of its bytes, in hex.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }

    /// What is wrong with the file as a table.
    pub fn refused(&self, why: impl Display) -> SheetRefused {
        SheetRefused::Table { file: self.name.clone(), why: why.to_string() }
    }
}

/// The rows of a file.
#[derive(Clone, Debug)]
pub struct Sheet {
    file: String,
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    point: Point,
}

/// One row of a sheet.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    sheet: &'a Sheet,
    number: u64,
    cells: &'a [String],
}

impl Sheet {
    /// Reads a file that must have these columns.
    pub fn read(file: &File, required: &[&str]) -> Result<Sheet, SheetRefused> {
        Sheet::read_of(file, required, None, &TimeZone::UTC)
    }

    /// As [`Sheet::read`], with moments that are midnight in a zone as that day.
    pub fn read_there(file: &File, required: &[&str], zone: &TimeZone) -> Result<Sheet, SheetRefused> {
        Sheet::read_of(file, required, None, zone)
    }

    /// Reads a file that came through a door: however it is packed, its table is no larger than may be sent as text.
    pub fn read_sent(file: &File, zone: &TimeZone) -> Result<Sheet, SheetRefused> {
        Sheet::read_of(file, &[], Some(N_BYTES_SENT), zone)
    }

    fn read_of(
        file: &File,
        required: &[&str],
        n_bytes: Option<usize>,
        zone: &TimeZone,
    ) -> Result<Sheet, SheetRefused> {
        if file.bytes.starts_with(b"PAR1") {
            return Sheet::of_parquet(file, required, n_bytes, zone);
        }
        if ndjson::is_one(file) {
            return ndjson::read(file, required);
        }
        let refused = |why: TableRefused| file.refused(why);
        let mut table = Table::open(&*file.bytes).map_err(refused)?;
        for name in required {
            table.column(name).map_err(refused)?;
        }
        let header = table.header().to_vec();
        let columns =
            header.iter().map(|name| table.column(name)).collect::<Result<Vec<_>, _>>().map_err(refused)?;
        let mut rows = Vec::new();
        while let Some(row) = table.next_row().map_err(refused)? {
            // Rows that were emptied in a spreadsheet still stand in its file.
            if columns.iter().any(|column| !row.text(column).is_empty()) {
                rows.push((row.line, columns.iter().map(|column| row.text(column).to_owned()).collect()));
            }
        }
        let point = if table.delimiter() == b',' { Point::OfDecimals } else { Point::OfEither };
        Ok(Sheet { point, ..Sheet::of_rows(&file.name, header, rows)? })
    }

    fn of_parquet(
        file: &File,
        required: &[&str],
        n_bytes: Option<usize>,
        zone: &TimeZone,
    ) -> Result<Sheet, SheetRefused> {
        let (header, rows) =
            read_cells_parquet(file.bytes.clone(), zone, n_bytes).map_err(|why| file.refused(why))?;
        if let Some(missing) = required.iter().find(|name| !header.iter().any(|known| known == *name)) {
            let why = TableRefused::NoColumn { column: (*missing).to_owned(), present: header };
            return Err(file.refused(why));
        }
        Sheet::of_rows(&file.name, header, rows)
    }

    /// Rows that came in another way, numbered, with a cell for each column.
    pub fn of_rows(
        name: &str,
        header: Vec<String>,
        rows: Vec<(u64, Vec<String>)>,
    ) -> Result<Sheet, SheetRefused> {
        if rows.is_empty() {
            return Err(SheetRefused::NoRows { file: name.to_owned() });
        }
        Ok(Sheet { file: name.to_owned(), header, rows, point: Point::OfDecimals })
    }

    /// As the rules for outcomes read it.
    pub fn table(&self) -> reading::Table<'_> {
        reading::Table { header: &self.header, rows: &self.rows, point: self.point }
    }

    /// Its name, for messages.
    pub fn file_name(&self) -> &str {
        &self.file
    }

    /// The rows, in their order.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(number, cells)| Line { sheet: self, number: *number, cells })
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is a column of this name.
    pub fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }
}

impl<'a> Line<'a> {
    /// Its line in the file, for messages of other rows.
    pub fn place(&self) -> u64 {
        self.number
    }

    /// The text of a cell; empty where there is no such column.
    pub fn text(&self, column: &str) -> &'a str {
        let place = self.sheet.header.iter().position(|name| name == column);
        place.and_then(|place| self.cells.get(place)).map_or("", String::as_str)
    }

    /// The text of a cell, or nothing where it is empty.
    pub fn maybe_text(&self, column: &str) -> Option<&'a str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// The text of a cell that must not be empty.
    pub fn some_text(&self, column: &str, wanted: &str) -> Result<&'a str, SheetRefused> {
        self.maybe_text(column).ok_or_else(|| self.bad(column, format!("nothing is there; {wanted}")))
    }

    /// A finite number, or nothing where the cell is empty.
    pub fn maybe_number(&self, column: &str) -> Result<Option<f64>, SheetRefused> {
        let Some(text) = self.maybe_text(column) else { return Ok(None) };
        Written::default().read(text).map(Some).map_err(|refused| self.bad(column, refused))
    }

    /// A finite number.
    pub fn number(&self, column: &str) -> Result<f64, SheetRefused> {
        let number = self.maybe_number(column)?;
        number.ok_or_else(|| self.bad(column, "nothing is there; give a number"))
    }

    /// Something with a written form, or nothing where the cell is empty; its refusal says what would be right.
    pub fn maybe_parsed<T: FromStr<Err: Display>>(&self, column: &str) -> Result<Option<T>, SheetRefused> {
        let Some(text) = self.maybe_text(column) else { return Ok(None) };
        text.parse().map(Some).map_err(|refused: T::Err| self.bad(column, refused))
    }

    /// Something with a written form; `wanted` says what belongs there when nothing is.
    pub fn parsed<T: FromStr<Err: Display>>(&self, column: &str, wanted: &str) -> Result<T, SheetRefused> {
        let parsed = self.maybe_parsed(column)?;
        parsed.ok_or_else(|| self.bad(column, format!("nothing is there; {wanted}")))
    }

    /// The refusal of a cell; `why` says what is wrong and what would be right.
    pub fn bad(&self, column: &str, why: impl Display) -> SheetRefused {
        SheetRefused::Cell {
            file: self.sheet.file.clone(),
            line: self.number,
            column: column.to_owned(),
            why: why.to_string(),
        }
    }

    /// The refusal of the domain, at the column it is about, else at `column`.
    pub fn refused(&self, column: &'static str, refusal: &dyn Refusal) -> SheetRefused {
        let field = refusal.field().filter(|field| self.sheet.has(field));
        self.bad(field.unwrap_or(column), refusal)
    }

    /// The cells of columns other than `known`, as JSON.
    pub fn attributes(&self, known: &[&str]) -> String {
        let others = self
            .sheet
            .header
            .iter()
            .zip(self.cells)
            .filter(|(name, cell)| !known.contains(&name.as_str()) && !cell.is_empty());
        let object: serde_json::Map<String, serde_json::Value> =
            others.map(|(name, cell)| (name.clone(), cell.as_str().into())).collect();
        serde_json::Value::Object(object).to_string()
    }
}
