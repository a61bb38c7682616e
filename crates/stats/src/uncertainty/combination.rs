//! Numbers that are weighted sums of others.

/// A weighted sum of columns: the effects, and the shares they are weighted by, each by its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Combination {
    terms: Vec<(usize, f64)>,
}

impl Combination {
    /// The sum of nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// One column by itself.
    pub fn of(column: usize) -> Self {
        Combination { terms: vec![(column, 1.0)] }
    }

    /// Adds `weight` times a column.
    pub fn put(&mut self, weight: f64, column: usize) {
        self.terms.push((column, weight));
    }

    /// Adds `weight` times another sum.
    pub fn add(&mut self, weight: f64, other: &Combination) {
        self.terms.extend(other.terms.iter().map(|(column, own)| (*column, weight * own)));
    }

    /// Columns and their weights; a column may come more than once.
    pub fn terms(&self) -> &[(usize, f64)] {
        &self.terms
    }
}
