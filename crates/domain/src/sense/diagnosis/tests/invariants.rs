//! What must not matter, and what must collapse into something simpler.

use super::*;

const SIZE: Size = Size { n_frictions: 6, n_signs: 9, n_answers: 4 };

#[test]
fn the_order_of_answers_does_not_matter_to_the_last_digit() {
    for seed in 0..40 {
        let dice = &mut dice(seed);
        let playbook = random(SIZE, dice);
        let learnt = Learnt::default();
        let model = Model::new(&playbook, &learnt);
        let answers = answered(&playbook, 6, dice);
        let mut backwards = Answers::default();
        for (sign, said) in answers.all().iter().rev() {
            backwards.give(&playbook, *sign, *said).unwrap();
        }
        assert_eq!(model.posterior(&answers), model.posterior(&backwards));
        assert_eq!(next(&model, &answers), next(&model, &backwards));
        assert_eq!(reversal(&model, &answers, Over::Open), reversal(&model, &backwards, Over::Open));
    }
}

#[test]
fn not_knowing_changes_nothing_but_is_not_asked_again() {
    for seed in 0..40 {
        let dice = &mut dice(seed);
        let playbook = random(SIZE, dice);
        let learnt = Learnt::default();
        let model = Model::new(&playbook, &learnt);
        let mut answers = Answers::default();
        let before = model.posterior(&answers);
        while let Some(next) = next(&model, &answers) {
            assert_eq!(answers.to(next.sign), None, "asked once");
            answers.give(&playbook, next.sign, Given::Unknown).unwrap();
            assert_eq!(model.posterior(&answers), before);
        }
        assert!(!answers.all().is_empty());
    }
}

#[test]
fn undoing_all_answers_leads_back_to_the_beginning() {
    let dice = &mut dice(3);
    let playbook = random(SIZE, dice);
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let mut answers = answered(&playbook, 7, dice);
    let latest = answers.all().last().unwrap().0;
    assert_eq!(answers.undo(), Some(latest));
    while answers.undo().is_some() {}
    assert_eq!(model.posterior(&answers), model.posterior(&Answers::default()));
    assert_eq!(answers, Answers::default());
}

/// The frictions, the signs and their answers stand in the opposite order, and are called otherwise.
#[test]
fn names_and_places_do_not_matter() {
    for seed in 0..40 {
        let dice = &mut dice(seed);
        let playbook = random(SIZE, dice);
        let mut turned = playbook.clone();
        let (n_frictions, n_signs) = (playbook.frictions.len(), playbook.signs.len());
        turned.frictions.reverse();
        turned.signs.reverse();
        turned.frictions.iter_mut().for_each(|friction| friction.key.push_str("-too"));
        for sign in &mut turned.signs {
            let n_answers = sign.answers.len();
            sign.answers.reverse();
            for link in &mut sign.speaks {
                link.friction = FrictionNo(n_frictions - 1 - link.friction.0);
                link.answer = AnswerNo(n_answers - 1 - link.answer.0);
            }
        }
        let learnt = Learnt::default();
        let (model, model_turned) = (Model::new(&playbook, &learnt), Model::new(&turned, &learnt));
        let answers = answered(&playbook, 5, dice);
        let mut answers_turned = Answers::default();
        for (sign, said) in answers.all() {
            let said = match said {
                Given::Answer(answer) => {
                    Given::Answer(AnswerNo(playbook.sign(*sign).answers.len() - 1 - answer.0))
                }
                Given::Unknown => Given::Unknown,
            };
            answers_turned.give(&turned, SignNo(n_signs - 1 - sign.0), said).unwrap();
        }
        let (one, other) = (model.posterior(&answers), model_turned.posterior(&answers_turned));
        for (suspect, share) in one.all() {
            let facing = match suspect {
                Suspect::Friction(friction) => Suspect::Friction(FrictionNo(n_frictions - 1 - friction.0)),
                Suspect::SomethingElse => Suspect::SomethingElse,
            };
            // Sums in another order differ in the last digits.
            assert!((other.share(facing) - share).abs() < 1e-12, "seed {seed}");
        }
    }
}

/// By hand: two suspects of prior 0.9 and 0.1, a sign of which the first brings "near" about with strength 0.8 and usual
/// share 0.3: 0.86 against 0.3, so the odds 9 become 9 * 0.86 / 0.3 = 25.8.
#[test]
fn one_friction_and_one_sign_are_bayes_rule() {
    let dice = &mut dice(1);
    let mut playbook = random(Size { n_frictions: 2, n_signs: 1, n_answers: 2 }, dice);
    playbook.something_else = 0.1;
    playbook.frictions[1].common = 1e-300;
    playbook.signs[0].answers[0].usual = 0.7;
    playbook.signs[0].answers[1].usual = 0.3;
    playbook.signs[0].speaks.truncate(1);
    let link = &mut playbook.signs[0].speaks[0];
    (link.friction, link.answer, link.strength) = (FrictionNo(0), AnswerNo(1), 0.8);
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let mut answers = Answers::default();
    answers.give(&playbook, SignNo(0), Given::Answer(AnswerNo(1))).unwrap();
    let (first, share) = model.posterior(&answers).first();
    assert_eq!(first, Suspect::Friction(FrictionNo(0)));
    assert!((share - 25.8 / 26.8).abs() < 1e-12, "{share}");
}

/// A sign whose every answer is as usual under each suspect tells nothing.
#[test]
fn a_sign_that_nothing_moves_has_no_gain() {
    let dice = &mut dice(5);
    let mut playbook = random(SIZE, dice);
    playbook.signs[4].speaks.clear();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    assert!(model.gain_bits(&model.posterior(&Answers::default()), SignNo(4)) < 1e-12);
}

#[test]
fn an_answer_that_cannot_be_is_refused() {
    let playbook = internal_change();
    let mut answers = given(&playbook, &[("owner", "nobody")]);
    let owner = playbook.sign_named("owner").unwrap();
    let taken = |answers: &mut Answers, sign, said| answers.give(&playbook, sign, said);
    assert_eq!(taken(&mut answers, owner, Given::Unknown), Err(AnswerRefused::AnsweredAlready));
    assert_eq!(taken(&mut answers, SignNo(999), Given::Unknown), Err(AnswerRefused::NoSuchSign));
    let steps = playbook.sign_named("steps").unwrap();
    let ninth = Given::Answer(AnswerNo(9));
    assert_eq!(taken(&mut answers, steps, ninth), Err(AnswerRefused::NoSuchAnswer { n_answers: 3 }));
    assert_eq!(answers.all().len(), 1);
}
