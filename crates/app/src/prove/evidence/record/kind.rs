//! The words that kinds of verdict are recorded by.

use traction_domain::prove::Kind;

/// The word of a kind of verdict in records, addresses and style sheets.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Works => "works",
        Kind::Harms => "harms",
        Kind::NoWorthwhileEffect => "no_worthwhile_effect",
        Kind::CannotTell => "cannot_tell",
        Kind::Refused => "refused",
    }
}

/// The kind of verdict that a word means.
pub fn kind_of(word: &str) -> Option<Kind> {
    let all = [Kind::Works, Kind::Harms, Kind::NoWorthwhileEffect, Kind::CannotTell, Kind::Refused];
    all.into_iter().find(|kind| kind_word(*kind) == word)
}

/// A kind of verdict as its word.
pub(super) mod kind_as_word {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;
    use traction_domain::prove::Kind;

    pub fn serialize<S: Serializer>(kind: &Kind, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(super::kind_word(*kind))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Kind, D::Error> {
        let word = String::deserialize(from)?;
        super::kind_of(&word).ok_or_else(|| D::Error::custom(format!("`{word}` is no kind of verdict")))
    }
}
