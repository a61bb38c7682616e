//! `traction warehouse …`: a worker that computes for the sources of other servers. It opens no database.

use std::path::PathBuf;

use clap::Subcommand;

use crate::commands::{Done, Stop};

/// Workers.
#[derive(Debug, Subcommand)]
pub enum WarehouseCommand {
    /// Compute parts of the queries that sources ask of folders of files, for servers that know the secret.
    #[command(
        after_help = "Example: TRACTION_WAREHOUSE_SECRET=… traction warehouse worker --listen 127.0.0.1:7071 --folder /srv/exports\nThe servers have the same secret, and TRACTION_WAREHOUSE=workers:http://127.0.0.1:7071 in their environment.\nWhat goes over the network is not encrypted: listen on loopback, or on a network that is yours alone."
    )]
    Worker {
        /// Where it listens.
        #[arg(long, default_value = "127.0.0.1:7071")]
        listen: String,
        /// A folder that it may read, from the root on; the servers see it at the same place. May be repeated.
        #[arg(long = "folder", required = true)]
        folders: Vec<PathBuf>,
    },
}

/// Runs it.
#[cfg(feature = "warehouse")]
pub async fn run(command: WarehouseCommand) -> Result<Done, Stop> {
    use traction_warehouse::{Place, Secret, worker};

    let WarehouseCommand::Worker { listen, folders } = command;
    let secret = std::env::var(Secret::VARIABLE).unwrap_or_default();
    let secret = secret.parse::<Secret>().map_err(|refused| Stop::Input(refused.to_string()))?;
    let places = folders.iter().map(|folder| Place::try_from(folder.as_path()));
    let places = places.collect::<Result<Vec<_>, _>>();
    let places = places.map_err(|_| {
        Stop::Input("a folder is named from the root on, without `..`, as --folder /srv/exports".into())
    })?;
    let listener = crate::serve::listen(&listen, "--listen").await?;
    let address = listener.local_addr().map_or(listen, |address| address.to_string());
    eprintln!(
        "A worker listens on {address}, and reads {} for whoever knows its secret.",
        traction_domain::words::counted(folders.len(), "folder", "folders")
    );
    worker::serve(listener, &places, &secret, crate::serve::told_to_stop())
        .await
        .map_err(|refused| Stop::Input(refused.to_string()))?;
    Ok(Done)
}

/// This build has no engine.
#[cfg(not(feature = "warehouse"))]
pub async fn run(_command: WarehouseCommand) -> Result<Done, Stop> {
    Err(Stop::Input(
        "this build of Traction computes nothing for sources; build it once more with `--features warehouse`, and start that"
            .into(),
    ))
}
