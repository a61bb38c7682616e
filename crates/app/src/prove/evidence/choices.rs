//! The words that options of `traction prove` take.

use clap::ValueEnum;
use traction_domain::prove::Method;

/// How the answer is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MethodOption {
    Auto,
    GroupTime,
    Imputation,
    Efficient,
    Interaction,
    TwoWay,
    Synthetic,
    SyntheticControl,
    Interrupted,
    RiskSet,
}

/// What is known about who started when.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum AssignmentOption {
    Random,
    Chosen,
}

/// How covariates are allowed for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum AdjustOption {
    Dr,
    Ipw,
    Reg,
}

/// What is taken off the efficient estimate.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum BetaOption {
    Best,
    #[value(name = "0")]
    Zero,
    #[value(name = "1")]
    One,
}

/// How errors are found.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum InferenceOption {
    Analytic,
    Bootstrap,
    Permutation,
}

/// What intervals hold.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum BandOption {
    Simultaneous,
    Pointwise,
}

/// Which units to compare with.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum CompareOption {
    Never,
    NotYet,
}

/// What periods before a start are measured from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum BaseOption {
    Varying,
    Universal,
}

/// What becomes of units with gaps.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum UnbalancedOption {
    Keep,
    Drop,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DirectionOption {
    Up,
    Down,
}

impl MethodOption {
    /// The method; `None` leaves the choice.
    pub(super) fn method(self) -> Option<Method> {
        Some(match self {
            MethodOption::Auto => return None,
            MethodOption::GroupTime => Method::GroupTime,
            MethodOption::Imputation => Method::Imputation,
            MethodOption::Efficient => Method::Efficient,
            MethodOption::Interaction => Method::Interaction,
            MethodOption::TwoWay => Method::TwoWay,
            MethodOption::Synthetic => Method::Synthetic,
            MethodOption::SyntheticControl => Method::SyntheticControl,
            MethodOption::Interrupted => Method::Interrupted,
            MethodOption::RiskSet => Method::RiskSet,
        })
    }
}
