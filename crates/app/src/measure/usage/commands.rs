//! `traction usage …`

use clap::Subcommand;

use crate::commands::{Done, Operator, Output, Stop, print_table};
use crate::measure::usage::store;
use crate::web::counted;

/// How much of a dead letter a table shows; `--json` has all of it.
const N_CHARACTERS_SHOWN: usize = 120;

/// Usage that came in.
#[derive(Debug, Subcommand)]
pub enum UsageCommand {
    /// Count events, and what could not be counted.
    #[command(after_help = "Example: traction usage count --source \"ward computers\" --json")]
    Count {
        /// Of one source only: the name of the token it sends with.
        #[arg(long)]
        source: Option<String>,
    },
    /// Show what could not be counted, newest first, and why.
    #[command(after_help = "Example: traction usage dead-letters --limit 20")]
    DeadLetters {
        /// Of one source only.
        #[arg(long)]
        source: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
}

/// Runs it.
pub async fn run(command: UsageCommand, operator: &Operator) -> Result<Done, Stop> {
    let sql = operator.world.store().read();
    match command {
        UsageCommand::Count { source } => {
            let (n_events, n_dead) = store::counts(sql, source.as_deref()).await?;
            match operator.output {
                Output::Json => {
                    println!("{}", serde_json::json!({ "events": n_events, "dead_letters": n_dead }));
                }
                Output::Table => println!(
                    "{}, {}",
                    counted(n_events, "event", "events"),
                    counted(n_dead, "dead letter", "dead letters")
                ),
            }
        }
        UsageCommand::DeadLetters { source, limit } => {
            let letters = store::dead_letters(sql, source.as_deref(), limit).await?;
            let rows = letters.into_iter().map(|letter| {
                let body = match operator.output {
                    Output::Json => letter.body,
                    Output::Table => beginning(&letter.body),
                };
                vec![letter.received_at.to_string(), letter.source, letter.why, body]
            });
            print_table(operator.output, &["received_at", "source", "why", "body"], rows.collect());
        }
    }
    Ok(Done)
}

/// As much of a body as has its place in a terminal.
fn beginning(body: &str) -> String {
    let mut shown: String = body.chars().take(N_CHARACTERS_SHOWN).collect();
    if shown.len() < body.len() {
        shown.push('…');
    }
    shown
}
