//! Reads the command line and runs it.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;
use traction::commands::{self, Cli};

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("TRACTION_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    commands::run(Cli::parse()).await
}
