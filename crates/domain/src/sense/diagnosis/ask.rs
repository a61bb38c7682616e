//! What to ask next, and why.

use super::{Answers, Model, Suspect, WORTH_BITS};
use crate::sense::playbook::{AnswerNo, SignNo};

/// Gains that differ by less are equal; then the sign that stands first in the playbook is asked.
const SAME_BITS: f64 = 1e-9;

/// The question that is expected to tell most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Next {
    /// Which one.
    pub sign: SignNo,
    /// Bits that it is expected to tell.
    pub gain_bits: f64,
}

/// What a question would change.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Bits that it is expected to tell.
    pub gain_bits: f64,
    /// What would follow, answer by answer.
    pub outcomes: Vec<IfAnswered>,
}

/// What would follow from one answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IfAnswered {
    /// The answer.
    pub answer: AnswerNo,
    /// How probable it is.
    pub share: f64,
    /// What would then be the most probable suspect.
    pub first: Suspect,
    /// How probable it would then be.
    pub first_share: f64,
}

/// The next question; `None` when no question that was not asked yet is worth asking.
pub fn next(model: &Model, answers: &Answers) -> Option<Next> {
    let open: Vec<SignNo> =
        (0..model.playbook().signs.len()).map(SignNo).filter(|sign| answers.to(*sign).is_none()).collect();
    let gains = model.gains(&model.posterior(answers), &open);
    let mut best: Option<Next> = None;
    for (sign, gain_bits) in open.into_iter().zip(gains) {
        if best.is_none_or(|best| gain_bits > best.gain_bits + SAME_BITS) {
            best = Some(Next { sign, gain_bits });
        }
    }
    best.filter(|best| best.gain_bits >= WORTH_BITS)
}

/// Why a question is asked: what each of its answers would change.
pub fn why(model: &Model, answers: &Answers, sign: SignNo) -> Why {
    let posterior = model.posterior(answers);
    let expected = model.expected(&posterior, sign).into_iter().enumerate();
    let outcomes = expected.map(|(answer, share)| {
        let answer = AnswerNo(answer);
        let (first, first_share) = model.posterior(&answers.with(&[(sign, answer)])).first();
        IfAnswered { answer, share, first, first_share }
    });
    Why { gain_bits: model.gain_bits(&posterior, sign), outcomes: outcomes.collect() }
}
