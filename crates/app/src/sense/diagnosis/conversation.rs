//! The guided conversation in a terminal: one question at a time, one line an answer. It asks on one stream and reads
//! from another, and does not know who sits there.

use std::io::{self, BufRead, Write};

use traction_domain::sense::diagnosis::{Answers, Given, Model, next, why};
use traction_domain::sense::playbook::{AnswerNo, SignNo};

use super::says;

/// What somebody wrote under a question.
enum Line {
    Given(Given),
    Why,
    Undo,
    Enough,
    Unclear,
}

/// Asks until nothing is worth asking, or whoever answers has had enough or ends the stream.
pub fn converse(model: &Model, mut asked: impl BufRead, mut out: impl Write) -> io::Result<Answers> {
    let playbook = model.playbook();
    let mut answers = Answers::default();
    writeln!(out, "{}. {}", playbook.name, playbook.about)?;
    writeln!(out, "Answer by number. d: don't know, w: why this question, u: undo, e: enough.")?;
    while let Some(question) = next(model, &answers) {
        ask(model, &answers, question.sign, &mut out)?;
        loop {
            write!(out, "> ")?;
            out.flush()?;
            let mut written = String::new();
            if asked.read_line(&mut written)? == 0 {
                writeln!(out)?;
                return Ok(answers);
            }
            match line(&written, playbook.sign(question.sign).answers.len()) {
                Line::Given(given) => {
                    // The question is the next one: it is not answered yet, and the answer is one of its own.
                    let _ = answers.give(playbook, question.sign, given);
                    break;
                }
                Line::Why => writeln!(
                    out,
                    "{}",
                    says::why(model, question.sign, &why(model, &answers, question.sign))
                )?,
                Line::Undo => match answers.undo() {
                    Some(_) => break,
                    None => writeln!(out, "Nothing is answered yet.")?,
                },
                Line::Enough => return Ok(answers),
                Line::Unclear => {
                    let n = playbook.sign(question.sign).answers.len();
                    writeln!(out, "Write a number from 1 to {n}, or d, w, u or e.")?;
                }
            }
        }
    }
    writeln!(out, "\nNo other question would tell enough to be worth asking.")?;
    Ok(answers)
}

fn ask(model: &Model, answers: &Answers, sign: SignNo, out: &mut impl Write) -> io::Result<()> {
    let asked = model.playbook().sign(sign);
    writeln!(out, "\n{}. {}", answers.all().len() + 1, asked.ask)?;
    for (at, answer) in asked.answers.iter().enumerate() {
        writeln!(out, "   {} {}", at + 1, answer.says)?;
    }
    Ok(())
}

fn line(written: &str, n_answers: usize) -> Line {
    match written.trim().to_lowercase().as_str() {
        "d" | "?" | "don't know" => Line::Given(Given::Unknown),
        "w" | "why" => Line::Why,
        "u" | "undo" => Line::Undo,
        "e" | "q" | "enough" => Line::Enough,
        number => match number.parse::<usize>() {
            Ok(at) if (1..=n_answers).contains(&at) => Line::Given(Given::Answer(AnswerNo(at - 1))),
            _ => Line::Unclear,
        },
    }
}
