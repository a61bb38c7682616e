//! What a table of outcomes changes in what is known: new, corrected, taken back, the same.
//!
//! A correction takes nothing away: it is the next word on its unit and period, and the earlier ones stay.

use std::collections::BTreeMap;

use traction_stats::panel::Period;

use crate::id::UnitId;
use crate::measure::outcome::{Measured, Outcome};

/// The last word on a unit and a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Last {
    /// Its number: 1 for the first, one more for each correction.
    pub n: i64,
    /// What it says.
    pub measured: Measured,
}

/// A word that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word {
    /// The unit.
    pub unit: UnitId,
    /// When.
    pub period: Period,
    /// What it says.
    pub measured: Measured,
    /// Its number.
    pub n: i64,
    /// What it corrects; `None` where nothing was known.
    pub corrects: Option<Measured>,
}

/// What a table changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// The words to be kept: new ones, corrections, and values that are taken back, in the table's order.
    pub words: Vec<Word>,
    /// How many rows say what is known already.
    pub n_same: usize,
    /// How many rows have no value where none is known either.
    pub n_missing: usize,
}

impl Compared {
    /// How many are new.
    pub fn n_new(&self) -> usize {
        self.words.iter().filter(|word| word.corrects.is_none()).count()
    }

    /// The corrections, those that take a value back among them.
    pub fn corrected(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(|word| word.corrects.is_some())
    }

    /// How many values are taken back.
    pub fn n_taken_back(&self) -> usize {
        self.words.iter().filter(|word| word.measured == Measured::Nothing).count()
    }
}

/// Compares outcomes, each unit and period once, with what is known. Nothing where a value is known takes it back; where
/// none is known, it says nothing.
pub fn compare(rows: &[(UnitId, Outcome)], known: &BTreeMap<(UnitId, Period), Last>) -> Compared {
    let mut compared = Compared::default();
    for (unit, outcome) in rows {
        let Outcome { period, measured } = *outcome;
        let last = known.get(&(*unit, period));
        let before = last.map_or(Measured::Nothing, |last| last.measured);
        if before == measured {
            match measured {
                Measured::Nothing => compared.n_missing += 1,
                _ => compared.n_same += 1,
            }
            continue;
        }
        let n = last.map_or(1, |last| last.n + 1);
        let corrects = last.map(|last| last.measured);
        compared.words.push(Word { unit: *unit, period, measured, n, corrects });
    }
    compared
}
