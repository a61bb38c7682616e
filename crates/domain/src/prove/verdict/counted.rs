//! What a verdict counts: units, or rows of people that differ each time, which belong to no unit.

use traction_stats::effect::{Compare, Seen};
use traction_stats::panel::Panel;

use super::super::wish::{Told, Wish};
use super::Comparison;

/// What a sentence counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counted {
    /// Units, each followed.
    #[default]
    Units,
    /// Rows, each of somebody else.
    Rows,
}

impl Counted {
    /// What is counted of a panel.
    pub(in super::super) fn of(panel: &Panel, wish: &Wish) -> Self {
        match (wish.seen, wish.told) {
            (Seen::InEither, Told::All) if !panel.has_recurring_units() => Counted::Rows,
            _ => Counted::Units,
        }
    }

    /// Fixed words on units, as they go with what is counted.
    pub(in super::super) fn words(self, of_units: &str) -> String {
        match self {
            Counted::Units => of_units.to_owned(),
            Counted::Rows => of_units.replace("unit", "row"),
        }
    }

    /// In whom the effect is.
    pub(super) fn whom(self, comparison: Comparison) -> String {
        match self {
            Counted::Units => comparison.whom().to_owned(),
            Counted::Rows => "those that started".to_owned(),
        }
    }

    /// The other side of the comparison.
    pub(super) fn others(self, comparison: Comparison) -> String {
        use Comparison::{Never, NotYet, Timing};
        match (self, comparison) {
            (Counted::Rows, Never { n_never } | Timing { n_never, compare: Compare::Never }) => {
                format!("the {n_never} rows of those that never started")
            }
            (Counted::Rows, NotYet { n_never: 0 }) => "those that started later".to_owned(),
            (Counted::Rows, NotYet { n_never }) => {
                format!("those that started later or never (the latter {n_never} rows)")
            }
            _ => self.words(&comparison.others()),
        }
    }
}
