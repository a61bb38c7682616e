//! A worker: carries out parts of plans for those who know the secret, and reads files below given folders, nothing else.
//!
//! A plan is a program. A stranger's is refused before it is read; what is let in can open no file beyond the folders,
//! write none, and take no more memory than a query may.

use std::future::Future;
use std::path::PathBuf;

use datafusion::common::{DataFusionError, Result};
use datafusion::execution::SessionState;
use datafusion_distributed::{DistributedExt, Worker, WorkerQueryContext};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Status};

use crate::place::Place;
use crate::secret::{Secret, SecretRefused};
use crate::workers::Channels;
use crate::{session, threads};

/// The version that two who work together must share: plans are written for one version alone.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Why a worker does not start.
#[derive(Debug, thiserror::Error)]
pub enum WorkerRefused {
    /// It would read nothing.
    #[error("name at least one folder that it may read, as --folder /srv/exports")]
    NoFolder,
    /// A folder is not there.
    #[error("the folder {0} cannot be read ({1})")]
    Folder(String, std::io::Error),
    /// The secret cannot be sent.
    #[error(transparent)]
    Secret(#[from] SecretRefused),
    /// The engine does not start.
    #[error("the engine does not start: {0}")]
    Engine(DataFusionError),
    /// It cannot go on.
    #[error("the worker broke off: {0}")]
    Network(tonic::transport::Error),
    /// It broke.
    #[error("the worker broke off; start it again")]
    Broken,
}

/// Serves until told to stop.
pub async fn serve(
    listener: TcpListener,
    folders: &[Place],
    secret: &Secret,
    until: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WorkerRefused> {
    let roots = folders.iter().map(root).collect::<Result<Vec<_>, _>>()?;
    if roots.is_empty() {
        return Err(WorkerRefused::NoFolder);
    }
    let surroundings = session::surroundings(roots).map_err(WorkerRefused::Engine)?;
    let channels = Channels::with(secret)?;
    let session = move |of: WorkerQueryContext| {
        let channels = channels.clone();
        async move {
            Ok::<SessionState, DataFusionError>(
                of.builder.with_distributed_channel_resolver(channels).build(),
            )
        }
    };
    let worker = Worker::from_session_builder(session).with_runtime_env(surroundings).with_version(VERSION);
    let service = InterceptedService::new(worker.into_worker_server(), let_in(secret));
    let incoming = TcpIncoming::from(listener);
    let serving = async move {
        Server::builder().add_service(service).serve_with_incoming_shutdown(incoming, until).await
    };
    let mut serving = threads::start(serving).map_err(|_| WorkerRefused::Broken)?;
    match serving.join_next().await {
        Some(Ok(ended)) => ended.map_err(WorkerRefused::Network),
        _ => Err(WorkerRefused::Broken),
    }
}

fn root(folder: &Place) -> Result<PathBuf, WorkerRefused> {
    let path = folder.path();
    path.canonicalize().map_err(|error| WorkerRefused::Folder(path.display().to_string(), error))
}

/// Lets in who knows the secret. Hashes are compared: how long that takes tells nothing of the secret.
fn let_in(secret: &Secret) -> impl FnMut(Request<()>) -> Result<Request<()>, Status> + Clone + use<> {
    let known = Sha256::digest(secret.header());
    move |request| {
        let said = request.metadata().get("authorization").map(|said| Sha256::digest(said.as_bytes()));
        if said == Some(known) {
            Ok(request)
        } else {
            Err(Status::unauthenticated("this worker works for those who know its secret"))
        }
    }
}
