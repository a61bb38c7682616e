//! Why what was sent does not count, in the words for whoever sent it.

use std::collections::BTreeSet;

use serde_json::Value;
use traction_domain::measure::usage::EventRefused;

use crate::measure::usage::letter::{Fate, Letter};
use crate::measure::usage::parts;

/// So many reasons are told.
const N_REASONS: usize = 5;

/// Why something does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The place of the first of which it is told, from 1.
    pub place: usize,
    /// What that one is called.
    pub event: String,
    /// The sentence.
    pub says: String,
}

/// The first few reasons why parts of a letter do not count, each once, by the first that it is told of; `set_aside` are
/// those that are kept.
pub fn reasons<'a>(
    letter: &'a Letter,
    set_aside: impl Iterator<Item = (usize, &'a EventRefused, &'a Value)>,
) -> Vec<Reason> {
    let refused = letter.refused.iter().map(|dead| (dead.place, &dead.why, &dead.body));
    let mut all: Vec<_> = set_aside.chain(refused).collect();
    all.sort_by_key(|(place, ..)| *place);
    let mut said = BTreeSet::new();
    let firsts = all.into_iter().filter_map(|(place, why, body)| {
        let says = letter.form.says(why);
        let event = || parts::shape(letter.form, body, Fate::SetAside).event;
        said.insert(says.clone()).then(|| Reason { place, event: event(), says })
    });
    firsts.take(N_REASONS).collect()
}

/// The sentences alone.
pub fn sentences(reasons: &[Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.says.as_str()).collect()
}

/// All of it in one text that names each first one; `n_refused` do not count in all.
pub fn in_one(reasons: &[Reason], n_refused: usize) -> String {
    let each = reasons.iter().map(|Reason { place, event, says }| format!("record {place}, {event}: {says}"));
    let mut told = each.collect::<Vec<_>>().join("; ");
    if n_refused > reasons.len() {
        told.push_str(&format!("; and {} more", n_refused - reasons.len()));
    }
    told
}
