//! Writes that a program sends again because it did not hear the answer: each is done once.
//!
//! The program's key goes into the transaction of the write itself, so that after a crash both are there or neither. The
//! answer is kept once it is known. How requests and answers look is the door's: `web/repeat.rs`.

pub mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::SignedDuration;
use traction_domain::id::TokenId;
use traction_domain::time::Moment;

use crate::store::Sql;
use crate::trouble::Broken;

/// How long what was asked for under a key is known.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

tokio::task_local! {
    /// What is asked for under a key, while it is done.
    static ASKED: Arc<Asked>;
}

/// A write that a program asks for under a key.
#[derive(Debug)]
pub struct Asked {
    /// Whose key it is.
    pub token: TokenId,
    /// The key.
    pub key: String,
    /// What tells this request from another under the same key.
    pub hash: String,
    is_kept: AtomicBool,
}

impl Asked {
    /// A write that was not asked for before.
    pub fn new(token: TokenId, key: &str, hash: String) -> Arc<Asked> {
        Arc::new(Asked { token, key: key.to_owned(), hash, is_kept: AtomicBool::new(false) })
    }

    /// Does the write; its first transaction keeps the key.
    pub async fn done<T>(self: &Arc<Asked>, write: impl Future<Output = T>) -> T {
        ASKED.scope(self.clone(), write).await
    }

    /// Whether something was written, and with it the key.
    pub fn is_kept(&self) -> bool {
        self.is_kept.load(Ordering::Relaxed)
    }
}

/// Keeps the key of what is being done, if it has one, in the transaction that does it.
pub async fn keep(sql: &Sql, now: Moment) -> Result<(), Broken> {
    let Ok(asked) = ASKED.try_with(Arc::clone) else { return Ok(()) };
    if asked.is_kept() {
        return Ok(());
    }
    store::forget(sql, now.after(-KEPT)).await?;
    if !store::add(sql, &asked, now).await? {
        // The same request came twice at once, and the other was first.
        return Err(Broken::Repeated);
    }
    asked.is_kept.store(true, Ordering::Relaxed);
    Ok(())
}
