//! What weakens a claim reaches the sentence, all the way from the panel.

use super::*;

/// Units of starts in 5 (12 of them) and never (14), periods 1 to 8: a gain from the start on, and besides what
/// `more` adds to started units, by steps since the start.
fn panel_with(gain: f64, more: impl Fn(i64) -> f64) -> Panel {
    let mut builder = PanelBuilder::new();
    for unit in 0..26_i64 {
        for period in 1..=8 {
            let start = (unit < 12).then_some(5);
            let since = start.map(|start: i64| period - start);
            // As good as chance: the far digits of a sine.
            let wobble = (((unit * 97 + period * 389) as f64).sin() * 43_758.545_3).fract();
            let put_in = since.map_or(0.0, |since| more(since) + if since >= 0 { gain } else { 0.0 });
            let (unit, start) = (format!("u{unit}"), start.map(Period::Number));
            let row = Row {
                line: 1,
                unit: &unit,
                period: Period::Number(period),
                outcome: 10.0 + wobble + put_in,
                start,
            };
            builder.push(row).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

fn asked(panel: &Panel) -> Evidence {
    let wish = Wish { sensitivity: Further::Asked, ..Wish::default() };
    prove(&Material::of(panel), "", &wish, &question())
}

/// A fall of 2 where 1 is hoped for, beside jumps of 1 from one period to the next before the start.
#[test]
fn an_early_break_down_is_in_the_sentence() {
    let shaky = |since: i64| if since < -1 && since % 2 == 0 { 1.0 } else { 0.0 };
    let found = asked(&panel_with(-2.4, shaky));
    assert_eq!(found.verdict.kind, Kind::Works, "{}", found.verdict.says);
    let check = found.checks.iter().find(|check| check.name == CheckName::Sensitivity).unwrap();
    assert_eq!(check.held, Held::No, "{}", check.says);
    assert!(found.verdict.says.contains("and it breaks down once they part"), "{}", found.verdict.says);
    assert!(found.verdict.doubts.contains(&Doubt::Sensitivity), "{:?}", found.verdict.doubts);
}

#[test]
fn a_late_break_down_is_not() {
    let found = asked(&panel_with(-12.0, |_| 0.0));
    let check = found.checks.iter().find(|check| check.name == CheckName::Sensitivity).unwrap();
    assert_eq!(check.held, Held::Yes, "{}", check.says);
    assert!(!found.verdict.says.contains("breaks down"), "{}", found.verdict.says);
}

#[test]
fn a_parting_before_the_start_is_in_the_sentence() {
    let found = asked(&panel_with(-6.0, |since| if since < -2 { 3.0 } else { 0.0 }));
    assert!(
        found.verdict.says.contains("which is doubtful because they had parted before the start"),
        "{}",
        found.verdict.says
    );
    assert!(found.verdict.doubts.contains(&Doubt::PreTrends), "{:?}", found.verdict.doubts);
    let plain = asked(&panel_with(-6.0, |_| 0.0)).verdict;
    assert!(!plain.says.contains("doubtful"));
    assert_eq!(Doubted::of(&plain.doubts), Doubted::No, "{:?}", plain.doubts);
}

/// Whoever starts falls by half a day more each period, before and after: no effect, but a difference that grows.
#[test]
fn a_drift_that_three_checks_speak_against_is_told_in_the_strongest_words() {
    let drifting = panel_with(0.0, |since| -0.9 * since as f64);
    let found = asked(&drifting);
    assert_eq!(found.verdict.kind, Kind::Works, "{}", found.verdict.says);
    for doubt in [Doubt::PreTrends, Doubt::PlaceboStarts, Doubt::Second] {
        assert!(found.verdict.doubts.contains(&doubt), "{doubt:?}: {}", found.verdict.says);
    }
    assert_eq!(Doubted::of(&found.verdict.doubts), Doubted::Strongly);
    let words = "; all three together speak for sides that differed anyway, and against an effect";
    assert!(found.verdict.says.contains(words), "{}", found.verdict.says);
    let wish = Wish { sensitivity: Further::Asked, told: Told::BeforeDoubts, ..Wish::default() };
    let formerly = prove(&Material::of(&drifting), "", &wish, &question()).verdict;
    assert_eq!(formerly.says, found.verdict.says.replace(words, ""));
    assert!(formerly.doubts.is_empty());
}

/// What others could see draws the sides together: an effect is no less likely for it, and the lack of one is.
#[test]
fn what_others_could_see_is_in_the_sentence_and_makes_the_lack_of_an_effect_doubtful() {
    let shown = [Period::Number(6), Period::Number(2), Period::Number(7)];
    let told = |panel: &Panel, shown: &[Period], worth| {
        let question = Question { worth, ..question() };
        prove(&Material { shown: Some(shown), ..Material::of(panel) }, "", &Wish::default(), &question)
            .verdict
    };
    let words = "; from 6 on others could see what it did, so that the effect may be larger than it looks";
    let works = told(&panel_with(-6.0, |_| 0.0), &shown, 1.0);
    assert!(works.kind == Kind::Works && works.says.contains(words), "{}", works.says);
    assert!(!works.doubts.contains(&Doubt::Contamination));
    let nothing = told(&panel_with(0.0, |_| 0.0), &shown, 5.0);
    assert!(nothing.kind == Kind::NoWorthwhileEffect && nothing.says.contains(words), "{}", nothing.says);
    assert!(nothing.doubts.contains(&Doubt::Contamination));
    let unseen = told(&panel_with(0.0, |_| 0.0), &shown[1..2], 5.0);
    assert!(!unseen.says.contains("others could see") && unseen.doubts.is_empty(), "{}", unseen.says);
}

/// A step three periods before the start, which a start made up there finds; and one the other way.
#[test]
fn what_made_up_starts_show_is_in_the_sentence() {
    let step = |size: f64| move |since: i64| if since >= -2 { size } else { 0.0 };
    let early = asked(&panel_with(-6.0, step(-3.0))).verdict.says;
    assert!(early.contains("; starts made up earlier show") && early.contains("already"), "{early}");
    let found = asked(&panel_with(-6.0, step(3.0)));
    assert!(found.verdict.says.contains("the other way round: the sides"), "{}", found.verdict.says);
    let check = found.checks.iter().find(|check| check.name == CheckName::PlaceboStarts).unwrap();
    assert!(check.says.contains("the other way round than what was found"), "{}", check.says);
    let none = asked(&panel_with(-6.0, |_| 0.0)).verdict.says;
    assert!(!none.contains("made up"), "{none}");
}

/// Far apart in the period before the start alone: what is measured from that period, and what is measured from all
/// periods before, cannot agree.
#[test]
fn a_second_method_that_disagrees_is_in_the_sentence() {
    let found = asked(&panel_with(-6.0, |since| if since == -1 { 8.0 } else { 0.0 }));
    let second = found.second.as_ref().unwrap();
    assert_eq!((second.method, second.agrees), (Method::Imputation, Some(false)), "{}", second.says);
    assert!(
        found.verdict.says.contains("; a second method (imputation) disagrees and finds"),
        "{}",
        found.verdict.says
    );
    let agreed = asked(&panel_with(-6.0, |_| 0.0));
    assert_eq!(agreed.second.as_ref().unwrap().agrees, Some(true));
    assert!(!agreed.verdict.says.contains("disagrees"), "{}", agreed.verdict.says);
}
