//! Kinds of verdict as the words they are recorded by.

use traction_domain::prove::{Choice, Doubted, Kind};

use crate::store::Row;
use crate::trouble::Broken;

/// The word of a kind of verdict in records, addresses and style sheets.
pub fn kind_word(kind: Kind) -> &'static str {
    kind.word()
}

/// The kind of verdict that a word means.
pub fn kind_of(word: &str) -> Option<Kind> {
    Kind::of_word(word)
}

/// How the kind of verdict stands that a row keeps beside `verdict_kind`.
pub fn doubted_of(row: &Row) -> Result<Doubted, Broken> {
    let word = row.text("doubted")?;
    Doubted::of_word(&word).ok_or_else(|| row.impossible("doubted", &word))
}

/// A kind of verdict as a class of style sheets: one that is doubted bears no colour.
pub fn kind_class(kind: Kind, doubted: Doubted) -> &'static str {
    match doubted {
        Doubted::No => kind.word(),
        Doubted::Somewhat | Doubted::Strongly => "doubted",
    }
}

/// A kind of verdict as its word.
pub(super) mod kind_as_word {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;
    use traction_domain::prove::{Choice, Kind};

    pub fn serialize<S: Serializer>(kind: &Kind, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(kind.word())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Kind, D::Error> {
        let word = String::deserialize(from)?;
        Kind::of_word(&word).ok_or_else(|| D::Error::custom(format!("`{word}` is no kind of verdict")))
    }
}
