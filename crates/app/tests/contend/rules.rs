//! Waves, applications and slots as one machine: random sequences of verbs by every role, against a model in plain words.
//!
//! The model says of each verb whether it is taken, and who has a slot after it; what holds always is in `invariants.rs`.
//! `TRACTION_CASES` sets how many sequences are played.

mod model;
mod play;

use std::sync::Mutex;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use traction_domain::grant::slot::Step;

use crate::world::on_sqlite;
use play::Play;

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Leads the unit of this number.
    Lead(usize),
    /// Leads the unit whose slot it is about.
    Own,
    /// Runs changes.
    ChangeLead,
    /// Runs the installation, and speaks for every unit.
    Administrator,
    /// Belongs to a unit, and no more.
    Member,
    /// Sits at the machine: may much, and is no person.
    Operator,
    /// Asks with an API token that may write: as the operator, and no person either.
    Program,
}

/// What somebody tries. Units and waves by their number, from 0.
#[derive(Clone, Debug)]
pub enum Verb {
    Wait {
        hours: i64,
    },
    Apply {
        unit: usize,
        wave: usize,
    },
    Rewrite {
        unit: usize,
        wave: usize,
    },
    Withdraw {
        unit: usize,
        wave: usize,
    },
    Protect {
        unit: usize,
        wave: usize,
    },
    Cap {
        wave: usize,
    },
    NameSource {
        wave: usize,
    },
    EnterValue {
        wave: usize,
    },
    Draw {
        wave: usize,
    },
    Take {
        slot: usize,
        step: Step,
    },
    Ask {
        unit: usize,
        wave: usize,
    },
    Confirm {
        unit: usize,
        wave: usize,
    },
    Decline {
        unit: usize,
        wave: usize,
    },
    /// What a crash makes happen: the consequences of the draw once more.
    Again {
        wave: usize,
    },
}

const N_UNITS: usize = 5;

fn verbs() -> impl Strategy<Value = Vec<(Role, Verb)>> {
    let unit = || 0..N_UNITS;
    let wave = || prop_oneof![3 => Just(0_usize), 2 => Just(1_usize)];
    let step = prop_oneof![
        4 => Just(Step::GivenBack), 1 => Just(Step::Paused), 1 => Just(Step::Resumed),
        1 => Just(Step::Lapsed), 1 => Just(Step::Ended), 1 => Just(Step::HandedOver),
    ];
    let verb = prop_oneof![
        12 => (1_i64..9).prop_map(|hours| Verb::Wait { hours }),
        14 => (unit(), wave()).prop_map(|(unit, wave)| Verb::Apply { unit, wave }),
        2 => (unit(), wave()).prop_map(|(unit, wave)| Verb::Rewrite { unit, wave }),
        4 => (unit(), wave()).prop_map(|(unit, wave)| Verb::Withdraw { unit, wave }),
        2 => (unit(), wave()).prop_map(|(unit, wave)| Verb::Protect { unit, wave }),
        1 => wave().prop_map(|wave| Verb::Cap { wave }),
        1 => wave().prop_map(|wave| Verb::NameSource { wave }),
        3 => wave().prop_map(|wave| Verb::EnterValue { wave }),
        9 => wave().prop_map(|wave| Verb::Draw { wave }),
        14 => (0..5_usize, step).prop_map(|(slot, step)| Verb::Take { slot, step }),
        5 => (unit(), wave()).prop_map(|(unit, wave)| Verb::Ask { unit, wave }),
        5 => (unit(), wave()).prop_map(|(unit, wave)| Verb::Confirm { unit, wave }),
        1 => (unit(), wave()).prop_map(|(unit, wave)| Verb::Decline { unit, wave }),
        2 => wave().prop_map(|wave| Verb::Again { wave }),
    ];
    // Mostly those who may: else little would ever happen.
    let role = prop_oneof![
        5 => Just(None), 3 => Just(Some(Role::ChangeLead)), 4 => Just(Some(Role::Administrator)),
        1 => Just(Some(Role::Member)), 1 => Just(Some(Role::Operator)), 1 => Just(Some(Role::Program)), 1 => unit().prop_map(|unit| Some(Role::Lead(unit))),
    ];
    let one = (role, verb).prop_map(|(role, verb)| vec![(role.unwrap_or_else(|| fit(&verb)), verb)]);
    // What two people do together would hardly ever meet by chance.
    let gift = (unit(), wave()).prop_map(|(unit, wave)| {
        vec![
            (Role::ChangeLead, Verb::Ask { unit, wave }),
            (Role::Administrator, Verb::Confirm { unit, wave }),
        ]
    });
    vec(prop_oneof![8 => one, 1 => gift], 120..160).prop_map(|all| all.concat())
}

/// Whose business a verb is.
fn fit(verb: &Verb) -> Role {
    match verb {
        Verb::Apply { unit, .. } | Verb::Rewrite { unit, .. } | Verb::Withdraw { unit, .. } => {
            Role::Lead(*unit)
        }
        Verb::Take { .. } => Role::Own,
        Verb::Confirm { .. } => Role::Administrator,
        _ => Role::ChangeLead,
    }
}

#[test]
fn no_sequence_of_verbs_oversells_a_wave_grants_twice_or_edits_a_frozen_list() {
    let cases = std::env::var("TRACTION_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let reached = Mutex::new(play::Reached::default());
    let run = runner.run(&verbs(), |verbs| {
        let found = Mutex::new(None);
        on_sqlite(async |world| {
            let mut play = Play::begin(&world).await;
            for (role, verb) in &verbs {
                if let Err(wrong) = play.does(*role, verb).await {
                    *found.lock().unwrap() = Some(format!("{role:?} {verb:?}: {wrong}"));
                    return;
                }
            }
            reached.lock().unwrap().add(&play);
        });
        found.into_inner().unwrap().map_or(Ok(()), |wrong| Err(TestCaseError::fail(wrong)))
    });
    if let Err(wrong) = run {
        panic!("{wrong}");
    }
    let reached = reached.into_inner().unwrap();
    println!("{reached:?}");
    assert!(reached.is_much(), "the sequences reach too little: {reached:?}");
}
