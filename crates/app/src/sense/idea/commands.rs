//! `traction idea …`

use clap::Subcommand;
use traction_domain::id::{FrictionId, IdeaId};
use traction_domain::org::who::Who;
use traction_domain::sense::idea::{self as rules, IdeaState};

use crate::commands::{Done, Operator, Stop, print_table};
use crate::org::unit;
use crate::sense::idea::{store, verbs};

/// Improvement ideas.
#[derive(Debug, Subcommand)]
pub enum IdeaCommand {
    /// List ideas, newest first.
    #[command(after_help = "Example: traction idea list --json")]
    List,
    /// Hand one in for a unit.
    #[command(
        after_help = "Example: traction idea add ward-7 \"Ring the lab at 8\" \"Results before the round\""
    )]
    Add {
        /// The short name of the unit.
        unit: String,
        /// What somebody would try, in one line.
        title: String,
        /// What would get better.
        hope: String,
        /// The id of the friction it would remove.
        #[arg(long)]
        friction: Option<FrictionId>,
    },
    /// Move one on.
    #[command(
        after_help = "Example: traction idea move 0198c0de-0000-7000-8000-000000000000 dropped --words \"The shaft is too narrow\""
    )]
    Move {
        /// Its id.
        idea: IdeaId,
        /// What it becomes: being-tried, adopted, dropped.
        state: IdeaState,
        /// What there is to say; whoever drops one says why.
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Copy one that works elsewhere for a unit.
    #[command(after_help = "Example: traction idea copy 0198c0de-0000-7000-8000-000000000000 ward-8")]
    Copy {
        /// Its id.
        idea: IdeaId,
        /// The short name of the unit.
        unit: String,
    },
}

/// Runs it.
pub async fn run(command: IdeaCommand, operator: &Operator) -> Result<Done, Stop> {
    let (world, who) = (&operator.world, Who::operator());
    let told = |id: IdeaId| print_table(operator.output, &["idea"], vec![vec![id.to_string()]]);
    match command {
        IdeaCommand::List => {
            let ideas = store::all(world.store().read()).await?;
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
        IdeaCommand::Add { unit, title, hope, friction } => {
            let unit = unit::verbs::find(world.store().read(), &unit).await?;
            told(verbs::submit(world, &who, unit.id, friction, rules::propose(&title, &hope)?).await?);
        }
        IdeaCommand::Move { idea, state, words } => {
            verbs::move_on(world, &who, idea, state, &words).await?;
        }
        IdeaCommand::Copy { idea, unit } => {
            let unit = unit::verbs::find(world.store().read(), &unit).await?;
            told(verbs::copy(world, &who, idea, unit.id, "").await?);
        }
    }
    Ok(Done)
}
