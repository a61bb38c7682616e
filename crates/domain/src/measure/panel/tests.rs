use super::*;

fn periods(texts: &[&str]) -> Vec<Period> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn a_unit_starts_in_the_period_that_contains_the_beginning_of_its_slot() {
    #[track_caller]
    fn check(observed: &[&str], begins: &str, expect: &str) {
        let start = start(&periods(observed), begins.parse().unwrap());
        assert_eq!(start, expect.parse().unwrap());
    }
    check(&["2003", "2004"], "2004-01-01T00:00:00Z", "2004");
    check(&["2003", "2004"], "2004-12-31T23:59:59Z", "2004");
    check(&["2003", "2004"], "2010-05-01T00:00:00Z", "2010");
    check(&["2026-01", "2026-02"], "2026-02-28T12:00:00Z", "2026-02");
    // Weeks: in the midst of one, on its first day, in a gap, before all, in the last, after the last.
    let weeks = ["2026-03-02", "2026-03-09", "2026-03-30", "2026-04-06"];
    check(&weeks, "2026-03-08T23:00:00Z", "2026-03-02");
    check(&weeks, "2026-03-09T00:00:00Z", "2026-03-09");
    check(&weeks, "2026-03-20T00:00:00Z", "2026-03-09");
    check(&weeks, "2026-02-20T00:00:00Z", "2026-02-20");
    check(&weeks, "2026-04-12T00:00:00Z", "2026-04-06");
    check(&weeks, "2026-04-13T00:00:00Z", "2026-04-13");
    check(&["2026-03-02"], "2026-04-13T00:00:00Z", "2026-03-02");
}

#[test]
fn beginnings_in_the_midst_of_a_period_are_counted() {
    #[track_caller]
    fn check(observed: &[&str], begins: &[&str], expect: usize) {
        let begins = begins.iter().map(|begins| begins.parse().unwrap());
        assert_eq!(n_begun_within(&periods(observed), begins), expect);
    }
    check(&["2003", "2004"], &["2004-01-01T09:00:00Z", "2004-03-01T00:00:00Z", "2010-03-01T00:00:00Z"], 1);
    check(
        &["2026-01", "2026-02"],
        &["2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", "2025-12-24T00:00:00Z"],
        1,
    );
    check(&["2026-03-02", "2026-03-09"], &["2026-03-09T08:00:00Z", "2026-03-10T08:00:00Z"], 1);
}

#[test]
fn the_beginning_of_a_period_lies_in_that_period() {
    for text in ["2004", "-400", "7", "2026-03", "2026-03-02"] {
        let period: Period = text.parse().unwrap();
        assert_eq!(start(&[period], begins(period).unwrap()), period);
    }
    assert_eq!(begins(Period::Number(10_000)), None);
    assert_eq!(begins(Period::Number(2004)), "2004-01-01T00:00:00Z".parse().ok());
}

#[test]
fn a_panel_has_every_unit_with_the_start_its_slot_gives() {
    let observed: Vec<Observed<'_>> = ["a", "b", "c"]
        .iter()
        .flat_map(|unit| {
            ["2026-01", "2026-02", "2026-03"].map(|period| Observed {
                unit,
                period: period.parse().unwrap(),
                value: 1.0,
            })
        })
        .collect();
    let begins = BTreeMap::from([
        ("b", "2026-02-14T00:00:00Z".parse().unwrap()),
        ("c", "2026-07-01T00:00:00Z".parse().unwrap()),
    ]);
    let panel = panel(&observed, &begins, Unbalanced::Keep).unwrap();
    assert_eq!(*panel.units(), ["a", "b", "c"]);
    assert_eq!(panel.cohorts().len(), 1);
    assert_eq!(
        (panel.cohorts()[0].start, panel.cohorts()[0].units.as_slice()),
        ("2026-02".parse().unwrap(), &[1][..])
    );
    assert_eq!((panel.never(), panel.n_start_after_end()), (&[0, 2][..], 1));
}

#[test]
fn without_outcomes_there_is_no_panel_and_the_reader_is_told_how_to_bring_them() {
    let refused = panel(&[], &BTreeMap::new(), Unbalanced::Keep).unwrap_err();
    assert_eq!(refused, NoPanel::NoOutcomes);
}
