//! `traction account …`

use std::path::PathBuf;

use clap::Subcommand;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Output, Stop, print_table, print_text};
use crate::measure::import::sheet::File;
use crate::measure::outcome::verbs::Mode;
use crate::sense::account::demand;
use crate::sense::account::sheet;

/// Customer accounts: what they are stuck on.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// List what they are stuck on, and what is next.
    #[command(after_help = "Example: traction account list")]
    List,
    /// Print all of it as a table that `import` takes.
    #[command(after_help = "Example: traction account export > accounts.csv")]
    Export,
    /// Take a table in: account, playbook, friction, and if there words, remedy, tried_on, ask_on, outcome.
    #[command(after_help = "Example: traction account import accounts.csv --dry-run")]
    Import {
        /// The file: CSV with a header; comma, semicolon or tab; UTF-8.
        file: PathBuf,
        /// Say what would happen, and keep nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs it.
pub async fn run(command: AccountCommand, operator: &Operator) -> Result<Done, Stop> {
    let sql = operator.world.store().read();
    match command {
        AccountCommand::List => {
            let rows = demand::all(sql).await?.into_iter().map(|standing| {
                let next = standing.next.map(|next| next.name).unwrap_or_default();
                let state = standing.stand.word().to_owned();
                vec![standing.hold.account_name, standing.friction, state, next]
            });
            print_table(operator.output, &["account", "stuck_on", "state", "next"], rows.collect());
        }
        AccountCommand::Export => print_text(sheet::written(sql).await?.trim_end()),
        AccountCommand::Import { file, dry_run } => {
            let mode = if dry_run { Mode::Try } else { Mode::Take };
            let report = sheet::take(&operator.world, &Who::operator(), &File::read(&file)?, mode).await?;
            match operator.output {
                Output::Json => print_text(&report.json().to_string()),
                Output::Table => print_text(&report.to_string()),
            }
        }
    }
    Ok(Done)
}
