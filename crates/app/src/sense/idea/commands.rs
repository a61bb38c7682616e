//! `traction idea …`

use clap::Subcommand;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::sense::idea::store;

/// Improvement ideas.
#[derive(Debug, Subcommand)]
pub enum IdeaCommand {
    /// List ideas, newest first.
    #[command(after_help = "Example: traction idea list --json")]
    List,
}

/// Runs it.
pub async fn run(command: IdeaCommand, operator: &Operator) -> Result<Done, Stop> {
    match command {
        IdeaCommand::List => {
            let ideas = store::all(operator.world.store().read()).await?;
            let rows = ideas.iter().map(|idea| {
                vec![
                    idea.id.to_string(),
                    idea.unit_slug.to_string(),
                    idea.title.clone(),
                    idea.state.word().to_owned(),
                    idea.n_copies.to_string(),
                ]
            });
            print_table(operator.output, &["id", "unit", "idea", "state", "copies"], rows.collect());
        }
    }
    Ok(Done)
}
