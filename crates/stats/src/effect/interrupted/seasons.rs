//! Seasons in a lone series: what comes back every twelve months, four quarters, seven days.
//!
//! It decides from how much was seen, never from how the series looks: who fits a season only where one shows
//! believes his intervals too much.

/// Seasons are fitted from so many whole ones before the start on: by a wave,
const CYCLES_FOR_A_WAVE: usize = 2;
/// and period by period from so many on,
const CYCLES_FOR_EACH: usize = 4;
/// unless they have more periods than this.
const MOST_PERIODS_EACH: usize = 12;

/// How seasons are allowed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seasons {
    /// Not at all: none is known, or fewer than two whole ones were seen before the start.
    None,
    /// By one wave (a sine and a cosine): two numbers.
    Wave {
        /// Periods in a season.
        n_periods: usize,
    },
    /// By a level of each of its periods: one number less than it has periods.
    Each {
        /// Periods in a season.
        n_periods: usize,
    },
}

impl Seasons {
    /// How seasons of `season` periods are allowed for.
    ///
    /// - `before`: the exposures seen before the start. A season is whole where each of its periods was seen as often.
    pub(super) fn of(before: &[i64], season: Option<usize>) -> Self {
        let Some(n_periods) = season.filter(|season| *season >= 2) else { return Seasons::None };
        let mut seen = vec![0; n_periods];
        before.iter().for_each(|exposure| seen[place(*exposure, n_periods)] += 1);
        match seen.into_iter().min().unwrap_or(0) {
            CYCLES_FOR_EACH.. if n_periods <= MOST_PERIODS_EACH => Seasons::Each { n_periods },
            CYCLES_FOR_A_WAVE.. => Seasons::Wave { n_periods },
            _ => Seasons::None,
        }
    }

    /// How many numbers they take.
    pub(super) fn n_terms(self) -> usize {
        match self {
            Seasons::None => 0,
            // With two periods the sine is 0 throughout.
            Seasons::Wave { n_periods: 2 } => 1,
            Seasons::Wave { .. } => 2,
            Seasons::Each { n_periods } => n_periods - 1,
        }
    }

    /// What they are made of at some exposure: terms that add up to 0 over a season, so that levels stay levels.
    pub(super) fn terms(self, exposure: i64) -> Vec<f64> {
        match self {
            Seasons::None => Vec::new(),
            Seasons::Wave { n_periods } => {
                let angle = std::f64::consts::TAU * place(exposure, n_periods) as f64 / n_periods as f64;
                [angle.cos(), angle.sin()].into_iter().take(self.n_terms()).collect()
            }
            Seasons::Each { n_periods } => {
                let at = place(exposure, n_periods);
                let last = n_periods - 1;
                let term = |k: usize| f64::from(u8::from(at == k)) - f64::from(u8::from(at == last));
                (0..last).map(term).collect()
            }
        }
    }
}

/// The place of an exposure in its season.
fn place(exposure: i64, n_periods: usize) -> usize {
    exposure.rem_euclid(n_periods as i64) as usize
}
