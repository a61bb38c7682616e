//! Why nothing could be imputed, and what would make it possible.

use crate::effect::StartsRefused;

/// Why there are no imputed effects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImputationRefused {
    /// The starts let nothing be compared, whatever the method.
    #[error(transparent)]
    Starts(#[from] StartsRefused),
    /// No treated observation has an untreated one in its period.
    #[error(
        "in no period after a start were other units seen that had not started, so there is nothing to impute from; \
         hold some units back, or add units that start later or never"
    )]
    NothingToImputeFrom,
    /// A covariate that unit and period effects make up.
    #[error(
        "the covariate `{name}` is the same as effects of unit and period before the starts, so it says nothing more; \
         leave it out"
    )]
    SilentCovariate {
        /// Its name.
        name: String,
    },
    /// Covariates that repeat each other.
    #[error(
        "some of the covariates {} say the same as others; leave one of them out",
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )]
    RepeatedCovariates {
        /// Their names.
        names: Vec<String>,
    },
}
