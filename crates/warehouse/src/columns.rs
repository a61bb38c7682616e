//! An answer column by column, as text, and no more of it than is taken.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use traction_domain::measure::source::answer::{Answer, Limits, RunRefused};

/// An answer as it came: column by column, as text.
#[derive(Clone, Debug)]
pub struct Columns {
    header: Vec<String>,
    batches: Vec<RecordBatch>,
    order: Order,
}

/// In which order rows came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// In the query's.
    Asked,
    /// In none: whichever part was done first.
    None,
}

/// An answer while it comes.
#[derive(Debug)]
pub(crate) struct Taken {
    limits: Limits,
    batches: Vec<RecordBatch>,
    n_rows: usize,
    n_bytes: usize,
}

impl Taken {
    /// Nothing as yet.
    pub(crate) fn within(limits: Limits) -> Taken {
        Taken { limits, batches: Vec::new(), n_rows: 0, n_bytes: 0 }
    }

    /// Takes further rows; their columns are texts.
    pub(crate) fn take(&mut self, batch: RecordBatch) -> Result<(), RunRefused> {
        self.n_rows += batch.num_rows();
        self.n_bytes += batch.columns().iter().map(n_bytes_of).sum::<usize>();
        if self.n_rows > self.limits.n_rows {
            return Err(RunRefused::TooManyRows { n_rows: self.limits.n_rows });
        }
        if self.n_bytes > self.limits.n_bytes {
            return Err(RunRefused::TooLarge { n_megabytes: self.limits.n_bytes >> 20 });
        }
        self.batches.push(batch);
        Ok(())
    }

    /// All of it.
    pub(crate) fn done(self, header: Vec<String>, order: Order) -> Columns {
        Columns { header, batches: self.batches, order }
    }
}

impl Columns {
    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The rows.
    pub fn answer(&self) -> Result<Answer, RunRefused> {
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(self.n_rows());
        for batch in &self.batches {
            let columns: Vec<_> = batch.columns().iter().map(|column| column.as_string::<i32>()).collect();
            for at in 0..batch.num_rows() {
                // No value is an empty cell, as in any table.
                let cells = columns.iter().map(|column| match column.is_null(at) {
                    true => String::new(),
                    false => column.value(at).to_owned(),
                });
                rows.push(cells.collect());
            }
        }
        if rows.is_empty() {
            return Err(RunRefused::NoRows);
        }
        if self.order == Order::None {
            rows.sort_unstable();
        }
        let rows = rows.into_iter().enumerate().map(|(at, cells)| (at as u64 + 1, cells)).collect();
        Ok(Answer { header: self.header.clone(), rows })
    }
}

fn n_bytes_of(column: &ArrayRef) -> usize {
    let offsets = column.as_string::<i32>().value_offsets();
    match (offsets.first(), offsets.last()) {
        (Some(first), Some(last)) => usize::try_from(last - first).unwrap_or_default(),
        _ => 0,
    }
}
