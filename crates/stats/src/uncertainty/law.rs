//! The laws an estimate's distance from the truth follows: tails and quantiles.

use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};

/// How much of the truth intervals are to hold, say 0.95.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// 0.95.
    pub const NINETY_FIVE: Level = Level(0.95);

    /// 0.5: as often as not.
    pub const HALF: Level = Level(0.5);

    /// 0.8: the power most plans ask for.
    pub const EIGHTY: Level = Level(0.8);

    /// A level strictly between 0 and 1; `None` for anything else.
    pub fn new(share: f64) -> Option<Self> {
        (share > 0.0 && share < 1.0).then_some(Level(share))
    }

    /// The share, between 0 and 1.
    pub fn share(self) -> f64 {
        self.0
    }
}

impl Default for Level {
    fn default() -> Self {
        Level::NINETY_FIVE
    }
}

/// The law of an estimate's distance from the truth, in standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// The normal law.
    Normal,
    /// Student's.
    Student {
        /// Degrees of freedom, not necessarily whole.
        df: f64,
    },
}

impl Law {
    /// The probability of a distance of at least `z` in either direction.
    pub fn beyond(self, z: f64) -> f64 {
        match self {
            Law::Normal => libm::erfc(z.abs() / std::f64::consts::SQRT_2),
            Law::Student { df } => student(df).map_or(1.0, |law| 2.0 * law.sf(z.abs())),
        }
    }

    /// The distance that holds `level` of the law on both sides together.
    ///
    /// ```
    /// use traction_stats::uncertainty::{Law, Level};
    ///
    /// assert!((Law::Normal.reach(Level::NINETY_FIVE) - 1.959963984540054).abs() < 1e-14);
    /// assert!((Law::Student { df: 4.0 }.reach(Level::NINETY_FIVE) - 2.7764451051977987).abs() < 1e-9);
    /// ```
    pub fn reach(self, level: Level) -> f64 {
        let tail = 1.0 - level.share();
        match self {
            Law::Normal => self.bisected(tail),
            Law::Student { df } => {
                student(df).and_then(|law| newton(&law, df, tail)).unwrap_or_else(|| self.bisected(tail))
            }
        }
    }

    /// The distance beyond which `tail` lies. Tails fall monotonically: bisection is sure, but takes some sixty tails.
    pub(super) fn bisected(self, tail: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        while self.beyond(high) > tail && high < 1e12 {
            (low, high) = (high, high * 2.0);
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.beyond(middle) > tail { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }
}

/// Newton's steps from the normal distance, widened by the first two terms of Hill's series: a handful of tails instead of
/// sixty, of which a panel's effects need thousands. `None` where they do not settle.
///
/// The tail is convex in the distance, so that after the first step all go up and none goes past.
/// Source of the series: Abramowitz and Stegun (1964), 26.7.5.
fn newton(law: &StudentsT, df: f64, tail: f64) -> Option<f64> {
    let z = Law::Normal.bisected(tail);
    let (z3, z5) = (z.powi(3), z.powi(5));
    let mut at = z + (z3 + z) / (4.0 * df) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * df * df);
    for _ in 0..100 {
        let step = (2.0 * law.sf(at) - tail) / (2.0 * law.pdf(at));
        let next = if at + step > 0.0 { at + step } else { 0.5 * at };
        if !next.is_finite() {
            return None;
        }
        // Tails are good to about 1e-15 of one; closer than that they only waver.
        if (next - at).abs() <= 1e-14 * at {
            return Some(next);
        }
        at = next;
    }
    None
}

fn student(df: f64) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, df).ok()
}
