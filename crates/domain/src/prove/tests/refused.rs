//! What data that cannot carry a claim are told, by each method: every refusal that a table can meet, in its own words.

use traction_stats::effect::risk_set::{RiskSetRefused, Tier};
use traction_stats::effect::{Adjust, Beta, EfficientRefused};

use super::methods::{drawn, wish};
use super::*;

/// A table in the making: so many units and periods, with whatever makes it unfit.
struct Sheet {
    n_units: usize,
    n_periods: i64,
    start: fn(usize) -> Option<i64>,
    outcome: fn(usize, i64) -> Option<f64>,
    weight: Option<fn(usize) -> f64>,
    cluster: Option<fn(usize) -> String>,
    age: Option<fn(usize, i64) -> f64>,
}

/// As good as chance: the far digits of a sine.
fn chance(unit: usize, period: i64) -> f64 {
    (((unit as i64 * 97 + period * 389) as f64).sin() * 43_758.545_3).fract()
}

fn half(unit: usize) -> Option<i64> {
    (unit < 8).then_some(5)
}

fn first_alone(unit: usize) -> Option<i64> {
    (unit == 0).then_some(10)
}

/// Sixteen units over eight periods, of which eight start in 5; nothing is wrong with it.
fn sheet() -> Sheet {
    Sheet {
        n_units: 16,
        n_periods: 8,
        start: half,
        outcome: |unit, period| Some(chance(unit, period)),
        weight: None,
        cluster: None,
        age: None,
    }
}

/// Twenty-five units over twelve periods, of which one starts in 10.
fn twin() -> Sheet {
    Sheet { n_units: 25, n_periods: 12, start: first_alone, ..sheet() }
}

impl Sheet {
    fn panel(&self) -> Panel {
        let names: &[&str] = if self.age.is_some() { &["age"] } else { &[] };
        let mut builder = PanelBuilder::with_covariates(names);
        for unit in 0..self.n_units {
            for number in 1..=self.n_periods {
                let Some(outcome) = (self.outcome)(unit, number) else { continue };
                let (label, period) = (format!("u{unit}"), Period::Number(number));
                let start = (self.start)(unit).map(Period::Number);
                let cluster = self.cluster.map(|cluster| cluster(unit));
                let age = self.age.map(|age| Some(age(unit, number)));
                let beside = Beside {
                    weight: self.weight.map(|weight| weight(unit)),
                    cluster: cluster.as_deref(),
                    covariates: age.as_slice(),
                    ..Beside::default()
                };
                builder.push_beside(Row { line: 1, unit: &label, period, outcome, start }, &beside).unwrap();
            }
        }
        builder.finish(Unbalanced::Keep).unwrap()
    }
}

#[track_caller]
fn refused(sheet: Sheet, wish: &Wish, says: &str) {
    let found = prove(&Material::of(&sheet.panel()), "", wish, &question());
    assert_eq!(found.verdict.kind, Kind::Refused, "{}", found.verdict.says);
    assert!(found.verdict.says.starts_with("No claim can be made: "), "{}", found.verdict.says);
    assert!(found.verdict.says.contains(says), "{}", found.verdict.says);
}

const STARTS_COMPARED: [Method; 3] = [Method::GroupTime, Method::Imputation, Method::Interaction];

/// What every comparison of starts needs; the words are the same whichever is asked, but for one.
#[test]
fn starts_that_let_nothing_be_compared_are_told_what_is_lacking() {
    for method in STARTS_COMPARED.into_iter().chain([Method::Efficient]) {
        let wish = wish(method);
        let check = |sheet, says| refused(sheet, &wish, says);
        check(Sheet { n_periods: 1, ..sheet() }, "there is only one period");
        check(Sheet { n_units: 1, ..sheet() }, "there is only one unit");
        let once = |unit: usize, period: i64| (unit as i64 % 8 == period - 1).then(|| chance(unit, period));
        check(Sheet { outcome: once, ..sheet() }, "no unit was seen in more than one period");
        check(Sheet { start: |_| None, ..sheet() }, "no unit starts within the observed periods");
        check(Sheet { start: |_| Some(99), ..sheet() }, "check the starts, or wait for the first");
        check(
            Sheet { start: |unit| half(unit).map(|_| 1), ..sheet() },
            "too early to have been seen before (8 units)",
        );
        let at_once = match method {
            Method::Imputation => "so there is nothing to impute from; hold some units back",
            _ => "all 16 units start at once",
        };
        check(Sheet { start: |_| Some(5), ..sheet() }, at_once);
    }
    let ahead = Wish { anticipation: 6, ..wish(Method::GroupTime) };
    refused(sheet(), &ahead, "add at least one earlier period or assume less anticipation");
}

#[test]
fn effects_by_start_and_period_say_which_side_is_lacking() {
    let by_start = wish(Method::GroupTime);
    let never = Wish { compare: Some(Compare::Never), ..by_start };
    let two_starts = |unit: usize| Some(if unit < 8 { 4 } else { 6 });
    refused(
        Sheet { start: two_starts, ..sheet() },
        &never,
        "no unit never starts, so there is none to compare with",
    );
    let after = |unit: usize, period: i64| (unit >= 8 || period >= 5).then(|| chance(unit, period));
    refused(Sheet { outcome: after, ..sheet() }, &by_start, "on the other side of their start");
    let before = |unit: usize, period: i64| (unit >= 8 || period < 5).then(|| chance(unit, period));
    refused(Sheet { outcome: before, ..sheet() }, &by_start, "on the other side of their start");
    let early = |unit: usize, period: i64| (unit < 8 || period < 5).then(|| chance(unit, period));
    refused(Sheet { outcome: early, ..sheet() }, &by_start, "add units that start later or never");
    let told =
        Sheet { age: Some(|unit, _| if unit < 8 { 50.0 + unit as f64 } else { unit as f64 }), ..sheet() };
    refused(told, &by_start, "the covariates tell starting units from comparison units all but surely");
    let flat = Sheet { age: Some(|_, _| 40.0), ..sheet() };
    refused(flat, &Wish { adjust: Adjust::Reg, ..by_start }, "the covariates do not vary enough");
}

#[test]
fn imputation_regression_and_two_way_say_what_they_lack() {
    let early = |unit: usize, period: i64| (unit < 8 || period < 5).then(|| chance(unit, period));
    let early = || Sheet { outcome: early, ..sheet() };
    refused(early(), &wish(Method::Imputation), "so there is nothing to impute from; hold some units back");
    refused(early(), &wish(Method::Interaction), "fill the gaps, or add units that never start");
    let silent = Sheet { age: Some(|unit, period| unit as f64 + period as f64), ..sheet() };
    refused(
        silent,
        &wish(Method::Imputation),
        "the covariate `age` is the same as effects of unit and period",
    );
    let apart = |unit: usize, period: i64| ((unit < 8) == (period >= 5)).then(|| chance(unit, period));
    let apart = Sheet { outcome: apart, ..sheet() };
    refused(apart, &wish(Method::TwoWay), "so nothing tells the effect from whatever else happened");
}

#[test]
fn random_timing_says_what_chance_did_not_deal() {
    let timing = wish(Method::Efficient);
    refused(Sheet { weight: Some(|unit| 1.0 + unit as f64), ..sheet() }, &timing, "leave out the weight");
    refused(
        Sheet { cluster: Some(|unit| format!("h{}", unit % 4)), ..sheet() },
        &timing,
        "leave out the cluster",
    );
    let gaps = |unit: usize, period: i64| (unit as i64 % 8 != period - 1).then(|| chance(unit, period));
    refused(Sheet { outcome: gaps, ..sheet() }, &timing, "all 16 units lack some period");
    let alone = Sheet { n_units: 4, start: |unit| (unit < 3).then_some(4 + unit as i64), ..sheet() };
    refused(alone, &timing, "start two or more units together, or ask for beta 0 or 1");
    let alone = Sheet { n_units: 4, start: |unit| (unit < 3).then_some(4 + unit as i64), ..sheet() };
    let given = Wish { efficient_beta: Beta::One, ..timing };
    refused(alone, &given, "a group of one unit has no spread of its own");
}

#[test]
fn a_twin_says_what_it_cannot_be_made_of() {
    for method in [Method::Synthetic, Method::SyntheticControl] {
        let wish = wish(method);
        let check = |sheet, says| refused(sheet, &wish, says);
        check(Sheet { start: |_| None, ..twin() }, "no unit starts within the observed periods");
        check(
            Sheet { n_units: 4, ..twin() },
            "3 units never start and were seen in every period, and a twin needs at least 5",
        );
        check(Sheet { n_units: 1_002, ..twin() }, "1001 units never start: so many need no twin");
        check(
            Sheet { start: |unit| (unit == 0).then_some(4), ..twin() },
            "3 periods were seen before the start",
        );
        let gap = |unit: usize, period: i64| ((unit, period) != (0, 3)).then(|| chance(unit, period));
        check(Sheet { outcome: gap, ..twin() }, "the one started unit lacks some period");
        let gaps =
            |unit: usize, period: i64| (unit == 0 || period != 3 || unit > 20).then(|| chance(unit, period));
        check(Sheet { outcome: gaps, ..twin() }, "(20 more have gaps: fill these)");
        check(
            Sheet { start: |unit| (unit < 15).then_some(10), ..twin() },
            "15 units start together and only 10 never do",
        );
        let still =
            |unit: usize, period: i64| Some(if unit == 0 { chance(unit, period) } else { unit as f64 });
        check(Sheet { outcome: still, ..twin() }, "changed at all before the start");
    }
}

#[test]
fn a_lone_series_says_what_it_lacks() {
    let lone = wish(Method::Interrupted);
    let check = |sheet, says| refused(sheet, &lone, says);
    let series = || Sheet { n_units: 1, n_periods: 20, start: |_| Some(15), ..sheet() };
    check(Sheet { start: |_| None, ..series() }, "so there is no break to look for");
    check(
        Sheet { n_units: 2, start: |unit| Some(15 + unit as i64), ..series() },
        "units start at 2 different times",
    );
    check(
        Sheet { start: |_| Some(9), ..series() },
        "8 periods were seen in all started units before the start",
    );
    let before = |unit: usize, period: i64| (unit == 1 || period < 15).then(|| chance(unit, period));
    check(
        Sheet { n_units: 2, start: |_| Some(15), outcome: before, ..series() },
        "the started units were not all seen in any period after the start",
    );
    let line = |_: usize, period: i64| Some(3.0 + 0.5 * period as f64);
    check(Sheet { outcome: line, ..series() }, "the series lies on its line exactly");
}

#[test]
fn draws_say_what_they_cannot_tell() {
    let (panel, record) = drawn();
    let says = |at: i64, panel: &Panel| {
        let draws = [DrawnWave { at: Period::Number(at), record: &record }];
        prove(&Material { draws: &draws, ..Material::of(panel) }, "", &wish(Method::RiskSet), &question())
            .verdict
    };
    // What is left of the panel where only some rows are.
    let part = |keep: &dyn Fn(bool, i64) -> bool, at: i64| {
        let mut builder = PanelBuilder::new();
        for (row, label) in panel.units().iter().enumerate() {
            let won = record.granted.iter().any(|granted| granted == label);
            for (t, period) in panel.periods().iter().enumerate().filter(|(t, _)| keep(won, *t as i64 + 1)) {
                let (outcome, start) = (panel.outcome(row, t).unwrap(), won.then_some(Period::Number(at)));
                builder.push(Row { line: 1, unit: label, period: *period, outcome, start }).unwrap();
            }
        }
        builder.finish(Unbalanced::Keep).unwrap()
    };
    let refused = |verdict: Verdict, expect: &str| {
        assert_eq!(verdict.kind, Kind::Refused, "{}", verdict.says);
        assert!(verdict.says.contains(expect), "{}", verdict.says);
    };
    refused(
        says(4, &part(&|won, t| won || t < 4, 4)),
        "after no draw has an outcome been seen of both winners and losers",
    );
    refused(
        says(1, &part(&|_, _| true, 1)),
        "no draw has an observed period before it to measure change from",
    );
    refused(says(7, &part(&|_, _| true, 7)), "no draw whose slots have started is on record");
}

/// Where nothing tells how far chance reaches, the number stands and no claim is made of it.
#[test]
fn an_effect_without_an_error_carries_no_claim() {
    let alone = || Sheet { n_units: 4, start: |unit| (unit < 3).then_some(4 + unit as i64), ..sheet() };
    refused(alone(), &wish(Method::GroupTime), "no two units share a start from which to borrow it");
    let in_two_houses = Sheet { cluster: Some(|unit| format!("h{}", usize::from(unit < 8))), ..sheet() };
    refused(in_two_houses, &wish(Method::GroupTime), "start in two or more clusters together");
    let alike = Sheet { outcome: |_, period| Some((period as f64).sin()), ..sheet() };
    refused(
        alike,
        &wish(Method::GroupTime),
        "all units of a group changed by the same amount (to 13 digits)",
    );
    let constant = Sheet { outcome: |_, _| Some(5.0), ..sheet() };
    refused(constant, &Wish::default(), "Waiting is 5 in every row, which shows nothing");
    refused(
        Sheet { n_units: 9, ..twin() },
        &wish(Method::Synthetic),
        "with 8 stand-ins among the units that never start",
    );
    let found = prove(&Material::of(&alone().panel()), "", &wish(Method::GroupTime), &question());
    assert!(found.effects.is_some_and(|effects| effects.overall.interval().is_none()));
}

/// Lists that no record of ours can hold, and more periods than a table of words shows: their sentences by themselves.
#[test]
fn what_a_table_hardly_meets_is_told_in_words_too() {
    let tier = |band| Tier { band, layer: 0 };
    let at = Period::Number(4);
    let says = |why: NoAnswer| why.to_string();
    let past = RiskSetRefused::NotByTier { at, better: tier(1), worse: tier(2) };
    assert_eq!(
        says(past.into()),
        "in the wave that starts in 4 a place went to tier 2.0 while somebody of tier 1.0 went without; if a cap or another rule \
         decided, give every entrant's probability; if a person did, mark the place as an override"
    );
    assert_eq!(
        says(RiskSetRefused::Impossible { at, probability: 1.5 }.into()),
        "in the wave that starts in 4 an entrant has the probability 1.5, which does not go with what happened; give the \
         probability of winning, from 0 to 1, that the draw's record holds"
    );
    assert_eq!(
        says(EfficientRefused::TooManyPeriods { n_starts: 40, n_periods: 9_000 }.into()),
        "40 starts in 9000 periods are too many to hold how each two periods go together for each start; take longer periods, \
         say months for days"
    );
}
