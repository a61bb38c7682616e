//! What draws' records must have in common with the outcomes' starts.

use std::collections::BTreeSet;

use super::*;
use crate::contend::draw::{Entrants, Entry, Heading, Place, Record, Secret, Slots, Terms};

/// Two waves of six among the 24 units of one tier, in use from 4 and from 7 on. Whoever has a slot gains what was put in.
struct Roll {
    first: Record,
    second: Record,
}

impl Roll {
    fn out() -> Self {
        let units: Vec<String> = (0..24).map(|n| format!("u{n:02}")).collect();
        let first = drawn(&units, Slots(6), 1);
        let second = drawn(&first.waiting, Slots(6), 2);
        Roll { first, second }
    }

    fn start(&self, unit: &str) -> Option<i64> {
        let won = |record: &Record| record.granted.iter().any(|granted| granted == unit);
        if won(&self.first) { Some(4) } else { won(&self.second).then_some(7) }
    }

    /// Outcomes over 1 to 9, with starts as `told` tells them.
    fn panel(&self, told: impl Fn(&str) -> Option<i64>) -> Panel {
        let mut builder = PanelBuilder::new();
        for n in 0..24_i64 {
            let unit = format!("u{n:02}");
            for period in 1..=9 {
                let gain = if self.start(&unit).is_some_and(|start| start <= period) { -4.0 } else { 0.0 };
                let outcome = 10.0 + gain + ((n * n * 7 + period * period) as f64 * 0.37).sin();
                let start = told(&unit).map(Period::Number);
                let period = Period::Number(period);
                builder.push(Row { line: 0, unit: &unit, period, outcome, start }).unwrap();
            }
        }
        builder.finish(Unbalanced::Keep).unwrap()
    }
}

/// The draw of so many slots among units of one tier.
pub(super) fn drawn(units: &[String], slots: Slots, secret: u8) -> Record {
    let entry =
        |unit: &String| Entry { unit: unit.clone(), band: 1, layer: 0, place: Place::Open, parent: None };
    let entrants = Entrants::new(units.iter().map(entry).collect()).unwrap();
    let terms = Terms { slots, cap: None };
    let secret = Secret::from_bytes([secret; 32]);
    Record::new(Heading::default(), secret, Vec::new(), &entrants, &BTreeSet::new(), terms).unwrap()
}

fn found(panel: &Panel, draws: &[(i64, &Record)]) -> Evidence {
    let draws: Vec<DrawnWave<'_>> =
        draws.iter().map(|(at, record)| DrawnWave { at: Period::Number(*at), record }).collect();
    prove(&Material { draws: &draws, ..Material::of(panel) }, "", &Wish::default(), &question())
}

fn records(found: &Evidence) -> &Check {
    found.checks.iter().find(|check| check.name == CheckName::Records).unwrap()
}

/// Of each draw both are from its lots; of both together the interval is no shorter than the formula's, since each draw may
/// have had an effect of its own, so that it may hold 0 where p is small, and never the other way round.
#[test]
fn interval_and_p_are_both_from_the_lots() {
    let roll = Roll::out();
    let found = found(&roll.panel(|unit| roll.start(unit)), &[(4, &roll.first), (7, &roll.second)]);
    let check = found.checks.iter().find(|check| check.name == CheckName::Permutation).unwrap();
    assert!(check.says.ends_with("it is no shorter than the one by formula."), "{}", check.says);
    let few = found.checks.iter().find(|check| check.name == CheckName::FewUnits).unwrap();
    assert!(few.says.contains("they are those of the lots made again"), "{}", few.says);
    let effects = found.effects.unwrap();
    let by_exposure = effects.by_exposure.unwrap();
    let is_symmetric = |effect: &traction_stats::uncertainty::Estimate| {
        let interval = effect.interval().unwrap();
        (interval.high - effect.value - (effect.value - interval.low)).abs() < 1e-9
    };
    for effect in effects.sets.iter().map(|set| &set.effect) {
        let interval = effect.interval().unwrap();
        assert_eq!(interval.low > 0.0 || interval.high < 0.0, interval.p <= 0.05, "{interval:?}");
        // By formula it would be as far on both sides.
        assert!(!is_symmetric(effect), "{interval:?}");
    }
    for effect in by_exposure.each.iter().map(|part| &part.effect).chain([&effects.overall]) {
        let interval = effect.interval().unwrap();
        let reach = interval.law.reach(Wish::default().level) * interval.se_used;
        let (below, above) = (effect.value - interval.low, interval.high - effect.value);
        assert!(below >= reach - 1e-9 && above >= reach - 1e-9, "{interval:?}");
        assert!((interval.low <= 0.0 && interval.high >= 0.0) || interval.p <= 0.05, "{interval:?}");
    }
}

#[test]
fn records_that_tell_what_the_starts_tell_are_said_to() {
    let roll = Roll::out();
    let found = found(&roll.panel(|unit| roll.start(unit)), &[(4, &roll.first), (7, &roll.second)]);
    assert_eq!(found.design.method, Method::RiskSet);
    assert_eq!(records(&found).held, Held::Yes, "{}", records(&found).says);
    assert!((found.effects.unwrap().overall.value + 4.0).abs() < 0.5);
}

/// As in a series in blocks: the second draw's units start within the block of 6, in which they count for nothing; its
/// slots are in use throughout from 7 on.
#[test]
fn a_start_within_a_block_is_the_draws_whose_slots_are_in_use_from_the_next() {
    let roll = Roll::out();
    let panel = roll.panel(|unit| roll.start(unit));
    let mut builder = PanelBuilder::new();
    for (row, label) in panel.units().iter().enumerate() {
        let within = roll.start(label).filter(|start| *start == 7).map(|start| start - 1);
        let start = within.or(roll.start(label)).map(Period::Number);
        for (t, period) in panel.periods().iter().enumerate() {
            if within.map(Period::Number) == Some(*period) {
                continue;
            }
            let outcome = panel.outcome(row, t).unwrap();
            builder.push(Row { line: 0, unit: label, period: *period, outcome, start }).unwrap();
        }
    }
    let panel = builder.finish(Unbalanced::Keep).unwrap();
    let found = found(&panel, &[(4, &roll.first), (7, &roll.second)]);
    assert_eq!(records(&found).held, Held::Yes, "{}", records(&found).says);
}

/// Six losers of the first draw start in 7. Compared beyond, they would hide a third of the effect.
#[test]
fn where_no_record_tells_how_losers_started_only_the_periods_before_are_compared() {
    let roll = Roll::out();
    let found = found(&roll.panel(|unit| roll.start(unit)), &[(4, &roll.first)]);
    let check = records(&found);
    assert_eq!(check.held, Held::No);
    assert!(
        check.says.starts_with(
            "6 units that lost the draw for 4 got a slot later, the first in 7, and no record tells how"
        ),
        "{}",
        check.says
    );
    let effects = found.effects.unwrap();
    assert!((effects.overall.value + 4.0).abs() < 0.5, "{}", effects.overall.value);
    let exposures: Vec<i64> = effects.by_exposure.unwrap().each.iter().map(|part| part.at).collect();
    assert_eq!(exposures.iter().max(), Some(&2));
}

#[test]
fn winners_without_a_start_and_losers_with_one_count_as_the_lot_left_them_and_are_counted() {
    let roll = Roll::out();
    let (idle, early) = (roll.first.granted[0].clone(), roll.first.waiting[0].clone());
    let told = |unit: &str| match unit {
        unit if unit == idle => None,
        unit if unit == early => Some(4),
        unit => roll.start(unit),
    };
    let found = found(&roll.panel(told), &[(4, &roll.first), (7, &roll.second)]);
    let check = records(&found);
    assert_eq!(check.held, Held::No);
    assert!(check.says.contains("of 12 winners did not start with the wave"), "{}", check.says);
    assert!(
        check.says.contains("One unit that lost a draw had a slot by then all the same"),
        "{}",
        check.says
    );
}

#[test]
fn records_that_are_no_ground_are_refused_with_what_is_wrong() {
    let roll = Roll::out();
    let panel = roll.panel(|unit| roll.start(unit));
    let refused = |panel: &Panel, draws: &[(i64, &Record)], says: &str| {
        let found = found(panel, draws);
        assert_eq!(found.verdict.kind, Kind::Refused, "{}", found.verdict.says);
        assert!(found.verdict.says.contains(says), "{}", found.verdict.says);
    };
    refused(
        &panel,
        &[(4, &roll.first), (4, &roll.first)],
        "the draws for 4 and for 4 are one and the same record",
    );
    refused(
        &panel,
        &[(5, &roll.first)],
        "slots that start in 5, but by the outcomes' starts their first start is 4",
    );
    refused(&roll.panel(|_| None), &[(4, &roll.first)], "none of them ever starts");
    let others = drawn(&(0..9).map(|n| format!("z{n}")).collect::<Vec<_>>(), Slots(6), 3);
    refused(&panel, &[(4, &others)], "use the same names for units in both");
}

#[test]
fn a_draw_of_slots_still_to_come_is_left_out_and_counted() {
    let roll = Roll::out();
    let found = found(&roll.panel(|unit| roll.start(unit)), &[(99, &roll.second), (4, &roll.first)]);
    let left_out = found.source.left_out.iter().find(|left_out| left_out.what() == "draw").unwrap();
    assert_eq!(
        (left_out.count, left_out.why.as_str()),
        (1, "slots that start after the last period tell nothing yet (99)")
    );
}

/// The answer is then found as if there were no draw, and that is its first sentence; asked for by name, the method refuses.
#[test]
fn where_no_draws_slots_have_started_that_is_said_first() {
    let roll = Roll::out();
    let panel = roll.panel(|unit| roll.start(unit));
    let found = found(&panel, &[(99, &roll.second), (98, &roll.first)]);
    assert_eq!(found.design.method, Method::GroupTime);
    assert!(
        found
            .design
            .why
            .starts_with("Of no recorded draw have slots started by the last period. Units started"),
        "{}",
        found.design.why
    );
    // Each is told once, not also as a record that the method does not look at.
    let of_draws = |left_out: &&LeftOut| left_out.what().contains("draw");
    let told: Vec<_> = found.source.left_out.iter().filter(of_draws).collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].what(), told[0].count), ("draws", 2));
    let draws = [DrawnWave { at: Period::Number(99), record: &roll.second }];
    let wish = Wish { method: Some(Method::RiskSet), ..Wish::default() };
    let refused = prove(&Material { draws: &draws, ..Material::of(&panel) }, "", &wish, &question());
    assert_eq!(refused.verdict.kind, Kind::Refused);
    assert!(refused.verdict.says.contains("no draw whose slots have started is on record"));
    assert_eq!(refused.source.left_out.iter().filter(of_draws).count(), 1);
}

/// The third draw has slots for all twelve that are left: a lot that could not have fallen otherwise tells nothing.
#[test]
fn a_draw_in_which_chance_decided_nothing_is_named_and_units_count_once() {
    let roll = Roll::out();
    let third = drawn(&roll.second.waiting, Slots(12), 3);
    let panel = roll.panel(|unit| roll.start(unit).or(Some(9)));
    let found = found(&panel, &[(4, &roll.first), (7, &roll.second), (9, &third)]);
    let left_out =
        |what: &str| found.source.left_out.iter().find(|left_out| left_out.what() == what).unwrap();
    let undecided = left_out("draw in which chance decided nothing");
    assert_eq!(
        (undecided.count, undecided.why.as_str()),
        (1, "each band and layer got slots for all or for none (9)")
    );
    assert_eq!(left_out("entries sure of a slot").count, 12);
    assert!(found.design.why.starts_with("2 recorded draws decided who got a slot"), "{}", found.design.why);
    // All 24 contended in the first, and 18 of them again in the second.
    assert!(found.verdict.says.contains("(24 units in 2 draws, of 24, 9 periods)"), "{}", found.verdict.says);
}
