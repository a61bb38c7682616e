//! The laws an estimate's distance from the truth follows: tails and quantiles.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// How much of the truth intervals are to hold, say 0.95.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// 0.95.
    pub const NINETY_FIVE: Level = Level(0.95);

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
        // Both tails fall monotonically: bisection is sure, and quick enough for a few hundred intervals.
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

fn student(df: f64) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, df).ok()
}
