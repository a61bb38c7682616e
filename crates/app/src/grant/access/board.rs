//! The board: what access is answered from, in memory, replaced as a whole when who holds what has moved.
//!
//! Reading it takes no lock. Who asks while it is replaced gets the one before. Only what moved is read; and now and then
//! all is, which must come to the same.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use tokio::sync::{Mutex, OnceCell, watch};
use traction_domain::grant::access::{Builder, InForce, Snapshot, Ticket, TicketKey};
use traction_domain::id::TokenId;
use traction_domain::time::Moment;

use crate::contend::wave::live::Course;
use crate::grant::access::holder::{Barred, Credential, Holder, Listening, UnderWay};
use crate::grant::access::moved::{self, Moved};
use crate::grant::access::store;
use crate::grant::access::written::Written;
use crate::org::token::store as tokens;
use crate::org::token::store::{Scope, Token};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::world::{self, World};

/// A place before the first entry of any journal: nothing was read yet.
const BEFORE_ALL: i64 = -1;

/// The setting that holds what tickets are sealed with, for all servers of one database.
const TICKET_KEY: &str = "ticket_key";

/// The board that hangs in the world.
pub struct Board {
    face: ArcSwap<Face>,
    /// Held while a new face is made, so that an older one never replaces a newer.
    making: Mutex<()>,
    /// Counts the faces, for those who wait for the next.
    n_faces: watch::Sender<u64>,
    ticket_key: OnceCell<TicketKey>,
}

/// Programs by the beginning of their token's hash.
type Tokens = Arc<HashMap<[u8; 16], Arc<Holder>>>;

/// One face of the board.
pub struct Face {
    /// Who has what.
    pub snapshot: Arc<Snapshot>,
    /// Its answers, as far as they are the same for everybody, already written.
    pub written: Arc<Written>,
    /// What is in force of each unit.
    pub in_force: Arc<InForce>,
    tokens: Tokens,
    /// The place in the journal up to which nothing is missing here; before the first look, below any.
    seen: AtomicI64,
}

impl Default for Board {
    fn default() -> Board {
        let snapshot = Builder::new(0, Arc::default()).build();
        let face = Face::of(Arc::new(snapshot), InForce::default(), Arc::default(), BEFORE_ALL);
        Board {
            face: ArcSwap::from_pointee(face),
            making: Mutex::new(()),
            n_faces: watch::Sender::new(0),
            ticket_key: OnceCell::new(),
        }
    }
}

impl Board {
    /// The present face.
    pub fn face(&self) -> Arc<Face> {
        self.face.load_full()
    }

    /// Hears of every new face.
    pub fn faces(&self) -> watch::Receiver<u64> {
        self.n_faces.subscribe()
    }

    /// A ticket as an address carries it; `None` before the first look at the database.
    pub fn sealed(&self, ticket: &Ticket<'_>) -> Option<String> {
        Some(self.ticket_key.get()?.sealed(ticket))
    }

    /// The ticket in an address.
    pub fn opened(&self, text: &str) -> Option<Ticket<'static>> {
        self.ticket_key.get()?.opened(text)
    }

    fn show(&self, face: Face) {
        self.face.store(Arc::new(face));
        self.n_faces.send_modify(|n| *n += 1);
    }
}

impl Face {
    fn of(snapshot: Arc<Snapshot>, in_force: InForce, tokens: Tokens, seen: i64) -> Face {
        let written = Arc::new(Written::of(&snapshot));
        Face { snapshot, written, in_force: Arc::new(in_force), tokens, seen: AtomicI64::new(seen) }
    }

    /// With the same answers, for these tokens.
    fn with(&self, tokens: Tokens, seen: i64) -> Face {
        let (snapshot, written, in_force) =
            (self.snapshot.clone(), self.written.clone(), self.in_force.clone());
        Face { snapshot, written, in_force, tokens, seen: AtomicI64::new(seen) }
    }

    /// What is in force at `now` by another snapshot, or by this one; what is the same is taken over.
    fn in_force(&self, snapshot: &Snapshot, now: Moment) -> InForce {
        self.in_force.laid_over(&self.snapshot, snapshot, now)
    }

    /// Lets a secret in that is for one of these scopes; its request is under way until what is returned is dropped.
    pub fn admit(&self, secret: Option<&str>, scopes: &[Scope], now: Moment) -> Result<UnderWay, Barred> {
        let credential = secret.map(Credential::of).ok_or(Barred::Unknown)?;
        let holder = self.tokens.get(&credential.beginning()).ok_or(Barred::Unknown)?;
        Holder::admit(holder, &credential, scopes, now)
    }

    /// Lets a stream in for a token of which the hash begins so; it counts until what is returned is dropped.
    pub fn listen(&self, credential: &[u8; 16]) -> Option<Listening> {
        Holder::listen(self.tokens.get(credential)?)
    }

    /// Whether the token is live of which the hash begins so.
    pub fn knows(&self, credential: &[u8; 16]) -> bool {
        self.tokens.contains_key(credential)
    }

    /// Notes that a token was used at another door.
    pub fn note_use(&self, token: &Token, now: Moment) {
        if let Some(holder) = self.tokens.get(&Credential::of_hash(&token.hash).beginning()) {
            holder.note_use(now);
        }
    }

    /// When this server last saw a token used.
    pub fn used_at(&self, token: &Token) -> Option<Moment> {
        self.tokens.get(&Credential::of_hash(&token.hash).beginning())?.used_at()
    }
}

/// Replaces the board if facts since it was made have moved access, in this process or another on the same database.
pub async fn refresh(world: &World) -> Result<(), Broken> {
    let board = world.access();
    let _making = board.making.lock().await;
    board.ticket_key.get_or_try_init(|| ticket_key(world)).await?;
    brought_up_to_date(world).await
}

/// As [`refresh`], by whoever holds the lock.
async fn brought_up_to_date(world: &World) -> Result<(), Broken> {
    let (sql, board, now) = (world.store().read(), world.access(), world.now());
    let before = board.face();
    let seen = before.seen.load(Ordering::Relaxed);
    let last = sql.last_entry().await?;
    if last == seen {
        if !before.in_force.is_whole_at(now) {
            // Something began or ended by the clock. Answers hold without this, and who listens knows by himself.
            let in_force = Arc::new(before.in_force(&before.snapshot, now));
            board.face.store(Arc::new(Face { in_force, ..before.with(before.tokens.clone(), seen) }));
        }
        return Ok(());
    }
    // What happens while this reads is after the place that it notes, so that the next look at the journal finds it.
    let (moved, last) = if seen == BEFORE_ALL { (Moved::All, last) } else { moved::since(sql, seen).await? };
    let (snapshot, has_tokens) = match &moved {
        Moved::All => (Some(whole(sql).await?), true),
        Moved::These(touched) if touched.has_answers() => {
            (Some(touched.laid_over(sql, &before.snapshot).await?), touched.has_tokens())
        }
        Moved::These(touched) => (None, touched.has_tokens()),
    };
    // Whoever looks at a wave hears of it from the same look at the journal.
    match &moved {
        Moved::All => world.live().tell(&Course::all(last)),
        Moved::These(touched) => world.live().tell(touched.course()),
    }
    if snapshot.is_none() && !has_tokens {
        before.seen.store(last, Ordering::Relaxed);
        return Ok(());
    }
    let live =
        if has_tokens { Arc::new(holders(tokens::live(sql).await?, &before)) } else { before.tokens.clone() };
    board.show(match snapshot {
        Some(snapshot) => {
            let in_force = before.in_force(&snapshot, now);
            Face::of(Arc::new(snapshot), in_force, live, last)
        }
        None => before.with(live, last),
    });
    Ok(())
}

/// What access is answered from, all of it read.
async fn whole(sql: &Sql) -> Result<Snapshot, Broken> {
    let members = Arc::new(store::members(sql).await?);
    store::switches(sql, members).await
}

/// What came of reading all again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The same that was put together piece by piece.
    Same,
    /// Something else: it is shown from now on.
    Mended,
    /// Nothing that can be compared, since too much moved meanwhile.
    Unsettled,
}

/// Reads all again, and compares: what was missed when it moved does not stay so. Meanwhile answers are given, and slots
/// switched.
pub async fn check(world: &World) -> Result<Checked, Broken> {
    let (board, sql) = (world.access(), world.store().read());
    let from = sql.last_entry().await?;
    let read = whole(sql).await?;
    let _making = board.making.lock().await;
    brought_up_to_date(world).await?;
    let shown = board.face();
    let seen = shown.seen.load(Ordering::Relaxed);
    let read = match moved::since(sql, from).await? {
        (Moved::These(touched), to) if to == seen => Arc::new(touched.laid_over(sql, &read).await?),
        _ => return Ok(Checked::Unsettled),
    };
    let (one, other) = (read.clone(), shown.snapshot.clone());
    // A million people are compared in a second or so.
    let is_same = tokio::task::spawn_blocking(move || one.answers_as(&other))
        .await
        .map_err(|error| Broken::accident("comparing who has access", error))?;
    if is_same {
        return Ok(Checked::Same);
    }
    if sql.last_entry().await? != seen {
        return Ok(Checked::Unsettled);
    }
    let in_force = shown.in_force(&read, world.now());
    board.show(Face::of(read, in_force, shown.tokens.clone(), seen));
    Ok(Checked::Mended)
}

/// The live tokens by the beginning of their hash. A request or stream under way stays counted.
fn holders(live: Vec<Token>, before: &Face) -> HashMap<[u8; 16], Arc<Holder>> {
    let holder = |token: Token| {
        let beginning = Credential::of_hash(&token.hash).beginning();
        let kept = before.tokens.get(&beginning).filter(|holder| *holder.token() == token).cloned();
        (beginning, kept.unwrap_or_else(|| Arc::new(Holder::of(token))))
    };
    live.into_iter().map(holder).collect()
}

/// The key of the tickets, made at first use.
async fn ticket_key(world: &World) -> Result<TicketKey, Broken> {
    let stored = match world.store().read().setting(TICKET_KEY).await? {
        Some(stored) => stored,
        None => {
            let made = hex::encode(world::chance::<32>());
            let tx = world.store().begin().await?;
            tx.settle(TICKET_KEY, &made).await?;
            // Another server may have been faster; its key counts.
            let stored = tx.setting(TICKET_KEY).await?.unwrap_or(made);
            world.commit(tx).await?;
            stored
        }
    };
    let mut bytes = [0; 32];
    hex::decode_to_slice(&stored, &mut bytes)
        .map_err(|error| Broken::accident("reading the key of the tickets", error))?;
    Ok(TicketKey::new(bytes))
}

/// Keeps when tokens were last used, for those that were since it was kept.
pub async fn keep_uses(world: &World) -> Result<(), Broken> {
    let face = world.access().face();
    let used: Vec<(TokenId, Moment)> =
        face.tokens.values().filter_map(|holder| Some((holder.token().id, holder.use_to_keep()?))).collect();
    if used.is_empty() {
        return Ok(());
    }
    let tx = world.store().begin().await?;
    for (token, at) in &used {
        tokens::keep_use(&tx, *token, *at).await?;
    }
    world.commit(tx).await?;
    face.tokens.values().for_each(|holder| holder.kept(&used));
    Ok(())
}
