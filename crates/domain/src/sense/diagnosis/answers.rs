//! The answers of one conversation, in the order in which they were given.

use super::Given;
use crate::refusal::Refusal;
use crate::sense::playbook::{AnswerNo, Playbook, SignNo};

/// Why an answer was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerRefused {
    /// It is answered.
    #[error("this question is answered; undo that answer first if it was not meant")]
    AnsweredAlready,
    /// No question of the playbook.
    #[error("the playbook does not ask that; take the next question again")]
    NoSuchSign,
    /// No answer of the question.
    #[error("this question has {n_answers} answers; choose one of them, or say that you don't know")]
    NoSuchAnswer {
        /// How many it has.
        n_answers: usize,
    },
}

impl Refusal for AnswerRefused {
    fn field(&self) -> Option<&'static str> {
        Some("answer")
    }
}

/// What was answered so far; each question at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    given: Vec<(SignNo, Given)>,
}

impl Answers {
    /// Takes the answer to a question that was not answered yet.
    pub fn give(&mut self, playbook: &Playbook, sign: SignNo, given: Given) -> Result<(), AnswerRefused> {
        let asked = playbook.signs.get(sign.0).ok_or(AnswerRefused::NoSuchSign)?;
        if matches!(given, Given::Answer(answer) if answer.0 >= asked.answers.len()) {
            return Err(AnswerRefused::NoSuchAnswer { n_answers: asked.answers.len() });
        }
        if self.to(sign).is_some() {
            return Err(AnswerRefused::AnsweredAlready);
        }
        self.given.push((sign, given));
        Ok(())
    }

    /// Takes the latest answer back; which question it was to, if there was one.
    pub fn undo(&mut self) -> Option<SignNo> {
        self.given.pop().map(|(sign, _)| sign)
    }

    /// What was said to a question; `None` if nothing was yet.
    pub fn to(&self, sign: SignNo) -> Option<Given> {
        self.given.iter().find(|(asked, _)| *asked == sign).map(|(_, given)| *given)
    }

    /// All, in the order in which they were given.
    pub fn all(&self) -> &[(SignNo, Given)] {
        &self.given
    }

    /// Those that say something, in the order of the playbook: the order of asking must not move the last digit.
    pub fn telling(&self) -> Vec<(SignNo, AnswerNo)> {
        let said = self.given.iter().filter_map(|(sign, given)| match given {
            Given::Answer(answer) => Some((*sign, *answer)),
            Given::Unknown => None,
        });
        let mut telling: Vec<_> = said.collect();
        telling.sort_unstable();
        telling
    }

    /// The same with some answers put in the place of what was given.
    pub fn with(&self, supposed: &[(SignNo, AnswerNo)]) -> Answers {
        let is_supposed = |sign: &SignNo| supposed.iter().any(|(other, _)| other == sign);
        let kept = self.given.iter().filter(|(sign, _)| !is_supposed(sign)).copied();
        let added = supposed.iter().map(|(sign, answer)| (*sign, Given::Answer(*answer)));
        Answers { given: kept.chain(added).collect() }
    }
}
