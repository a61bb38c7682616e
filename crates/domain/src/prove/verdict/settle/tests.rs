use traction_stats::panel::{PanelBuilder, Period, Row, Unbalanced};

use super::super::tests::{finding, question};
use super::super::verdict;
use super::super::{Good, Interval, Kind};
use super::*;

/// Units of these starts over 12 periods, of a spread of which half lasts; `n_never` never start.
fn roll(starts: &[i64], n_never: usize) -> Option<Roll> {
    let mut builder = PanelBuilder::new();
    for unit in 0..starts.len() + n_never {
        for period in 1..=12 {
            let line = (unit * 12) as u64 + period as u64;
            let outcome = ((unit * unit) as f64 * 0.7).sin() + ((line * line) as f64 * 0.37).sin();
            let start = starts.get(unit).map(|start| Period::Number(*start));
            let (unit, period) = (format!("u{unit}"), Period::Number(period));
            builder.push(Row { line, unit: &unit, period, outcome, start }).unwrap();
        }
    }
    Roll::of(&builder.finish(Unbalanced::Keep).unwrap())
}

/// The planner's formula, searched by hand: waves of four from 24 units that wait.
#[test]
fn waves_are_offered_while_units_are_left_for_them() {
    let waiting = roll(&[5, 5, 5, 5, 8, 8, 8, 8], 24);
    let open = Finding { roll: waiting.clone(), n_units: 32, ..finding(-0.4, 0.5) };
    let says = verdict(&open, &question(Good::Down, 0.5)).says;
    assert!(says.contains(" more units like these, or "), "{says}");
    assert!(says.contains(" like the last, would find an effect of 0.5"), "{says}");
    let roll = waiting.unwrap();
    let mut waves = roll.waves.clone();
    let mut errors = vec![1.0];
    while let Some(more) = one_more_wave(&waves) {
        errors.push(roll.shrinks(&more).unwrap());
        waves = more;
    }
    assert_eq!(errors.len(), 7, "24 units are left for six waves of four");
    assert!(errors.windows(2).all(|pair| pair[1] < pair[0]), "{errors:?}");
    for (further, error) in errors.iter().enumerate().skip(1) {
        assert_eq!(roll.further_waves(|grown| grown.shrinks <= *error), Some(further));
    }
    assert_eq!(roll.further_waves(|grown| grown.known >= 2.5), Some(3), "5 waves of 4 are 2.5 times 2 of 4");
    assert_eq!(roll.further_waves(|_| false), None);
    let nobody_waits = Finding { roll: self::roll(&[5, 5, 5, 5, 8, 8, 8, 8], 0), ..open };
    assert!(!verdict(&nobody_waits, &question(Good::Down, 0.5)).says.contains("wave"));
}

#[test]
fn further_units_are_the_fewest_that_are_enough() {
    for (value, reach, worth) in [(-1.2, 1.0, 0.5), (-0.2, 0.5, 0.3), (0.1, 2.0, 1.0)] {
        let finding = finding(value, reach);
        let more = finding.further_units(worth).unwrap();
        let power = |more: usize| finding.power(worth, Grown::of_units((60 + more) as f64 / 60.0));
        assert!(power(more) >= 0.8 && power(more - 1) < 0.8, "{more}");
    }
}

#[test]
fn the_line_it_must_be_clear_of_is_the_nearest_that_would_settle_it() {
    // Beyond the worth, between it and 0, and on the wrong side: clear of 0 it harms, clear of minus the worth it does not matter.
    for (value, worth, expect) in
        [(-3.0, 2.0, 1.0), (-0.5, 2.0, 1.5), (0.5, 2.0, 1.5), (1.5, 2.0, 1.5), (4.0, 2.0, 4.0)]
    {
        let (finding, question) = (finding(value, 9.0), question(Good::Down, worth));
        let figures = crate::prove::figures::Figures::of(1.0);
        assert_eq!(
            Words { finding: &finding, question: &question, figures, kind: Kind::CannotTell }.margin(),
            expect,
            "{value}"
        );
    }
}

/// Three of fifty: the error is known as badly as three units know theirs, and power is that of Student's law with as few
/// degrees of freedom, more of which come with more such units only.
#[test]
fn how_badly_the_error_is_known_counts() {
    let found = finding(2.54, 0.91 * 1.96);
    let few = Finding {
        interval: Interval { law: Law::Student { df: 2.8 }, low: -0.47, high: 5.55, ..found.interval },
        n_units: 50,
        ..found
    };
    let many = Finding { n_units: 50, ..finding(2.54, 0.91 * 1.96) };
    let [few, many] = [few, many].map(|finding| finding.further_units(2.54).unwrap());
    assert!(many <= 2 && (15..40).contains(&few), "{few} and {many}");
}

/// Counted by hand: 2 of 4 fall in 6 ways and mirrored ones look alike, 2 of 5 in 10, 3 of 7 in 35.
#[test]
fn lots_show_no_more_than_they_have_ways_to_fall() {
    let p = |sides: &[(usize, usize)], times, n_waves| {
        1.0 / Lots::of(sides.iter().copied()).unwrap().smallest_p(times, n_waves)
    };
    for (sides, ways) in [
        (&[(2, 2)][..], 3.0),
        (&[(2, 3)], 10.0),
        (&[(3, 4)], 35.0),
        (&[(1, 2)], 3.0),
        (&[(1, 2), (1, 1)], 6.0),
    ] {
        assert!((p(sides, 1.0, 0) - ways).abs() < 1e-9, "{sides:?}");
    }
    assert!((p(&[(1, 2)], 1.0, 2) - 27.0).abs() < 1e-9);
    assert!((p(&[(2, 3)], 1.5, 0) - 35.0).abs() < 1e-9, "3 of 7");
    assert_eq!(Lots::of([]), None);
}

/// Two of four, and an effect beyond all doubt by its size: no lot of four could be rare, and one unit more would not help.
#[test]
fn where_no_lot_could_be_rare_that_is_said_and_how_many_units_could_draw_one() {
    let found = finding(50.0, 1.2);
    let draw = Finding {
        interval: Interval { low: f64::NEG_INFINITY, high: f64::INFINITY, p: 1.0 / 3.0, ..found.interval },
        comparison: Comparison::Draw { n_draws: 1, n_at_risk: 4 },
        // Those that no lot decided about count for nothing.
        n_units: 40,
        lots: Lots::of([(2, 2)]),
        ..found
    };
    let says = verdict(&draw, &question(Good::Up, 0.0)).says;
    assert!(
        says.ends_with(
            "so few units could have drawn these lots that none would be rare, however large the effect: about 4 more \
             units like these would settle it four times in five, if it is what it looks like."
        ),
        "{says}"
    );
}
