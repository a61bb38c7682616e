//! `traction uptake …`

use clap::Subcommand;
use traction_domain::measure::uptake::DEFINITIONS;

use super::read::{self, Weeks};
use super::{json, show, verbs};
use crate::commands::{Done, Operator, Output, Stop, print_table};
use crate::offer::change;

/// Who uses a change's solution, as everybody may see it.
#[derive(Debug, Subcommand)]
pub enum UptakeCommand {
    /// Show the uptake of a change, each number with its definition.
    #[command(after_help = "Example: traction uptake show bedside-tests --json")]
    Show {
        /// The change.
        change: String,
    },
    /// Print what each number counts.
    #[command(after_help = "Example: traction uptake definitions")]
    Definitions,
    /// Count every week that is over, as a running server does by itself.
    #[command(after_help = "Example: traction uptake count")]
    Count,
}

/// Runs it.
pub async fn run(command: UptakeCommand, operator: &Operator) -> Result<Done, Stop> {
    let sql = operator.world.store().read();
    match command {
        UptakeCommand::Show { change } => {
            let change = change::verbs::find(sql, &change).await?;
            let uptake = read::of_change(sql, &change, operator.world.now(), Weeks::Last(26)).await?;
            match operator.output {
                Output::Json => println!("{}", json::of(&change, &uptake)),
                Output::Table => {
                    let rows = show::numbers(&uptake).into_iter().map(|(definition, value)| {
                        vec![definition.name.to_owned(), value, definition.says.to_owned()]
                    });
                    print_table(Output::Table, &["number", "value", "what it counts"], rows.collect());
                }
            }
        }
        UptakeCommand::Definitions => {
            let rows = DEFINITIONS.map(|definition| {
                [definition.word, definition.name, definition.says].map(str::to_owned).to_vec()
            });
            print_table(operator.output, &["word", "name", "says"], rows.to_vec());
        }
        UptakeCommand::Count => verbs::close_weeks(&operator.world).await?,
    }
    Ok(Done)
}
