//! Methods by least squares on any panel at all: refused, or finite numbers.

use proptest::prelude::*;

use super::invariants::any_rows;
use super::*;
use crate::uncertainty::{Estimate, Level, WildSettings};

/// What every estimate must be, whatever it was found from.
fn is_sound(estimate: &Estimate) -> bool {
    let sound = |interval: crate::uncertainty::Interval| {
        interval.low < interval.high && interval.se >= 0.0 && (0.0..=1.0).contains(&interval.p)
    };
    estimate.value.is_finite() && estimate.interval().is_none_or(sound)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_panel_is_refused_or_gives_sound_estimates(
        rows in any_rows().prop_filter("a panel has rows", |rows| !rows.is_empty()),
        anticipation in 0..3u32,
        leave_out in any::<bool>(),
    ) {
        let panel = panel_of(&rows);
        let average = if leave_out { Average::LeaveOut } else { Average::All };
        let settings = ImputationSettings { anticipation, average, ..ImputationSettings::default() };
        if let Ok(found) = imputation(&panel, &settings) {
            prop_assert!(found.cells.iter().all(|cell| is_sound(&cell.effect)));
            prop_assert!(found.leads.iter().chain(&found.by_exposure.each).all(|part| is_sound(&part.effect)));
            prop_assert!(is_sound(&found.overall) && is_sound(&found.by_start.overall));
        }
        let settings = InteractionSettings { anticipation, ..InteractionSettings::default() };
        if let Ok(found) = interaction(&panel, &settings) {
            prop_assert!(found.cells.iter().all(|cell| is_sound(&cell.effect)));
            prop_assert!(found.by_exposure.each.iter().all(|part| is_sound(&part.effect)));
            prop_assert!(is_sound(&found.overall) && is_sound(&found.by_period.overall));
            if let Ok(drawn) = found.wild(Wanted::Overall, WildSettings { draws: 19, seed: 1 }) {
                prop_assert!((0.0..=1.0).contains(&drawn.p), "{drawn:?}");
            }
        }
        if let Ok(found) = two_way(&panel, Level::NINETY_FIVE) {
            prop_assert!(is_sound(&found.coefficient) && (0.0..=1.0).contains(&found.negative_share), "{found:?}");
            if let Ok(parts) = bacon(&panel) {
                prop_assert!((parts.coefficient - found.coefficient.value).abs() < 1e-9, "{parts:?}");
            }
        }
    }
}
