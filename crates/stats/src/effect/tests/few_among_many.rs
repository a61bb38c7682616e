//! A first wave of a few among many: claims of an effect where there is none are as rare as intervals say.

use rayon::prelude::*;

use super::*;
use crate::uncertainty::Estimate;

const N_PANELS: u64 = 400;

/// Units that start, and that never do; nothing else differs between them, and each outcome varies for itself.
pub(in crate::effect) const WAVES: [(usize, usize); 5] = [(2, 48), (3, 47), (4, 200), (3, 36), (2, 30)];

/// No effect; six periods, a start in the fourth.
pub(in crate::effect) fn nothing((n_started, n_never): (usize, usize), seed: u64) -> Vec<Made> {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = || {
        let (a, b): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    };
    let mut rows = Vec::new();
    for unit in 0..n_started + n_never {
        let (level, start) = (normal(), (unit < n_started).then_some(4));
        rows.extend((1..=6).map(|period| (format!("{unit}"), period, level + normal(), start)));
    }
    rows
}

/// The share of so many panels without an effect in which one is claimed at 95 %.
pub(in crate::effect) fn claims_of(
    n_panels: u64,
    wave: (usize, usize),
    estimate: impl Fn(&[Made]) -> Estimate + Sync,
) -> f64 {
    let claims = |panel: &u64| {
        let interval = estimate(&nothing(wave, 4_100_000 + panel)).interval().unwrap();
        interval.low > 0.0 || interval.high < 0.0
    };
    (0..n_panels).into_par_iter().filter(claims).count() as f64 / n_panels as f64
}

fn claims(wave: (usize, usize), estimate: impl Fn(&[Made]) -> Estimate + Sync) -> f64 {
    claims_of(N_PANELS, wave, estimate)
}

/// The figures of docs/methods/few-units.md; one Monte Carlo error is 1.1 in 100.
#[track_caller]
pub(in crate::effect) fn check(name: &str, least: f64, estimate: impl Fn(&[Made]) -> Estimate + Sync) {
    for wave in WAVES {
        let share = claims(wave, &estimate);
        println!("{name}, {wave:?}: false claims {share:.3}");
        assert!((least..=0.08).contains(&share), "{name}, {wave:?}: {share}");
    }
}

#[test]
fn effects_by_start_and_period_claim_no_more_than_they_say() {
    check("group-time", 0.03, |rows| simple(&group_time(&panel_of(rows), &Settings::default()).unwrap()));
}

/// The same with a gap, which takes the other way to the influences.
#[test]
fn effects_with_gaps_claim_no_more_than_they_say() {
    check("group-time with a gap", 0.03, |rows| {
        let rows: Vec<Made> = rows[..rows.len() - 1].to_vec();
        simple(&group_time(&panel_of(&rows), &Settings::default()).unwrap())
    });
}

#[test]
fn imputed_effects_claim_no_more_than_they_say() {
    check("imputation", 0.03, |rows| {
        crate::effect::imputation(&panel_of(rows), &Default::default()).unwrap().overall
    });
}

#[test]
fn interaction_weighted_effects_claim_no_more_than_they_say() {
    check("interaction-weighted", 0.03, |rows| {
        crate::effect::interaction(&panel_of(rows), &Default::default()).unwrap().overall
    });
}

#[test]
fn two_way_coefficients_claim_no_more_than_they_say() {
    check("two-way", 0.03, |rows| {
        crate::effect::two_way(&panel_of(rows), Default::default()).unwrap().coefficient
    });
}

/// One of forty-six, far beyond all others: as rare as one of them, and no rarer, whatever the method.
#[test]
fn a_lone_start_is_no_surer_than_those_it_borrows_from() {
    let mut rows = nothing((1, 45), 3);
    rows.iter_mut().filter(|(_, t, _, start)| start.is_some() && *t >= 4).for_each(|row| row.2 += 60.0);
    let panel = panel_of(&rows);
    let efficient = crate::effect::efficient(&panel, &Default::default()).unwrap();
    for estimate in [
        simple(&group_time(&panel, &Settings::default()).unwrap()),
        crate::effect::interaction(&panel, &Default::default()).unwrap().overall,
        efficient.simple.effect,
    ] {
        let interval = estimate.interval().unwrap();
        assert!(interval.low > 40.0 && (interval.p - 1.0 / 45.0).abs() < 1e-12, "{interval:?}");
    }
}

/// Two of fifty: the draws for whole clusters would refuse nothing. Three of twelve and six of fifty they serve.
#[test]
fn whole_clusters_are_drawn_for_where_enough_of_them_start() {
    use crate::effect::{Wanted, interaction, two_way};
    use crate::uncertainty::{Side, Wild, WildRefused, WildSettings};
    let settings = |seed| WildSettings { draws: 199, seed };
    let drawn = |wave, seed| -> [Result<Wild, WildRefused>; 2] {
        let panel = panel_of(&nothing(wave, 8_800_000 + seed));
        let weighted = interaction(&panel, &Default::default()).unwrap();
        let coefficient = two_way(&panel, Default::default()).unwrap();
        [weighted.wild(Wanted::Overall, settings(seed)), coefficient.wild(settings(seed))]
    };
    for (wave, side, n, least) in [
        ((2, 48), Side::Started, 2, 5),
        ((4, 200), Side::Started, 4, 5),
        ((2, 8), Side::Started, 2, 3),
        ((9, 2), Side::Compared, 2, 3),
    ] {
        let n_clusters = wave.0 + wave.1;
        assert_eq!(drawn(wave, 1), [Err(WildRefused::FewOnOneSide { side, n, least, n_clusters }); 2]);
    }
    assert_eq!(drawn((30, 40), 1), [Err(WildRefused::ManyClusters { n_clusters: 70 }); 2]);
    for wave in [(6, 44), (3, 9)] {
        let mut claims = [0; 2];
        for seed in 0..200 {
            let found = drawn(wave, seed).map(|wild| usize::from(wild.unwrap().p <= 0.05));
            claims.iter_mut().zip(found).for_each(|(claims, found)| *claims += found);
        }
        println!("wild bootstrap, {wave:?}: false claims {:?}", claims.map(|n| n as f64 / 200.0));
        // 4 Monte Carlo errors of 200 panels are 0.06.
        assert!(claims.iter().all(|n| (2..=22).contains(n)), "{wave:?}: {claims:?}");
    }
}

/// Whole wards start, and wards move together: three of fifty, and one of six, which borrows.
#[test]
fn clusters_that_start_claim_no_more_than_they_say() {
    for wave in [(3, 47), (2, 30), (1, 5)] {
        let share = claims(wave, |wards| {
            let members = |(ward, t, y, start): &Made| {
                let own = |i: i64| ((i * 7 + t * 5) as f64).sin();
                (0..4).map(|i| (format!("{ward}/{i}"), *t, y + 0.1 * own(i), *start)).collect::<Vec<_>>()
            };
            let rows: Vec<Made> = wards.iter().flat_map(members).collect();
            let ward = |(unit, ..): &Made| Besides {
                cluster: unit.split('/').next().map(str::to_owned),
                ..Besides::default()
            };
            simple(&group_time(&panel_with(&rows, &[], ward), &Settings::default()).unwrap())
        });
        println!("group-time, {wave:?} clusters: false claims {share:.3}");
        assert!((0.03..=0.08).contains(&share), "{wave:?}: {share}");
    }
}
