//! One series from a table, and its three phases. Every refusal names file, line, column and what would be right.

use std::io::Read;
use std::ops::Range;

use traction_domain::sustain::watch::Series;
use traction_stats::panel::{NotAPeriod, Period};
use traction_stats::table::{Table, TableRefused};

/// Which columns hold what.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// When each reading is from.
    pub when: &'a str,
    /// The reading.
    pub value: &'a str,
    /// Which phase it belongs to, where a column says so.
    pub phase: Option<&'a str>,
}

/// One reading of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its period.
    pub when: Period,
    /// As the file writes it.
    pub written: String,
    /// Its value.
    pub value: f64,
    /// What the phase column says.
    phase: String,
    line: u64,
}

/// A series in the order of its periods.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// The readings.
    pub points: Vec<Point>,
    /// Rows without a value, which were left out.
    pub n_empty: usize,
}

/// Where the phases are, as half-open ranges of places in the series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phases {
    /// Before the change.
    pub before: Range<usize>,
    /// With the change.
    pub gained: Range<usize>,
    /// Since its level was frozen.
    pub watched: Range<usize>,
}

/// Why a file holds no series that can be watched.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum SeriesRefused {
    /// The table cannot be read.
    #[error(transparent)]
    Table(#[from] TableRefused),
    /// One period has two readings.
    #[error(
        "line {line}, column `{column}`: {when} stands on line {first} already; leave one row for each period"
    )]
    Twice {
        /// The column.
        column: String,
        /// The period.
        when: Period,
        /// Where it stands first.
        first: u64,
        /// Where it stands again.
        line: u64,
    },
    /// Periods of two kinds.
    #[error(
        "line {line}, column `{column}`: {when} is not one of the {kind} before it; write all periods in one way"
    )]
    MixedKinds {
        /// Where.
        line: u64,
        /// The column.
        column: String,
        /// The period.
        when: Period,
        /// The kind of those before.
        kind: traction_stats::panel::Kind,
    },
    /// No readings.
    #[error("there is no reading in column `{column}`; give at least two before and two after the change")]
    Empty {
        /// The column.
        column: String,
    },
    /// Nothing says where the change is.
    #[error("say where the change began: --split N (readings before it), or --phase COLUMN")]
    NoSplit,
    /// Several splits, or none that is a number.
    #[error("--split {split} is not one whole number; give how many readings come before the change")]
    SplitNotOne {
        /// What was written.
        split: String,
    },
    /// No period at all.
    #[error("--frozen-at {frozen_at} cannot be read; {}", NotAPeriod::WANTED)]
    FrozenNotAPeriod {
        /// What was written.
        frozen_at: String,
    },
    /// A split beyond the series.
    #[error(
        "--split {split} leaves nothing on one side of it: there are {n} readings; give a number from 1 to {last}"
    )]
    SplitOutside {
        /// The place given.
        split: usize,
        /// Readings there are.
        n: usize,
        /// The last place that would do.
        last: usize,
    },
    /// The level is frozen before the change.
    #[error("--frozen-at {frozen_at} does not lie after the change at {change}; give a later period")]
    FrozenBeforeChange {
        /// The period given.
        frozen_at: Period,
        /// The first period with the change.
        change: Period,
    },
    /// It is written in another way than the file's periods.
    #[error(
        "--frozen-at {frozen_at} is not one of the {kind} of column `{column}`; write it as the file does"
    )]
    FrozenOtherwise {
        /// The period given.
        frozen_at: Period,
        /// The file's kind.
        kind: traction_stats::panel::Kind,
        /// The column.
        column: String,
    },
    /// Too few or too many phases, or one that comes back.
    #[error(
        "column `{column}` must name two or three phases, one after the other (before, with, since); it names {found}"
    )]
    PhasesOutOfOrder {
        /// The column.
        column: String,
        /// The names in the order in which they come.
        found: String,
    },
}

/// Reads a series; rows without a value are left out and counted.
pub fn read(input: impl Read, columns: Columns<'_>) -> Result<Points, SeriesRefused> {
    let mut table = Table::open(input)?;
    let (when, value) = (table.column(columns.when)?, table.column(columns.value)?);
    let phase = columns.phase.map(|name| table.column(name)).transpose()?;
    let mut points: Vec<Point> = Vec::new();
    let mut n_empty = 0;
    while let Some(row) = table.next_row()? {
        let written = row.some_text(&when, NotAPeriod::WANTED)?.to_owned();
        let period: Period = written.parse().map_err(|_| row.bad(&when, NotAPeriod::WANTED))?;
        if matches!(row.text(&value), "" | "NA") {
            n_empty += 1;
            continue;
        }
        let number = row.number(&value, "give a number, or leave the cell empty")?;
        let phase = phase.as_ref().map_or("", |column| row.text(column)).to_owned();
        points.push(Point { when: period, written, value: number, phase, line: row.line });
    }
    in_order(points, n_empty, columns)
}

fn in_order(mut points: Vec<Point>, n_empty: usize, columns: Columns<'_>) -> Result<Points, SeriesRefused> {
    let column = || columns.when.to_owned();
    let empty = || SeriesRefused::Empty { column: columns.value.to_owned() };
    let kind = points.first().ok_or_else(empty)?.when.kind();
    if let Some(other) = points.iter().find(|point| point.when.kind() != kind) {
        let (line, when) = (other.line, other.when);
        return Err(SeriesRefused::MixedKinds { line, column: column(), when, kind });
    }
    points.sort_by_key(|point| (point.when, point.line));
    if let Some(pair) = points.windows(2).find(|pair| pair[0].when == pair[1].when) {
        let (first, line, when) = (pair[0].line, pair[1].line, pair[0].when);
        return Err(SeriesRefused::Twice { column: column(), when, first, line });
    }
    Ok(Points { points, n_empty })
}

impl Points {
    /// The phases by place and date: `split` readings come before the change; from `frozen_at` on it is watched.
    pub fn phases_at(
        &self,
        split: usize,
        frozen_at: Option<Period>,
        column: &str,
    ) -> Result<Phases, SeriesRefused> {
        let n = self.points.len();
        let last = n.saturating_sub(1);
        if split == 0 || split > last {
            return Err(SeriesRefused::SplitOutside { split, n, last });
        }
        let frozen = match frozen_at {
            None => n,
            Some(frozen_at) => {
                let change = self.points[split].when;
                if frozen_at.kind() != change.kind() {
                    let (kind, column) = (change.kind(), column.to_owned());
                    return Err(SeriesRefused::FrozenOtherwise { frozen_at, kind, column });
                }
                if frozen_at <= change {
                    return Err(SeriesRefused::FrozenBeforeChange { frozen_at, change });
                }
                self.points.partition_point(|point| point.when < frozen_at)
            }
        };
        Ok(Phases { before: 0..split, gained: split..frozen, watched: frozen..n })
    }

    /// The phases as the phase column names them, in their order.
    pub fn phases_named(&self, column: &str) -> Result<Phases, SeriesRefused> {
        let mut ends: Vec<(&str, usize)> = Vec::new();
        for (place, point) in self.points.iter().enumerate() {
            match ends.last_mut() {
                Some((name, end)) if *name == point.phase => *end = place + 1,
                _ => ends.push((&point.phase, place + 1)),
            }
        }
        match ends.as_slice() {
            [(a, before), (b, gained)] if a != b => {
                Ok(Phases { before: 0..*before, gained: *before..*gained, watched: *gained..*gained })
            }
            [(a, before), (b, gained), (c, watched)] if a != b && b != c && a != c => {
                Ok(Phases { before: 0..*before, gained: *before..*gained, watched: *gained..*watched })
            }
            _ => {
                let names: Vec<String> = ends.iter().map(|(name, _)| format!("`{name}`")).collect();
                Err(SeriesRefused::PhasesOutOfOrder { column: column.to_owned(), found: names.join(", ") })
            }
        }
    }

    /// The values of the three phases.
    pub fn series(&self, phases: &Phases) -> Series {
        let values =
            |range: &Range<usize>| self.points[range.clone()].iter().map(|point| point.value).collect();
        Series {
            before: values(&phases.before),
            gained: values(&phases.gained),
            watched: values(&phases.watched),
        }
    }

    /// What one reading covers, as far as the periods tell.
    pub fn period(&self) -> traction_domain::sustain::Period {
        let periods: Vec<Period> = self.points.iter().map(|point| point.when).collect();
        traction_domain::sustain::Period::of(&periods)
    }
}
