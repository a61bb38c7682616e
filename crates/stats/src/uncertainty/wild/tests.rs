use faer::Mat;

use super::*;
use crate::uncertainty::cr2::Rows;

/// A mean: one observation a cluster.
fn mean_of(values: &[f64]) -> (Contributions, f64, Vec<f64>) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let rows = values.iter().enumerate().map(|(cluster, y)| Rows {
        cluster,
        design: Mat::from_fn(1, 1, |_, _| 1.0),
        weight: 1.0,
        residuals: vec![y - mean],
    });
    let clusters = Contributions::of(1, &rows.collect::<Vec<_>>()).unwrap();
    let contrast = clusters.contrast(&[1.0]);
    (clusters, mean, contrast)
}

const VALUES: [f64; 7] = [0.9, 2.1, -0.4, 1.7, 0.2, 2.9, 1.1];

/// The same by hand: residuals under the hypothesis, times the weights, a mean and its error for each draw.
#[test]
fn p_and_interval_equal_draws_made_by_hand() {
    let (clusters, mean, contrast) = mean_of(&VALUES);
    let settings = WildSettings { draws: 499, seed: 5 };
    let found = wild(&clusters, (mean, &contrast), Level::NINETY_FIVE, settings).unwrap();
    let n = VALUES.len() as f64;
    let t = |values: &[f64], truth: f64| {
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|y| (y - mean).powi(2)).sum();
        (mean - truth).abs() / (squares.sqrt() / n)
    };
    let p = |truth: f64| {
        let own = t(&VALUES, truth);
        let as_far = (0..499).filter(|&number| {
            let drawn: Vec<f64> =
                VALUES.iter().zip(webb(5, number)).map(|(y, weight)| weight * (y - truth)).collect();
            t(&drawn, 0.0) >= own * (1.0 - 1e-9)
        });
        (1 + as_far.count()) as f64 / 500.0
    };
    assert_eq!(found.p, p(0.0));
    let (low, high) = (found.low.unwrap(), found.high.unwrap());
    assert!(low < mean && mean < high);
    for (inside, outside) in [(low + 1e-9, low - 1e-9), (high - 1e-9, high + 1e-9)] {
        assert!(p(inside) > 0.05 && p(outside) <= 0.05, "{low} {high}: {} {}", p(inside), p(outside));
    }
}

#[test]
fn webbs_weights_have_mean_0_and_variance_1_and_differ_by_replicate() {
    let drawn: Vec<f64> = (0..4000).flat_map(|number| webb(1, number).take(5)).collect();
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    let square = drawn.iter().map(|x| x * x).sum::<f64>() / drawn.len() as f64;
    // 20,000 draws: 4 Monte Carlo errors.
    assert!(mean.abs() < 4.0 / 20_000_f64.sqrt() && (square - 1.0).abs() < 4.0 * 0.5 / 20_000_f64.sqrt());
    let mut sizes: Vec<i64> = drawn.iter().map(|x| (x * x * x.signum() * 2.0).round() as i64).collect();
    sizes.sort_unstable();
    sizes.dedup();
    assert_eq!(sizes, [-3, -2, -1, 1, 2, 3]);
    assert_ne!(webb(1, 0).take(9).collect::<Vec<_>>(), webb(1, 1).take(9).collect::<Vec<_>>());
}

#[test]
fn the_seed_alone_decides() {
    let (clusters, mean, contrast) = mean_of(&VALUES);
    let with = |seed| {
        wild(&clusters, (mean, &contrast), Level::NINETY_FIVE, WildSettings { draws: 199, seed }).unwrap()
    };
    assert_eq!(with(3), with(3));
    assert_ne!(with(3).low, with(4).low);
}

#[test]
fn what_cannot_be_drawn_for_is_refused() {
    let refused = |values: &[f64], draws| {
        let (clusters, mean, contrast) = mean_of(values);
        let settings = WildSettings { draws, seed: 1 };
        wild(&clusters, (mean, &contrast), Level::NINETY_FIVE, settings).unwrap_err()
    };
    assert_eq!(refused(&VALUES[..3], 99), WildRefused::TooContributions { n_clusters: 3 });
    assert_eq!(refused(&[2.0; 6], 99), WildRefused::NoVariation);
    assert_eq!(refused(&VALUES, 0), WildRefused::NoDraws);
}
