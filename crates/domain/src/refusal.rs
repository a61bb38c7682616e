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

    /// After how many seconds the same wish may be carried out; `None` where time alone changes nothing.
    fn seconds_to_wait(&self) -> Option<u64> {
        None
    }
}

/// Kinds of "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The wish cannot be carried out as it is; another one can.
    Wish,
    /// Somebody else may wish it.
    Permission,
    /// What was picked is not there.
    Absent,
    /// It can be carried out, but not so soon after others.
    TooOften,
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
    /// A character that nobody can see or type is in it, and not every database can keep it.
    #[error("{what} contains a character that cannot be read ({}); take it out, or type the text anew", code(*found))]
    Unreadable {
        /// Which entry.
        field: &'static str,
        /// The entry in the reader's words.
        what: &'static str,
        /// The character.
        found: char,
    },
}

/// A character as tables of characters name it: `U+0000`.
fn code(found: char) -> String {
    format!("U+{:04X}", u32::from(found))
}

impl Refusal for TextRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            TextRefused::Missing { field, .. }
            | TextRefused::TooLong { field, .. }
            | TextRefused::Unreadable { field, .. } => Some(field),
        }
    }
}

/// A number as it is said again to whoever wrote it: one of three hundred digits in short.
pub fn figure(written: f64) -> String {
    if written.abs() < 1e15 { written.to_string() } else { format!("{written:e}") }
}

/// The first control character of a text, other than those that end a line or stand for a blank.
pub fn control(text: &str) -> Option<char> {
    text.chars().find(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
}

/// The text without white space at its ends, when there is some, it is at most `limit` characters long, and all of
/// them can be read.
pub fn text(raw: &str, field: &'static str, what: &'static str, limit: usize) -> Result<String, TextRefused> {
    let trimmed = raw.trim();
    let n_characters = trimmed.chars().count();
    if trimmed.is_empty() {
        return Err(TextRefused::Missing { field, what });
    }
    if n_characters > limit {
        return Err(TextRefused::TooLong { field, what, n_characters, limit });
    }
    if let Some(found) = control(trimmed) {
        return Err(TextRefused::Unreadable { field, what, found });
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

    #[test]
    fn a_number_is_said_again_as_short_as_it_was_written() {
        for (written, said) in [(1e308, "1e308"), (-1e15, "-1e15"), (2.5, "2.5"), (99_999.0, "99999")] {
            assert_eq!(figure(written), said);
        }
    }

    #[test]
    fn characters_that_cannot_be_read_are_refused_and_lines_and_blanks_are_not() {
        assert_eq!(text("a\tb\r\nc", "title", "the title", 9), Ok("a\tb\r\nc".into()));
        for (raw, named) in [("a\0b", "U+0000"), ("a\u{7f}", "U+007F"), ("\u{1b}[1m", "U+001B")] {
            let refused = text(raw, "title", "the title", 9).unwrap_err();
            assert_eq!(refused.field(), Some("title"));
            assert_eq!(
                refused.to_string(),
                format!(
                    "the title contains a character that cannot be read ({named}); take it out, or type the text anew"
                )
            );
        }
    }
}
