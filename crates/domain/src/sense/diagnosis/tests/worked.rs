//! The numbers that docs/methods/diagnosis.md works by hand, and that the page says them.

use super::*;
use crate::sense::playbook;

/// The page that works them.
const PAGE: &str = include_str!("../../../../../../docs/methods/diagnosis.md");

/// The playbook of the worked case: one friction twice as common as the other, one sign, three remedies.
const TOY: &str = r#"
format = "traction.playbook/1"
id = "toy"
version = 1
name = "Toy"
about = "The worked case of the page on methods."
something_else = 0.1
n_cases = 8
[[sources]]
id = "own"
cite = "Ours."
[[frictions]]
id = "a"
name = "A"
means = "A."
common = 2
[[frictions]]
id = "b"
name = "B"
means = "B."
common = 1
[[signs]]
id = "seen"
ask = "Is it seen?"
answers = [{ id = "yes", says = "Yes", usual = 0.5 }, { id = "no", says = "No", usual = 0.5 }]
speaks = [{ friction = "a", answer = "yes", strength = 0.6, why = "x", source = "own" }]
[[signs]]
id = "heard"
ask = "Is it heard?"
answers = [{ id = "yes", says = "Yes", usual = 0.5 }, { id = "no", says = "No", usual = 0.5 }]
speaks = [{ friction = "b", answer = "yes", strength = 0.2, why = "x", source = "own" }]
[[remedies]]
id = "large"
name = "Large"
do = "x"
hours = 20
people = 2
relief_days = 10
test = { plan = "x", prediction = "x", days = 5 }
removes = [{ friction = "a", strength = 0.5, why = "x", source = "own" }]
[[remedies]]
id = "small"
name = "Small"
do = "x"
hours = 2
people = 1
relief_days = 5
test = { plan = "x", prediction = "x", days = 5 }
removes = [{ friction = "a", strength = 0.46, why = "x", source = "own" }]
[[remedies]]
id = "other"
name = "Other"
do = "x"
hours = 1
people = 1
relief_days = 1
test = { plan = "x", prediction = "x", days = 5 }
removes = [
  { friction = "a", strength = 0.1, why = "x", source = "own" },
  { friction = "b", strength = 0.9, why = "x", source = "own" },
]
"#;

/// The number is this one, and the page says so with as many digits.
#[track_caller]
fn check(found: f64, said: &str) {
    let digits = said.split('.').nth(1).map_or(0, str::len);
    assert_eq!(format!("{found:.digits$}"), said);
    assert!(PAGE.contains(said), "docs/methods/diagnosis.md does not say {said}");
}

#[test]
fn the_worked_posterior_gain_and_order_of_remedies_are_those_of_the_page() {
    let toy = playbook::read(TOY).unwrap();
    let learnt = Learnt::default();
    let model = Model::new(&toy, &learnt);
    let seen = toy.sign_named("seen").unwrap();
    let before = model.posterior(&Answers::default());
    check(model.gain_bits(&before, seen), "0.0712");
    let after = model.posterior(&given(&toy, &[("seen", "yes")]));
    check(after.share(friction(&toy, "a")), "0.7059");
    check(after.share(friction(&toy, "b")), "0.2206");
    check(after.share(Suspect::SomethingElse), "0.0735");
    let advice = ranked(&model, &after, &[]);
    let order: Vec<&str> = advice.iter().map(|advice| &*toy.remedy(advice.remedy).key).collect();
    assert_eq!(order, ["small", "large", "other"]);
    check(advice[0].share, "0.3247");
    check(advice[1].share, "0.3529");
    check(advice[2].share, "0.2691");
}

/// Ends of the interval: scipy 1.x, `beta.ppf([.025, .975], 5.8, 10.2)`.
#[test]
fn the_worked_beta_law_is_that_of_the_page() {
    let playbook = internal_change();
    let no_owner = playbook.friction_named("no-owner").unwrap();
    let one_name = remedy(&playbook, "one-name");
    let mut learnt = Learnt::default();
    for n in 0..8 {
        let outcome = if n == 0 { Outcome::Gone } else { Outcome::Stayed };
        learnt.take_tried(Tried { remedy: one_name, friction: no_owner, outcome });
    }
    let works = learnt.works(&playbook, one_name, no_owner).unwrap();
    check(works.mean(), "0.3625");
    check(works.interval().0, "0.154");
    check(works.interval().1, "0.604");
}

/// Ends of the interval: the law Beta(9.156, 3.844), added up in 200,000 steps.
#[test]
fn the_worked_share_of_an_answer_is_that_of_the_page() {
    let playbook = internal_change();
    let no_owner = friction(&playbook, "no-owner");
    let sign = playbook.sign_named("owner").unwrap();
    let nobody = playbook.sign(sign).answer_named("nobody").unwrap();
    let mut learnt = Learnt::default();
    check(learnt.answers(&playbook, no_owner, sign, nobody).promised, "0.5195");
    for _ in 0..5 {
        let answers = given(&playbook, &[("owner", "nobody")]);
        learnt.take(&playbook, &Closed { found: Some(no_owner), answers, tried: vec![] });
    }
    let seen = learnt.answers(&playbook, no_owner, sign, nobody);
    assert_eq!((seen.n_so, seen.n_all), (5, 5));
    check(seen.mean(), "0.7043");
    check(seen.interval().0, "0.441");
    check(seen.interval().1, "0.908");
}

/// The expected gain against chance: what holds the case up and the answer are drawn 40,000 times from what is known, and
/// the bits by which each answer lessens what is open are averaged. Tolerance: four standard errors of that mean.
#[test]
fn the_expected_gain_is_what_drawn_cases_gain_in_the_mean() {
    let playbook = internal_change();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let dice = &mut dice(5);
    let answers = given(&playbook, &[("owner", "nobody"), ("steps", "few")]);
    let now = model.posterior(&answers);
    let open = |ranked: &Ranked| -> f64 {
        ranked.all().iter().filter(|(_, share)| *share > 0.0).map(|(_, share)| -share * share.log2()).sum()
    };
    for sign in (0..playbook.signs.len()).map(SignNo).filter(|sign| answers.to(*sign).is_none()).step_by(6) {
        let n_answers = playbook.sign(sign).answers.len();
        let gains: Vec<f64> = (0..n_answers)
            .map(|answer| open(&now) - open(&model.posterior(&answers.with(&[(sign, AnswerNo(answer))]))))
            .collect();
        let mut drawn = Vec::new();
        for _ in 0..40_000 {
            let suspect = draw(now.all().iter().map(|(suspect, share)| (*suspect, *share)), dice);
            let each = (0..n_answers).map(|answer| (answer, model.share(suspect, sign, AnswerNo(answer))));
            drawn.push(gains[draw(each, dice)]);
        }
        let n = drawn.len() as f64;
        let mean = drawn.iter().sum::<f64>() / n;
        let variance = drawn.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let expected = model.gain_bits(&now, sign);
        let astray = (mean - expected).abs();
        assert!(astray < 4.0 * (variance / n).sqrt() + 1e-12, "{sign:?}: {mean} against {expected}");
    }
}

/// One of several, each as often as its share.
fn draw<T: Copy>(shares: impl Iterator<Item = (T, f64)>, dice: &mut Dice) -> T {
    let mut left = dice.random_range(0.0..1.0);
    let mut last = None;
    for (one, share) in shares {
        last = Some(one);
        if left < share {
            break;
        }
        left -= share;
    }
    last.expect("there is one at least")
}
