//! How long the next question of a large playbook takes: `cargo bench -p traction-domain --bench diagnosis`.
//!
//! 500 signs of four answers, 300 frictions, twenty questions answered. Each is timed fifteen times on one thread; the
//! median is printed. It must stay under 20 ms.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction_domain::sense::diagnosis::{Answers, Given, Learnt, Model, next};
use traction_domain::sense::playbook::{AnswerNo, Playbook, SignNo, read};

const N_SIGNS: usize = 500;
const N_FRICTIONS: usize = 300;
const N_ANSWERS: usize = 4;
const MOST: Duration = Duration::from_millis(20);

fn main() {
    let playbook = playbook();
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut answers = Answers::default();
    while answers.all().len() < 20 {
        let sign = SignNo(chance.random_range(0..N_SIGNS));
        let answer = AnswerNo(chance.random_range(0..N_ANSWERS));
        // A sign that is drawn twice keeps its first answer.
        let _ = answers.give(&playbook, sign, Given::Answer(answer));
    }
    let learnt = Learnt::default();
    let made = median(|| {
        std::hint::black_box(Model::new(&playbook, &learnt));
    });
    let model = Model::new(&playbook, &learnt);
    let asked = median(|| {
        std::hint::black_box(next(&model, &answers));
    });
    println!(
        "{N_SIGNS} signs, {N_FRICTIONS} frictions: the shares in {made:.1?}, the next question in {asked:.1?}"
    );
    assert!(made + asked < MOST, "together at most {MOST:?}");
}

/// The median of fifteen runs.
fn median(run: impl Fn()) -> Duration {
    let timed = |_| {
        let begun = Instant::now();
        run();
        begun.elapsed()
    };
    let mut times: Vec<Duration> = (0..15).map(timed).collect();
    times.sort();
    times[times.len() / 2]
}

/// A playbook of that size, through the text that a person would write: every sign speaks for a third of the frictions.
fn playbook() -> Playbook {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut text = String::from(
        "format = \"traction.playbook/1\"\nid = \"large\"\nversion = 1\nname = \"Large\"\nabout = \"x\"\n\
         n_cases = 6\nsomething_else = 0.1\n[[sources]]\nid = \"own\"\ncite = \"x\"\n",
    );
    for friction in 0..N_FRICTIONS {
        let _ =
            writeln!(text, "[[frictions]]\nid = \"f{friction}\"\nname = \"F\"\nmeans = \"x\"\ncommon = 1");
    }
    for sign in 0..N_SIGNS {
        let _ = writeln!(text, "[[signs]]\nid = \"s{sign}\"\nask = \"?\"\nanswers = [");
        for answer in 0..N_ANSWERS {
            let _ = writeln!(text, "{{ id = \"a{answer}\", says = \"x\", usual = 0.25 }},");
        }
        text.push_str("]\nspeaks = [\n");
        for friction in 0..N_FRICTIONS {
            if friction == sign % N_FRICTIONS || chance.random_range(0..3) == 0 {
                let (answer, strength) = (chance.random_range(0..N_ANSWERS), chance.random_range(0.1..0.7));
                let _ = writeln!(
                    text,
                    "{{ friction = \"f{friction}\", answer = \"a{answer}\", strength = {strength}, why = \"x\", source = \"own\" }},"
                );
            }
        }
        text.push_str("]\n");
    }
    for friction in 0..N_FRICTIONS {
        let _ = writeln!(
            text,
            "[[remedies]]\nid = \"r{friction}\"\nname = \"R\"\ndo = \"x\"\nhours = 1\npeople = 1\nrelief_days = 1\n\
             test = {{ plan = \"x\", prediction = \"x\", days = 1 }}\n\
             removes = [{{ friction = \"f{friction}\", strength = 0.5, why = \"x\", source = \"own\" }}]"
        );
    }
    match read(&text) {
        Ok(playbook) => playbook,
        Err(refused) => panic!("{refused}"),
    }
}
