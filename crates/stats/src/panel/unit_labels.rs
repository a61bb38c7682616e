//! The labels of a panel's units, in one text: many units have short ones, for which texts of their own would take
//! more room than outcomes of several periods.

use std::ops::Index;

/// Labels of units, in the order of a panel's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitLabels {
    text: String,
    /// By unit, where in the text its label ends.
    ends: Vec<usize>,
}

impl UnitLabels {
    /// How many units there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The label of a unit (a row); `None` where the panel has no such row.
    pub fn get(&self, unit: usize) -> Option<&str> {
        let end = *self.ends.get(unit)?;
        let start = unit.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }

    /// All labels, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|unit| &self[unit])
    }

    pub(super) fn push(&mut self, label: &str) {
        self.text.push_str(label);
        self.ends.push(self.text.len());
    }

    /// The labels of some units (rows), in that order.
    pub(super) fn of(&self, rows: impl Iterator<Item = usize>) -> Self {
        let mut labels = UnitLabels::default();
        rows.for_each(|row| labels.push(&self[row]));
        labels
    }

    /// Gives back the room that no label needs.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl Index<usize> for UnitLabels {
    type Output = str;

    /// The label of a unit of the panel.
    ///
    /// # Panics
    /// Where the panel has no such row, as a slice does.
    fn index(&self, unit: usize) -> &str {
        let start = unit.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[unit]]
    }
}

impl<const N: usize> PartialEq<[&str; N]> for UnitLabels {
    fn eq(&self, other: &[&str; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}
