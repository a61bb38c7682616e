//! Conversations with the playbooks that ship.

use super::*;

/// Whoever is held up by a friction and gives the answers that it brings about is led to it, with few questions.
#[test]
fn a_clear_case_of_each_friction_is_recognised_in_at_most_sixteen_questions() {
    let learnt = Learnt::default();
    for (name, _) in playbook::BUILT_IN {
        let playbook = playbook::built_in(name).unwrap().0;
        let model = Model::new(&playbook, &learnt);
        for (at, friction) in playbook.frictions.iter().enumerate() {
            let suspect = Suspect::Friction(FrictionNo(at));
            let mut answers = Answers::default();
            while let Some(next) = next(&model, &answers) {
                let n_answers = playbook.sign(next.sign).answers.len();
                let likely = (0..n_answers).map(AnswerNo).max_by(|one, other| {
                    model.share(suspect, next.sign, *one).total_cmp(&model.share(suspect, next.sign, *other))
                });
                answers.give(&playbook, next.sign, Given::Answer(likely.unwrap())).unwrap();
            }
            let ranked = model.posterior(&answers);
            let place = ranked.all().iter().position(|(other, _)| *other == suspect).unwrap();
            assert!(
                place == 0,
                "{name}: {} is number {} of {:?}",
                friction.key,
                place + 1,
                &ranked.all()[..2]
            );
            assert!(
                answers.all().len() <= 16,
                "{name}: {} took {} questions",
                friction.key,
                answers.all().len()
            );
        }
    }
}

#[test]
fn why_says_what_would_follow_from_each_answer() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let answers = given(&playbook, &[("worst-things", "yes"), ("who-holds-back", "nobody")]);
    let sign = playbook.sign_named("owner").unwrap();
    let why = why(&model, &answers, sign);
    assert!((why.outcomes.iter().map(|outcome| outcome.share).sum::<f64>() - 1.0).abs() < 1e-12);
    let nobody =
        why.outcomes.iter().find(|outcome| playbook.sign(sign).answer(outcome.answer).key == "nobody");
    assert_eq!(nobody.unwrap().first, friction(&playbook, "no-owner"));
    let posterior = model.posterior(&answers);
    assert_eq!(why.gain_bits, model.gain_bits(&posterior, sign));
    assert_eq!(next(&model, &answers).map(|next| answers.to(next.sign)), Some(None));
}

#[test]
fn one_telling_answer_of_two_carries_the_diagnosis() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let answers = given(&playbook, &[("approvals", "several"), ("worst-things", "when-named")]);
    assert_eq!(model.posterior(&answers).first().0, friction(&playbook, "paperwork"));
    let reversal = reversal(&model, &answers, Over::Given).unwrap();
    assert_eq!(reversal.answers.len(), 1);
    assert_eq!(reversal.answers[0].0, playbook.sign_named("approvals").unwrap());
    assert_ne!(reversal.first, friction(&playbook, "paperwork"));
}

/// The worst that must be quick: by far most of the time goes into the shares, which are made once.
#[test]
fn a_playbook_of_five_hundred_signs_and_three_hundred_frictions_is_asked() {
    let dice = &mut dice(9);
    let playbook = random(Size { n_frictions: 300, n_signs: 500, n_answers: 4 }, dice);
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let answers = answered(&playbook, 20, dice);
    assert!(next(&model, &answers).is_some());
}
