//! The engine against the whole joint law, written down outcome by outcome.

use std::collections::BTreeMap;

use super::*;

const SIZE: Size = Size { n_frictions: 4, n_signs: 5, n_answers: 3 };

/// Every outcome (what holds the case up, and the answer to every sign) with its probability, from the playbook's own
/// entries: by chance the friction brings an answer about, or else the usual shares do.
fn joint(playbook: &Playbook) -> Vec<(Suspect, Vec<usize>, f64)> {
    let common: f64 = playbook.frictions.iter().map(|friction| friction.common).sum();
    let mut outcomes: Vec<(Suspect, Vec<usize>, f64)> = Vec::new();
    for (at, friction) in playbook.frictions.iter().enumerate() {
        let prior = (1.0 - playbook.something_else) * friction.common / common;
        outcomes.push((Suspect::Friction(FrictionNo(at)), vec![], prior));
    }
    outcomes.push((Suspect::SomethingElse, vec![], playbook.something_else));
    for sign in &playbook.signs {
        let mut longer = BTreeMap::new();
        for (suspect, answers, share) in &outcomes {
            let links = sign.speaks.iter().filter(|link| Suspect::Friction(link.friction) == *suspect);
            let mut left = 1.0;
            let mut add = |answer: usize, more: f64| {
                let mut answers = answers.clone();
                answers.push(answer);
                *longer.entry((*suspect, answers)).or_insert(0.0) += share * more;
            };
            for link in links {
                add(link.answer.0, link.strength);
                left -= link.strength;
            }
            for (answer, usual) in sign.answers.iter().enumerate() {
                add(answer, left * usual.usual);
            }
        }
        outcomes = longer.into_iter().map(|((suspect, answers), share)| (suspect, answers, share)).collect();
    }
    outcomes
}

/// The suspects' shares among the outcomes that have these answers, and how probable those outcomes are.
fn among(
    joint: &[(Suspect, Vec<usize>, f64)],
    answers: &[(SignNo, AnswerNo)],
) -> (BTreeMap<Suspect, f64>, f64) {
    let mut shares = BTreeMap::new();
    let has = |outcome: &[usize]| answers.iter().all(|(sign, answer)| outcome[sign.0] == answer.0);
    for (suspect, _, share) in joint.iter().filter(|(_, outcome, _)| has(outcome)) {
        *shares.entry(*suspect).or_insert(0.0) += share;
    }
    let all: f64 = shares.values().sum();
    shares.values_mut().for_each(|share| *share /= all);
    (shares, all)
}

fn entropy(shares: &BTreeMap<Suspect, f64>) -> f64 {
    shares.values().map(|share| -share * share.log2()).sum()
}

/// Tolerance: the sum of some thousand terms of 1e-16 each.
const CLOSE: f64 = 1e-12;

#[test]
fn the_posterior_is_that_of_the_whole_joint_law() {
    for seed in 0..60 {
        let dice = &mut dice(seed);
        let playbook = random(SIZE, dice);
        let joint = joint(&playbook);
        let learnt = Learnt::default();
        let model = Model::new(&playbook, &learnt);
        for n in 0..=SIZE.n_signs {
            let answers = answered(&playbook, n, dice);
            let (expect, _) = among(&joint, &answers.telling());
            let found = model.posterior(&answers);
            for (suspect, share) in &expect {
                assert!(
                    (found.share(*suspect) - share).abs() < CLOSE,
                    "seed {seed}, {n} answers, {suspect:?}"
                );
            }
            let descends = found.all().windows(2).all(|pair| pair[0].1 >= pair[1].1);
            assert!(descends && found.all().len() == expect.len());
        }
    }
}

/// Gain by definition: bits of what is open now, less the bits that are open after each answer, each as probable as it is.
#[test]
fn the_expected_gain_is_what_the_answers_would_bring_in_the_mean_and_never_negative() {
    for seed in 0..60 {
        let dice = &mut dice(1_000 + seed);
        let playbook = random(SIZE, dice);
        let joint = joint(&playbook);
        let learnt = Learnt::default();
        let model = Model::new(&playbook, &learnt);
        let answers = answered(&playbook, dice.random_range(0..4), dice);
        let told = answers.telling();
        let (now, all) = among(&joint, &told);
        let posterior = model.posterior(&answers);
        let mut best: f64 = 0.0;
        for sign in (0..playbook.signs.len()).map(SignNo) {
            if told.iter().any(|(asked, _)| *asked == sign) {
                continue;
            }
            let mut open = 0.0;
            for answer in (0..playbook.sign(sign).answers.len()).map(AnswerNo) {
                let with: Vec<_> = told.iter().copied().chain([(sign, answer)]).collect();
                let (then, share) = among(&joint, &with);
                open += share / all * entropy(&then);
                let expected = model.expected(&posterior, sign)[answer.0];
                assert!((expected - share / all).abs() < CLOSE, "seed {seed}");
            }
            let gain = model.gain_bits(&posterior, sign);
            assert!(gain >= 0.0 && (gain - (entropy(&now) - open)).abs() < CLOSE, "seed {seed}: {gain}");
            if answers.to(sign).is_none() {
                best = best.max(gain);
            }
        }
        match next(&model, &answers) {
            Some(next) => assert!((next.gain_bits - best).abs() < CLOSE && answers.to(next.sign).is_none()),
            None => assert!(best < WORTH_BITS, "seed {seed}: {best} was worth asking"),
        }
    }
}

/// All sets of answers, by size, until one changes what comes first.
fn fewest(model: &Model, answers: &Answers, over: Over) -> Option<usize> {
    let leader = model.posterior(answers).first().0;
    let told = answers.telling();
    let free: Vec<SignNo> = (0..model.playbook().signs.len())
        .map(SignNo)
        .filter(|sign| told.iter().any(|(asked, _)| asked == sign) == (over == Over::Given))
        .collect();
    let mut sets: Vec<Vec<Supposed>> = vec![vec![]];
    for sign in free {
        for set in sets.clone() {
            for answer in (0..model.playbook().sign(sign).answers.len()).map(AnswerNo) {
                let mut longer = set.clone();
                longer.push((sign, answer));
                sets.push(longer);
            }
        }
    }
    let changes = |set: &&Vec<Supposed>| model.posterior(&answers.with(set)).first().0 != leader;
    sets.iter().filter(changes).map(Vec::len).min()
}

#[test]
fn no_smaller_set_of_answers_would_change_what_comes_first() {
    let mut n_found = 0;
    for seed in 0..60 {
        let dice = &mut dice(2_000 + seed);
        let playbook = random(SIZE, dice);
        let learnt = Learnt::default();
        let model = Model::new(&playbook, &learnt);
        let answers = answered(&playbook, 3, dice);
        for over in [Over::Given, Over::Open] {
            let found = reversal(&model, &answers, over);
            assert_eq!(
                found.as_ref().map(|found| found.answers.len()),
                fewest(&model, &answers, over),
                "seed {seed}"
            );
            if let Some(found) = found {
                let then = model.posterior(&answers.with(&found.answers)).first();
                assert_eq!(then, (found.first, found.first_share));
                assert_ne!(then.0, model.posterior(&answers).first().0);
                n_found += 1;
            }
        }
    }
    assert!(n_found > 60, "most diagnoses can be changed: {n_found} of 120 were");
}
