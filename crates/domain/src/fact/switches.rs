//! Which facts switch a flag.

use super::Fact;

impl Fact {
    /// The stored words of the facts that switch a flag: the last of them is the version of all answers, on every server.
    pub const OF_SWITCHES: [&'static str; 10] = [
        "change_opened",
        "change_paused",
        "change_resumed",
        "slot_granted",
        "slot_paused",
        "slot_resumed",
        "slot_given_back",
        "slot_lapsed",
        "slot_ended",
        "hand_over_accepted",
    ];

    /// Whether a flag may have come, or a slot or a change been switched.
    pub fn moves_switches(&self) -> bool {
        matches!(
            self,
            Fact::ChangeOpened { .. }
                | Fact::ChangePaused { .. }
                | Fact::ChangeResumed { .. }
                | Fact::SlotGranted { .. }
                | Fact::SlotPaused { .. }
                | Fact::SlotResumed { .. }
                | Fact::SlotGivenBack { .. }
                | Fact::SlotLapsed { .. }
                | Fact::SlotEnded { .. }
                | Fact::HandOverAccepted { .. }
        )
    }
}
