//! Reading a row: typed values, or an exact complaint about what stands there instead.

use std::fmt::Display;
use std::str::FromStr;

use sea_orm::{QueryResult, TryGetable};
use traction_domain::time::Moment;

use crate::store::cell::{Cell, Kind};
use crate::trouble::Broken;

/// One row of a query's answer.
pub struct Row {
    inner: QueryResult,
    query: String,
}

impl Row {
    pub(super) fn new(inner: QueryResult, query: &str) -> Row {
        Row { inner, query: query.to_owned() }
    }

    fn get<T: TryGetable>(&self, column: &str) -> Result<Option<T>, Broken> {
        self.inner.try_get::<Option<T>>("", column).map_err(|error| self.impossible(column, error))
    }

    /// The complaint that `column` holds `found`.
    pub fn impossible(&self, column: &str, found: impl Display) -> Broken {
        let id = self.inner.try_get::<String>("", "id").unwrap_or_else(|_| "unknown".into());
        let query = self.query.split_whitespace().collect::<Vec<_>>().join(" ");
        Broken::ImpossibleRow { column: column.to_owned(), query, id, found: found.to_string() }
    }

    fn present<T>(&self, column: &str, value: Option<T>) -> Result<T, Broken> {
        value.ok_or_else(|| self.impossible(column, "nothing"))
    }

    /// What stands in a column of this kind, as it is.
    pub(super) fn cell(&self, column: &str, kind: Kind) -> Result<Cell, Broken> {
        Ok(match kind {
            Kind::Text => self.get(column)?.map_or(Cell::Nothing, Cell::Text),
            Kind::Whole => self.get(column)?.map_or(Cell::Nothing, Cell::Whole),
            Kind::Number => {
                self.get::<f64>(column)?.map_or(Cell::Nothing, |number| Cell::Number(number.to_bits()))
            }
        })
    }

    /// A text.
    pub fn text(&self, column: &str) -> Result<String, Broken> {
        self.present(column, self.get(column)?)
    }

    /// A text or nothing.
    pub fn maybe_text(&self, column: &str) -> Result<Option<String>, Broken> {
        self.get(column)
    }

    /// A text that means something: an id, a slug, a state.
    pub fn parsed<T: FromStr>(&self, column: &str) -> Result<T, Broken> {
        self.present(column, self.maybe_parsed(column)?)
    }

    /// As [`Row::parsed`], or nothing.
    pub fn maybe_parsed<T: FromStr>(&self, column: &str) -> Result<Option<T>, Broken> {
        let Some(text) = self.maybe_text(column)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.impossible(column, format!("`{text}`")))
    }

    /// A whole number of any sign.
    pub fn whole(&self, column: &str) -> Result<i64, Broken> {
        self.present(column, self.get(column)?)
    }

    /// A whole number or nothing.
    pub fn maybe_whole(&self, column: &str) -> Result<Option<i64>, Broken> {
        self.get(column)
    }

    /// A count: a whole number from 0.
    pub fn count(&self, column: &str) -> Result<usize, Broken> {
        let whole = self.whole(column)?;
        usize::try_from(whole).map_err(|_| self.impossible(column, whole))
    }

    /// A number.
    pub fn number(&self, column: &str) -> Result<f64, Broken> {
        self.present(column, self.get(column)?)
    }

    /// A number or nothing.
    pub fn maybe_number(&self, column: &str) -> Result<Option<f64>, Broken> {
        self.get(column)
    }

    /// A moment.
    pub fn moment(&self, column: &str) -> Result<Moment, Broken> {
        self.present(column, self.maybe_moment(column)?)
    }

    /// A moment or nothing.
    pub fn maybe_moment(&self, column: &str) -> Result<Option<Moment>, Broken> {
        let Some(milliseconds) = self.maybe_whole(column)? else { return Ok(None) };
        Moment::from_milliseconds(milliseconds).map(Some).ok_or_else(|| self.impossible(column, milliseconds))
    }
}
