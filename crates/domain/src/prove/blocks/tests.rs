use super::*;
use crate::prove::Good;

/// Units of these starts over `n` periods (from 0), whose outcome is the period's number; a start of `None` is never.
fn panel(n: i64, starts: &[Option<i64>]) -> Panel {
    let mut builder = PanelBuilder::new();
    for (unit, start) in starts.iter().enumerate() {
        for period in 0..n {
            let (line, outcome) = (unit as u64 * 1000 + period as u64 + 1, period as f64);
            let (unit, start) = (format!("u{unit}"), start.map(Period::Number));
            builder.push(Row { line, unit: &unit, period: Period::Number(period), outcome, start }).unwrap();
        }
    }
    builder.finish(Unbalanced::Keep).unwrap()
}

fn numbers(panel: &Panel) -> Vec<i64> {
    panel
        .periods()
        .iter()
        .map(|period| if let Period::Number(number) = period { *number } else { panic!("{period}") })
        .collect()
}

#[track_caller]
fn check(
    n: i64,
    starts: &[Option<i64>],
    first_blocks: [i64; 2],
    n_blocks: usize,
    left_out: &[(&str, usize)],
) {
    let blocked = blocked(panel(n, starts)).unwrap();
    let names = numbers(&blocked.panel);
    assert_eq!((&names[..2], names.len()), (&first_blocks[..], n_blocks));
    assert!(names.len() <= N_PERIODS_MOST);
    let left: Vec<(&str, usize)> = blocked.left_out.iter().map(|left| (left.what(), left.count)).collect();
    assert_eq!(left, left_out);
}

#[test]
fn up_to_26_periods_stay_as_they_are() {
    let blocked = blocked(panel(26, &[Some(7), None])).unwrap();
    assert_eq!((blocked.panel.periods().len(), &blocked.why), (26, &None));
    assert!(blocked.left_out.is_empty());
}

#[test]
fn blocks_are_laid_so_that_most_units_start_at_the_beginning_of_one() {
    // Nobody starts: the last block ends with the data.
    check(52, &[None, None], [0, 2], 26, &[]);
    check(53, &[None, None], [2, 5], 17, &[("periods at the ends", 2)]);
    // All starts are whole blocks apart: all of them begin one.
    check(60, &[Some(20), Some(32), None], [2, 5], 19, &[("periods at the ends", 3)]);
    // Two against one: the one starts within a block, and is left out of it.
    let ends = ("periods at the ends", 3);
    check(
        60,
        &[Some(20), Some(20), Some(31), None],
        [2, 5],
        19,
        &[ends, ("block within which a unit started", 1)],
    );
}

#[test]
fn a_block_is_the_mean_of_its_periods_and_starts_keep_to_blocks() {
    let starts = [Some(20), Some(20), Some(31), None, Some(0), Some(59)];
    let blocked = blocked(panel(60, &starts)).unwrap();
    let panel = &blocked.panel;
    assert_eq!(panel.outcome(0, 0), Some(3.0), "the mean of 2, 3 and 4");
    let at = |number| panel.periods().iter().position(|period| *period == Period::Number(number)).unwrap();
    let found: Vec<_> = panel.cohorts().iter().map(|cohort| (cohort.start, cohort.units.clone())).collect();
    let expect = [(0, vec![4]), (20, vec![0, 1]), (29, vec![2])];
    assert_eq!(found, expect.map(|(start, units)| (Period::Number(start), units)));
    assert_eq!(panel.never(), [3, 5], "who starts after the last whole block has not started yet");
    assert_eq!((panel.outcome(2, at(29)), panel.outcome(2, at(32))), (None, Some(33.0)));
}

#[test]
fn slots_start_with_the_block_in_which_their_units_do() {
    let blocked = blocked(panel(60, &[Some(20), Some(20), Some(31), None])).unwrap();
    let start = |start| blocked.start(Period::Number(start));
    assert_eq!((start(20), start(31)), (Period::Number(20), Period::Number(29)));
    assert_eq!(
        (start(70), start(1)),
        (Period::Number(70), Period::Number(1)),
        "outside the blocks as it was"
    );
    let starts: Vec<Period> = blocked.panel.cohorts().iter().map(|cohort| cohort.start).collect();
    assert_eq!(starts, [start(20), start(31)]);
    assert!(starts.iter().all(|start| blocked.tells_of(*start) == OfDraw::Begun));
    assert_eq!(blocked.tells_of(start(40)), OfDraw::Nothing);
    // The last two periods are in no block.
    assert_eq!((blocked.tells_of(start(59)), blocked.tells_of(start(70))), (OfDraw::ToCome, OfDraw::ToCome));
    let short = super::blocked(panel(20, &[Some(7), None])).unwrap();
    assert_eq!(short.start(Period::Number(7)), Period::Number(7));
}

#[test]
fn the_record_says_that_it_is_in_blocks() {
    let question = Question { outcome: "y".into(), measure: None, good: Good::Up, worth: 0.0 };
    let blocked = blocked(panel(60, &[Some(20), Some(20), Some(31), None, None])).unwrap();
    let evidence = prove_blocked(&blocked, (&[], &[], None), "ab12", &Wish::default(), &question);
    assert!(
        evidence.design.why.contains(" The 60 periods are taken in 19 blocks of 3, each the mean"),
        "{}",
        evidence.design.why
    );
    assert!(evidence.source.left_out.iter().any(|left| left.what().starts_with("period")));
}
