//! The board: what access is answered from, in memory, replaced as a whole when who holds what has moved.
//!
//! Reading it takes no lock. Who asks while it is replaced gets the one before. What did not move is kept: a slot that
//! starts does not read a million people again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use tokio::sync::{Mutex, OnceCell, watch};
use traction_domain::grant::access::{Builder, MembersBuilder, Snapshot, Ticket, TicketKey};
use traction_domain::id::TokenId;
use traction_domain::time::Moment;

use crate::grant::access::holder::{Barred, Credential, Holder, Listening, UnderWay};
use crate::grant::access::store;
use crate::grant::access::written::Written;
use crate::org::token::store as tokens;
use crate::org::token::store::{Scope, Token};
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

/// One face of the board.
pub struct Face {
    /// Who has what.
    pub snapshot: Arc<Snapshot>,
    /// Its answers, as far as they are the same for everybody, already written.
    pub written: Arc<Written>,
    tokens: Arc<HashMap<[u8; 16], Arc<Holder>>>,
    /// The place in the journal up to which nothing is missing here; before the first look, below any.
    seen: AtomicI64,
}

impl Default for Board {
    fn default() -> Board {
        let snapshot = Builder::new(0, Arc::new(MembersBuilder::default().build())).build();
        let face = Face::of(Arc::new(snapshot), Arc::default(), BEFORE_ALL);
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
    pub fn sealed(&self, ticket: &Ticket) -> Option<String> {
        Some(self.ticket_key.get()?.sealed(ticket))
    }

    /// The ticket in an address.
    pub fn opened(&self, text: &str) -> Option<Ticket> {
        self.ticket_key.get()?.opened(text)
    }

    fn show(&self, face: Face) {
        self.face.store(Arc::new(face));
        self.n_faces.send_modify(|n| *n += 1);
    }
}

impl Face {
    fn of(snapshot: Arc<Snapshot>, tokens: Arc<HashMap<[u8; 16], Arc<Holder>>>, seen: i64) -> Face {
        let written = Arc::new(Written::of(&snapshot));
        Face { snapshot, written, tokens, seen: AtomicI64::new(seen) }
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

/// What moved since a face was made.
#[derive(Clone, Copy, Debug)]
struct Moved {
    members: bool,
    switches: bool,
    tokens: bool,
}

/// Replaces the board if facts since it was made have moved access, in this process or another on the same database.
pub async fn refresh(world: &World) -> Result<(), Broken> {
    let board = world.access();
    let _making = board.making.lock().await;
    board.ticket_key.get_or_try_init(|| ticket_key(world)).await?;
    let before = board.face();
    let (sql, seen) = (world.store().read(), before.seen.load(Ordering::Relaxed));
    let last = sql.last_entry().await?;
    if last == seen {
        return Ok(());
    }
    let moved = moved(world, seen).await?;
    if !(moved.members || moved.switches || moved.tokens) {
        before.seen.store(last, Ordering::Relaxed);
        return Ok(());
    }
    // What happens from here on is after `last`, so that the next look at the journal finds it.
    let live = if moved.tokens {
        Arc::new(holders(tokens::live(sql).await?, &before))
    } else {
        before.tokens.clone()
    };
    let members =
        if moved.members { Arc::new(store::members(sql).await?) } else { before.snapshot.members().clone() };
    board.show(if moved.members || moved.switches {
        Face::of(Arc::new(store::switches(sql, members).await?), live, last)
    } else {
        let (snapshot, written) = (before.snapshot.clone(), before.written.clone());
        Face { snapshot, written, tokens: live, seen: AtomicI64::new(last) }
    });
    Ok(())
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

/// What the entries after `seq` move.
async fn moved(world: &World, mut seq: i64) -> Result<Moved, Broken> {
    if seq == BEFORE_ALL {
        return Ok(Moved { members: true, switches: true, tokens: true });
    }
    let mut moved = Moved { members: false, switches: false, tokens: false };
    loop {
        let entries = world.store().read().entries_after(seq, 500).await?;
        let Some(last) = entries.last() else { return Ok(moved) };
        seq = last.seq;
        for entry in &entries {
            moved.members |= entry.fact.moves_members();
            moved.switches |= entry.fact.moves_switches();
            moved.tokens |= entry.fact.moves_tokens();
        }
    }
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
