//! The list of a draw as a table: `unit,band,layer`, and optionally `place` and `parent`.
//!
//! Every complaint names line and column and what would be right; nothing is guessed, and nothing is read halfway.

use std::collections::BTreeMap;
use std::str::FromStr;

use csv::{ReaderBuilder, StringRecord};
use traction_domain::contend::draw::{Entry, Place};

/// What stands in the table's header.
const COLUMNS: [&str; 5] = ["unit", "band", "layer", "place", "parent"];

/// Why a table is not a list of a draw.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListRefused {
    /// Something about the header.
    #[error("line 1: {what}; the header has `unit`, `band`, `layer`, and optionally `place` and `parent`")]
    Header {
        /// What.
        what: String,
    },
    /// Something in a cell.
    #[error("line {line}, column `{column}`: {what}")]
    Cell {
        /// The line, from 1.
        line: u64,
        /// The column's name.
        column: &'static str,
        /// What is wrong, and what would be right.
        what: String,
    },
    /// A row that has not as many cells as the header.
    #[error("line {line}: {n_cells} cells, where the header has {n_columns}; give every row the same")]
    Row {
        /// The line, from 1.
        line: u64,
        /// Cells in the row.
        n_cells: usize,
        /// Columns in the header.
        n_columns: usize,
    },
    /// Not text.
    #[error("line {line}: not UTF-8 text; save the table as CSV in UTF-8")]
    NotText {
        /// The line, from 1.
        line: usize,
    },
    /// No row.
    #[error("line 2: no one is on the list, so there is nothing to draw; add a row for each unit")]
    Empty,
}

/// A table that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its rows.
    pub entries: Vec<Entry>,
    /// Columns that a draw does not know.
    pub unused: Vec<String>,
}

/// Reads a table: comma, semicolon or tab, whichever the header has.
pub fn read(bytes: &[u8]) -> Result<List, ListRefused> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        ListRefused::NotText { line: 1 + before.iter().filter(|byte| **byte == b'\n').count() }
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|byte| header.as_bytes().contains(byte)).unwrap_or(b',');
    let mut rows = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
        // The text is UTF-8 and the rows are flexible, so that no row can be unreadable.
        .filter_map(Result::ok);
    let columns = Columns::of(text, &rows.next().unwrap_or_default())?;
    let mut seen = BTreeMap::new();
    let mut entries = Vec::new();
    for row in rows {
        let entry = columns.entry(&row)?;
        if let Some(first) = seen.insert(entry.unit.clone(), start_of(&row)) {
            let (line, first) = (columns.line_of(&row), columns.line_at(first));
            let what =
                format!("`{}` is on the list already, in line {first}; leave one of them out", entry.unit);
            return Err(ListRefused::Cell { line, column: "unit", what });
        }
        entries.push(entry);
    }
    if entries.is_empty() { Err(ListRefused::Empty) } else { Ok(List { entries, unused: columns.unused }) }
}

/// Where each known column stands.
struct Columns<'a> {
    text: &'a str,
    places: [Option<usize>; 5],
    n_columns: usize,
    unused: Vec<String>,
}

impl<'t> Columns<'t> {
    fn of(text: &'t str, header: &StringRecord) -> Result<Columns<'t>, ListRefused> {
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        let mut places = [None; 5];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            let mut found = names.iter().enumerate().filter(|(_, other)| **other == name);
            *place = found.next().map(|(index, _)| index);
            if found.next().is_some() {
                return Err(ListRefused::Header { what: format!("the column `{name}` stands there twice") });
            }
        }
        if let Some((_, name)) = places.iter().zip(COLUMNS).take(3).find(|(place, _)| place.is_none()) {
            return Err(ListRefused::Header { what: format!("the column `{name}` is missing") });
        }
        let unused = names.iter().filter(|name| !COLUMNS.contains(name)).map(ToString::to_string).collect();
        Ok(Columns { text, places, n_columns: names.len(), unused })
    }

    fn entry(&self, row: &StringRecord) -> Result<Entry, ListRefused> {
        if row.len() != self.n_columns {
            let (n_cells, n_columns) = (row.len(), self.n_columns);
            return Err(ListRefused::Row { line: self.line_of(row), n_cells, n_columns });
        }
        let unit = self.cell(row, 0);
        if unit.is_empty() {
            let what = "no unit; give each row the unit's short name".to_owned();
            return Err(ListRefused::Cell { line: self.line_of(row), column: "unit", what });
        }
        Ok(Entry {
            unit: unit.to_owned(),
            band: self.whole(row, 1)?,
            layer: self.whole(row, 2)?,
            place: match self.cell(row, 3) {
                "" => Place::Open,
                word => Place::from_str(word).map_err(|refused| ListRefused::Cell {
                    line: self.line_of(row),
                    column: "place",
                    what: refused.to_string(),
                })?,
            },
            parent: Some(self.cell(row, 4)).filter(|parent| !parent.is_empty()).map(str::to_owned),
        })
    }

    fn whole(&self, row: &StringRecord, column: usize) -> Result<u32, ListRefused> {
        let cell = self.cell(row, column);
        cell.parse().map_err(|_| ListRefused::Cell {
            line: self.line_of(row),
            column: COLUMNS[column],
            what: format!("`{cell}` is not a whole number from 0; write it like 2"),
        })
    }

    fn line_of(&self, row: &StringRecord) -> u64 {
        self.line_at(start_of(row))
    }

    /// The line of the first row at or after a byte. The reader's own count is not taken: it stands before the end
    /// of the line before, where that has two characters, and before empty lines.
    fn line_at(&self, byte: usize) -> u64 {
        let (before, rest) = self.text.split_at_checked(byte).unwrap_or((self.text, ""));
        let blank = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let breaks = before.matches('\n').count() + rest[..blank].matches('\n').count();
        1 + u64::try_from(breaks).unwrap_or(u64::MAX)
    }

    /// The cell of a known column, without blanks at its ends; empty where the table lacks the column.
    fn cell<'a>(&self, row: &'a StringRecord, column: usize) -> &'a str {
        self.places[column].and_then(|place| row.get(place)).unwrap_or_default().trim()
    }
}

/// The byte at which the reader began to look for the row.
fn start_of(row: &StringRecord) -> usize {
    row.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &str, says: &str) {
        assert_eq!(read(table.as_bytes()).unwrap_err().to_string(), says);
    }

    #[test]
    fn columns_may_stand_in_any_order_and_be_parted_by_comma_semicolon_or_tab() {
        let plain = read(b"unit,band,layer\nelm,1,0\nash,2,1\n").unwrap();
        assert_eq!(plain.entries.len(), 2);
        assert_eq!(plain.entries[1].place, Place::Open);
        let turned = "\u{FEFF}layer;unit;note;band\r\n0;elm;\"a;b\";1\r\n1; ash ;;2\r\n";
        let turned = read(turned.as_bytes()).unwrap();
        assert_eq!((turned.entries, turned.unused), (plain.entries, vec!["note".into()]));
        let full = read(b"unit\tband\tlayer\tplace\tparent\nelm\t1\t0\tprotected\tnorth\n").unwrap();
        assert_eq!(full.entries[0].place, Place::Protected);
        assert_eq!(full.entries[0].parent.as_deref(), Some("north"));
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        let header = "; the header has `unit`, `band`, `layer`, and optionally `place` and `parent`";
        check("", &format!("line 1: the column `unit` is missing{header}"));
        check("unit,layer\nelm,1\n", &format!("line 1: the column `band` is missing{header}"));
        check("unit,band,band,layer\n", &format!("line 1: the column `band` stands there twice{header}"));
        check(
            "unit,band,layer\nelm,1,0\nash,one,0\n",
            "line 3, column `band`: `one` is not a whole number from 0; write it like 2",
        );
        check(
            "unit,band,layer\nelm,1,-1\n",
            "line 2, column `layer`: `-1` is not a whole number from 0; write it like 2",
        );
        check(
            "unit,band,layer,place\nelm,1,0,ajar\n",
            "line 2, column `place`: `ajar` is not a place; write `open` or `protected`",
        );
        check(
            "unit,band,layer\nelm,1,0\n\nelm,2,0\n",
            "line 4, column `unit`: `elm` is on the list already, in line 2; leave one of them out",
        );
        check(
            "unit,band,layer\n ,1,0\n",
            "line 2, column `unit`: no unit; give each row the unit's short name",
        );
        check("unit,band,layer\nelm,1\n", "line 2: 2 cells, where the header has 3; give every row the same");
        check(
            "unit,band,layer\n",
            "line 2: no one is on the list, so there is nothing to draw; add a row for each unit",
        );
    }

    #[test]
    fn what_is_not_text_is_told_with_its_line() {
        let bytes = b"unit,band,layer\nelm,1,0\nb\xF6rse,1,0\n";
        assert_eq!(read(bytes), Err(ListRefused::NotText { line: 3 }));
    }
}
