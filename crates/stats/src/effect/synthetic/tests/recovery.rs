//! Known effects are found, and their intervals hold them as often as is said.

use super::*;

/// Mean estimate with its Monte Carlo error, and how often the 95 % interval held the truth of 3.
fn coverage(world: &World, twin: Twin, n_panels: u64) -> (f64, f64, f64) {
    let (mut held, mut values) = (0, Vec::new());
    for seed in 0..n_panels {
        let found = synthetic(&panel_of(&world.play(40_000 + seed)), &exact(twin)).unwrap();
        let interval = found.overall.interval().unwrap();
        held += usize::from(interval.low <= 3.0 && 3.0 <= interval.high);
        values.push(found.overall.value);
    }
    let n = n_panels as f64;
    (mean(&values), deviation(&values) / n.sqrt(), held as f64 / n)
}

/// Started units are drawn like donors, so both twins are right on average and their placebos as noisy. The mean may
/// stray 4 Monte Carlo errors; the share of 200 panels in which the interval holds the truth as many from 0.95.
#[test]
fn a_known_effect_and_its_uncertainty_are_recovered() {
    for (starts, n_donors) in [(vec![17], 19), (vec![17], 39), (vec![17, 17], 10), (vec![15, 19], 19)] {
        for twin in TWINS {
            let world = World { starts: starts.clone(), n_donors, n_periods: 22, effect: 3.0 };
            let (value, error, held) = coverage(&world, twin, 200);
            println!("{twin:?}, starts {starts:?}, {n_donors} donors: mean {value:.3}, coverage {held:.3}");
            assert!((value - 3.0).abs() <= 4.0 * error, "{twin:?}: mean {value} +- {error}");
            assert!((0.888..=1.0).contains(&held), "{twin:?} {starts:?} {n_donors}: coverage {held}");
        }
    }
}

/// Interval, p-value and rank among the placebos agree on whether there is an effect, in every panel.
#[test]
fn an_interval_claims_nothing_that_the_rank_does_not() {
    let mut n_claims = 0;
    for seed in 0..200 {
        let world = World { starts: vec![17], n_donors: 24, n_periods: 22, effect: 2.0 };
        let found = synthetic(&panel_of(&world.play(70_000 + seed)), &exact(Twin::default())).unwrap();
        let interval = found.overall.interval().unwrap();
        let is_off = interval.low > 0.0 || interval.high < 0.0;
        assert_eq!(is_off, interval.p <= 0.05, "{interval:?}");
        assert!(interval.p >= found.starts[0].placebo_p - 1e-12, "{interval:?}");
        n_claims += usize::from(is_off);
    }
    assert!((20..180).contains(&n_claims), "{n_claims}");
}

/// Without an effect, the rank among placebos is as likely to be any as any other.
#[test]
fn placebo_shares_are_as_small_as_they_say() {
    let world = World { starts: vec![17], n_donors: 9, n_periods: 22, effect: 0.0 };
    let smallest = (0..400).filter(|seed| {
        let found = synthetic(&panel_of(&world.play(90_000 + seed)), &exact(Twin::default())).unwrap();
        found.starts[0].placebo_p <= 0.1 + 1e-9
    });
    // One in ten; 4 Monte Carlo errors of 400 panels are 0.06.
    let share = smallest.count() as f64 / 400.0;
    assert!((0.04..=0.16).contains(&share), "{share}");
}

/// Fewer stand-ins cannot make an effect beyond all of theirs as rare as one in twenty.
#[test]
fn with_fewer_than_nineteen_stand_ins_no_interval_is_told() {
    let of = |n_donors, level| {
        let world = World { starts: vec![17], n_donors, n_periods: 22, effect: 30.0 };
        let level = Level::new(level).unwrap();
        synthetic(&panel_of(&world.play(1)), &SyntheticSettings { level, ..exact(Twin::default()) }).unwrap()
    };
    let few = of(18, 0.95);
    assert_eq!(few.overall.spread, Spread::Unknown(WhyUnknown::TooFewStandIns { n: 18, least: 19 }));
    assert!(few.by_exposure.iter().all(|part| part.effect.interval().is_none()));
    let interval = of(19, 0.95).overall.interval().unwrap();
    assert!(interval.low > 0.0 && (interval.p - 0.05).abs() < 1e-12, "{interval:?}");
    assert!(of(9, 0.9).overall.interval().is_some() && of(8, 0.9).overall.interval().is_none());
}
