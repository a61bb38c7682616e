use super::*;

fn day(n: i64) -> Moment {
    Moment::from_milliseconds(0).unwrap().after_days(n)
}

/// Two items a scale; `appetite` and `aptitude` are the tallies of each item of that scale.
fn tallies(appetite: [usize; 5], aptitude: [usize; 5]) -> Vec<Tally> {
    let both = [(Scale::Appetite, appetite), (Scale::Aptitude, aptitude)];
    both.into_iter().flat_map(|(scale, counts)| vec![Tally { scale, counts }; 2]).collect()
}

#[test]
fn the_instrument_that_ships_has_four_questions_a_scale() {
    let instrument = built_in();
    assert_eq!(instrument.name, "readiness/1");
    for scale in Scale::ALL {
        assert_eq!(instrument.items.iter().filter(|item| item.scale == scale).count(), 4);
    }
    assert_eq!(instrument.items[4].key, "aptitude-1");
}

#[test]
fn a_file_that_is_no_instrument_is_refused_at_its_line() {
    assert_eq!(read("# a\n- want it"), Err(InstrumentRefused::NoScale { line: 2 }));
    assert_eq!(
        read("# a\n## courage\n"),
        Err(InstrumentRefused::UnknownScale { line: 2, heading: "courage".into() })
    );
    assert_eq!(
        read("# a\n## appetite\n- one\n"),
        Err(InstrumentRefused::Length { scale: "appetite", n_items: 1 })
    );
    let without_name = "## appetite\n- a\n- b\n## aptitude\n- a\n- b\n";
    assert_eq!(read(without_name), Err(InstrumentRefused::NameMissing));
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
    assert_eq!(reading(&tallies([0, 0, 0, 4, 0], [0, 0, 0, 4, 0]), Scale::Appetite), Reading::TooFew);
    assert_eq!(reading(&[], Scale::Appetite), Reading::TooFew);
    assert_eq!(shown(&tallies([0, 0, 0, 4, 0], [0, 0, 0, 4, 0])), None);
}

#[test]
fn those_who_agree_have_a_mean_and_those_who_differ_have_none() {
    let split = tallies([0, 0, 1, 3, 1], [3, 0, 0, 0, 3]);
    assert_eq!(reading(&split, Scale::Appetite), Reading::Agreed { mean: 4.0 });
    assert_eq!(reading(&split, Scale::Aptitude), Reading::Differ);
    assert_eq!(shown(&split), None);
    let agreed = tallies([0, 0, 1, 3, 1], [0, 1, 3, 1, 0]);
    assert_eq!(shown(&agreed), Some(Readiness { appetite: 4.0, aptitude: 3.0, n: 5 }));
}

#[test]
fn a_mean_never_tells_that_everybody_chose_the_end_of_the_scale() {
    let all_five = tallies([0, 0, 0, 0, 6], [6, 0, 0, 0, 0]);
    assert_eq!(shown(&all_five), Some(Readiness { appetite: 4.75, aptitude: 1.25, n: 6 }));
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
