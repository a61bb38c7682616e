//! Cases: several people answer a playbook's questions on the same matter, each alone, by a link of his own.
//!
//! It decides who may do what when. What the answers say together is `diagnosis`'s; nobody is told one person's.

use crate::refusal::{self, Refusal, TextRefused};
use crate::sense::diagnosis::Answers;
use crate::time::Moment;

/// Links of one case; a round of more people is a survey.
pub const MOST_LINKS: usize = 50;

/// Why a case was not opened, a link not made, or answers not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefused {
    /// No title, or one that is too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// It is over.
    #[error("this case was closed on {at}, and its result stands; open a new one to ask again")]
    Closed {
        /// When.
        at: Moment,
    },
    /// It is still open.
    #[error("this case is open; close it first, so that its result stands")]
    Open,
    /// A link that was used.
    #[error("these answers were handed in before; they cannot be changed, as nobody can find them again")]
    HandedIn,
    /// Nothing to take.
    #[error("nothing was answered yet; answer a question or two first")]
    NothingAnswered,
    /// Too many.
    #[error("this case has {MOST_LINKS} links; that is enough for anybody")]
    TooManyLinks,
}

impl Refusal for CaseRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            CaseRefused::Text(text) => text.field(),
            _ => None,
        }
    }
}

/// What the case is about, in a line.
pub fn title(raw: &str) -> Result<String, CaseRefused> {
    Ok(refusal::text(raw, "title", "what the case is about", 200)?)
}

/// Whether the case still takes anything; `closed_at` is when it was closed.
pub fn open(closed_at: Option<Moment>) -> Result<(), CaseRefused> {
    closed_at.map_or(Ok(()), |at| Err(CaseRefused::Closed { at }))
}

/// Whether its result stands.
pub fn closed(closed_at: Option<Moment>) -> Result<(), CaseRefused> {
    closed_at.map_or(Err(CaseRefused::Open), |_| Ok(()))
}

/// Whether one more link may be made.
pub fn one_more_link(closed_at: Option<Moment>, n_links: usize) -> Result<(), CaseRefused> {
    open(closed_at)?;
    if n_links < MOST_LINKS { Ok(()) } else { Err(CaseRefused::TooManyLinks) }
}

/// Whether a link has been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It waits for somebody's answers.
    Waits,
    /// Answers were handed in by it.
    Used,
}

/// Whether these answers may be handed in by a link.
pub fn hand_in(closed_at: Option<Moment>, link: LinkState, answers: &Answers) -> Result<(), CaseRefused> {
    open(closed_at)?;
    if link == LinkState::Used {
        return Err(CaseRefused::HandedIn);
    }
    if answers.telling().is_empty() { Err(CaseRefused::NothingAnswered) } else { Ok(()) }
}
