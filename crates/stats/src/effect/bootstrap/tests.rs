use super::*;
use crate::effect::tests::{RollOut, panel_of, panel_with, small};
use crate::effect::{Compare, Settings, by_exposure, group_time};
use crate::panel::Panel;

fn rollout() -> RollOut {
    RollOut { starts: vec![(Some(3), 30), (Some(4), 290), (Some(6), 25), (None, 60)], ..small() }
}

fn found(panel: &Panel) -> GroupTime {
    group_time(panel, &Settings { compare: Compare::NotYet, ..Settings::default() }).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bands_on_any_number_of_cores() {
    let panel = panel_of(&rollout().play(41));
    let effects = found(&panel);
    let on = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| bands(&panel, &effects, &Draws::default()))
    };
    let one = on(1);
    assert_eq!(one, on(3));
    assert_ne!(one.cells, bands(&panel, &effects, &Draws { seed: 2, ..Draws::default() }).cells);
}

/// Clusters of one unit take the other way to the influences; the draws are the same, since starts fill whole blocks.
#[test]
fn bands_do_not_depend_on_how_influences_are_found() {
    let whole = RollOut { starts: vec![(Some(3), 256), (Some(5), 256), (None, 512)], ..small() };
    let rows = whole.play(42);
    let plain = panel_of(&rows);
    let alone = panel_with(&rows, &[], |(unit, ..)| crate::effect::tests::Besides {
        cluster: Some(unit.clone()),
        ..Default::default()
    });
    let (a, b) = (
        columns(&plain, &found(&plain), &Draws::default()),
        columns(&alone, &found(&alone), &Draws::default()),
    );
    assert!((a - b).norm_max() < 1e-12);
}

/// The draws vary as the analytic errors say: 999 of them to 1 / root of 1998, four times that.
#[test]
fn draws_have_the_analytic_covariance() {
    let panel = panel_of(&rollout().play(43));
    let effects = found(&panel);
    for multiplier in [Multiplier::Rademacher, Multiplier::Mammen] {
        let drawn = columns(&panel, &effects, &Draws { multiplier, ..Draws::default() });
        for (place, cell) in effects.cells.iter().enumerate() {
            let own = drawn.col_as_slice(place);
            let sd = (own.iter().map(|x| x * x).sum::<f64>() / own.len() as f64).sqrt();
            assert!((sd / cell.effect.se().unwrap() - 1.0).abs() < 0.09, "{multiplier:?} {place}: {sd}");
        }
    }
}

#[test]
fn a_band_for_many_is_wider_than_an_interval_and_narrower_than_bonferronis() {
    let panel = panel_of(&rollout().play(44));
    let effects = found(&panel);
    let bands = bands(&panel, &effects, &Draws::default());
    let event_study = by_exposure(&effects);
    // Of q independent numbers the largest exceeds the normal quantile of 0.025 / q with less than 0.05.
    let critical = bands.by_exposure.critical.unwrap();
    assert!(critical > 2.2 && critical < 2.98, "{critical}");
    for ((at, band), part) in bands.by_exposure.each.iter().zip(&event_study.each) {
        let (band, interval) = (band.unwrap(), part.effect.interval().unwrap());
        assert_eq!(*at, part.at);
        assert!(band.low < interval.low && band.high > interval.high);
        assert!((band.high - part.effect.value - critical * interval.se).abs() < 1e-12);
    }
    let alone = bands.by_exposure.overall.unwrap();
    let interval = event_study.overall.interval().unwrap();
    // One number alone: the quantile of 999 draws in units of their quartiles is off by some 8 in 100.
    let ratio = (alone.high - alone.low) / (interval.high - interval.low);
    assert!((1.0..1.2).contains(&ratio), "{ratio}");
}

#[test]
fn starts_of_one_unit_and_few_clusters_have_bands() {
    let lone = RollOut { starts: vec![(Some(3), 1), (Some(4), 6), (None, 40)], ..small() };
    let rows = lone.play(45);
    let panel = panel_of(&rows);
    let effects = found(&panel);
    let drawn = columns(&panel, &effects, &Draws::default());
    for (place, cell) in effects.cells.iter().enumerate() {
        let own = drawn.col_as_slice(place);
        let sd = (own.iter().map(|x| x * x).sum::<f64>() / own.len() as f64).sqrt();
        // Draws hold what lone units borrow.
        let used = effects.moments().covariance(&[Combination::of(place)])[(0, 0)].sqrt();
        assert!((sd / used - 1.0).abs() < 0.09, "{place}: {sd} {cell:?}");
    }
    let clustered = panel_with(&rows, &[], |(unit, ..)| crate::effect::tests::Besides {
        cluster: Some((unit.len() + unit.bytes().last().unwrap() as usize % 8).to_string()),
        ..Default::default()
    });
    let effects = found(&clustered);
    let bands = bands(&clustered, &effects, &Draws::default());
    let known =
        effects.cells.iter().zip(&bands.cells.each).filter(|(cell, _)| cell.effect.interval().is_some());
    assert!(known.clone().count() > 0);
    for (cell, (_, band)) in known {
        assert!(band.unwrap().low <= cell.effect.interval().unwrap().low + 1e-9);
    }
}

/// One number alone needs the quantile of itself: no less than its interval, and less than what many need together.
#[test]
fn a_band_for_each_alone_is_narrower_than_one_for_all() {
    let panel = panel_of(&rollout().play(44));
    let effects = found(&panel);
    let together = bands(&panel, &effects, &Draws::default());
    let alone = bands(&panel, &effects, &Draws { hold: Hold::EachAlone, ..Draws::default() });
    assert_eq!(alone.by_exposure.critical, None);
    assert_eq!(alone.by_exposure.overall, together.by_exposure.overall);
    let width = |limits: Option<Limits>| limits.map(|limits| limits.high - limits.low).unwrap();
    let event_study = by_exposure(&effects);
    for (((_, alone), (_, together)), part) in
        alone.by_exposure.each.iter().zip(&together.by_exposure.each).zip(&event_study.each)
    {
        let interval = part.effect.interval().unwrap();
        let own = interval.high - interval.low;
        assert!(width(*alone) >= own - 1e-12 && width(*alone) < 1.2 * own, "{} {own}", width(*alone));
        assert!(width(*alone) < width(*together));
    }
}

/// By hand: each cell's draws over their own scale, taken from their quartiles; in each draw the farthest out of all, on
/// either side; of 999 such the 950th.
#[test]
fn a_band_lies_as_far_out_as_the_farthest_of_all_in_nineteen_of_twenty_draws() {
    let panel = panel_of(&rollout().play(46));
    let effects = found(&panel);
    let drawn = columns(&panel, &effects, &Draws::default());
    let mut farthest = vec![0.0_f64; 999];
    for (place, _) in effects.cells.iter().enumerate().filter(|(_, cell)| cell.effect.interval().is_some()) {
        let mut sorted = drawn.col_as_slice(place).to_vec();
        sorted.sort_by(f64::total_cmp);
        // The 750th and the 250th: the least that three and one in four do not exceed.
        let scale = (sorted[749] - sorted[249]) / 1.348_979_500_392_163_6;
        for (draw, farthest) in farthest.iter_mut().enumerate() {
            *farthest = farthest.max(drawn[(draw, place)].abs() / scale);
        }
    }
    farthest.sort_by(f64::total_cmp);
    let critical = bands(&panel, &effects, &Draws::default()).cells.critical.unwrap();
    assert!((critical - farthest[949]).abs() < 1e-12, "{critical} {}", farthest[949]);
}
