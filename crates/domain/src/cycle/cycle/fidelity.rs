//! How much of a cycle was a test: five marks, computed from the record, never asked for.
//!
//! The marks are those by which published PDSA work is judged: Taylor, McNicholas, Nicolay, Darzi, Bell and Reed
//! (2014), BMJ Quality & Safety 23(4), 290-298. The numbers (28 days, 3 days with data) are ours.

use jiff::civil::Date;

use crate::time::Moment;

/// Days that a small test lasts at most.
const N_DAYS_SMALL: f64 = 28.0;
/// Different days with data that make "over time".
const N_DATES_OVER_TIME: usize = 3;

/// A mark of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// What was expected was locked before the data it is held against.
    PredictionBeforeData,
    /// One unit, at most four weeks.
    SmallScale,
    /// It follows a cycle, or one follows it.
    SeveralCycles,
    /// Values of three days or more since the prediction.
    DataOverTime,
    /// What was done, what was seen and what was learnt are in the record.
    WrittenDown,
}

/// Whether a mark is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is.
    Yes,
    /// Not yet; the cycle is open, or its successor may come.
    NotYet,
    /// It is not, and will not be.
    No,
}

/// What the marks are computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// When the cycle started.
    pub started_at: Moment,
    /// The date on which its prediction was locked, where the unit is.
    pub predicted_on: Option<Date>,
    /// The dates of its values, in any order.
    pub dates: Vec<Date>,
    /// How many notes say what was done.
    pub n_do: usize,
    /// How many notes say what was seen.
    pub n_study: usize,
    /// Cycles before and after it in its row, itself not counted.
    pub n_neighbours: usize,
    /// When it was closed, with what was learnt.
    pub closed_at: Option<Moment>,
    /// The present.
    pub now: Moment,
}

impl Criterion {
    /// All five, in the order of the loop.
    pub const ALL: [Criterion; 5] = [
        Criterion::PredictionBeforeData,
        Criterion::SmallScale,
        Criterion::SeveralCycles,
        Criterion::DataOverTime,
        Criterion::WrittenDown,
    ];

    /// The mark in words.
    pub fn says(self) -> &'static str {
        match self {
            Criterion::PredictionBeforeData => "The prediction came before the data",
            Criterion::SmallScale => "Small: one unit, at most four weeks",
            Criterion::SeveralCycles => "One of several cycles",
            Criterion::DataOverTime => "Data over time: three days or more",
            Criterion::WrittenDown => "Written down: done, seen, learnt",
        }
    }
}

/// Each mark of the cycle.
pub fn fidelity(record: &Record) -> [(Criterion, Held); 5] {
    Criterion::ALL.map(|criterion| (criterion, held(record, criterion)))
}

fn held(record: &Record, criterion: Criterion) -> Held {
    let open = |is_there: bool| match (is_there, record.closed_at) {
        (true, _) => Held::Yes,
        (false, None) => Held::NotYet,
        (false, Some(_)) => Held::No,
    };
    match criterion {
        // Values of earlier days are a baseline: known before, so nothing was predicted of them.
        Criterion::PredictionBeforeData => open(!dates_since_prediction(record).is_empty()),
        Criterion::SmallScale => {
            let lasted = record.closed_at.unwrap_or(record.now).days_since(record.started_at);
            match record.closed_at {
                _ if lasted > N_DAYS_SMALL => Held::No,
                Some(_) => Held::Yes,
                None => Held::NotYet,
            }
        }
        Criterion::SeveralCycles if record.n_neighbours > 0 => Held::Yes,
        // A cycle that was closed can still be followed by another.
        Criterion::SeveralCycles => Held::NotYet,
        Criterion::DataOverTime => open(dates_since_prediction(record).len() >= N_DATES_OVER_TIME),
        Criterion::WrittenDown => open(record.n_do > 0 && record.n_study > 0 && record.closed_at.is_some()),
    }
}

/// The different days with values since the prediction.
fn dates_since_prediction(record: &Record) -> Vec<Date> {
    let Some(predicted_on) = record.predicted_on else { return vec![] };
    let mut dates: Vec<Date> = record.dates.iter().copied().filter(|date| *date >= predicted_on).collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}
