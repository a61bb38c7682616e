//! The two playbooks that come with the program.

use super::{Playbook, read};

/// Their names and texts.
pub const BUILT_IN: [(&str, &str); 2] = [
    ("internal-change", include_str!("../../../playbooks/internal-change.toml")),
    ("buying", include_str!("../../../playbooks/buying.toml")),
];

/// The built-in playbook of that name, with its text.
pub fn built_in(name: &str) -> Option<(Playbook, &'static str)> {
    let (_, text) = BUILT_IN.into_iter().find(|(id, _)| *id == name)?;
    Some((read(text).expect("the files that ship are playbooks: a test reads them"), text))
}
