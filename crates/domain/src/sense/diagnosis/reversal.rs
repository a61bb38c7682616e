//! What would change the diagnosis: the fewest answers after which something else comes first.

use super::{Answers, Model, Supposed, Suspect};
use crate::sense::playbook::{AnswerNo, SignNo};

/// Which answers may be otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Those that were given: what the diagnosis rests on.
    Given,
    /// Those to questions that nobody has answered, or nobody could: what might still be learnt.
    Open,
}

/// Answers after which another suspect comes first.
#[derive(Clone, Debug, PartialEq)]
pub struct Reversal {
    /// The answers, each instead of what was given, if something was; the weightiest first.
    pub answers: Vec<Supposed>,
    /// What would come first with them.
    pub first: Suspect,
    /// How probable it would be.
    pub first_share: f64,
}

/// The fewest answers that would change what comes first; `None` if no answers would. Among sets of the same size, the
/// one that lifts the suspect that is the more probable one now.
///
/// Exact, without trying sets: whether g passes f hangs on a sum over the signs of log P(answer | g) / P(answer | f),
/// so that the fewest answers that lift g over f are those with the largest terms.
pub fn reversal(model: &Model, answers: &Answers, over: Over) -> Option<Reversal> {
    let ranked = model.posterior(answers);
    let (leader, leading) = ranked.first();
    let mut fewest: Option<Vec<Supposed>> = None;
    for (rival, share) in &ranked.all()[1..] {
        let apart = (leading / share).ln();
        let set = lift(model, answers, over, *rival, leader, apart);
        if let Some(set) = set
            && fewest.as_ref().is_none_or(|fewest| set.len() < fewest.len())
        {
            fewest = Some(set);
        }
    }
    let answers_then = fewest?;
    let (first, first_share) = model.posterior(&answers.with(&answers_then)).first();
    Some(Reversal { answers: answers_then, first, first_share })
}

/// The fewest answers that bring the rival past the leader, who is `apart` ahead in log odds.
fn lift(
    model: &Model,
    answers: &Answers,
    over: Over,
    rival: Suspect,
    leader: Suspect,
    apart: f64,
) -> Option<Vec<Supposed>> {
    let signs = &model.playbook().signs;
    let speaks = |sign, answer| (model.share(rival, sign, answer) / model.share(leader, sign, answer)).ln();
    let told = answers.telling();
    let mut terms: Vec<(f64, Supposed)> = Vec::new();
    for (at, asked) in signs.iter().enumerate() {
        let sign = SignNo(at);
        let now = told.iter().find(|(told, _)| *told == sign).map(|(_, answer)| *answer);
        if now.is_some() != (over == Over::Given) {
            continue;
        }
        let spoken = now.map_or(0.0, |answer| speaks(sign, answer));
        let best = (0..asked.answers.len())
            .map(|answer| (speaks(sign, AnswerNo(answer)) - spoken, (sign, AnswerNo(answer))))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        terms.extend(best.filter(|(term, _)| *term > 0.0));
    }
    terms.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let mut lifted = 0.0;
    let mut set = Vec::new();
    for (term, supposed) in terms {
        set.push(supposed);
        lifted += term;
        // A tie to the last digit is no change.
        if lifted > apart + 1e-12 {
            return Some(set);
        }
    }
    None
}
