//! What cases of one's own have shown, beside what the playbook says. The playbook's numbers stay as they are: they count
//! as so many cases, and one's own are added.
//!
//! It holds counts only, never a case: who answered what cannot be found in it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use traction_stats::uncertainty::{Level, Share};

use super::{Answers, Suspect};
use crate::refusal::Refusal;
use crate::sense::playbook::{FrictionNo, Playbook, RemedyNo, SignNo};

/// What became of a friction after a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is gone.
    Gone,
    /// It is still there.
    Stayed,
}

impl Outcome {
    /// Both.
    pub const ALL: [Outcome; 2] = [Outcome::Gone, Outcome::Stayed];

    /// The word it is kept and imported under.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Gone => "gone",
            Outcome::Stayed => "stayed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Outcome {
    type Err = TriedRefused;

    fn from_str(word: &str) -> Result<Outcome, TriedRefused> {
        let found = Outcome::ALL.into_iter().find(|outcome| outcome.word() == word);
        found.ok_or_else(|| TriedRefused::NoOutcome { word: word.to_owned() })
    }
}

/// Why it was not taken that a remedy was tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TriedRefused {
    /// No remedy of the playbook.
    #[error("`{name}` is no remedy of {playbook}; take one of its remedies")]
    NoRemedy {
        /// What was written.
        name: String,
        /// The playbook.
        playbook: String,
    },
    /// No friction of the playbook.
    #[error("`{name}` is no friction of {playbook}; take one of its frictions")]
    NoFriction {
        /// What was written.
        name: String,
        /// The playbook.
        playbook: String,
    },
    /// No link between the two.
    #[error("{playbook} does not say that `{remedy}` removes `{friction}`; add that link to it first")]
    NoLink {
        /// The remedy.
        remedy: String,
        /// The friction.
        friction: String,
        /// The playbook.
        playbook: String,
    },
    /// Neither of the two words.
    #[error("`{word}` is neither gone nor stayed; take one of the two")]
    NoOutcome {
        /// What was written.
        word: String,
    },
}

impl Refusal for TriedRefused {
    fn field(&self) -> Option<&'static str> {
        Some(match self {
            TriedRefused::NoRemedy { .. } => "remedy",
            TriedRefused::NoFriction { .. } | TriedRefused::NoLink { .. } => "friction",
            TriedRefused::NoOutcome { .. } => "outcome",
        })
    }
}

/// What was tried, by its names in the playbook; only what the playbook says that it removes can be learnt about.
pub fn tried(
    playbook: &Playbook,
    remedy: &str,
    friction: &str,
    outcome: Outcome,
) -> Result<Tried, TriedRefused> {
    let edition = || playbook.edition.to_string();
    let no_remedy = || TriedRefused::NoRemedy { name: remedy.to_owned(), playbook: edition() };
    let no_friction = || TriedRefused::NoFriction { name: friction.to_owned(), playbook: edition() };
    let tried = Tried {
        remedy: playbook.remedy_named(remedy).ok_or_else(no_remedy)?,
        friction: playbook.friction_named(friction).ok_or_else(no_friction)?,
        outcome,
    };
    if playbook.remedy(tried.remedy).removes(tried.friction).is_none() {
        let (remedy, friction) = (remedy.to_owned(), friction.to_owned());
        return Err(TriedRefused::NoLink { remedy, friction, playbook: edition() });
    }
    Ok(tried)
}

/// A remedy tried against a friction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What was done.
    pub remedy: RemedyNo,
    /// Against what.
    pub friction: FrictionNo,
    /// What became of it.
    pub outcome: Outcome,
}

/// How often something was tried, and how often it worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Cases in which it was tried.
    pub n_tried: u32,
    /// Those in which the friction was gone afterwards.
    pub n_gone: u32,
}

/// A case that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// What had held it up, as its people saw it in the end; `None` if nobody could say.
    pub found: Option<Suspect>,
    /// What had been answered.
    pub answers: Answers,
    /// What was tried.
    pub tried: Vec<Tried>,
}

/// Counts of cases that have ended here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learnt {
    pub(super) found: BTreeMap<Suspect, u32>,
    pub(super) answered: BTreeMap<(Suspect, SignNo), Vec<u32>>,
    tried: BTreeMap<(RemedyNo, FrictionNo), Count>,
}

/// How well a remedy removes a friction: as the playbook says, and with what was seen here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Works {
    /// The playbook's own share.
    pub promised: f64,
    /// What was seen here.
    pub here: Count,
    /// Both taken together.
    law: Share,
}

impl Works {
    /// The probability that it works in the next case.
    pub fn mean(&self) -> f64 {
        self.law.mean()
    }

    /// Where the share lies with a probability of 95 %.
    pub fn interval(&self) -> (f64, f64) {
        self.law.interval(Level::NINETY_FIVE)
    }
}

impl Learnt {
    /// Counts one more case.
    pub fn take(&mut self, playbook: &Playbook, closed: &Closed) {
        for tried in &closed.tried {
            self.take_tried(*tried);
        }
        let Some(found) = closed.found else { return };
        *self.found.entry(found).or_default() += 1;
        for (sign, answer) in closed.answers.telling() {
            let n_answers = playbook.sign(sign).answers.len();
            self.answered.entry((found, sign)).or_insert_with(|| vec![0; n_answers])[answer.0] += 1;
        }
    }

    /// Counts one more remedy tried, of a case of which nothing else is known.
    pub fn take_tried(&mut self, tried: Tried) {
        let count = self.tried.entry((tried.remedy, tried.friction)).or_default();
        count.n_tried += 1;
        count.n_gone += u32::from(tried.outcome == Outcome::Gone);
    }

    /// In how many cases this was found to have held them up.
    pub fn n_found(&self, suspect: Suspect) -> f64 {
        self.found.get(&suspect).copied().map_or(0.0, f64::from)
    }

    /// How many of those gave each answer to a sign.
    pub fn n_answered(&self, suspect: Suspect, sign: SignNo, n_answers: usize) -> Vec<f64> {
        match self.answered.get(&(suspect, sign)) {
            Some(counts) => counts.iter().copied().map(f64::from).collect(),
            None => vec![0.0; n_answers],
        }
    }

    /// How often a remedy was tried against a friction.
    pub fn tried(&self, remedy: RemedyNo, friction: FrictionNo) -> Count {
        self.tried.get(&(remedy, friction)).copied().unwrap_or_default()
    }

    /// How well a remedy works against a friction; `None` if the playbook does not say that it removes it.
    ///
    /// The playbook's share counts as that of so many cases (Beta), to which those seen here are added.
    pub fn works(&self, playbook: &Playbook, remedy: RemedyNo, friction: FrictionNo) -> Option<Works> {
        let promised = playbook.remedy(remedy).removes(friction)?.strength;
        let here = self.tried(remedy, friction);
        let before = Share { yes: promised * playbook.n_cases, no: (1.0 - promised) * playbook.n_cases };
        let law = before.after(f64::from(here.n_gone), f64::from(here.n_tried - here.n_gone));
        Some(Works { promised, here, law })
    }
}
