//! What all refusals have in common: a sentence that says what the person can do, and the field it is about.
//!
//! It knows nothing of status codes: doors translate.

/// A "no" of the domain: a value, matched by tests and shown to people as the sentence it displays.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// The name of the entry the sentence belongs beside; `None` when it is about the wish as a whole.
    fn field(&self) -> Option<&'static str> {
        None
    }

    /// What kind of "no" it is.
    fn kind(&self) -> RefusalKind {
        RefusalKind::Wish
    }
}

/// Kinds of "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The wish cannot be carried out as it is; another one can.
    Wish,
    /// Somebody else may wish it.
    Permission,
}

/// A text entry that is missing, or too long to be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextRefused {
    /// Nothing was written.
    #[error("please fill in {what}")]
    Missing {
        /// Which entry.
        field: &'static str,
        /// The entry in the reader's words, say "what gets in the way".
        what: &'static str,
    },
    /// More was written than is kept.
    #[error("{what} is {n_characters} characters long; shorten it to {limit} at most")]
    TooLong {
        /// Which entry.
        field: &'static str,
        /// The entry in the reader's words.
        what: &'static str,
        /// How long it is.
        n_characters: usize,
        /// How long it may be.
        limit: usize,
    },
}

impl Refusal for TextRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            TextRefused::Missing { field, .. } | TextRefused::TooLong { field, .. } => Some(field),
        }
    }
}

/// The text without white space at its ends, when there is some and it is at most `limit` characters long.
pub fn text(raw: &str, field: &'static str, what: &'static str, limit: usize) -> Result<String, TextRefused> {
    let trimmed = raw.trim();
    let n_characters = trimmed.chars().count();
    if trimmed.is_empty() {
        return Err(TextRefused::Missing { field, what });
    }
    if n_characters > limit {
        return Err(TextRefused::TooLong { field, what, n_characters, limit });
    }
    Ok(trimmed.to_owned())
}

/// As [`text`], but nothing written is `None`.
pub fn maybe_text(
    raw: &str,
    field: &'static str,
    what: &'static str,
    limit: usize,
) -> Result<Option<String>, TextRefused> {
    if raw.trim().is_empty() { Ok(None) } else { text(raw, field, what, limit).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_measured_in_characters() {
        assert_eq!(
            text("  late blood tests ", "title", "what gets in the way", 20),
            Ok("late blood tests".into())
        );
        assert_eq!(
            text("ééééé", "title", "the title", 4),
            Err(TextRefused::TooLong { field: "title", what: "the title", n_characters: 5, limit: 4 })
        );
        assert_eq!(
            text(" \n", "title", "the title", 4),
            Err(TextRefused::Missing { field: "title", what: "the title" })
        );
        assert_eq!(maybe_text(" ", "title", "the title", 4), Ok(None));
    }
}
