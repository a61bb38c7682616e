//! Who takes a step about a slot, and what he owes for it: whoever takes a slot from a unit says why.
//!
//! It does not know who may take it at all: `org::who` does.

use super::{SlotRefused, Step};

/// Who takes a step about a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taker {
    /// Whoever leads its unit.
    Unit,
    /// A rule that stood before the wave opened.
    Rule,
    /// Anybody else, whatever his role: a person, a program, the machine's operator.
    Other {
        /// The name others read.
        name: String,
    },
}

impl Taker {
    /// The reason as it is kept. Whoever takes the slot from a unit that is not his has to give one.
    pub fn reason(&self, step: Step, why: Option<String>) -> Result<String, SlotRefused> {
        match (self.decides(step), why) {
            (Some(_), None) => Err(SlotRefused::NoReason),
            (_, why) => Ok(why.unwrap_or_default()),
        }
    }

    /// Who decided over the unit's head that it has the slot no longer; `None` where nobody did.
    pub fn decides(&self, step: Step) -> Option<&str> {
        match (self, step) {
            (Taker::Other { name }, Step::GivenBack | Step::Lapsed | Step::Ended) => Some(name),
            _ => None,
        }
    }
}
