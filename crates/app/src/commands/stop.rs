//! How a command ends: done, or stopped with its exit code.

use traction_domain::refusal::Refusal;

use crate::store::OpenRefused;
use crate::trouble::{Broken, Trouble};

/// It was done.
pub struct Done;

/// Why a command stopped; each kind has its exit code.
#[derive(Debug)]
pub enum Stop {
    /// The answer is "no": exit 1. It has been printed.
    No,
    /// Bad input, usage, or surroundings to put right: exit 2.
    Input(String),
    /// The database was not opened: exit 2.
    NotOpened(OpenRefused),
    /// An accident: exit 3.
    Broken(Broken),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Stop {
        match trouble {
            Trouble::Broken(broken) => Stop::Broken(broken),
            Trouble::NotFound { what } => {
                Stop::Input(format!("there is no such {what}; check its name or id"))
            }
            other => Stop::Input(other.to_string()),
        }
    }
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Stop {
        Stop::Broken(broken)
    }
}

impl From<OpenRefused> for Stop {
    fn from(refused: OpenRefused) -> Stop {
        Stop::NotOpened(refused)
    }
}

impl<R: Refusal> From<R> for Stop {
    fn from(refusal: R) -> Stop {
        Stop::Input(refusal.to_string())
    }
}
