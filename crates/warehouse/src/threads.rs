//! Threads of the engine's own: a query computes for seconds, and the server's threads answer people meanwhile.

use std::future::Future;
use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// So many threads for each core: what only waits and answers must find one that does not compute.
const N_THREADS_A_CORE: usize = 4;
/// Plans are trees, and so are the calls that walk them.
const N_BYTES_OF_STACK: usize = 8 << 20;

static THREADS: OnceLock<io::Result<Runtime>> = OnceLock::new();

/// Why something did not come to its end.
#[derive(Debug)]
pub enum Unfinished {
    /// Its time was over.
    TooSlow,
    /// It broke.
    Broken,
}

/// Carries something out on these threads, for so long at most; dropped, it ends there as well.
pub async fn run<T: Send + 'static>(
    within: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Unfinished> {
    let mut tasks = start(work)?;
    match tokio::time::timeout(within, tasks.join_next()).await {
        Err(_) => Err(Unfinished::TooSlow),
        Ok(Some(Ok(done))) => Ok(done),
        Ok(_) => Err(Unfinished::Broken),
    }
}

/// Begins something on these threads; dropped, it ends.
pub fn start<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<JoinSet<T>, Unfinished> {
    let threads = THREADS.get_or_init(|| {
        let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
        Builder::new_multi_thread()
            .worker_threads(N_THREADS_A_CORE * n_cores)
            .thread_name("warehouse")
            .thread_stack_size(N_BYTES_OF_STACK)
            .enable_all()
            .build()
    });
    let Ok(threads) = threads else { return Err(Unfinished::Broken) };
    let mut tasks = JoinSet::new();
    tasks.spawn_on(work, threads.handle());
    Ok(tasks)
}
