//! Reading a delimited text table row by row, naming line and column in every refusal.
//!
//! Comma, semicolon or tab is told from the header, or from a line `sep=;` before it; UTF-8 with or without a byte order mark; quoted fields.
//! It guesses no types and holds one row at a time. It opens no file: whoever has one passes its bytes.

use std::io::{Chain, Cursor, Read};

mod place;
mod quotes;
mod refused;
#[cfg(test)]
mod tests;

pub use place::Place;
use quotes::Quotes;
pub use refused::TableRefused;

/// How much is looked at to find the header and its delimiter; a header longer than this is refused.
const HEADER_AT_MOST: u64 = 64 * 1024;

/// What packed files begin with: zip, which newer spreadsheets are, older spreadsheets, gzip.
const PACKED: [&[u8]; 3] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"];

/// A delimited text table, read from its start to its end once.
pub struct Table<R> {
    reader: csv::Reader<Quotes<Chain<Cursor<Vec<u8>>, R>>>,
    header: Vec<String>,
    delimiter: u8,
    record: csv::ByteRecord,
    /// By how many lines the csv reader's count of a row lags.
    lag: u64,
}

/// A column of a table that is there: its place and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    place: usize,
    /// The name in the header.
    pub name: String,
}

/// One row below the header.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The line of the file on which the row begins; the header is line 1.
    pub line: u64,
    record: &'a csv::ByteRecord,
}

impl<R: Read> Table<R> {
    /// Reads the header of `input`.
    ///
    /// Refused: nothing there, no text, not UTF-8, cut off inside quotes.
    pub fn open(mut input: R) -> Result<Self, TableRefused> {
        let mut front = Vec::new();
        input
            .by_ref()
            .take(HEADER_AT_MOST)
            .read_to_end(&mut front)
            .map_err(|e| TableRefused::Unreadable(e.kind()))?;
        if PACKED.iter().any(|begins| front.starts_with(begins)) {
            return Err(TableRefused::Packed);
        }
        if front.starts_with(&[0xff, 0xfe]) || front.starts_with(&[0xfe, 0xff]) {
            return Err(TableRefused::NotUtf8 { at: Place::Line(1) });
        }
        if front.starts_with(&[0xef, 0xbb, 0xbf]) {
            front.drain(..3);
        }
        let delimiter = said_delimiter(&mut front).unwrap_or_else(|| delimiter(&front));
        // Where two bytes end a line, the reader takes the second for the beginning of the next row.
        let (lag, end) = if has_two_byte_ends(&front) { (1, b'\r') } else { (0, b'\n') };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(csv::Trim::Headers)
            .from_reader(Quotes::of(Cursor::new(front).chain(input), delimiter, end));
        let read = reader.headers().map(|header| header.iter().map(str::to_owned).collect());
        let header: Vec<String> = whole(&reader, read, 0)?;
        if header.iter().all(String::is_empty) {
            return Err(TableRefused::Empty);
        }
        Ok(Table { reader, header, delimiter, record: csv::ByteRecord::new(), lag })
    }

    /// The names in the header, in order.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// What parts its columns.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Finds a column by its exact name, which must be its alone.
    pub fn column(&self, name: &str) -> Result<Column, TableRefused> {
        if self.header.iter().filter(|present| *present == name).count() > 1 {
            return Err(TableRefused::NamedTwice { column: name.to_owned() });
        }
        match self.header.iter().position(|present| present == name) {
            Some(place) => Ok(Column { place, name: name.to_owned() }),
            None => Err(TableRefused::NoColumn { column: name.to_owned(), present: self.header.clone() }),
        }
    }

    /// The next row, or `None` at the end. Blank lines are passed over.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, TableRefused> {
        let read = self.reader.read_byte_record(&mut self.record);
        if !whole(&self.reader, read, self.lag)? {
            return Ok(None);
        }
        let from = self.record.position().map_or(0, csv::Position::line);
        let passed = self.reader.position().line().saturating_sub(from + 1);
        // Blank lines before a row are read with it; others that were passed are breaks within its fields.
        let blank = match passed {
            0 => 0,
            passed => passed
                .saturating_sub(self.record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64),
        };
        let line = self.lag + from + blank;
        let is_text = |field| std::str::from_utf8(field).is_ok();
        if !self.record.as_slice().is_ascii() && !self.record.iter().all(is_text) {
            return Err(TableRefused::NotUtf8 { at: Place::Line(line) });
        }
        Ok(Some(Row { line, record: &self.record }))
    }
}

impl Column {
    /// A column of a table that is read elsewhere.
    pub(crate) fn at(place: usize, name: &str) -> Self {
        Column { place, name: name.to_owned() }
    }
}

impl<'a> Row<'a> {
    /// A row of a table that is read elsewhere, its cells as text.
    pub(crate) fn of(line: u64, record: &'a csv::ByteRecord) -> Self {
        Row { line, record }
    }
}

impl Row<'_> {
    /// The trimmed text of a cell.
    pub fn text(&self, column: &Column) -> &str {
        let field = self.record.get(column.place).unwrap_or_default();
        // Every field was text when the row was read.
        std::str::from_utf8(field).unwrap_or_default().trim()
    }

    /// The text of a cell that must not be empty; `wanted` says what belongs there.
    pub fn some_text(&self, column: &Column, wanted: &'static str) -> Result<&str, TableRefused> {
        let text = self.text(column);
        if text.is_empty() { Err(self.bad(column, wanted)) } else { Ok(text) }
    }

    /// A cell as a finite number; `wanted` says what belongs there.
    pub fn number(&self, column: &Column, wanted: &'static str) -> Result<f64, TableRefused> {
        let found = self.text(column).parse::<f64>().ok().filter(|number| number.is_finite());
        found.ok_or_else(|| self.bad(column, wanted))
    }

    /// The refusal of this row's cell in `column`; `wanted` says what would be right.
    pub fn bad(&self, column: &Column, wanted: &'static str) -> TableRefused {
        let found = self.text(column).to_owned();
        TableRefused::BadCell { at: Place::Line(self.line), column: column.name.clone(), found, wanted }
    }
}

/// What was read, unless the input ended inside quotes: then it is half of something, whatever it looks like.
fn whole<R: Read, T>(
    reader: &csv::Reader<Quotes<R>>,
    read: Result<T, csv::Error>,
    lag: u64,
) -> Result<T, TableRefused> {
    match reader.get_ref().left_open() {
        Some(line) => Err(TableRefused::QuoteOpen { at: Place::Line(line) }),
        None => read.map_err(|why| refused::from_csv(why, lag)),
    }
}

/// Whether the header's line ends with two bytes, as it does where the file was written on Windows.
fn has_two_byte_ends(front: &[u8]) -> bool {
    let mut quoted = false;
    let end = front.iter().position(|byte| {
        quoted ^= *byte == b'"';
        !quoted && matches!(byte, b'\n' | b'\r')
    });
    end.is_some_and(|end| front[end..].starts_with(b"\r\n"))
}

/// The delimiter that the first line says, as spreadsheets write it (`sep=;`); that line is blank from then on.
fn said_delimiter(front: &mut Vec<u8>) -> Option<u8> {
    let is_said = front.get(..4).is_some_and(|said| said.eq_ignore_ascii_case(b"sep="));
    let (said, end) = (*front.get(4)?, front.get(5)?);
    let parts = (said.is_ascii_punctuation() || said == b'\t') && said != b'"';
    (is_said && parts && matches!(end, b'\r' | b'\n')).then(|| {
        front.drain(..5);
        said
    })
}

/// The delimiter that occurs most often in the header, outside quotes; comma if there is none.
fn delimiter(front: &[u8]) -> u8 {
    let mut count = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for &byte in front {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => count.iter_mut().filter(|(candidate, _)| *candidate == byte).for_each(|(_, n)| *n += 1),
        }
    }
    // The first of equals wins, so that a header without any delimiter reads as comma-separated.
    count.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(candidate, _)| *candidate)
}
