//! `traction slot …`

use clap::Subcommand;
use traction_domain::grant::slot::Step;
use traction_domain::id::SlotId;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::grant::slot::{store, verbs};
use crate::offer::change;

/// Slots.
#[derive(Debug, Subcommand)]
pub enum SlotCommand {
    /// List slots.
    #[command(after_help = "Example: traction slot list --change bedside-tests --json")]
    List {
        /// Of this change only.
        #[arg(long)]
        change: Option<String>,
    },
    /// Pause a slot, resume it, give it back, take it back, or end it.
    #[command(
        after_help = "Example: traction slot step 0198c0de-0000-7000-8000-000000000000 paused --why \"the ward moves\""
    )]
    Step {
        /// Its id, as `traction slot list` prints it.
        slot: SlotId,
        /// paused, resumed, given-back, lapsed or ended.
        step: Step,
        /// The reason; needed where the slot is taken from its unit, and published.
        #[arg(long, default_value = "")]
        why: String,
    },
}

/// Runs it.
pub async fn run(command: SlotCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    let sql = world.store().read();
    match command {
        SlotCommand::List { change } => {
            let slots = match change {
                Some(change) => store::of_change(sql, change::verbs::find(sql, &change).await?.id).await?,
                None => store::all(sql).await?,
            };
            let now = world.now();
            let rows = slots.iter().map(|slot| {
                vec![
                    slot.id.to_string(),
                    slot.change_slug.to_string(),
                    slot.unit_slug.to_string(),
                    slot.state(now).word().to_owned(),
                    slot.not_before.to_string(),
                    slot.asked.word().to_owned(),
                ]
            });
            let columns = ["slot", "change", "unit", "state", "not_before", "asked"];
            print_table(operator.output, &columns, rows.collect());
        }
        SlotCommand::Step { slot, step, why } => {
            verbs::step(world, &Who::operator(), slot, step, &why).await?;
            print_table(operator.output, &["slot"], vec![vec![slot.to_string()]]);
        }
    }
    Ok(Done)
}
