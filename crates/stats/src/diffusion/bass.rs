//! The curve of Bass: who begins by himself, and who begins because others did.

use super::squares::solved;

/// The curve of Bass (1969).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bass {
    /// How many begin in the end.
    pub market: f64,
    /// The share of those without that begins by itself, per period.
    pub innovation: f64,
    /// The share that begins per period because others did, when all others have.
    pub imitation: f64,
}

/// How the numbers are compared with the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The number of a period is the curve's slope at its end. As many published fits do; misleads where a period is
    /// long.
    Slope,
    /// The number of a period is the curve's rise over it. Source: Srinivasan and Mason (1986), Marketing Science
    /// 5(2), 169-178.
    Rise,
    /// The sum up to a period is the curve's height at its end. Its errors are too small: sums carry their errors on.
    Height,
}

/// Whether it is known how many begin in the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Market {
    /// They are fitted too.
    Fitted,
    /// So many, known beforehand.
    Known(f64),
}

/// A fitted curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The curve.
    pub curve: Bass,
    /// Standard errors: of the market (`None` where it was known), the innovation, the imitation.
    pub errors: (Option<f64>, f64, f64),
    /// Standard deviation of what is left, in the unit of the numbers.
    pub sigma: f64,
}

/// Why no curve was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BassRefused {
    /// Fewer numbers than a fit can do with.
    #[error("{n} numbers are too few for a curve of three parts; bring five or more")]
    TooFew {
        /// How many.
        n: usize,
    },
    /// Numbers that no such curve describes.
    #[error("no curve of this kind describes these numbers; look at them as they are")]
    NoFit,
}

impl Bass {
    /// The share that has begun by `t`, in periods from the start.
    pub fn share(self, t: f64) -> f64 {
        let gone = (-(self.innovation + self.imitation) * t).exp();
        (1.0 - gone) / (1.0 + self.imitation / self.innovation * gone)
    }

    /// How many begin between `t - 1` and `t`.
    pub fn rise(self, t: f64) -> f64 {
        self.market * (self.share(t) - self.share(t - 1.0))
    }

    /// When most begin at once; `None` where that is at the start, since few begin because of others.
    pub fn peak(self) -> Option<f64> {
        let ratio = self.imitation / self.innovation;
        (ratio > 1.0).then(|| ratio.ln() / (self.innovation + self.imitation))
    }

    /// What a form expects of period `t`, and its change with market, innovation and imitation.
    fn expected(self, form: Form, t: f64) -> (f64, [f64; 3]) {
        let Bass { market: m, innovation: p, imitation: q } = self;
        let height = |t: f64| {
            let gone = (-(p + q) * t).exp();
            let (top, below) = (1.0 - gone, 1.0 + q / p * gone);
            let by_p = -(q / (p * p)) * gone - q / p * t * gone;
            let by_q = gone / p - q / p * t * gone;
            let along = |by: f64| (t * gone * below - top * by) / (below * below);
            (top / below, [along(by_p), along(by_q)])
        };
        let (share, [by_p, by_q]) = match form {
            Form::Height => height(t),
            Form::Rise => {
                let (now, before) = (height(t), height(t - 1.0));
                (now.0 - before.0, [now.1[0] - before.1[0], now.1[1] - before.1[1]])
            }
            Form::Slope => {
                let gone = (-(p + q) * t).exp();
                let below = 1.0 + q / p * gone;
                let slope = (p + q) * (p + q) / p * gone / (below * below);
                let by_p = -(q / (p * p)) * gone - q / p * t * gone;
                let by_q = gone / p - q / p * t * gone;
                let log_p = 2.0 / (p + q) - 1.0 / p - t - 2.0 * by_p / below;
                let log_q = 2.0 / (p + q) - t - 2.0 * by_q / below;
                (slope, [slope * log_p, slope * log_q])
            }
        };
        (m * share, [share, m * by_p, m * by_q])
    }
}

/// The curve by a line through squares: new ones a period on the sum before it. Quick, and rough; the start of [`fit`].
///
/// - `new`: by period, how many began. Returns `None` where the line gives no curve.
///
/// Source: Bass (1969), Management Science 15(5), 215-227. Misleads where periods are long: its peak comes too early.
pub fn fit_by_lines(new: &[f64]) -> Option<Bass> {
    let before: Vec<f64> = new
        .iter()
        .scan(0.0, |sum, n| {
            let before = *sum;
            *sum += n;
            Some(before)
        })
        .collect();
    // Scaled, so that squares of large sums do not spoil the solution.
    let scale = before.last().copied().filter(|last| *last > 0.0)?;
    let rows: Vec<[f64; 3]> = before.iter().map(|y| [1.0, y / scale, (y / scale) * (y / scale)]).collect();
    let [a, b, c] = solved(&rows, new)?.0;
    let (b, c) = (b / scale, c / (scale * scale));
    let market = (-b - (b * b - 4.0 * a * c).sqrt()) / (2.0 * c);
    let curve = Bass { market, innovation: a / market, imitation: -market * c };
    (market.is_finite() && curve.innovation > 0.0 && curve.imitation > 0.0).then_some(curve)
}

/// The curve with the least squares of what is left.
///
/// - `new`: by period from the start on, how many began in it; none missing.
/// - Returns the curve, with standard errors from the slope of the fit at its end.
///
/// Assumes that all who may begin could from the first period on, and errors of one size. Misleads before the
/// fastest period is over: how many begin in the end is then a guess. Source: Srinivasan and Mason (1986), Marketing
/// Science 5(2), 169-178, for [`Form::Rise`].
///
/// So many wards began by themselves, month by month: how many will in the end, and when is it fastest?
///
/// ```
/// use traction_stats::diffusion::{Bass, Form, Market, fit};
///
/// let truth = Bass { market: 100.0, innovation: 0.03, imitation: 0.4 };
/// let new: Vec<f64> = (1..=12).map(|month| truth.rise(f64::from(month)).round()).collect();
/// let found = fit(&new, Market::Fitted, Form::Rise)?;
/// println!("{:.0} in the end, fastest in month {:.1?}", found.curve.market, found.curve.peak());
/// assert!((found.curve.market - 100.0).abs() < 3.0);
/// assert!(fit(&new[..4], Market::Fitted, Form::Rise).is_err()); // four months are no curve
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit(new: &[f64], market: Market, form: Form) -> Result<Fitted, BassRefused> {
    if new.len() < 5 {
        return Err(BassRefused::TooFew { n: new.len() });
    }
    let sums: Vec<f64> = new
        .iter()
        .scan(0.0, |sum, n| {
            *sum += n;
            Some(*sum)
        })
        .collect();
    let seen = if form == Form::Height { &sums } else { new };
    let all = sums.last().copied().unwrap_or(0.0);
    if all <= 0.0 {
        return Err(BassRefused::NoFit);
    }
    let begin = |m: f64| {
        [(0.01, 0.4), (0.03, 0.2), (0.05, 0.05), (0.003, 0.8)].map(|(p, q)| Bass {
            market: m,
            innovation: p,
            imitation: q,
        })
    };
    let mut starts = match market {
        Market::Known(m) => begin(m).to_vec(),
        Market::Fitted => begin(all * 1.2).to_vec(),
    };
    starts.extend(fit_by_lines(new).map(|curve| match market {
        Market::Known(m) => Bass { market: m, ..curve },
        Market::Fitted => curve,
    }));
    let best = starts
        .into_iter()
        .filter_map(|start| descended(seen, start, market, form))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    let (curve, rss) = best.ok_or(BassRefused::NoFit)?;
    let n_free = if market == Market::Fitted { 3 } else { 2 };
    let sigma = (rss / (seen.len() - n_free) as f64).sqrt();
    let (rows, _) = slopes(seen, curve, market, form);
    let inverse = solved(&rows, seen).ok_or(BassRefused::NoFit)?.1;
    let error = |at: usize| sigma * inverse[at].sqrt();
    let of_market = (market == Market::Fitted).then(|| error(0));
    Ok(Fitted { curve, errors: (of_market, error(1), error(2)), sigma })
}

/// Levenberg and Marquardt's way down from a start: the curve, and the squares left; `None` where it leads out of what
/// a curve can be.
fn descended(seen: &[f64], start: Bass, market: Market, form: Form) -> Option<(Bass, f64)> {
    let squares = |curve: Bass| -> f64 {
        let left = (1..).zip(seen).map(|(t, seen)| seen - curve.expected(form, f64::from(t)).0);
        left.map(|left| left * left).sum()
    };
    let (mut curve, mut rss, mut damping) = (start, squares(start), 1e-3);
    for _ in 0..500 {
        let (mut rows, mut left) = slopes(seen, curve, market, form);
        // Damping as further rows: each part is held to where it is, in its own scale.
        for at in 0..3 {
            let scale: f64 = rows[..seen.len()].iter().map(|row| row[at] * row[at]).sum();
            let mut row = [0.0; 3];
            row[at] = (damping * scale).sqrt();
            rows.push(row);
            left.push(0.0);
        }
        let step = solved(&rows, &left)?.0;
        let next = Bass {
            market: curve.market + step[0],
            innovation: curve.innovation + step[1],
            imitation: curve.imitation + step[2],
        };
        let is_curve = next.market > 0.0 && next.innovation > 0.0 && next.imitation > -next.innovation;
        let next_rss = if is_curve { squares(next) } else { f64::INFINITY };
        if next_rss <= rss {
            let is_done = step[1].abs() <= 1e-13 * curve.innovation
                && step[2].abs() <= 1e-13 * curve.imitation.abs().max(curve.innovation);
            (curve, rss, damping) = (next, next_rss, damping / 10.0);
            if is_done {
                break;
            }
        } else {
            damping *= 10.0;
            if damping > 1e12 {
                break;
            }
        }
    }
    rss.is_finite().then_some((curve, rss))
}

/// By period the changes of what is expected, and what is left. A known market does not change.
fn slopes(seen: &[f64], curve: Bass, market: Market, form: Form) -> (Vec<[f64; 3]>, Vec<f64>) {
    (1..)
        .zip(seen)
        .map(|(t, seen)| {
            let (expected, mut slope) = curve.expected(form, f64::from(t));
            if market != Market::Fitted {
                slope[0] = 0.0;
            }
            (slope, seen - expected)
        })
        .unzip()
}
