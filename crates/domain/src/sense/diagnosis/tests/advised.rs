//! What is advised, and what is learnt from what was tried.

use super::*;

fn certain(playbook: &Playbook, key: &str) -> Ranked {
    let all = (0..playbook.frictions.len()).map(|at| Suspect::Friction(FrictionNo(at)));
    let chosen = friction(playbook, key);
    let share = |suspect: Suspect| if suspect == chosen { 1.0 } else { 0.0 };
    Ranked::of(all.chain([Suspect::SomethingElse]).map(|suspect| (suspect, share(suspect))).collect())
}

#[test]
fn the_best_comes_first_and_among_equals_the_quick_and_small() {
    let mut playbook = internal_change();
    let learnt = Learnt::default();
    let ranked_now = |playbook: &Playbook| {
        let model = Model::new(playbook, &learnt);
        let advice = ranked(&model, &certain(playbook, "habit"), &[]);
        advice.iter().map(|advice| playbook.remedy(advice.remedy).key.clone()).collect::<Vec<_>>()
    };
    // 0.65 against 0.45: not about as good.
    assert_eq!(ranked_now(&playbook)[..2], ["new-way-by-default", "old-way-further"]);
    let at = |playbook: &Playbook| remedy(playbook, "old-way-further").0;
    let place = at(&playbook);
    playbook.remedies[place].removes[0].strength = 0.61;
    // 0.65 against 0.61: about as good, and a tenth of the hours.
    assert_eq!(ranked_now(&playbook)[..2], ["old-way-further", "new-way-by-default"]);
    let small = playbook.clone();
    // Each of the three makes it come later by itself: hours, people, days.
    playbook.remedies[place].footprint.hours = 500.0;
    assert_eq!(ranked_now(&playbook)[..2], ["new-way-by-default", "old-way-further"]);
    let mut of_many = small.clone();
    of_many.remedies[place].footprint.n_people = 2_000.0;
    assert_eq!(ranked_now(&of_many)[..2], ["new-way-by-default", "old-way-further"]);
    let mut slow = small.clone();
    slow.remedies[place].relief_days = 2_000.0;
    assert_eq!(ranked_now(&slow)[..2], ["new-way-by-default", "old-way-further"]);
}

#[test]
fn what_was_tried_in_this_case_is_not_advised_again() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let posterior = certain(&playbook, "no-owner");
    let first = ranked(&model, &posterior, &[])[0].remedy;
    let then = ranked(&model, &posterior, &[first]);
    assert!(then.iter().all(|advice| advice.remedy != first));
    assert_eq!(then.len(), playbook.remedies.len() - 1);
}

/// The chance is the mean over the suspects, by hand: 0.6 of one friction at 0.65, 0.4 of another at 0.1.
#[test]
fn the_chance_of_a_remedy_is_its_mean_over_what_may_hold_the_case_up() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let posterior =
        Ranked::of(vec![(friction(&playbook, "habit"), 0.6), (friction(&playbook, "no-owner"), 0.4)]);
    let advice = ranked(&model, &posterior, &[]);
    let by_default = remedy(&playbook, "new-way-by-default");
    let found = advice.iter().find(|advice| advice.remedy == by_default).unwrap();
    assert!((found.share - (0.6 * 0.65 + 0.4 * 0.1)).abs() < 1e-12, "{}", found.share);
    assert_eq!(Suspect::Friction(found.helps[0].friction), friction(&playbook, "habit"));
}

/// By hand: the playbook says 0.6 and counts for 8 cases; 1 of 8 here: (4.8 + 1) / (8 + 8) = 0.3625. What it promised
/// stays to be seen.
#[test]
fn what_was_tried_here_is_added_to_what_the_playbook_says() {
    let playbook = internal_change();
    let no_owner = playbook.friction_named("no-owner").unwrap();
    let one_name = remedy(&playbook, "one-name");
    let mut learnt = Learnt::default();
    let before = learnt.works(&playbook, one_name, no_owner).unwrap();
    assert!((before.mean() - 0.6).abs() < 1e-12 && before.here == Count::default());
    for n in 0..8 {
        let outcome = if n == 0 { Outcome::Gone } else { Outcome::Stayed };
        learnt.take_tried(Tried { remedy: one_name, friction: no_owner, outcome });
    }
    let after = learnt.works(&playbook, one_name, no_owner).unwrap();
    assert_eq!((after.promised, after.here), (0.6, Count { n_tried: 8, n_gone: 1 }));
    assert!((after.mean() - 0.3625).abs() < 1e-12, "{}", after.mean());
    let (low, high) = after.interval();
    let (low_before, high_before) = before.interval();
    assert!(low < 0.3625 && 0.3625 < high && high - low < high_before - low_before);
    let waiting = playbook.friction_named("habit").unwrap();
    assert_eq!(learnt.works(&playbook, one_name, waiting), None, "nobody says that it removes that");
}

/// By hand: a prior of 0.092 counts for 8 cases; 8 cases, all of them this: (8 * 0.092 + 8) / 16.
#[test]
fn cases_that_ended_move_how_common_a_friction_is_and_what_its_people_answer() {
    let playbook = internal_change();
    let untaught = Learnt::default();
    let mut learnt = Learnt::default();
    let poor_fit = friction(&playbook, "poor-fit");
    for _ in 0..8 {
        let answers = given(&playbook, &[("questions", "openly"), ("steps", "unknown")]);
        learnt.take(&playbook, &Closed { found: Some(poor_fit), answers, tried: vec![] });
    }
    learnt.take(&playbook, &Closed { found: None, answers: Answers::default(), tried: vec![] });
    let (before, after) = (Model::new(&playbook, &untaught), Model::new(&playbook, &learnt));
    let none = Answers::default();
    let was = before.posterior(&none).share(poor_fit);
    let is = after.posterior(&none).share(poor_fit);
    assert!((is - (8.0 * was + 8.0) / 16.0).abs() < 1e-12);
    let questions = playbook.sign_named("questions").unwrap();
    let openly = playbook.sign(questions).answer_named("openly").unwrap();
    let usual = before.share(poor_fit, questions, openly);
    assert!((after.share(poor_fit, questions, openly) - (8.0 * usual + 8.0) / 16.0).abs() < 1e-12);
    let steps = playbook.sign_named("steps").unwrap();
    let few = AnswerNo(0);
    assert_eq!(after.share(poor_fit, steps, few), before.share(poor_fit, steps, few), "nobody knew");
}

#[test]
fn only_what_the_playbook_says_can_be_recorded_as_tried() {
    let playbook = internal_change();
    let check = |remedy, friction, field| {
        let refused = tried(&playbook, remedy, friction, Outcome::Gone).unwrap_err();
        assert_eq!(crate::refusal::Refusal::field(&refused), Some(field), "{refused}");
    };
    check("a-miracle", "no-owner", "remedy");
    check("one-name", "the-weather", "friction");
    check("one-name", "habit", "friction");
    let found = tried(&playbook, "one-name", "no-owner", Outcome::Stayed).unwrap();
    assert_eq!(found.remedy, remedy(&playbook, "one-name"));
    assert_eq!("gone".parse(), Ok(Outcome::Gone));
    assert!("perhaps".parse::<Outcome>().is_err());
}
