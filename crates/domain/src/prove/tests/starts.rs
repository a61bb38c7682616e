//! What is said of starts that are no observed period.

use super::*;

/// Monthly rows of twelve units that start on the days `starts` names, one after the other, and of twelve that never do.
fn of_days(starts: &[&str]) -> Panel {
    let mut builder = PanelBuilder::new();
    for unit in 0..24_usize {
        for month in 1..=8_usize {
            let start = (unit < 12).then(|| starts[unit % starts.len()].parse().unwrap());
            let outcome = ((unit * unit * 7 + month * month * 3) as f64).sin();
            let (unit, period) = (format!("u{unit}"), format!("2024-{month:02}-01").parse().unwrap());
            builder.push(Row { line: 1, unit: &unit, period, outcome, start }).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

#[track_caller]
fn said(panel: &Panel, expect: Option<&str>) {
    let found = prove(&Material::of(panel), "", &Wish::default(), &question());
    let check = found.checks.iter().find(|check| check.name == CheckName::StartsBetween);
    assert_eq!(check.map(|check| check.says.as_str()), expect);
    assert!(check.is_none_or(|check| check.held == Held::Untested));
}

#[test]
fn a_start_between_two_periods_is_said_to_count_from_the_next() {
    said(&of_days(&["2024-05-01"]), None);
    said(
        &of_days(&["2024-05-15"]),
        Some(
            "The start 2024-05-15 lies between two observed periods and counts from the next one on, 2024-06-01. Where \
             2024-05-01 stands for all the time until 2024-06-01, part of it lies after the start: then give 2024-05-01 as \
             the start.",
        ),
    );
    said(
        &of_days(&["2024-05-15", "2024-04-20", "2024-06-01", "2024-04-02"]),
        Some(
            "3 starts lie between two observed periods and count from the next one on; the first, 2024-04-02, from \
             2024-05-01. Where 2024-04-01 stands for all the time until 2024-05-01, part of it lies after the start: then \
             give 2024-04-01 as the start.",
        ),
    );
    // Before the first and after the last period nothing lies between two.
    said(&of_days(&["2023-12-24", "2024-05-01", "2024-08-20"]), None);
}

/// In a year that is lacking, units start between two that are there.
#[test]
fn a_start_in_a_period_that_is_lacking_is_said_to_count_from_the_next() {
    let whole = panel(&[(Some(4), 10, 0.0), (None, 12, 0.0)]);
    let mut builder = PanelBuilder::new();
    for (row, label) in whole.units().iter().enumerate() {
        let start = (row < 10).then_some(Period::Number(4));
        for (t, period) in
            whole.periods().iter().enumerate().filter(|(_, period)| **period != Period::Number(4))
        {
            let outcome = whole.outcome(row, t).unwrap();
            builder.push(Row { line: 1, unit: label, period: *period, outcome, start }).unwrap();
        }
    }
    let gappy = builder.finish(Unbalanced::Keep).unwrap();
    said(
        &gappy,
        Some(
            "The start 4 lies between two observed periods and counts from the next one on, 5. Where 3 stands for all the \
             time until 5, part of it lies after the start: then give 3 as the start.",
        ),
    );
}
