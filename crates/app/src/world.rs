//! The accidents: the clock, the dice, and where things are kept. The only file that knows the real ones.
//!
//! Verbs take a [`World`]; the demo and the tests bring one whose clock they turn themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use dice::Dice;
use jiff::tz::TimeZone;
use tokio::sync::{Notify, watch};
use traction_domain::id::Id;
use traction_domain::time::Moment;

use self::mail::Mail;
use crate::contend::draw::chances::Chances;
use crate::contend::wave::live::Live;
use crate::grant::access::board::Board;
use crate::measure::source::connections::Connections;
use crate::org::repeat;
use crate::prove::plan::table::Table as Plans;
use crate::store::{Store, Tx};
use crate::trouble::Broken;

pub mod mail;

/// Everything a verb needs that is not in the wish.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    dice: Dice,
    settings: Settings,
    access: Board,
    plans: Plans,
    chances: Chances,
    live: Live,
    moved: Notify,
    /// Counts how often a clock that stands was turned, for those who wait for a moment.
    turned: watch::Sender<u64>,
    ending: watch::Sender<Ending>,
}

/// Whether the server is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    No,
    Yes,
}

/// What is set for an installation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The organisation's name.
    pub organisation: String,
    /// How the outside reaches the server, without a slash at the end.
    pub public_url: String,
    /// The zone in which dates are shown and typed.
    pub zone: TimeZone,
    /// Whether the organisation is a simulated one, which every page then says.
    pub simulation: Simulation,
    /// The databases that sources may be asked in.
    pub connections: Connections,
    /// Where letters leave.
    pub mail: Mail,
}

/// Whether what is shown happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Simulation {
    /// It did.
    Real,
    /// It did not: the demo.
    Simulated,
}

/// Where the time comes from.
pub enum Clock {
    /// The machine.
    Real,
    /// Milliseconds since 1970 that somebody sets; below zero: it has been let run, and is the machine's.
    Set(AtomicI64),
}

impl World {
    /// The real one: the machine's clock, the system's randomness.
    pub fn real(store: Store, settings: Settings) -> World {
        World::assembled(store, Clock::Real, Dice::system(), settings)
    }

    /// One whose clock stands at `start` until it is turned, and whose dice are thrown from `seed`.
    pub fn simulated(store: Store, start: Moment, seed: u64, settings: Settings) -> World {
        let clock = Clock::Set(AtomicI64::new(start.milliseconds()));
        World::assembled(store, clock, Dice::seeded(seed), settings)
    }

    /// One for the demo: its clock is turned until it is let run, its dice of the play are thrown from `seed`.
    pub fn played(store: Store, seed: u64, settings: Settings) -> World {
        World::assembled(store, Clock::Set(AtomicI64::new(0)), Dice::seeded(seed), settings)
    }

    fn assembled(store: Store, clock: Clock, dice: Dice, settings: Settings) -> World {
        World(Arc::new(Inner {
            store,
            clock,
            dice,
            settings,
            access: Board::default(),
            plans: Plans::default(),
            chances: Chances::default(),
            live: Live::default(),
            moved: Notify::new(),
            turned: watch::Sender::new(0),
            ending: watch::Sender::new(Ending::No),
        }))
    }

    /// What the machine's clock says, whatever the world's does.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    pub fn machine_now(&self) -> Moment {
        Moment::from_timestamp(jiff::Timestamp::now())
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        match &self.0.clock {
            Clock::Real => self.machine_now(),
            Clock::Set(at) if at.load(Ordering::Relaxed) < 0 => self.machine_now(),
            Clock::Set(at) => Moment::from_milliseconds(at.load(Ordering::Relaxed))
                .unwrap_or(Moment::from_timestamp(jiff::Timestamp::MAX)),
        }
    }

    /// Turns a set clock to `at`; a real clock goes on as it does.
    pub fn turn_clock(&self, at: Moment) {
        if let Clock::Set(now) = &self.0.clock {
            now.store(at.milliseconds(), Ordering::Relaxed);
            self.0.turned.send_modify(|n| *n += 1);
        }
    }

    /// Waits until it is `at`, whether the clock runs or is turned.
    pub async fn until(&self, at: Moment) {
        let mut turned = self.0.turned.subscribe();
        loop {
            let left = at.since(self.now());
            if !left.is_positive() {
                return;
            }
            if self.clock_stands() {
                let _ = turned.changed().await;
            } else {
                // Not longer than a minute: a machine's clock may be put right meanwhile.
                let left = Duration::try_from(left).unwrap_or_default().min(Duration::from_secs(60));
                tokio::time::sleep(left).await;
            }
        }
    }

    fn clock_stands(&self) -> bool {
        matches!(&self.0.clock, Clock::Set(at) if at.load(Ordering::Relaxed) >= 0)
    }

    /// Tells whatever would go on for ever that the server stops.
    pub fn end(&self) {
        self.0.ending.send_replace(Ending::Yes);
    }

    /// Waits until the server is to stop.
    pub async fn ended(&self) {
        // The sender lives as long as this world.
        let _ = self.0.ending.subscribe().wait_for(|ending| *ending == Ending::Yes).await;
    }

    /// Ends the play: from now on the clock is the machine's and chance the system's, so that nobody who knows the
    /// seed can guess a secret.
    pub fn let_run(&self) {
        if let Clock::Set(now) = &self.0.clock {
            now.store(-1, Ordering::Relaxed);
            self.0.turned.send_modify(|n| *n += 1);
        }
        self.0.dice.let_run();
    }

    /// A new id.
    pub fn id<T: Id>(&self) -> T {
        T::made(self.now(), self.0.dice.bytes())
    }

    /// Random bytes that nobody can guess (in a simulated world: from its seed).
    pub fn secret<const N: usize>(&self) -> [u8; N] {
        self.0.dice.bytes()
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// What is set for this installation.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Who has access to what, in memory.
    pub fn access(&self) -> &Board {
        &self.0.access
    }

    /// The chances that were counted of late.
    pub fn chances(&self) -> &Chances {
        &self.0.chances
    }

    /// What pages that are looked at hear of waves.
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    /// The plans that were played, in memory.
    pub fn plans(&self) -> &Plans {
        &self.0.plans
    }

    /// Commits a verb's transaction, with the key of the request that it is done for, and wakes whoever waits for facts.
    pub async fn commit(&self, tx: Tx) -> Result<(), Broken> {
        repeat::keep(&tx, self.now()).await?;
        let facts = tx.close().await?;
        if !facts.is_empty() {
            self.0.moved.notify_waiters();
        }
        Ok(())
    }

    /// Waits until some fact is committed by this process.
    pub async fn moved(&self) {
        self.0.moved.notified().await;
    }
}

/// Random bytes that nobody can guess, for what is done without a database.
pub fn chance<const N: usize>() -> [u8; N] {
    Dice::system().bytes()
}

mod dice {
    use std::sync::{Mutex, PoisonError};

    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    /// Where chance comes from: a seeded sequence while there is one, else the system.
    pub struct Dice(Mutex<Option<Xoshiro256PlusPlus>>);

    impl Dice {
        /// The operating system's.
        pub fn system() -> Dice {
            Dice(Mutex::new(None))
        }

        /// A sequence that a seed fixes.
        pub fn seeded(seed: u64) -> Dice {
            Dice(Mutex::new(Some(Xoshiro256PlusPlus::seed_from_u64(seed))))
        }

        /// Gives up the sequence for the system's randomness.
        pub fn let_run(&self) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }

        /// `N` random bytes.
        pub fn bytes<const N: usize>(&self) -> [u8; N] {
            let mut bytes = [0; N];
            let mut seeded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match seeded.as_mut() {
                Some(sequence) => sequence.fill_bytes(&mut bytes),
                None => getrandom::fill(&mut bytes).expect("the operating system has randomness"),
            }
            bytes
        }
    }
}
