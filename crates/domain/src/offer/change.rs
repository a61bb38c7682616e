//! Changes: one solution being rolled out, the goal it serves, and a prediction that is locked before anybody has it.

use sha2::{Digest, Sha256};

use crate::id::{GoalId, MetricId, UnitId};
use crate::org::slug::Slug;
use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

/// A change as it is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeProposed {
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What it promises to those who get it.
    pub promise: String,
    /// The unit it is at home in; `None` for one of the whole organisation.
    pub unit: Option<UnitId>,
    /// The goal it serves.
    pub goal: GoalId,
    /// The metric by which its effect is judged.
    pub metric: MetricId,
    /// The smallest effect that would be worth it, in the metric's unit; 0 or more.
    pub worth: f64,
    /// The key the real system asks for.
    pub flag_key: String,
}

/// Why a change was not opened.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChangeRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// The name has nothing a short name could be made of.
    #[error(
        "`{name}` has no letter or digit that a short name could be made of; name the change in other words"
    )]
    NoShortName {
        /// The name.
        name: String,
    },
    /// The short name or flag key is taken.
    #[error("there is a change `{slug}` already; name yours otherwise")]
    Taken {
        /// The short name.
        slug: Slug,
    },
    /// A smallest effect below nothing.
    #[error(
        "the smallest effect worth it is {}; give its size without a sign, 0 or more, in the metric's unit",
        refusal::figure(*given)
    )]
    Worth {
        /// What was given.
        given: f64,
    },
    /// Pausing in silence.
    #[error("say in a sentence why; the units that have it will read it")]
    ReasonMissing,
    /// Paused twice, or resumed while it runs.
    #[error("this change is {state} already")]
    AlreadySo {
        /// "paused" or "running".
        state: &'static str,
    },
}

impl Refusal for ChangeRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            ChangeRefused::Text(text) => text.field(),
            ChangeRefused::NoShortName { .. } | ChangeRefused::Taken { .. } => Some("name"),
            ChangeRefused::Worth { .. } => Some("worth"),
            ChangeRefused::ReasonMissing => Some("why"),
            ChangeRefused::AlreadySo { .. } => None,
        }
    }
}

/// Whether a change is switched on for those who hold a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeState {
    /// It is.
    Running,
    /// It is switched off for everybody for now.
    Paused,
}

/// What is written of a change to open it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeWords<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it promises.
    pub promise: &'a str,
    /// Its flag key; empty: the short name.
    pub flag_key: &'a str,
}

/// The change, when it can be kept. Its short name is made from its name.
pub fn propose(
    words: &ChangeWords,
    unit: Option<UnitId>,
    goal: GoalId,
    metric: MetricId,
    worth: f64,
) -> Result<ChangeProposed, ChangeRefused> {
    let name = refusal::text(words.name, "name", "the change's name", 80)?;
    let slug = Slug::suggested(&name).ok_or_else(|| ChangeRefused::NoShortName { name: name.clone() })?;
    let promise = refusal::text(words.promise, "promise", "what it promises", 400)?;
    let flag_key = refusal::maybe_text(words.flag_key, "flag_key", "the flag key", 100)?;
    if !worth.is_finite() || worth < 0.0 {
        return Err(ChangeRefused::Worth { given: worth });
    }
    let flag_key = flag_key.unwrap_or_else(|| slug.to_string());
    Ok(ChangeProposed { slug, name, promise, unit, goal, metric, worth, flag_key })
}

/// A prediction as it is locked.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionLocked {
    /// What is expected, in words.
    pub words: String,
    /// The effect expected, in the metric's unit, with its sign.
    pub effect: f64,
    /// SHA-256, in hex, of `change`, `words`, `effect` and the moment, one a line: whoever was given it can tell
    /// later that nothing was edited.
    pub hash: String,
}

/// Why a prediction was not locked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PredictionRefused {
    /// The words are missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Not a number.
    #[error("the expected effect is {}; give a number in the metric's unit, with its sign", refusal::figure(*given))]
    Effect {
        /// What was given.
        given: f64,
    },
    /// It is locked.
    #[error("the prediction was locked on {at} and stays as it is")]
    Locked {
        /// When.
        at: Moment,
    },
    /// Somebody has the solution already.
    #[error("the first slot started on {at}; a prediction made after that would not be one")]
    TooLate {
        /// When the first slot started.
        at: Moment,
    },
}

impl Refusal for PredictionRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            PredictionRefused::Text(text) => text.field(),
            PredictionRefused::Effect { .. } => Some("effect"),
            PredictionRefused::Locked { .. } | PredictionRefused::TooLate { .. } => None,
        }
    }
}

/// The prediction, locked at `now`, unless there is one or the first slot has started.
pub fn lock(
    change: &Slug,
    words: &str,
    effect: f64,
    earlier: Option<Moment>,
    first_start: Option<Moment>,
    now: Moment,
) -> Result<PredictionLocked, PredictionRefused> {
    if let Some(at) = earlier {
        return Err(PredictionRefused::Locked { at });
    }
    if let Some(at) = first_start.filter(|at| *at <= now) {
        return Err(PredictionRefused::TooLate { at });
    }
    let words = refusal::text(words, "prediction", "what you expect", 600)?;
    if !effect.is_finite() {
        return Err(PredictionRefused::Effect { given: effect });
    }
    let hash = seal(change, &words, effect, now);
    Ok(PredictionLocked { words, effect, hash })
}

/// The hash that is published when a prediction is locked: SHA-256 in hex of change, words, effect and moment, a line each.
pub fn seal(change: &Slug, words: &str, effect: f64, locked_at: Moment) -> String {
    hex::encode(Sha256::digest(format!("{change}\n{words}\n{effect}\n{locked_at}")))
}
