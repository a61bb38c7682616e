//! Held against brute force on random playbooks, by what must not matter, and by a simulated organisation.

mod advised;
mod asked;
mod brute;
mod files;
mod invariants;
mod read;
mod seen;
mod simulated;
mod together;
mod worked;

use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::sense::playbook::{self, Playbook, RemedyNo};

type Dice = Xoshiro256PlusPlus;

fn dice(seed: u64) -> Dice {
    Dice::seed_from_u64(seed)
}

/// How large a random playbook is.
#[derive(Clone, Copy)]
struct Size {
    n_frictions: usize,
    n_signs: usize,
    n_answers: usize,
}

/// A random playbook of that size, through the text that a person would write.
fn random(size: Size, dice: &mut Dice) -> Playbook {
    let mut text = String::from(
        "format = \"traction.playbook/1\"\nid = \"random\"\nversion = 1\nname = \"Random\"\nabout = \"x\"\n\
         n_cases = 6\n",
    );
    writeln!(text, "something_else = {}", dice.random_range(0.05..0.4)).unwrap();
    text.push_str("[[sources]]\nid = \"own\"\ncite = \"x\"\n");
    for friction in 0..size.n_frictions {
        let common = dice.random_range(0.2..3.0);
        writeln!(text, "[[frictions]]\nid = \"f{friction}\"\nname = \"F\"\nmeans = \"x\"\ncommon = {common}")
            .unwrap();
    }
    for sign in 0..size.n_signs {
        let n_answers = dice.random_range(2..=size.n_answers);
        let weights: Vec<f64> = (0..n_answers).map(|_| dice.random_range(0.2..1.0)).collect();
        let all: f64 = weights.iter().sum();
        writeln!(text, "[[signs]]\nid = \"s{sign}\"\nask = \"?\"\nanswers = [").unwrap();
        for (answer, weight) in weights.iter().enumerate() {
            writeln!(text, "{{ id = \"a{answer}\", says = \"x\", usual = {} }},", weight / all).unwrap();
        }
        text.push_str("]\nspeaks = [\n");
        for friction in 0..size.n_frictions {
            // Every friction is shown by some sign, and every sign shows some friction.
            if friction % size.n_signs == sign
                || sign % size.n_frictions == friction
                || dice.random_range(0..3) == 0
            {
                let first = dice.random_range(0..n_answers);
                let strengths = [dice.random_range(0.1..0.7), dice.random_range(0.05..0.28)];
                for (step, strength) in strengths.iter().take(dice.random_range(1..=2)).enumerate() {
                    let answer = (first + step) % n_answers;
                    writeln!(
                        text,
                        "{{ friction = \"f{friction}\", answer = \"a{answer}\", strength = {strength}, why = \"x\", source = \"own\" }},"
                    )
                    .unwrap();
                }
            }
        }
        text.push_str("]\n");
    }
    for remedy in 0..size.n_frictions {
        let (hours, days) = (dice.random_range(1..40), dice.random_range(1..30));
        writeln!(
            text,
            "[[remedies]]\nid = \"r{remedy}\"\nname = \"R\"\ndo = \"x\"\nhours = {hours}\npeople = 1\nrelief_days = {days}\n\
             test = {{ plan = \"x\", prediction = \"x\", days = 1 }}\nremoves = ["
        )
        .unwrap();
        let other = (remedy + 1) % size.n_frictions;
        for friction in [remedy, other] {
            let strength = dice.random_range(0.05..0.8);
            writeln!(
                text,
                "{{ friction = \"f{friction}\", strength = {strength}, why = \"x\", source = \"own\" }},"
            )
            .unwrap();
        }
        text.push_str("]\n");
    }
    playbook::read(&text).unwrap()
}

/// Answers to some of the signs, in some order, some of them "don't know".
fn answered(playbook: &Playbook, n: usize, dice: &mut Dice) -> Answers {
    let mut answers = Answers::default();
    while answers.all().len() < n.min(playbook.signs.len()) {
        let sign = SignNo(dice.random_range(0..playbook.signs.len()));
        let answer = dice.random_range(0..=playbook.sign(sign).answers.len());
        let given = if answer == 0 { Given::Unknown } else { Given::Answer(AnswerNo(answer - 1)) };
        let _ = answers.give(playbook, sign, given);
    }
    answers
}

/// The answers of these names, in this order.
#[track_caller]
fn given(playbook: &Playbook, named: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::default();
    for (sign, answer) in named {
        let sign = playbook.sign_named(sign).expect(sign);
        let said = match *answer {
            playbook::UNKNOWN => Given::Unknown,
            answer => Given::Answer(playbook.sign(sign).answer_named(answer).expect(answer)),
        };
        answers.give(playbook, sign, said).unwrap();
    }
    answers
}

fn internal_change() -> Playbook {
    playbook::built_in("internal-change").unwrap().0
}

fn friction(playbook: &Playbook, key: &str) -> Suspect {
    Suspect::Friction(playbook.friction_named(key).expect(key))
}

fn remedy(playbook: &Playbook, key: &str) -> RemedyNo {
    playbook.remedy_named(key).expect(key)
}
