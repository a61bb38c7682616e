//! Why a draw, or a step on the way to it, did not take place. Each reason says what the person can do.

use super::SourceRefused;
use crate::refusal::Refusal;
use crate::time::Moment;

/// Why a draw did not take place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawRefused {
    /// Too early.
    #[error("applications are open until {}; draw after that", until.told())]
    StillOpen {
        /// When they close.
        until: Moment,
    },
    /// A wave is drawn once.
    #[error("this wave was drawn on {}, and a draw is never repeated; its record says who got what", drawn.told())]
    DrawnAlready {
        /// When.
        drawn: Moment,
    },
    /// Its time is over.
    #[error("the slots of this wave would have ended on {}; announce a later wave", ended.told())]
    Over {
        /// When.
        ended: Moment,
    },
    /// Nobody is on the list.
    #[error("no eligible unit applied, so there is nothing to draw; announce a later wave")]
    NoEntrants,
    /// More places are protected than there are slots.
    #[error(
        "there are fewer slots ({slots}) than protected places ({protected}); offer more slots or lift a protection; a wave that is open already can be cancelled, and announced anew"
    )]
    ProtectedExceedSlots {
        /// Protected entries that are not withdrawn.
        protected: u32,
        /// The capacity.
        slots: u32,
    },
    /// A withdrawal names a unit that is not on the list.
    #[error("`{unit}` is withdrawn but not on the list; the list is frozen, so leave the withdrawal out")]
    WithdrawnNotListed {
        /// The unit.
        unit: String,
    },
    /// A public source is not ready.
    #[error(transparent)]
    Source(#[from] SourceRefused),
    /// The list is frozen.
    #[error("the list was frozen on {}; this would have had to be said before", frozen.told())]
    Frozen {
        /// When.
        frozen: Moment,
    },
    /// The list is not frozen yet.
    #[error(
        "the list is frozen on {}; enter the value after that, so that nobody could apply knowing it",
        closes.told()
    )]
    NotFrozen {
        /// When it will be.
        closes: Moment,
    },
    /// Units have applied.
    #[error(
        "units have applied already; a public source is named before, so that whoever applies knows how it is decided"
    )]
    AppliedAlready,
    /// The value of a source could exist by the time the list is frozen.
    #[error(
        "applications close on {}, and its value has to come to be after that, so that nobody can apply knowing it; choose a later one",
        closes.told()
    )]
    SourceTooSoon {
        /// When applications close.
        closes: Moment,
    },
    /// A value that cannot exist yet.
    #[error("the value of `{name}` comes to be on {}; enter it after that, as it is published", due.told())]
    ValueTooSoon {
        /// The source.
        name: String,
        /// When its value comes to be.
        due: Moment,
    },
    /// A value is entered once.
    #[error("the value of `{name}` was entered before, and stays as it is")]
    ValueEntered {
        /// The source.
        name: String,
    },
    /// Nothing to put right.
    #[error("`{name}` has no value that could be put right; enter one, or say that the source failed")]
    NoValueYet {
        /// The source.
        name: String,
    },
    /// The value that stands there.
    #[error("this is the value that stands there already")]
    SameValue,
    /// A source without an address.
    #[error(
        "say where its value is published, as an address like https://lottery.example/results, so that everybody can compare"
    )]
    NoLink,
    /// A source that was said to have failed.
    #[error("this was said already, and waits for a second person to confirm it")]
    GivenUpAlready,
    /// What was published before is not what is there now.
    #[error(
        "the {what} here is not the one that the journal says was published ({published}): somebody wrote into the database past this program; restore the last backup, and draw from that"
    )]
    NotAsWritten {
        /// "commitment" or "list hash".
        what: &'static str,
        /// What the journal says.
        published: super::Digest,
    },
    /// A decision without a reason.
    #[error("say in a sentence why; it is published with the record")]
    NoReason,
    /// An override before the draw.
    #[error("this wave is not drawn yet; draw it first, then give away what is free")]
    NotDrawn,
    /// An override for a unit that did not contend.
    #[error(
        "`{unit}` is not on the list of this wave; only units that applied can get one of its slots, so let it apply to the next wave"
    )]
    NotListed {
        /// The unit.
        unit: String,
    },
    /// An override for somebody who has it.
    #[error("this unit got a slot in this wave already, or has the change by another one")]
    HasSlot,
    /// The slots of the draw are not made yet.
    #[error("the slots of the draw are being granted; try again in a moment")]
    NotGrantedYet,
    /// An override that was asked for.
    #[error("a slot for this unit was asked for already, and waits for a second person to confirm it")]
    AskedAlready,
    /// The second person is the first.
    #[error(
        "you asked for this yourself; it takes two, so somebody else who runs the change has to confirm it"
    )]
    SamePerson,
    /// No slot is left.
    #[error("{} taken; wait until one is given back, or offer more in a later wave", all(*slots))]
    NoneLeft {
        /// How many there are.
        slots: u32,
    },
}

/// "the one slot is", "all 4 slots are".
fn all(slots: u32) -> String {
    if slots == 1 { "the one slot is".into() } else { format!("all {slots} slots are") }
}

impl Refusal for DrawRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            DrawRefused::NoReason => Some("why"),
            DrawRefused::Source(SourceRefused::Nameless | SourceRefused::Separator { .. }) => Some("name"),
            DrawRefused::SourceTooSoon { .. } => Some("due"),
            DrawRefused::NoLink => Some("link"),
            DrawRefused::SameValue => Some("value"),
            _ => None,
        }
    }
}
