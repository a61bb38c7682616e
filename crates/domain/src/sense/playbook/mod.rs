//! Playbooks: signs to look for, the frictions they speak for, the remedies that remove them, and how strongly.
//!
//! A playbook is a text that anybody may write; [`read`] takes it whole or names every line that is wrong. It does not
//! know any case, and learns nothing: that is `diagnosis`.

mod bring;
mod built_in;
mod diff;
mod flaw;
mod fork;
mod lint;
mod raw;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

pub use bring::{BringRefused, Brings, Latest, bring};
pub use built_in::{BUILT_IN, built_in};
pub use diff::{Difference, Turned, diff};
pub use flaw::{Finding, Flaw, Part, PlaybookRefused};
pub use fork::{ForkRefused, fork};
pub use lint::is_name;
pub use read::read;

/// The form of file that is read here, as its first entry says.
pub const FORMAT: &str = "traction.playbook/1";
/// What stands for "I don't know" where answers are written; no answer of a sign may have this name.
pub const UNKNOWN: &str = "unknown";

/// One version of a playbook, or of an instrument: `buying/3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edition {
    /// Its name, in small letters, digits and hyphens.
    pub id: String,
    /// Counted from 1.
    pub version: u32,
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.id, self.version)
    }
}

/// The place of a source in its playbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceNo(pub usize);

/// The place of a friction in its playbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrictionNo(pub usize);

/// The place of a sign in its playbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignNo(pub usize);

/// The place of an answer in its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerNo(pub usize);

/// The place of a remedy in its playbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RemedyNo(pub usize);

/// A diagnostic framework, as [`read`] takes it from a text: every name in it leads somewhere, every share is one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Playbook {
    /// Which one it is.
    pub edition: Edition,
    /// The one it was taken over from, if it was.
    pub forked_from: Option<Edition>,
    /// Its name, for people.
    pub name: String,
    /// What it is for, in a sentence or two.
    pub about: String,
    /// The chance, before any answer, that something else than its frictions holds a case up; above 0, below 1.
    pub something_else: f64,
    /// How many cases its own numbers count for, when cases of one's own are added to them; above 0.
    pub n_cases: f64,
    /// Where its structure comes from.
    pub sources: Vec<Source>,
    /// What may hold a case up.
    pub frictions: Vec<Friction>,
    /// What to ask.
    pub signs: Vec<Sign>,
    /// What to do.
    pub remedies: Vec<Remedy>,
}

/// A work, or somebody's judgement, that a playbook rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its name in the file.
    pub key: String,
    /// How it is cited.
    pub cite: String,
}

/// Something that may hold a case up.
#[derive(Clone, Debug, PartialEq)]
pub struct Friction {
    /// Its name in the file.
    pub key: String,
    /// Its name, for people.
    pub name: String,
    /// How one recognises it.
    pub means: String,
    /// How common it is beside the others: a weight, above 0.
    pub common: f64,
}

/// A question whose answer can be observed.
#[derive(Clone, Debug, PartialEq)]
pub struct Sign {
    /// Its name in the file.
    pub key: String,
    /// The question.
    pub ask: String,
    /// Its answers, two or more; one applies.
    pub answers: Vec<Answer>,
    /// What the answers speak for.
    pub speaks: Vec<Speaks>,
}

/// One answer to a sign's question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Its name in the file.
    pub key: String,
    /// The answer in words.
    pub says: String,
    /// The share of cases that answer so where nothing in particular is at work; the answers' shares add up to 1.
    pub usual: f64,
}

/// A link from a friction to the answer that it brings about.
#[derive(Clone, Debug, PartialEq)]
pub struct Speaks {
    /// The friction.
    pub friction: FrictionNo,
    /// The answer it brings about.
    pub answer: AnswerNo,
    /// The share of cases held up by the friction in which it brings that answer about; in the others the usual shares
    /// hold. Above 0, below 1.
    pub strength: f64,
    /// Why that should be so.
    pub reason: Reason,
}

/// Why a link is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// In a sentence.
    pub why: String,
    /// Whose thought it is.
    pub source: SourceNo,
}

/// Something that removes frictions.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Its name in the file.
    pub key: String,
    /// Its name, for people.
    pub name: String,
    /// What to do.
    pub action: String,
    /// What it takes.
    pub footprint: Footprint,
    /// Days until those concerned feel it.
    pub relief_days: f64,
    /// How to try it out first.
    pub test: Test,
    /// The frictions it removes.
    pub removes: Vec<Removes>,
}

/// What a remedy takes to do it once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Footprint {
    /// Hours of work, all people together.
    pub hours: f64,
    /// How many people must do something otherwise than before.
    pub n_people: f64,
}

/// A remedy made small enough to be a cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What to do: the cycle's plan.
    pub plan: String,
    /// What to expect if it helps: the cycle's prediction.
    pub prediction: String,
    /// How long it takes.
    pub days: f64,
}

/// A link from a remedy to a friction that it removes.
#[derive(Clone, Debug, PartialEq)]
pub struct Removes {
    /// The friction.
    pub friction: FrictionNo,
    /// The share of cases held up by the friction in which it is gone after the remedy. Above 0, below 1.
    pub strength: f64,
    /// Why that should be so.
    pub reason: Reason,
}

impl Playbook {
    /// The friction of that name.
    pub fn friction_named(&self, key: &str) -> Option<FrictionNo> {
        self.frictions.iter().position(|friction| friction.key == key).map(FrictionNo)
    }

    /// The sign of that name.
    pub fn sign_named(&self, key: &str) -> Option<SignNo> {
        self.signs.iter().position(|sign| sign.key == key).map(SignNo)
    }

    /// The remedy of that name.
    pub fn remedy_named(&self, key: &str) -> Option<RemedyNo> {
        self.remedies.iter().position(|remedy| remedy.key == key).map(RemedyNo)
    }

    /// The friction at its place.
    pub fn friction(&self, at: FrictionNo) -> &Friction {
        &self.frictions[at.0]
    }

    /// The sign at its place.
    pub fn sign(&self, at: SignNo) -> &Sign {
        &self.signs[at.0]
    }

    /// The remedy at its place.
    pub fn remedy(&self, at: RemedyNo) -> &Remedy {
        &self.remedies[at.0]
    }

    /// The source of a reason.
    pub fn source(&self, at: SourceNo) -> &Source {
        &self.sources[at.0]
    }
}

impl Sign {
    /// The answer of that name.
    pub fn answer_named(&self, key: &str) -> Option<AnswerNo> {
        self.answers.iter().position(|answer| answer.key == key).map(AnswerNo)
    }

    /// The answer at its place.
    pub fn answer(&self, at: AnswerNo) -> &Answer {
        &self.answers[at.0]
    }
}

impl Remedy {
    /// The link to that friction, if the remedy removes it.
    pub fn removes(&self, friction: FrictionNo) -> Option<&Removes> {
        self.removes.iter().find(|removes| removes.friction == friction)
    }
}
