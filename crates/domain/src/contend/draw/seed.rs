//! The seed: what the ranking is computed from, fixed by the list, the committed secret and the public sources.
//!
//! Fetches no public randomness: its values are typed in by a person, and everybody can compare them.

use super::digest::{Digest, Secret};
use crate::time::Moment;

/// A source of randomness named at opening, whose value did not exist then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicSource {
    /// What it is, say "national lottery, main numbers".
    pub name: String,
    /// When its value comes to be, in words or as a date; unknown in a draw made offline.
    pub when: Option<String>,
    /// The value, once it exists.
    pub value: Option<String>,
}

/// Why a public source cannot enter a seed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceRefused {
    /// It has no name.
    #[error("a public source needs a name, so that everybody can look its value up")]
    Nameless,
    /// Its name or value holds a character that the seed uses as a separator.
    #[error(
        "the public source `{name}` holds a control character that separates sources; write it without control characters"
    )]
    Separator {
        /// The source's name, without its control characters.
        name: String,
    },
    /// Its value does not exist yet.
    #[error("the public source `{name}` has no value yet; enter it once it is published, then draw")]
    NoValue {
        /// The source's name.
        name: String,
    },
}

const AFTER_NAME: char = '\u{1F}';
const AFTER_VALUE: char = '\u{1E}';

impl PublicSource {
    /// A source of this name and, once it exists, value.
    ///
    /// # Errors
    /// [`SourceRefused`] when the name is empty, or either holds one of the two separators: then one text
    /// could be read as several sources.
    pub fn new(name: String, when: Option<String>, value: Option<String>) -> Result<Self, SourceRefused> {
        if name.is_empty() {
            return Err(SourceRefused::Nameless);
        }
        let separates = |text: &str| text.contains([AFTER_NAME, AFTER_VALUE]);
        if separates(&name) || value.as_deref().is_some_and(separates) {
            let name = name.chars().filter(|c| !c.is_control()).collect();
            return Err(SourceRefused::Separator { name });
        }
        Ok(Self { name, when, value })
    }

    /// The source once it was decided that it failed: it stands in the record with an empty value, which nobody could choose.
    pub fn failed(self) -> Self {
        Self { value: Some(String::new()), ..self }
    }

    /// Whether a value from outside went into the seed by it.
    pub fn has_spoken(&self) -> bool {
        self.value.as_deref().is_some_and(|value| !value.is_empty())
    }

    /// When its value comes to be; `None` where that was said in words only.
    pub fn due(&self) -> Option<Moment> {
        self.when.as_deref()?.parse().ok()
    }
}

/// The seed of a draw. Whoever knows it knows the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(Digest);

impl Seed {
    /// SHA-256 of `"traction-draw/1\n"`, the list's hash, the secret, and each source as name, `0x1F`, value, `0x1E`.
    ///
    /// # Errors
    /// [`SourceRefused::NoValue`] when a named source has no value yet: a draw never goes on without it.
    pub fn new(list_hash: &Digest, secret: &Secret, public: &[PublicSource]) -> Result<Self, SourceRefused> {
        let mut sources = String::new();
        for source in public {
            let Some(value) = &source.value else {
                return Err(SourceRefused::NoValue { name: source.name.clone() });
            };
            sources.push_str(&source.name);
            sources.push(AFTER_NAME);
            sources.push_str(value);
            sources.push(AFTER_VALUE);
        }
        let parts: [&[u8]; 4] = [b"traction-draw/1\n", list_hash.bytes(), secret.bytes(), sources.as_bytes()];
        Ok(Self(Digest::of(&parts)))
    }

    /// The i-th of the seeds over which the probabilities of a capped draw are counted.
    pub(super) fn trial(list_hash: &Digest, index: u64) -> Self {
        Self(Digest::of(&[list_hash.bytes(), &index.to_be_bytes()]))
    }

    /// The seed as a digest.
    pub fn digest(&self) -> Digest {
        self.0
    }
}
