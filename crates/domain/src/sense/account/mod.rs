//! Customer accounts: organisations that could well use something of ours, by what they are stuck on.
//!
//! It decides who may see them, where a hold stands, and which remedy is next. It counts no calls, no visits and no
//! other activity: where an account stands is read from what was tried and what became of it.

#[cfg(test)]
mod tests;

use crate::org::slug::Slug;
use crate::org::who::{NotAllowed, Who, allow};
use crate::refusal::{self, Refusal, TextRefused};
use crate::sense::diagnosis::{Advice, Model, Outcome, Ranked, Suspect, ranked};
use crate::sense::playbook::{FrictionNo, RemedyNo};
use crate::time::Moment;

/// Why an account or a hold was not entered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountRefused {
    /// No name, or one that is too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// A name without a letter or digit.
    #[error("`{name}` has no letter or digit; write the organisation's name as it calls itself")]
    NoShortName {
        /// What was written.
        name: String,
    },
    /// A name that another account has.
    #[error("there is an account `{slug}` already; add to that one, or write the name apart from it")]
    Taken {
        /// Its short name.
        slug: Slug,
    },
    /// A friction that stands for it already and is not gone.
    #[error("it is written down already that they are stuck on this; say there what was tried")]
    HeldAlready,
    /// No friction of the playbook.
    #[error("`{friction}` is no friction of {playbook}; choose one of the list")]
    NoFriction {
        /// What was written.
        friction: String,
        /// The playbook.
        playbook: String,
    },
    /// No remedy of the playbook.
    #[error("`{remedy}` is no remedy of {playbook}; choose one of the list")]
    NoRemedy {
        /// What was written.
        remedy: String,
        /// The playbook.
        playbook: String,
    },
}

impl Refusal for AccountRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            AccountRefused::Text(text) => text.field(),
            AccountRefused::NoShortName { .. } | AccountRefused::Taken { .. } => Some("name"),
            AccountRefused::HeldAlready | AccountRefused::NoFriction { .. } => Some("friction"),
            AccountRefused::NoRemedy { .. } => Some("remedy"),
        }
    }
}

/// An account as it is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountProposed {
    /// Its short name, for addresses and files.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// The account of a name.
pub fn propose(name: &str) -> Result<AccountProposed, AccountRefused> {
    let name = refusal::text(name, "name", "the organisation's name", 120)?;
    let slug = Slug::suggested(&name).ok_or_else(|| AccountRefused::NoShortName { name: name.clone() })?;
    Ok(AccountProposed { slug, name })
}

/// What somebody heard them say, in a line or two; nothing where it is empty.
pub fn words(raw: &str) -> Result<String, AccountRefused> {
    Ok(refusal::maybe_text(raw, "words", "what they said", 500)?.unwrap_or_default())
}

/// Whether `who` may see the accounts: sellers, and those who make the offers that accounts ask for.
pub fn may_see(who: &Who) -> bool {
    who.is_seller() || who.is_change_lead() || who.is_administrator()
}

/// Refuses `what` unless `who` may see the accounts.
pub fn must_see(who: &Who, what: &'static str) -> Result<(), NotAllowed> {
    allow(may_see(who), "a seller or a change lead", what)
}

/// A remedy tried on a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// When it was begun.
    pub begun_at: Moment,
    /// When it is asked what became of the friction.
    pub due_at: Moment,
    /// What became of it, once it was said.
    pub outcome: Option<Outcome>,
}

/// Where a hold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    /// It is there, and nothing has been tried, or nothing that helped.
    Stuck,
    /// Something is being tried.
    Trying {
        /// When it is asked what became of it.
        due_at: Moment,
    },
    /// It is gone.
    Gone,
}

impl Stand {
    /// In a word, as files and programs have it.
    pub fn word(self) -> &'static str {
        match self {
            Stand::Stuck => "stuck",
            Stand::Trying { .. } => "trying",
            Stand::Gone => "gone",
        }
    }
}

/// Where a hold stands, from what was tried on it: what is under way comes first, then what came of the latest.
pub fn stand(tried: &[Tried]) -> Stand {
    let under_way = tried.iter().filter(|tried| tried.outcome.is_none()).map(|tried| tried.due_at).min();
    if let Some(due_at) = under_way {
        return Stand::Trying { due_at };
    }
    match tried.iter().max_by_key(|tried| tried.begun_at).and_then(|latest| latest.outcome) {
        Some(Outcome::Gone) => Stand::Gone,
        Some(Outcome::Stayed) | None => Stand::Stuck,
    }
}

/// The remedy to try next on a friction that is known: the best one that was not tried there; `None` when all were.
pub fn next(model: &Model, friction: FrictionNo, tried: &[RemedyNo]) -> Option<Advice> {
    let known = Ranked::of(vec![(Suspect::Friction(friction), 1.0)]);
    ranked(model, &known, tried).into_iter().find(|advice| advice.share > 0.0)
}
