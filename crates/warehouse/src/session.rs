//! A session of the engine: what it may read, how much memory it may take, and by which zone moments become days.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use jiff::tz::TimeZone;

use crate::N_BYTES_OF_MEMORY;
use crate::asked::Shares;
use crate::fence::Fence;

/// What an engine may touch: files below some folders, a bounded piece of memory, and no disk to write on.
pub fn surroundings(roots: Vec<PathBuf>) -> Result<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new()
        .with_object_store_registry(Fence::around(roots).only())
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(N_BYTES_OF_MEMORY)))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()
}

/// A session for one query on a folder, here or with a cluster.
pub fn open(root: PathBuf, zone: &TimeZone, shares: &Shares) -> Result<SessionContext> {
    let mut config = SessionConfig::new().with_information_schema(false);
    config.options_mut().execution.time_zone = Some(zone_name(zone));
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(surroundings(vec![root])?)
        .with_default_features();
    let state = match shares {
        Shares::Nobody => state.build(),
        Shares::Workers(cluster) => cluster.shares(state)?.build(),
        #[cfg(feature = "ballista")]
        Shares::Ballista(scheduler) => crate::ballista::shares(state.build(), scheduler)?,
    };
    Ok(SessionContext::new_with_state(state))
}

/// The name of a zone as the engine knows it.
pub fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}
