//! Why nothing could be imputed, and what would make it possible.

/// Why there are no imputed effects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImputationRefused {
    /// One period.
    #[error("there is only one period; at least one before a start and one after it are needed")]
    TooFewPeriods,
    /// One unit.
    #[error(
        "there is only one unit; at least one that starts and one that does so later or never are needed"
    )]
    TooFewUnits,
    /// No starts.
    #[error(
        "no unit starts within the observed periods, so there is no effect to find; check the starts, or wait for the first"
    )]
    NobodyStarts,
    /// Only starts without a before.
    #[error(
        "every unit that starts does so too early to have been seen before ({n_units} units); \
         add at least one earlier period{}", if *anticipation > 0 { " or assume less anticipation" } else { "" }
    )]
    NothingBefore {
        /// Units that start too early.
        n_units: usize,
        /// Periods before the start in which an effect was allowed for.
        anticipation: u32,
    },
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
