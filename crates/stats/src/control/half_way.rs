//! The half-way rule: nearly all of the last few readings lie nearer to the old level than to the new one.
//!
//! The likelihood of the new level against the old changes sign exactly half way between them, so counting readings
//! past that line is the plain-words version of a cumulative sum, and needs no limits. It does not say how much of
//! the gain is left: [`super::holding`] does.

use super::gain::Gain;

/// "`needed` of the last `window` readings are past the half-way line."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How many readings are looked back on.
    pub window: usize,
    /// How many of them must be past the line.
    pub needed: usize,
}

/// Smallest gain in sigmas, and the window that keeps false alarms rare at that gain.
const WINDOW_BY_GAIN: [(f64, usize); 5] = [(4.0, 3), (2.75, 4), (2.0, 5), (1.5, 6), (1.0, 7)];

impl Rule {
    /// All but one of the last `window` readings.
    pub const fn all_but_one(window: usize) -> Rule {
        Rule { window, needed: window - 1 }
    }

    /// The rule for a gain of so many sigmas.
    ///
    /// `None` below one sigma: single readings then say too little, whatever the window. Longer periods, or the
    /// retained share alone, are the way out.
    pub fn for_sigmas(sigmas: f64) -> Option<Rule> {
        WINDOW_BY_GAIN
            .iter()
            .find(|(least, _)| sigmas >= *least)
            .map(|(_, window)| Rule::all_but_one(*window))
    }

    /// The rule for this gain; the shortest window where nothing varies inside the phases.
    pub fn for_gain(gain: &Gain) -> Option<Rule> {
        match gain.sigmas {
            Some(sigmas) => Rule::for_sigmas(sigmas),
            None => Some(Rule::all_but_one(WINDOW_BY_GAIN[0].1)),
        }
    }

    /// The first reading (0-based) at which the rule holds; the history before the first reading counts as not past.
    pub fn first_fired(self, past: &[bool]) -> Option<usize> {
        (0..past.len()).find(|last| self.holds_at(past, *last))
    }

    /// How many readings of the window that ends at `last` are past the line, and how many readings it has.
    pub fn count_at(self, past: &[bool], last: usize) -> Counted {
        let window = &past[(last + 1).saturating_sub(self.window)..=last];
        Counted { n_past: window.iter().filter(|past| **past).count(), n_looked_at: window.len() }
    }

    /// Whether the rule holds in the window that ends at `last`.
    pub fn holds_at(self, past: &[bool], last: usize) -> bool {
        self.count_at(past, last).n_past >= self.needed
    }
}

/// A count of readings past the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Readings past the line.
    pub n_past: usize,
    /// Readings looked at.
    pub n_looked_at: usize,
}

/// For each reading, whether it lies past the half-way line, on the side of the old level.
///
/// A reading on the line is not past it; on the line means within rounding (a share of 1e-12 of the levels), because
/// a line that is a round decimal is seldom one in binary.
pub fn past_half_way(readings: &[f64], gain: &Gain) -> Vec<bool> {
    let line = gain.improve.oriented(gain.half_line) - gain.rounding();
    readings.iter().map(|reading| gain.improve.oriented(*reading) < line).collect()
}

#[cfg(test)]
mod tests;
