//! Taking a playbook over under a name of one's own. Comments and layout stay; only the head changes.

use super::lint::is_name;
use super::read::{form, read};
use super::{Flaw, Part, PlaybookRefused};
use crate::refusal::Refusal;

/// Why a playbook was not taken over.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ForkRefused {
    /// It is none.
    #[error(transparent)]
    Playbook(#[from] PlaybookRefused),
    /// No name.
    #[error(transparent)]
    Name(#[from] Flaw),
    /// Its own name.
    #[error(
        "it is called `{id}` already; a fork has a name of its own, or else the two cannot be told apart"
    )]
    SameName {
        /// The name.
        id: String,
    },
}

impl Refusal for ForkRefused {
    fn field(&self) -> Option<&'static str> {
        Some("id")
    }
}

/// The text of a fork: named `id`, at version 1, saying which edition it was taken from.
pub fn fork(text: &str, id: &str) -> Result<String, ForkRefused> {
    let origin = read(text)?.edition;
    if !is_name(id) {
        return Err(Flaw::NotAName { part: Part::Playbook, written: id.to_owned() }.into());
    }
    if origin.id == id {
        return Err(ForkRefused::SameName { id: origin.id });
    }
    let raw = form(text)?;
    let mut edits = vec![(raw.id.span(), format!("\"{id}\"")), (raw.version.span(), "1".to_owned())];
    match raw.forked_from {
        Some(earlier) => edits.push((earlier.span(), format!("\"{origin}\""))),
        None => {
            let end = raw.version.span().end;
            edits.push((end..end, format!("\nforked_from = \"{origin}\"")));
        }
    }
    // From the end, so that the places of earlier edits stay what they are.
    edits.sort_by_key(|(place, _)| std::cmp::Reverse((place.start, place.end)));
    let mut forked = text.to_owned();
    for (place, instead) in edits {
        forked.replace_range(place, &instead);
    }
    Ok(forked)
}
