//! The frozen list of a draw: who takes part, numbered, and the one text of it that is hashed.
//!
//! Decides nothing about who may take part: that is the policy's business, before closing.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use super::digest::Digest;
use crate::refusal::Refusal;

/// How an entry came on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Takes part in the draw.
    Open,
    /// Holds its slot by a decision with a logged reason; outside every risk set.
    Protected,
}

/// A word that is no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a place; write `open` or `protected`")]
pub struct PlaceRefused {
    /// What was written.
    pub word: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Protected => "protected",
        })
    }
}

impl FromStr for Place {
    type Err = PlaceRefused;

    fn from_str(word: &str) -> Result<Self, PlaceRefused> {
        match word {
            "open" => Ok(Self::Open),
            "protected" => Ok(Self::Protected),
            _ => Err(PlaceRefused { word: word.to_owned() }),
        }
    }
}

/// One unit on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The unit's slug.
    pub unit: String,
    /// Readiness band; the lower comes first.
    pub band: u32,
    /// Distance from where the change already works; the lower comes first.
    pub layer: u32,
    /// Open or protected.
    pub place: Place,
    /// The slug of the unit above it, where the wave has a cap per parent.
    pub parent: Option<String>,
}

/// The frozen list: at least one entry, sorted bytewise by unit, none twice, numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrants(Vec<Entry>);

/// Why a list of entries cannot be drawn from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntrantsRefused {
    /// The list is empty.
    #[error("no one is on the list, so there is nothing to draw; extend the wave or withdraw it")]
    NoEntrants,
    /// An entry names no unit.
    #[error("an entry names no unit; give each entry the unit's slug")]
    Nameless,
    /// A unit is on the list more than once.
    #[error("`{unit}` is on the list twice; a unit takes part once, so leave one of them out")]
    Twice {
        /// The unit.
        unit: String,
    },
}

impl Refusal for EntrantsRefused {}

impl Entrants {
    /// Sorts the entries into the list, whatever order they arrive in.
    ///
    /// # Errors
    /// [`EntrantsRefused`] when there is no entry, one without a unit, or a unit twice.
    pub fn new(mut entries: Vec<Entry>) -> Result<Self, EntrantsRefused> {
        if entries.is_empty() {
            return Err(EntrantsRefused::NoEntrants);
        }
        if entries.iter().any(|entry| entry.unit.is_empty()) {
            return Err(EntrantsRefused::Nameless);
        }
        entries.sort_by(|a, b| a.unit.as_bytes().cmp(b.unit.as_bytes()));
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].unit == pair[1].unit) {
            return Err(EntrantsRefused::Twice { unit: pair[0].unit.clone() });
        }
        Ok(Self(entries))
    }

    /// The entries in the order of the list; the first has number 1.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// Where a unit stands in [`Self::entries`].
    pub fn position(&self, unit: &str) -> Option<usize> {
        self.0.binary_search_by(|entry| entry.unit.as_bytes().cmp(unit.as_bytes())).ok()
    }

    /// The list in the canonical form of RFC 8785 (JCS): what is hashed, byte for byte.
    ///
    /// Keys stand in the order of their letters, no spaces, whole numbers plain, and texts escaped only where
    /// JSON demands it.
    pub fn canonical(&self) -> String {
        let mut text = String::from("[");
        for (index, entry) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let (band, layer, number) = (entry.band, entry.layer, index + 1);
            let _ = write!(text, r#"{comma}{{"band":{band},"layer":{layer},"number":{number},"#);
            if let Some(parent) = &entry.parent {
                let _ = write!(text, r#""parent":{},"#, quoted(parent));
            }
            let _ = write!(text, r#""place":"{}","unit":{}}}"#, entry.place, quoted(&entry.unit));
        }
        text.push(']');
        text
    }

    /// SHA-256 of [`Self::canonical`]: published at closing.
    pub fn hash(&self) -> Digest {
        Digest::of(&[self.canonical().as_bytes()])
    }
}

/// A text as JCS wants it. That is also how `serde_json` writes: `\b \t \n \f \r \" \\`, the other control
/// characters as `\u00xx` in lower case, everything else as it is.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
