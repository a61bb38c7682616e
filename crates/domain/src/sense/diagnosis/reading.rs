//! What a friction's own metric says of a remedy that was tried on it: the values before it beside those since it should
//! be felt. It says nothing rather than too much: where it cannot tell, whoever tried it is asked.
//!
//! It knows of nothing else that happened meanwhile. What a *change* did, with a comparison, is for the evidence to say.

use super::Outcome;

/// With fewer values before, nothing is read.
pub const FEWEST_BEFORE: usize = 4;

/// With fewer values since, nothing is read: with these, four before and three since, the rarest that chance can do is 1 in 35.
pub const FEWEST_AFTER: usize = 3;

/// More values than these, before and since, are left out: the latest before count, and the first since.
pub const MOST: usize = 8;

/// A friction of which no more than this share is left is gone; of which more is left, it is not.
const LEFT: f64 = 0.5;

/// What chance alone does no more often than this is taken for more than chance.
const RARE: f64 = 0.05;

/// What is said of a friction when its metric says little of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Less {
    /// Less of it is better: a backlog, hours, errors.
    IsBetter,
    /// More of it is better. How much more would mean that the friction is gone, nobody can say.
    IsWorse,
}

/// Where the values lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// How many there are.
    pub n_values: usize,
    /// Their mean; `None` without any.
    pub mean: Option<f64>,
}

/// What a friction's own metric says of a remedy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The values before the remedy.
    pub before: Level,
    /// Those since it should be felt.
    pub after: Level,
    /// What they say.
    pub says: Says,
}

/// What the values say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// What became of the friction.
    Became(Outcome),
    /// Too few values; there may be more later.
    TooFew,
    /// They do not tell, for good: neither clearly gone nor clearly there, or the metric is not one of which less is better.
    CannotTell,
}

/// Reads what became of a friction from the values of its metric, each in its own order of time, the metric's own unit.
///
/// Gone: since then the mean is half of what it was or less, and of all ways to pick so many of these values no more than
/// one in twenty has so low a mean. Stayed: the values since are higher than *half* of those before, by the same count.
/// Between the two it cannot tell.
///
/// Assumes that without the remedy the values would have gone on as they were, one as good as another: no trend, no
/// season, no memory from one period to the next. Source: the exact permutation test of two samples, Fisher (1935), The
/// Design of Experiments, section 21. Misleads where something else came at the same time, and where the remedy was begun
/// because the values before were at their worst: a peak falls by itself (regression to the mean), which reads as gone.
pub fn read_off(before: &[f64], after: &[f64], less: Less) -> Reading {
    let before = &before[before.len().saturating_sub(MOST)..];
    let after = &after[..after.len().min(MOST)];
    let (old, new) = (level(before), level(after));
    let says = match (old.mean, new.mean) {
        _ if less == Less::IsWorse => Says::CannotTell,
        _ if before.len() < FEWEST_BEFORE || after.len() < FEWEST_AFTER => Says::TooFew,
        (Some(old), Some(new)) if old > 0.0 => judged(before, after, new <= old * LEFT),
        _ => Says::CannotTell,
    };
    Reading { before: old, after: new, says }
}

fn judged(before: &[f64], after: &[f64], is_little: bool) -> Says {
    let left: Vec<f64> = before.iter().map(|value| value * LEFT).collect();
    let opposite = |values: &[f64]| values.iter().map(|value| -value).collect::<Vec<f64>>();
    if is_little && share_as_low(before, after) <= RARE {
        return Says::Became(Outcome::Gone);
    }
    if !is_little && share_as_low(&opposite(&left), &opposite(after)) <= RARE {
        return Says::Became(Outcome::Stayed);
    }
    Says::CannotTell
}

fn level(values: &[f64]) -> Level {
    let sum: f64 = values.iter().sum();
    Level { n_values: values.len(), mean: (!values.is_empty()).then(|| sum / values.len() as f64) }
}

/// Of all ways to pick as many values as there are `after`, from these and those `before`, the share whose sum is as low
/// as theirs.
fn share_as_low(before: &[f64], after: &[f64]) -> f64 {
    let all: Vec<f64> = after.iter().chain(before).copied().collect();
    let seen: f64 = after.iter().sum();
    // Sums of the same values in another order are the same sum.
    let slack = 1e-9 * all.iter().map(|value| value.abs()).sum::<f64>();
    let mut counted = Counted { n_ways: 0, n_as_low: 0, limit: seen + slack };
    counted.pick(&all, after.len(), 0.0);
    f64::from(counted.n_as_low) / f64::from(counted.n_ways)
}

struct Counted {
    n_ways: u32,
    n_as_low: u32,
    limit: f64,
}

impl Counted {
    fn pick(&mut self, from: &[f64], n: usize, sum: f64) {
        if n == 0 {
            self.n_ways += 1;
            self.n_as_low += u32::from(sum <= self.limit);
            return;
        }
        for (at, value) in from.iter().enumerate().take(from.len() + 1 - n) {
            self.pick(&from[at + 1..], n - 1, sum + value);
        }
    }
}
