//! The answers of a conversation as they stand in an address: `owner.nobody~steps.unknown`. So the server keeps nothing of
//! a conversation on pages: whoever closes the page has taken it along.

use traction_domain::sense::diagnosis::{Answers, Given};
use traction_domain::sense::playbook::{Playbook, SignNo, UNKNOWN};

/// Between two answers, and between a sign and its answer; no name has either.
const BETWEEN: char = '~';
const SAID: char = '.';

/// The answers written down.
pub fn written(playbook: &Playbook, answers: &Answers) -> String {
    let each = answers.all().iter().map(|(sign, given)| one(playbook, *sign, *given));
    each.collect::<Vec<_>>().join(&BETWEEN.to_string())
}

/// One answer written down.
pub fn one(playbook: &Playbook, sign: SignNo, given: Given) -> String {
    let asked = playbook.sign(sign);
    let said = match given {
        Given::Answer(answer) => asked.answer(answer).key.as_str(),
        Given::Unknown => UNKNOWN,
    };
    format!("{}{SAID}{said}", asked.key)
}

/// What is written there, the latest answer last; `None` if the playbook does not know all of it.
pub fn read(playbook: &Playbook, written: &str) -> Option<Answers> {
    let mut answers = Answers::default();
    for each in written.split(BETWEEN).filter(|each| !each.is_empty()) {
        let (sign, said) = each.split_once(SAID)?;
        let sign = playbook.sign_named(sign)?;
        let given = match said {
            UNKNOWN => Given::Unknown,
            said => Given::Answer(playbook.sign(sign).answer_named(said)?),
        };
        answers.give(playbook, sign, given).ok()?;
    }
    Some(answers)
}
