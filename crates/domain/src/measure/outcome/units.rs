//! Which unit a label means: by its short name, by its name, or by what the label would be as a short name.
//!
//! What is like it is proposed, never taken for it.

use std::collections::BTreeMap;

use crate::id::UnitId;
use crate::org::slug::Slug;
use crate::sense::friction::likeness;

/// How alike a unit must be to be proposed (0 to 1).
const ALIKE: f64 = 0.25;
/// So many are proposed at most.
const N_PROPOSED: usize = 3;

/// Every unit there is, by what it goes by.
#[derive(Clone, Debug, Default)]
pub struct Units {
    by_slug: BTreeMap<String, UnitId>,
    by_name: BTreeMap<String, Vec<String>>,
}

/// Why a label names no unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitUnknown {
    /// None is called like it.
    #[error("there is no unit `{label}`; {}import units first, or correct the name", proposed(nearest))]
    Nobody {
        /// The label.
        label: String,
        /// The short names of units that are called somewhat like it, the likest first.
        nearest: Vec<String>,
    },
    /// Several bear this name.
    #[error("several units are called `{label}`; write the short name instead: {}", names.join(", "))]
    Several {
        /// The label.
        label: String,
        /// Their short names.
        names: Vec<String>,
    },
}

fn proposed(nearest: &[String]) -> String {
    let named: Vec<String> = nearest.iter().map(|name| format!("`{name}`")).collect();
    if named.is_empty() { String::new() } else { format!("perhaps {} is meant; ", named.join(" or ")) }
}

impl Units {
    /// The units: short name, name, id.
    pub fn of<'a>(units: impl Iterator<Item = (&'a str, &'a str, UnitId)>) -> Units {
        let mut all = Units::default();
        for (slug, name, id) in units {
            all.by_slug.insert(slug.to_owned(), id);
            all.by_name.entry(name.trim().to_lowercase()).or_default().push(slug.to_owned());
        }
        all
    }

    /// The unit that a label means; if none, with those that are called alike.
    pub fn find(&self, label: &str) -> Result<UnitId, UnitUnknown> {
        self.named(label).map_err(|unknown| match unknown {
            UnitUnknown::Nobody { label, .. } => {
                let nearest = self.nearest(&label);
                UnitUnknown::Nobody { label, nearest }
            }
            several => several,
        })
    }

    /// The unit that a label means; for others that are called alike it does not look, which takes its time.
    pub fn named(&self, label: &str) -> Result<UnitId, UnitUnknown> {
        if let Some(unit) = self.by_slug.get(label) {
            return Ok(*unit);
        }
        match self.by_name.get(&label.trim().to_lowercase()).map(Vec::as_slice) {
            Some([slug]) => return self.named(slug),
            Some(several) => {
                return Err(UnitUnknown::Several { label: label.to_owned(), names: several.to_vec() });
            }
            None => {}
        }
        let suggested = Slug::suggested(label).and_then(|slug| self.by_slug.get(slug.as_str()));
        suggested.copied().ok_or_else(|| UnitUnknown::Nobody { label: label.to_owned(), nearest: vec![] })
    }

    /// The short names of the units that are called somewhat like a label, the likest first.
    fn nearest(&self, label: &str) -> Vec<String> {
        let names = self.by_name.iter().flat_map(|(name, slugs)| slugs.iter().map(move |slug| (name, slug)));
        let mut alike: Vec<(f64, &String)> = names
            .map(|(name, slug)| (likeness(label, name).max(likeness(label, slug)), slug))
            .filter(|(share, _)| *share >= ALIKE)
            .collect();
        alike.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        alike.into_iter().take(N_PROPOSED).map(|(_, slug)| slug.clone()).collect()
    }

    /// All short names, in their order.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.by_slug.keys().map(String::as_str)
    }
}
