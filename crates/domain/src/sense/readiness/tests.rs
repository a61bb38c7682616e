use super::*;

fn day(n: i64) -> Moment {
    Moment::from_milliseconds(0).unwrap().after_days(n)
}

/// Two items a scale; `appetite` and `aptitude` are the tallies of each item of that scale.
fn tallies(appetite: [usize; 5], aptitude: [usize; 5]) -> Vec<Tally> {
    let both = [(Scale::Appetite, appetite), (Scale::Aptitude, aptitude)];
    both.into_iter().flat_map(|(scale, counts)| vec![Tally { scale, weight: 1.0, counts }; 2]).collect()
}

#[test]
fn the_instrument_that_ships_has_four_questions_a_scale() {
    let instrument = built_in();
    assert_eq!(instrument.edition.to_string(), "readiness/1");
    for scale in Scale::ALL {
        assert_eq!(instrument.items.iter().filter(|item| item.scale == scale).count(), 4);
        assert!(instrument.named(scale).is_some());
    }
    assert_eq!(instrument.items[4].key, "aptitude-1");
    assert_eq!((instrument.minimum_answers, instrument.agreement), (FEWEST, AGREEMENT));
}

/// The text that ships with one entry put in the place of another: what is found, and on the line of `at`.
#[track_caller]
fn check(old: &str, new: &str, at: &str, says: &str) {
    assert_eq!(BUILT_IN_TEXT.matches(old).count(), 1, "`{old}` stands there once");
    let text = BUILT_IN_TEXT.replace(old, new);
    let line = 1 + text[..text.find(at).expect(at)].matches('\n').count();
    let refused = read(&text).expect_err("it is refused");
    let found: Vec<String> = refused.findings.iter().map(ToString::to_string).collect();
    assert!(
        found.iter().any(|one| one.starts_with(&format!("line {line}: ")) && one.contains(says)),
        "{found:?}"
    );
}

#[test]
fn a_file_that_is_no_instrument_is_refused_with_every_line_that_is_wrong() {
    check("traction.instrument/1", "traction.playbook/1", "format", "no form that is read here");
    check("\"readiness\"", "\"Our Pulse\"", "id = ", "is no name");
    check("version = 1", "version = 0", "version", "counted from 1");
    check("version = 1", "versoin = 1", "versoin", "unknown field");
    check("\"not at all\"", "\" \"", "low", "low");
    check("minimum_answers = 5", "minimum_answers = 4", "minimum_answers = 4", "5 to 50, not 4");
    check("agreement = 0.7", "agreement = 0.5", "agreement = 0.5", "0.7 to 0.95, not 0.5");
    check("id = \"aptitude\"", "id = \"courage\"", "id = \"courage\"", "is no scale");
    check("id = \"aptitude\"", "id = \"courage\"", "id = \"readiness\"", "the scale `aptitude` is missing");
    check(
        "id = \"aptitude\"",
        "id = \"appetite\"",
        "id = \"appetite\"\nname = \"Aptitude",
        "is there already",
    );
    check(
        "\"aptitude-4\"",
        "\"aptitude-3\"",
        "id = \"aptitude-3\"\nscale = \"aptitude\"\nsays = \"We can get",
        "there already",
    );
    check(
        "says = \"We can get the help we need for it.\"",
        "says = \"We can get the help we need for it.\"\nweight = 0",
        "weight = 0",
        "0.1 to 10, not 0",
    );
}

#[test]
fn a_scale_of_one_item_is_refused_and_all_flaws_come_at_once() {
    let head = BUILT_IN_TEXT.split("[[items]]").next().unwrap().replace("= 0.7", "= 0.2");
    let item =
        |n: usize, scale: &str| format!("[[items]]\nid = \"i{n}\"\nscale = \"{scale}\"\nsays = \"x\"\n");
    let text = head + &item(1, "appetite") + &item(2, "aptitude") + &item(3, "aptitude") + &item(4, "hope");
    let refused = read(&text).unwrap_err();
    let flaws: Vec<&InstrumentFlaw> = refused.findings.iter().map(|finding| &finding.flaw).collect();
    assert_eq!(
        flaws,
        [
            &InstrumentFlaw::Agreement { written: 0.2 },
            &InstrumentFlaw::Length { scale: "appetite", n_items: 1 },
            &InstrumentFlaw::NoScale { written: "hope".into() },
        ]
    );
    assert!(refused.findings.windows(2).all(|pair| pair[0].line < pair[1].line));
}

/// By hand: 1, 1, 1, 2, 2 at an item that says the opposite is 5, 5, 5, 4, 4: mean 4.6; the other item's mean is 3.6 and
/// counts three times: (4.6 + 3 * 3.6) / 4 = 3.85.
#[test]
fn answers_to_an_item_that_says_the_opposite_are_turned_and_items_count_by_their_weight() {
    let text = BUILT_IN_TEXT
        .replace("id = \"appetite-1\"", "id = \"appetite-1\"\nreverse = true")
        .replace("id = \"appetite-2\"", "id = \"appetite-2\"\nweight = 3");
    let instrument = read(&text).unwrap();
    let tallies = [
        instrument.tally("appetite-1", [3, 2, 0, 0, 0]).unwrap(),
        instrument.tally("appetite-2", [0, 0, 2, 3, 0]).unwrap(),
    ];
    assert_eq!(tallies[0].counts, [0, 0, 0, 2, 3]);
    let Reading::Agreed { mean, agreement } = reading(&instrument, &tallies, Scale::Appetite) else {
        panic!("they agree")
    };
    assert!((mean - 3.85).abs() < 1e-12, "{mean}");
    // Both variances 0.3: unlike 0.15, so 2 * 0.85 / (2 * 0.85 + 0.15) = 0.919, told as 0.9.
    assert_eq!(agreement, 0.9);
    assert_eq!(instrument.tally("courage-1", [0; 5]), None);
}

#[test]
fn an_instrument_may_ask_for_more_answers_and_more_agreement() {
    let strict =
        read(&BUILT_IN_TEXT.replace("= 0.7", "= 0.95").replace("answers = 5", "answers = 6")).unwrap();
    let five = tallies([0, 0, 1, 3, 1], [0, 0, 1, 3, 1]);
    assert_eq!(reading(&strict, &five, Scale::Appetite), Reading::TooFew { n_needed: 6 });
    // Variance 0.8 of six answers 2, 3, 3, 4, 4, 4 … and r_wg(2) = 2 * 0.6667 / (2 * 0.6667 + 0.3333) = 0.8.
    let six = tallies([0, 1, 2, 3, 0], [0, 1, 2, 3, 0]);
    assert_eq!(reading(&strict, &six, Scale::Appetite), Reading::Differ { agreement: 0.8, needed: 0.95 });
    assert!(shown(built_in(), &six).is_some());
}

/// Worked by hand: variances 0.5 and 0.7 of four items' mean 0.6 against 2 leave 0.3 unlike, so
/// 4 * 0.7 / (4 * 0.7 + 0.3) = 2.8 / 3.1.
#[test]
fn agreement_is_that_of_james_demaree_and_wolf() {
    let agreement = within_group_agreement(&[0.5, 0.7, 0.5, 0.7]);
    assert!((agreement - 2.8 / 3.1).abs() < 1e-12, "{agreement}");
    assert_eq!(within_group_agreement(&[0.0, 0.0]), 1.0);
}

/// One item: r_wg(1) is r_wg, 1 - v / s; and never below 0.
#[test]
fn with_one_item_agreement_is_one_less_the_share_of_the_even_spread() {
    assert!((within_group_agreement(&[0.5]) - 0.75).abs() < 1e-12);
    assert_eq!(within_group_agreement(&[4.0]), 0.0);
    assert_eq!(within_group_agreement(&[]), 0.0);
}

/// By hand: 3, 4, 4, 4, 5 has mean 4 and sample variance 2 / 4.
#[test]
fn mean_and_variance_come_from_the_tally() {
    assert_eq!(agreement::moments([0, 0, 1, 3, 1]), (4.0, 0.5));
}

#[test]
fn four_answers_are_never_shown() {
    let four = tallies([0, 0, 0, 4, 0], [0, 0, 0, 4, 0]);
    assert_eq!(reading(built_in(), &four, Scale::Appetite), Reading::TooFew { n_needed: 5 });
    assert_eq!(reading(built_in(), &[], Scale::Appetite), Reading::TooFew { n_needed: 5 });
    assert_eq!(shown(built_in(), &four), None);
}

/// A file cannot ask for less, and if an instrument ever did, less would not be told.
#[test]
fn no_instrument_tells_of_four_or_of_people_who_differ() {
    let loose = Instrument { minimum_answers: 2, agreement: 0.1, ..built_in().clone() };
    let four = tallies([0, 0, 4, 0, 0], [0, 0, 4, 0, 0]);
    assert_eq!(reading(&loose, &four, Scale::Appetite), Reading::TooFew { n_needed: 5 });
    let apart = tallies([3, 0, 0, 0, 3], [0, 0, 6, 0, 0]);
    assert!(matches!(reading(&loose, &apart, Scale::Appetite), Reading::Differ { needed: 0.7, .. }));
}

/// By hand, two items a scale. Agreed: variance 0.5, unlike 0.25: 1.5 / 1.75 = 0.857, told as 0.8. Apart: variance 4.8,
/// more than an even spread: 0.
#[test]
fn those_who_agree_have_a_mean_and_those_who_differ_have_none() {
    let split = tallies([0, 0, 1, 3, 1], [3, 0, 0, 0, 3]);
    let on = |scale| reading(built_in(), &split, scale);
    assert_eq!(on(Scale::Appetite), Reading::Agreed { mean: 4.0, agreement: 0.8 });
    assert_eq!(on(Scale::Aptitude), Reading::Differ { agreement: 0.0, needed: 0.7 });
    assert_eq!(shown(built_in(), &split), None);
    let agreed = tallies([0, 0, 1, 3, 1], [0, 1, 3, 1, 0]);
    let before = shown(built_in(), &agreed).unwrap();
    assert_eq!(before, Readiness { appetite: 4.0, aptitude: 3.0, n: 5 });
    let now = Readiness { appetite: 3.5, aptitude: 3.25, n: 6 };
    assert_eq!(moved(before, now), Moved { appetite: -0.5, aptitude: 0.25 });
}

#[test]
fn nothing_tells_that_everybody_chose_the_same_end_of_the_scale() {
    let all_five = tallies([0, 0, 0, 0, 6], [6, 0, 0, 0, 0]);
    let expect = Some(Readiness { appetite: 4.75, aptitude: 1.25, n: 6 });
    assert_eq!(shown(built_in(), &all_five), expect);
    let told = reading(built_in(), &all_five, Scale::Appetite);
    assert_eq!(told, Reading::Agreed { mean: 4.75, agreement: 0.9 });
}

#[test]
fn a_unit_is_asked_when_it_is_large_enough_and_rested() {
    assert_eq!(open(day(0), 7, 5, None), Ok(day(7)));
    assert_eq!(open(day(0), 7, 4, None), Err(PulseRefused::TooFewPeople { n_members: 4 }));
    assert_eq!(open(day(0), 0, 5, None), Err(PulseRefused::Length { n_days: 0 }));
    assert_eq!(open(day(3), 7, 5, Some(day(7))), Err(PulseRefused::OpenAlready { until: day(7) }));
    assert_eq!(open(day(7), 7, 5, Some(day(7))), Err(PulseRefused::TooSoon { from: day(35) }));
    assert_eq!(open(day(35), 7, 5, Some(day(7))), Ok(day(42)));
}

#[test]
fn every_question_is_answered_from_one_to_five_or_none_is_taken() {
    let instrument = built_in();
    let mut given = vec![Some(3); 8];
    assert_eq!(answers(instrument, &given).unwrap().each(instrument).count(), 8);
    given[2] = Some(6);
    given[5] = None;
    assert_eq!(answers(instrument, &given), Err(PulseRefused::Unanswered { n_open: 2, n_items: 8 }));
}

/// The numbers that docs/methods/readiness.md works by hand, and that the page says them.
#[test]
fn the_worked_agreement_is_that_of_the_page() {
    let page = include_str!("../../../../../docs/methods/readiness.md");
    let each = [[0, 0, 1, 3, 1], [0, 0, 0, 3, 2], [0, 0, 2, 2, 1], [0, 0, 0, 4, 1]];
    let variances = each.map(|counts| agreement::moments(counts).1);
    let r_wg = format!("{:.4}", within_group_agreement(&variances));
    assert_eq!(r_wg, "0.9368");
    assert!(page.contains(&r_wg));
    let tallies = each.map(|counts| Tally { scale: Scale::Appetite, weight: 1.0, counts });
    let Reading::Agreed { mean, .. } = reading(built_in(), &tallies, Scale::Appetite) else {
        panic!("they agree")
    };
    assert!((mean - 4.1).abs() < 1e-12 && page.contains("4.2: 4.1."), "{mean}");
}
