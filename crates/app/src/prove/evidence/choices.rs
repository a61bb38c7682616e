//! The words that options of `traction prove` take: those of the domain's own choices.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::num::NonZeroUsize;

use traction_domain::prove::{Before, Choice};

use crate::commands::number;

/// A choice, or `auto`, which leaves it to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left<C> {
    /// To the data.
    ToTheData,
    /// It is made.
    Made(C),
}

/// The word that leaves a choice to the data.
pub(super) const AUTO: &str = "auto";

/// Periods before a draw, or `auto`: as many as are compared after.
pub(super) fn baseline(text: &str) -> Result<Before, String> {
    if text == AUTO {
        return Ok(Before::AsAfter);
    }
    let n = number::whole::<usize, 1, 10_000>(text).ok().and_then(NonZeroUsize::new);
    n.map(Before::Last).ok_or_else(|| format!("give a whole number from 1 to 10000, or `{AUTO}`"))
}

/// The word for it; none for how it was before there was a choice.
pub(super) fn baseline_word(baseline: Before) -> Option<String> {
    match baseline {
        Before::AsAfter => Some(AUTO.to_owned()),
        Before::Last(n) => Some(n.to_string()),
        Before::Formerly => None,
    }
}

/// Reads the words of a choice.
pub(super) fn choice<C: Choice + Send + Sync>() -> impl TypedValueParser<Value = C> {
    words::<C>(&[]).try_map(|word| C::of_word(&word).ok_or_else(|| no_choice(&word)))
}

/// Reads the words of a choice that may be left to the data.
pub(super) fn choice_or_auto<C: Choice + Send + Sync>() -> impl TypedValueParser<Value = Left<C>> {
    words::<C>(&[AUTO]).map(|word| C::of_word(&word).map_or(Left::ToTheData, Left::Made))
}

fn words<C: Choice>(before: &[&'static str]) -> PossibleValuesParser {
    PossibleValuesParser::new(before.iter().copied().chain(C::WORDS.iter().map(|(_, word)| *word)))
}

/// The parser before lets no other word through.
fn no_choice(word: &str) -> String {
    format!("`{word}` is none of the choices")
}

impl<C> Left<C> {
    /// What was chosen; `None` leaves the choice.
    pub(super) fn made(self) -> Option<C> {
        match self {
            Left::ToTheData => None,
            Left::Made(choice) => Some(choice),
        }
    }
}
