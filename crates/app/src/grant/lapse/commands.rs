//! `traction lapse …`

use clap::Subcommand;
use traction_domain::grant::slot::LapseRule;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, number, print_table};
use crate::grant::lapse::store::Set;
use crate::grant::lapse::{store, verbs};
use crate::offer::change;
use crate::store::Sql;

/// When slots that nobody uses lapse.
#[derive(Debug, Subcommand)]
pub enum LapseCommand {
    /// Show what was said of a change, the first first; the last counts for waves that open from then on.
    #[command(after_help = "Example: traction lapse show bedside-tests")]
    Show {
        /// The change.
        change: String,
    },
    /// Say it anew, for the waves of a change that open from now on.
    #[command(
        after_help = "Example: traction lapse set bedside-tests --days 28\nExample: traction lapse set bedside-tests --never"
    )]
    Set {
        /// The change.
        change: String,
        /// After how many days without use a slot lapses, 7 to 365.
        #[arg(long, required_unless_present = "never", conflicts_with = "never", value_parser = number::whole::<u32, 0, 10_000>, allow_negative_numbers = true)]
        days: Option<u32>,
        /// No slot lapses by itself.
        #[arg(long)]
        never: bool,
    },
}

/// Runs it.
pub async fn run(command: LapseCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    let sql = world.store().read();
    let slug = match command {
        LapseCommand::Show { change } => change,
        LapseCommand::Set { change: slug, days, never: _ } => {
            let change = change::verbs::find(sql, &slug).await?;
            let rule = days.map(LapseRule::after_days).transpose()?;
            verbs::set(world, &Who::operator(), &change, rule).await?;
            slug
        }
    };
    print_table(operator.output, &["days", "set_at"], rows(sql, &slug).await?);
    Ok(Done)
}

async fn rows(sql: &Sql, slug: &str) -> Result<Vec<Vec<String>>, Stop> {
    let change = change::verbs::find(sql, slug).await?;
    let days = |set: &Set| set.rule.map_or("never".to_owned(), |rule| rule.days().to_string());
    let rules = store::of_change(sql, change.id).await?;
    Ok(rules.iter().map(|set| vec![days(set), set.set_at.to_string()]).collect())
}
