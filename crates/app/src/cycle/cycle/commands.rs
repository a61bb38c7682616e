//! `traction cycle …`

use clap::Subcommand;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::cycle::cycle::pages::state;
use crate::cycle::cycle::store;
use crate::org::unit;

/// Cycles: short, small tests.
#[derive(Debug, Subcommand)]
pub enum CycleCommand {
    /// List cycles, running ones first.
    #[command(after_help = "Example: traction cycle list --unit ward-7 --json")]
    List {
        /// Those of one unit: its short name.
        #[arg(long)]
        unit: Option<String>,
    },
}

/// Runs it.
pub async fn run(command: CycleCommand, operator: &Operator) -> Result<Done, Stop> {
    match command {
        CycleCommand::List { unit } => {
            let sql = operator.world.store().read();
            let unit = match unit {
                Some(slug) => Some(unit::verbs::find(sql, &slug).await?.id),
                None => None,
            };
            let cycles = store::all(sql, unit).await?;
            let rows = cycles.iter().map(|cycle| {
                vec![
                    cycle.id.to_string(),
                    cycle.unit_slug.to_string(),
                    cycle.aim.clone(),
                    state(cycle).to_owned(),
                    cycle.started_at.to_string(),
                ]
            });
            print_table(operator.output, &["id", "unit", "aim", "state", "started_at"], rows.collect());
        }
    }
    Ok(Done)
}
