//! Everything that can happen, in the order of the loop.
//!
//! A fact names things by id only, and holds the two hashes that a draw publishes before it is run. The journal lists facts, who and when: the audit log, and how one stage hears of another.

mod switches;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::contend::draw::Digest;
use crate::id::{
    AccountId, AlarmId, ApplicationId, CaseId, ChangeId, CheckInId, CommitmentId, CycleId, EngagementId,
    EvidenceId, FrictionId, GoalId, HandOverId, HoldId, IdeaId, ImportId, MetricId, PersonId, PulseId,
    RemedyOutcomeId, ReviewId, RockId, RoleId, ShowcaseId, SlotId, SourceId, SourceRunId, TensionId, TokenId,
    TrialId, UnitId, WaveId,
};

/// One thing that happened. Its stored form is this enum's, tagged by `fact`.
#[expect(missing_docs, reason = "the fields are the ids of what the variant's own line names")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    // --- org ---
    /// A unit came into being.
    UnitAdded { unit: UnitId },
    /// A person was added.
    PersonAdded { person: PersonId },
    /// A role was given.
    RoleGiven { role: RoleId, person: PersonId },
    /// A role was taken back.
    RoleEnded { role: RoleId, person: PersonId },
    /// A person set a password.
    PasswordSet { person: PersonId },
    /// A person signed in.
    SignedIn { person: PersonId },
    /// A person signed out.
    SignedOut { person: PersonId },
    /// A link to sign in was made for a person.
    SignInLinkMade { person: PersonId },
    /// An API token was made.
    TokenMade { token: TokenId },
    /// An API token was revoked.
    TokenRevoked { token: TokenId },
    /// A file was taken in.
    Imported { import: ImportId },

    // --- sense ---
    /// A friction was reported.
    FrictionReported { friction: FrictionId, unit: UnitId },
    /// Somebody has the same friction; never who.
    FrictionShared { friction: FrictionId },
    /// A friction got a first answer, another owner or another state.
    FrictionAnswered { friction: FrictionId },
    /// Whoever reported a friction said whether it is gone; never who.
    FrictionJudged { friction: FrictionId },
    /// Somebody looked at a report before others see it, and shows it or holds it back.
    FrictionLookedAt { friction: FrictionId },
    /// A friction was merged into another one.
    FrictionMerged { friction: FrictionId, into: FrictionId },
    /// A merged friction was taken out again.
    FrictionUnmerged { friction: FrictionId },
    /// A friction points at a metric of its unit, or at none any more.
    FrictionPointed { friction: FrictionId, metric: Option<MetricId> },
    /// It was said how a unit takes reports in.
    IntakeSet { unit: UnitId },
    /// A unit has a link for reports without an account.
    KioskOpened { unit: UnitId },
    /// It has none any more.
    KioskClosed { unit: UnitId },
    /// An idea was handed in.
    IdeaSubmitted { idea: IdeaId },
    /// An idea moved on.
    IdeaMoved { idea: IdeaId },
    /// A remedy of a playbook was tried, and what became of the friction was recorded.
    RemedyTried { outcome: RemedyOutcomeId },
    /// A remedy is being tried, to be asked about at a set time.
    TrialBegun { trial: TrialId },
    /// It is time to say what became of a friction after a remedy.
    TrialDue { trial: TrialId },
    /// What the friction's own metric says was read.
    TrialRead { trial: TrialId },
    /// It is known what became of the friction.
    TrialEnded { trial: TrialId, outcome: RemedyOutcomeId },
    /// A playbook was brought in, or a new version of one.
    PlaybookBrought {},
    /// A customer organisation was entered.
    AccountOpened { account: AccountId },
    /// It was said what a customer organisation is stuck on.
    AccountStuck { account: AccountId, hold: HoldId },
    /// It was said which change is a remedy of a playbook.
    RemedyOffered { change: ChangeId },
    /// A case was opened.
    CaseOpened { case: CaseId },
    /// A link was made by which one person answers on a case.
    VoiceAsked { case: CaseId },
    /// Somebody answered on a case; never who.
    VoiceGiven { case: CaseId },
    /// A case was closed.
    CaseClosed { case: CaseId },
    /// A unit was asked for its appetite and aptitude.
    PulseOpened { pulse: PulseId, unit: UnitId },
    /// An instrument was brought in, or a new version of one.
    InstrumentBrought {},
    /// The members of a unit got personal links to a pulse.
    PulseLinked { pulse: PulseId },
    /// Somebody answered a pulse; never who.
    PulseAnswered { pulse: PulseId },

    // --- offer ---
    /// A goal was set.
    GoalSet { goal: GoalId },
    /// A metric was defined.
    MetricDefined { metric: MetricId },
    /// A change was opened.
    ChangeOpened { change: ChangeId, unit: Option<UnitId> },
    /// The prediction of a change was locked.
    PredictionLocked { change: ChangeId },
    /// A change was paused.
    ChangePaused { change: ChangeId },
    /// A paused change goes on.
    ChangeResumed { change: ChangeId },
    /// A wave was announced; its opening publishes the commitment.
    WaveAnnounced { wave: WaveId, change: ChangeId },
    /// A wave was cancelled before it was drawn.
    WaveCancelled { wave: WaveId, change: ChangeId },

    // --- contend ---
    /// A unit applied.
    Applied { application: ApplicationId, wave: WaveId, unit: UnitId },
    /// An application was changed.
    ApplicationChanged { application: ApplicationId },
    /// An application was withdrawn.
    ApplicationWithdrawn { application: ApplicationId, wave: WaveId },
    /// How a wave chooses was set.
    PolicySet { wave: WaveId },
    /// A place was protected before the draw, with a reason.
    PlaceProtected { wave: WaveId, unit: UnitId },
    /// A protected place was opened to the draw again.
    PlaceOpened { wave: WaveId, unit: UnitId },
    /// A unit began an application, or wrote on, without sending it; never which one.
    DraftKept { wave: WaveId },
    /// What a unit had begun was thrown away; never which one.
    DraftDropped { wave: WaveId },
    /// Somebody asked to be reminded of a wave; never who.
    ReminderAsked { wave: WaveId },
    /// Somebody wants no reminder of a wave any more; never who.
    ReminderEnded { wave: WaveId },
    /// The secret of a wave's draw was made, and its commitment published.
    /// Without the hash where it was written before facts held it.
    DrawCommitted {
        wave: WaveId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_hash: Option<Digest>,
    },
    /// A public source of randomness was named for a draw.
    SourceNamed { wave: WaveId },
    /// The value of a public source was entered.
    SourceValueEntered { wave: WaveId },
    /// The value of a public source was put right before the draw.
    SourceValueCorrected { wave: WaveId },
    /// A public source was said to have failed; it waits for a second person.
    SourceFailed { wave: WaveId },
    /// A second person said that it has not, or the first took it back.
    SourceFailureDeclined { wave: WaveId },
    /// Two people decided that a wave is drawn without the value of a public source.
    SourceGivenUp { wave: WaveId },
    /// The list of a wave was frozen.
    /// Without the hash where it was written before facts held it.
    ListFrozen {
        wave: WaveId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_hash: Option<Digest>,
    },
    /// A wave was drawn.
    Drawn { wave: WaveId },
    /// A place past the draw was asked for, with a reason; it waits for a second person.
    OverrideAsked { wave: WaveId, unit: UnitId },
    /// A second person said no to it, or the first took it back.
    OverrideDeclined { wave: WaveId, unit: UnitId },
    /// A place was given past the draw, with a reason, and confirmed by a second person.
    Overridden { wave: WaveId, unit: UnitId },

    // --- grant ---
    /// It was said after how many days without use a slot of a change lapses.
    LapseRuleSet { change: ChangeId },
    /// A unit got a slot.
    SlotGranted { slot: SlotId, change: ChangeId, unit: UnitId },
    /// A slot was paused.
    SlotPaused { slot: SlotId },
    /// A paused slot goes on.
    SlotResumed { slot: SlotId },
    /// A slot was given back by its unit.
    SlotGivenBack { slot: SlotId },
    /// A slot lapsed, since it was not used.
    SlotLapsed { slot: SlotId },
    /// A slot ended.
    SlotEnded { slot: SlotId },

    // --- cycle ---
    /// A limit was set on an outcome of a change.
    GuardrailSet { change: ChangeId, metric: MetricId },
    /// A cycle was started, with its prediction.
    CycleStarted { cycle: CycleId, unit: UnitId },
    /// The prediction of a cycle that had none was locked.
    CyclePredicted { cycle: CycleId },
    /// What was done and seen in a cycle was written down.
    CycleStudied { cycle: CycleId },
    /// A cycle was closed: adopt, adapt or abandon.
    CycleClosed { cycle: CycleId },
    /// A commitment was made.
    Committed { commitment: CommitmentId },
    /// A check-in on a commitment was left.
    CheckedIn { check_in: CheckInId },
    /// A commitment was closed by its owner.
    CommitmentClosed { commitment: CommitmentId },

    // --- measure ---
    /// Outcomes of a metric were recorded.
    OutcomesRecorded { metric: MetricId, import: ImportId },
    /// It was said by which calendar a metric is kept.
    CalendarSet { metric: MetricId },
    /// A source of a metric was made.
    SourceAdded { source: SourceId, metric: MetricId },
    /// A source asks another query, another connection or at other times.
    SourceChanged { source: SourceId },
    /// A source is asked no more.
    SourceRemoved { source: SourceId },
    /// A source was asked, and it is written down what came of it.
    SourceRun { source: SourceId, run: SourceRunId },
    /// A source brought nothing new for twice as long as it should take.
    SourceStale { source: SourceId },
    /// Dead letters were tried again, and some of them counted.
    DeadLettersTriedAgain {},
    /// A dead letter was left as it is.
    DeadLetterLeft {},
    /// It was said how long the events of a source are kept one by one.
    UsageRetentionSet {},
    /// A new key finds the subjects of usage.
    SubjectKeyChanged {},
    /// Former keys of the subjects were destroyed.
    SubjectKeyRetired {},
    /// All links from people to subjects were destroyed.
    SubjectsForgotten {},
    /// What links a person to his usage was destroyed; never whose.
    UsageErased {},
    /// One person's usage was written out by whoever runs the installation; never whose.
    UsageTakenOut {},

    // --- prove ---
    /// An evidence record was written.
    Proven { evidence: EvidenceId, change: ChangeId },

    // --- publish ---
    /// A unit was asked whether its story or figures may be shown.
    ConsentAsked { evidence: EvidenceId, unit: UnitId },
    /// A unit agreed to have its story or figures shown.
    ConsentGiven { evidence: EvidenceId, unit: UnitId },
    /// A unit was asked, and said no.
    ConsentDeclined { evidence: EvidenceId, unit: UnitId },
    /// A unit took its consent back.
    ConsentWithdrawn { evidence: EvidenceId, unit: UnitId },
    /// A showcase was published.
    Published { showcase: ShowcaseId, change: ChangeId },
    /// A showcase was taken down.
    Unpublished { showcase: ShowcaseId },

    // --- sustain ---
    /// A hand-over was proposed to an owner.
    HandOverProposed { hand_over: HandOverId, slot: SlotId },
    /// The owner accepted.
    HandOverAccepted { hand_over: HandOverId, slot: SlotId },
    /// The owner declined, with a reason.
    HandOverDeclined { hand_over: HandOverId },
    /// The proposal was taken back.
    HandOverWithdrawn { hand_over: HandOverId },
    /// A watched series is slipping.
    Slipping { alarm: AlarmId, unit: UnitId },
    /// A tension was drawn up.
    TensionNamed { tension: TensionId },
    /// Somebody decided to rock to the other pole.
    Rocked { rock: RockId, tension: TensionId },
    /// An expert was engaged.
    ExpertEngaged { engagement: EngagementId, unit: UnitId },
    /// An engagement ended.
    EngagementEnded { engagement: EngagementId },
    /// A member of a unit that was served reviewed an engagement; never who.
    Reviewed { review: ReviewId, engagement: EngagementId },
}
