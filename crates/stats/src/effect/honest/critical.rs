//! Tails of the normal law, and critical values that follow from them.

/// Beyond this the tail is taken from its expansion: the error function loses its digits, then underflows.
const FAR: f64 = 30.0;

/// The probability beyond `z`.
pub(super) fn beyond(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// Its logarithm, however far out.
fn log_beyond(z: f64) -> f64 {
    if z < FAR {
        return beyond(z).ln();
    }
    let square = z * z;
    let series = 1.0 - 1.0 / square + 3.0 / (square * square) - 15.0 / (square * square * square);
    -0.5 * square - (z * std::f64::consts::TAU.sqrt()).ln() + series.ln()
}

/// The probability beyond `z` of what lies between `low` and `high`.
pub(super) fn beyond_within(z: f64, (low, high): (f64, f64)) -> f64 {
    let from = log_beyond(low);
    let past = (log_beyond(high) - from).exp();
    (((log_beyond(z) - from).exp() - past) / (1.0 - past)).clamp(0.0, 1.0)
}

/// The distance from 0 that a normal number of mean `bias` and standard deviation 1 exceeds with probability `error`.
pub(super) fn reach_with_bias(bias: f64, error: f64) -> f64 {
    // Beyond the bias by x on one side, and by x and twice the bias on the other.
    let outside = |x: f64| beyond(x) + beyond(x + 2.0 * bias);
    let (mut low, mut high) = (-bias, 40.0);
    while high - low > 1e-12 * (1.0 + bias) {
        let middle = 0.5 * (low + high);
        if outside(middle) > error { low = middle } else { high = middle }
    }
    bias + 0.5 * (low + high)
}

/// Gauss and Legendre's eight points on (-1, 1), the half above 0, with their weights.
const POINTS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_5),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_3),
];

/// The integral of `density` from `low` to `high`, by eight points in each of `n_pieces`.
pub(super) fn integral((low, high): (f64, f64), n_pieces: usize, density: impl Fn(f64) -> f64) -> f64 {
    let half = 0.5 * (high - low) / n_pieces as f64;
    let piece = |at: usize| {
        let centre = low + (2 * at + 1) as f64 * half;
        POINTS.iter().map(|(x, w)| w * (density(centre - half * x) + density(centre + half * x))).sum::<f64>()
    };
    half * (0..n_pieces).map(piece).sum::<f64>()
}
