use super::*;
use crate::prove::Choice;

const DOCUMENT: &str = include_str!("../../../../../docs/methods/few-units.md");

/// The rows of the table that begins with `heading`, cells without blanks at their ends.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let from = DOCUMENT.lines().skip_while(|line| !line.starts_with(heading));
    from.take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn the_figures_are_those_of_the_document() {
    let by_units = table("| units | risk sets |");
    assert_eq!(by_units.len(), 4);
    for row in by_units {
        let n: usize = row[0].parse().unwrap();
        let measured = MEASURED.iter().filter(|measured| measured.counted_in == CountedIn::Units);
        assert_eq!(row.len() - 1, measured.clone().count());
        for (cell, measured) in row[1..].iter().zip(measured) {
            let share = measured.shares.iter().find(|(size, _)| *size == n);
            let expect = share.map_or("not used".to_owned(), |(_, share)| format!("{:.1} %", 100.0 * share));
            assert_eq!(*cell, expect, "{} with {n} units", measured.method.word());
        }
    }
    let by_periods = table("| periods | a lone series |");
    let interrupted = MEASURED.iter().find(|measured| measured.counted_in == CountedIn::Periods).unwrap();
    let expect: Vec<Vec<String>> = interrupted
        .shares
        .iter()
        .map(|(n, share)| vec![n.to_string(), format!("{:.0} %", 100.0 * share)])
        .collect();
    assert_eq!(by_periods, expect);
}

#[test]
fn every_method_has_its_figures() {
    for (method, _) in Method::WORDS.iter().copied() {
        let of_method = |measured: &&Measured| (measured.method, measured.from) == (method, From::Law);
        let shares = MEASURED.iter().find(of_method).unwrap().shares;
        // With fewer units a twin has no interval.
        let n = if matches!(method, Method::Synthetic | Method::SyntheticControl) { 2 } else { 4 };
        assert_eq!(shares.len(), n, "{method:?}");
        assert!(shares.iter().all(|(_, share)| (0.9..=1.0).contains(share)), "{method:?}");
    }
}

#[track_caller]
fn check(method: Method, size: usize, held: Held, says: &str) {
    let measured = MEASURED.iter().find(|measured| measured.method == method).unwrap();
    assert_eq!(measured.says(size), (held, says.to_owned()));
}

#[test]
fn sizes_between_those_tried_are_told_both() {
    check(
        Method::GroupTime,
        12,
        Held::Yes,
        "In simulations the 95 % interval of this method held the truth in 96.8 % of cases with 12 units.",
    );
    check(
        Method::GroupTime,
        15,
        Held::Yes,
        "In simulations the 95 % interval of this method held the truth in 96.8 % of cases with 12 units and in 95.8 % of \
         cases with 20.",
    );
    check(
        Method::GroupTime,
        6,
        Held::Untested,
        "In simulations the 95 % interval of this method held the truth in 97.4 % of cases with 8 units, the fewest tried.",
    );
    check(
        Method::Interrupted,
        99,
        Held::Yes,
        "In simulations the 95 % interval of this method held the truth in 94 % of cases with 60 periods.",
    );
}
