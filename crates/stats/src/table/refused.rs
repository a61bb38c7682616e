//! Why a table could not be read, in sentences that say where and what would be right.

use super::Place;
use crate::words::counted;

/// Why a table was not read. Nothing is half read: the first fault ends the reading.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableRefused {
    /// Not even a header.
    #[error("the table is empty; its first line should name the columns")]
    Empty,
    /// No text at all.
    #[error("this is no text but a packed file, as spreadsheets are; save the table as CSV in UTF-8")]
    Packed,
    /// Bytes that are not UTF-8.
    #[error("{at} is not UTF-8 text; save the table as CSV in UTF-8")]
    NotUtf8 {
        /// Where.
        at: Place,
    },
    /// The end came between a quote and the one that closes it.
    #[error(
        "a quote opened {at:#} is not closed before the end; the file may be cut off: send all of it, or close the quote"
    )]
    QuoteOpen {
        /// Where it opens.
        at: Place,
    },
    /// More or fewer fields than the header.
    #[error(
        "{at} has {} where the header has {expected}; check for a missing or unquoted delimiter{}", fields(*found),
        if found < expected { ", and whether the file was cut off there" } else { "" }
    )]
    Ragged {
        /// Where.
        at: Place,
        /// Fields on that line.
        found: u64,
        /// Fields in the header.
        expected: u64,
    },
    /// A column that was asked for is absent.
    #[error("there is no column `{column}`; {}", columns(present))]
    NoColumn {
        /// The name asked for.
        column: String,
        /// The names in the header.
        present: Vec<String>,
    },
    /// Two columns of one name.
    #[error("two columns are named `{column}`; rename one of them")]
    NamedTwice {
        /// The name.
        column: String,
    },
    /// A cell that cannot be read as what its column holds.
    #[error("{at}, column `{column}`: {}; {wanted}", found_words(found, wanted))]
    BadCell {
        /// Where.
        at: Place,
        /// In which column.
        column: String,
        /// What stands there.
        found: String,
        /// What would be right.
        wanted: &'static str,
    },
    /// Small as it is packed, it holds more than is taken at once.
    #[error("unpacked, the table is larger than {} MB; send it in parts", n_bytes >> 20)]
    TooLarge {
        /// So many bytes may be in it.
        n_bytes: usize,
    },
    /// A Parquet file that is packed in a way that is not read here.
    #[error(
        "this Parquet file is packed with {codec}, which is not read here; write it anew with zstd, snappy or gzip, or not \
         packed at all, or as CSV"
    )]
    PackedBy {
        /// The way of packing.
        codec: &'static str,
    },
    /// A Parquet file that is none, or was cut short.
    #[error(
        "this Parquet file cannot be read ({why}); it may be cut off: send all of it, or write it anew, or as CSV"
    )]
    NotParquet {
        /// What the reader stumbled over.
        why: String,
    },
    /// The bytes stopped coming.
    #[error("the table could not be read to its end: {0}")]
    Unreadable(std::io::ErrorKind),
}

impl TableRefused {
    /// The same of a file that has no lines.
    pub(crate) fn in_rows(mut self) -> Self {
        match &mut self {
            TableRefused::NotUtf8 { at }
            | TableRefused::QuoteOpen { at }
            | TableRefused::Ragged { at, .. }
            | TableRefused::BadCell { at, .. } => *at = at.in_rows(),
            TableRefused::Empty
            | TableRefused::Packed
            | TableRefused::NoColumn { .. }
            | TableRefused::NamedTwice { .. }
            | TableRefused::PackedBy { .. }
            | TableRefused::TooLarge { .. }
            | TableRefused::NotParquet { .. }
            | TableRefused::Unreadable(_) => {}
        }
        self
    }
}

/// A sentence names no more columns than this.
const COLUMNS_LISTED: usize = 30;
/// A sentence repeats no more letters of a cell than this.
const LETTERS_REPEATED: usize = 80;

fn fields(n: u64) -> String {
    counted(n, "field", "fields")
}

fn columns(present: &[String]) -> String {
    match present {
        [one] => {
            format!("there is one column only, `{}`; columns are told by comma, semicolon or tab", cut(one))
        }
        present => format!("the columns are {}", listed(present)),
    }
}

fn listed(names: &[String]) -> String {
    let some: Vec<String> =
        names.iter().take(COLUMNS_LISTED).map(|name| format!("`{}`", cut(name))).collect();
    match names.len() - some.len() {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}

/// The text, or its beginning where it is long: a quote that nobody closes makes a cell of the rest of the file.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LETTERS_REPEATED) {
        Some((end, _)) => format!("{} ...", text[..end].replace('\n', " ")),
        None => text.to_owned(),
    }
}

fn found_words(found: &str, wanted: &str) -> String {
    let decimal_comma = found.replacen(',', ".", 1);
    match found {
        "" => "nothing is there".to_owned(),
        _ if wanted.contains("number") && found.contains(',') && decimal_comma.parse::<f64>().is_ok() => {
            format!("`{found}` has a decimal comma; write {decimal_comma}")
        }
        _ => format!("`{}` cannot be read", cut(found)),
    }
}

/// The csv reader's errors in our words; its count of lines lags by `lag`.
pub(super) fn from_csv(error: csv::Error, lag: u64) -> TableRefused {
    let line_of = |position: &Option<csv::Position>| {
        Place::Line(lag + position.as_ref().map_or(1, csv::Position::line))
    };
    match error.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => TableRefused::NotUtf8 { at: line_of(pos) },
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            TableRefused::Ragged { at: line_of(pos), found: *len, expected: *expected_len }
        }
        csv::ErrorKind::Io(io) => TableRefused::Unreadable(io.kind()),
        _ => TableRefused::Unreadable(std::io::ErrorKind::InvalidData),
    }
}
