//! What can be wrong with a playbook, each as a sentence that says what to write instead.

use std::fmt;

use crate::refusal::{self, Refusal};
use crate::sense::playbook::{FORMAT, UNKNOWN};

/// A flaw, and the line it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub flaw: Flaw,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.flaw)
    }
}

/// Parts of a playbook that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The playbook itself.
    Playbook,
    /// A source.
    Source,
    /// A friction.
    Friction,
    /// A sign.
    Sign,
    /// An answer of a sign.
    Answer,
    /// A remedy.
    Remedy,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Playbook => "playbook",
            Part::Source => "source",
            Part::Friction => "friction",
            Part::Sign => "sign",
            Part::Answer => "answer",
            Part::Remedy => "remedy",
        })
    }
}

/// One thing that is wrong with a playbook.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// It is not TOML, or an entry is missing, unknown, or of the wrong kind.
    #[error("{says}; docs/guide/playbooks.md has the form")]
    Form {
        /// In the words of what reads it.
        says: String,
    },
    /// It is written for another version of the program.
    #[error("the format `{written}` is not known here; this version reads `{FORMAT}`")]
    OtherFormat {
        /// What stands there.
        written: String,
    },
    /// A name that could not stand in an address or on a command line.
    #[error(
        "`{written}` cannot be the name of a {part}; take small letters, digits and hyphens, a letter first, 40 at most"
    )]
    NotAName {
        /// Of what.
        part: Part,
        /// What stands there.
        written: String,
    },
    /// The name that is taken.
    #[error("no answer can be called `{UNKNOWN}`; that word stands for not knowing, which every sign allows")]
    ReservedName,
    /// A name that was used before.
    #[error("there is a {part} `{name}` above, in line {first}; give this one another name")]
    NamedTwice {
        /// Of what.
        part: Part,
        /// The name.
        name: String,
        /// Where the first stands.
        first: usize,
    },
    /// A name that leads nowhere.
    #[error("there is no {part} `{name}`{}", nearest.as_ref().map_or(String::new(), |near| format!("; `{near}` is meant, perhaps")))]
    UnknownName {
        /// Of what.
        part: Part,
        /// The name.
        name: String,
        /// The most similar name that is there.
        nearest: Option<String>,
    },
    /// An entry without words.
    #[error("`{entry}` is empty; write it in a sentence")]
    Empty {
        /// The entry's name in the file.
        entry: &'static str,
    },
    /// A text that no screen can hold, or that holds what nobody can read.
    #[error(
        "`{entry}` has {n_characters} characters or one that cannot be shown; {limit} readable ones at most"
    )]
    Unreadable {
        /// The entry's name in the file.
        entry: &'static str,
        /// How many it has.
        n_characters: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A share that is none.
    #[error(
        "`{entry}` is {}; it is a share above 0 and below 1, as nothing is impossible and nothing certain",
        refusal::figure(*written)
    )]
    NotAShare {
        /// The entry's name in the file.
        entry: &'static str,
        /// What stands there.
        written: f64,
    },
    /// A number that makes no sense.
    #[error("`{entry}` is {}; it is a number from {least} to {most}", refusal::figure(*written))]
    OutOfRange {
        /// The entry's name in the file.
        entry: &'static str,
        /// What stands there.
        written: f64,
        /// The least that makes sense.
        least: f64,
        /// The most that makes sense.
        most: f64,
    },
    /// Answers that do not exhaust what can be.
    #[error(
        "the usual shares of the answers to `{sign}` add up to {}; one answer always applies, so they add up to 1",
        (*sum * 1e4).round() / 1e4
    )]
    UsualNotOne {
        /// The sign.
        sign: String,
        /// Their sum.
        sum: f64,
    },
    /// One friction that brings about more answers than there are.
    #[error(
        "the strengths of friction `{friction}` at the answers to `{sign}` add up to {}; one answer applies at a time, \
         so they stay below 1",
        (*sum * 1e4).round() / 1e4
    )]
    StrengthsAboveOne {
        /// The sign.
        sign: String,
        /// The friction.
        friction: String,
        /// Their sum.
        sum: f64,
    },
    /// Too few answers, or too many to choose from on a phone.
    #[error("`{sign}` has {n_answers}; a question has 2 to 9 answers")]
    Answers {
        /// The sign.
        sign: String,
        /// How many it has.
        n_answers: usize,
    },
    /// The same link twice.
    #[error("this link is there already, in line {first}; keep one of the two")]
    LinkedTwice {
        /// Where the first stands.
        first: usize,
    },
    /// A sign that tells nothing.
    #[error(
        "no friction explains the sign `{sign}`, so asking it tells nothing; say under `speaks` what it speaks for"
    )]
    Unexplained {
        /// The sign.
        sign: String,
    },
    /// A friction that nothing can show.
    #[error(
        "no sign speaks for the friction `{friction}`, so it can never be found; add a question that would show it"
    )]
    Invisible {
        /// The friction.
        friction: String,
    },
    /// A friction that nothing removes.
    #[error("no remedy removes the friction `{friction}`; add one, however small")]
    NoRemedy {
        /// The friction.
        friction: String,
    },
    /// A remedy for nothing.
    #[error("the remedy `{remedy}` removes no friction; say under `removes` which ones")]
    RemovesNothing {
        /// The remedy.
        remedy: String,
    },
    /// Too little or too much of it.
    #[error("{n} of `{entry}`; a playbook has {least} to {most}")]
    HowMany {
        /// The entry's name in the file.
        entry: &'static str,
        /// How many there are.
        n: usize,
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A fork of something that is no edition.
    #[error("`{written}` is no version of a playbook; write it like buying/1")]
    NotAnEdition {
        /// What stands there.
        written: String,
    },
}

/// A text that is no playbook, with all that is wrong, by line.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct PlaybookRefused {
    /// At least one, in the order of their lines.
    pub findings: Vec<Finding>,
}

impl Refusal for PlaybookRefused {
    fn field(&self) -> Option<&'static str> {
        Some("playbook")
    }
}
