//! `traction hand-over …`

use clap::Subcommand;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::sustain::hand_over::store;

/// Hand-overs.
#[derive(Debug, Subcommand)]
pub enum HandOverCommand {
    /// List hand-overs, the latest first.
    #[command(after_help = "Example: traction hand-over list --json")]
    List,
}

/// Runs it.
pub async fn run(command: HandOverCommand, operator: &Operator) -> Result<Done, Stop> {
    match command {
        HandOverCommand::List => {
            let rows = store::all(operator.world.store().read()).await?.into_iter().map(|one| {
                vec![
                    one.unit_slug.to_string(),
                    one.change_slug.to_string(),
                    one.owner_name,
                    one.state.word().to_owned(),
                    one.support_ends.to_string(),
                    one.proposed_at.to_string(),
                ]
            });
            let columns = ["unit", "change", "owner", "state", "support_ends", "proposed_at"];
            print_table(operator.output, &columns, rows.collect());
        }
    }
    Ok(Done)
}
