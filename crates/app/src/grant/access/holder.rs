//! Programs that hold a live token: what each may, how much it does at once, and when it was last heard of.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use sha2::{Digest, Sha256};
use traction_domain::id::TokenId;
use traction_domain::time::Moment;

use crate::org::token::store::{Scope, Token};

/// How many requests one token may have under way. More is an overload: it is told to come back, others are not hurt.
pub const N_UNDER_WAY: u32 = 256;

/// How many streams of one token a server keeps open. Whoever is past it asks now and then instead.
const N_STREAMS: u32 = 10_000;

/// Not used yet, as far as this server knows.
const NEVER: i64 = i64::MIN;

/// The hash of a token's secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Credential([u8; 32]);

/// A program that holds a live token.
pub struct Holder {
    token: Token,
    credential: Credential,
    n_under_way: AtomicU32,
    n_streams: AtomicU32,
    used_at: AtomicI64,
    /// Up to which use it is kept in the database.
    kept_at: AtomicI64,
}

/// One request under way; counted until it is dropped.
pub struct UnderWay(Arc<Holder>);

/// One stream that is open; counted until it is dropped.
pub struct Listening(Arc<Holder>);

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

impl Credential {
    /// That of a secret.
    pub fn of(secret: &str) -> Credential {
        Credential(Sha256::digest(secret.as_bytes()).into())
    }

    /// As a token keeps it, in hex. A hash that is none is that of no secret.
    pub fn of_hash(hash: &str) -> Credential {
        let mut bytes = [0; 32];
        let _ = hex::decode_to_slice(hash, &mut bytes);
        Credential(bytes)
    }

    /// Its beginning: enough to tell tokens apart.
    pub fn beginning(&self) -> [u8; 16] {
        let mut beginning = [0; 16];
        beginning.copy_from_slice(&self.0[..16]);
        beginning
    }
}

impl Holder {
    /// A program that has just come.
    pub fn of(token: Token) -> Holder {
        Holder {
            credential: Credential::of_hash(&token.hash),
            token,
            n_under_way: AtomicU32::new(0),
            n_streams: AtomicU32::new(0),
            used_at: AtomicI64::new(NEVER),
            kept_at: AtomicI64::new(NEVER),
        }
    }

    /// Its token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Lets a request in, if its credential is this program's and for one of these scopes.
    pub fn admit(
        holder: &Arc<Holder>,
        credential: &Credential,
        scopes: &[Scope],
        now: Moment,
    ) -> Result<UnderWay, Barred> {
        // Of two hashes, how far they agree tells nobody anything about a secret.
        if holder.credential != *credential {
            return Err(Barred::Unknown);
        }
        if !holder.token.scopes.iter().any(|scope| scopes.contains(scope)) {
            return Err(Barred::WrongScope);
        }
        holder.note_use(now);
        let under_way = UnderWay(holder.clone());
        if holder.n_under_way.fetch_add(1, Ordering::Relaxed) >= N_UNDER_WAY {
            return Err(Barred::TooMany);
        }
        Ok(under_way)
    }

    /// Lets a stream in, if there is a place.
    pub fn listen(holder: &Arc<Holder>) -> Option<Listening> {
        let listening = Listening(holder.clone());
        (holder.n_streams.fetch_add(1, Ordering::Relaxed) < N_STREAMS).then_some(listening)
    }

    /// Notes a use.
    pub fn note_use(&self, now: Moment) {
        self.used_at.store(now.milliseconds(), Ordering::Relaxed);
    }

    /// When it was last used, as far as this server knows.
    pub fn used_at(&self) -> Option<Moment> {
        Some(self.used_at.load(Ordering::Relaxed))
            .filter(|at| *at != NEVER)
            .and_then(Moment::from_milliseconds)
    }

    /// A use that is not kept in the database yet.
    pub fn use_to_keep(&self) -> Option<Moment> {
        self.used_at().filter(|at| at.milliseconds() > self.kept_at.load(Ordering::Relaxed))
    }

    /// Notes what is kept now.
    pub fn kept(&self, used: &[(TokenId, Moment)]) {
        if let Some((_, at)) = used.iter().find(|(token, _)| *token == self.token.id) {
            self.kept_at.store(at.milliseconds(), Ordering::Relaxed);
        }
    }
}

impl UnderWay {
    /// The beginning of the hash of the token's secret: what an answer's tag and its stream depend on.
    pub fn credential(&self) -> [u8; 16] {
        self.0.credential.beginning()
    }

    /// Whether there is a place for one more stream of this token.
    pub fn may_listen(&self) -> bool {
        self.0.n_streams.load(Ordering::Relaxed) < N_STREAMS
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.n_under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.n_streams.fetch_sub(1, Ordering::Relaxed);
    }
}
