//! `traction openapi`: prints the document, byte for byte as a server hands it out; needs no database.

use crate::commands::{Done, print_text};

/// Runs it.
pub fn run() -> Done {
    print_text(super::text().trim_end());
    Done
}
