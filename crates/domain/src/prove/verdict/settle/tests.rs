use traction_stats::panel::{PanelBuilder, Period, Row, Unbalanced};

use super::super::tests::{finding, question};
use super::super::verdict;
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
        assert_eq!(roll.further_waves(|shrinks| shrinks <= *error), Some(further));
    }
    assert_eq!(roll.further_waves(|_| false), None);
    let nobody_waits = Finding { roll: self::roll(&[5, 5, 5, 5, 8, 8, 8, 8], 0), ..open };
    assert!(!verdict(&nobody_waits, &question(Good::Down, 0.5)).says.contains("wave"));
}

#[test]
fn further_units_are_the_fewest_that_are_enough() {
    for (value, reach, worth) in [(-1.2, 1.0, 0.5), (-0.2, 0.5, 0.3), (0.1, 2.0, 1.0)] {
        let finding = finding(value, reach);
        let more = finding.further_units(worth).unwrap();
        let power = |more: usize| finding.power(worth, 60 + more, (60.0 / (60 + more) as f64).sqrt());
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
        assert_eq!(Words { finding: &finding, question: &question, figures }.margin(), expect, "{value}");
    }
}
