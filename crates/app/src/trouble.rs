//! The kinds of trouble a verb can come back with, and nothing about how a door shows them.
//!
//! *Refused* is the domain's "no" and tells the person what to do. *Broken* is an accident of the shell.
//! An *impossible row* is a stored value that no verb could have written.

use sea_orm::DbErr;
use traction_domain::refusal::Refusal;

/// Why a verb did not do what was wished.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The domain says no.
    #[error("{0}")]
    Refused(Box<dyn Refusal>),
    /// It needs somebody who signed in.
    #[error("please sign in first")]
    NotSignedIn,
    /// It is not there, or the one who asks may not know of it.
    #[error("there is no {what} here; go back and pick one from the list")]
    NotFound {
        /// What was looked for, say "friction".
        what: &'static str,
    },
    /// An accident.
    #[error("{0}")]
    Broken(Broken),
}

/// An accident of the shell: logged once, where it is handled, with an id that the reader gets.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The database did not do what it was told.
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    /// A stored value that no verb could have written.
    #[error("impossible row: column {column} of `{query}` (id {id}) holds {found}")]
    ImpossibleRow {
        /// The column.
        column: String,
        /// The query that read it.
        query: String,
        /// The row's id, where it has one.
        id: String,
        /// What stands there.
        found: String,
    },
    /// A write came twice at once under one key, or its answer is not known any more. It is done, once.
    #[error(
        "what this Idempotency-Key asks for is done or under way, and its answer cannot be told; look at what is there before you send it anew"
    )]
    Repeated,
    /// Anything else that should not happen.
    #[error("{what}: {why}")]
    Accident {
        /// What was being done.
        what: &'static str,
        /// What came of it.
        why: String,
    },
}

impl Broken {
    /// An accident while doing `what`.
    pub fn accident(what: &'static str, why: impl std::fmt::Display) -> Broken {
        Broken::Accident { what, why: why.to_string() }
    }
}

impl<R: Refusal> From<R> for Trouble {
    fn from(refusal: R) -> Trouble {
        Trouble::Refused(Box::new(refusal))
    }
}

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Trouble {
        Trouble::Broken(broken)
    }
}
