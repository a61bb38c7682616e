//! What each unit has in a column of words that is the same on all its rows, say its region.
//!
//! A panel needs none; whoever looks at parts of its units does.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::io::Read;

use jiff::tz::TimeZone;

use super::parquet::each_row;
use super::{PanelRefused, read};
use crate::table::{Column, Place, Row, Table, TableRefused};

/// By unit, what a delimited text table has in `column`; units in whose rows it is empty are not in it.
///
/// - `unit`: the column that names the unit; empty where rows belong to none, as in [`Columns`](super::Columns).
///
/// Refused: a unit with different things there on different rows.
pub fn read_labels(
    input: impl Read,
    unit: &str,
    column: &str,
) -> Result<BTreeMap<String, String>, PanelRefused> {
    let mut table = Table::open(input)?;
    let mut labels = Labels::of((unit, column), |name| table.column(name))?;
    while let Some(row) = table.next_row()? {
        labels.take(row)?;
    }
    Ok(labels.finish())
}

/// The same of a Parquet file.
pub fn read_labels_parquet(
    file: Vec<u8>,
    unit: &str,
    column: &str,
) -> Result<BTreeMap<String, String>, PanelRefused> {
    let labels = each_row(file, &TimeZone::UTC, |find| Labels::of((unit, column), find), Labels::take)?;
    Ok(labels.finish())
}

/// Labels while they are read.
struct Labels {
    unit: Option<Column>,
    column: Column,
    name: String,
    /// By unit, the label and the line of its first row.
    known: BTreeMap<String, (String, u64)>,
    number: String,
}

impl Labels {
    fn of(
        (unit, name): (&str, &str),
        mut column: impl FnMut(&str) -> Result<Column, TableRefused>,
    ) -> Result<Self, TableRefused> {
        Ok(Labels {
            unit: Some(unit).filter(|unit| !unit.is_empty()).map(&mut column).transpose()?,
            column: column(name)?,
            name: name.to_owned(),
            known: BTreeMap::new(),
            number: String::new(),
        })
    }

    fn take(&mut self, row: Row<'_>) -> Result<(), PanelRefused> {
        let unit = match &self.unit {
            Some(column) => row.some_text(column, read::WANTED_UNIT)?,
            None => {
                self.number.clear();
                // Writing to a string does not fail.
                let _ = write!(self.number, "row {}", row.line);
                &self.number
            }
        };
        let label = row.text(&self.column);
        match self.known.entry(unit.to_owned()) {
            Entry::Vacant(free) => {
                free.insert((label.to_owned(), row.line));
            }
            Entry::Occupied(known) if known.get().0 != label => {
                return Err(PanelRefused::LabelChanged {
                    at: Place::Line(row.line),
                    first_at: Place::Line(known.get().1),
                    unit: unit.to_owned(),
                    column: self.name.clone(),
                });
            }
            Entry::Occupied(_) => {}
        }
        Ok(())
    }

    fn finish(self) -> BTreeMap<String, String> {
        let labels = self.known.into_iter().map(|(unit, (label, _))| (unit, label));
        labels.filter(|(_, label)| !label.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "ward,month,region,y\na,1,north,1\nb,1,,2\na,2,north,3\nc,1,south,1\nb,2,,2\n";

    #[test]
    fn each_unit_has_one_label_or_none() {
        let labels = read_labels(TABLE.as_bytes(), "ward", "region").unwrap();
        let expect =
            [("a", "north"), ("c", "south")].map(|(unit, label)| (unit.to_owned(), label.to_owned()));
        assert_eq!(labels, BTreeMap::from(expect));
        let by_row = read_labels(TABLE.as_bytes(), "", "region").unwrap();
        assert_eq!(by_row.keys().collect::<Vec<_>>(), ["row 2", "row 4", "row 5"]);
    }

    #[test]
    fn a_label_that_changes_is_refused() {
        let text = format!("{TABLE}c,2,north,1\n");
        assert_eq!(
            read_labels(text.as_bytes(), "ward", "region").unwrap_err().to_string(),
            "line 7: `c` has another `region` here than on line 5; give all rows of a unit the same, or name a column that \
             does not change"
        );
        let missing = read_labels(TABLE.as_bytes(), "ward", "house").unwrap_err().to_string();
        assert!(missing.starts_with("there is no column `house`"), "{missing}");
    }
}
