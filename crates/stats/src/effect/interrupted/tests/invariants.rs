//! What must not change the answer, what must collapse, and what is refused.

use super::*;

fn numbers(made: &Made) -> Vec<f64> {
    let found = interrupted(&panel_of(made), &InterruptedSettings::default()).unwrap();
    let of = |estimate: &Estimate| {
        let interval = estimate.interval().unwrap();
        [estimate.value, interval.se, interval.se_used]
    };
    let mut all = of(&found.overall).to_vec();
    all.extend(of(&found.step));
    found.bend.iter().for_each(|bend| all.extend(of(bend)));
    found.by_exposure.iter().for_each(|part| all.extend(of(&part.effect)));
    all
}

/// Intervals are sought to a billionth of their length.
#[track_caller]
fn same(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-7 * (1.0 + a.abs()), "{a} is not {b}");
    }
}

fn changed(made: &Made, to: impl Fn(usize, f64) -> f64) -> Made {
    let of = |outcomes: &[f64]| outcomes.iter().enumerate().map(|(t, y)| to(t, *y)).collect();
    made.iter().map(|(unit, start, outcomes)| (unit.clone(), *start, of(outcomes))).collect()
}

#[test]
fn any_line_added_changes_nothing_and_a_factor_goes_through() {
    let made = World::default().play(1);
    let plain = numbers(&made);
    same(&plain, &numbers(&changed(&made, |t, y| y + 100.0 - 3.0 * t as f64)));
    let tripled: Vec<f64> = plain.iter().map(|number| 3.0 * number).collect();
    same(&tripled, &numbers(&changed(&made, |_, y| 3.0 * y)));
}

#[test]
fn a_break_added_is_found_to_the_last_digit() {
    let made = World::default().play(2);
    let broken = changed(&made, |t, y| y + if t >= 24 { 7.0 + 0.25 * (t - 24) as f64 } else { 0.0 });
    let find = |made| interrupted(&panel_of(made), &InterruptedSettings::default()).unwrap();
    let (plain, more) = (find(&made), find(&broken));
    assert!((more.step.value - plain.step.value - 7.0).abs() < 1e-9);
    assert!((more.bend.unwrap().value - plain.bend.unwrap().value - 0.25).abs() < 1e-9);
    assert!((more.overall.value - plain.overall.value - 7.0 - 0.25 * 5.5).abs() < 1e-9);
    // The line without is that of the periods before in both.
    for (a, b) in plain.points.iter().zip(&more.points) {
        assert!((a.without - b.without).abs() < 1e-9);
    }
}

#[test]
fn units_that_start_together_are_their_mean_and_others_do_not_count() {
    let made = World::default().play(3);
    let start = made[0].1;
    let apart: Vec<f64> = (0..36).map(|t| (t as f64 * 0.9).sin()).collect();
    let moved = |sign: f64| made[0].2.iter().zip(&apart).map(|(y, off)| y + sign * off).collect();
    let mut pair: Made = vec![("up".into(), start, moved(1.0)), ("down".into(), start, moved(-1.0))];
    pair.push(("never".into(), None, vec![5.0; 36]));
    pair.push(("always".into(), Some(1), vec![6.0; 36]));
    same(&numbers(&made), &numbers(&pair));
    let found = interrupted(&panel_of(&pair), &InterruptedSettings::default()).unwrap();
    let expect = InterruptedLeftOut { n_never: 1, n_already_started: 1, n_periods_with_gaps: 0 };
    assert_eq!((found.left_out, found.n_periods), (expect, (24, 12)));
    assert!(found.weakness().contains("around 25"));
}

/// With two periods after the start a step is all that can be told.
#[test]
fn without_enough_periods_after_the_effect_is_one_step() {
    let made = World { n_after: 2, ..World::default() }.play(4);
    let found = interrupted(&panel_of(&made), &InterruptedSettings::default()).unwrap();
    assert_eq!((&found.bend, found.by_exposure.len()), (&None, 2));
    assert!(found.by_exposure.iter().all(|part| part.effect == found.step) && found.overall == found.step);
}

/// An interval that ends at 0 has the level's p-value.
#[test]
fn interval_and_p_value_say_the_same() {
    let made = World::default().play(5);
    let plain = interrupted(&panel_of(&made), &InterruptedSettings::default()).unwrap();
    let low = plain.step.interval().unwrap().low;
    let moved = changed(&made, |t, y| y - if t >= 24 { low } else { 0.0 });
    let p =
        interrupted(&panel_of(&moved), &InterruptedSettings::default()).unwrap().step.interval().unwrap().p;
    assert!((p - 0.05).abs() < 1e-7, "{p}");
}

/// Reference by hand for a zigzag of +-1 on a line before and after: neighbours differ by 2, so Durbin and Watson's
/// statistic is near 4, and what deviations keep near 0.
#[test]
fn deviations_that_alternate_have_no_positive_autocorrelation() {
    let made =
        changed(&World::default().play(6), |t, _| 0.3 * t as f64 + if t % 2 == 0 { 1.0 } else { -1.0 });
    let found = interrupted(&panel_of(&made), &InterruptedSettings::default()).unwrap();
    assert!(found.checks.durbin_watson > 3.5, "{}", found.checks.durbin_watson);
    assert!(found.autocorrelation < 0.1, "{}", found.autocorrelation);
}

#[track_caller]
fn refused(world: World, change: impl Fn(&mut Made), expect: InterruptedRefused, says: &str) {
    let mut made = world.play(9);
    change(&mut made);
    let why = interrupted(&panel_of(&made), &InterruptedSettings::default()).unwrap_err();
    assert_eq!(why, expect);
    assert!(why.to_string().contains(says), "{why}");
}

#[test]
fn what_says_nothing_is_refused_in_one_sentence() {
    let world = World::default;
    refused(world(), |made| made[0].1 = None, InterruptedRefused::NobodyStarts, "no unit starts");
    refused(
        world(),
        |made| made[0].1 = Some(1),
        InterruptedRefused::TooFewBefore { n_before: 0 },
        "0 periods",
    );
    let few = InterruptedRefused::TooFewBefore { n_before: 11 };
    refused(World { n_before: 11, ..world() }, |_| (), few, "at least 12");
    let several = InterruptedRefused::SeveralStarts { n_starts: 2 };
    let second = |made: &mut Made| {
        let (_, _, outcomes) = made[0].clone();
        made.push(("later".into(), Some(27), outcomes));
    };
    refused(world(), second, several, "2 different times");
    let unseen = |made: &mut Made| {
        made[0].2[24..].fill(f64::NAN);
        made.push(("never".into(), None, vec![1.0; 36]));
    };
    refused(world(), unseen, InterruptedRefused::NothingAfter, "wait for one");
    let flat = |made: &mut Made| made[0].2.fill(4.0);
    refused(world(), flat, InterruptedRefused::NothingVaries, "on its line exactly");
}
