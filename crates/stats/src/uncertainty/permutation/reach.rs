//! A permutation test turned round: the effects that it does not refuse, from an estimate outwards.

use super::{Redraws, TIE};
use crate::uncertainty::Level;

/// Steps that narrow an end: halving 60 times leaves nothing a double could show.
const STEPS: usize = 60;

/// The effects that are not refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// The least of them; `None` if none is refused however low.
    pub low: Option<f64>,
    /// The largest; `None` if none is refused however high.
    pub high: Option<f64>,
    /// In how many of all deals, as a share, it holds an effect that is the same for all: what was asked for, or more where
    /// there are so few deals that none is just rare enough; 1 where none is rare at all. `None` where several draws were
    /// put together, which hold it at least as often as was asked for.
    pub level: Option<f64>,
}

/// Looks for the ends on both sides of `value`; `None` where `value` itself is refused.
///
/// An effect of 0 is within exactly where it is not refused: with a handful of deals, effects that are refused may lie
/// between others that are not, and the search begins at 0 if that is not refused and ends there if it is.
///
/// - `size`: how far the first step goes; not 0.
pub(crate) fn reach(
    is_refused: &(impl Fn(f64) -> bool + Sync),
    (value, size): (f64, f64),
    level: Option<f64>,
) -> Option<Reach> {
    let narrowed = |mut inside: f64, mut outside: f64| {
        for _ in 0..STEPS {
            let middle = 0.5 * (inside + outside);
            if is_refused(middle) { outside = middle } else { inside = middle }
        }
        inside
    };
    let end = |sign: f64| {
        let (mut inside, mut step) = (value, sign * size);
        if value * sign < 0.0 {
            if is_refused(0.0) {
                return Some(narrowed(value, 0.0));
            }
            inside = 0.0;
        }
        for _ in 0..STEPS {
            let outside = inside + step;
            if is_refused(outside) {
                return Some(narrowed(inside, outside));
            }
            (inside, step) = (outside, 2.0 * step);
        }
        None
    };
    (!is_refused(value)).then(|| {
        let (low, high) = rayon::join(|| end(-1.0), || end(1.0));
        Reach { low, high, level }
    })
}

/// The share of statistics less extreme than the rarest that are refused together: what an interval really holds.
///
/// - `squares`: the squared statistics of all deals, the one that happened among them, under one effect.
pub(crate) fn attained(mut squares: Vec<f64>, level: Level) -> f64 {
    let n = squares.len();
    squares.sort_by(|a, b| b.total_cmp(a));
    let at_most = 1.0 - level.share();
    let ends_here =
        |k: &usize| squares.get(*k).is_none_or(|next| *next < squares[k - 1] * (1.0 - TIE).powi(2));
    let n_rare =
        (1..=n).take_while(|k| *k as f64 / n as f64 <= at_most).filter(ends_here).last().unwrap_or(0);
    1.0 - n_rare as f64 / n as f64
}

/// What a count of deals at least as extreme says: the share of all deals, which the one that happened belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counting {
    /// All deals were tried.
    All,
    /// A sample, without the one that happened.
    Sample(Redraws),
}

impl Counting {
    /// The probability.
    pub fn p(self, as_far: usize, n: usize) -> f64 {
        match self {
            Counting::All => as_far as f64 / n as f64,
            Counting::Sample(_) => (1 + as_far) as f64 / (1 + n) as f64,
        }
    }
}
