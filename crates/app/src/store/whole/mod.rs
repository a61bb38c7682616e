//! A database as a whole: every table with every row, whatever they mean. It knows no table by its name.

mod compare;
mod copy;
mod layout;

pub use compare::{Difference, compare};
pub use copy::{NotCopied, Pasted, hold, lost_references, moved, n_rows, paste};
pub use layout::{Layout, Made, Table, made};
