//! What some records hold besides the main numbers: the effect on users, each draw by itself, the course expected, how
//! the lot fell.

use serde::{Deserialize, Serialize};
use traction_domain::prove::{self as rules, Course};
use traction_stats::effect::risk_set::{SetEffect, WeakInterval};
use traction_stats::uncertainty::permutation::Fell;

use super::EstimateJson;
use super::of::estimate;

/// What can be said of those who used it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsersJson {
    /// The effect of being granted a slot, of units whose use is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<EstimateJson>,
    /// How much more of the time winners used it than losers; a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference_in_use: Option<EstimateJson>,
    /// The effect on units that use a slot if and only if they are granted one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<EstimateJson>,
    /// The effects that the draws do not rule out, however little use differed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_ruled_out: Option<NotRuledOutJson>,
    /// One or two plain sentences.
    pub says: String,
}

/// Effects that are not ruled out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NotRuledOutJson {
    /// Those from one end to the other.
    Between {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// All but those strictly between.
    Outside {
        /// Up to here.
        below: f64,
        /// From here on.
        above: f64,
    },
    /// All.
    Everything,
}

/// What one draw says in the tier that its slots did not reach round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetJson {
    /// The first period with its slots.
    pub start: String,
    /// The tier's band; small comes first.
    pub band: i64,
    /// Its layer.
    pub layer: i64,
    /// Units with a slot.
    pub winners: usize,
    /// Units without.
    pub losers: usize,
    /// What it counts for in the whole (0 to 1).
    pub share: f64,
    /// Its effect.
    #[serde(flatten)]
    pub effect: EstimateJson,
}

/// What was seen of the units of a start, beside what was expected of them without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CourseJson {
    /// The start.
    pub start: String,
    /// By period, ascending.
    pub points: Vec<CoursePointJson>,
}

/// A period of a course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoursePointJson {
    /// The period.
    pub period: String,
    /// What was seen.
    pub observed: f64,
    /// What was expected without it.
    pub expected: f64,
}

/// How the lot alone let the effect fall, in standard errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ByLotJson {
    /// What happened.
    pub happened: f64,
    /// Where the first step begins.
    pub first: f64,
    /// How wide each step is.
    pub step: f64,
    /// How many lots fell into each; the outermost hold what is beyond.
    pub counts: Vec<u64>,
}

pub(super) fn on_users(users: &rules::Users) -> UsersJson {
    let found = users.found.as_ref();
    UsersJson {
        granted: found.map(|found| estimate(&found.granted)),
        difference_in_use: found.map(|found| estimate(&found.difference_in_use)),
        effect: found.map(|found| estimate(&found.effect)),
        not_ruled_out: found.map(|found| match found.not_ruled_out {
            WeakInterval::Between { low, high } => NotRuledOutJson::Between { low, high },
            WeakInterval::Outside { below, above } => NotRuledOutJson::Outside { below, above },
            WeakInterval::Everything => NotRuledOutJson::Everything,
        }),
        says: users.says.clone(),
    }
}

pub(super) fn set(set: &SetEffect) -> SetJson {
    SetJson {
        start: set.at.to_string(),
        band: set.tier.band,
        layer: set.tier.layer,
        winners: set.n_winners,
        losers: set.n_losers,
        share: set.share,
        effect: estimate(&set.effect),
    }
}

pub(super) fn course(course: &Course) -> CourseJson {
    let point = |(period, observed, expected): &(_, f64, f64)| {
        let period: &traction_stats::panel::Period = period;
        CoursePointJson { period: period.to_string(), observed: *observed, expected: *expected }
    };
    CourseJson { start: course.start.to_string(), points: course.points.iter().map(point).collect() }
}

pub(super) fn by_lot(fell: &Fell) -> ByLotJson {
    // A statistic without an error is infinite, which no number in JSON is.
    let happened = fell.happened.clamp(f64::MIN, f64::MAX);
    ByLotJson { happened, first: Fell::FIRST, step: Fell::STEP, counts: fell.counts.to_vec() }
}
