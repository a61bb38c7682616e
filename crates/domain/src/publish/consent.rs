//! Consent: a unit's own story or figures are shown only while its lead agrees, one evidence record at a time.
//!
//! It does not decide who leads a unit, and it publishes nothing.

use std::fmt;
use std::str::FromStr;

use crate::refusal::Refusal;

/// What a unit has said to showing its own story or figures beside one evidence record. Absent: nobody asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// It is asked, and has not answered.
    Asked,
    /// It agrees.
    Given,
    /// It was asked and does not agree.
    Declined,
    /// It agreed once, and does no longer.
    Withdrawn,
}

/// Why a consent was not asked, given, declined or withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentRefused {
    /// Asked twice.
    #[error("this unit is asked already; wait for its lead's answer")]
    AskedAlready,
    /// It agreed before.
    #[error("this unit has agreed already")]
    GivenAlready,
    /// Asking again would be pressing.
    #[error(
        "this unit said no, so it is not asked again; its lead can still agree of his own accord on the same page"
    )]
    SaidNo,
    /// Nobody asked.
    #[error("nobody has asked this unit, so there is nothing to decline")]
    NotAsked,
    /// There is none.
    #[error("this unit has not agreed, so there is nothing to withdraw")]
    NotGiven,
}

impl Refusal for ConsentRefused {}

/// What somebody wishes to say on a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentWish {
    /// Asks for it.
    Ask,
    /// The lead gives it.
    Give,
    /// The lead does not give it.
    Decline,
    /// The lead takes it back.
    Withdraw,
}

impl Consent {
    /// Every state.
    pub const ALL: [Consent; 4] = [Consent::Asked, Consent::Given, Consent::Declined, Consent::Withdrawn];

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Consent::Asked => "asked",
            Consent::Given => "given",
            Consent::Declined => "declined",
            Consent::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no state of a consent, or no wish on one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` says nothing on a consent; write given, declined or withdrawn")]
pub struct ConsentWordRefused {
    /// What was written.
    pub word: String,
}

impl Refusal for ConsentWordRefused {
    fn field(&self) -> Option<&'static str> {
        Some("answer")
    }
}

impl FromStr for Consent {
    type Err = ConsentWordRefused;

    fn from_str(word: &str) -> Result<Consent, ConsentWordRefused> {
        Consent::ALL
            .into_iter()
            .find(|consent| consent.word() == word)
            .ok_or_else(|| ConsentWordRefused { word: word.to_owned() })
    }
}

/// The consent after a wish.
pub fn say(consent: Option<Consent>, wish: ConsentWish) -> Result<Consent, ConsentRefused> {
    match (wish, consent) {
        (ConsentWish::Ask, None) => Ok(Consent::Asked),
        (ConsentWish::Ask, Some(Consent::Asked)) => Err(ConsentRefused::AskedAlready),
        (ConsentWish::Ask | ConsentWish::Give, Some(Consent::Given)) => Err(ConsentRefused::GivenAlready),
        (ConsentWish::Ask, Some(Consent::Declined | Consent::Withdrawn)) => Err(ConsentRefused::SaidNo),
        (ConsentWish::Give, _) => Ok(Consent::Given),
        (ConsentWish::Decline, Some(Consent::Asked)) => Ok(Consent::Declined),
        (ConsentWish::Decline, Some(Consent::Given)) => Ok(Consent::Withdrawn),
        (ConsentWish::Decline, _) => Err(ConsentRefused::NotAsked),
        (ConsentWish::Withdraw, Some(Consent::Given)) => Ok(Consent::Withdrawn),
        (ConsentWish::Withdraw, _) => Err(ConsentRefused::NotGiven),
    }
}
