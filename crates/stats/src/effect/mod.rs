//! What a staggered roll-out did: effects by start and period, their summaries, and checks on what they assume.
//!
//! It refuses what the data cannot carry, and counts what it leaves out. It passes no verdict.

mod adjust;
mod aggregate;
mod bacon;
mod bootstrap;
mod cell;
mod cross_sections;
mod drift;
mod efficient;
mod group_time;
mod honest;
mod imputation;
mod interaction;
mod interrupted;
mod made_up;
mod plan;
mod pre_trends;
mod refused;
pub mod risk_set;
mod rows;
mod sample;
mod scatter;
mod shares;
mod starts;
mod stream;
mod synthetic;
#[cfg(test)]
mod tests;
mod two_way;

pub use aggregate::{Part, Summary, by_exposure, by_exposure_covariance, by_period, by_start, simple};
pub use bacon::{Bacon, BaconRefused, Comparison, Control, Kind, bacon};
pub use bootstrap::{Band, Bands, Draws, Hold, Limits, Multiplier, bands};
pub use drift::{Drift, pre_trends_and_drift, pre_trends_and_drift_by_exposure};
pub use efficient::{
    Beta, BetaFrom, Efficient, EfficientCell, EfficientLeftOut, EfficientRefused, EfficientSettings,
    Estimand, ExposureCovariance, Reach, Sharpened, SharpenedSummary, efficient, permute_starts,
    permuted_reach,
};
pub use group_time::{Adjust, Base, Cell, Compare, GroupTime, Seen, Settings, group_time};
pub use honest::{
    Asked, Bar, BreakDown, End, Ends, EventStudy, Parting, Robust, SensitivityRefused, SensitivitySettings,
    break_down, robust,
};
pub use imputation::{Average, Imputation, ImputationRefused, ImputationSettings, NotImputed, imputation};
pub use interaction::{
    Interaction, InteractionRefused, InteractionSettings, NotInteracted, Wanted, interaction,
};
pub use interrupted::{
    Interrupted, InterruptedLeftOut, InterruptedRefused, InterruptedSettings, LeftOver, Point, Season,
    Seasons, SeriesChecks, interrupted,
};
pub use made_up::made_up_starts;
pub use pre_trends::{pre_trends, pre_trends_by_exposure};
pub use refused::GroupTimeRefused;
pub use sample::{LeftOut, Sample, WhyNoCell};
pub use starts::StartsRefused;
pub use synthetic::{
    MOST_DONORS, Penalties, Placebo, Solver, Synthetic, SyntheticLeftOut, SyntheticRefused,
    SyntheticSettings, Twin, Twinned, synthetic,
};
pub use two_way::{TwoWay, TwoWayRefused, two_way};
