//! The board: what access is answered from, in memory, replaced as a whole when who holds what has moved.
//!
//! Reading it takes no lock. Who asks while it is replaced gets the one before.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use arc_swap::ArcSwap;
use tokio::sync::Mutex;
use traction_domain::grant::access::{Builder, Snapshot};

use crate::grant::access::store;
use crate::grant::access::written::Written;
use crate::org::token::store::{Scope, Token};
use crate::trouble::Broken;
use crate::web::session::hash;
use crate::world::World;

/// How many requests one token may have under way. More is an overload: it is told to come back, others are not hurt.
const N_UNDER_WAY: u32 = 256;

/// A place before the first entry of any journal: nothing was read yet.
const BEFORE_ALL: i64 = -1;

/// The board that hangs in the world.
pub struct Board {
    face: ArcSwap<Face>,
    /// Held while a new face is made, so that an older one never replaces a newer.
    making: Mutex<()>,
}

/// One face of the board.
pub struct Face {
    /// Who has what.
    pub snapshot: Snapshot,
    /// Its answers, as far as they are the same for everybody, already written.
    pub written: Written,
    tokens: HashMap<String, Arc<Holder>>,
    /// The place in the journal up to which nothing is missing here; before the first look, below any.
    seen: AtomicI64,
}

/// A program that holds a live token.
pub struct Holder {
    token: Token,
    n_under_way: AtomicU32,
}

/// One request under way; counted until it is dropped.
pub struct UnderWay(Arc<Holder>);

/// Why a credential does not open the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// No token, or one that is not known.
    Unknown,
    /// A token for something else.
    WrongScope,
    /// As many requests under way as a token may have.
    TooMany,
}

impl Default for Board {
    fn default() -> Board {
        let read = store::Read { snapshot: Builder::new(0).build(), tokens: HashMap::new() };
        let face = ArcSwap::from_pointee(Face::of(read, &HashMap::new(), BEFORE_ALL));
        Board { face, making: Mutex::new(()) }
    }
}

impl Board {
    /// The present face.
    pub fn face(&self) -> Arc<Face> {
        self.face.load_full()
    }
}

impl Face {
    fn of(read: store::Read, before: &HashMap<String, Arc<Holder>>, seen: i64) -> Face {
        let holder = |hash: String, token: Token| {
            // A request under way stays counted when the board is replaced.
            let kept = before.get(&hash).filter(|holder| holder.token == token).cloned();
            let holder = kept.unwrap_or_else(|| Arc::new(Holder { token, n_under_way: AtomicU32::new(0) }));
            (hash, holder)
        };
        let tokens = read.tokens.into_iter().map(|(hash, token)| holder(hash, token)).collect();
        Face {
            written: Written::of(&read.snapshot),
            snapshot: read.snapshot,
            tokens,
            seen: AtomicI64::new(seen),
        }
    }

    /// Lets a secret in that is for one of these scopes; its request is under way until what is returned is dropped.
    pub fn admit(&self, secret: Option<&str>, scopes: &[Scope]) -> Result<UnderWay, Barred> {
        let holder = secret.and_then(|secret| self.tokens.get(&hash(secret))).ok_or(Barred::Unknown)?;
        if !holder.token.scopes.iter().any(|scope| scopes.contains(scope)) {
            return Err(Barred::WrongScope);
        }
        let under_way = UnderWay(holder.clone());
        if holder.n_under_way.fetch_add(1, Ordering::Relaxed) >= N_UNDER_WAY {
            return Err(Barred::TooMany);
        }
        Ok(under_way)
    }
}

impl UnderWay {
    /// The hash of the token's secret: what an answer's tag depends on.
    pub fn credential(&self) -> &str {
        &self.0.token.hash
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.n_under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Replaces the board if facts since it was made have moved access, in this process or another on the same database.
pub async fn refresh(world: &World) -> Result<(), Broken> {
    let board = world.access();
    let _making = board.making.lock().await;
    let before = board.face();
    let (sql, seen) = (world.store().read(), before.seen.load(Ordering::Relaxed));
    let last = sql.last_entry().await?;
    if last == seen {
        return Ok(());
    }
    if seen != BEFORE_ALL && !moved(world, seen).await? {
        before.seen.store(last, Ordering::Relaxed);
        return Ok(());
    }
    let read = store::read(sql).await?;
    let seen = i64::try_from(read.snapshot.version()).unwrap_or(last);
    board.face.store(Arc::new(Face::of(read, &before.tokens, seen)));
    Ok(())
}

/// Whether an entry after `seq` moves access.
async fn moved(world: &World, mut seq: i64) -> Result<bool, Broken> {
    loop {
        let entries = world.store().read().entries_after(seq, 500).await?;
        let Some(last) = entries.last() else { return Ok(false) };
        if entries.iter().any(|entry| entry.fact.moves_access()) {
            return Ok(true);
        }
        seq = last.seq;
    }
}
