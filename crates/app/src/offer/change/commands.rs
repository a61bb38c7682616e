//! `traction change …`

use clap::Subcommand;
use traction_domain::offer::change::{ChangeState, ChangeWords};
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, number, print_table};
use crate::offer::change::store;
use crate::offer::change::verbs::{self, ChangeWish, GoalWish, MetricWish};
use crate::offer::metric;

/// Changes.
#[derive(Debug, Subcommand)]
pub enum ChangeCommand {
    /// List changes.
    #[command(after_help = "Example: traction change list --json")]
    List,
    /// Open a change.
    #[command(
        after_help = "Example: traction change add \"Bedside tests\" --promise \"Results in ten minutes\" --metric waiting-time --goal \"Results within the hour\" --target 60 --worth 10"
    )]
    Add {
        /// Its name.
        name: String,
        /// What it promises.
        #[arg(long)]
        promise: String,
        /// The metric it is judged by.
        #[arg(long)]
        metric: String,
        /// The goal it serves, in one line.
        #[arg(long)]
        goal: String,
        /// Where the metric should be.
        #[arg(long, value_parser = number::real, allow_negative_numbers = true)]
        target: f64,
        /// The smallest effect worth it.
        #[arg(long, default_value_t = 0.0, value_parser = number::at_least_nothing, allow_negative_numbers = true)]
        worth: f64,
        /// The key the real system asks for; default is the short name.
        #[arg(long, default_value = "")]
        flag_key: String,
    },
    /// Lock the prediction of a change.
    #[command(after_help = "Example: traction change predict bedside-tests \"An hour less\" --effect -60")]
    Predict {
        /// The change.
        change: String,
        /// What is expected, in words.
        words: String,
        /// By how much, with its sign.
        #[arg(long, value_parser = number::real, allow_negative_numbers = true)]
        effect: f64,
    },
}

/// Runs it.
pub async fn run(command: ChangeCommand, operator: &Operator) -> Result<Done, Stop> {
    let (world, who) = (&operator.world, Who::operator());
    let sql = world.store().read();
    match command {
        ChangeCommand::List => {
            let rows = store::all(sql).await?.into_iter().map(|change| {
                let state = if change.state == ChangeState::Running { "running" } else { "paused" };
                vec![change.slug.to_string(), change.name, change.flag_key, state.to_owned()]
            });
            print_table(operator.output, &["change", "name", "flag_key", "state"], rows.collect());
        }
        ChangeCommand::Add { name, promise, metric, goal: title, target, worth, flag_key } => {
            let metric = metric::verbs::find(sql, &metric).await?;
            let words = ChangeWords { name: &name, promise: &promise, flag_key: &flag_key };
            let goal = GoalWish::New { title: &title, target, metric: MetricWish::Known(metric.id) };
            let slug =
                verbs::open(world, &who, ChangeWish { words, unit: None, worth, goal }).await?.to_string();
            print_table(operator.output, &["change"], vec![vec![slug]]);
        }
        ChangeCommand::Predict { change, words, effect } => {
            let change = verbs::find(sql, &change).await?;
            let hash = verbs::lock_prediction(world, &who, &change, &words, effect).await?;
            print_table(operator.output, &["hash"], vec![vec![hash]]);
        }
    }
    Ok(Done)
}
