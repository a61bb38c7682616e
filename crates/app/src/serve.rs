//! `traction serve`: the server.

pub mod connections;

use std::io::ErrorKind;

use clap::Args;
use tokio::net::TcpListener;

use crate::commands::{Common, Done, Opening, Stop};
use crate::grant::access::board;
use crate::world::World;
use crate::{jobs, org};

/// Where it listens unless told otherwise.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:7979";

/// How to serve.
#[derive(Debug, Args)]
pub struct ServeOptions {
    /// The address to listen on.
    #[arg(long, env = "TRACTION_ADDR", default_value = DEFAULT_ADDRESS)]
    pub addr: String,
}

/// Runs the server until it is told to stop.
pub async fn run(options: ServeOptions, common: &Common) -> Result<Done, Stop> {
    let listener = listen(&options.addr, "--addr").await?;
    let world = common.world(&options.addr, Opening::MadeIfMissing).await?;
    eprintln!("Traction listens on {}", world.settings().public_url);
    if let Some(secret) = org::session::verbs::make_first_link(&world).await? {
        eprintln!("Nobody runs this installation yet. Become its administrator here, once:");
        eprintln!("  {}/first/{secret}", world.settings().public_url);
        eprintln!(
            "A link that another server or an earlier start printed works too, for {} days, until one of them is used.",
            org::session::verbs::N_DAYS_LINK
        );
    }
    until_told_to_stop(listener, world).await
}

/// A socket on `address`, which an option names, or the sentence that says what is in the way.
pub async fn listen(address: &str, option: &str) -> Result<TcpListener, Stop> {
    TcpListener::bind(address).await.map_err(|error| {
        Stop::Input(format!(
            "cannot listen on {address} ({error}); {}",
            match error.kind() {
                ErrorKind::InvalidInput =>
                    "write an address and a port, like 127.0.0.1:7979; ports go from 1 to 65535".into(),
                ErrorKind::AddrInUse => format!("stop what uses that port, or choose another with {option}"),
                _ => format!("choose an address of this machine and a port you may use with {option}"),
            }
        ))
    })
}

/// Serves `world` on `listener` until Ctrl-C or a termination signal; requests under way are finished.
pub async fn until_told_to_stop(listener: TcpListener, world: World) -> Result<Done, Stop> {
    board::refresh(&world).await?;
    let jobs = [
        tokio::spawn(jobs::run(world.clone())),
        tokio::spawn(jobs::ask_sources(world.clone())),
        tokio::spawn(jobs::send_letters(world.clone())),
        tokio::spawn(jobs::keep_access(world.clone())),
        tokio::spawn(jobs::check_access(world.clone())),
        tokio::spawn(jobs::close_weeks(world.clone())),
    ];
    let stops = {
        let world = world.clone();
        tokio::spawn(async move {
            told_to_stop().await;
            // Streams would go on for ever.
            world.end();
        })
    };
    connections::serve(listener, world.clone()).await;
    stops.abort();
    jobs.iter().for_each(tokio::task::JoinHandle::abort);
    board::keep_uses(&world).await?;
    world.store().settle().await?;
    Ok(Done)
}

/// Ends when the process is told to.
pub async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else { return };
        tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupted.await;
    }
}
