//! Chances that were counted, kept so that nobody waits for them twice: a policy's page asks for the same ones at every look,
//! and a draw must not count while it holds the database.
//!
//! They are kept by all they depend on, so that none can be out of date; the last few, so that they cannot fill the memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use traction_domain::contend::draw::{Contest, Counted, DrawRefused};

use crate::trouble::Broken;
use crate::world::World;

/// How many contests are kept: of ten thousand units each it is some ten megabytes.
const MOST_KEPT: usize = 8;

/// The last contests whose chances were asked for, the newest first.
#[derive(Debug, Default)]
pub struct Chances(Mutex<VecDeque<Arc<Counted>>>);

impl Chances {
    /// The chances of a contest: those that are kept, or counted now. It may take long, so it is no work for a thread that
    /// answers.
    ///
    /// # Errors
    /// As [`Contest::count`].
    pub fn of(&self, contest: Contest) -> Result<Arc<Counted>, DrawRefused> {
        if let Some(kept) = self.kept(&contest) {
            return Ok(kept);
        }
        let counted = Arc::new(contest.count()?);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_front(Arc::clone(&counted));
        all.truncate(MOST_KEPT);
        Ok(counted)
    }

    fn kept(&self, contest: &Contest) -> Option<Arc<Counted>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|kept| kept.contest() == contest)?;
        let found = all.remove(at)?;
        all.push_front(Arc::clone(&found));
        Some(found)
    }
}

/// Counts apart from those who answer.
pub async fn counted(world: &World, contest: Contest) -> Result<Result<Arc<Counted>, DrawRefused>, Broken> {
    let world = world.clone();
    let counted = tokio::task::spawn_blocking(move || world.chances().of(contest)).await;
    counted.map_err(|error| Broken::accident("counting the chances of a draw", error))
}
