//! What runs by itself, and when.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use traction_domain::id::WaveId;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::contend::draw;
use crate::grant::access::board::{self, Checked};
use crate::grant::lapse;
use crate::measure::{source, uptake, usage};
use crate::offer::{change, wave};
use crate::org::person;
use crate::sense::{outbox, trial};
use crate::trouble::Trouble;
use crate::world::World;

/// How often the loops look at the journal when this process wrote nothing: facts of other processes on the same
/// database, and what a crash left undone.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How often the journal is looked at for what moves access: a slot given on another server is seen here as fast.
const LOOK_FOR_ACCESS: Duration = Duration::from_millis(200);

/// How often all that access is answered from is read again, and compared with what was put together piece by piece.
const CHECK_ACCESS: SignedDuration = SignedDuration::from_hours(6);

/// How often it is kept when tokens were last used.
const KEEP_USES: SignedDuration = SignedDuration::from_mins(1);

/// How often every watch is looked at without a new outcome: use of the solution fades without anybody's writing it
/// down.
const LOOK_AT_WATCHES: SignedDuration = SignedDuration::from_hours(1);

/// How often slots are looked for that nobody uses; the rule counts in days.
const LOOK_FOR_UNUSED: SignedDuration = SignedDuration::from_hours(1);

/// How often weeks are looked for that are over.
const LOOK_FOR_WEEKS: SignedDuration = SignedDuration::from_mins(10);

/// How often it is looked whether a source is due.
const LOOK_FOR_SOURCES: Duration = Duration::from_secs(10);

/// How often it is looked whether a letter is to leave.
const LOOK_FOR_LETTERS: Duration = Duration::from_secs(5);

/// How often it is looked whether sources still bring something.
const LOOK_FOR_STALE: SignedDuration = SignedDuration::from_mins(10);

/// How often trials are looked for of which it is time to say what became.
const LOOK_FOR_TRIALS: SignedDuration = SignedDuration::from_mins(10);

/// Runs until it is dropped.
pub async fn run(world: World) {
    let mut watches_seen: Option<Moment> = None;
    let mut unused_seen: Option<Moment> = None;
    let mut trials_seen: Option<Moment> = None;
    let mut said = Said::default();
    let listed = person::verbs::list_of_several(&world).await;
    said.unless_again("who belongs to several units is not listed", listed);
    loop {
        // Who was drawn in one wave has a slot before the list of another is frozen.
        said.unless_again("the loops of the business wait", crate::loops::settle(&world).await);
        said.unless_again("a list is not frozen", freeze_closed(&world).await);
        let now = world.now();
        if watches_seen.is_none_or(|seen| now.since(seen) >= LOOK_AT_WATCHES) {
            watches_seen = Some(now);
            let looked = crate::sustain::watch::verbs::look(&world, &Who::the_loop()).await;
            said.unless_again("the watches were not looked at", looked);
        }
        if unused_seen.is_none_or(|seen| now.since(seen) >= LOOK_FOR_UNUSED) {
            unused_seen = Some(now);
            said.unless_again("unused slots do not lapse", lapse_unused(&world).await);
        }
        if trials_seen.is_none_or(|seen| now.since(seen) >= LOOK_FOR_TRIALS) {
            trials_seen = Some(now);
            // Where a metric tells it, nobody is asked.
            let read = trial::course::read_due(&world).await;
            said.unless_again("what became of a remedy is not read", read);
            let asked = trial::verbs::ask_due(&world).await;
            said.unless_again("nobody is asked what became of a remedy", asked);
        }
        let _ = tokio::time::timeout(LOOK_AGAIN, world.moved()).await;
    }
}

/// Asks the sources that are due until it is dropped, apart from the rest: another database may be slow.
pub async fn ask_sources(world: World) {
    let mut stale_seen: Option<Moment> = None;
    let mut said = Said::default();
    loop {
        said.unless_again("the sources are not asked", source::verbs::run_due(&world).await);
        let now = world.now();
        if stale_seen.is_none_or(|seen| now.since(seen) >= LOOK_FOR_STALE) {
            stale_seen = Some(now);
            said.unless_again(
                "nobody looks whether sources bring something",
                source::verbs::look_for_stale(&world).await,
            );
        }
        tokio::time::sleep(LOOK_FOR_SOURCES).await;
    }
}

/// Sends what is in the outbox until it is dropped, apart from the rest: a mail server may be slow.
pub async fn send_letters(world: World) {
    let mut said = Said::default();
    loop {
        said.unless_again("letters are not sent", outbox::verbs::send_due(&world).await);
        tokio::time::sleep(LOOK_FOR_LETTERS).await;
    }
}

/// Keeps the board up to date until it is dropped, apart from the rest: whoever waits for access waits for nothing else.
pub async fn keep_access(world: World) {
    let mut uses_kept = world.now();
    let mut said = Said::default();
    loop {
        said.unless_again("access is answered from what was known before", board::refresh(&world).await);
        let now = world.now();
        if now.since(uses_kept) >= KEEP_USES {
            uses_kept = now;
            said.unless_again("the last use of tokens is not kept", board::keep_uses(&world).await);
        }
        let _ = tokio::time::timeout(LOOK_FOR_ACCESS, world.moved()).await;
    }
}

/// Closes the weeks of uptake that are over, until it is dropped, apart from the rest: with much to count it takes minutes.
pub async fn close_weeks(world: World) {
    let mut said = Said::default();
    loop {
        let closed = uptake::verbs::close_weeks(&world).await;
        // What is not counted yet is not dropped.
        if closed.is_ok() {
            let dropped = usage::retention::verbs::drop_old(&world).await;
            said.unless_again("old events are not dropped", dropped);
        }
        said.unless_again("the weeks of uptake are not counted", closed);
        world.until(world.now().after(LOOK_FOR_WEEKS)).await;
    }
}

/// Looks now and then whether the board says what the database does, until it is dropped.
pub async fn check_access(world: World) {
    let mut said = Said::default();
    loop {
        world.until(world.now().after(CHECK_ACCESS)).await;
        let checked = board::check(&world).await;
        if let Ok(Checked::Mended) = checked {
            tracing::error!("access was not answered from what the database says; it is now");
        }
        said.unless_again("access is not compared with the database", checked);
    }
}

/// What was logged of each job: what stays broken is logged once and not every second.
#[derive(Default)]
struct Said(BTreeMap<&'static str, String>);

impl Said {
    /// Logs a trouble unless it is what the same job came back with the last time.
    fn unless_again<T, E: std::fmt::Display>(&mut self, what: &'static str, done: Result<T, E>) {
        let Err(trouble) = done else {
            self.0.remove(what);
            return;
        };
        let trouble = trouble.to_string();
        if self.0.get(what) != Some(&trouble) {
            tracing::error!(%trouble, "{what}");
            self.0.insert(what, trouble);
        }
    }
}

/// Lets slots lapse that nobody uses, in the changes that said so beforehand.
pub async fn lapse_unused(world: &World) -> Result<(), Trouble> {
    let sql = world.store().read();
    for id in lapse::store::changes(sql).await? {
        let change = change::store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "change" })?;
        let used = usage::store::last_uses(sql, id).await?.into_iter().collect();
        lapse::verbs::lapse_unused(world, &Who::the_loop(), &change, &used).await?;
    }
    Ok(())
}

/// Freezes the lists of the waves that closed. One that cannot be frozen does not keep the others from it.
pub async fn freeze_closed(world: &World) -> Result<(), Trouble> {
    let mut done = Ok(());
    for wave in draw::store::to_freeze(world.store().read(), world.now()).await? {
        let frozen = freeze(world, wave).await;
        done = done.and(frozen);
    }
    done
}

async fn freeze(world: &World, wave: WaveId) -> Result<(), Trouble> {
    let sql = world.store().read();
    let wave = wave::store::one(sql, wave).await?.ok_or(Trouble::NotFound { what: "wave" })?;
    draw::run::freeze(world, &Who::the_loop(), &wave).await
}
