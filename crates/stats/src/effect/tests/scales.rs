//! Outcomes of any size: refused in words, or sound numbers; never a panic.

use super::*;
use crate::uncertainty::{Estimate, Level, Wald, WaldRefused};

fn is_sound(estimate: &Estimate) -> bool {
    let sound = |interval: crate::uncertainty::Interval| (0.0..=1.0).contains(&interval.p);
    estimate.value.is_finite() && estimate.interval().is_none_or(sound)
}

fn is_sound_test(test: &Result<Wald, WaldRefused>) -> bool {
    test.as_ref().is_ok_and(|test| test.statistic >= 0.0 && (0.0..=1.0).contains(&test.p)) || test.is_err()
}

/// `None` where the panel is refused.
fn panel_from(rows: &[Made]) -> Option<Panel> {
    let mut builder = PanelBuilder::new();
    for (line, (unit, period, outcome, start)) in rows.iter().enumerate() {
        let (period, start) = (Period::Number(*period), start.map(Period::Number));
        builder.push(Row { line: line as u64, unit, period, outcome: *outcome, start }).ok()?;
    }
    builder.finish(Unbalanced::Keep).ok()
}

fn check(rows: &[Made], size: &str) -> bool {
    let Some(panel) = panel_from(rows) else { return false };
    for seen in [Seen::InBoth, Seen::InEither] {
        if let Ok(found) = group_time(&panel, &Settings { seen, ..Settings::default() }) {
            assert!(is_sound(&simple(&found)), "{size}");
            assert!(is_sound_test(&pre_trends(&found)), "{size}: {:?}", pre_trends(&found));
            assert!(is_sound_test(&pre_trends_by_exposure(&found)), "{size}");
        }
    }
    let estimates = [
        interaction(&panel, &Default::default()).ok().map(|found| found.overall),
        imputation(&panel, &Default::default()).ok().map(|found| found.overall),
        two_way(&panel, Level::NINETY_FIVE).ok().map(|found| found.coefficient),
        efficient(&panel, &Default::default()).ok().map(|found| found.simple.effect),
    ];
    assert!(estimates.iter().flatten().all(is_sound), "{size}: {estimates:?}");
    true
}

#[test]
fn outcomes_of_any_size_are_refused_or_give_sound_numbers() {
    let of = |n_never| RollOut {
        starts: vec![(Some(4), 3), (Some(6), 4), (None, n_never)],
        n_periods: 7,
        effect: 1.0,
    };
    for exponent in (-300..=300).step_by(20) {
        let scale = 10f64.powi(exponent);
        for n_never in [6, 40] {
            let mut rows = of(n_never).play(7);
            rows.iter_mut().for_each(|row| row.2 *= scale);
            let is_taken = check(&rows, &format!("10^{exponent}"));
            assert_eq!(is_taken, (-70..=69).contains(&exponent), "10^{exponent}");
            // One outcome of common size, which makes the others nothing.
            rows[0].2 = 1.0;
            check(&rows, &format!("10^{exponent} beside 1"));
            // A common size from a start on, and nothing before.
            rows.iter_mut().filter(|row| row.1 >= 4).for_each(|row| row.2 = row.2.clamp(-1e3, 1e3) / scale);
            check(&rows, &format!("10^{exponent} before 1"));
        }
    }
}
