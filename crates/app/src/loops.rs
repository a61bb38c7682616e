//! The loops of the business: when this fact, do that verb. One table.
//!
//! Facts are taken from the journal in their order, with a cursor that moves when a fact's consequences are done: a
//! crash loses none, and since every consequence is a verb that does nothing the second time, none counts twice.
//! A consequence that breaks is tried again after a while, later facts waiting behind it, since an accident may be over
//! by then. One that breaks again and again, or is refused, is set aside: later facts go on, an administrator sees it
//! in the journal, and can have it tried again.

use jiff::SignedDuration;
use traction_domain::fact::Fact;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::contend::draw;
use crate::grant::slot;
use crate::measure::usage::subject::joined;
use crate::store::{Entry, Trial};
use crate::sustain;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// The name under which the place in the journal is kept.
const CURSOR: &str = "business";

/// How long a fact waits after each try that broke; after the last of them it is set aside. Long enough for a
/// database to come back, short enough for those who wait behind it.
const WAITS: [SignedDuration; 4] = [
    SignedDuration::from_secs(1),
    SignedDuration::from_secs(4),
    SignedDuration::from_secs(15),
    SignedDuration::from_secs(40),
];

/// Does what the facts since the last time ask for, until nothing is left to do, or something must wait.
pub async fn settle(world: &World) -> Result<(), Broken> {
    loop {
        let sql = world.store().read();
        let done = sql.cursor(CURSOR).await?;
        let entries = sql.entries_after(done, 200).await?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
        let last_reading = entries.iter().rev().find(|entry| is_reading(entry)).map(|entry| entry.seq);
        let trials = sql.trials().await?;
        for entry in &entries {
            let trial = trials.iter().find(|trial| trial.seq == entry.seq);
            // A look at the watches sees all that was read before it: the last reading stands for those under way.
            if is_reading(entry) && Some(entry.seq) != last_reading && trial.is_none() {
                continue;
            }
            let gone_on = match trial.map(|trial| trial.again_at) {
                // Another process set it aside, or this one before a crash.
                Some(None) => Ok(GoesOn::Yes),
                Some(Some(again_at)) if world.now() < again_at => Ok(GoesOn::No),
                _ => tried(world, entry, trial).await,
            };
            if !matches!(gone_on, Ok(GoesOn::Yes)) {
                keep_place(world, entry.seq - 1).await?;
                return gone_on.map(|_| ());
            }
        }
        keep_place(world, last).await?;
    }
}

/// Whether the facts after this one are taken.
enum GoesOn {
    Yes,
    No,
}

/// Tries a fact's consequence, and keeps what came of it unless it came about at once.
async fn tried(world: &World, entry: &Entry, before: Option<&Trial>) -> Result<GoesOn, Broken> {
    let trouble = match follow(world, entry).await {
        Ok(()) => {
            if before.is_some() {
                end(world, entry.seq).await?;
            }
            return Ok(GoesOn::Yes);
        }
        Err(trouble) => trouble,
    };
    let n_before = before.map_or(0, |trial| trial.n_tries);
    // What is refused stays so until somebody does something about it.
    let wait = WAITS.get(n_before).filter(|_| matches!(trouble, Trouble::Broken(_)));
    let now = world.now();
    let again_at = wait.map(|wait| now.after(*wait));
    keep(world, entry.seq, n_before + 1, &trouble, again_at).await?;
    match trouble {
        Trouble::Broken(broken) if again_at.is_some() => Err(broken),
        trouble => {
            tracing::error!(seq = entry.seq, %trouble, "a consequence is set aside: see the page of the journal");
            Ok(GoesOn::Yes)
        }
    }
}

/// Tries again what was set aside. If it does not come about now either, it stays set aside.
pub async fn retry(world: &World, who: &Who, seq: i64) -> Result<(), Trouble> {
    who.must_administer("have this tried again")?;
    let sql = world.store().read();
    let trial = sql.trial(seq).await?.filter(|trial| trial.again_at.is_none());
    let trial = trial.ok_or(Trouble::NotFound { what: "fact that was set aside" })?;
    let entries = sql.entries_after(seq - 1, 1).await?;
    let entry = entries.first().ok_or(Trouble::NotFound { what: "fact that was set aside" })?;
    match follow(world, entry).await {
        Ok(()) => Ok(end(world, seq).await?),
        Err(trouble) => {
            keep(world, seq, trial.n_tries + 1, &trouble, None).await?;
            Err(trouble)
        }
    }
}

async fn keep(
    world: &World,
    seq: i64,
    n_tries: usize,
    trouble: &Trouble,
    again_at: Option<Moment>,
) -> Result<(), Broken> {
    let tx = world.store().begin().await?;
    let trial = Trial { seq, n_tries, why: trouble.to_string(), tried_at: world.now(), again_at };
    tx.keep_trial(&trial).await?;
    world.commit(tx).await
}

async fn end(world: &World, seq: i64) -> Result<(), Broken> {
    let tx = world.store().begin().await?;
    tx.end_trial(seq, world.now()).await?;
    world.commit(tx).await
}

async fn keep_place(world: &World, seq: i64) -> Result<(), Broken> {
    let tx = world.store().begin().await?;
    tx.move_cursor(CURSOR, seq).await?;
    world.commit(tx).await
}

/// Whether a fact may show that a gain slips.
fn is_reading(entry: &Entry) -> bool {
    matches!(entry.fact, Fact::OutcomesRecorded { .. } | Fact::HandOverAccepted { .. })
}

/// The table: when this fact, do that verb.
async fn follow(world: &World, entry: &Entry) -> Result<(), Trouble> {
    let who = Who::the_loop();
    match &entry.fact {
        Fact::PersonAdded { person } => Ok(joined::join_of(world, *person).await?),
        Fact::WaveAnnounced { wave, .. } => draw::verbs::commit(world, &who, *wave).await,
        Fact::Drawn { wave } => slot::verbs::grant_drawn(world, &who, *wave).await,
        Fact::Overridden { wave, unit } => slot::verbs::grant_overridden(world, &who, *wave, *unit).await,
        Fact::SlotGivenBack { slot } | Fact::SlotEnded { slot } => {
            slot::verbs::pass_on(world, &who, *slot).await
        }
        Fact::OutcomesRecorded { .. } | Fact::HandOverAccepted { .. } => {
            sustain::watch::verbs::look(world, &who).await.map(|_| ())
        }
        Fact::Slipping { alarm, .. } => sustain::watch::verbs::open_cycle(world, &who, *alarm).await,
        _ => Ok(()),
    }
}
