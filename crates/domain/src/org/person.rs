//! People: what may be kept of a person to give him an account.
//!
//! It knows nothing of passwords' hashes or sessions.

use crate::refusal::{self, Refusal, TextRefused};

/// A person as he is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonProposed {
    /// The name others see.
    pub name: String,
    /// Where he signs in with; small letters.
    pub email: Option<String>,
    /// His name in the real system, which asks for access by it.
    pub external_id: Option<String>,
}

/// Why a person was not added, or not let in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Not an address.
    #[error("`{email}` is not an e-mail address; write it like jo@example.org")]
    NotAnAddress {
        /// What was written.
        email: String,
    },
    /// Somebody has it.
    #[error("somebody has the {what} `{value}` already; sign in, or use another")]
    Taken {
        /// "e-mail address" or "external id".
        what: &'static str,
        /// Its value.
        value: String,
    },
    /// Too easy to guess.
    #[error("choose a password of at least 10 characters; a short sentence is easy to remember")]
    PasswordTooShort,
    /// Neither known by address nor by password; on purpose not said which.
    #[error(
        "this address and password do not belong together; check both, or ask an administrator for a new link"
    )]
    NotLetIn,
    /// A link that was used, has expired or never was.
    #[error("this link was used or has expired; ask an administrator for a new one")]
    LinkSpent,
    /// The first administrator's link was used or replaced, and nobody is there to ask.
    #[error("this link was used or has expired; stop the server and start it again: it prints a new one")]
    FirstLinkSpent,
}

impl Refusal for PersonRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            PersonRefused::Text(text) => text.field(),
            PersonRefused::NotAnAddress { .. } => Some("email"),
            PersonRefused::Taken { what, .. } => {
                Some(if *what == "external id" { "person" } else { "email" })
            }
            PersonRefused::PasswordTooShort => Some("password"),
            PersonRefused::NotLetIn | PersonRefused::LinkSpent | PersonRefused::FirstLinkSpent => None,
        }
    }
}

/// The person, when name and address can be kept.
pub fn propose(name: &str, email: &str, external_id: &str) -> Result<PersonProposed, PersonRefused> {
    let email = match refusal::maybe_text(email, "email", "the e-mail address", 200)? {
        Some(email) => Some(address(&email)?),
        None => None,
    };
    Ok(PersonProposed {
        name: refusal::text(name, "name", "the name", 120)?,
        email,
        external_id: refusal::maybe_text(external_id, "person", "the external id", 200)?,
    })
}

/// The address in small letters, when it has one `@` with something on both sides and no blank.
pub fn address(raw: &str) -> Result<String, PersonRefused> {
    let email = raw.trim().to_lowercase();
    let well_formed = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !email.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    });
    if well_formed { Ok(email) } else { Err(PersonRefused::NotAnAddress { email: raw.to_owned() }) }
}

/// Whether a password may be used at all.
pub fn password(raw: &str) -> Result<(), PersonRefused> {
    if raw.chars().count() < 10 { Err(PersonRefused::PasswordTooShort) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_two_sides() {
        assert_eq!(address(" Jo@Example.org "), Ok("jo@example.org".into()));
        for raw in ["jo", "@x", "jo@", "a@b@c", "jo smith@x.org", "jo\0@x.org"] {
            assert_eq!(address(raw), Err(PersonRefused::NotAnAddress { email: raw.into() }));
        }
    }

    #[test]
    fn a_person_needs_a_name_only() {
        let jo = PersonProposed { name: "Jo".into(), email: None, external_id: None };
        assert_eq!(propose(" Jo ", "", " "), Ok(jo));
        assert!(matches!(propose("", "", ""), Err(PersonRefused::Text(_))));
    }
}
