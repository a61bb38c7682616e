//! Applications: a unit contends for a slot by saying its pain, its aim, who owns it and what it pledges.
//!
//! It does not choose among them (`draw` does), and it does not know when a wave opens: times arrive as arguments.

pub mod draft;
#[cfg(test)]
mod tests;

use crate::contend::policy::Ineligible;
use crate::id::{ApplicationId, SlotId};
use crate::refusal::{self, Refusal, RefusalKind, TextRefused};
use crate::time::Moment;

/// What a unit writes when it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// What hurts today.
    pub pain: String,
    /// What the unit wants to reach.
    pub aim: String,
    /// Who in the unit answers for it.
    pub owner: String,
    /// What the unit will do for its part.
    pub pledge: String,
}

/// The times of a wave as its applicants meet them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From when units may apply.
    pub opens: Moment,
    /// From when they may no longer.
    pub closes: Moment,
    /// Where the unit can contend instead once this one is closed, if another wave is announced.
    pub next: Option<Next>,
}

/// Another wave of the change that is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its number.
    pub wave: usize,
    /// From when units may apply to it.
    pub opens: Moment,
    /// From when they may no longer.
    pub closes: Moment,
}

impl Next {
    /// Which of these waves a unit contends in next, seen at `at`: of the open ones that which closes first, else that
    /// which opens first.
    pub fn of(waves: impl IntoIterator<Item = Next>, at: Moment) -> Option<Next> {
        let still: Vec<Next> = waves.into_iter().filter(|next| at < next.closes).collect();
        let open = still.iter().filter(|next| next.opens <= at).min_by_key(|next| next.closes);
        open.or_else(|| still.iter().min_by_key(|next| next.opens)).copied()
    }
}

/// What the person who asks is to the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Leads the unit, and so speaks for it.
    Lead,
    /// Runs the installation, and may speak for any unit while nothing is settled by it.
    Deputy,
    /// Neither.
    Other,
}

/// How the unit stands when it applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Who asks for it.
    pub asker: Asker,
    /// Its application to this wave that was not withdrawn, if there is one.
    pub live: Option<ApplicationId>,
    /// Its live slot of this change, if it has one.
    pub slot: Option<SlotId>,
    /// Why the wave's policy keeps it out, if it does.
    pub ineligible: Option<Ineligible>,
}

/// What a withdrawal does, depending on when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// Before closing: the unit is not on the list, and may apply again.
    NotListed,
    /// Between closing and draw: it keeps its number in the frozen list, and gets nothing.
    KeepsNumber,
    /// After the draw: it leaves the waiting list; the record stays as it is.
    LeavesWaiting,
}

/// Why an application was not taken, changed or withdrawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ApplicationRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Somebody else speaks for the unit.
    #[error("only a lead of the unit can do this for it; ask one of them")]
    NotALead,
    /// Too early.
    #[error("applications open on {}; come back then", opens.told())]
    NotYetOpen {
        /// When they open.
        opens: Moment,
    },
    /// Too late.
    #[error("applications closed on {}; {}", closed.told(), instead(*next, *at))]
    Closed {
        /// When they closed.
        closed: Moment,
        /// Where the unit can contend instead, if another wave is announced.
        next: Option<Next>,
        /// When it was tried.
        at: Moment,
    },
    /// The policy keeps the unit out.
    #[error(transparent)]
    Ineligible(#[from] Ineligible),
    /// One live application a unit and wave.
    #[error("your unit has applied to this wave; open that application to change it until {}", closes.told())]
    AppliedAlready {
        /// The application.
        application: ApplicationId,
        /// Until when it can be changed.
        closes: Moment,
    },
    /// It has what it would contend for.
    #[error("your unit holds a slot of this change; there is nothing left to contend for")]
    HoldsSlot {
        /// The slot.
        slot: SlotId,
    },
    /// The list is frozen: whoever takes a unit off it now moves the chances of all others.
    #[error(
        "the list is frozen, so that only a lead of the unit withdraws its application now; ask one of them"
    )]
    OnlyItsLead,
    /// It was withdrawn before.
    #[error("this application was withdrawn; while applications are open, the unit can apply again")]
    WithdrawnAlready,
    /// It won.
    #[error("this application got a slot; give the slot back instead")]
    GotSlot {
        /// The slot.
        slot: SlotId,
    },
}

impl Refusal for ApplicationRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            ApplicationRefused::Text(text) => text.field(),
            _ => None,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            ApplicationRefused::NotALead | ApplicationRefused::OnlyItsLead => RefusalKind::Permission,
            _ => RefusalKind::Wish,
        }
    }
}

impl Application {
    /// The application, when its four texts can be kept.
    pub fn written(pain: &str, aim: &str, owner: &str, pledge: &str) -> Result<Application, TextRefused> {
        Ok(Application {
            pain: refusal::text(pain, "pain", "what hurts today", 1_000)?,
            aim: refusal::text(aim, "aim", "what the unit wants to reach", 1_000)?,
            owner: refusal::text(owner, "owner", "who answers for it", 200)?,
            pledge: refusal::text(pledge, "pledge", "what the unit will do for its part", 1_000)?,
        })
    }
}

impl Window {
    /// That it is too late, and where else there is time.
    pub(crate) fn closed(&self, at: Moment) -> ApplicationRefused {
        ApplicationRefused::Closed { closed: self.closes, next: self.next, at }
    }

    /// Whether applications are open at `at`: from the opening on, until just before closing.
    pub fn open(&self, at: Moment) -> Result<(), ApplicationRefused> {
        if at < self.opens {
            return Err(ApplicationRefused::NotYetOpen { opens: self.opens });
        }
        if at >= self.closes {
            return Err(self.closed(at));
        }
        Ok(())
    }
}

/// Why an application that was not withdrawn is not on the list.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LeftOut {
    /// It has what it would contend for.
    #[error("when the list was frozen, it held a slot of this change")]
    HoldsSlot {
        /// The slot.
        slot: SlotId,
    },
    /// The policy keeps it out by now.
    #[error("when the list was frozen, the wave's policy kept it out: {0}")]
    Ineligible(#[from] Ineligible),
}

impl LeftOut {
    /// The slot by which the unit has the change, where that is why.
    pub fn slot(&self) -> Option<SlotId> {
        match self {
            LeftOut::HoldsSlot { slot } => Some(*slot),
            LeftOut::Ineligible(_) => None,
        }
    }
}

/// Whether the unit may apply to the wave at `at`.
pub fn apply(standing: &Standing, window: &Window, at: Moment) -> Result<(), ApplicationRefused> {
    let Standing { asker, live, slot, ineligible } = standing;
    lead(*asker)?;
    window.open(at)?;
    if let Some(slot) = *slot {
        return Err(ApplicationRefused::HoldsSlot { slot });
    }
    if let Some(application) = *live {
        return Err(ApplicationRefused::AppliedAlready { application, closes: window.closes });
    }
    match ineligible {
        Some(why) => Err(ApplicationRefused::Ineligible(why.clone())),
        None => Ok(()),
    }
}

/// Whether an application may be changed at `at`; `withdrawn` says when it was withdrawn, if it was.
pub fn change(
    asker: Asker,
    withdrawn: Option<Moment>,
    window: &Window,
    at: Moment,
) -> Result<(), ApplicationRefused> {
    lead(asker)?;
    if withdrawn.is_some() {
        return Err(ApplicationRefused::WithdrawnAlready);
    }
    window.open(at)
}

/// How far the wave of an application has come, as its withdrawal needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// Applications are open.
    Open,
    /// The list is frozen, and not drawn yet.
    Frozen,
    /// It is drawn, and the unit waits.
    Drawn,
    /// It is drawn, and the unit got this slot.
    Granted(SlotId),
}

/// What the withdrawal of an application does; `withdrawn` says when it was withdrawn before, if it was.
pub fn withdraw(
    asker: Asker,
    withdrawn: Option<Moment>,
    reached: Reached,
) -> Result<Withdrawn, ApplicationRefused> {
    lead(asker)?;
    if withdrawn.is_some() {
        return Err(ApplicationRefused::WithdrawnAlready);
    }
    match reached {
        Reached::Frozen | Reached::Drawn if asker == Asker::Deputy => Err(ApplicationRefused::OnlyItsLead),
        Reached::Open => Ok(Withdrawn::NotListed),
        Reached::Frozen => Ok(Withdrawn::KeepsNumber),
        Reached::Drawn => Ok(Withdrawn::LeavesWaiting),
        Reached::Granted(slot) => Err(ApplicationRefused::GotSlot { slot }),
    }
}

fn lead(asker: Asker) -> Result<(), ApplicationRefused> {
    match asker {
        Asker::Lead | Asker::Deputy => Ok(()),
        Asker::Other => Err(ApplicationRefused::NotALead),
    }
}

fn instead(next: Option<Next>, at: Moment) -> String {
    match next {
        Some(Next { wave, opens, closes }) if opens <= at => {
            format!("wave {wave} is open until {}: contend there", closes.told())
        }
        Some(Next { wave, opens, .. }) => format!("wave {wave} opens on {}", opens.told()),
        None => "no further wave is announced yet: tell the change lead that your unit wants one".into(),
    }
}
