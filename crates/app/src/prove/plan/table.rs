//! Plans that were played, kept in memory: playing takes seconds, and who looks again should not wait again.
//!
//! What a plan is known by is all that it is computed from, so that one kept is never out of date. Nothing is stored.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::watch;
use traction_domain::prove::plan::PlanRefused;

use super::verbs::{Planned, Prepared};
use crate::trouble::{Broken, Trouble};

/// So many plans are kept; the oldest makes room.
const N_KEPT: usize = 64;

type Answer = Result<Planned, PlanRefused>;
type Coming = watch::Receiver<Option<Arc<Answer>>>;

/// The plans of this process, ready or being played.
#[derive(Default)]
pub struct Table(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_key: HashMap<[u8; 32], Coming>,
    oldest_first: VecDeque<[u8; 32]>,
}

/// A plan as it can be shown now.
pub struct Seen {
    /// The plan: whole, or by formula while it is being played.
    pub planned: Answer,
    /// Whether it is the whole.
    pub progress: Progress,
}

/// Whether a plan is still being played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is: what is shown is by formula.
    UnderWay,
    /// It is not.
    Done,
}

impl Table {
    /// The plan, if it is ready within `patience`; else what the formula says of it, while it is being played.
    pub async fn seen(&self, prepared: Prepared, patience: Duration) -> Result<Seen, Trouble> {
        let by_formula = self.started(prepared.by_formula());
        if let Some(planned) = ready(self.started(prepared), patience).await? {
            return Ok(Seen { planned, progress: Progress::Done });
        }
        let planned = answer(by_formula).await?;
        Ok(Seen { planned, progress: Progress::UnderWay })
    }

    /// Sees to it that the plan is played, once, whoever asks for it.
    fn started(&self, prepared: Prepared) -> Coming {
        // All that the plan is computed from is in what it says of itself.
        let key: [u8; 32] = Sha256::digest(format!("{prepared:?}")).into();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One whose play broke down is played again.
        let there =
            kept.by_key.get(&key).filter(|coming| coming.has_changed().is_ok() || coming.borrow().is_some());
        if let Some(coming) = there {
            return coming.clone();
        }
        let (ready, coming) = watch::channel(None);
        tokio::task::spawn_blocking(move || {
            // Nobody may be waiting any more.
            let _ = ready.send(Some(Arc::new(prepared.plan())));
        });
        if kept.by_key.insert(key, coming.clone()).is_none() {
            kept.oldest_first.push_back(key);
        }
        if kept.oldest_first.len() > N_KEPT
            && let Some(oldest) = kept.oldest_first.pop_front()
        {
            kept.by_key.remove(&oldest);
        }
        coming
    }
}

/// The plan, if it comes within `patience`.
async fn ready(coming: Coming, patience: Duration) -> Result<Option<Answer>, Trouble> {
    match tokio::time::timeout(patience, answer(coming)).await {
        Ok(answer) => answer.map(Some),
        Err(_) => Ok(None),
    }
}

/// The plan, when it comes.
async fn answer(mut coming: Coming) -> Result<Answer, Trouble> {
    let broken = || Broken::accident("playing a roll-out", "it ended without an answer");
    let ready = coming.wait_for(Option::is_some).await.map_err(|_| broken())?;
    Ok(ready.as_deref().cloned().ok_or_else(broken)?)
}
