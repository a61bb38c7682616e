//! What stands in one column of one row, so that two databases can be compared to the bit.

use std::fmt::{self, Display};

use sea_orm::Value;

/// What a column holds. The schema knows no other kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `TEXT`.
    Text,
    /// `BIGINT`.
    Whole,
    /// `DOUBLE PRECISION`.
    Number,
}

/// What stands there. Numbers by their bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// NULL.
    Nothing,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(u64),
}

impl Kind {
    /// The kind that a column was declared with.
    pub fn of(declared: &str) -> Option<Kind> {
        match declared {
            "TEXT" => Some(Kind::Text),
            "BIGINT" => Some(Kind::Whole),
            "DOUBLE PRECISION" => Some(Kind::Number),
            _ => None,
        }
    }
}

impl Cell {
    /// As the database takes it. `kind` tells a missing value's kind too: PostgreSQL asks.
    pub fn value(self, kind: Kind) -> Value {
        match (self, kind) {
            (Cell::Text(text), _) => text.into(),
            (Cell::Whole(whole), _) => whole.into(),
            (Cell::Number(bits), _) => f64::from_bits(bits).into(),
            (Cell::Nothing, Kind::Text) => None::<String>.into(),
            (Cell::Nothing, Kind::Whole) => None::<i64>.into(),
            (Cell::Nothing, Kind::Number) => None::<f64>.into(),
        }
    }
}

impl Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Nothing => f.write_str("nothing"),
            Cell::Text(text) => f.write_str(text),
            Cell::Whole(whole) => write!(f, "{whole}"),
            Cell::Number(bits) => write!(f, "{}", f64::from_bits(*bits)),
        }
    }
}
