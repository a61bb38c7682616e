//! Where in a table something stands.

use std::fmt;

/// Where in a table something stands: a text has lines, a packed file has rows only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On this line of a text; the header's is 1.
    Line(u64),
    /// In this row of a file that has no lines, counted from 1 below the names of the columns.
    Row(u64),
}

impl Place {
    /// The same in a file that has no lines.
    pub(crate) fn in_rows(self) -> Self {
        match self {
            Place::Line(n) | Place::Row(n) => Place::Row(n),
        }
    }
}

/// "line 3", or "row 3"; the longer form (`{:#}`) says "on line 3", or "in row 3".
impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, to.alternate()) {
            (Place::Line(n), false) => write!(to, "line {n}"),
            (Place::Line(n), true) => write!(to, "on line {n}"),
            (Place::Row(n), false) => write!(to, "row {n}"),
            (Place::Row(n), true) => write!(to, "in row {n}"),
        }
    }
}
