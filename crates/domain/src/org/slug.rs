//! Slugs: the short names that stand in addresses, files and draws.

use std::fmt;
use std::str::FromStr;

use crate::refusal::Refusal;

/// 1 to 64 of a–z, 0–9, hyphen, underscore and dot, beginning with a letter or a digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// A text that cannot stand in an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` cannot be a short name; use 1 to 64 small letters, digits, `-`, `_` or `.`, beginning with a letter or digit, like `ward-7`"
)]
pub struct SlugRefused {
    /// What was written.
    pub text: String,
}

impl Refusal for SlugRefused {
    fn field(&self) -> Option<&'static str> {
        Some("slug")
    }
}

impl Slug {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The slug that a name suggests: "Ward 7, East" gives `ward-7-east`; `None` when the name has no letter or
    /// digit to build on.
    pub fn suggested(name: &str) -> Option<Slug> {
        let mut slug = String::new();
        for letter in name.chars().flat_map(char::to_lowercase) {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(48);
        slug.trim_end_matches('-').parse().ok()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = SlugRefused;

    fn from_str(text: &str) -> Result<Slug, SlugRefused> {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        let begins_well = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        if begins_well && text.len() <= 64 && text.chars().all(inner) {
            Ok(Slug(text.to_owned()))
        } else {
            Err(SlugRefused { text: text.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_suggest_slugs() {
        for (name, slug) in [("Ward 7, East", "ward-7-east"), ("8001", "8001"), ("  Größe  ", "gr-e")] {
            assert_eq!(Slug::suggested(name).unwrap().as_str(), slug);
        }
        assert_eq!(Slug::suggested("…"), None);
    }

    #[test]
    fn what_cannot_stand_in_an_address_is_refused() {
        for text in ["", "Ward", "-ward", "ward 7", "wärd", &"x".repeat(65)] {
            assert_eq!(text.parse::<Slug>(), Err(SlugRefused { text: text.to_owned() }));
        }
    }
}
