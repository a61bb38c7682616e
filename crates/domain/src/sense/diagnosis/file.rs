//! Answers from a file: TOML, or JSON as a diagnosis writes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Answers, Given};
use crate::refusal::Refusal;
use crate::sense::playbook::{Playbook, SignNo, UNKNOWN};

/// Why a file of answers was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswersRefused {
    /// It has another form.
    #[error("line {line}: {says}; write one answer a line, like owner-named = \"no\"")]
    Form {
        /// The line.
        line: usize,
        /// In the words of what reads it.
        says: String,
    },
    /// It answers another playbook.
    #[error("these are answers to `{written}`, not to `{asked}`; name that playbook, or take other answers")]
    OtherPlaybook {
        /// What the file says.
        written: String,
        /// What is asked for.
        asked: String,
    },
    /// No sign of the playbook.
    #[error("{}the playbook has no sign `{sign}`; it has {signs}", at(*line))]
    NoSuchSign {
        /// The line, where it is known.
        line: Option<usize>,
        /// What stands there.
        sign: String,
        /// Those it has.
        signs: String,
    },
    /// No answer of the sign.
    #[error("{}`{answer}` is no answer to `{sign}`; it is one of {answers}, or {UNKNOWN}", at(*line))]
    NoSuchAnswer {
        /// The line, where it is known.
        line: Option<usize>,
        /// The sign.
        sign: String,
        /// What stands there.
        answer: String,
        /// Those it has.
        answers: String,
    },
}

impl Refusal for AnswersRefused {
    fn field(&self) -> Option<&'static str> {
        Some("answers")
    }
}

fn at(line: Option<usize>) -> String {
    line.map_or(String::new(), |line| format!("line {line}: "))
}

/// One entry of the file.
struct Entry {
    line: Option<usize>,
    sign: String,
    answer: String,
}

/// The answers in a text, in their order there.
///
/// TOML: `sign = "answer"` a line, under `[answers]` or without any heading. JSON: an object of signs and answers, or
/// one that holds it under `answers`. Either may name its `playbook`.
pub fn read(playbook: &Playbook, text: &str) -> Result<Answers, AnswersRefused> {
    let (named, entries) =
        if text.trim_start().starts_with('{') { from_json(text)? } else { from_toml(text)? };
    if let Some(written) = named
        && written.split('/').next() != Some(playbook.edition.id.as_str())
    {
        return Err(AnswersRefused::OtherPlaybook { written, asked: playbook.edition.to_string() });
    }
    let mut answers = Answers::default();
    for Entry { line, sign, answer } in entries {
        let Some(asked) = playbook.sign_named(&sign) else {
            let signs = listed(playbook.signs.iter().map(|sign| sign.key.as_str()));
            return Err(AnswersRefused::NoSuchSign { line, sign, signs });
        };
        let given = given(playbook, asked, &answer).ok_or_else(|| {
            let answers = listed(playbook.sign(asked).answers.iter().map(|answer| answer.key.as_str()));
            AnswersRefused::NoSuchAnswer { line, sign, answer, answers }
        })?;
        // A file holds each sign once: both forms refuse, or overwrite, a key that is there twice.
        let _ = answers.give(playbook, asked, given);
    }
    Ok(answers)
}

/// An answer to a sign by its name in the file.
fn given(playbook: &Playbook, sign: SignNo, answer: &str) -> Option<Given> {
    if answer == UNKNOWN {
        return Some(Given::Unknown);
    }
    playbook.sign(sign).answer_named(answer).map(Given::Answer)
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

type Read = (Option<String>, Vec<Entry>);
type Spans = BTreeMap<Spanned<String>, Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Headed {
    playbook: Option<String>,
    answers: Spans,
}

fn from_toml(text: &str) -> Result<Read, AnswersRefused> {
    let line =
        |at: usize| 1 + text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count();
    let refused = |error: toml::de::Error| AnswersRefused::Form {
        line: line(error.span().map_or(0, |span| span.start)),
        says: error.message().trim().replace('\n', ", "),
    };
    let (named, spans) = if text.lines().any(|line| line.trim_start().starts_with("[answers]")) {
        let headed: Headed = toml::from_str(text).map_err(refused)?;
        (headed.playbook, headed.answers)
    } else {
        (None, toml::from_str::<Spans>(text).map_err(refused)?)
    };
    let mut spans: Vec<_> = spans.into_iter().collect();
    spans.sort_by_key(|(sign, _)| sign.span().start);
    let mut read: Read = (named, Vec::new());
    for (sign, answer) in spans {
        let (line, sign, answer) = (Some(line(sign.span().start)), sign.into_inner(), answer.into_inner());
        match sign.as_str() {
            "playbook" => read.0 = Some(answer),
            _ => read.1.push(Entry { line, sign, answer }),
        }
    }
    Ok(read)
}

fn from_json(text: &str) -> Result<Read, AnswersRefused> {
    use serde_json::{Map, Value};

    let form = |line: usize, says: String| AnswersRefused::Form { line, says };
    let whole: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| form(error.line(), error.to_string()))?;
    let text_of = |value: &Value| value.as_str().map(str::to_owned);
    let named = whole.get("playbook").and_then(text_of);
    let answers = match whole.get("answers") {
        Some(Value::Object(answers)) => answers.clone(),
        Some(_) => return Err(form(1, "`answers` is not an object of signs and their answers".to_owned())),
        None => whole.into_iter().filter(|(sign, _)| sign != "playbook").collect(),
    };
    let entry = |(sign, answer): (String, Value)| match answer {
        Value::String(answer) => Ok(Entry { line: None, sign, answer }),
        other => Err(form(1, format!("the answer to `{sign}` is {other}, not a name in quotes"))),
    };
    Ok((named, answers.into_iter().map(entry).collect::<Result<_, _>>()?))
}
