//! `traction usage retention …`

use clap::Subcommand;
use traction_domain::measure::usage::retention::UsageRetention;
use traction_domain::org::who::Who;

use super::{store, verbs};
use crate::commands::{Operator, Stop, number, print_table};

/// How long the events of each source are kept one by one.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// List what was said of each source, and what was dropped so far.
    #[command(after_help = "Example: traction usage retention list")]
    List,
    /// Set it for a source; what is older stays by person and day, and nothing that was told changes.
    ///
    /// An event that has no time of its own and is sent again after it was dropped counts a second time: nothing tells it
    /// from a new one. Have the system send its times.
    #[command(
        after_help = "Example: traction usage retention set \"ward computers\" --days 400\nExample: traction usage retention set \"ward computers\" --forever"
    )]
    Set {
        /// The source: the name of the token it sends with.
        source: String,
        /// So many days, at least 220.
        #[arg(long, required_unless_present = "forever", conflicts_with = "forever", value_parser = number::whole::<u32, 1, 100_000>, allow_negative_numbers = true)]
        days: Option<u32>,
        /// For ever, as where nothing was said.
        #[arg(long)]
        forever: bool,
    },
}

/// Runs it.
pub async fn run(command: RetentionCommand, operator: &Operator) -> Result<(), Stop> {
    let world = &operator.world;
    if let RetentionCommand::Set { source, days, .. } = &command {
        let retention = match days {
            None => UsageRetention::Forever,
            Some(n_days) => {
                UsageRetention::days(*n_days).map_err(|refused| Stop::Input(refused.to_string()))?
            }
        };
        verbs::set(world, &Who::operator(), source, retention).await?;
    }
    let sql = world.store().read();
    let (dropped, said) = (store::dropped(sql).await?, store::said(sql).await?);
    let rows = store::all(sql).await?.into_iter().map(|(source, retention)| {
        let of = dropped.get(&source);
        let n = |count: fn(&store::Dropped) -> u64| of.map_or(0, |(_, dropped)| count(dropped)).to_string();
        vec![
            source.clone(),
            retention.to_string(),
            of.map_or_else(|| "never".into(), |(before, _)| before.to_string()),
            n(|dropped| dropped.n_events),
            n(|dropped| dropped.n_showings),
            n(|dropped| dropped.n_letters),
            said.get(&source).map_or_else(String::new, |(at, _)| at.to_string()),
            said.get(&source).map_or_else(String::new, |(_, by)| by.clone()),
        ]
    });
    let columns =
        ["source", "kept", "dropped_before", "events", "showings", "dead_letters", "set_at", "set_by"];
    print_table(operator.output, &columns, rows.collect());
    Ok(())
}
