//! What was learnt of answers, as it is told.

use super::*;

fn ended(found: Suspect, answers: Answers) -> Closed {
    Closed { found: Some(found), answers, tried: vec![] }
}

/// What a page shows is what a diagnosis reckons with, before and after cases, at every answer of random playbooks.
#[test]
fn what_is_told_of_an_answer_is_the_share_that_a_diagnosis_reckons_with() {
    let dice = &mut dice(21);
    for _ in 0..20 {
        let playbook = random(Size { n_frictions: 4, n_signs: 5, n_answers: 3 }, dice);
        let mut learnt = Learnt::default();
        for n_cases in 0..3 {
            let model = Model::new(&playbook, &learnt);
            for sign in (0..playbook.signs.len()).map(SignNo) {
                for answer in (0..playbook.sign(sign).answers.len()).map(AnswerNo) {
                    let frictions = (0..4).map(|at| Suspect::Friction(FrictionNo(at)));
                    for suspect in frictions.chain([Suspect::SomethingElse]) {
                        let told = learnt.answers(&playbook, suspect, sign, answer);
                        let share = model.share(suspect, sign, answer);
                        // The same sum in another order.
                        assert!((told.mean() - share).abs() < 1e-12, "{n_cases}: {told:?} {share}");
                        let alone = Model::new(&playbook, &Learnt::default()).share(suspect, sign, answer);
                        assert!((told.promised - alone).abs() < 1e-12, "the playbook's own stays as it is");
                    }
                }
            }
            let ranked = model.posterior(&Answers::default());
            for friction in (0..4).map(FrictionNo) {
                let told = learnt.common(&playbook, friction);
                assert!((told.mean() - ranked.share(Suspect::Friction(friction))).abs() < 1e-12, "{told:?}");
                assert_eq!(told.n_all as usize, n_cases);
                assert_eq!(told.n_so, u32::from(friction.0 < n_cases));
            }
            let answers = answered(&playbook, 3, dice);
            learnt.take(&playbook, &ended(Suspect::Friction(FrictionNo(n_cases)), answers));
        }
    }
}

#[test]
fn cases_are_told_in_full_fives_of_each_friction_and_the_first_ones() {
    let playbook = internal_change();
    let (owner, waiting) = (friction(&playbook, "no-owner"), friction(&playbook, "waiting"));
    let (sign, nobody) = (playbook.sign_named("owner").unwrap(), given(&playbook, &[("owner", "nobody")]));
    let answer = playbook.sign(sign).answer_named("nobody").unwrap();
    let mut closed = Vec::new();
    for n in 1..=11_u32 {
        closed.push(ended(owner, nobody.clone()));
        closed.push(Closed { found: None, answers: nobody.clone(), tried: vec![] });
        if n <= 4 {
            closed.push(ended(waiting, nobody.clone()));
        }
        let told = Learnt::told(&playbook, &closed);
        assert_eq!(told.answers(&playbook, owner, sign, answer).n_all, n / 5 * 5, "after {n}");
        assert_eq!(told.answers(&playbook, waiting, sign, answer).n_all, 0, "four are too few");
    }
    // Whoever answers otherwise as the eleventh moves nothing.
    let before = Learnt::told(&playbook, &closed);
    closed.push(ended(owner, given(&playbook, &[("owner", "same")])));
    assert_eq!(Learnt::told(&playbook, &closed), before);
}
