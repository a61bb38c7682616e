//! Which method answers, with which comparison, and why, in words.
//!
//! One method is there so far: effects by start and period. Whoever asks for another is told so at the door.

use traction_stats::effect::{Base, Compare, Settings};
use traction_stats::panel::Panel;
use traction_stats::uncertainty::Level;

/// With fewer never-started units than this, those that have not started yet are compared as well.
const NEVER_UNITS_ENOUGH: usize = 10;

/// How an answer is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Effects by start and period.
    GroupTime,
}

/// What whoever asks has settled beforehand; the rest is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wish {
    /// Which units to compare with; `None` leaves the choice to the data.
    pub compare: Option<Compare>,
    /// What periods before a start are measured from.
    pub base: Base,
    /// Steps before the start in which an effect is allowed for.
    pub anticipation: u32,
    /// How much of the truth intervals are to hold.
    pub level: Level,
}

/// The design chosen, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// How the answer is found.
    pub method: Method,
    /// With which settings.
    pub settings: Settings,
    /// Why this method and this comparison.
    pub why: String,
}

impl Design {
    /// The design for a panel. It can be chosen for any; whether the data carry it, the method itself says.
    pub fn choose(panel: &Panel, wish: &Wish) -> Self {
        let n_never = panel.never().len();
        let (compare, reason) = match (wish.compare, n_never) {
            (Some(Compare::Never), _) => (Compare::Never, "as asked, with units that never start".to_owned()),
            (Some(Compare::NotYet), _) => {
                (Compare::NotYet, "as asked, with units that have not started yet or never do".to_owned())
            }
            (None, 0) => (
                Compare::NotYet,
                "with units that have not started yet, because every unit starts in the end".to_owned(),
            ),
            (None, n) if n < NEVER_UNITS_ENOUGH => (
                Compare::NotYet,
                format!(
                    "with units that have not started yet as well, because only {n} never start{}",
                    if n == 1 { "s" } else { "" }
                ),
            ),
            (None, n) => (Compare::Never, format!("with the {n} units that never start, which are enough")),
        };
        let settings = Settings {
            compare,
            base: wish.base,
            anticipation: wish.anticipation,
            level: wish.level,
            ..Settings::default()
        };
        let why = format!("Starting units are compared, start by start and period by period, {reason}.");
        Design { method: Method::GroupTime, settings, why }
    }
}
