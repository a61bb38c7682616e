//! Several people on one case, and what nobody may learn of one of them.

use super::*;

fn voices(playbook: &Playbook, openness: Openness, all: &[&[(&str, &str)]]) -> Vec<Voice> {
    all.iter().map(|named| Voice { answers: given(playbook, named), openness }).collect()
}

const OWNER_NAMED: &[(&str, &str)] = &[("owner", "same"), ("steps", "many")];
const NOBODY: &[(&str, &str)] = &[("owner", "nobody"), ("steps", "many")];

#[test]
fn one_voice_alone_is_never_told_and_two_closed_ones_are_not_either() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    assert_eq!(heard(&model, &voices(&playbook, Openness::Open, &[NOBODY])), None);
    assert_eq!(heard(&model, &voices(&playbook, Openness::Closed, &[NOBODY; 4])), None);
    assert!(heard(&model, &voices(&playbook, Openness::Closed, &[NOBODY; 5])).is_some());
}

/// By hand: of three pairs one is alike.
#[test]
fn open_voices_are_told_exactly() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let heard = heard(&model, &voices(&playbook, Openness::Open, &[OWNER_NAMED, NOBODY, NOBODY])).unwrap();
    assert_eq!((heard.hearing, heard.n_voices, heard.n_left_out), (Hearing::Open, 3, 0));
    let owner = &heard.signs[playbook.sign_named("owner").unwrap().0];
    assert_eq!((owner.concord, owner.exact.clone()), (Concord::Divided, Some((1.0 / 3.0, vec![1, 0, 2]))));
    let steps = &heard.signs[playbook.sign_named("steps").unwrap().0];
    assert_eq!((steps.concord, steps.exact.clone()), (Concord::Agree, Some((1.0, vec![0, 0, 3]))));
    let unasked = &heard.signs[playbook.sign_named("mistake").unwrap().0];
    assert_eq!((unasked.concord, unasked.exact.clone()), (Concord::TooFew, None));
    assert!((heard.suspects.iter().map(|on| on.share).sum::<f64>() - 1.0).abs() < 1e-12);
    let on_owner = heard.suspects.iter().find(|on| on.suspect == friction(&playbook, "no-owner")).unwrap();
    let share = |named: &[(&str, &str)]| model.posterior(&given(&playbook, named)).share(on_owner.suspect);
    let apart = (share(NOBODY) - share(OWNER_NAMED)).abs();
    assert!((on_owner.apart.unwrap() - 2.0 / 3.0 * apart).abs() < 1e-12, "two of three pairs part");
}

/// People who say the same are one voice.
#[test]
fn voices_that_say_the_same_say_what_one_says() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let heard = heard(&model, &voices(&playbook, Openness::Open, &[NOBODY; 3])).unwrap();
    let alone = model.posterior(&given(&playbook, NOBODY));
    for on in &heard.suspects {
        assert!((on.share - alone.share(on.suspect)).abs() < 1e-12 && on.apart.unwrap() < 1e-12);
    }
}

/// Six closed voices, of whom three see the owner otherwise: what most said is all that the probabilities rest on.
#[test]
fn closed_voices_are_told_by_what_most_said_and_where_three_see_it_otherwise() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let told = |all: &[&[(&str, &str)]]| heard(&model, &voices(&playbook, Openness::Closed, all)).unwrap();
    let owner = playbook.sign_named("owner").unwrap();
    let nearly = told(&[NOBODY, NOBODY, NOBODY, NOBODY, OWNER_NAMED, OWNER_NAMED]);
    assert_eq!((nearly.hearing, nearly.n_voices), (Hearing::Guarded, 6));
    assert_eq!(nearly.signs[owner.0], OnSign { sign: owner, concord: Concord::Agree, exact: None });
    let most = model.posterior(&given(&playbook, NOBODY));
    for on in &nearly.suspects {
        assert_eq!((on.share, on.apart), (most.share(on.suspect), None));
    }
    let split = told(&[NOBODY, NOBODY, NOBODY, OWNER_NAMED, OWNER_NAMED, OWNER_NAMED]);
    assert_eq!(split.signs[owner.0].concord, Concord::Divided);
    let without = model.posterior(&given(&playbook, &[("steps", "many")]));
    let on_owner = split.suspects.iter().find(|on| on.suspect == friction(&playbook, "no-owner")).unwrap();
    assert_eq!((on_owner.concord, on_owner.share), (Concord::Divided, without.share(on_owner.suspect)));
    let paperwork = split.suspects.iter().find(|on| on.suspect == friction(&playbook, "paperwork")).unwrap();
    assert_eq!(paperwork.concord, Concord::Agree);
}

/// The attack: each respondent knows his own answers and sees all that is told. Whatever was answered, no other person's
/// answer to any sign is the same in all the ways in which the others may have answered.
#[test]
fn nobody_can_work_out_what_another_answered_from_what_is_told_and_his_own_answers() {
    for seed in 0..6 {
        let playbook = random(Size { n_frictions: 3, n_signs: 2, n_answers: 2 }, &mut dice(seed));
        let learnt = Learnt::default();
        let model = Model::new(&playbook, &learnt);
        // Four ways to answer two signs; five people; all 1024 ways in which they may have answered.
        let answer = |way: usize, sign: usize| if sign == 0 { way % 2 } else { way / 2 };
        let voice = |way: usize| {
            let supposed = [0, 1].map(|sign| (SignNo(sign), AnswerNo(answer(way, sign))));
            Voice { answers: Answers::default().with(&supposed), openness: Openness::Closed }
        };
        let worlds: Vec<([usize; 5], Heard)> = (0..1024)
            .map(|n: usize| {
                let ways = [n % 4, n / 4 % 4, n / 16 % 4, n / 64 % 4, n / 256];
                (ways, heard(&model, &ways.map(voice)).unwrap())
            })
            .collect();
        for (ways, shown) in &worlds {
            let possible: Vec<&[usize; 5]> = worlds
                .iter()
                .filter(|(others, told)| others[0] == ways[0] && told == shown)
                .map(|(others, _)| others)
                .collect();
            for (other, sign) in [(1, 0), (1, 1), (4, 0), (4, 1)] {
                let differ =
                    possible.iter().any(|world| answer(world[other], sign) != answer(ways[other], sign));
                assert!(differ, "seed {seed}: {ways:?} tells number 0 what number {other} said to {sign}");
            }
        }
    }
}

/// Four closed voices beside open ones are left out, so that no difference of two results stands for them.
#[test]
fn few_closed_voices_beside_open_ones_are_left_out() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let open = voices(&playbook, Openness::Open, &[OWNER_NAMED, OWNER_NAMED]);
    let closed = voices(&playbook, Openness::Closed, &[NOBODY; 4]);
    let both: Vec<Voice> = open.iter().chain(&closed).cloned().collect();
    let (alone, together) = (heard(&model, &open).unwrap(), heard(&model, &both).unwrap());
    assert_eq!((together.n_voices, together.n_left_out), (2, 4));
    assert_eq!((together.signs, together.suspects), (alone.signs, alone.suspects));
    let silent = Voice { answers: given(&playbook, &[("owner", "unknown")]), openness: Openness::Closed };
    let five: Vec<Voice> = closed.iter().cloned().chain([silent]).collect();
    assert_eq!(heard(&model, &five), None, "one who says nothing hides nobody");
}
