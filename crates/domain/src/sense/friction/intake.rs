//! How a unit takes reports in: who sees them, and whether somebody looks at them first.
//!
//! What a report was promised when it was made stays: a unit that opens up later opens what is reported from then on.

use std::fmt;
use std::str::FromStr;

use crate::id::{PersonId, UnitId};
use crate::org::who::Who;
use crate::refusal::Refusal;

/// Who sees a friction; the narrower, the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everybody.
    #[default]
    All,
    /// Whoever belongs to the unit.
    Unit,
    /// One way: whoever reported it, and the unit's lead, who does not learn who that was.
    Lead,
}

/// When a report comes to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// At once.
    #[default]
    AtOnce,
    /// After somebody looked at it.
    First,
}

/// How a unit takes reports in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Who sees them.
    pub audience: Audience,
    /// When.
    pub look: Look,
}

/// Whether a friction is shown to those it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is.
    Yes,
    /// Somebody has to look at it first.
    Waits,
    /// Somebody looked at it, and holds it back with a reason.
    HeldBack,
}

/// What decides who sees a friction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The unit it happens in.
    pub unit: UnitId,
    /// Who sees it.
    pub audience: Audience,
    /// Whether it is shown.
    pub shown: Shown,
    /// Who reported it.
    pub reported_by: Option<PersonId>,
}

/// Why reports are not taken in that way, or one is not moved on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeRefused {
    /// Nobody would see it.
    #[error("this unit has no lead who could see it; choose who else may, or have a lead named first")]
    NobodyLeads,
    /// A word for something else.
    #[error("`{word}` is none of {among}; choose one of them")]
    Unknown {
        /// What was written.
        word: String,
        /// What would be right.
        among: &'static str,
    },
    /// Held back in silence.
    #[error("say why it is held back; whoever reported it will read it")]
    ReasonMissing,
    /// It is as wished already.
    #[error("this report is {shown} already")]
    AsItIs {
        /// How it is.
        shown: Shown,
    },
}

impl Refusal for IntakeRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            IntakeRefused::NobodyLeads => Some("audience"),
            IntakeRefused::Unknown { .. } | IntakeRefused::ReasonMissing | IntakeRefused::AsItIs { .. } => {
                None
            }
        }
    }
}

impl Audience {
    /// Every audience, the widest first.
    pub const EACH: [Audience; 3] = [Audience::All, Audience::Unit, Audience::Lead];

    /// Whether somebody sees what the other may see, and not what this one may.
    pub fn is_narrower_than(self, other: Audience) -> bool {
        let place = |of| Audience::EACH.iter().position(|one| *one == of);
        place(self) > place(other)
    }

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Audience::All => "all",
            Audience::Unit => "unit",
            Audience::Lead => "lead",
        }
    }
}

impl Look {
    /// Both.
    pub const EACH: [Look; 2] = [Look::AtOnce, Look::First];

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Look::AtOnce => "at-once",
            Look::First => "first",
        }
    }
}

impl Shown {
    /// Every kind.
    pub const EACH: [Shown; 3] = [Shown::Yes, Shown::Waits, Shown::HeldBack];

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Shown::Yes => "shown",
            Shown::Waits => "waits",
            Shown::HeldBack => "held-back",
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shown::Yes => "shown",
            Shown::Waits => "waiting for a look",
            Shown::HeldBack => "held back",
        })
    }
}

/// Reads `word` as one of `each`.
fn read<T: Copy>(
    each: &[T],
    of: fn(T) -> &'static str,
    word: &str,
    among: &'static str,
) -> Result<T, IntakeRefused> {
    let found = each.iter().copied().find(|one| of(*one) == word);
    found.ok_or_else(|| IntakeRefused::Unknown { word: word.to_owned(), among })
}

impl FromStr for Audience {
    type Err = IntakeRefused;

    fn from_str(word: &str) -> Result<Audience, IntakeRefused> {
        read(&Audience::EACH, Audience::word, word, "all, unit, lead")
    }
}

impl FromStr for Look {
    type Err = IntakeRefused;

    fn from_str(word: &str) -> Result<Look, IntakeRefused> {
        read(&Look::EACH, Look::word, word, "at-once, first")
    }
}

impl FromStr for Shown {
    type Err = IntakeRefused;

    fn from_str(word: &str) -> Result<Shown, IntakeRefused> {
        read(&Shown::EACH, Shown::word, word, "shown, waits, held-back")
    }
}

/// Who sees a new report: whoever its unit lets see them, or fewer, if whoever reports it wishes so.
pub fn audience(intake: Intake, wished: Audience) -> Audience {
    intake.audience.max(wished)
}

/// Whether `who` (`None`: a visitor) sees a friction.
pub fn sees(who: Option<&Who>, reach: &Reach) -> bool {
    let Some(who) = who else { return reach.shown == Shown::Yes && reach.audience == Audience::All };
    if reach.reported_by.is_some() && reach.reported_by == who.person() {
        return true;
    }
    match (reach.shown, reach.audience) {
        (Shown::Yes, Audience::All) => true,
        (Shown::Yes, Audience::Unit) => who.belongs_to(reach.unit),
        (Shown::Yes, Audience::Lead) | (Shown::Waits | Shown::HeldBack, _) => may_look(who, reach),
    }
}

/// Whether `who` looks at reports before others do. What is only for the unit is for its lead: not even an
/// administrator sees it.
pub fn may_look(who: &Who, reach: &Reach) -> bool {
    match reach.audience {
        Audience::All => who.speaks_for(reach.unit) || who.is_change_lead(),
        Audience::Unit | Audience::Lead => who.leads(reach.unit),
    }
}

/// Whether `who` answers a friction, merges it, names its metric and its owner.
pub fn may_answer(who: &Who, reach: &Reach) -> bool {
    sees(Some(who), reach) && (who.speaks_for(reach.unit) || who.is_change_lead() || who.is_coach())
}

/// The words that go with a look at a report, when it can move from `shown` to `next`.
pub fn look(shown: Shown, next: Shown, words: &str) -> Result<String, IntakeRefused> {
    if shown == next || next == Shown::Waits {
        return Err(IntakeRefused::AsItIs { shown });
    }
    let words: String = words.trim().chars().take(1_000).collect();
    if next == Shown::HeldBack && words.is_empty() {
        return Err(IntakeRefused::ReasonMissing);
    }
    Ok(words)
}
