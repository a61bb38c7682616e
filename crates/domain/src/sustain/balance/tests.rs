use jiff::civil::date;

use super::*;

fn switch_on(at: &str, asked: Asked) -> SwitchOn {
    SwitchOn { at: at.parse().unwrap(), asked }
}

#[test]
fn what_is_not_known_counts_for_neither_side() {
    let found = balance(&[
        switch_on("2026-03-01T00:00:00Z", Asked::Unknown),
        switch_on("2026-03-02T00:00:00Z", Asked::Pull),
        switch_on("2026-03-03T00:00:00Z", Asked::Push),
    ]);
    assert_eq!(found.whole.share_asked_for(), Some(0.5));
    assert_eq!(
        found.says(),
        "1 of 2 switch-ons were asked for (50 %). Of 1 more it is not known: they were imported."
    );
}

#[test]
fn months_are_counted_in_order_and_those_without_any_are_shown() {
    let found = balance(&[
        switch_on("2026-03-31T23:59:59Z", Asked::Pull),
        switch_on("2025-12-05T00:00:00Z", Asked::Push),
        switch_on("2026-03-01T00:00:00Z", Asked::Pull),
        switch_on("2026-03-09T00:00:00Z", Asked::Push),
    ]);
    let months: Vec<(Date, Option<f64>)> =
        found.months.iter().map(|month| (month.first_day, month.tally.share_asked_for())).collect();
    assert_eq!(
        months,
        [
            (date(2025, 12, 1), Some(0.0)),
            (date(2026, 1, 1), None),
            (date(2026, 2, 1), None),
            (date(2026, 3, 1), Some(2.0 / 3.0)),
        ]
    );
    assert_eq!(found.whole, Tally { n_pull: 2, n_push: 2, n_unknown: 0 });
    assert_eq!(found.says(), "2 of 4 switch-ons were asked for (50 %).");
}

#[test]
fn without_a_switch_on_there_is_no_share() {
    let found = balance(&[]);
    assert_eq!((found.whole.share_asked_for(), found.months.len()), (None, 0));
    assert_eq!(found.says(), "Nothing has been switched on yet.");
    let one = balance(&[switch_on("2026-03-01T00:00:00Z", Asked::Pull)]);
    assert_eq!(one.says(), "The one switch-on was asked for.");
}
