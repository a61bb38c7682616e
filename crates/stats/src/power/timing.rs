//! When waves start, in periods.

/// When each wave of a roll-out starts, as places of periods counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Each wave's first period with the treatment, ascending; two waves may share one.
    pub starts: Vec<usize>,
    /// How many periods are observed in all.
    pub n_periods: usize,
}

/// Why waves have no timing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimingRefused {
    /// No waves.
    #[error("there is no wave; plan one or more")]
    NoWave,
    /// A wave after the end, or before the one before it.
    #[error(
        "wave {wave} would start in period {start} of {n_periods}; waves follow each other, and end before the periods do"
    )]
    Start {
        /// Which, counted from 1.
        wave: usize,
        /// Its first period, counted from 1.
        start: usize,
        /// How many periods there are.
        n_periods: usize,
    },
}

impl Timing {
    /// Waves that start in these periods, of `n_periods`.
    pub fn new(starts: Vec<usize>, n_periods: usize) -> Result<Self, TimingRefused> {
        if starts.is_empty() {
            return Err(TimingRefused::NoWave);
        }
        let early = |wave: usize| wave > 0 && starts[wave] < starts[wave - 1];
        match (0..starts.len()).find(|&wave| early(wave) || starts[wave] >= n_periods) {
            Some(wave) => Err(TimingRefused::Start { wave: wave + 1, start: starts[wave] + 1, n_periods }),
            None => Ok(Timing { starts, n_periods }),
        }
    }

    /// Waves as far apart as each other: `n_before` periods, then `n_between` after the start of each of `n_waves`.
    ///
    /// ```
    /// use traction_stats::power::Timing;
    ///
    /// let timing = Timing::even(4, 2, 3)?;
    /// assert_eq!((timing.starts.as_slice(), timing.n_periods), ([4, 6, 8].as_slice(), 10));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn even(n_before: usize, n_between: usize, n_waves: usize) -> Result<Self, TimingRefused> {
        let starts = (0..n_waves).map(|wave| n_before + wave * n_between).collect();
        Timing::new(starts, n_before + n_between * n_waves)
    }

    /// How many waves there are.
    pub fn n_waves(&self) -> usize {
        self.starts.len()
    }

    /// How many periods are seen since the first start, that one included.
    pub fn n_since(&self) -> usize {
        self.n_periods - self.starts.first().copied().unwrap_or(self.n_periods)
    }

    /// The same with one wave more, as far after the last as the last is after the one before it, or before the end.
    #[must_use]
    pub fn with_one_more(&self) -> Self {
        let last = self.starts.last().copied().unwrap_or_default();
        let after_last = self.n_periods - last;
        let gap = match self.starts.len() {
            0 | 1 => after_last,
            n => (last - self.starts[n - 2]).max(1),
        };
        let mut starts = self.starts.clone();
        starts.push(last + gap);
        Timing { starts, n_periods: last + gap + after_last }
    }

    /// The first `n` waves alone, 1 at least, the last of them seen for as long as the last of all is.
    #[must_use]
    pub fn first(&self, n: usize) -> Self {
        let starts: Vec<usize> = self.starts.iter().copied().take(n.max(1)).collect();
        let cut =
            self.starts.last().copied().unwrap_or_default() - starts.last().copied().unwrap_or_default();
        Timing { starts, n_periods: self.n_periods - cut }
    }
}
